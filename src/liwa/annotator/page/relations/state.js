// @ts-check
/** Which relations are pointed at, and which one is chosen to be worked on. */

/** What arcs, list and stubs share. */
export class State {
  constructor() {
    /** @type {Set<string>} identities of relations under the pointer, or of the span under it */
    this.hot = new Set();
    /** @type {string|null} identity of the relation that keys act on */
    this.chosen = null;
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  /** Relations to highlight; empty when all look alike. */
  get lit() {
    return this.hot.size ? this.hot : new Set(this.chosen ? [this.chosen] : []);
  }

  /**
   * Call a function whenever something else is pointed at or chosen.
   * @param {() => void} fn
   */
  on(fn) {
    this.listeners.push(fn);
  }

  /**
   * Point at relations.
   * @param {Iterable<string>} [keys]
   */
  point(keys = []) {
    const next = new Set(keys);
    if (next.size === this.hot.size && [...next].every((key) => this.hot.has(key))) return;
    this.hot = next;
    this.#changed();
  }

  /**
   * Choose a relation, or none.
   * @param {string|null} key
   */
  choose(key) {
    if (key === this.chosen) return;
    this.chosen = key;
    this.#changed();
  }

  #changed() {
    for (const fn of this.listeners) fn();
  }
}
