// @ts-check
/** What is decided in a review: pure functions on documents that carry, besides the annotation, the sides taken. */

import { addRelation, addSpan, overlap, removeRelation, removeSpan, same, sameRelation } from "../document.js";

/**
 * @typedef {import("../document.js").Doc} Doc
 * @typedef {{start: number, end: number, label: string}} SpanItem
 * @typedef {{head: import("../document.js").End, child: import("../document.js").End, label: string}} RelationItem
 * @typedef {SpanItem|RelationItem} Item a span or a relation as an annotator has it
 * @typedef {string|Item[]} Side the name of an annotator, "none", or what somebody wrote instead
 * @typedef {{id: string, kind: string, start: number, end: number, ends?: [number, number][],
 *   says: Record<string, any[]>, ruling: Side|null, by: string|null}} Decision
 * @typedef {{spans: any[], relations: any[], decisions: Decision[], open: number, waiting: number}} Resolution
 * @typedef {{sides: Record<string, Side>, resolution: Resolution}} Review
 * @typedef {Doc & {review: Review}} Reviewed
 */

/** The side of a decision where nobody is right. */
export const NONE = "none";

/** The kind of a decision on the answer as a whole. */
export const ANSWER = "answer";

/**
 * Return what a decision was ruled, null where it is open.
 * @param {Review} review
 * @param {Decision} decision
 * @returns {Side|null}
 */
export function rulingOf({ sides }, { id, ruling }) {
  const side = sides[id];
  return Array.isArray(side) ? side : (ruling ?? null);
}

/**
 * Return the decisions that are still open.
 * @param {Review} review
 */
export const openOf = (review) => review.resolution.decisions.filter((d) => rulingOf(review, d) === null);

/**
 * Return a document with what sides lead to now in place of what they led to before. What was written freely stays.
 * @param {Reviewed} doc
 * @param {Resolution} next
 * @param {Record<string, Side>} sides
 * @returns {Reviewed}
 */
export function merged(doc, next, sides) {
  const before = doc.review.resolution;
  const own = Object.values(sides).flatMap((side) => (Array.isArray(side) ? side : []));
  const kept = (/** @type {any} */ item) => own.some((o) => alike(o, item));
  const gone = (/** @type {readonly any[]} */ old, /** @type {readonly any[]} */ now) => old.filter((o) => !has(now, o) && !kept(o));
  let out = /** @type {Doc} */ (doc);
  for (const span of gone(before.spans, next.spans)) if (has(out.spans, span)) out = removeSpan(out, span);
  for (const span of next.spans) if (!has(before.spans, span) && !has(out.spans, span)) out = addSpan(out, span);
  for (const relation of gone(before.relations, next.relations)) out = removeRelation(out, relation);
  for (const r of next.relations) if (!has(before.relations, r) || has(doc.relations, r)) out = addRelation(out, r);
  return { ...out, review: { sides, resolution: next } };
}

/**
 * Return the sides that a document stands for: those that were taken, and where it says something else, that.
 * @param {Reviewed} doc
 * @returns {Record<string, Side>}
 */
export function impliedSides(doc) {
  const { sides, resolution } = doc.review;
  const implied = { ...sides };
  for (const decision of resolution.decisions.filter((d) => d.kind !== ANSWER)) {
    const mine = at(doc, decision);
    if (equal(mine, at(/** @type {any} */ (resolution), decision))) {
      // What was written freely and is taken back is no side any more.
      if (Array.isArray(sides[decision.id]) && decision.ruling === null) delete implied[decision.id];
    } else implied[decision.id] = sideOf(decision, mine);
  }
  return implied;
}

/**
 * Say whether a side can be taken: the ends of its relations must be spans by now.
 * @param {{spans: readonly any[]}} said a document or a resolution
 * @param {any[]} [items] what the side says
 */
export function isPossible({ spans }, items) {
  const isSpan = (/** @type {[number, number]} */ [start, end]) => spans.some((s) => same(s, { start, end }));
  return Boolean(items?.every((item) => !item.head || (isSpan(item.head) && isSpan(item.child))));
}

/**
 * Say whether two sets of sides are the same.
 * @param {Record<string, Side>} a
 * @param {Record<string, Side>} b
 */
export const sameSides = (a, b) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

/**
 * Return the annotators of a decision by what they say, each thing once.
 * @param {Decision} decision
 * @returns {{names: string[], items: any[]}[]}
 */
export function parties({ says }) {
  /** @type {{names: string[], items: any[]}[]} */
  const found = [];
  for (const [name, items] of Object.entries(says)) {
    const party = found.find((p) => equal(p.items, items));
    if (party) party.names.push(name);
    else found.push({ names: [name], items });
  }
  return found;
}

/**
 * Say whether a decision was ruled as an annotator has it.
 * @param {Decision} decision
 * @param {Side|null} ruling
 * @param {string} name
 */
export function isTaken({ says }, ruling, name) {
  if (ruling === null || Array.isArray(ruling)) return false;
  return ruling === name || equal(says[ruling] ?? (ruling === NONE ? [] : [{ answer: ruling }]), says[name]);
}

/** @param {Decision} decision @param {any[]} mine @returns {Side} */
function sideOf({ says }, mine) {
  const agreeing = Object.entries(says).find(([, items]) => equal(items, mine));
  return agreeing ? agreeing[0] : mine.length ? mine.map(plain) : NONE;
}

/**
 * Return what a document has at the place of a decision: spans, or relations between spans over its two ends.
 * @param {Doc} doc
 * @param {Decision} decision
 * @returns {any[]}
 */
function at(doc, { start, end, ends }) {
  if (!ends) return doc.spans.filter((s) => overlap(s, { start, end }));
  const [one, other] = ends.map(([from, to]) => ({ start: from, end: to }));
  const over = (/** @type {any} */ [from, to], /** @type {any} */ place) => overlap({ start: from, end: to }, place);
  return doc.relations.filter(
    (r) => (over(r.head, one) && over(r.child, other)) || (over(r.head, other) && over(r.child, one)),
  );
}

/** @param {readonly any[]} items @param {any} item */
const has = (items, item) => items.some((i) => alike(i, item));

/** @param {any[]} a @param {any[]} b */
const equal = (a, b) => a.length === b.length && a.every((item) => has(b, item));

/** @param {any} a @param {any} b */
function alike(a, b) {
  if (a.answer || b.answer) return a.answer === b.answer;
  if (Boolean(a.head) !== Boolean(b.head)) return false;
  return a.head ? sameRelation(a, b) : same(a, b) && a.label === b.label;
}

/** @param {any} item @returns {Item} */
function plain({ start, end, head, child, label }) {
  return head ? { head, child, label } : { start, end, label };
}

/**
 * Return the places of a decision in the text.
 * @param {Decision} decision
 * @returns {import("../offsets.js").Range[]}
 */
export const placesOf = ({ kind, start, end, ends }) =>
  kind === ANSWER ? [] : ends ? ends.map(([from, to]) => ({ start: from, end: to })) : [{ start, end }];
