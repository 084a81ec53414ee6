// @ts-check
/** Labels of spans, types of relations, what may be linked to what, and the physical key of each. */

/**
 * @typedef {{name: string, colour: string, key: string, title: Record<string, string>, help: string,
 *   index: number, code: string}} Label
 * @typedef {Label & {head: string[], child: string[]}} RelationType
 */

const DIGITS = "1234567890";
const LETTERS = "QWERTASDFGZXCV";

/** The scheme of a session. */
export class Scheme {
  /** @param {{name?: string, labels?: object[], relations?: object[]}} data as the server's `Scheme.to_dict` */
  constructor(data) {
    this.name = data.name ?? "";
    /** @type {Label[]} */
    this.labels = keyed(data.labels ?? [], DIGITS);
    /** @type {RelationType[]} */
    this.relations = /** @type {RelationType[]} */ (keyed(data.relations ?? [], LETTERS));
    this.byName = new Map([...this.labels, ...this.relations].map((entry) => [entry.name, entry]));
    /** The physical keys that labels and relation types take. */
    this.codes = new Set([...this.labels, ...this.relations].map((entry) => entry.code));
  }

  /**
   * Return the label of a name; one that the scheme does not know gets a plain entry.
   * @param {string} name
   * @returns {Label}
   */
  label(name) {
    return this.labels.find((l) => l.name === name) ?? entry({ name }, -1, "");
  }

  /**
   * Return the relation types that may link spans with these labels, in this direction.
   * @param {string} head
   * @param {string} child
   */
  legal(head, child) {
    return this.relations.filter((r) => r.head.includes(head) && r.child.includes(child));
  }

  /**
   * Say whether a relation type may link spans with these labels.
   * @param {string} name
   * @param {string} head
   * @param {string} child
   */
  allows(name, head, child) {
    return this.legal(head, child).some((r) => r.name === name);
  }

  /**
   * Return what people call a label or a relation type.
   * @param {string} name
   * @param {string} language
   */
  title(name, language) {
    return this.byName.get(name)?.title[language] || name;
  }
}

/**
 * Return the physical key (`KeyboardEvent.code`) of a key as a scheme writes it.
 * @param {string} key
 */
export function codeOf(key) {
  if (/^[0-9]$/.test(key)) return `Digit${key}`;
  return /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
}

/**
 * @param {any[]} entries
 * @param {string} keys for those without one
 */
function keyed(entries, keys) {
  const taken = new Set(entries.map((e) => codeOf(e.key ?? "")));
  const free = [...keys].map(codeOf).filter((code) => !taken.has(code));
  return entries.map((e, index) => entry(e, index, e.key ? codeOf(e.key) : (free.shift() ?? "")));
}

/** @param {any} data @param {number} index @param {string} code @returns {Label} */
function entry(data, index, code) {
  return { colour: "#888888", key: "", title: {}, help: "", ...data, index, code };
}
