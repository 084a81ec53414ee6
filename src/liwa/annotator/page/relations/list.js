// @ts-check
/** The relations beside the text: what each says, and what can be done to it. */

import { endsOf, keyOf, ordered, relationOf } from "./options.js";
import { tone } from "./tone.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../document.js").Relation} Relation
 */

/** Rows that are written at once; those of more relations follow when the page has been drawn. */
const FIRST = 60;

/** The list of relations. */
export class List {
  /**
   * @param {App} app
   * @param {import("./state.js").State} state
   * @param {import("./edit.js").Editing} editing
   */
  constructor(app, state, editing) {
    this.app = app;
    this.state = state;
    this.editing = editing;
    this.title = node("span");
    this.count = node("span", "count");
    this.rows = node("ul");
    this.rows.id = "relation-list";
    /** @type {Map<string, {row: HTMLElement, button: HTMLElement, made: string}>} */
    this.drawn = new Map();
    this.timer = 0;
    this.tools = this.#makeTools();
    const heading = document.createElement("h2");
    heading.append(this.title, this.count);
    app.panelElement.append(heading, this.rows);
    this.#listen();
    state.on(() => this.light());
  }

  /** Write the list anew where it has changed. */
  draw() {
    const { app } = this;
    const relations = ordered(app.doc);
    this.title.textContent = app.t("relations");
    this.count.textContent = relations.length ? String(relations.length) : "";
    this.rows.setAttribute("aria-label", app.t("relations"));
    for (const button of this.tools.querySelectorAll("button")) button.ariaLabel = app.t(button.dataset.does ?? "");
    clearTimeout(this.timer);
    const fresh = relations.filter((r) => !this.drawn.has(keyOf(r))).length;
    this.#write(fresh > FIRST ? relations.slice(0, FIRST) : relations);
    if (fresh > FIRST) this.timer = setTimeout(() => this.#write(relations));
  }

  /** @param {Relation[]} relations */
  #write(relations) {
    const focused = this.rows.contains(document.activeElement);
    this.drawn = new Map(relations.map((r) => [keyOf(r), this.#row(r)]));
    const rows = relations.length ? [...this.drawn.values()].map(({ row }) => row) : [this.#empty()];
    const stay = new Set(rows);
    for (const row of [...this.rows.children]) if (!stay.has(/** @type {HTMLElement} */ (row))) row.remove();
    const { children } = this.rows;
    rows.forEach((row, k) => children[k] === row || this.rows.insertBefore(row, children[k] ?? null));
    this.light();
    if (focused) this.drawn.get(this.state.chosen ?? "")?.button.focus();
  }

  /** Mark what is pointed at and what is chosen; the chosen one, or else the first, is where the tab key leads. */
  light() {
    const { lit, hot, chosen } = this.state;
    const reached = this.drawn.has(chosen ?? "") ? chosen : this.drawn.keys().next().value;
    for (const [key, { row, button }] of this.drawn) {
      row.classList.toggle("on", lit.has(key));
      row.classList.toggle("current", key === chosen);
      button.ariaCurrent = key === chosen ? "true" : null;
      button.tabIndex = key === reached ? 0 : -1;
    }
    const current = this.drawn.get(chosen ?? "")?.row;
    const shown = hot.size === 1 ? this.drawn.get([...hot][0])?.row : current;
    if (shown) shown.append(this.tools);
    else this.tools.remove();
    if (current && shown === current && !this.rows.matches(":hover")) scrollWithin(current);
  }

  /** @param {Relation} relation */
  #row(relation) {
    const { app } = this;
    const key = keyOf(relation);
    const head = endsOf(app.doc, relation)?.[0].label;
    const made = [app.title(relation.label), head, relation.origin, app.settings.language, app.task?.id].join();
    const old = this.drawn.get(key);
    if (old?.made === made) return old;
    const row = node("li", relation.origin);
    row.dataset.key = key;
    tone(app, row, relation);
    const button = node("button", "relation");
    const suggested = relation.origin === "pre" ? " ?" : "";
    button.append(
      words("bdi", app.surface(relation.head)),
      words("small", app.title(relation.label) + suggested),
      words("bdi", app.surface(relation.child)),
    );
    row.append(button);
    return { row, button, made };
  }

  #empty() {
    const row = node("li", "empty");
    row.textContent = this.app.t("no_relations");
    return row;
  }

  #makeTools() {
    const tools = node("span", "relation-tools");
    for (const [does, sign] of [["relation_flip", "⇄"], ["relation_retype", "▾"], ["relation_remove", "✕"]]) {
      const button = words("button", sign);
      button.dataset.does = does;
      tools.append(button);
    }
    return tools;
  }

  #listen() {
    const { rows, state } = this;
    rows.addEventListener("click", (event) => this.#click(/** @type {HTMLElement} */ (event.target)));
    rows.addEventListener("pointerover", (event) => state.point(keysUnder(event.target)));
    rows.addEventListener("pointerleave", () => state.point());
    rows.addEventListener("focusin", (event) => this.#focused(/** @type {HTMLElement} */ (event.target)));
    rows.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {HTMLElement} target */
  #click(target) {
    const key = keysUnder(target)[0];
    const relation = relationOf(this.app.doc, key ?? "");
    if (!relation) return;
    const does = /** @type {HTMLElement|null} */ (target.closest("[data-does]"))?.dataset.does;
    const { left, bottom } = target.getBoundingClientRect();
    if (does === "relation_flip") this.editing.flip(relation);
    else if (does === "relation_remove") this.editing.remove(relation);
    else if (does) this.editing.ask(key, { x: left, y: bottom });
    else this.editing.choose(key);
  }

  /** @param {HTMLElement} target */
  #focused(target) {
    const key = keysUnder(target)[0];
    if (key && key !== this.state.chosen && target.matches(".relation:focus-visible")) this.editing.choose(key);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    if (event.code === "Escape") {
      this.state.choose(null);
      this.app.host.focus({ preventScroll: true });
    } else if (by && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) this.#move(by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} by */
  #move(by) {
    const keys = [...this.drawn.keys()];
    const key = keysUnder(document.activeElement)[0] ?? "";
    const next = keys[Math.max(0, Math.min(keys.length - 1, keys.indexOf(key) + by))];
    if (!next) return;
    this.editing.choose(next);
    this.drawn.get(next)?.button.focus();
  }
}

/** @param {EventTarget|null} target @returns {string[]} */
function keysUnder(target) {
  const row = /** @type {HTMLElement|null} */ (/** @type {Element|null} */ (target)?.closest("[data-key]") ?? null);
  return row?.dataset.key ? [row.dataset.key] : [];
}

/** Scroll the panel, but never the page. @param {HTMLElement} row */
function scrollWithin(row) {
  const panel = row.closest("#panel");
  if (!panel || panel.scrollHeight <= panel.clientHeight) return;
  const [inner, outer] = [row.getBoundingClientRect(), panel.getBoundingClientRect()];
  panel.scrollTop += Math.min(0, inner.top - outer.top - 8) + Math.max(0, inner.bottom - outer.bottom + 8);
}

/** @param {string} tag @param {string} [className] */
function node(tag, className = "") {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

/** @param {string} tag @param {string} text */
function words(tag, text) {
  const made = node(tag);
  made.textContent = text;
  return made;
}
