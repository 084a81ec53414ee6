// @ts-check
/** Undo and redo without limit, over immutable values. */

/** @template T */
export class History {
  /** @param {T} value */
  constructor(value) {
    this.value = value;
    /** @type {T[]} */
    this.past = [];
    /** @type {T[]} */
    this.future = [];
    this.kind = "";
  }

  /**
   * Make a value the present one; say whether it is another than before.
   * @param {T} value
   * @param {string} [kind] steps of one kind, such as letters typed, become one
   */
  push(value, kind = "") {
    if (value === this.value) return false;
    if (!kind || kind !== this.kind) this.past.push(this.value);
    this.kind = kind;
    this.future = [];
    this.value = value;
    return true;
  }

  /** Go back one step; say whether there was one. */
  undo() {
    return this.#step(this.past, this.future);
  }

  /** Take back an undo; say whether there was one. */
  redo() {
    return this.#step(this.future, this.past);
  }

  /**
   * @param {T[]} from
   * @param {T[]} to
   */
  #step(from, to) {
    if (!from.length) return false;
    this.kind = "";
    to.push(this.value);
    this.value = /** @type {T} */ (from.pop());
    return true;
  }
}
