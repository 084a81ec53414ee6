// @ts-check
/** What stands around the text: the rest of the article, progress, the state of saving, notices. */

import { make } from "./elements.js";
import { byId } from "./panel.js";
import { teamNotes } from "./team.js";
import { block, paragraphTexts } from "./text.js";

/** @typedef {import("./app.js").App} App */

/** Characters that change the direction of what follows: embeddings, overrides, isolates. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Characters of context from which the browser lays out only what is in sight. */
const LONG = 20_000;

/**
 * Keep the frame in step with the work.
 * @param {App} app
 * @param {import("./work.js").Work} work
 */
export function mountFrame(app, work) {
  const progress = () => showProgress(app, work);
  work.onprogress = progress;
  work.onnotice = (what, values) => showNotice(app, work, what, values);
  app.on("settings", progress);
  app.on("task", () => {
    for (const id of ["before", "after"]) showContext(app, byId(id), app.task[id]);
    const { title, article } = app.task.meta ?? {};
    byId("title").textContent = [title ?? article ?? ""].flat().join(" ");
    queueMicrotask(() => toTask(app));
  });
  app.on("moved", () => {
    const what = app.selection.span ?? app.selection.range;
    if (!what) return;
    const boxes = app.text.boxesOf(what);
    const origin = app.host.getBoundingClientRect().top;
    if (boxes.length) reveal(origin + boxes[0].y, origin + boxes[0].y + boxes[0].height);
  });
  /** @type {import("./queue.js").Status} */
  let last = { name: "saved", n: 0 };
  work.queue.onstatus = (status) => showStatus(app, (last = status));
  app.on("settings", () => showStatus(app, last));
  showStatus(app, last);
}

/**
 * Scroll until a stretch of the window is in sight, between the bars.
 * @param {number} top
 * @param {number} bottom
 */
export function reveal(top, bottom) {
  const first = byId("bar").getBoundingClientRect().bottom + 40;
  const last = byId("dock").getBoundingClientRect().top - 60;
  const by = top < first ? top - first : bottom > last ? bottom - last : 0;
  if (by) scrollBy({ top: by, behavior: "instant" });
}

/** @param {App} app */
function toTask(app) {
  const { top } = app.host.getBoundingClientRect();
  const aim = byId("bar").getBoundingClientRect().bottom + innerHeight * 0.2;
  scrollTo({ top: app.task.before.length ? Math.max(0, scrollY + top - aim) : 0, behavior: "instant" });
}

/** @param {App} app @param {HTMLElement} section @param {{text?: string, gap?: boolean}[]} passages */
function showContext(app, section, passages) {
  section.hidden = !passages.length;
  section.classList.toggle("long", passages.reduce((sum, p) => sum + (p.text?.length ?? 0), 0) > LONG);
  section.replaceChildren(
    ...passages.flatMap(({ text, gap }) => {
      if (gap || !text) return [make("p", { className: "gap", title: app.t("gap") }, "⋯")];
      return paragraphTexts(text).map(([line]) => block(line, app.session.dir ?? "rtl"));
    }),
  );
}

/** @param {App} app @param {import("./work.js").Work} work */
function showProgress(app, work) {
  const { answered = 0, tasks = 0 } = work.counts ?? {};
  const { position = 0, total = tasks } = work.current?.task ?? {};
  byId("position").textContent = position ? `${position} / ${total}` : `${answered} / ${tasks}`;
  const said = app.t("progress", { answered, total: tasks });
  byId("progress").title = said;
  byId("progress").setAttribute("aria-label", `${app.t("task_of", { position, total })}. ${said}. ${app.t("jump")}`);
  /** @type {HTMLElement} */ (byId("track").firstElementChild).style.width = `${tasks ? (100 * answered) / tasks : 0}%`;
  document.title = `${answered}/${tasks} · liwa`;
  for (const button of byId("answers").querySelectorAll("button")) {
    const { command } = button.dataset;
    if (command !== "back") button.setAttribute("aria-pressed", String(command === work.answer));
  }
}

/** @param {App} app @param {import("./queue.js").Status} status */
function showStatus(app, { name, n, reason }) {
  const node = byId("status");
  const said = app.t(name, { n, reason });
  // A state that lasts is read out; that something is being saved is not worth a word.
  if (node.textContent !== said) node.textContent = said;
  node.className = name;
}

/**
 * Say something about the task above it; an empty notice takes the last one away.
 * @param {App} app
 * @param {import("./work.js").Work} work
 * @param {string} what
 * @param {any} [values]
 */
function showNotice(app, work, what, values) {
  const node = byId("notice");
  const parts = [what ? (notices(app, work, what, values) ?? app.t(what, values)) : [], what ? [] : standing(app, work)].flat();
  node.replaceChildren(...parts);
  node.hidden = !parts.length;
  app.closed = !work.current;
  byId("task").hidden = app.closed;
  document.body.classList.toggle("closed", app.closed);
  if (what) app.announce(node.textContent ?? "");
}

/** @param {App} app @param {import("./work.js").Work} work @param {string} what @param {any} values */
function notices(app, work, what, values) {
  const strong = (/** @type {string} */ key) => make("strong", {}, app.t(key));
  const retry = (/** @type {string} */ key) => make("button", { onclick: () => void work.next().catch(() => {}) }, app.t(key));
  const mine = () => (app.session.team && app.keys.get("mine") ? [make("button", { onclick: () => app.keys.get("mine")?.run() }, app.t("mine"))] : []);
  /** @type {Record<string, () => Node[]>} */
  const known = {
    // What others hold may come back.
    done: () => [strong("done_title"), make("span", {}, app.t("done_text")), ...(app.session.team ? [retry("retry")] : []), ...mine()],
    mismatch: () => [strong("mismatch_title"), make("span", {}, app.t("mismatch_text", values)), retry("next")],
    away: () => [strong("away_title"), make("span", {}, app.t("away_text")), retry("retry")],
  };
  return known[what]?.();
}

/**
 * Return what is to be said of a task as long as it is open.
 * @param {App} app
 * @param {import("./work.js").Work} work
 */
function standing(app, work) {
  const { task } = app;
  const turning = task.text.match(TURNING)?.length ?? 0;
  const parts = [...teamNotes(app), ...(turning ? [make("span", {}, app.t("hidden_marks", { n: turning }))] : [])];
  if (task.duplicate && !work.answer && !app.doc.spans.length) {
    parts.push(make("span", {}, app.t("duplicate")), make("button", { onclick: () => work.takeOver() }, app.t("duplicate_take")));
  }
  return parts;
}
