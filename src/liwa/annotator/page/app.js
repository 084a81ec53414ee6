// @ts-check
/**
 * The page's one object: the task that is open, its document, what is selected, and the events that tell of changes.
 *
 * Events: "task" (another task is open), "doc" (the document changed), "layout" (geometry changed: resize, fonts,
 * spacing; comes after "task" and "doc" too), "select" (the selection changed), "moved" (by keyboard: what is selected
 * should be in sight), "press" (a pointer goes down on the text), "settings" (language, theme, size), "armed" (the label that selections get at once).
 */

import { EMPTY, spanAt } from "./document.js";
import { fromTask } from "./exchange.js";
import { History } from "./history.js";
import { Layer } from "./layer.js";
import { Offsets } from "./offsets.js";
import { TextView } from "./text.js";
import { Tokens } from "./tokens.js";

/**
 * @typedef {import("./document.js").Doc} Doc
 * @typedef {import("./document.js").Span} Span
 * @typedef {import("./caret.js").Selected} Selected
 * @typedef {"task"|"doc"|"layout"|"select"|"press"|"moved"|"settings"|"armed"|"propagate"} Event
 * @typedef {{span: Span|null, range: Selected|null}} Selection a span, or characters that are not one, or neither
 */

/** The open task and all that can be done to it. */
export class App {
  /**
   * @param {object} parts
   * @param {any} parts.session as the server sends it
   * @param {import("./scheme.js").Scheme} parts.scheme
   * @param {import("./keys.js").Keys} parts.keys
   * @param {import("./settings.js").Settings} parts.settings
   * @param {(key: string, values?: Record<string, any>) => string} parts.t translation of a key
   */
  constructor({ session, scheme, keys, settings, t }) {
    this.session = session;
    this.scheme = scheme;
    this.keys = keys;
    this.settings = settings;
    this.t = t;
    const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
    /** The element that offsets of boxes are counted from; it holds the layers and the text. */
    this.host = part("task");
    /** A layer over the text, for arcs. */
    this.layerElement = part("arcs");
    /** The section of the panel for relations. */
    this.panelElement = part("relations");
    this.live = part("live");
    /** @type {any} */
    this.task = null;
    /** Whether the task is out of sight, so that nothing is done to it unseen. */
    this.closed = false;
    this.offsets = new Offsets("");
    this.tokens = new Tokens(this.offsets, []);
    this.text = new TextView(this.host, part("text"), this.offsets);
    this.layer = this.#newLayer();
    this.history = new History(EMPTY);
    /** @type {Selection} */
    this.selection = { span: null, range: null };
    /** @type {{hits: import("./offsets.js").Range[], hit: number}} what was searched and found in the task */
    this.found = { hits: [], hit: -1 };
    /** @type {Map<string, Set<() => void>>} */
    this.listeners = new Map();
    /** @type {string|null} the label that every selection by pointer gets at once */
    this.armed = null;
    /** Commands that are offered beside a selected span. */
    this.popupCommands = ["confirm", "propagate", "remove"];
  }

  /** The current document. */
  get doc() {
    return this.history.value;
  }

  /**
   * Call a function at every event of a kind. Return a function that stops it.
   * @param {Event} event
   * @param {() => void} fn
   */
  on(event, fn) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event)?.add(fn);
    return () => void this.listeners.get(event)?.delete(fn);
  }

  /** @param {Event} event */
  emit(event) {
    for (const fn of this.listeners.get(event) ?? []) fn();
  }

  /**
   * Show a task. Throws Mismatch if its spans do not fit its text.
   * @param {any} task as the server sends it
   * @param {History<Doc>} [history] what was done to it before
   * @returns {number} how many spans and relations of the pre-annotation had to be left out
   */
  open(task, history) {
    const offsets = new Offsets(task.text);
    const { doc, dropped } = history ? { doc: history.value, dropped: 0 } : fromTask(task, offsets, this.scheme);
    this.task = task;
    this.closed = false;
    this.offsets = offsets;
    this.tokens = new Tokens(offsets, task.tokens);
    this.history = history ?? new History(doc);
    this.selection = { span: null, range: null };
    this.found = { hits: [], hit: -1 };
    this.text = new TextView(this.host, this.text.parent, offsets, this.session.dir ?? "rtl");
    this.layer = this.#newLayer();
    this.text.onLayout(() => this.#laidOut());
    this.emit("task");
    this.text.relayout();
    return dropped;
  }

  /**
   * Apply a pure function to the document: one step that can be undone. Say whether it changed anything.
   * @param {(doc: Doc) => Doc} fn
   * @param {string} [kind] steps of one kind that follow each other are undone together
   */
  edit(fn, kind) {
    return !this.closed && this.history.push(fn(this.doc), kind) && this.#changed();
  }

  /** Take back the last edit; say whether there was one. */
  undo() {
    return !this.closed && this.history.undo() && this.#changed();
  }

  /** Do again what was taken back; say whether there was anything. */
  redo() {
    return !this.closed && this.history.redo() && this.#changed();
  }

  /**
   * Select a span, or characters, or nothing.
   * @param {{span?: import("./offsets.js").Range|null, range?: Selected|null}} [what]
   */
  select({ span = null, range = null } = {}) {
    const found = spanAt(this.doc, span) ?? null;
    const spans = found || this.selection.span;
    this.selection = { span: found, range: found ? null : range };
    if (spans) this.draw();
    else this.layer.mark(this.#scene());
    this.emit("select");
  }

  /** Draw the layer behind the text. */
  draw() {
    this.layer.draw(this.#scene());
  }

  #scene() {
    const { span, range } = this.selection;
    return { spans: this.doc.spans, selected: span, range, ...this.found };
  }

  /**
   * Return the span under a point of the window, and whether the point is on its box or on its label.
   * @param {number} x
   * @param {number} y
   */
  spanAt(x, y) {
    return this.layer.spanAt(x, y);
  }

  /**
   * Return the characters of a range or of a relation's end.
   * @param {import("./offsets.js").Range|[number, number]} range
   */
  surface(range) {
    return Array.isArray(range) ? this.offsets.slice(...range) : this.offsets.slice(range.start, range.end);
  }

  /**
   * Return what people call a label or relation type, in the language of the page.
   * @param {string} name
   */
  title(name) {
    return this.scheme.title(name, this.settings.language);
  }

  /**
   * Say something to a screen reader.
   * @param {string} message
   */
  announce(message) {
    // The same words twice are read out only if the element changed.
    this.live.textContent = message + (this.live.textContent === message ? "\u00a0" : "");
  }

  #newLayer() {
    const element = /** @type {HTMLElement} */ (document.getElementById("layer"));
    return new Layer(element, this.text, this.scheme, (label) => this.title(label));
  }

  /** Others read the geometry first and may ask for room; what is drawn here comes last, when nothing moves any more. */
  #laidOut() {
    this.emit("layout");
    if (!this.text.stale) this.draw();
  }

  #changed() {
    const { span } = this.selection;
    this.selection = { span: spanAt(this.doc, span) ?? null, range: this.selection.range };
    this.emit("doc");
    this.emit("layout");
    if (this.text.stale) this.text.relayout();
    else this.draw();
    return true;
  }
}
