// @ts-check
/** The list of all tasks, to look at and to jump from. Fetched when it is first asked for. */

import { open } from "./dialogs.js";
import { make } from "./elements.js";
import { fold } from "./fold.js";

/** @typedef {import("./app.js").App} App */

/** Letters of a text that the server sends in the list. */
const PREVIEW = 60;

/**
 * Show the list of tasks.
 * @param {App} app
 * @param {import("./work.js").Work} work
 */
export function jumpList(app, work) {
  const list = make("ol", { className: "tasks", role: "listbox", ariaLabel: app.t("jump") });
  const filter = make("input", { type: "search", dir: "auto", placeholder: app.t("filter"), ariaLabel: app.t("filter") });
  const todo = make("button", { ariaPressed: "false" }, app.t("todo"));
  const dialog = open(app, app.t("jump"), "jump", make("div", { className: "row" }, filter, todo), list);
  const fetched = new TaskPages(work.api);
  const go = (/** @type {any} */ task) => {
    dialog.close();
    void work.visit(task.id).catch(() => work.onnotice("away"));
  };
  // A number needs no list.
  const enter = () => {
    const wanted = filter.value.trim();
    if (!/^\d+$/.test(wanted)) return list.querySelector("button")?.click();
    dialog.close();
    void work.jump(Number(wanted)).catch(() => work.onnotice("away"));
  };
  const write = () => {
    const wanted = fold(filter.value).trim();
    const tasks = fetched.tasks.filter((t) => matches(t, wanted) && (todo.ariaPressed === "false" || !t.answer));
    list.replaceChildren(...tasks.map((t) => taskRow(app, t, t.id === work.current?.task.id, () => go(t))));
  };
  const more = () => fetched.more().then((any) => any && write(), () => {});
  filter.addEventListener("input", async () => {
    write();
    if (/^\d+$/.test(filter.value.trim())) await fetched.around(Number(filter.value)).catch(() => {});
    write();
  });
  filter.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.code === "Enter") enter();
    if (event.code === "ArrowDown") list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", stepThrough);
  list.addEventListener("scroll", () => list.scrollTop + list.clientHeight > list.scrollHeight - 400 && more());
  todo.addEventListener("click", () => {
    todo.ariaPressed = String(todo.ariaPressed === "false");
    write();
  });
  void fetched.around(work.current?.task.position ?? 1).then(() => {
    write();
    list.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  }, () => {});
  filter.focus();
}

/** The list of tasks, as far as it was fetched. */
class TaskPages {
  /** @param {import("./network.js").Api} api */
  constructor(api) {
    this.api = api;
    /** @type {any[]} */
    this.tasks = [];
    this.total = Infinity;
  }

  /** Fetch the tasks around a position. @param {number} position */
  async around(position) {
    const offset = Math.max(0, position - 100);
    if (this.tasks.some((t) => t.position === position)) return;
    await this.#fetch(offset);
  }

  /** Fetch more behind the last. */
  async more() {
    const last = this.tasks.at(-1)?.position ?? 0;
    if (this.busy || last >= this.total) return false;
    await this.#fetch(last);
    return true;
  }

  /** @param {number} offset */
  async #fetch(offset) {
    this.busy = true;
    try {
      const { total, tasks } = await this.api.get(`tasks?offset=${offset}&limit=200`);
      this.total = total;
      const known = new Set(this.tasks.map((t) => t.id));
      const fresh = tasks.filter((/** @type {any} */ t) => !known.has(t.id));
      this.tasks = [...this.tasks, ...fresh].sort((a, b) => a.position - b.position);
    } finally {
      this.busy = false;
    }
  }
}

/** @param {any} task @param {string} wanted */
function matches(task, wanted) {
  return !wanted || String(task.position) === wanted || fold(`${task.preview} ${task.title} ${task.article}`).includes(wanted);
}

/** @param {App} app @param {any} task @param {boolean} current @param {() => void} go */
function taskRow(app, task, current, go) {
  const answer = task.draft ? "draft" : task.answer ? `answered_${task.answer}` : "";
  const state = make("small", { className: `state ${task.draft ? "draft" : (task.answer ?? "")}` }, answer && app.t(answer));
  const button = make("button", { className: "quiet", onclick: go }, make("span", { className: "number" }, String(task.position)),
    make("bdi", {}, task.preview + (task.preview.length >= PREVIEW ? "…" : "")), ...(task.flagged ? [make("span", { title: app.t("flagged") }, "⚑")] : []), state);
  if (current) button.setAttribute("aria-current", "true");
  return make("li", {}, button);
}

/** @param {KeyboardEvent} event */
function stepThrough(event) {
  const item = /** @type {HTMLElement} */ (event.target).closest("li");
  const next = { ArrowDown: item?.nextElementSibling, ArrowUp: item?.previousElementSibling }[event.code];
  if (!next) return;
  event.preventDefault();
  next.querySelector("button")?.focus();
}
