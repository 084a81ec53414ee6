// @ts-check
/** Tasks that are fetched before they are asked for, so that work goes on while the server is away. */

import { Away } from "./network.js";

/** How many there are at most. */
const MOST = 10;

/** The tasks to come, in order. */
export class Ahead {
  /**
   * @param {(position: number) => Promise<any>} after fetches the next task behind a position that is not answered
   * @param {(id: string) => boolean} isKnown whether a task is open, or answered
   */
  constructor(after, isKnown) {
    this.after = after;
    this.isKnown = isKnown;
    /** @type {any[]} */
    this.tasks = [];
    /** Whether what comes behind the last is known already. */
    this.ended = false;
    /** @type {Promise<boolean>|null} the one that is being fetched */
    this.coming = null;
  }

  /** How many there are. */
  get length() {
    return this.tasks.length;
  }

  /** Begin anew, for work goes on elsewhere in the list. */
  restart() {
    this.tasks = [];
    this.ended = false;
    this.coming = null;
  }

  /**
   * Forget a task that has changed.
   * @param {string} id
   */
  drop(id) {
    const at = this.tasks.findIndex((t) => t.id === id);
    if (at >= 0) this.tasks.splice(at, 1);
  }

  /** Take the next task that is to be done, one that is on its way too; undefined if there is none. */
  async take() {
    for (;;) {
      const at = this.tasks.findIndex((t) => !this.isKnown(t.id));
      if (at >= 0) return this.tasks.splice(0, at + 1)[at];
      if (!this.coming) break;
      await this.coming;
    }
    this.ended = false;
    return undefined;
  }

  /**
   * Fetch as many as there may be, until they come round to what is known.
   * @param {number} position from which the first is looked for
   */
  async fill(position) {
    const { tasks } = this;
    while (tasks === this.tasks && tasks.length < MOST && !this.ended && (await this.#more(position)));
  }

  /** Fetch one more, unless that is under way; say whether there was one. @param {number} position */
  #more(position) {
    if (this.coming) return this.coming;
    const coming = this.#fetch(position).finally(() => {
      if (this.coming === coming) this.coming = null;
    });
    return (this.coming = coming);
  }

  /** @param {number} position */
  async #fetch(position) {
    const { tasks } = this;
    try {
      const task = await this.after(tasks.at(-1)?.position ?? position);
      if (tasks !== this.tasks) return false;
      this.ended = task.done || this.isKnown(task.id) || tasks.some((t) => t.id === task.id);
      if (!this.ended) tasks.push(task);
      return !this.ended;
    } catch (error) {
      if (!(error instanceof Away)) console.warn(error);
      return false;
    }
  }
}
