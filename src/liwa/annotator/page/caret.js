// @ts-check
/** Where the selection goes by keyboard: pure functions on ranges, in the logical order of the text. */

import { below } from "./offsets.js";

/**
 * @typedef {import("./offsets.js").Range} Range
 * @typedef {import("./tokens.js").Tokens} Tokens
 * @typedef {"token"|"letter"} Unit
 * @typedef {Range & {backward?: boolean}} Selected backward: the end that moves is the first
 */

/**
 * Return the next unit behind a range or, backward, the one before it.
 * @param {Tokens} tokens
 * @param {Range|null} range null stands before the text, or behind it
 * @param {boolean} forward
 * @param {Unit} unit
 * @returns {Selected|undefined}
 */
export function step(tokens, range, forward, unit) {
  return unitFrom(tokens, range ? (forward ? range.end : range.start) : forward ? 0 : tokens.offsets.length, forward, unit);
}

/**
 * Return a selection with its moving end one unit further; past the unit where it began it turns round.
 * @param {Tokens} tokens
 * @param {Selected} range
 * @param {boolean} forward
 * @param {Unit} unit
 * @returns {Selected|undefined}
 */
export function extend(tokens, range, forward, unit) {
  const backward = range.backward ?? false;
  if (forward !== backward) return grown(tokens, range, forward, unit);
  // The moving end comes back by one unit, unless that is the unit where the selection began.
  const last = unitFrom(tokens, forward ? range.start : range.end, forward, unit);
  if (!last) return undefined;
  if (forward ? last.end >= range.end : last.start <= range.start) return grown(tokens, range, forward, unit);
  const next = unitFrom(tokens, forward ? last.end : last.start, forward, unit);
  if (!next) return undefined;
  return forward ? { start: next.start, end: range.end, backward } : { start: range.start, end: next.end, backward };
}

/**
 * Return a range with one of its ends moved by a letter; a range of one letter moves as a whole.
 * @param {Tokens} tokens
 * @param {Range} range
 * @param {"start"|"end"} side
 * @param {boolean} forward
 * @returns {Selected|undefined}
 */
export function nudge(tokens, range, side, forward) {
  const atStart = side === "start";
  if (atStart !== forward) {
    const letter = tokens.letterFrom(atStart ? range.start : range.end, forward);
    if (!letter) return undefined;
    return atStart ? { start: letter.start, end: range.end } : { start: range.start, end: letter.end };
  }
  const lost = tokens.letterFrom(atStart ? range.start : range.end, forward);
  const next = lost && tokens.letterFrom(forward ? lost.end : lost.start, forward);
  if (!lost || !next) return undefined;
  if (atStart) return next.start < range.end ? { start: next.start, end: range.end } : next;
  return next.end > range.start ? { start: range.start, end: next.end } : next;
}

/**
 * Return the token on the line above or below that stands nearest to a range.
 * @param {Tokens} tokens
 * @param {(range: Range) => import("./text.js").Box[]} boxesOf
 * @param {Range} range
 * @param {boolean} down
 * @param {number} [x] where to go, if not straight up or down
 * @returns {Range|undefined}
 */
export function vertical(tokens, boxesOf, range, down, x) {
  const boxes = boxesOf(range);
  const from = boxes[down ? boxes.length - 1 : 0];
  if (!from) return undefined;
  const lines = rowsFrom(tokens, boxesOf, range, down);
  const line = lines.find((l) => (down ? l.line > from.line : l.line < from.line));
  const aim = x ?? from.x + from.width / 2;
  return line?.tokens.reduce((a, b) => (distance(b, aim) < distance(a, aim) ? b : a)).token;
}

/**
 * Return the first or last token on the line of a range.
 * @param {Tokens} tokens
 * @param {(range: Range) => import("./text.js").Box[]} boxesOf
 * @param {Range} range
 * @param {boolean} last
 * @returns {Range|undefined}
 */
export function lineEnd(tokens, boxesOf, range, last) {
  return rowsFrom(tokens, boxesOf, range, last)[0]?.tokens.at(-1)?.token;
}

/**
 * Return the tokens from a range on, away from it, line by line: the line of the range and the next.
 * @param {Tokens} tokens
 * @param {(range: Range) => import("./text.js").Box[]} boxesOf
 * @param {Range} range
 * @param {boolean} forward
 */
function rowsFrom(tokens, boxesOf, range, forward) {
  /** @type {{line: number, tokens: {token: Range, box: import("./text.js").Box}[]}[]} */
  const rows = [];
  const { list } = tokens;
  const inside = (/** @type {number} */ i) => (forward ? list[i].end <= range.start : list[i].start < range.end);
  const first = below(list.length, inside) - (forward ? 0 : 1);
  for (let i = first; i >= 0 && i < list.length; i += forward ? 1 : -1) {
    const box = boxesOf(list[i])[0];
    if (!box) continue;
    if (rows.at(-1)?.line !== box.line) rows.push({ line: box.line, tokens: [] });
    if (rows.length > 2) break;
    rows[rows.length - 1].tokens.push({ token: list[i], box });
  }
  return rows;
}

/** @param {{box: import("./text.js").Box}} entry @param {number} x */
const distance = ({ box }, x) => Math.max(box.x - x, x - box.x - box.width, 0);

/**
 * @param {Tokens} tokens
 * @param {number} point
 * @param {boolean} forward
 * @param {Unit} unit
 */
function unitFrom(tokens, point, forward, unit) {
  if (unit === "letter") return tokens.letterFrom(point, forward);
  // From the middle of a token, the token itself is the next unit.
  const within = forward ? tokens.at(point) : tokens.at(point - 1);
  return within ?? (forward ? tokens.after(point) : tokens.before(point));
}

/**
 * @param {Tokens} tokens
 * @param {Selected} range
 * @param {boolean} forward
 * @param {Unit} unit
 */
function grown(tokens, range, forward, unit) {
  const next = unitFrom(tokens, forward ? range.end : range.start, forward, unit);
  if (!next) return undefined;
  return forward
    ? { start: range.start, end: next.end, backward: false }
    : { start: next.start, end: range.end, backward: true };
}
