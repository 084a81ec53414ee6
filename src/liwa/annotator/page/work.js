// @ts-check
/** The stream of tasks: which one is open, what comes next, what was answered, and the saving of it. */

import { Ahead } from "./ahead.js";
import { touch } from "./document.js";
import { fromTask, Mismatch, toBody } from "./exchange.js";
import { Offsets } from "./offsets.js";
import { remember, take } from "./start.js";

/**
 * @typedef {object} Opened a task as this tab has it
 * @property {any} task as the server sends it
 * @property {import("./history.js").History<import("./document.js").Doc>} [history]
 * @property {string} line the line of work, see `Item` in database.js
 * @property {number} base the revision from which the line starts here
 * @property {string[]} earlier keys of what was not stored yet, by another tab, when the line was started from it
 * @property {string|null} answer the last answer given
 * @property {import("./document.js").Doc} [given] what the answer was given to
 * @property {number} seconds spent on it
 */

/** Milliseconds for a task to be shown in, before those behind it are fetched. */
const SHOWN_FIRST = 100;
/** Answers on their way that the server is told of. */
const ON_WAY = 200;
/** Tasks that are kept as they were left, with their undo. */
const KEPT = 60;

/** The work on tasks in this tab. */
export class Work {
  /**
   * @param {import("./app.js").App} app
   * @param {import("./network.js").Api} api
   * @param {import("./queue.js").Queue} queue
   * @param {import("./tabs.js").Tabs} tabs
   */
  constructor(app, api, queue, tabs) {
    this.app = app;
    this.api = api;
    this.queue = queue;
    this.tabs = tabs;
    this.counts = app.session.counts;
    /** @type {Map<string, Opened>} */
    this.opened = new Map();
    this.ahead = new Ahead((position) => this.#after(position), (id) => this.#isAnswered(id) || this.current?.task.id === id);
    /** @type {Promise<void>|null} the way to the next task */
    this.going = null;
    /** @type {Set<string>} answered here, perhaps not yet stored */
    this.answered = new Set();
    /** @type {{id: string, position: number}[]} */
    this.trail = [];
    this.at = -1;
    /** @type {Opened|null} */
    this.current = null;
    /** @type {number|null} when the clock was last looked at; null while the page is out of sight */
    this.since = performance.now();
    /** Whether the document changes because of what is stored, not because of the annotator. */
    this.quiet = false;
    /** Returns a new task's document with what is suggested. @type {(doc: any) => import("./document.js").Doc} */
    this.suggestions = (doc) => doc;
    /** Returns what else is sent of a document. @type {(doc: any) => object} */
    this.more = () => ({});
    /** Called when something is to be said about the task. @type {(what: string, values?: any) => void} */
    this.onnotice = () => {};
    /** Called when the server says who holds a task's article. @type {(task: any, lease: any) => void} */
    this.onlease = () => {};
    /** Called when counts change or another task is open. */
    this.onprogress = () => {};
    app.on("doc", () => this.#draft());
    queue.onstored = (item, stored) => this.#stored(item, stored);
    tabs.hear((message) => message.type === "stored" && void this.#elsewhere(message));
    document.addEventListener("visibilitychange", () => this.#clock());
  }

  /** The answer of the open task, if it has one. */
  get answer() {
    return this.current?.answer ?? null;
  }

  /**
   * Answer the open task and go on.
   * @param {"accept"|"reject"|"ignore"} answer
   */
  async give(answer) {
    const { app, current } = this;
    if (!current) return;
    if (answer === "accept") app.history.push(touch(app.doc));
    // The same answer again, where there was nothing to go on to, is none.
    if (current.answer !== answer || current.given !== app.doc) this.#put("answer", answer);
    Object.assign(current, { answer, given: app.doc });
    this.answered.add(current.task.id);
    this.onprogress();
    await this.next();
  }

  /** Go to the next task that is not answered; who asks again on the way there is on the same way. */
  next() {
    this.going ??= this.#goOn().finally(() => (this.going = null));
    return this.going;
  }

  /** Those that were passed on the way back come first. */
  async #goOn() {
    const passed = this.trail.findIndex((t, i) => i > this.at && !this.#isAnswered(t.id));
    if (passed >= 0) return this.#along(passed);
    const task = await this.#following(this.trail.at(-1)?.position ?? 0);
    this.at = this.trail.length - 1;
    return this.go(task);
  }

  /** Go to the task where this tab was before, or the one before this in the list. */
  async back() {
    if (this.at > 0) return this.#along(this.at - 1);
    return this.jump((this.trail[this.at]?.position ?? 1) - 1, true);
  }

  /** Go to the task behind this one, without an answer. */
  async forward() {
    if (this.at < this.trail.length - 1) return this.#along(this.at + 1);
    return this.jump((this.trail.at(-1)?.position ?? 0) + 1);
  }

  /**
   * Go to the task at a position of the list, from 1.
   * @param {number} position
   * @param {boolean} [before] whether it becomes the beginning of the trail
   */
  async jump(position, before = false) {
    const { tasks } = await this.api.get(`tasks?offset=${position - 1}&limit=1`);
    if (!tasks.length || position < 1) return;
    if (before) {
      this.trail.unshift(tasks[0]);
      await this.#along(0);
    } else await this.visit(tasks[0].id);
  }

  /**
   * Go to a task.
   * @param {string} id
   */
  async visit(id) {
    const known = this.trail.findIndex((t) => t.id === id);
    if (known >= 0) return this.#along(known);
    this.ahead.restart();
    return this.go(this.opened.get(id)?.task ?? (await this.api.get(`tasks/${id}`)));
  }

  /**
   * Show the open task as it is stored, as one more step that can be undone; say whether that was done, for somebody who
   * has gone on meanwhile, or has edited it, keeps what there is.
   * @param {string} id
   */
  async refresh(id) {
    this.ahead.drop(id);
    const { current, app } = this;
    const before = app.doc;
    if (current?.task.id !== id) {
      this.opened.delete(id);
      return false;
    }
    const task = await this.api.get(`tasks/${id}`);
    if (this.current !== current || app.doc !== before) return false;
    const { doc } = fromTask(task, new Offsets(task.text), app.scheme);
    const { revision = 0, answer = null } = task.state ?? {};
    Object.assign(current, { base: revision, answer });
    this.#quietly(doc);
    this.onprogress();
    await this.queue.database.setHead(current.line, id, revision);
    return true;
  }

  /** Take over the answer that was given to a passage that reads nearly the same. */
  takeOver() {
    const { duplicate } = this.app.task;
    const state = { ...duplicate, comment: "", flagged: false };
    const { doc } = fromTask({ ...this.app.task, state }, this.app.offsets, this.app.scheme);
    this.app.edit((old) => ({ ...doc, comment: old.comment, flagged: old.flagged }));
    this.onnotice("");
  }

  /** @param {number} index of the trail */
  async #along(index) {
    const { id } = this.trail[index];
    const task = this.opened.get(id)?.task ?? (await this.api.get(`tasks/${id}`));
    this.at = index;
    await this.#open(task);
  }

  /**
   * Go to a task that was fetched, or to none where the server says that all are answered.
   * @param {any} task
   */
  async go(task) {
    if (!task || task.done) {
      this.counts = task?.counts ?? this.counts;
      this.#leave();
      this.at = this.trail.length; // the way back leads to the last
      this.onnotice("done");
      return;
    }
    this.trail.splice(this.at + 1, this.trail.length, { id: task.id, position: task.position });
    this.at = this.trail.length - 1;
    await this.#open(task);
  }

  /** @param {any} task */
  async #open(task) {
    // Until there is another task, what is done is done to this one.
    const opened = this.opened.get(task.id) ?? (await this.#begin(task));
    this.#leave();
    this.current = opened;
    remember(task.id);
    try {
      const dropped = this.app.open(opened.task, opened.history);
      const suggested = opened.history || opened.task.state ? 0 : this.#suggest();
      opened.history = this.app.history;
      this.opened.delete(task.id);
      this.opened.set(task.id, opened);
      this.onnotice(dropped ? "pre_left_out" : suggested ? "propagated_later" : "", { n: dropped || suggested });
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      this.current = null;
      this.onnotice("mismatch", { reason: error.message });
    }
    this.onprogress();
    setTimeout(() => void this.ahead.fill(this.trail[this.at]?.position ?? 0), SHOWN_FIRST);
  }

  /** Add suggestions to a new task, as a step that can be undone; say how many. */
  #suggest() {
    const before = this.app.doc.spans.length;
    this.#quietly(this.suggestions(this.app.doc));
    return this.app.doc.spans.length - before;
  }

  /**
   * Change the document for what the annotator has not done: nothing is saved.
   * @param {import("./document.js").Doc} doc
   */
  #quietly(doc) {
    this.quiet = true;
    this.app.edit(() => doc);
    this.quiet = false;
  }

  #leave() {
    this.#clock();
    this.current = null;
    const [oldest] = this.opened.keys();
    if (this.opened.size > KEPT) this.opened.delete(oldest);
  }

  /**
   * Begin with a task: what this browser knows, be it sent or not, is newer than what the server said.
   * @param {any} task
   * @returns {Promise<Opened>}
   */
  async #begin(task) {
    const { database } = this.queue;
    // Another tab may have stored something since the server was asked.
    const [newest, waiting] = await Promise.all([database.head(database.owner, task.id), this.queue.of(task.id)]);
    if (newest > (task.state?.revision ?? 0)) task = await this.api.get(`tasks/${task.id}`).catch(() => task);
    const { revision = 0, answer = null } = task.state ?? {};
    const opened = { task, line: this.tabs.id, base: revision, answer, earlier: [], seconds: 0 };
    const last = waiting.at(-1);
    if (!last) return opened;
    const goesOn = { ...opened, task: { ...task, state: { ...last.body, revision: last.base } }, answer: last.body.answer ?? answer };
    if (!(await this.tabs.isOpenElsewhere(last.line))) return { ...goesOn, line: last.line, base: last.base };
    this.app.announce(this.app.t("open_elsewhere"));
    // Its line is the other tab's: another one begins where it stands, unless somebody has to settle that first.
    return last.state ? opened : { ...goesOn, earlier: waiting.flatMap((i) => [...i.earlier, i.key]) };
  }

  #draft() {
    if (!this.quiet) this.#put("draft");
  }

  /**
   * @param {"answer"|"draft"} kind
   * @param {string} [answer]
   */
  #put(kind, answer) {
    const { app, current } = this;
    if (!current) return;
    this.#clock();
    const seconds = Math.round(current.seconds * 10) / 10;
    const body = { ...toBody(app.doc, app.offsets), ...this.more(app.doc), seconds, ...(answer && { answer }) };
    void this.queue.put({ task: current.task.id, line: current.line, base: current.base, earlier: current.earlier, kind, body });
  }

  /** Count the time since the last look at the clock, if the page was in sight. */
  #clock() {
    const now = performance.now();
    if (this.current && this.since !== null) this.current.seconds += (now - this.since) / 1000;
    this.since = document.hidden ? null : now;
  }

  /** @param {string} id */
  #isAnswered(id) {
    return this.answered.has(id) || Boolean(this.opened.get(id)?.answer);
  }

  /** @param {number} position */
  async #following(position) {
    const ready = await this.ahead.take();
    if (ready) return ready;
    for (let after = position, seen = new Set(); ; ) {
      const task = await this.#after(after);
      if (task.done || !this.#isAnswered(task.id)) return task;
      // All that the server still misses is on its way from here.
      if (seen.has(task.id)) return { done: true };
      seen.add(task.id);
      after = task.position;
    }
  }

  /**
   * Fetch the next task that is not answered; the server does not know yet of answers that are on their way.
   * @param {number} position
   */
  #after(position) {
    const without = [...this.answered].slice(-ON_WAY).join();
    return this.api.get(`tasks/next?after=${position}${take}${without && `&without=${without}`}`);
  }

  /**
   * @param {import("./database.js").Item} item
   * @param {{revision: number, counts: any, lease?: any}} stored
   */
  #stored({ task, line, kind }, { revision, counts, lease }) {
    this.counts = counts;
    const opened = this.opened.get(task);
    if (opened) this.onlease(opened.task, lease);
    if (kind === "answer") this.answered.delete(task);
    this.onprogress();
    const message = { type: "stored", task, line, revision, counts };
    this.tabs.tell(message);
    // This tab may have sent what another one did.
    if (line !== this.current?.line) void this.#elsewhere(message);
  }

  /**
   * Another tab has sent something: perhaps of the task that is open here.
   * @param {{task: string, line: string, revision: number, counts: any}} message
   */
  async #elsewhere({ task, line, revision, counts }) {
    this.counts = counts;
    this.onprogress();
    const { current } = this;
    if (current?.task.id !== task) return this.refresh(task);
    const waits = (await this.queue.of(task)).some((i) => i.line === current.line);
    const head = await this.queue.database.head(current.line, task);
    if (line === current.line || waits || revision <= Math.max(head, current.base)) return;
    await this.refresh(task).then((shown) => shown && this.onnotice("another_tab"), () => {});
  }
}
