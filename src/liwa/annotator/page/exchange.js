// @ts-check
/** From what the server sends to a document and back; what a span quotes is held against the text both times. */

import { EMPTY, isLegal, overlap } from "./document.js";

/**
 * @typedef {import("./document.js").Doc} Doc
 * @typedef {import("./offsets.js").Offsets} Offsets
 */

/** A task that cannot be shown or saved, since a span and the text disagree. */
export class Mismatch extends Error {}

/**
 * Return the document that a task stands for: the annotator's last answer or draft, else the pre-annotation.
 * @param {any} task as the server sends it
 * @param {Offsets} offsets
 * @param {import("./scheme.js").Scheme} scheme
 * @returns {{doc: Doc, dropped: number}} dropped: spans and relations of the pre-annotation that cannot be
 */
export function fromTask(task, offsets, scheme) {
  const said = task.state ?? { spans: task.spans, relations: task.relations };
  requireTexts(offsets, said.spans);
  const origin = task.state ? "mine" : "pre";
  const spans = flat(said.spans.filter((/** @type {any} */ s) => scheme.byName.has(s.label))).map((s) => ({
    start: s.start,
    end: s.end,
    label: s.label,
    origin: s.origin ?? origin,
  }));
  const doc = { ...EMPTY, spans, comment: said.comment ?? "", flagged: said.flagged ?? false };
  const relations = said.relations
    .filter((/** @type {any} */ r) => isLegal(doc, r, scheme))
    .map((/** @type {any} */ r) => ({ head: r.head, child: r.child, label: r.label, origin: r.origin ?? origin }));
  const dropped = said.spans.length - spans.length + said.relations.length - relations.length;
  return { doc: { ...doc, relations }, dropped };
}

/**
 * Return what the server stores of a document.
 * @param {Doc} doc
 * @param {Offsets} offsets
 */
export function toBody(doc, offsets) {
  const spans = doc.spans.map((s) => ({ ...s, text: offsets.slice(s.start, s.end) }));
  requireTexts(offsets, spans);
  return { spans, relations: [...doc.relations], comment: doc.comment, flagged: doc.flagged };
}

/**
 * Throw Mismatch unless every span lies in the text and quotes it rightly.
 * @param {Offsets} offsets
 * @param {import("./offsets.js").Quoted[]} spans
 */
export function requireTexts(offsets, spans) {
  const wrong = offsets.firstWrong(spans);
  if (!wrong) return;
  const found = offsets.slice(wrong.start, wrong.end);
  throw new Mismatch(`${wrong.start}–${wrong.end}: “${found}” ≠ “${wrong.text ?? ""}”`);
}

/**
 * Return spans in order, without those that lie over an earlier one.
 * @param {any[]} spans
 */
function flat(spans) {
  const kept = /** @type {any[]} */ ([]);
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (!kept.length || !overlap(kept[kept.length - 1], span)) kept.push(span);
  }
  return kept;
}
