// @ts-check
/** Keys drawn beside the spans that a relation could end at, the nearest with the first key. */

import { shown } from "../keys.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../document.js").Span} Span
 */

const DIGITS = [..."123456789"].map((d) => `Digit${d}`);
const LETTERS = [..."FJDKLHGSAEWRQTYUIOPCVBNMXZ"].map((l) => `Key${l}`);

/**
 * Return the physical keys for hints, in the order in which they are given out.
 * @param {Set<string>} taken keys that start a relation of a type, which must go on doing so
 */
export const hintCodes = (taken) => [...DIGITS, ...LETTERS.filter((code) => !taken.has(code))];

/** The hints on the page. */
export class Hints {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.node = document.createElement("div");
    this.node.className = "hints";
    app.layerElement.append(this.node);
  }

  /**
   * Draw the hints of a relation that waits for its other end.
   * @param {Span} from
   * @param {{span: Span, code: string}[]} targets
   * @param {Span|null} current the one that Enter takes
   */
  draw(from, targets, current) {
    const { text } = this.app;
    const placed = targets.map((target) => ({ ...target, boxes: text.boxesOf(target.span) }));
    const source = text.boxesOf(from);
    this.node.replaceChildren(
      ...source.map((box) => mark("source", box)),
      ...placed.flatMap(({ span, boxes }) => boxes.map((box) => mark(span === current ? "target now" : "target", box))),
      ...placed.flatMap(({ span, code, boxes }) => (boxes[0] && code ? [this.#key(span, code, boxes[0])] : [])),
    );
  }

  /** Take all hints away. */
  clear() {
    this.node.replaceChildren();
  }

  /** @param {Span} span @param {string} code @param {import("../text.js").Box} box */
  #key(span, code, box) {
    const { text } = this.app;
    const rtl = text.paragraphs[text.paragraphOf(span.start)].dir !== "ltr";
    const node = document.createElement("kbd");
    node.textContent = shown(code);
    node.style.left = `${rtl ? box.x + box.width : box.x}px`;
    node.style.top = `${box.y}px`;
    return node;
  }
}

/** @param {string} className @param {import("../text.js").Box} box */
function mark(className, { x, y, width, height }) {
  const node = document.createElement("i");
  node.className = className;
  Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  return node;
}
