// @ts-check
/** What relations there may be: pure functions on documents and schemes. */

import { endOf, sameRelation } from "../document.js";

/**
 * @typedef {import("../document.js").Doc} Doc
 * @typedef {import("../document.js").Span} Span
 * @typedef {import("../document.js").Relation} Relation
 * @typedef {import("../scheme.js").Scheme} Scheme
 * @typedef {{head: Span, child: Span, label: string}} Option a relation that may be made
 */

/**
 * Return a relation's identity: its ends and its type.
 * @param {Relation} relation
 */
export const keyOf = ({ head, child, label }) => `${head.join("-")} ${child.join("-")} ${label}`;

/**
 * Return the relation with this identity, if the document has it.
 * @param {Doc} doc
 * @param {string|null} key
 */
export const relationOf = (doc, key) => doc.relations.find((r) => keyOf(r) === key);

/** @type {{doc: Doc|null, spans: Map<string, Span>}} */
let indexed = { doc: null, spans: new Map() };

/**
 * Return the spans that are the ends of a relation; quick for many relations of one document.
 * @param {Doc} doc
 * @param {Relation} relation
 * @returns {[Span, Span]|undefined} head and child
 */
export function endsOf(doc, relation) {
  if (indexed.doc !== doc) indexed = { doc, spans: new Map(doc.spans.map((s) => [String(endOf(s)), s])) };
  const [head, child] = [relation.head, relation.child].map((end) => indexed.spans.get(String(end)));
  return head && child && [head, child];
}

/**
 * Return the relations of a document in the order of the text.
 * @param {Doc} doc
 */
export const ordered = (doc) => [...doc.relations].sort((a, b) => a.head[0] - b.head[0] || a.child[0] - b.child[0]);

/**
 * Return the identities of the relations that a span is an end of.
 * @param {Doc} doc
 * @param {Span} span
 */
export function keysAt(doc, span) {
  const at = String(endOf(span));
  return doc.relations.filter((r) => String(r.head) === at || String(r.child) === at).map(keyOf);
}

/**
 * Return the relations that may still be made between two spans, drawn from the first to the second. Where only the
 * other direction is legal, that is what is meant.
 * @param {Doc} doc
 * @param {Scheme} scheme
 * @param {Span} from
 * @param {Span} to
 * @returns {Option[]}
 */
export function between(doc, scheme, from, to) {
  if (from === to) return [];
  const made = (/** @type {Span} */ head, /** @type {Span} */ child) =>
    scheme.legal(head.label, child.label).map(({ name }) => ({ head, child, label: name }));
  const options = from.label === to.label ? made(from, to) : [...made(from, to), ...made(to, from)];
  return options.filter((o) => !exists(doc, o));
}

/**
 * Return the relations that a span may still be given, the nearest other end first, those in its paragraph before all.
 * @param {Doc} doc
 * @param {Scheme} scheme
 * @param {Span} span
 * @param {{label?: string, reverse?: boolean}} wanted a type; whether the span is to be the child
 * @param {(point: number) => number} paragraphOf index of a code point's paragraph
 * @returns {{span: Span, options: Option[]}[]}
 */
export function candidates(doc, scheme, span, { label, reverse = false }, paragraphOf) {
  const home = paragraphOf(span.start);
  const away = (/** @type {Span} */ s) => (s.start >= span.end ? s.start - span.end : span.start - s.end);
  const abroad = (/** @type {Span} */ s) => Number(paragraphOf(s.start) !== home);
  return doc.spans
    .map((other) => {
      const options = reverse ? between(doc, scheme, other, span) : between(doc, scheme, span, other);
      return { span: other, options: options.filter((o) => !label || o.label === label) };
    })
    .filter((c) => c.options.length)
    .sort((a, b) => abroad(a.span) - abroad(b.span) || away(a.span) - away(b.span) || a.span.start - b.span.start);
}

/**
 * Return what a relation may be changed to: other types in its direction, and types of the other direction.
 * @param {Doc} doc
 * @param {Scheme} scheme
 * @param {Relation} relation
 * @returns {{retype: string[], flip: string[]}} flip: its own type first
 */
export function changes(doc, scheme, relation) {
  const [head, child] = endsOf(doc, relation) ?? [];
  if (!head || !child) return { retype: [], flip: [] };
  const names = (/** @type {Span} */ a, /** @type {Span} */ b) => scheme.legal(a.label, b.label).map((r) => r.name);
  const own = (/** @type {string} */ name) => Number(name !== relation.label);
  return {
    retype: names(head, child).filter((name) => name !== relation.label),
    flip: names(child, head).sort((a, b) => own(a) - own(b)),
  };
}

/**
 * Confirm a relation that was suggested.
 * @param {Doc} doc
 * @param {Relation} relation
 * @returns {Doc}
 */
export function confirm(doc, relation) {
  if (relation.origin !== "pre") return doc;
  return { ...doc, relations: doc.relations.map((r) => (r === relation ? { ...r, origin: "mine" } : r)) };
}

/** @param {Doc} doc @param {Option} option */
const exists = (doc, { head, child, label }) =>
  doc.relations.some((r) => sameRelation(r, { head: endOf(head), child: endOf(child), label }));
