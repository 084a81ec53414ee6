// @ts-check
/** What annotators said, side by side: a column for each of them, a row for each place where they differ. */

import { element, make } from "../elements.js";
import { sizeOf } from "../i18n.js";
import { shown } from "../keys.js";
import { byId } from "../panel.js";
import { keyOf } from "../popup.js";
import { isPossible, isTaken, NONE } from "./sides.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("./review.js").Review} Review
 * @typedef {import("./sides.js").Decision} Decision
 */

/**
 * Put the list on the page; return what writes it anew.
 * @param {App} app
 * @param {Review} review
 */
export function mountList(app, review) {
  const head = make("h2", {}, make("span", {}), make("span", { className: "count" }));
  const columns = make("div", { className: "columns" });
  const rows = make("ol", { className: "rows" });
  const section = make("section", { id: "disputes" }, head, columns, rows);
  const dock = make("div", { id: "sides", role: "group" });
  byId("panel").prepend(section);
  byId("labels").before(dock);
  // The list may scroll by itself, the page must not.
  const follow = () => {
    const row = rows.querySelector("[aria-current]");
    if (row && getComputedStyle(section).overflowY === "auto") row.scrollIntoView({ block: "nearest" });
  };
  return () => {
    if (!app.task) return;
    const focused = /** @type {HTMLElement|null} */ (document.activeElement)?.dataset.side;
    section.setAttribute("aria-label", app.t("disputes"));
    section.style.setProperty("--n", String(review.names.length));
    head.firstChild.textContent = app.t("disputes");
    head.lastChild.textContent = stateOf(app, review);
    head.classList.toggle("settled", !review.open.length);
    columns.replaceChildren(...app.task.answers.map((/** @type {any} */ a, /** @type {number} */ i) => column(app, review, a, i)));
    rows.replaceChildren(...review.decisions.map((d) => row(app, review, d)));
    dock.setAttribute("aria-label", app.t("disputes"));
    dock.replaceChildren(...sides(app, review));
    if (focused) /** @type {HTMLElement|null} */ (rows.querySelector(`[data-side="${CSS.escape(focused)}"]`))?.focus();
    follow();
  };
}

/**
 * Return what can be done to the disagreement that is looked at, for the dock.
 * @param {App} app
 * @param {Review} review
 */
function sides(app, review) {
  const { current } = review;
  const button = (/** @type {string} */ text, /** @type {string} */ key, /** @type {() => void} */ onclick, /** @type {any} */ more = {}) =>
    make("button", { onclick, ...more }, make("bdi", {}, text), ...(key ? [keyOf(key)] : []));
  const named = review.names.map((name, i) =>
    button(name, String(i + 1), () => void review.take(name), {
      className: `side p${i % 3}`,
      disabled: !isPossible(app.doc, current?.says[name]),
      ariaLabel: app.t("take", { name }),
      ariaPressed: String(Boolean(current?.says[name] && isTaken(current, review.rulingOf(current), name))),
    }));
  const none = button(app.t("take_none"), "0", () => void review.take(NONE), { disabled: !current || current.kind === "answer" });
  const move = (/** @type {boolean} */ forward) => {
    const name = app.t(forward ? "next_dispute" : "previous_dispute");
    const path = forward ? "m5 8 5 5 5-5" : "m5 12 5-5 5 5";
    const node = make("button", { className: "quiet move", ariaLabel: name, title: name, onclick: () => review.step(forward) });
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 20 20");
    icon.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    icon.firstElementChild?.setAttribute("d", path);
    node.append(icon);
    return node;
  };
  return current ? [...named, none, move(false), move(true)] : [];
}

/** @param {App} app @param {Review} review */
function stateOf(app, review) {
  const { waiting } = review.state.resolution;
  const open = review.open.length ? app.t("disputes_open", { n: review.open.length }) : app.t("all_settled");
  return [open, waiting ? app.t("disputes_waiting", { n: waiting }) : ""].filter(Boolean).join(" · ");
}

/** @param {App} app @param {Review} review @param {any} answer @param {number} index */
function column(app, review, answer, index) {
  const { name, comment, flagged } = answer;
  const all = make("button", { className: "quiet", ariaLabel: app.t("take_all_of", { name }), onclick: () => void review.takeAll(name) },
    app.t("take_all"), keyOf(`⇧${index + 1}`));
  const note = [flagged ? "⚑" : "", comment].filter(Boolean).join(" ");
  return make("div", { className: "column" },
    make("strong", {}, keyOf(String(index + 1)), make("bdi", {}, name)),
    make("small", {}, sizeOf(app.t, answer)),
    ...(note ? [make("q", { dir: "auto" }, note)] : []), all);
}

/** @param {App} app @param {Review} review @param {Decision} decision */
function row(app, review, decision) {
  const ruling = review.rulingOf(decision);
  const current = decision.id === review.id;
  const kind = make("span", { className: "kind" }, app.t(`kind_${decision.kind}`));
  const rule = decision.by && !(decision.id in review.state.sides) ? [make("small", {}, app.t("settled_by_rule"))] : [];
  const none = make("button", { className: "quiet none", ariaPressed: String(ruling === NONE), onclick: () => void review.take(NONE, decision.id) },
    app.t("take_none"), keyOf("0"));
  none.dataset.side = `${decision.id} ${NONE}`;
  const cells = review.names.map((name, i) => cell(app, review, decision, name, i));
  const own = Array.isArray(ruling) ? [make("p", { className: "own" }, `${app.t("own")}: `, ...content(app, ruling))] : [];
  const node = make("li", { className: `dispute ${classOf(decision)} ${ruling === null ? "open" : "settled"}` },
    make("header", {}, kind, ...rule, ...(decision.kind === "answer" ? [] : [none])), make("div", { className: "cells" }, ...cells), ...own);
  if (current) node.setAttribute("aria-current", "true");
  node.addEventListener("click", (/** @type {Event} */ event) => {
    if (!(/** @type {HTMLElement} */ (event.target).closest("button"))) review.look(decision.id);
  });
  return node;
}

/** @param {App} app @param {Review} review @param {Decision} decision @param {string} name @param {number} index */
function cell(app, review, decision, name, index) {
  const items = decision.says[name];
  if (!items) return element("span", "cell");
  const taken = isTaken(decision, review.rulingOf(decision), name);
  const said = review.words(items);
  const possible = isPossible(app.doc, items);
  const button = make("button", { className: "cell", disabled: !possible, title: possible ? "" : app.t("no_end"), ariaPressed: String(taken), onclick: () => void review.take(name, decision.id) },
    make("span", { className: "who" }, keyOf(shown(`Digit${index + 1}`)), make("bdi", {}, name)),
    make("span", { className: "said" }, ...content(app, items)));
  button.dataset.side = `${decision.id} ${name}`;
  button.setAttribute("aria-label", `${app.t("take", { name })}: ${said}`);
  return button;
}

/** @param {App} app @param {any[]} items */
function content(app, items) {
  if (!items.length) return [make("i", {}, app.t("nothing"))];
  return items.map((item) => make("span", { className: "item" }, ...parts(app, item)));
}

/** @param {App} app @param {any} item */
function parts(app, { answer, start, end, head, child, label }) {
  if (answer) return [app.t(`answered_${answer}`)];
  const title = app.title(label);
  if (!head) {
    const colour = `l${app.scheme.label(label).index}`;
    return [make("bdi", {}, app.surface({ start, end })), make("small", { className: colour }, title)];
  }
  return [make("bdi", {}, app.surface(head)), make("small", { className: "link" }, title), make("bdi", {}, app.surface(child))];
}

/**
 * Return the class of a kind: its colour and its line. Whether spans or relations differ is told by words.
 * @param {Decision} decision
 */
export function classOf({ kind }) {
  if (kind.endsWith("missing")) return "missing";
  if (kind.startsWith("boundary")) return kind === "boundary" ? "boundary" : "boundary naming";
  return "naming";
}
