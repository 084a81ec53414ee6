// @ts-check
/** What somebody who works in a team is told: why a task came back, that it was given on, how far they are. */

import { make } from "./elements.js";

/** @typedef {import("./app.js").App} App */

/**
 * Return what is to be said of the open task as long as it is open.
 * @param {App} app
 * @returns {Node[]}
 */
export function teamNotes({ task, t }) {
  const notes = [];
  if (task.again) {
    const { rule, text } = task.again;
    notes.push(make("strong", {}, t("again_title", { rule })), make("span", {}, text || t("again_text")));
  }
  if (task.lease?.held === false) notes.push(make("span", { className: "lease" }, t("lease_lost")));
  return notes;
}

/**
 * Let a key and the person's name in the bar show what they have done, and notice when a task was given on.
 * @param {App} app
 * @param {import("./work.js").Work} work
 */
export function mountTeam(app, work) {
  const show = async () => (await import("./mine/dialog.js")).showMine(app, work);
  app.keys.register({ id: "mine", code: "KeyU", label: "mine", group: "group_page", run: () => void show().catch(() => work.onnotice("away")) });
  if (app.session.team) {
    const me = make("button", { id: "me" }, make("bdi", {}, app.session.annotator));
    me.dataset.command = "mine";
    document.querySelector("#bar .tools")?.prepend(me);
  }
  work.onlease = (task, lease) => {
    if (!lease || task.lease?.held === lease.held) return;
    task.lease = lease;
    if (task === app.task && !lease.held) work.onnotice("");
    if (!lease.held) app.announce(app.t("lease_lost"));
  };
}
