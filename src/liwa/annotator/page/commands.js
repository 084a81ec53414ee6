// @ts-check
/** What can be done to the document and the selection, and the keys for it. */

import * as caret from "./caret.js";
import { addSpan, propagate, relabel, removeSpan, resize, spansIn, touch } from "./document.js";
import { find, folded } from "./fold.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("./offsets.js").Range} Range
 */

/**
 * Register the commands of the text.
 * @param {App} app
 */
export function mountCommands(app) {
  // In a list, arrows are the list's own.
  const inText = () => Boolean(app.task) && !document.activeElement?.closest("[role=listbox]");
  const selected = () => Boolean(app.selection.span ?? app.selection.range);
  const add = (/** @type {import("./keys.js").Command} */ command) => app.keys.register({ when: inText, ...command });
  mountMoves(app, add);
  for (const label of app.scheme.labels) {
    const run = () => labelSelection(app, label.name);
    add({ id: `label ${label.name}`, code: label.code, scheme: true, when: selected, run });
  }
  const span = () => Boolean(app.selection.span);
  const suggested = () => app.selection.span?.origin === "pre";
  add({ id: "confirm", code: "KeyC", when: suggested, label: "confirm", group: "group_label", run: () => confirm(app) });
  const remove = () => removeSelected(app);
  add({ id: "remove", code: ["Delete", "Backspace"], when: span, label: "remove", group: "group_label", run: remove });
  const spread = () => propagateSelected(app);
  add({ id: "propagate", code: "KeyP", when: span, label: "propagate", group: "group_label", run: spread });
  const undo = () => app.announce(app.t(app.undo() ? "undone" : "nothing_to_undo"));
  add({ id: "undo", code: "Mod+KeyZ", label: "undo", group: "group_label", run: undo });
  const redo = () => app.announce(app.t(app.redo() ? "redone" : "nothing_to_redo"));
  add({ id: "redo", code: ["Mod+Shift+KeyZ", "Mod+KeyY"], label: "redo", group: "group_label", run: redo });
}

/**
 * Label the selected characters, or give the selected span another label; the same label confirms it.
 * @param {App} app
 * @param {string} label
 */
export function labelSelection(app, label) {
  const { span, range } = app.selection;
  const what = span ?? range;
  if (!what) return;
  const at = { start: what.start, end: what.end };
  app.edit((doc) => (span ? relabel(doc, span, label, app.scheme) : addSpan(doc, { ...at, label })));
  app.select({ span: at });
  app.announce(app.t("labelled", { text: app.surface(at), label: app.title(label) }));
}

/**
 * Remove the selected span; its characters stay selected.
 * @param {App} app
 */
export function removeSelected(app) {
  const { span } = app.selection;
  if (!span) return;
  app.edit((doc) => removeSpan(doc, span));
  app.select({ range: { start: span.start, end: span.end } });
  app.announce(app.t("removed", { text: app.surface(span) }));
}

/**
 * Label every other mention that reads the same and has no label yet.
 * @param {App} app
 */
export function propagateSelected(app) {
  const { span } = app.selection;
  if (!span) return;
  const before = app.doc.spans.length;
  app.edit((doc) => propagate(doc, mentions(app, app.surface(span)), span.label));
  app.emit("propagate");
  const n = app.doc.spans.length - before;
  app.announce(app.t(n ? "propagated" : "propagated_none", { n, label: app.title(span.label) }));
}

/**
 * Return where the text says the same in any spelling, as whole words.
 * @param {App} app
 * @param {string} surface
 */
export function mentions(app, surface) {
  return find(folded(app.offsets.text), surface).filter((range) => app.tokens.aligned(range));
}

/** @param {App} app */
function confirm(app) {
  const { span } = app.selection;
  if (span && app.edit((doc) => touch(doc, span))) {
    app.announce(app.t("labelled", { text: app.surface(span), label: app.title(span.label) }));
  }
}

/**
 * Register the keys that move the selection, or the ends of the selected span.
 * @param {App} app
 * @param {(command: import("./keys.js").Command) => void} add
 */
function mountMoves(app, add) {
  const group = "group_move";
  const sides = ["ArrowLeft", "ArrowRight"];
  const arrows = (/** @type {string} */ prefix) => sides.map((side) => prefix + side);
  const forward = (/** @type {KeyboardEvent|undefined} */ event) => event?.code === (isRightToLeft(app) ? sides[0] : sides[1]);
  const unit = () => (app.settings.snap ? "token" : "letter");
  const on = (/** @type {string} */ id, /** @type {string|string[]} */ code, /** @type {import("./keys.js").Command["run"]} */ run) =>
    add({ id, code, run, label: id, group });
  on("move", arrows(""), (event) => go(app, caret.step(app.tokens, current(app), forward(event), unit())));
  on("extend", arrows("Shift+"), (event) => reshape(app, (r) => caret.extend(app.tokens, r, forward(event), unit())));
  on("start_letter", arrows("Alt+"), (event) => reshape(app, (r) => caret.nudge(app.tokens, r, "start", forward(event))));
  on("end_letter", arrows("Alt+Shift+"), (event) => reshape(app, (r) => caret.nudge(app.tokens, r, "end", forward(event))));
  on("line", ["ArrowUp", "ArrowDown"], (event) => vertical(app, event?.code === "ArrowDown"));
  on("line_end", ["Home", "End"], (event) => lineEnd(app, event?.code === "End"));
  on("next_span", "Tab", () => toSpan(app, true));
  on("previous_span", "Shift+Tab", () => toSpan(app, false));
  on("deselect", "Escape", () => deselect(app));
}

/**
 * Move the selection to a range; a span under it is selected as a whole.
 * @param {App} app
 * @param {Range|undefined} range
 */
function go(app, range) {
  if (!range) return;
  const span = app.settings.snap ? spansIn(app.doc, range)[0] : undefined;
  app.select({ span, range: span ? null : range });
  app.emit("moved");
  tell(app);
}

/**
 * Change the ends of the selected span or of the selection, within its paragraph.
 * @param {App} app
 * @param {(range: import("./caret.js").Selected) => import("./caret.js").Selected|undefined} change
 */
function reshape(app, change) {
  const { span, range } = app.selection;
  const old = span ?? range;
  if (!old) return go(app, caret.step(app.tokens, null, true, "token"));
  const next = change(old);
  if (!next || app.text.paragraphOf(next.start) !== app.text.paragraphOf(next.end - 1)) return undefined;
  if (span) app.edit((doc) => resize(doc, span, next));
  app.select(span ? { span: next } : { range: next });
  app.emit("moved");
  return tell(app);
}

/** @param {App} app @param {boolean} down */
function vertical(app, down) {
  const range = current(app);
  if (!range) return go(app, caret.step(app.tokens, null, down, "token"));
  return go(app, caret.vertical(app.tokens, (r) => app.text.boxesOf(r), range, down));
}

/** @param {App} app @param {boolean} last */
function lineEnd(app, last) {
  const range = current(app);
  if (range) go(app, caret.lineEnd(app.tokens, (r) => app.text.boxesOf(r), range, last));
}

/**
 * Select the next or previous span; behind the last one the key is the browser's, so that nobody is trapped.
 * @param {App} app
 * @param {boolean} forward
 */
function toSpan(app, forward) {
  if (document.activeElement !== app.host && document.activeElement !== document.body) return false;
  const { spans } = app.doc;
  const from = current(app);
  const next = forward
    ? spans.find((s) => !from || s.start > from.start || (s.start === from.start && !app.selection.span))
    : spans.findLast((s) => !from || s.start < from.start);
  if (!next) return false;
  app.host.focus({ preventScroll: true });
  app.select({ span: next });
  app.emit("moved");
  tell(app);
  return true;
}

/** @param {App} app */
function deselect(app) {
  if (!current(app)) return false;
  app.select({});
  return true;
}

/** @param {App} app */
function tell(app) {
  const { span, range } = app.selection;
  const what = span ?? range;
  if (!what) return;
  const text = app.surface(what);
  app.announce(span ? app.t("selected_span", { text, label: app.title(span.label) }) : text);
}

/** @param {App} app */
const current = (app) => app.selection.span ?? app.selection.range;

/** @param {App} app */
function isRightToLeft(app) {
  const { paragraphs } = app.text;
  return paragraphs[app.text.paragraphOf(current(app)?.start ?? 0)]?.dir !== "ltr";
}

