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

/**
 * Items by number, and the newest revision that each line of work has reached. What the disk does not take, because it
 * is full or the browser has closed the database, is kept in memory, so that it can be sent all the same.
 */
export class Database {
  /** @param {IDBDatabase|null} disk */
  constructor(disk) {
    this.disk = disk;
    /** @type {Map<number, Item>} those that the disk did not take: new ones have numbers below 0 */
    this.items = new Map();
    /** @type {Set<number>} those that the disk did not let go of */
    this.gone = new Set();
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
    const onDisk = await this.#read(ITEMS, (store) => store.getAll()).catch(() => []);
    const items = new Map([...onDisk.map((/** @type {any} */ item) => [item.n, item]), ...this.items]);
    return [...items.values()].filter((item) => item.owner === this.owner && !this.gone.has(item.n));
  }

  /** Whether something is kept in memory alone, and goes with the page. */
  get isVolatile() {
    return [...this.items.values()].some((item) => item.owner === this.owner);
  }

  /**
   * Add an item in place of others: all of it or nothing.
   * @param {Item} item
   * @param {Item[]} [instead]
   * @returns {Promise<Item>} the item with its number
   */
  async add(item, instead = []) {
    item = { ...item, owner: this.owner };
    // What is in memory is older, and is read last.
    if (!this.items.size) {
      const onDisk = await this.#write(ITEMS, (store) => {
        for (const { n } of instead) store.delete(/** @type {number} */ (n));
        return done(store.add(item));
      }).catch(() => null);
      if (onDisk !== null) return { ...item, n: Number(onDisk) };
    }
    const kept = { ...item, n: -++this.last };
    this.items.set(kept.n, kept);
    await this.remove(instead);
    return kept;
  }

  /**
   * Write an item that is still there.
   * @param {Item} item
   */
  async update(item) {
    const n = /** @type {number} */ (item.n);
    if (this.items.has(n)) return void this.items.set(n, item);
    const put = async (/** @type {IDBObjectStore} */ store) => (await done(store.getKey(n))) && done(store.put(item));
    await this.#write(ITEMS, put).catch(() => this.items.set(n, item));
  }

  /**
   * Remove items.
   * @param {Item[]} items
   */
  async remove(items) {
    const numbers = items.map(({ n }) => n ?? 0);
    for (const n of numbers) this.items.delete(n);
    const onDisk = numbers.filter((n) => n > 0);
    if (!onDisk.length) return;
    await this.#write(ITEMS, (store) => Promise.all(onDisk.map((n) => done(store.delete(n))))).catch(() => {
      for (const n of onDisk) this.gone.add(n);
    });
  }

  /**
   * Return the newest revision of a task that a line of work has reached, or any of the owner's; 0 if none is known.
   * @param {string} line the owner for any
   * @param {string} task
   * @returns {Promise<number>}
   */
  async head(line, task) {
    const key = `${line} ${task}`;
    const onDisk = await this.#read(HEADS, (store) => store.get(key)).catch(() => 0);
    const head = Math.max(onDisk ?? 0, this.heads.get(key) ?? 0);
    this.heads.set(key, head);
    return head;
  }

  /**
   * @param {string} line
   * @param {string} task
   * @param {number} revision
   */
  async setHead(line, task, revision) {
    const keys = [line, this.owner].map((of) => `${of} ${task}`);
    for (const key of keys) this.heads.set(key, revision);
    await this.#write(HEADS, (store) => Promise.all(keys.map((key) => done(store.put(revision, key))))).catch(() => {});
  }

  /**
   * @param {string} name
   * @param {(store: IDBObjectStore) => IDBRequest<any>} ask
   * @returns {Promise<any>}
   */
  async #read(name, ask) {
    return this.disk ? done(ask(this.disk.transaction(name).objectStore(name))) : Promise.reject(new Error("no disk"));
  }

  /**
   * Change something; it is on disk, or nothing of it is, when this ends. A full disk may be told at the very end.
   * @template T
   * @param {string} name
   * @param {(store: IDBObjectStore) => Promise<T>} change
   * @returns {Promise<T>}
   */
  async #write(name, change) {
    if (!this.disk) throw new Error("no disk");
    const transaction = this.disk.transaction(name, "readwrite", { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const [result] = await Promise.all([change(transaction.objectStore(name)), ended]);
    return result;
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
