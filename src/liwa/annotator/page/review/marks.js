// @ts-check
/** Where annotators differ, marked in the text: every place by its kind, the one that is looked at with who says what. */

import { element } from "../elements.js";
import { byId } from "../panel.js";
import { classOf } from "./list.js";
import { parties, placesOf } from "./sides.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("./review.js").Review} Review
 * @typedef {import("./sides.js").Decision} Decision
 */

/** Pixels between the frames of two sides, and between their badges, by characters. */
const STEP = { frame: 3, badge: 9, letter: 9 };

/**
 * Put the marks on the page; return what draws them anew.
 * @param {App} app
 * @param {Review} review
 */
export function mountMarks(app, review) {
  const layer = element("div", "");
  layer.id = "disputed";
  layer.setAttribute("aria-hidden", "true");
  byId("layer").after(layer);
  let seen = "";
  app.host.addEventListener("click", (event) => {
    const found = under(app, review, event);
    if (found && found.id !== review.id) {
      review.id = found.id;
      review.onchange();
    }
  });
  return () => {
    if (!app.task) return;
    layer.replaceChildren(...review.decisions.flatMap((d) => marks(app, review, d)));
    const { current } = review;
    const at = `${app.task.id} ${current?.id}`;
    if (current && at !== seen) requestAnimationFrame(() => show(app, current));
    seen = at;
  };
}

/** @param {App} app @param {Review} review @param {Decision} decision */
function marks(app, review, decision) {
  const current = decision.id === review.id;
  const open = review.rulingOf(decision) === null;
  if (!open && !current) return [];
  const className = `mark ${classOf(decision)} ${open ? "open" : "settled"}`;
  const places = placesOf(decision).flatMap((place) => app.text.boxesOf(place)).map((b) => boxNode(className, b));
  return current ? [...places, ...parties(decision).flatMap((party, i) => frames(app, review, party, i))] : places;
}

/**
 * Return the frames around what some annotators say, with their keys.
 * @param {App} app
 * @param {Review} review
 * @param {{names: string[], items: any[]}} party
 * @param {number} index
 */
function frames(app, review, { names, items }, index) {
  const digits = names.map((name) => review.names.indexOf(name) + 1).join(" ");
  const ends = items.flatMap((item) => (item.head ? [[item.head, "●"], [item.child, "◆"]] : item.answer ? [] : [[[item.start, item.end], ""]]));
  return ends.flatMap(([[start, end], sign]) => {
    const boxes = app.text.boxesOf({ start, end });
    const nodes = boxes.map((b) => boxNode(`frame p${index % 3}`, b, STEP.frame * (index + 1)));
    return boxes.length ? [...nodes, badge(app, `${digits}${sign}`, boxes[0], index, start)] : nodes;
  });
}

/** @param {App} app @param {string} text @param {import("../text.js").Box} box @param {number} index @param {number} start */
function badge(app, text, box, index, start) {
  const node = element("kbd", `badge p${index % 3}`);
  node.textContent = text;
  const rtl = app.text.paragraphs[app.text.paragraphOf(start)].dir !== "ltr";
  const step = STEP.badge + STEP.letter * text.length;
  const x = rtl ? box.x + box.width - step * index : box.x + step * index;
  node.style.translate = rtl ? "-100% -80%" : "0 -80%";
  node.style.left = `${x}px`;
  node.style.top = `${box.y}px`;
  return node;
}

/** @param {string} className @param {import("../text.js").Box} box @param {number} [grown] pixels on each side */
function boxNode(className, { x, y, width, height }, grown = 0) {
  const node = element("i", className);
  Object.assign(node.style, { left: `${x - grown}px`, top: `${y - grown}px`, width: `${width + 2 * grown}px`, height: `${height + 2 * grown}px` });
  return node;
}

/** Scroll to a disagreement, if it is out of sight. @param {App} app @param {Decision} decision */
function show(app, decision) {
  const boxes = placesOf(decision).flatMap((place) => app.text.boxesOf(place));
  if (!boxes.length) return;
  const origin = app.host.getBoundingClientRect().top;
  const [top, bottom] = [Math.min(...boxes.map((b) => b.y)), Math.max(...boxes.map((b) => b.y + b.height))];
  const [first, last] = [byId("bar").getBoundingClientRect().bottom + 40, byId("dock").getBoundingClientRect().top - 40];
  if (origin + top < first || origin + bottom > last) scrollBy({ top: origin + top - first - 60, behavior: "instant" });
}

/** @param {App} app @param {Review} review @param {MouseEvent} event */
function under(app, review, { clientX: x, clientY: y }) {
  const { left, top } = app.host.getBoundingClientRect();
  const inside = (/** @type {import("../text.js").Box} */ b) =>
    x - left >= b.x && x - left <= b.x + b.width && y - top >= b.y && y - top <= b.y + b.height;
  return review.decisions.find((d) => placesOf(d).some((place) => app.text.boxesOf(place).some(inside)));
}
