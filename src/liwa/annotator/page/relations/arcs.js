// @ts-check
/** The arcs over the text: drawn as SVG in a layer that no pointer touches, so that the text below stays selectable. */

import { LABEL_ROOM } from "../text.js";
import { needs, plan } from "./lanes.js";
import { endsOf, keyOf } from "./options.js";
import { arrowhead, height, labelSpots, nearest, rounded, shapes } from "./paths.js";
import { tone } from "./tone.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../document.js").Span} Span
 * @typedef {import("./lanes.js").Box} Box
 * @typedef {import("./paths.js").Shape} Shape
 */

const SVG = "http://www.w3.org/2000/svg";

/** Height of an arc's label, in pixels. */
const LABEL_HEIGHT = 13;

/** The arcs of the open task. Only those in sight, and some way above and below, are in the DOM. */
export class Arcs {
  /**
   * @param {App} app
   * @param {import("./state.js").State} state
   */
  constructor(app, state) {
    this.app = app;
    this.state = state;
    this.svg = app.layerElement.appendChild(svg("svg", { class: "arcs" }));
    this.ends = svg("g", { class: "ends" });
    /** @type {Map<string, SVGElement>} what is in the DOM */
    this.groups = new Map();
    /** @type {Shape[]} */
    this.shapes = [];
    /** @type {Map<string, import("./paths.js").Spot>} */
    this.spots = new Map();
    this.widths = new Widths();
    /** @type {Map<number, {above: number, between: number}>} most lanes that each paragraph needed so far */
    this.rooms = new Map();
    /** @type {import("./lanes.js").Frame|null} */
    this.frame = null;
    this.width = 0;
    /** @type {{range: import("../offsets.js").Range, y: number}|null} what stays where it is while lines move apart */
    this.held = null;
    // Read when nothing else waits to be laid out.
    new ResizeObserver(() => (this.frame = frameOf(app.host))).observe(app.host);
    state.on(() => this.light());
  }

  /** Forget what belongs to the last task, or to other fonts. */
  reset() {
    this.rooms.clear();
    this.held = null;
    this.widths.clear();
    this.frame = null;
  }

  /** Plan all arcs and draw those in sight, or ask for the room between lines that they need: the next layout draws. */
  draw() {
    const { app } = this;
    const over = this.#overhang();
    const lines = app.text.lines().map((line) => ({ ...line, top: line.top - over }));
    const frame = this.#frame();
    const planned = plan(this.#links(), lines, frame);
    this.#makeRoom(planned.lanes, lines, over);
    if (app.text.stale) return;
    const relations = new Map(app.doc.relations.map((r) => [keyOf(r), r]));
    this.shapes = shapes(planned, lines, frame);
    this.spots = labelSpots(planned, this.shapes, lines, frame, (id) => this.#sizeOf(this.#words(relations.get(id))));
    this.#stay();
    const near = this.#near();
    this.groups.clear();
    this.svg.replaceChildren(this.ends);
    this.#put(near);
    this.light();
  }

  /** Draw what has come into sight. */
  show() {
    this.#put(this.#near().filter(({ id }) => !this.groups.has(id)));
  }

  /** The arcs in sight, or less than a window's height away. */
  #near() {
    const origin = this.app.host.getBoundingClientRect().top;
    const [from, to] = [-origin - innerHeight, 2 * innerHeight - origin];
    return this.shapes.filter(({ points }) => {
      const ys = points.map(([, y]) => y);
      return Math.min(...ys) < to && Math.max(...ys) > from;
    });
  }

  /** @param {Shape[]} wanted */
  #put(wanted) {
    if (!wanted.length) return;
    const relations = new Map(this.app.doc.relations.map((r) => [keyOf(r), r]));
    for (const shape of wanted) this.groups.set(shape.id, this.#group(shape, relations.get(shape.id)));
    this.svg.append(...wanted.map(({ id }) => /** @type {SVGElement} */ (this.groups.get(id))));
  }

  /** Highlight what is pointed at or chosen, and dim the rest. */
  light() {
    const { app, groups, state } = this;
    const { lit } = state;
    this.#put(this.shapes.filter(({ id }) => lit.has(id) && !groups.has(id)));
    for (const [key, group] of groups) group.classList.toggle("on", lit.has(key));
    const on = [...lit].flatMap((key) => groups.get(key) ?? []);
    this.svg.classList.toggle("dim", on.length > 0);
    // What is drawn last lies on top.
    this.svg.append(...on);
    const spans = app.doc.relations.filter((r) => lit.has(keyOf(r))).flatMap((r) => endsOf(app.doc, r) ?? []);
    this.ends.replaceChildren(...spans.flatMap((s) => app.text.boxesOf(s)).map(outline));
  }

  /**
   * Return the identity of the relation whose arc lies under a point of the window, or null.
   * @param {number} x
   * @param {number} y
   */
  at(x, y) {
    const { left, top } = this.app.host.getBoundingClientRect();
    return nearest(this.shapes, [x - left, y - top]);
  }

  /** The column of the text now; narrower or wider, it needs other lanes. */
  #frame() {
    this.frame ??= frameOf(this.app.host);
    const { left, right } = this.frame;
    if (this.width !== right - left) this.rooms.clear();
    this.width = right - left;
    return this.frame;
  }

  /** @returns {import("./lanes.js").Link[]} */
  #links() {
    const { doc } = this.app;
    return doc.relations.flatMap((r) => {
      const [head, child] = (endsOf(doc, r) ?? []).map((span) => this.#boxes(span));
      return head?.length && child?.length ? [{ id: keyOf(r), head, child }] : [];
    });
  }

  /** The boxes of a span, the first with its label below it. @param {Span} span @returns {Box[]} */
  #boxes(span) {
    const { text } = this.app;
    const [first, ...others] = text.boxesOf(span);
    if (!first) return [];
    const width = this.widths.of(this.app.title(span.label), "span") + (span.origin === "pre" ? 10 : 2);
    const rtl = text.paragraphs[text.paragraphOf(span.start)].dir !== "ltr";
    const from = rtl ? first.x + first.width - width : first.x;
    return [{ ...first, foot: { from, to: from + width, height: LABEL_ROOM } }, ...others];
  }

  /** By how many pixels the rectangles of words stand out of their boxes. */
  #overhang() {
    const { text } = this.app;
    const [paragraph] = text.paragraphs;
    const rect = paragraph && text.domRange({ start: paragraph.start, end: paragraph.start + 1 }).getClientRects()[0];
    return rect ? Math.max(0, (rect.height - text.boxHeight) / 2) : 0;
  }

  /**
   * Ask for room between the lines. They never move together again while a task is open: less jumps about.
   * @param {number[]} lanes
   * @param {import("./lanes.js").Line[]} lines
   * @param {number} over
   */
  #makeRoom(lanes, lines, over) {
    const { app } = this;
    this.held ??= this.#anchor();
    for (const [paragraph, need] of needs(lanes, lines)) {
      const had = this.rooms.get(paragraph) ?? need;
      const most = { above: Math.max(had.above, need.above), between: Math.max(had.between, need.between) };
      this.rooms.set(paragraph, most);
      const room = (/** @type {number} */ count) => count && Math.ceil(height(count) + over);
      app.text.setSpacing(paragraph, { above: room(most.above), between: room(most.between) });
    }
  }

  /** Where the selected span, which is being looked at, stands in the window. */
  #anchor() {
    const { app } = this;
    const range = app.selection.span ?? app.selection.range;
    return range && { range, y: this.#windowY(range) };
  }

  /** Scroll so that what was looked at stands where it stood. */
  #stay() {
    if (this.held) {
      const moved = this.#windowY(this.held.range) - this.held.y;
      if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
    }
    this.held = null;
  }

  /** @param {import("../offsets.js").Range} range */
  #windowY(range) {
    return this.app.host.getBoundingClientRect().top + (this.app.text.boxesOf(range)[0]?.y ?? 0);
  }

  /** @param {string} words */
  #sizeOf(words) {
    return { width: this.widths.of(words, "arc") + 6, height: LABEL_HEIGHT };
  }

  /** @param {Shape} shape @param {import("../document.js").Relation|undefined} relation */
  #group({ id, points }, relation) {
    const group = svg("g", { class: `arc ${relation?.origin ?? ""}`, "data-key": id });
    if (relation) tone(this.app, group, relation);
    const d = rounded(points);
    const [x, y] = points[0];
    group.append(
      svg("path", { class: "halo", d }),
      svg("path", { class: "line", d }),
      svg("path", { class: "tip", d: arrowhead(points) }),
      svg("circle", { class: "tip", cx: x, cy: y, r: 2.5 }),
      this.#label(this.#words(relation), points, this.spots.get(id)),
    );
    return group;
  }

  /** @param {string} words @param {import("./paths.js").Point[]} points @param {import("./paths.js").Spot} [spot] */
  #label(words, points, spot) {
    const [a, b] = [points[1], points[2]];
    const { x, y } = spot ?? { x: (a[0] + b[0]) / 2, y: a[1] };
    const { width, height: tall } = this.#sizeOf(words);
    const node = svg("g", { class: spot ? "name" : "name hidden" });
    const text = svg("text", { x, y });
    text.textContent = words;
    node.append(svg("rect", { x: x - width / 2, y: y - tall / 2, width, height: tall }), text);
    return node;
  }

  /** @param {import("../document.js").Relation|undefined} relation */
  #words(relation) {
    return this.app.title(relation?.label ?? "") + (relation?.origin === "pre" ? " ?" : "");
  }
}

/** Fonts of the labels of spans and of arcs, as in the style sheets. */
const FONTS = { span: "600 10.5px", arc: "600 11px" };

/** Widths of words in these fonts, in pixels. */
class Widths {
  constructor() {
    this.canvas = document.createElement("canvas").getContext("2d");
    /** @type {Map<string, number>} */
    this.known = new Map();
    this.family = "";
  }

  /** Forget all, as when fonts or language have changed. */
  clear() {
    this.known.clear();
    this.family = "";
  }

  /** @param {string} words @param {keyof FONTS} kind */
  of(words, kind) {
    const key = kind + words;
    const known = this.known.get(key);
    if (known !== undefined || !this.canvas) return known ?? 0;
    this.family ||= getComputedStyle(document.body).fontFamily;
    this.canvas.font = `${FONTS[kind]} ${this.family}`;
    const { width } = this.canvas.measureText(words);
    this.known.set(key, width);
    return width;
  }
}

/**
 * Return the column of the text, and what the bar beside it leaves of the gutters.
 * @param {HTMLElement} host
 * @returns {import("./lanes.js").Frame}
 */
function frameOf(host) {
  const { paddingLeft, paddingRight, direction } = getComputedStyle(host);
  const [left, right] = [parseFloat(paddingLeft), parseFloat(paddingRight)];
  const bar = direction === "rtl" ? "right" : "left";
  const gutters = { left, right };
  const { insetInlineStart, width } = getComputedStyle(host, "::before");
  gutters[bar] -= (parseFloat(insetInlineStart) || 0) + (parseFloat(width) || 0);
  return { left, right: host.clientWidth - right, gutters };
}

/** @param {Box} box */
function outline({ x, y, width, height: tall }) {
  return svg("rect", { x: x + 0.8, y: y + 0.8, width: width - 1.6, height: tall - 1.6, rx: 4 });
}

/** @param {string} name @param {Record<string, string|number>} attributes @returns {SVGElement} */
function svg(name, attributes) {
  const node = /** @type {SVGElement} */ (document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
