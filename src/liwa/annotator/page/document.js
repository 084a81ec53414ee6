// @ts-check
/** The annotation of one task: an immutable value, and pure functions from one to the next. */

/**
 * @typedef {"pre"|"mine"} Origin "pre" until a person has touched it
 * @typedef {{start: number, end: number, label: string, origin: Origin}} Span code points, end exclusive
 * @typedef {[number, number]} End a relation's end: start and end of its span
 * @typedef {{head: End, child: End, label: string, origin: Origin}} Relation
 * @typedef {{spans: readonly Span[], relations: readonly Relation[], comment: string, flagged: boolean}} Doc
 *   spans in the order of the text, none over another
 * @typedef {import("./offsets.js").Range} Range
 */

/** @type {Doc} */
export const EMPTY = Object.freeze({ spans: [], relations: [], comment: "", flagged: false });

/** @param {Range} a @param {Range} b */
export const same = (a, b) => a.start === b.start && a.end === b.end;

/** @param {Range} a @param {Range} b */
export const overlap = (a, b) => a.start < b.end && b.start < a.end;

/** @param {Range} span @returns {End} */
export const endOf = (span) => [span.start, span.end];

/** @param {End} end @param {Range} span */
export const isEnd = (end, span) => end[0] === span.start && end[1] === span.end;

/**
 * Return the span that is an end of a relation.
 * @param {Doc} doc
 * @param {End} end
 */
export const spanOf = (doc, end) => doc.spans.find((s) => isEnd(end, s));

/**
 * Return the span with exactly this range.
 * @param {Doc} doc
 * @param {Range|null|undefined} range
 */
export const spanAt = (doc, range) => (range ? doc.spans.find((s) => same(s, range)) : undefined);

/**
 * Return the spans that a range touches.
 * @param {Doc} doc
 * @param {Range} range
 */
export const spansIn = (doc, range) => doc.spans.filter((s) => overlap(s, range));

/**
 * Add a span; it replaces those that it overlaps.
 * @param {Doc} doc
 * @param {Range & {label: string}} span
 * @param {Origin} [origin]
 * @returns {Doc}
 */
export function addSpan(doc, { start, end, label }, origin = "mine") {
  const cleared = spansIn(doc, { start, end }).reduce(removeSpan, doc);
  return { ...cleared, spans: sorted([...cleared.spans, { start, end, label, origin }]) };
}

/**
 * Remove a span and its relations.
 * @param {Doc} doc
 * @param {Range} span
 * @returns {Doc}
 */
export function removeSpan(doc, span) {
  return {
    ...doc,
    spans: doc.spans.filter((s) => !same(s, span)),
    relations: doc.relations.filter((r) => !isEnd(r.head, span) && !isEnd(r.child, span)),
  };
}

/**
 * Give a span another label, or confirm the one it has; relations that would be illegal go.
 * @param {Doc} doc
 * @param {Range} span
 * @param {string} label
 * @param {import("./scheme.js").Scheme} scheme
 * @returns {Doc}
 */
export function relabel(doc, span, label, scheme) {
  const spans = doc.spans.map((s) => (same(s, span) ? { ...s, label, origin: /** @type {Origin} */ ("mine") } : s));
  const next = { ...doc, spans };
  return { ...next, relations: doc.relations.filter((r) => isLegal(next, r, scheme)) };
}

/**
 * Move the ends of a span; its relations follow, other spans that it now covers go.
 * @param {Doc} doc
 * @param {Range} span
 * @param {Range} range
 * @returns {Doc}
 */
export function resize(doc, span, range) {
  const old = spanAt(doc, span);
  if (!old || same(span, range)) return doc;
  const cleared = spansIn(doc, range)
    .filter((s) => s !== old)
    .reduce(removeSpan, doc);
  /** @type {Span} */
  const moved = { ...old, start: range.start, end: range.end, origin: "mine" };
  const follow = (/** @type {End} */ end) => (isEnd(end, span) ? endOf(range) : end);
  return {
    ...cleared,
    spans: sorted(cleared.spans.map((s) => (s === old ? moved : s))),
    relations: cleared.relations.map((r) => ({ ...r, head: follow(r.head), child: follow(r.child) })),
  };
}

/**
 * Add spans of one label over ranges that touch no span yet.
 * @param {Doc} doc
 * @param {Range[]} ranges
 * @param {string} label
 * @param {Origin} [origin]
 * @returns {Doc}
 */
export function propagate(doc, ranges, label, origin = "mine") {
  const free = ranges.filter((r) => !spansIn(doc, r).length);
  if (!free.length) return doc;
  return { ...doc, spans: sorted([...doc.spans, ...free.map(({ start, end }) => ({ start, end, label, origin }))]) };
}

/**
 * Add a relation between two spans, unless it is there or an end is no span.
 * @param {Doc} doc
 * @param {{head: End, child: End, label: string}} relation
 * @returns {Doc}
 */
export function addRelation(doc, { head, child, label }) {
  const ends = spanOf(doc, head) && spanOf(doc, child) && String(head) !== String(child);
  if (!ends || doc.relations.some((r) => sameRelation(r, { head, child, label }))) return doc;
  return { ...doc, relations: [...doc.relations, { head, child, label, origin: "mine" }] };
}

/**
 * @param {Doc} doc
 * @param {Relation} relation
 * @returns {Doc}
 */
export function removeRelation(doc, relation) {
  return { ...doc, relations: doc.relations.filter((r) => !sameRelation(r, relation)) };
}

/**
 * Give a relation another type.
 * @param {Doc} doc
 * @param {Relation} relation
 * @param {string} label
 * @returns {Doc}
 */
export function retype(doc, relation, label) {
  return replaceRelation(doc, relation, { ...relation, label });
}

/**
 * Turn a relation round, as a given type or its own.
 * @param {Doc} doc
 * @param {Relation} relation
 * @param {string} [label]
 * @returns {Doc}
 */
export function flip(doc, relation, label = relation.label) {
  return replaceRelation(doc, relation, { ...relation, head: relation.child, child: relation.head, label });
}

/**
 * Confirm a pre-annotated span, or without one everything that was pre-annotated.
 * @param {Doc} doc
 * @param {Range} [span]
 * @returns {Doc}
 */
export function touch(doc, span) {
  const waits = (/** @type {Span} */ s) => s.origin === "pre" && (!span || same(s, span));
  if (!doc.spans.some(waits) && (span || doc.relations.every((r) => r.origin === "mine"))) return doc;
  return {
    ...doc,
    spans: doc.spans.map((s) => (waits(s) ? { ...s, origin: "mine" } : s)),
    relations: span ? doc.relations : doc.relations.map((r) => ({ ...r, origin: "mine" })),
  };
}

/**
 * Set the comment and the flag.
 * @param {Doc} doc
 * @param {{comment?: string, flagged?: boolean}} note
 * @returns {Doc}
 */
export function annotate(doc, { comment = doc.comment, flagged = doc.flagged }) {
  return comment === doc.comment && flagged === doc.flagged ? doc : { ...doc, comment, flagged };
}

/**
 * Say whether two relations link the same spans in the same direction by the same type.
 * @param {{head: End, child: End, label: string}} a
 * @param {{head: End, child: End, label: string}} b
 */
export function sameRelation(a, b) {
  return a.label === b.label && String(a.head) === String(b.head) && String(a.child) === String(b.child);
}

/**
 * Say whether a relation's ends are spans that its type may link.
 * @param {Doc} doc
 * @param {{head: End, child: End, label: string}} relation
 * @param {import("./scheme.js").Scheme} scheme
 */
export function isLegal(doc, relation, scheme) {
  const head = spanOf(doc, relation.head);
  const child = spanOf(doc, relation.child);
  return Boolean(head && child && head !== child && scheme.allows(relation.label, head.label, child.label));
}

/**
 * @param {Doc} doc
 * @param {Relation} old
 * @param {Relation} next
 * @returns {Doc}
 */
function replaceRelation(doc, old, next) {
  const others = doc.relations.filter((r) => !sameRelation(r, old));
  if (others.length === doc.relations.length || sameRelation(old, next)) return doc;
  const twin = others.some((r) => sameRelation(r, next));
  /** @type {Relation} */
  const mine = { ...next, origin: "mine" };
  return { ...doc, relations: twin ? others : doc.relations.map((r) => (sameRelation(r, old) ? mine : r)) };
}

/** @param {Span[]} spans */
const sorted = (spans) => spans.sort((a, b) => a.start - b.start || a.end - b.end);
