// @ts-check
/** Code points in the data, UTF-16 units in the browser: this table converts, and nothing else does. */

/**
 * @typedef {{start: number, end: number}} Range code points, end exclusive
 * @typedef {{start: number, end: number, text?: string}} Quoted a range that may say which characters it holds
 */

/** The two ways of counting the characters of one text. A lone surrogate counts one, as it does in Python. */
export class Offsets {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    /** Code-point offsets of the characters that take two units, ascending. */
    this.pairs = pairsOf(text);
    /** Length in code points. */
    this.length = text.length - this.pairs.length;
  }

  /**
   * Return the unit offset of a code-point offset.
   * @param {number} point
   */
  toUnits(point) {
    return point + below(this.pairs.length, (i) => this.pairs[i] < point);
  }

  /**
   * Return the code-point offset of a unit offset; inside a pair, that of its character.
   * @param {number} unit
   */
  toPoints(unit) {
    return unit - below(this.pairs.length, (i) => this.pairs[i] + i < unit);
  }

  /**
   * Return the characters between two code-point offsets.
   * @param {number} start
   * @param {number} end
   */
  slice(start, end) {
    return this.text.slice(this.toUnits(start), this.toUnits(end));
  }

  /**
   * Return the first range that lies outside the text or whose characters are not those that it quotes.
   * @param {Quoted[]} ranges
   */
  firstWrong(ranges) {
    return ranges.find((r) => {
      const inside = Number.isInteger(r.start) && Number.isInteger(r.end) && 0 <= r.start && r.start < r.end;
      return !inside || r.end > this.length || (r.text !== undefined && this.slice(r.start, r.end) !== r.text);
    });
  }
}

/**
 * Return how many of the first `length` indices satisfy a test that holds up to some index and then no more.
 * @param {number} length
 * @param {(index: number) => boolean} test
 */
export function below(length, test) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {string} text */
function pairsOf(text) {
  const found = [];
  for (let unit = 0; unit < text.length - 1; unit++) {
    if (/** @type {number} */ (text.codePointAt(unit)) > 0xffff) found.push(unit++ - found.length);
  }
  return found;
}
