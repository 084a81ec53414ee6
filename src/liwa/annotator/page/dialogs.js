// @ts-check
/** Dialogs: help and settings. One at a time, closed by Escape. Fetched when one is first asked for. */

import { addStyle, make } from "./elements.js";
import { shown } from "./keys.js";
import { keyOf } from "./popup.js";
import * as settings from "./settings.js";

/** @typedef {import("./app.js").App} App */

await addStyle("/page/dialogs.css");

/**
 * Open a dialog. It is removed when it is closed, and the text has the keys again.
 * @param {App} app
 * @param {string} title
 * @param {string} className
 * @param {(Node|string)[]} children
 * @returns {HTMLDialogElement}
 */
export function open(app, title, className, ...children) {
  document.querySelector("dialog")?.remove();
  const close = make("button", { className: "quiet close", ariaLabel: app.t("close"), onclick: () => dialog.close() }, "✕");
  const head = make("header", {}, make("h2", { id: "dialog-title" }, title), close);
  const dialog = make("dialog", { className, "aria-labelledby": "dialog-title" }, head, ...children);
  dialog.addEventListener("close", () => {
    dialog.remove();
    app.host.focus({ preventScroll: true });
  });
  dialog.addEventListener("click", (/** @type {Event} */ event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Show the keys. @param {App} app */
export function help(app) {
  const groups = ["group_move", "group_label", "group_relate", "group_answer", "group_page"];
  const tables = groups.map((group) => keyTable(app, group));
  const intro = ["help_intro", "help_mouse"].map((key) => make("p", {}, app.t(key)));
  const keys = make("div", { className: "tables", tabIndex: 0 }, ...tables);
  open(app, app.t("help"), "help", ...intro, keys);
  keys.focus(); // so that keys scroll it
}

/** @param {App} app @param {string} group */
function keyTable(app, group) {
  const schemes = { group_label: app.scheme.labels, group_relate: app.scheme.relations };
  const ofScheme = (/** @type {any} */ (schemes)[group] ?? []).map((/** @type {import("./scheme.js").Label} */ l) => [
    app.title(l.name),
    [l.code],
  ]);
  const commands = app.keys.commands.filter((c) => c.group === group).map((c) => [app.t(c.label ?? c.id), c.codes]);
  const rows = [...ofScheme, ...commands].map(([name, codes]) =>
    make("tr", {}, make("th", { scope: "row" }, name), make("td", { dir: "ltr" }, ...codes.map((/** @type {string} */ c) => keyOf(shown(c))))),
  );
  return make("table", {}, make("caption", {}, app.t(group)), make("tbody", {}, ...rows));
}

/**
 * Show the settings.
 * @param {App} app
 * @param {() => Promise<void>} changed
 */
export function chooseSettings(app, changed) {
  const chosen = app.settings;
  const set = async (/** @type {Partial<settings.Settings>} */ some) => {
    const buttons = () => [...document.querySelectorAll("dialog button")];
    const at = buttons().indexOf(/** @type {Element} */ (document.activeElement));
    Object.assign(chosen, some);
    await changed();
    chooseSettings(app, changed);
    /** @type {HTMLElement} */ (buttons()[Math.max(0, at)]).focus();
  };
  const choice = (/** @type {string} */ name, /** @type {[string, any, any][]} */ options) =>
    make("fieldset", {}, make("legend", {}, app.t(name)), ...options.map(([title, on, some]) =>
      make("button", { ariaPressed: String(on), onclick: () => set(some) }, title)));
  const size = settings.SIZES.indexOf(chosen.size);
  const sized = (/** @type {number} */ by) => ({ size: settings.SIZES[size + by] ?? chosen.size });
  open(
    app,
    app.t("settings"),
    "settings",
    choice("language", [
      ["العربية", chosen.language === "ar", { language: "ar" }],
      ["English", chosen.language === "en", { language: "en" }],
    ]),
    choice("theme", [
      [app.t("theme_auto"), chosen.theme === "auto", { theme: "auto" }],
      [app.t("theme_light"), chosen.theme === "light", { theme: "light" }],
      [app.t("theme_dark"), chosen.theme === "dark", { theme: "dark" }],
    ]),
    choice("snap", [
      [app.t("yes"), chosen.snap, { snap: true }],
      [app.t("no"), !chosen.snap, { snap: false }],
    ]),
    choice("size", [
      [app.t("smaller"), false, sized(-1)],
      [app.t("larger"), false, sized(1)],
    ]),
  );
}
