// @ts-check
/**
 * Answers and drafts on their way to the server. Each is kept on disk before it is sent and until the server has said
 * that it is stored; they go in the order in which they were made, from one tab at a time, with the keys under which
 * the server stores what it gets twice only once.
 */

import { Away, Fault, KEEPALIVE, NoToken, Refused } from "./network.js";

/**
 * @typedef {import("./database.js").Item} Item
 * @typedef {{name: "saved"|"saving"|"offline"|"stopped"|"refused"|"conflict"|"failed", n: number, reason?: string}} Status
 */

/** Milliseconds until the server is tried again: at first, and at most. */
const RETRY = { first: 500, most: 15_000 };
/** Milliseconds until what the server failed on is tried again: at first, and at most. */
const ASIDE = { first: 2000, most: 300_000 };
/** Milliseconds in which edits become one draft. */
const DRAFT_DELAY = 150;

/** What is on its way to the server. */
export class Queue {
  /**
   * @param {import("./network.js").Api} api
   * @param {import("./database.js").Database} database
   */
  constructor(api, database) {
    this.api = api;
    this.database = database;
    this.delay = RETRY.first;
    this.timer = 0;
    /** Whether the server was there when it was last tried; "stopped" if it did not know the token. */
    this.reached = /** @type {"yes"|"no"|"stopped"} */ ("yes");
    /** @type {Promise<unknown>} */
    this.writing = Promise.resolve();
    /** @type {Item[]} what is on its way, as last read */
    this.items = [];
    /** @type {Set<Item>} what is not on disk yet */
    this.unwritten = new Set();
    /** @type {Map<string, {until: number, delay: number}>} what the server failed on, by its key: when it is tried again */
    this.aside = new Map();
    /** Called when the state of saving changes. @type {(status: Status) => void} */
    this.onstatus = () => {};
    /** Called when an item is stored. @type {(item: Item, stored: {revision: number, counts: any}) => void} */
    this.onstored = () => {};
    /** Called when an item waits for a person. @type {(item: Item) => void} */
    this.onblocked = () => {};
  }

  /** Begin: send what an earlier page left. */
  async start() {
    addEventListener("online", () => this.send());
    addEventListener("pagehide", () => this.#leave());
    addEventListener("storage", ({ key, newValue }) => key === this.#left && newValue && this.send());
    addEventListener("beforeunload", (event) => this.database.isVolatile && event.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden || this.send());
    await this.send();
    for (const item of this.items.filter((i) => i.state)) this.onblocked(item);
  }

  /**
   * Keep an answer or a draft, and send it. A draft that has not been sent gives way to the newer one of its line.
   * @param {Omit<Item, "key"|"n">} made
   */
  put(made) {
    const item = { ...made, key: crypto.randomUUID() };
    this.unwritten.add(item);
    this.writing = this.writing.then(() => this.#write(item));
    this.#tell();
    this.#later(made.kind === "draft" ? DRAFT_DELAY : 0);
    return this.writing;
  }

  /**
   * Return what waits for a task, oldest first.
   * @param {string} task
   */
  async of(task) {
    await this.#recall();
    this.items = await this.database.all();
    this.#tell();
    return this.items.filter((item) => item.task === task);
  }

  /**
   * Settle a conflict: send what is here over what is stored, or drop it.
   * @param {Item} item
   * @param {boolean} mine
   */
  async settle(item, mine) {
    const line = (await this.of(item.task)).filter((i) => i.line === item.line);
    await this.database.setHead(item.line, item.task, item.theirs?.revision ?? 0);
    if (mine) {
      for (const i of line) await this.database.update({ ...i, key: crypto.randomUUID(), earlier: [], state: undefined });
    } else await this.database.remove(line);
    await this.send();
  }

  /** Send all that waits, one after the other. */
  async send() {
    clearTimeout(this.timer);
    await this.#recall();
    const work = () => this.#drain();
    await (navigator.locks ? navigator.locks.request("liwa-send", work) : work());
  }

  async #drain() {
    try {
      for (let item = await this.#next(); item; item = await this.#next()) {
        this.#tell();
        await this.#deliver(item);
      }
      this.delay = RETRY.first;
      this.reached = "yes";
      const due = Math.min(...this.items.map(({ key }) => this.aside.get(key)?.until ?? Infinity));
      if (due < Infinity) this.#later(Math.max(0, due - Date.now()));
    } catch (error) {
      if (!(error instanceof Away || error instanceof NoToken)) throw error;
      this.reached = error instanceof NoToken ? "stopped" : "no";
      if (this.reached === "no") this.#later(this.delay);
      this.delay = Math.min(this.delay * 2, RETRY.most);
    }
    this.#tell();
  }

  /** Return the oldest item that may be sent: those of its line wait behind one that waits for a person, or is set aside. */
  async #next() {
    this.items = await this.database.all();
    const blocked = new Set();
    for (const item of this.items) {
      const line = `${item.line} ${item.task}`;
      const rests = (this.aside.get(item.key)?.until ?? 0) > Date.now();
      if (!item.state && !rests && !blocked.has(line)) return item;
      blocked.add(line);
    }
    return undefined;
  }

  /** @param {Item} item */
  async #deliver(item) {
    const base = Math.max(item.base, await this.database.head(item.line, item.task));
    try {
      const stored = await this.api.store(item.task, item.kind, request(item, base));
      await this.database.setHead(item.line, item.task, stored.revision);
      await this.database.remove([item]);
      this.aside.delete(item.key);
      this.onstored(item, stored);
    } catch (error) {
      if (error instanceof Fault) this.#setAside(item);
      else if (error instanceof Refused) await this.#refused(item, error);
      else throw error;
    }
  }

  /** Let others go before an item, each time for longer. @param {Item} item */
  #setAside({ key }) {
    const last = this.aside.get(key)?.delay;
    const delay = last ? Math.min(2 * last, ASIDE.most) : ASIDE.first;
    this.aside.set(key, { delay, until: Date.now() + delay });
  }

  /** @param {Item} item @param {Refused} error */
  async #refused(item, { status, data, message }) {
    const theirs = data?.state;
    if (status !== 409 || !theirs) return this.#block({ ...item, state: "refused", reason: message });
    const line = this.items.filter((i) => i.task === item.task && i.line === item.line);
    const ours = item.earlier.includes(theirs.key) || line.some((i) => i.key === theirs.key);
    if (!ours && !alike(item, theirs)) return this.#block({ ...item, state: "conflict", theirs });
    // The newer revision is another of this very line, which a page that went has sent, or says the same: build on it.
    return this.database.setHead(item.line, item.task, theirs.revision);
  }

  /** @param {Item} item */
  async #block(item) {
    await this.database.update(item);
    this.onblocked(item);
  }

  /** @param {Item} item */
  async #write(item) {
    const waiting = (await this.database.all()).filter((i) => i.task === item.task && i.line === item.line);
    const last = waiting.at(-1);
    // Of answers only one that cannot be stored is replaced: a refused one by whatever comes, one set aside by another.
    const vain = (/** @type {Item} */ i) => i.state === "refused" || (this.aside.has(i.key) && item.kind === "answer");
    const instead = waiting.filter((i) => (i === last && i.kind === "draft") || vain(i));
    const earlier = [...item.earlier, ...instead.flatMap((i) => [...i.earlier, i.key])].slice(-50);
    await this.database.add({ ...item, earlier }, instead);
    this.items = await this.database.all();
    this.unwritten.delete(item);
  }

  /** @param {number} delay */
  #later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), delay);
  }

  #tell() {
    const blocked = this.items.find((i) => i.state);
    const n = this.items.filter((i) => !i.state).length + this.unwritten.size;
    const aside = this.items.filter((i) => this.aside.has(i.key)).length;
    if (this.reached === "stopped") this.onstatus({ name: "stopped", n });
    else if (this.reached === "no") this.onstatus({ name: "offline", n });
    else if (blocked?.state) this.onstatus({ name: blocked.state, n, reason: blocked.reason });
    else if (aside) this.onstatus({ name: "failed", n: aside });
    else this.onstatus({ name: n ? "saving" : "saved", n });
  }

  /** Write what a page could not before it went; if it could after all, the server knows its keys. */
  #recall() {
    const left = JSON.parse(localStorage.getItem(this.#left) ?? "[]");
    localStorage.removeItem(this.#left);
    for (const item of left) {
      this.unwritten.add(item);
      this.writing = this.writing.then(() => this.#write(item));
    }
    return this.writing;
  }

  /** Where a page that goes leaves what is not on disk yet: only this storage is written at once. */
  get #left() {
    return `liwa-left ${this.database.owner}`;
  }

  /** The page goes: send what fits. What was sent stays on disk until a page has heard that it is stored. */
  #leave() {
    if (this.unwritten.size) localStorage.setItem(this.#left, JSON.stringify([...this.unwritten]));
    let room = KEEPALIVE;
    const waiting = [...this.items.filter((i) => !i.state), ...this.unwritten];
    // Of one line, a draft and what came after it would arrive side by side, and one of them be refused.
    const outdated = (/** @type {Item} */ { kind, line, task }, /** @type {number} */ k) =>
      kind === "draft" && waiting.slice(k + 1).some((i) => i.line === line && i.task === task);
    for (const item of waiting.filter((i, k) => !outdated(i, k))) {
      const head = this.database.heads.get(`${item.line} ${item.task}`) ?? 0;
      const body = request(item, Math.max(item.base, head));
      room -= body.length * 2;
      if (room < 0) return;
      this.api.store(item.task, item.kind, body, true).catch(() => {});
    }
  }
}

/** @param {Item} item @param {number} base */
const request = (item, base) => JSON.stringify({ ...item.body, key: item.key, base });

/**
 * Say whether what is stored says the same as an item.
 * @param {Item} item
 * @param {any} theirs
 */
function alike({ kind, body }, theirs) {
  if (theirs.draft !== (kind === "draft") || (kind === "answer" && theirs.answer !== body.answer)) return false;
  const spans = (/** @type {any} */ { spans }) => spans.map((/** @type {any} */ s) => [s.start, s.end, s.label]).sort();
  const links = (/** @type {any} */ { relations }) => relations.map((/** @type {any} */ r) => [r.head, r.child, r.label]).sort();
  const said = (/** @type {any} */ d) => JSON.stringify([spans(d), links(d), d.comment, d.flagged]);
  return said(body) === said(theirs);
}
