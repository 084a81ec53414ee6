// @ts-check
/** The list of spans beside the text, and the note. */

import { annotate, same } from "./document.js";
import { element } from "./elements.js";

/** @typedef {import("./app.js").App} App */

/** Spans that the list shows at once; the list of more is written when it is scrolled to its end. */
const MOST = 200;

/**
 * Keep the list of spans and the note in step with the document.
 * @param {App} app
 */
export function mountPanel(app) {
  const list = byId("spans");
  const scroller = /** @type {HTMLElement} */ (list.parentElement);
  const end = scroller.appendChild(element("div", "end"));
  let shown = MOST;
  const write = () => writeSpans(app, list, shown);
  app.on("task", () => {
    shown = MOST;
    scroller.scrollTop = 0;
  });
  app.on("doc", write);
  app.on("task", write);
  app.on("settings", write);
  app.on("select", () => mark(app, list));
  list.addEventListener("click", (event) => choose(app, /** @type {HTMLElement} */ (event.target)));
  list.addEventListener("keydown", (event) => listKeys(app, event));
  // More is written when the end of the list comes into sight, whatever it is that scrolls.
  new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting || shown >= app.doc.spans.length) return;
    shown += MOST;
    write();
  }).observe(end);
  mountNote(app);
}

/** @param {App} app @param {HTMLElement} list @param {number} most */
function writeSpans(app, list, most) {
  const { spans } = app.doc;
  byId("span-count").textContent = spans.length ? String(spans.length) : "";
  list.replaceChildren(...spans.slice(0, most).map((span) => option(app, span)));
  if (!spans.length) {
    const empty = element("li", "empty");
    empty.textContent = app.t("no_spans");
    list.append(empty);
  }
  mark(app, list);
}

/** @param {App} app @param {import("./document.js").Span} span */
function option(app, span) {
  const node = element("li", `l${app.scheme.label(span.label).index} ${span.origin}`);
  node.id = `span-${span.start}-${span.end}`;
  node.setAttribute("role", "option");
  const text = document.createElement("bdi");
  text.textContent = app.surface(span);
  const label = document.createElement("small");
  label.textContent = app.title(span.label) + (span.origin === "pre" ? ` · ${app.t("pre")}` : "");
  node.append(text, label);
  return node;
}

/** @param {App} app @param {HTMLElement} list */
function mark(app, list) {
  const { span } = app.selection;
  for (const node of list.querySelectorAll("[aria-selected=true]")) node.setAttribute("aria-selected", "false");
  const node = span && document.getElementById(`span-${span.start}-${span.end}`);
  if (!node) return list.removeAttribute("aria-activedescendant");
  node.setAttribute("aria-selected", "true");
  list.setAttribute("aria-activedescendant", node.id);
  const scroller = /** @type {HTMLElement} */ (list.parentElement);
  // Where the list does not scroll by itself, the page must not jump to it.
  if (getComputedStyle(scroller).overflowY === "auto") node.scrollIntoView({ block: "nearest" });
}

/** @param {App} app @param {HTMLElement} target */
function choose(app, target) {
  const id = target.closest("[role=option]")?.id;
  const span = app.doc.spans.find((s) => id === `span-${s.start}-${s.end}`);
  if (!span) return;
  app.select({ span });
  app.emit("moved");
}

/** @param {App} app @param {KeyboardEvent} event */
function listKeys(app, event) {
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (!move || event.altKey || event.ctrlKey || event.shiftKey) return;
  const { spans } = app.doc;
  const { span } = app.selection;
  const at = span ? spans.findIndex((s) => same(s, span)) : move > 0 ? -1 : spans.length;
  const next = spans[Math.max(0, Math.min(spans.length - 1, at + move))];
  event.preventDefault();
  if (!next) return;
  app.select({ span: next });
  app.emit("moved");
}

/** @param {App} app */
function mountNote(app) {
  const comment = /** @type {HTMLTextAreaElement} */ (byId("comment"));
  const flag = byId("flag");
  const write = () => {
    if (comment.value !== app.doc.comment) comment.value = app.doc.comment;
    comment.placeholder = app.t("note_hint");
    flag.setAttribute("aria-pressed", String(app.doc.flagged));
    flag.textContent = app.t(app.doc.flagged ? "flagged" : "flag");
  };
  for (const event of /** @type {const} */ (["task", "doc", "settings"])) app.on(event, write);
  comment.addEventListener("input", () => app.edit((doc) => annotate(doc, { comment: comment.value }), "comment"));
  flag.addEventListener("click", () => toggleFlag(app));
  comment.addEventListener("keydown", (event) => {
    if (event.code !== "Escape") return;
    event.preventDefault();
    app.host.focus({ preventScroll: true });
  });
}

/**
 * Flag the task, or take the flag away; say whether it is flagged now.
 * @param {App} app
 */
export function toggleFlag(app) {
  app.edit((doc) => annotate(doc, { flagged: !doc.flagged }));
  app.announce(app.t(app.doc.flagged ? "flagged" : "undone"));
  return app.doc.flagged;
}

/**
 * Return an element of the page.
 * @param {string} id
 */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
