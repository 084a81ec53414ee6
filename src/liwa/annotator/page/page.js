// @ts-check
/** Commands of the page: answers, going back, the list, dialogs, settings. */

import { shown } from "./keys.js";
import { byId, toggleFlag } from "./panel.js";

/** @typedef {import("./app.js").App} App */

/**
 * Register the commands of the page, and let its buttons run them.
 * @param {App} app
 * @param {import("./work.js").Work} work
 * @param {{search: () => void, apply: () => Promise<void>}} actions
 */
export function mountPage(app, work, { search, apply }) {
  // A focused button has its own use for Enter.
  const unfocused = () => !document.activeElement?.matches("button, a");
  const add = (/** @type {string} */ id, /** @type {string|string[]} */ code, /** @type {() => void} */ run, group = "group_page", when = () => true) =>
    app.keys.register({ id, code, run, label: id, group, when });
  const away = () => work.onnotice("away");
  for (const [answer, code] of /** @type {const} */ ([["accept", "Enter"], ["reject", "KeyX"], ["ignore", "KeyI"]])) {
    add(answer, code, () => void work.give(answer).catch(away), "group_answer", answer === "accept" ? unfocused : undefined);
  }
  add("back", "KeyB", () => void work.back().catch(away), "group_answer");
  add("next", "Shift+KeyB", () => void work.forward().catch(away), "group_answer");
  add("flag", "KeyF", () => toggleFlag(app) && byId("comment").focus(), "group_answer");
  const later = (/** @type {Promise<void>} */ shown) => void shown.catch(away);
  add("jump", "KeyJ", () => later(import("./jump.js").then(({ jumpList }) => jumpList(app, work))));
  add("search", ["Slash", "Mod+KeyF"], search);
  add("guidelines", "KeyG", () => later(import("./guidelines.js").then(({ guidelines }) => guidelines(app, work.api))));
  add("help", ["Shift+Slash", "KeyH"], () => later(dialogs().then(({ help }) => help(app))));
  add("settings", "Comma", () => later(dialogs().then(({ chooseSettings }) => chooseSettings(app, apply))));
  const set = (/** @type {Partial<import("./settings.js").Settings>} */ some) => {
    Object.assign(app.settings, some);
    void apply();
  };
  add("snap", "KeyT", () => {
    set({ snap: !app.settings.snap });
    app.announce(app.t(app.settings.snap ? "snap_on" : "snap_off"));
  });
  add("language", "KeyL", () => set({ language: app.settings.language === "ar" ? "en" : "ar" }));
  add("theme", "KeyD", () => set({ theme: isDark(app) ? "light" : "dark" }));
  document.addEventListener("keydown", (event) => {
    const typing = document.activeElement?.matches("input, textarea, select");
    if (!typing && !event.defaultPrevented && !document.querySelector("dialog[open]")) app.keys.handle(event);
  });
  document.addEventListener("click", (event) => click(app, /** @type {HTMLElement} */ (event.target)));
  app.on("settings", () => names(app));
  names(app);
}

/** Fetch the dialogs. */
const dialogs = () => import("./dialogs.js");

/** @param {App} app @param {HTMLElement} target */
function click(app, target) {
  const id = target.closest?.("button")?.dataset.command;
  if (id) app.keys.get(id)?.run();
  // The text keeps the keys, unless the command has opened something that wants them.
  if (id && document.activeElement?.matches("[data-command]")) app.host.focus({ preventScroll: true });
}

/** Say in each button's tip what it does and by which key. @param {App} app */
function names(app) {
  for (const button of document.querySelectorAll("[data-command]:not(#progress)")) {
    const command = app.keys.get(/** @type {HTMLElement} */ (button).dataset.command ?? "");
    if (command) button.setAttribute("title", `${app.t(command.label ?? "")} (${shown(command.codes[0])})`);
  }
}

/** @param {App} app */
function isDark({ settings }) {
  return settings.theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : settings.theme === "dark";
}
