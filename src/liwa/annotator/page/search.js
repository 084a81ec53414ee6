// @ts-check
/** Search in the article in any spelling: hits in the task are drawn behind its text, those around it are marked. */

import { find, folded } from "./fold.js";
import { Offsets } from "./offsets.js";
import { byId } from "./panel.js";
import { reveal } from "./frame.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("./offsets.js").Range} Range
 * @typedef {{range: Range, node: Text|null}} Hit node: the text node of the article around the task, null in the task
 */

/** Hits that are looked for at most. */
const MOST = 2000;

/**
 * Let the search field work; return what opens it.
 * @param {App} app
 */
export function mountSearch(app) {
  const form = byId("find");
  const field = /** @type {HTMLInputElement} */ (byId("needle"));
  /** @type {Hit[]} */
  let hits = [];
  let at = 0;
  const show = () => {
    paint(app, hits, at);
    const none = field.value.trim() ? app.t("search_none") : "";
    byId("finds").textContent = hits.length ? app.t("search_count", { n: at + 1, total: hits.length }) : none;
  };
  const search = () => {
    hits = field.value.trim() ? allHits(app, field.value) : [];
    const here = hits.findIndex((h) => !h.node);
    at = Math.max(0, here);
    show();
    toHit(app, hits[at]);
  };
  const step = (/** @type {number} */ by) => {
    if (!hits.length) return;
    at = (at + by + hits.length) % hits.length;
    show();
    toHit(app, hits[at]);
  };
  const close = () => {
    form.hidden = true;
    const hit = hits[at];
    hits = [];
    paint(app, hits, 0);
    if (hit && !hit.node) app.select({ range: app.tokens.snap(hit.range) ?? hit.range });
    app.host.focus({ preventScroll: true });
  };
  field.addEventListener("input", search);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.code === "Escape") close();
    else if (event.code === "Enter") step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  });
  form.addEventListener("click", (event) => {
    const by = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset.find;
    if (by === "0") close();
    else if (by) step(Number(by));
  });
  app.on("task", () => {
    hits = [];
    if (!form.hidden && field.value) queueMicrotask(search);
  });
  return () => {
    form.hidden = false;
    const { span, range } = app.selection;
    const what = span ?? range;
    if (what) field.value = app.surface(what);
    field.select();
    search();
    field.focus();
  };
}

/**
 * Return the hits in the article, in its order.
 * @param {App} app
 * @param {string} needle
 * @returns {Hit[]}
 */
function allHits(app, needle) {
  const inTask = find(folded(app.offsets.text), needle, MOST).map((range) => ({ range, node: null }));
  return [...around("before", needle), ...inTask, ...around("after", needle)];
}

/** @param {string} id @param {string} needle @returns {Hit[]} */
function around(id, needle) {
  return [...byId(id).querySelectorAll("p:not(.gap)")].flatMap((p) => {
    const node = /** @type {Text|null} */ (p.firstChild);
    if (!node) return [];
    return find(folded(node.data), needle, MOST).map((range) => ({ range, node }));
  });
}

/** @param {App} app @param {Hit[]} hits @param {number} at */
function paint(app, hits, at) {
  const here = hits.filter((h) => !h.node);
  app.found = { hits: here.map((h) => h.range), hit: here.indexOf(hits[at]) };
  app.draw();
  if (!CSS.highlights) return;
  const ranges = hits.filter((h) => h.node).map(domRange);
  CSS.highlights.set("hit", new Highlight(...ranges));
  CSS.highlights.set("current", new Highlight(...(hits[at]?.node ? [domRange(hits[at])] : [])));
}

/** @param {Hit} hit */
function domRange({ range, node }) {
  const text = /** @type {Text} */ (node);
  const offsets = new Offsets(text.data);
  const dom = document.createRange();
  dom.setStart(text, offsets.toUnits(range.start));
  dom.setEnd(text, offsets.toUnits(range.end));
  return dom;
}

/** @param {App} app @param {Hit|undefined} hit */
function toHit(app, hit) {
  if (!hit) return;
  const { top, bottom } = (hit.node ? domRange(hit) : app.text.domRange(hit.range)).getBoundingClientRect();
  reveal(top, bottom);
}
