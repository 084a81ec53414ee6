// @ts-check
/** Relations by pointer: drag from span to span, drag or tap the handle of the selected span, or Alt and a click. */

import { between } from "./options.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../document.js").Span} Span
 */

const SVG = "http://www.w3.org/2000/svg";

/** Drawing a relation with a pointer. */
export class Drag {
  /**
   * @param {App} app
   * @param {import("./create.js").Creation} creation
   */
  constructor(app, creation) {
    this.app = app;
    this.creation = creation;
    /** @type {{from: Span, held: boolean}|null} held: by the handle or with Alt, so that it never selects text */
    this.press = null;
    /** @type {Span|null} the span that the pointer is over, if a relation may end there */
    this.over = null;
    /** Whether the click that ends this press is used up. */
    this.used = false;
    this.handle = this.#makeHandle();
    this.band = app.layerElement.appendChild(document.createElementNS(SVG, "svg"));
    this.band.setAttribute("class", "band");
    this.line = this.band.appendChild(document.createElementNS(SVG, "path"));
    this.#listen();
  }

  /** Put the handle beside the selected span. */
  place() {
    const { app } = this;
    const { span } = app.selection;
    const box = span && app.text.boxesOf(span).at(-1);
    const able = app.scheme.relations.some((r) => span && [...r.head, ...r.child].includes(span.label));
    this.handle.hidden = !box || !able;
    if (!span || !box) return;
    const rtl = app.text.paragraphs[app.text.paragraphOf(span.start)].dir !== "ltr";
    this.handle.style.left = `${rtl ? box.x : box.x + box.width}px`;
    this.handle.style.top = `${box.y}px`;
  }

  #makeHandle() {
    const handle = document.createElement("button");
    handle.className = "relation-handle";
    handle.tabIndex = -1;
    handle.hidden = true;
    return this.app.layerElement.appendChild(handle);
  }

  #listen() {
    const { host } = this.app;
    host.addEventListener("pointerdown", (event) => this.#down(event), true);
    host.addEventListener("mousedown", (event) => this.press?.held && event.preventDefault(), true);
    addEventListener("pointermove", (event) => this.press && this.#move(event), true);
    addEventListener("pointerup", (event) => this.press && this.#up(event), true);
    addEventListener("pointercancel", () => this.#stop(), true);
    host.addEventListener("click", (event) => this.#click(event), true);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.used = false;
    if (event.button !== 0) return;
    const onHandle = this.handle.contains(/** @type {Node} */ (event.target));
    const from = onHandle ? this.app.selection.span : this.app.spanAt(event.clientX, event.clientY)?.span;
    const drags = onHandle || (event.pointerType !== "touch" && !event.shiftKey);
    if (from && drags) this.press = { from, held: onHandle || event.altKey };
  }

  /** @param {PointerEvent} event */
  #move({ clientX, clientY, buttons }) {
    if (!this.press || !buttons) return this.#stop();
    const { from, held } = this.press;
    const span = this.app.spanAt(clientX, clientY)?.span;
    this.over = span && between(this.app.doc, this.app.scheme, from, span).length ? span : null;
    if (held && span !== from) this.used = true;
    this.app.host.classList.toggle("linking", Boolean(this.over) || (held && span !== from));
    this.#draw(clientX, clientY);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const { over, press } = this;
    this.#stop();
    if (!over || !press || this.app.spanAt(event.clientX, event.clientY)?.span !== over) return;
    this.used = true;
    this.creation.cancel();
    if (this.app.selection.span !== press.from) this.app.select({ span: press.from });
    this.creation.link(press.from, over);
  }

  #stop() {
    this.press = null;
    this.over = null;
    this.app.host.classList.remove("linking");
    this.line.removeAttribute("d");
    this.creation.hints.clear();
    this.creation.draw();
  }

  /** Mark the two spans, or draw a line from the first to where the pointer is. @param {number} x @param {number} y */
  #draw(x, y) {
    const { app, press, over } = this;
    this.line.removeAttribute("d");
    if (!press || (!over && !press.held)) return this.creation.hints.clear();
    if (!over) {
      const origin = app.host.getBoundingClientRect();
      const box = app.text.boxesOf(press.from)[0];
      this.line.setAttribute("d", `M${box.x + box.width / 2} ${box.y}L${x - origin.left} ${y - origin.top}`);
    }
    return this.creation.hints.draw(press.from, over ? [{ span: over, code: "" }] : [], over);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const onHandle = this.handle.contains(/** @type {Node} */ (event.target));
    if (!this.used && onHandle) this.creation.start();
    else if (!this.used && !this.#clicked(event)) return;
    this.used = false;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether a click on a span ends a relation that waits, or with Alt makes one. @param {MouseEvent} event */
  #clicked({ clientX, clientY, altKey }) {
    const { app, creation } = this;
    const span = app.spanAt(clientX, clientY)?.span;
    const from = app.selection.span;
    if (creation.from) {
      if (span && creation.end(span)) return true;
      creation.cancel();
      return false;
    }
    return Boolean(altKey && span && from && span !== from && creation.link(from, span));
  }
}
