// @ts-check
/**
 * The text of a task as native DOM: one block per paragraph, one text node per block. Spans never enter it, so letters
 * stay joined and the browser alone orders the runs. Geometry is read from it, never the other way round.
 */

import { below } from "./offsets.js";

/**
 * @typedef {import("./offsets.js").Range} Range
 * @typedef {{start: number, end: number, from: number, element: HTMLElement, node: Text, dir: "rtl"|"ltr"}} Paragraph
 *   start, end: code points; from: unit offset of start
 * @typedef {{x: number, y: number, width: number, height: number, line: number}} Box pixels from the host's corner
 * @typedef {{top: number, bottom: number, left: number, right: number, paragraph: number, gap: number}} Line
 *   top, bottom: of the boxes on it; gap: where the free room above it begins, which is below the labels of the line before
 */

/**
 * A paragraph: what stands between the line breaks of `liwa.passages`. The browser's time for one block grows with the
 * square of its length, so one that is no paragraph of an article is cut before white space, or else anywhere.
 */
const PARAGRAPH = /[^\n\r\v\f\x85\u2028\u2029]{1,50000}(?!\S)|[^\n\r\v\f\x85\u2028\u2029]{1,50000}/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Height of a box in em, where the font's own is taller, and what part of the rest is cut off above: tails are long. */
const BOX_EM = 1.45;
const CUT_ABOVE = 0.6;
/** Pixels for the labels below a line, as in style.css. */
export const LABEL_ROOM = 15;
/** Units of a paragraph that tell its direction. */
const SAMPLE = 4000;
/** Rectangles nearer than this many pixels touch: nothing of the text lies between them. */
const TOUCHING = 1.5;

/** A text on the page. */
export class TextView {
  /**
   * @param {HTMLElement} host positioned; boxes are counted from its corner
   * @param {HTMLElement} parent where the blocks go
   * @param {import("./offsets.js").Offsets} offsets
   * @param {"rtl"|"ltr"} [dir] of paragraphs without a strong letter
   */
  constructor(host, parent, offsets, dir = "rtl") {
    this.host = host;
    this.parent = parent;
    this.offsets = offsets;
    this.paragraphs = paragraphsOf(offsets, dir);
    parent.replaceChildren(...this.paragraphs.map((p) => p.element));
    /** @type {Map<string, Box[]>} */
    this.cache = new Map();
    /** @type {Line[]|null} */
    this.lineCache = null;
    /** The greatest height of a box, in pixels. */
    this.boxHeight = 0;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    /** Whether spacing has changed since the last layout. */
    this.stale = false;
  }

  /**
   * Call a function after every new layout (resize, fonts, spacing). Return a function that stops it.
   * @param {() => void} fn
   */
  onLayout(fn) {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  /** Forget the geometry and tell the listeners, again if one of them changed the spacing. */
  relayout() {
    for (let pass = 0; pass < 3; pass++) {
      this.stale = false;
      this.#forget();
      for (const fn of this.listeners) fn();
      if (!this.stale) return;
    }
  }

  /**
   * Keep room free in a paragraph for what is drawn between its lines; labels of spans have their own, below each line.
   * @param {number} paragraph index
   * @param {{above: number, between: number}} room pixels above the first line, and between two lines
   */
  setSpacing(paragraph, { above, between }) {
    const { style } = this.paragraphs[paragraph].element;
    const set = (/** @type {string} */ name, /** @type {number} */ value) => {
      const wanted = value ? `${value}px` : "";
      if (style.getPropertyValue(name) === wanted) return;
      style.setProperty(name, wanted);
      this.stale = true;
    };
    set("--above", above);
    set("--between", between);
  }

  /**
   * Return the index of the paragraph that holds a code point, or the one before it.
   * @param {number} point
   */
  paragraphOf(point) {
    return Math.max(0, below(this.paragraphs.length, (i) => this.paragraphs[i].start <= point) - 1);
  }

  /**
   * Return the boxes of a range: one per line, or more where other text stands between its parts.
   * @param {Range} range code points
   * @returns {Box[]} in the order of lines
   */
  boxesOf({ start, end }) {
    const key = `${start}-${end}`;
    const known = this.cache.get(key);
    if (known) return known;
    const boxes = this.#boxes(start, end);
    this.cache.set(key, boxes);
    return boxes;
  }

  /**
   * Return the lines of the text, top to bottom.
   * @returns {Line[]}
   */
  lines() {
    this.lineCache ??= this.paragraphs.flatMap((p, index) => this.#linesOf(p, index));
    return this.lineCache;
  }

  /**
   * Return the code-point offset of a place in the DOM; for one outside the text, the text's end on that side.
   * @param {Node} node
   * @param {number} offset in the node, as DOM ranges count
   */
  pointOf(node, offset) {
    const found = this.paragraphs.find((p) => p.node === node || p.element === node);
    if (found) return this.offsets.toPoints(found.from + (found.node === node ? offset : offset && found.node.length));
    if (node === this.parent) return this.paragraphs[offset]?.start ?? this.offsets.length;
    const before = this.parent.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING;
    return before ? 0 : this.offsets.length;
  }

  /**
   * Return the code-point offset of the border of letters nearest to a point of the window.
   * @param {number} x
   * @param {number} y
   */
  caretAt(x, y) {
    const place = caretAt(x, y);
    return place ? this.pointOf(place.node, place.offset) : y < this.host.getBoundingClientRect().top ? 0 : this.offsets.length;
  }

  /**
   * Return the code-point offset of the letter under a point of the window; undefined where there is none.
   * @param {number} x
   * @param {number} y
   */
  pointAt(x, y) {
    const place = caretAt(x, y);
    if (!place || !this.parent.contains(place.node)) return undefined;
    const point = this.pointOf(place.node, place.offset);
    // The caret stands before or behind the letter: take the one whose box holds the place.
    const { left, top } = this.host.getBoundingClientRect();
    const under = (/** @type {number} */ p) => this.boxesOf({ start: p, end: p + 1 }).some((b) => holds(b, x - left, y - top));
    return [point, point - 1].find((p) => p >= 0 && p < this.offsets.length && under(p));
  }

  /**
   * Return a DOM range over a range inside one paragraph.
   * @param {Range} range code points
   */
  domRange({ start, end }) {
    const paragraph = this.paragraphs[this.paragraphOf(start)];
    const range = document.createRange();
    const unit = (/** @type {number} */ p) => clamp(this.offsets.toUnits(p) - paragraph.from, paragraph.node.length);
    range.setStart(paragraph.node, unit(start));
    range.setEnd(paragraph.node, unit(end));
    return range;
  }

  /** @param {number} start @param {number} end */
  #boxes(start, end) {
    const origin = this.host.getBoundingClientRect();
    const rects = [];
    for (let i = this.paragraphOf(start); i < this.paragraphs.length && this.paragraphs[i].start < end; i++) {
      const p = this.paragraphs[i];
      const part = { start: Math.max(start, p.start), end: Math.min(end, p.end) };
      if (part.start < part.end) rects.push(...this.#rects(this.domRange(part), p.element, origin));
    }
    const lines = this.lines();
    for (const r of rects) {
      r.line = lineAt(lines, r.y + r.height / 2);
      r.y = lines[r.line].top;
      r.height = lines[r.line].bottom - r.y;
    }
    return joined(rects);
  }

  /**
   * @param {globalThis.Range} range
   * @param {HTMLElement} element
   * @param {DOMRect} origin
   * @returns {Box[]}
   */
  #rects(range, element, origin) {
    const limit = this.boxHeight;
    return [...range.getClientRects()]
      .filter((r) => r.width > 0)
      .map((r) => {
        const height = Math.min(r.height, limit);
        return { x: r.left - origin.left, y: r.top - origin.top + (r.height - height) * CUT_ABOVE, width: r.width, height, line: 0 };
      });
  }

  #forget() {
    this.cache.clear();
    this.lineCache = null;
    this.boxHeight = BOX_EM * parseFloat(getComputedStyle(this.parent.firstElementChild ?? this.parent).fontSize);
  }

  /**
   * @param {Paragraph} paragraph
   * @param {number} index
   * @returns {Line[]}
   */
  #linesOf(paragraph, index) {
    const range = document.createRange();
    range.selectNodeContents(paragraph.element);
    const rects = this.#rects(range, paragraph.element, this.host.getBoundingClientRect());
    const lines = rowsOf(rects).map((row) => lineOf(row, index));
    const above = parseFloat(paragraph.element.style.getPropertyValue("--above")) || 0;
    lines.forEach((line, i) => (line.gap = i ? lines[i - 1].bottom + LABEL_ROOM : line.top - above));
    return lines;
  }
}

/**
 * Return the direction of a text by the majority of its strong letters, as far as its beginning tells.
 * @param {string} text
 * @param {"rtl"|"ltr"} fallback
 * @returns {"rtl"|"ltr"}
 */
export function directionOf(text, fallback) {
  let balance = 0;
  for (const [letter] of text.slice(0, SAMPLE).matchAll(/\p{L}/gu)) balance += RIGHT_TO_LEFT.test(letter) ? 1 : -1;
  return balance > 0 ? "rtl" : balance < 0 ? "ltr" : fallback;
}

/**
 * Return a block with a text as its one text node.
 * @param {string} text
 * @param {"rtl"|"ltr"} fallback
 */
export function block(text, fallback) {
  const element = document.createElement("p");
  element.dir = directionOf(text, fallback);
  element.textContent = text;
  return element;
}

/**
 * Return the paragraphs of a text: what stands between line breaks.
 * @param {string} text
 */
export const paragraphTexts = (text) => [...text.matchAll(PARAGRAPH)];

/**
 * @param {import("./offsets.js").Offsets} offsets
 * @param {"rtl"|"ltr"} dir
 * @returns {Paragraph[]}
 */
function paragraphsOf(offsets, dir) {
  return paragraphTexts(offsets.text).map((found) => {
    const from = found.index;
    const element = block(found[0], dir);
    return {
      start: offsets.toPoints(from),
      end: offsets.toPoints(from + found[0].length),
      from,
      element,
      node: /** @type {Text} */ (element.firstChild),
      dir: /** @type {"rtl"|"ltr"} */ (element.dir),
    };
  });
}

/**
 * Join rectangles that touch on one line.
 * @param {Box[]} rects
 * @returns {Box[]}
 */
function joined(rects) {
  const boxes = [];
  const order = rects.sort((a, b) => a.line - b.line || a.x - b.x);
  for (const rect of order) {
    const last = boxes[boxes.length - 1];
    if (last && last.line === rect.line && rect.x <= last.x + last.width + TOUCHING) {
      last.width = Math.max(last.x + last.width, rect.x + rect.width) - last.x;
    } else boxes.push(rect);
  }
  return boxes;
}

/**
 * Return rectangles by the line they stand on, top to bottom.
 * @param {Box[]} rects in any order
 */
function rowsOf(rects) {
  /** @type {Box[][]} */
  const rows = [];
  let bottom = -Infinity;
  for (const rect of rects.sort((a, b) => a.y - b.y)) {
    const middle = rect.y + rect.height / 2;
    if (middle > bottom) rows.push([rect]);
    else rows[rows.length - 1].push(rect);
    bottom = middle > bottom ? rect.y + rect.height : Math.max(bottom, rect.y + rect.height);
  }
  return rows;
}

/**
 * Return the line that a row of rectangles makes; its height is that of the font in which most of it is set, so that
 * all boxes on it are alike.
 * @param {Box[]} row
 * @param {number} paragraph
 * @returns {Line}
 */
function lineOf(row, paragraph) {
  const main = row.reduce((a, b) => (b.width > a.width ? b : a));
  const left = Math.min(...row.map((r) => r.x));
  const right = Math.max(...row.map((r) => r.x + r.width));
  return { top: main.y, bottom: main.y + main.height, left, right, paragraph, gap: 0 };
}

/** @param {Line[]} lines @param {number} y */
function lineAt(lines, y) {
  return Math.min(lines.length - 1, below(lines.length, (i) => lines[i].bottom < y));
}

/** @param {number} x @param {number} y @returns {{node: Node, offset: number}|null} */
function caretAt(x, y) {
  if (document.caretPositionFromPoint) {
    const place = document.caretPositionFromPoint(x, y);
    return place && { node: place.offsetNode, offset: place.offset };
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

/** @param {Box} box @param {number} x @param {number} y */
const holds = (box, x, y) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

/** @param {number} value @param {number} most */
const clamp = (value, most) => Math.max(0, Math.min(value, most));
