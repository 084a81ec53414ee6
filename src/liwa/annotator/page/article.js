// @ts-check
/** Labels that were spread over an article, for its tasks that are still to come. */

import { propagate } from "./document.js";
import { mentions } from "./commands.js";

const KEY = "liwa-article";

/**
 * Suggest in each new task what was labelled in another of its article.
 * @param {import("./app.js").App} app
 * @param {import("./work.js").Work} work
 */
export function mountArticle(app, work) {
  app.on("propagate", () => {
    const { span } = app.selection;
    if (span) write(app, [...read(app).filter(([text]) => text !== app.surface(span)), [app.surface(span), span.label]]);
  });
  work.suggestions = (doc) =>
    read(app).reduce((spread, [text, label]) => propagate(spread, mentions(app, text), label, "pre"), doc);
}

/** @param {import("./app.js").App} app @returns {[string, string][]} */
function read(app) {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  return kept.article === app.task.meta.article ? kept.labels : [];
}

/** @param {import("./app.js").App} app @param {[string, string][]} labels */
function write(app, labels) {
  sessionStorage.setItem(KEY, JSON.stringify({ article: app.task.meta.article, labels }));
}
