// @ts-check
/** The server's endpoints for reviews, in the shape of those for tasks: the work and the queue go on as always. */

/** @typedef {import("../network.js").Api} Api */

/** Reviews in the place of tasks. */
export class ReviewApi {
  /** @param {Api} api */
  constructor(api) {
    this.api = api;
  }

  /**
   * Return the data at a path below /api/, of the review where the path is a task's.
   * @param {string} path
   * @returns {Promise<any>}
   */
  async get(path) {
    if (!path.startsWith("tasks")) return this.api.get(path);
    const found = await this.api.get(path.replace("tasks", "review"));
    const { total, open, done, tasks, resolution } = found;
    if (done) return { done, counts: countsOf({ total, open }) };
    return tasks ? { total, tasks: tasks.map(listed) } : { ...found, counts: countsOf(found), state: found.state ?? untouched(resolution) };
  }

  /**
   * Store a review or a draft of one.
   * @param {string} task
   * @param {"answer"|"draft"} kind
   * @param {string} body JSON
   * @param {boolean} [leaving]
   */
  async store(task, kind, body, leaving = false) {
    const path = `review/${encodeURIComponent(task)}`;
    const stored = await this.api.send(kind === "draft" ? "PUT" : "POST", kind === "draft" ? `${path}/draft` : path, body, leaving);
    return { revision: stored.revision, counts: countsOf(stored) };
  }

  /**
   * Return what sides lead to; nothing is stored.
   * @param {string} task
   * @param {Record<string, import("./sides.js").Side>} sides
   * @returns {Promise<import("./sides.js").Resolution>}
   */
  resolve(task, sides) {
    return this.api.send("POST", `review/${encodeURIComponent(task)}/resolve`, JSON.stringify({ sides }));
  }
}

/** @param {{total: number, open: number}} progress */
const countsOf = ({ total, open }) => ({ tasks: total, answered: total - open });

/** @param {any} task */
const listed = (task) => ({ ...task, answer: task.reviewed ? "reviewed" : null });

/** The state of a review that nobody has begun: what all agree on. @param {any} resolution */
const untouched = ({ spans, relations }) => ({ revision: 0, answer: null, spans, relations, sides: {} });
