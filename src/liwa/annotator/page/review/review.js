// @ts-check
/** A review under way: which disagreement is looked at, and the sides that are taken. Every side is a step to undo. */

import { same } from "../document.js";
import { Away, Refused } from "../network.js";
import { ANSWER, impliedSides, isPossible, merged, NONE, openOf, parties, placesOf, rulingOf, sameSides } from "./sides.js";

/**
 * @typedef {import("./sides.js").Decision} Decision
 * @typedef {import("./sides.js").Side} Side
 * @typedef {import("./sides.js").Reviewed} Reviewed
 */

/** The review of the task that is open. */
export class Review {
  /**
   * @param {import("../app.js").App} app
   * @param {import("./api.js").ReviewApi} api
   */
  constructor(app, api) {
    this.app = app;
    this.api = api;
    this.id = "";
    /** Strokes are done one after the other, however quick they come. @type {Promise<void>} */
    this.turn = Promise.resolve();
    /** Called when another disagreement is looked at, or sides changed. @type {() => void} */
    this.onchange = () => {};
    app.on("task", () => this.#begin());
    app.on("doc", () => this.#changed());
  }

  /** The sides taken and what they led to. @returns {import("./sides.js").Review} */
  get state() {
    return /** @type {any} */ (this.app.doc).review ?? this.#fresh();
  }

  /** Everything that the annotators differ on, as far as it can be asked now. */
  get decisions() {
    return this.state.resolution.decisions.filter((d) => d.ruling === null || !d.by || parties(d).length > 1);
  }

  /** What is still open. */
  get open() {
    return openOf(this.state);
  }

  /** The disagreement that is looked at. @returns {Decision|undefined} */
  get current() {
    return this.decisions.find((d) => d.id === this.id);
  }

  /** The annotators of the task, in the order of their keys. @returns {string[]} */
  get names() {
    return (this.app.task?.answers ?? []).map((/** @type {any} */ a) => a.name);
  }

  /** What the whole task is answered with, as ruled where they differed. @returns {"accept"|"reject"|"ignore"} */
  get answer() {
    const decision = this.decisions.find((d) => d.kind === ANSWER);
    const side = decision && rulingOf(this.state, decision);
    return decision?.says[String(side)]?.[0]?.answer ?? side ?? "accept";
  }

  /**
   * Return what a disagreement was ruled, null where it is open.
   * @param {Decision} decision
   */
  rulingOf(decision) {
    return rulingOf(this.state, decision);
  }

  /**
   * Look at a disagreement.
   * @param {string} id
   */
  look(id) {
    this.id = id;
    this.app.select({});
    this.onchange();
    this.#tell();
  }

  /**
   * Look at the next or previous disagreement that is open, or, where none is, at the next of all.
   * @param {boolean} forward
   */
  step(forward) {
    const { decisions, open } = this;
    const wanted = open.length ? open : decisions;
    const place = decisions.findIndex((d) => d.id === this.id);
    const at = (/** @type {Decision} */ d) => decisions.indexOf(d);
    const next = forward ? wanted.find((d) => at(d) > place) ?? wanted[0] : wanted.findLast((d) => at(d) < place) ?? wanted.at(-1);
    if (next) this.look(next.id);
  }

  /**
   * Take a side of the disagreement that is looked at, and go on to the next.
   * @param {string} side the name of an annotator, or "none"
   * @param {string} [id] of another disagreement
   */
  take(side, id) {
    return this.#stroke(async () => {
      const decision = id ? this.decisions.find((d) => d.id === id) : this.current;
      if (!decision || (side !== NONE && !(side in decision.says))) return;
      if (side !== NONE && !isPossible(this.app.doc, decision.says[side])) return this.app.announce(this.app.t("no_end"));
      await this.#settle({ ...this.state.sides, [decision.id]: side });
      this.id = decision.id;
      if (this.open.length) this.step(true);
      else this.look(decision.id);
    });
  }

  /**
   * Take one side of everything that is open, and of the relations that are asked for then.
   * @param {string} name
   */
  takeAll(name) {
    return this.#stroke(async () => {
      const { task } = this.app;
      let { sides, resolution } = this.state;
      for (;;) {
        const { spans } = resolution;
        const open = openOf({ sides, resolution }).filter((d) => isPossible({ spans }, d.says[name]));
        if (!open.length) break;
        sides = { ...sides, ...Object.fromEntries(open.map((d) => [d.id, name])) };
        resolution = await this.#resolve(task.id, sides);
      }
      if (this.app.task !== task) return;
      this.#put(resolution, sides);
      if (!this.current || this.open.length) this.step(true);
      else this.look(this.id);
    });
  }

  /** Select the place that is looked at, to write what belongs there. */
  edit() {
    const { app, current } = this;
    const [place] = current ? placesOf(current) : [];
    if (!place) return;
    const span = app.doc.spans.find((s) => same(s, place)) ?? app.doc.spans.find((s) => s.start < place.end && place.start < s.end);
    app.select(span ? { span } : { range: place });
    app.emit("moved");
    app.host.focus({ preventScroll: true });
  }

  /** What people hear of the disagreement that is looked at. */
  #tell() {
    const { app, current } = this;
    if (!current) return;
    const said = parties(current).map(({ names, items }) => app.t("taken", { name: names.join(", "), what: this.words(items) }));
    app.announce([app.t(`kind_${current.kind}`), ...said].join(". "));
  }

  /**
   * Return what an annotator says, in words.
   * @param {any[]} items
   */
  words(items) {
    const { app } = this;
    const one = (/** @type {any} */ i) =>
      i.answer ? app.t(`answered_${i.answer}`)
        : i.head ? `${app.surface(i.head)} ${app.title(i.label)} ${app.surface(i.child)}`
          : `${app.surface({ start: i.start, end: i.end })} ${app.title(i.label)}`;
    return items.map(one).join(", ") || app.t("nothing");
  }

  /** @param {() => Promise<void>} fn */
  #stroke(fn) {
    this.turn = this.turn.then(fn).catch((error) => {
      if (!(error instanceof Away || error instanceof Refused)) throw error;
      this.app.announce(error instanceof Away ? this.app.t("review_away") : error.message);
    });
    return this.turn;
  }

  #begin() {
    this.#attach();
    this.id = "";
    const { sides } = this.state;
    // What this browser has not sent yet is newer than what the server made of it.
    const stale = this.decisions.some((d) => typeof sides[d.id] === "string" && d.ruling !== sides[d.id]);
    if (stale) void this.#stroke(() => this.#refresh(sides));
    const first = this.open[0] ?? this.decisions[0];
    this.id = first?.id ?? "";
    this.onchange();
  }

  /** The document has changed: by a side, by undoing, or since somebody wrote something else. */
  #changed() {
    this.#attach();
    const implied = impliedSides(/** @type {Reviewed} */ (this.app.doc));
    if (!sameSides(implied, this.state.sides)) {
      this.#along((doc) => ({ ...doc, review: { ...doc.review, sides: implied } }));
      void this.#stroke(() => this.#refresh(implied));
      return;
    }
    if (!this.current) this.id = (this.open[0] ?? this.decisions[0])?.id ?? "";
    this.onchange();
  }

  /** Ask again what sides lead to, unless they are others by now. @param {Record<string, Side>} sides */
  async #refresh(sides) {
    const { doc, task } = this.app;
    const next = await this.#resolve(task.id, sides);
    if (this.app.doc === doc && this.app.task === task) this.#along((now) => merged(now, next, sides));
  }

  /** @param {Record<string, Side>} sides */
  async #settle(sides) {
    const { task } = this.app;
    const next = await this.#resolve(task.id, sides);
    // Somebody who went on meanwhile has left this review.
    if (this.app.task === task) this.#put(next, sides);
  }

  /** @param {import("./sides.js").Resolution} next @param {Record<string, Side>} sides */
  #put(next, sides) {
    this.app.edit((doc) => merged(/** @type {Reviewed} */ (doc), next, sides));
  }

  /**
   * Ask the server what sides lead to; where it cannot follow what was written freely, what the others lead to.
   * @param {string} task
   * @param {Record<string, Side>} sides
   */
  async #resolve(task, sides) {
    try {
      return await this.api.resolve(task, sides);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const named = Object.entries(sides).filter(([, side]) => !Array.isArray(side));
      return this.api.resolve(task, Object.fromEntries(named));
    }
  }

  /**
   * Change the document as a part of the step that was made last.
   * @param {(doc: Reviewed) => Reviewed} fn
   */
  #along(fn) {
    this.app.history.kind = "review";
    this.app.edit((doc) => fn(/** @type {Reviewed} */ (doc)), "review");
    this.app.history.kind = "";
  }

  /** Let the document carry the sides, where it does not yet. */
  #attach() {
    const { history } = this.app;
    if (!("review" in history.value)) history.value = { ...history.value, ...{ review: this.#fresh() } };
  }

  #fresh() {
    const { state, resolution } = this.app.task ?? {};
    return { sides: state?.sides ?? {}, resolution: resolution ?? { spans: [], relations: [], decisions: [], open: 0, waiting: 0 } };
  }
}
