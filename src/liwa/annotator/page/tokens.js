// @ts-check
/** Where words and letters begin and end, in the logical order of the text; all offsets are code points. */

import { below } from "./offsets.js";

/** @typedef {import("./offsets.js").Range} Range */

/** Letters are looked for in a window of this many units on each side. */
const WINDOW = 96;

/** @type {Intl.Segmenter|undefined} made when it is first asked for: the browser takes 15 ms */
let segmenter;

/** The tokens of one text, and its letters (grapheme clusters). */
export class Tokens {
  /**
   * @param {import("./offsets.js").Offsets} offsets
   * @param {[number, number][]} tokens where each begins and ends, ascending and disjoint; white space is none here
   */
  constructor(offsets, tokens) {
    this.offsets = offsets;
    this.list = tokens.map(([start, end]) => ({ start, end })).filter((t) => offsets.slice(t.start, t.end).trim());
    this.starts = new Set(this.list.map((t) => t.start));
    this.ends = new Set(this.list.map((t) => t.end));
  }

  /**
   * Return the token that holds an offset, if one does.
   * @param {number} point
   * @returns {Range|undefined}
   */
  at(point) {
    const token = this.list[this.#endingBefore(point)];
    return token && token.start <= point ? token : undefined;
  }

  /**
   * Return the first token that starts at an offset or after it.
   * @param {number} point
   * @returns {Range|undefined}
   */
  after(point) {
    return this.list[below(this.list.length, (i) => this.list[i].start < point)];
  }

  /**
   * Return the last token that ends at an offset or before it.
   * @param {number} point
   * @returns {Range|undefined}
   */
  before(point) {
    return this.list[below(this.list.length, (i) => this.list[i].end <= point) - 1];
  }

  /**
   * Return the smallest run of whole tokens that holds a range, without white space at its ends; undefined if none.
   * @param {Range} range
   * @returns {Range|undefined}
   */
  snap({ start, end }) {
    const first = this.at(start) ?? this.after(start);
    const last = this.at(end - 1) ?? this.before(end);
    if (!first || !last || first.start > last.start) return undefined;
    return { start: first.start, end: last.end };
  }

  /**
   * Say whether a range begins and ends where tokens do.
   * @param {Range} range
   */
  aligned({ start, end }) {
    return this.starts.has(start) && this.ends.has(end);
  }

  /**
   * Return the letter that holds an offset: a base with its diacritics, an emoji with its joiners.
   * @param {number} point
   * @returns {Range|undefined} undefined at the ends of the text
   */
  letterAt(point) {
    if (point < 0 || point >= this.offsets.length) return undefined;
    const unit = this.offsets.toUnits(point);
    const from = Math.max(0, unit - WINDOW);
    segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
    const letter = segmenter.segment(this.offsets.text.slice(from, unit + WINDOW)).containing(unit - from);
    if (!letter) return undefined;
    const start = from + letter.index;
    return { start: this.offsets.toPoints(start), end: this.offsets.toPoints(start + letter.segment.length) };
  }

  /**
   * Return the next letter that is not white space, from an offset on or, backward, before it.
   * @param {number} point
   * @param {boolean} forward
   * @returns {Range|undefined}
   */
  letterFrom(point, forward) {
    let letter = this.letterAt(forward ? point : point - 1);
    while (letter && !this.offsets.slice(letter.start, letter.end).trim()) {
      letter = this.letterAt(forward ? letter.end : letter.start - 1);
    }
    return letter;
  }

  /** @param {number} point */
  #endingBefore(point) {
    return below(this.list.length, (i) => this.list[i].end <= point);
  }
}

/**
 * Return a range without the white space at its ends; undefined if nothing is left.
 * @param {import("./offsets.js").Offsets} offsets
 * @param {Range} range
 * @returns {Range|undefined}
 */
export function trimmed(offsets, { start, end }) {
  const text = offsets.slice(start, end);
  const left = text.length - text.trimStart().length;
  const right = text.length - text.trimEnd().length;
  return left === text.length ? undefined : { start: start + left, end: end - right };
}
