// @ts-check
/** Two tabs, two annotations of one task: both are shown, and a person chooses. */

import { open } from "./dialogs.js";
import { make } from "./elements.js";
import { sizeOf } from "./i18n.js";
import { Offsets } from "./offsets.js";

/** @typedef {import("./app.js").App} App */

/**
 * Ask which of two annotations stays.
 * @param {App} app
 * @param {import("./work.js").Work} work
 * @param {import("./database.js").Item} item
 */
export async function ask(app, work, item) {
  const task = work.opened.get(item.task)?.task ?? (await work.api.get(`tasks/${item.task}`));
  const offsets = new Offsets(task.text);
  const settle = async (/** @type {boolean} */ mine) => {
    dialog.close();
    await work.queue.settle(item, mine);
    if (!mine) await work.refresh(item.task);
  };
  const choice = (/** @type {string} */ title, /** @type {string} */ button, /** @type {any} */ body, /** @type {any} */ other, /** @type {boolean} */ mine) =>
    make("section", {}, make("h3", {}, app.t(title)), ...version(app, offsets, body, other, mine),
      make("button", { onclick: () => settle(mine), className: mine ? "main" : "" }, app.t(button)));
  const dialog = open(app, app.t("conflict_title"), "conflict", make("p", {}, app.t("conflict_text")),
    make("blockquote", { dir: "auto" }, task.text.slice(0, 160)),
    make("div", { className: "versions" },
      choice("here", "keep_mine", item.body, item.theirs, true),
      choice("there", "take_theirs", item.theirs, item.body, false)));
}

/**
 * Return what one version holds: its answer, its size, what only it has.
 * @param {App} app
 * @param {Offsets} offsets
 * @param {any} body
 * @param {any} other
 * @param {boolean} here
 */
function version(app, offsets, body, other, here) {
  const answer = body.answer && !body.draft ? app.t(`answered_${body.answer}`) : app.t("draft");
  const lines = linesOf(app, offsets, body);
  const others = new Set(linesOf(app, offsets, other));
  const own = lines.filter((line) => !others.has(line));
  const counted = sizeOf(app.t, body);
  const list = make("ul", {}, ...own.slice(0, 50).map((line) => make("li", {}, make("bdi", {}, line))));
  const heading = app.t(own.length ? (here ? "only_here" : "only_there") : "alike");
  return [make("p", {}, `${answer} · ${counted}`), make("p", { className: "empty" }, heading), list];
}

/** @param {App} app @param {Offsets} offsets @param {any} body */
function linesOf(app, offsets, body) {
  const spans = body.spans.map((/** @type {any} */ s) => `${offsets.slice(s.start, s.end)}: ${app.title(s.label)}`);
  const links = body.relations.map((/** @type {any} */ r) => `${offsets.slice(...ends(r.head))} · ${app.title(r.label)} · ${offsets.slice(...ends(r.child))}`);
  const note = [body.comment && `${app.t("comment")}: ${body.comment}`, body.flagged && app.t("flagged")].filter(Boolean);
  return [...spans, ...links, ...note];
}

/** @param {number[]} end @returns {[number, number]} */
const ends = (end) => [end[0], end[1]];
