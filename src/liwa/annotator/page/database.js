// @ts-check
/** What has not reached the server yet, kept by the browser: it outlives the page, the tab and the browser itself. */

/**
 * @typedef {object} Item an answer or a draft on its way
 * @property {number} [n] its number, in the order in which things were done
 * @property {string} [owner] whose it is: the store and the annotator
 * @property {string} task
 * @property {string} line the line of work that it continues: the tab in which the task was opened
 * @property {"answer"|"draft"} kind
 * @property {string} key the server's name for it: what is sent twice is stored once
 * @property {string[]} earlier keys of drafts that it replaced and that may have arrived
 * @property {number} base the revision from which the line started
 * @property {any} body
 * @property {"conflict"|"refused"} [state] why it waits for a person
 * @property {any} [theirs] what the server has instead
 * @property {string} [reason]
 */

const ITEMS = "items";
const HEADS = "heads";

/** Items by number, and the newest revision that each line of work has reached. Kept in memory where nothing else works. */
export class Database {
  /** @param {IDBDatabase|null} disk */
  constructor(disk) {
    this.disk = disk;
    /** @type {Map<number, Item>} */
    this.items = new Map();
    /** @type {Map<string, number>} those that this page has seen */
    this.heads = new Map();
    this.last = 0;
    /** Whose items these are; those of others stay for them. */
    this.owner = "";
  }

  /** Open the browser's database of this page. */
  static async open() {
    try {
      const request = indexedDB.open("liwa", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(ITEMS, { keyPath: "n", autoIncrement: true });
        request.result.createObjectStore(HEADS);
      };
      return new Database(await done(request));
    } catch {
      return new Database(null);
    }
  }

  /** Return all items of the owner, oldest first. @returns {Promise<Item[]>} */
  async all() {
    const items = this.disk ? await done(this.#store(ITEMS, "readonly").getAll()) : [...this.items.values()];
    return items.filter((item) => item.owner === this.owner);
  }

  /**
   * Add an item in place of others: all of it or nothing.
   * @param {Item} item
   * @param {Item[]} [instead]
   * @returns {Promise<Item>} the item with its number
   */
  async add(item, instead = []) {
    item = { ...item, owner: this.owner };
    if (!this.disk) {
      for (const { n } of instead) this.items.delete(n ?? 0);
      const numbered = { ...item, n: ++this.last };
      this.items.set(numbered.n, numbered);
      return numbered;
    }
    const store = this.#store(ITEMS, "readwrite");
    for (const { n } of instead) store.delete(/** @type {number} */ (n));
    return { ...item, n: Number(await done(store.add(item))) };
  }

  /**
   * Write an item that is still there.
   * @param {Item} item
   */
  async update(item) {
    const n = /** @type {number} */ (item.n);
    if (!this.disk) return void (this.items.has(n) && this.items.set(n, item));
    const store = this.#store(ITEMS, "readwrite");
    if (await done(store.getKey(n))) await done(store.put(item));
  }

  /**
   * Remove items.
   * @param {Item[]} items
   */
  async remove(items) {
    if (!this.disk) return items.forEach(({ n }) => this.items.delete(n ?? 0));
    const store = this.#store(ITEMS, "readwrite");
    await Promise.all(items.map(({ n }) => done(store.delete(/** @type {number} */ (n)))));
  }

  /**
   * Return the newest revision of a task that a line of work has reached; 0 if none is known.
   * @param {string} line
   * @param {string} task
   * @returns {Promise<number>}
   */
  async head(line, task) {
    const key = `${line} ${task}`;
    const head = (this.disk ? await done(this.#store(HEADS, "readonly").get(key)) : this.heads.get(key)) ?? 0;
    this.heads.set(key, head);
    return head;
  }

  /**
   * @param {string} line
   * @param {string} task
   * @param {number} revision
   */
  async setHead(line, task, revision) {
    const key = `${line} ${task}`;
    this.heads.set(key, revision);
    if (this.disk) await done(this.#store(HEADS, "readwrite").put(revision, key));
  }

  /** @param {string} name @param {IDBTransactionMode} mode */
  #store(name, mode) {
    return /** @type {IDBDatabase} */ (this.disk).transaction(name, mode, { durability: "strict" }).objectStore(name);
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
