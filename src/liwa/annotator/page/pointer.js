// @ts-check
/**
 * Mouse, pen and touch: selecting words in the text, and picking spans.
 *
 * With a mouse or pen the page selects by itself, so that what is shown while dragging is what will be labelled, and
 * since browsers lose quick drags over right-to-left text. On touch screens their own selection with its handles rules.
 */

import { trimmed } from "./tokens.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {{x: number, y: number, point: number, moved: boolean, last: object|null}} Press last: the range it selected
 */

/** Pixels that a press may shake. */
const SHAKE = 4;

/**
 * Let the text answer to pointers.
 * @param {App} app
 * @param {(how: {touch: boolean}) => void} picked called when something has been selected by pointer
 */
export function mountPointer(app, picked) {
  /** @type {Press|null} */
  let press = null;
  let touch = false;
  let dragged = false;
  app.host.addEventListener("pointerdown", (event) => {
    touch = event.pointerType === "touch";
    dragged = false;
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (touch || event.button || button) return;
    const { clientX: x, clientY: y } = event;
    app.emit("press");
    press = { x, y, point: app.text.caretAt(x, y), moved: false, last: null };
  });
  app.host.addEventListener("mousedown", (event) => {
    if (!press) return;
    event.preventDefault();
    app.host.focus({ preventScroll: true });
  });
  addEventListener("pointermove", (event) => press && drag(app, press, event));
  addEventListener("pointerup", () => {
    // Where somebody else has selected something since, such as the end of a relation, the press was theirs.
    dragged = Boolean(press?.moved);
    const mine = press?.last && press.last === app.selection.range;
    press = null;
    if (mine) picked({ touch });
  });
  app.host.addEventListener("click", (event) => {
    if (event.defaultPrevented || dragged || chosen(app)) return;
    if (pick(app, event)) picked({ touch });
  });
  document.addEventListener("selectionchange", () => {
    const range = touch && chosen(app);
    if (range && take(app, range)) picked({ touch });
  });
  app.host.addEventListener("copy", (event) => copy(app, event));
}

/** @param {App} app @param {Press} press @param {PointerEvent} event */
function drag(app, press, { clientX: x, clientY: y }) {
  if (!press.moved && Math.hypot(x - press.x, y - press.y) < SHAKE) return;
  press.moved = true;
  // A relation is being drawn.
  if (app.host.classList.contains("linking")) return;
  scrollAlong(y);
  const to = app.text.caretAt(x, y);
  take(app, { start: Math.min(press.point, to), end: Math.max(press.point, to) });
  press.last = app.selection.range;
}

/**
 * Scroll when a drag comes near the edge of what is in sight.
 * @param {number} y
 */
function scrollAlong(y) {
  const [top, bottom] = [90, innerHeight - 110];
  const by = y < top ? y - top : y > bottom ? y - bottom : 0;
  if (by) scrollBy({ top: by / 4, behavior: "instant" });
}

/**
 * Return what is selected natively in the text, in code points.
 * @param {App} app
 */
export function chosen(app) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return undefined;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(app.text.parent)) return undefined;
  const start = app.text.pointOf(range.startContainer, range.startOffset);
  const end = app.text.pointOf(range.endContainer, range.endOffset);
  return start < end ? { start, end } : undefined;
}

/**
 * Select the words, or without snapping the letters, of a range; say whether there are any.
 * @param {App} app
 * @param {import("./offsets.js").Range} range
 */
function take(app, range) {
  const wanted = range.start < range.end && (app.settings.snap ? app.tokens.snap(range) : trimmed(app.offsets, range));
  app.select({ range: wanted || null });
  return Boolean(wanted);
}

/**
 * Select the span or word under the pointer, or with Shift all words up to it; say whether there is one.
 * @param {App} app
 * @param {MouseEvent} event
 */
function pick(app, { clientX: x, clientY: y, shiftKey }) {
  const span = app.spanAt(x, y)?.span;
  const point = app.text.pointAt(x, y);
  const token = point === undefined ? undefined : app.tokens.at(point);
  const from = app.selection.range;
  if (shiftKey && from && token) return take(app, { start: Math.min(from.start, token.start), end: Math.max(from.end, token.end) });
  app.select({ span, range: span ? null : token });
  return Boolean(span || token);
}

/** @param {App} app @param {ClipboardEvent} event */
function copy(app, event) {
  const what = app.selection.span ?? app.selection.range;
  if (!what || chosen(app)) return;
  event.clipboardData?.setData("text/plain", app.surface(what));
  event.preventDefault();
}
