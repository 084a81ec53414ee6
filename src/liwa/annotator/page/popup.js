// @ts-check
/** Labels at the foot of the page and, for who works by pointer, beside what was selected. */

import { labelSelection } from "./commands.js";
import { element } from "./elements.js";
import { shown } from "./keys.js";
import { byId } from "./panel.js";

/** @typedef {import("./app.js").App} App */

/**
 * Show the labels; return what to call when something was selected by pointer.
 * @param {App} app
 */
export function mountLabels(app) {
  const popup = byId("popup");
  const write = () => byId("labels").replaceChildren(...app.scheme.labels.map((l) => labelButton(app, l, () => arm(app, l.name))));
  app.on("settings", write);
  app.on("armed", write);
  for (const event of /** @type {const} */ (["task", "doc", "moved", "press"])) app.on(event, () => (popup.hidden = true));
  app.on("select", () => (popup.hidden = true));
  app.on("layout", () => place(app, popup));
  write();
  return () => {
    if (app.armed && app.selection.range) labelSelection(app, app.armed);
    else show(app, popup);
  };
}

/**
 * Label the selection, or without one every selection from now on, until the label is picked again.
 * @param {App} app
 * @param {string} label
 */
function arm(app, label) {
  if (app.selection.span || app.selection.range) labelSelection(app, label);
  else {
    app.armed = app.armed === label ? null : label;
    app.announce(app.armed ? app.t("armed", { label: app.title(label) }) : app.t("disarmed"));
    app.emit("armed");
  }
}

/** @param {App} app @param {HTMLElement} popup */
function show(app, popup) {
  const labels = app.scheme.labels.map((l) => labelButton(app, l, () => labelSelection(app, l.name)));
  const commands = app.popupCommands.flatMap((id) => app.keys.get(id) ?? []).filter((c) => c.when?.() ?? true);
  const actions = commands.map((c) => actionButton(app, c));
  popup.replaceChildren(...labels, ...actions);
  popup.hidden = false;
  place(app, popup);
}

/**
 * Put the popup below what is selected, inside the window.
 * @param {App} app
 * @param {HTMLElement} popup
 */
function place(app, popup) {
  const what = app.selection.span ?? app.selection.range;
  const box = what && app.text.boxesOf(what).at(-1);
  if (popup.hidden || !box) return;
  const origin = app.host.getBoundingClientRect();
  const width = popup.offsetWidth;
  const left = origin.left + box.x + box.width / 2 - width / 2;
  const inside = Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8));
  popup.style.left = `${inside + scrollX}px`;
  popup.style.top = `${origin.top + box.y + box.height + 20 + scrollY}px`;
  popup.style.setProperty("--dock", `${byId("dock").offsetHeight}px`);
}

/** @param {App} app @param {import("./scheme.js").Label} label @param {() => void} run */
function labelButton(app, label, run) {
  const button = element("button", `label l${label.index}`);
  const title = app.title(label.name);
  button.append(title, keyOf(shown(label.code)));
  button.setAttribute("aria-label", app.t("label_as", { label: title }));
  button.setAttribute("aria-pressed", String(app.armed === label.name));
  button.title = label.help;
  button.addEventListener("click", () => {
    run();
    app.host.focus({ preventScroll: true });
  });
  return button;
}

/** @param {App} app @param {import("./keys.js").Command & {codes: string[]}} command */
function actionButton(app, command) {
  const button = element("button", "action");
  button.append(app.t(command.label ?? command.id), keyOf(shown(command.codes[0] ?? "")));
  button.dataset.action = command.id;
  button.addEventListener("click", () => {
    command.run();
    app.host.focus({ preventScroll: true });
  });
  return button;
}

/** @param {string} key */
export function keyOf(key) {
  const node = document.createElement("kbd");
  node.textContent = key;
  node.setAttribute("aria-hidden", "true");
  return node;
}
