// @ts-check
/** What the page needs first is asked for at once, while its other modules are still on their way. */

import { Database } from "./database.js";
import * as i18n from "./i18n.js";
import { Api } from "./network.js";
import * as settings from "./settings.js";
import { Tabs } from "./tabs.js";

/** The view that the address asks for, "annotate" or "review"; null where it asks for none. */
export const view = new URLSearchParams(location.search).get("view");

/** What the names of this view's stores end with: its tasks are no others'. */
export const room = view === "review" ? "-review" : "";

const PLACE = `liwa-task${room}`;

/** A lead is handed tasks only where the address asks for it. */
export const take = view === "annotate" ? "&take=1" : "";

/** The server that this page came from. */
export const api = new Api();

/** The session, the task of this tab's last page or else the next one, this tab, and what waits to be sent. */
export const first = Promise.all([api.get("session"), room ? null : firstTask(api), Tabs.open(room), Database.open()]);
first.catch(() => {});

/** What the person has chosen here before. */
export const chosen = settings.load();
settings.apply(chosen);

/** The strings of the chosen language. */
export const strings = i18n.load(chosen.language);

/** Remember which task this tab works on. @param {string} id */
export const remember = (id) => sessionStorage.setItem(PLACE, id);

/**
 * Fetch the task of this tab's last page, or else the next one.
 * @param {Pick<Api, "get">} from
 */
export async function firstTask(from) {
  const place = sessionStorage.getItem(PLACE);
  const last = place && (await from.get(`tasks/${place}`).catch(() => null));
  return last || from.get(`tasks/next?after=0${take}`);
}
