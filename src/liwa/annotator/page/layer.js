// @ts-check
/** What is drawn behind the text: boxes of spans with their labels, the selection, search hits. Nothing here is text. */

import { same } from "./document.js";
import { element } from "./elements.js";
import { LABEL_ROOM } from "./text.js";

/**
 * @typedef {import("./text.js").Box} Box
 * @typedef {import("./document.js").Span} Span
 * @typedef {import("./offsets.js").Range} Range
 * @typedef {{spans: readonly Span[], selected: Range|null, range: Range|null, hits: Range[], hit: number}} Scene
 */

/** Pixels between two labels on one line. */
const GAP = 4;

/** The layer of one text. */
export class Layer {
  /**
   * @param {HTMLElement} element absolutely placed over the text's host, behind the text
   * @param {import("./text.js").TextView} text
   * @param {import("./scheme.js").Scheme} scheme
   * @param {(label: string) => string} title what people call a label
   */
  constructor(element, text, scheme, title) {
    this.element = element;
    this.text = text;
    this.scheme = scheme;
    this.title = title;
    /** @type {Map<string, {node: HTMLElement, made: string}>} */
    this.drawn = new Map();
    this.marks = document.createElement("div");
    /** @type {Map<number, {box: Box, span: Span}[]>} */
    this.byLine = new Map();
    element.replaceChildren(this.marks);
  }

  /**
   * Draw a scene: all geometry is read first, then the page is written.
   * @param {Scene} scene
   */
  draw(scene) {
    const placed = scene.spans.map((span) => ({ span, boxes: this.text.boxesOf(span) }));
    this.mark(scene);
    this.byLine = indexed(placed);
    const next = new Map();
    for (const { span, boxes } of placed) {
      const key = `${span.start}-${span.end}`;
      const selected = Boolean(scene.selected && same(span, scene.selected));
      next.set(key, this.#span(key, span, boxes, selected));
    }
    for (const [key, { node }] of this.drawn) if (next.get(key)?.node !== node) node.remove();
    this.drawn = next;
  }

  /**
   * Draw the selected characters and the search hits of a scene, and nothing else.
   * @param {Scene} scene
   */
  mark(scene) {
    this.marks.replaceChildren(...this.#marks(scene));
  }

  /**
   * Return the span under a point of the window, and whether the point is on its box or on its label.
   * @param {number} x
   * @param {number} y
   * @returns {{span: Span, part: "box"|"label"}|undefined}
   */
  spanAt(x, y) {
    const origin = this.text.host.getBoundingClientRect();
    const [px, py] = [x - origin.left, y - origin.top];
    for (const entries of this.byLine.values()) {
      const { box } = entries[0];
      if (py < box.y || py > box.y + box.height + LABEL_ROOM) continue;
      const found = entries.find((e) => px >= e.box.x && px <= e.box.x + e.box.width);
      if (found) return { span: found.span, part: py > box.y + box.height ? "label" : "box" };
    }
    return undefined;
  }

  /**
   * Return what is drawn for a span, if it is.
   * @param {Range} span
   */
  nodeOf(span) {
    return this.drawn.get(`${span.start}-${span.end}`)?.node;
  }

  /**
   * @param {string} key
   * @param {Span} span
   * @param {Box[]} boxes
   * @param {boolean} selected
   */
  #span(key, span, boxes, selected) {
    const room = boxes.length ? this.#roomFor(boxes[0], span) : 0;
    const where = boxes.map((b) => [b.x, b.y, b.width, b.height].map(Math.round));
    const made = [span.label, span.origin, selected, Math.round(room), this.title(span.label), ...where].join();
    const old = this.drawn.get(key);
    if (old?.made === made) return old;
    const node = this.#build(span, boxes, room, selected);
    if (old) old.node.replaceWith(node);
    else this.element.append(node);
    return { node, made };
  }

  /**
   * @param {Span} span
   * @param {Box[]} boxes
   * @param {number} room
   * @param {boolean} selected
   */
  #build(span, boxes, room, selected) {
    const node = element("div", `span l${this.scheme.label(span.label).index} ${span.origin}`);
    node.classList.toggle("selected", selected);
    node.dataset.range = `${span.start}-${span.end}`;
    const rtl = this.text.paragraphs[this.text.paragraphOf(span.start)]?.dir !== "ltr";
    boxes.forEach((b, i) => node.append(boxNode("box", b), ...bridge(boxes[i - 1], b)));
    if (boxes.length) node.append(labelNode(this.title(span.label), boxes[0], room, rtl));
    return node;
  }

  /**
   * Return how wide the label under a box may be: as far as to the next box of the line.
   * @param {Box} box
   * @param {Span} span
   */
  #roomFor(box, span) {
    const entries = this.byLine.get(box.line) ?? [];
    const at = entries.findIndex((e) => e.span === span);
    const rtl = this.text.paragraphs[this.text.paragraphOf(span.start)].dir !== "ltr";
    const next = entries[rtl ? at - 1 : at + 1]?.box;
    const line = this.text.lines()[box.line];
    if (rtl) return box.x + box.width - (next ? next.x + next.width + GAP : line.left - 40);
    return (next ? next.x - GAP : line.right + 40) - box.x;
  }

  /** @param {Scene} scene */
  #marks({ range, hits, hit }) {
    const nodes = [];
    for (const [i, found] of hits.entries()) {
      for (const b of this.text.boxesOf(found)) nodes.push(boxNode(i === hit ? "hit current" : "hit", b));
    }
    if (range) for (const b of this.text.boxesOf(range)) nodes.push(boxNode("range", b));
    return nodes;
  }
}

/** @param {string} className @param {Box} b */
function boxNode(className, b) {
  return placed(element("i", className), b.x, b.y, b.width, b.height);
}

/** @param {string} title @param {Box} b @param {number} room @param {boolean} rtl */
function labelNode(title, b, room, rtl) {
  const node = element("b", "");
  node.textContent = title;
  node.style.textAlign = rtl ? "right" : "left";
  const width = Math.max(0, room);
  return placed(node, rtl ? b.x + b.width - width : b.x, b.y + b.height, width, LABEL_ROOM);
}

/**
 * Return a thin line between two boxes of one line that other text stands between.
 * @param {Box|undefined} a
 * @param {Box} b
 */
function bridge(a, b) {
  if (a?.line !== b.line) return [];
  return [placed(element("u", ""), a.x + a.width, a.y + a.height - 2, b.x - a.x - a.width, 2)];
}

/** @param {HTMLElement} node @param {number} x @param {number} y @param {number} width @param {number} height */
function placed(node, x, y, width, height) {
  const { style } = node;
  style.left = `${x}px`;
  style.top = `${y}px`;
  style.width = `${width}px`;
  style.height = `${height}px`;
  return node;
}

/** @param {{span: Span, boxes: Box[]}[]} placed */
function indexed(placed) {
  /** @type {Map<number, {box: Box, span: Span}[]>} */
  const lines = new Map();
  for (const { span, boxes } of placed) {
    for (const box of boxes) {
      const entries = lines.get(box.line);
      if (entries) entries.push({ box, span });
      else lines.set(box.line, [{ box, span }]);
    }
  }
  for (const entries of lines.values()) entries.sort((a, b) => a.box.x - b.box.x);
  return lines;
}
