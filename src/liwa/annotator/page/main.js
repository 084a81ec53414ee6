// @ts-check
/** The page starts here. */

import { App } from "./app.js";
import { mountArticle } from "./article.js";
import * as colours from "./colours.js";
import { mountCommands } from "./commands.js";
import { make } from "./elements.js";
import { mountFrame } from "./frame.js";
import { load, translate, translator } from "./i18n.js";
import { Keys } from "./keys.js";
import { NoToken } from "./network.js";
import { mountPage } from "./page.js";
import { mountPanel } from "./panel.js";
import { mountPointer } from "./pointer.js";
import { mountLabels } from "./popup.js";
import { Queue } from "./queue.js";
import { mount as mountRelations } from "./relations/mount.js";
import { Scheme } from "./scheme.js";
import { mountSearch } from "./search.js";
import { mountTeam } from "./team.js";
import * as settings from "./settings.js";
import { api, chosen, first, room, strings, view } from "./start.js";
import { Work } from "./work.js";

/**
 * @typedef {object} Desk what is worked on
 * @property {import("./network.js").Api} api
 * @property {any} task the first
 * @property {(app: App, work: Work) => void} [mount] adds what this view has of its own
 */

const t = translator(() => chosen.language);
void start();

/** Build the page around the first task. */
async function start() {
  try {
    await strings;
    translate(document, t);
    const [session, task, tabs, database] = await first;
    if (!view && goesElsewhere(session)) return;
    /** @type {Desk} */
    const desk = room ? await (await import("./review/mount.js")).desk(api, session) : { api, task };
    database.owner = `${session.store ?? ""} ${session.annotator}${room}`;
    await build(session, desk, tabs, database);
  } catch (error) {
    console.error(error);
    await trouble(error instanceof NoToken);
  }
}

/**
 * Go to the view that is a lead's first; say whether there is one.
 * @param {any} session
 */
function goesElsewhere({ view: wanted, role, team }) {
  const page = wanted === "review" ? "/?view=review" : team && role === "lead" ? "/page/lead/index.html" : "";
  if (page) location.replace(`${page}#token=${api.token}`);
  return Boolean(page);
}

/**
 * @param {any} session
 * @param {Desk} desk
 * @param {import("./tabs.js").Tabs} tabs
 * @param {import("./database.js").Database} database
 */
async function build(session, desk, tabs, database) {
  const scheme = new Scheme(session.scheme);
  const app = new App({ session, scheme, keys: new Keys(scheme.codes), settings: chosen, t });
  const queue = new Queue(desk.api, database);
  const work = new Work(app, desk.api, queue, tabs);
  const apply = async () => {
    settings.save(chosen);
    // Without its strings, the language stays what it was.
    await load(chosen.language).catch(() => (chosen.language = chosen.language === "ar" ? "en" : "ar"));
    settings.apply(chosen);
    colours.style(scheme, settings.isDark(chosen));
    translate(document, t);
    app.emit("settings");
    if (app.task) app.text.relayout();
  };
  mountCommands(app);
  mountPanel(app);
  mountPointer(app, mountLabels(app));
  mountArticle(app, work);
  mountFrame(app, work);
  mountPage(app, work, { search: mountSearch(app), apply });
  mountRelations(app);
  if (!room) mountTeam(app, work);
  desk.mount?.(app, work);
  if (session.role === "lead" && session.team) void showViews(app);
  colours.style(scheme, settings.isDark(chosen));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void apply());
  queue.onblocked = (item) => void blocked(app, work, item);
  shareToken(tabs, queue, database.owner);
  watch(app);
  await work.go(desk.task);
  document.body.classList.remove("loading");
  app.host.focus({ preventScroll: true });
  performance.mark("liwa-usable");
  Object.assign(globalThis, { liwa: { app, work, apply } });
  await queue.start();
  // So that they are here when the server is not.
  setTimeout(() => void import("./dialogs.js").catch(() => {}), 1000);
}

/** A lead finds the way to the other views in the bar. @param {App} app */
async function showViews(app) {
  const { mountViews } = await import("./lead/nav.js");
  mountViews(app, room ? "view_review" : "view_annotate");
}

/** Lay out anew when the width or the fonts change. @param {App} app */
function watch(app) {
  let width = 0;
  new ResizeObserver(() => {
    // Its height changes by our own doing.
    if (app.host.clientWidth !== width && app.task) app.text.relayout();
    width = app.host.clientWidth;
  }).observe(app.host);
  document.fonts?.addEventListener("loadingdone", () => app.task && app.text.relayout());
}

/**
 * A conflict is shown where its line of work was, or where somebody can still settle it.
 * @param {App} app
 * @param {Work} work
 * @param {import("./database.js").Item} item
 */
async function blocked(app, work, item) {
  if (item.state === "conflict" && !(await work.tabs.isOpenElsewhere(item.line))) {
    // Away as well: it is asked once the server is back.
    const later = () => void setTimeout(() => void blocked(app, work, item), 2000);
    await import("./conflicts.js").then(({ ask }) => ask(app, work, item)).catch(later);
  } else work.tabs.tell({ type: "blocked", line: item.line, item });
}

/**
 * A page that was opened with the new token of a server lets the owner's others go on.
 * @param {import("./tabs.js").Tabs} tabs
 * @param {Queue} queue
 * @param {string} owner
 */
function shareToken(tabs, queue, owner) {
  tabs.tell({ type: "token", token: api.token, owner });
  tabs.hear(({ type, token, item, owner: theirs }) => {
    if (type === "token" && theirs === owner && queue.reached === "stopped" && token !== api.token) {
      api.use(token);
      void queue.send();
    }
    if (type === "blocked" && item.line === tabs.id) queue.onblocked(item);
  });
}

/** Say what is wrong where there is no page yet. @param {boolean} noToken */
async function trouble(noToken) {
  const { open } = await import("./dialogs.js");
  document.body.classList.remove("loading");
  document.body.classList.add("troubled");
  const host = /** @type {any} */ ({ t, host: document.body });
  if (!noToken) {
    open(host, t("away_title"), "trouble", make("button", { className: "main", onclick: () => location.reload() }, t("retry")));
    return;
  }
  const { tokenIn } = await import("./network.js");
  const field = make("input", { type: "password", dir: "ltr", ariaLabel: t("address"), autocomplete: "off" });
  const go = () => {
    if (!tokenIn(field.value)) return field.focus();
    api.use(tokenIn(field.value));
    return location.reload();
  };
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.code === "Enter" && go());
  open(host, t("no_token_title"), "trouble", make("p", {}, t("no_token_text")),
    make("div", { className: "row" }, field, make("button", { className: "main", onclick: go }, t("open"))));
}
