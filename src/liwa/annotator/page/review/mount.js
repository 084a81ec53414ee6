// @ts-check
/** The view of reviews: the page of an annotator, with what several annotators said of each task. */

import { addStyle } from "../elements.js";
import { addStrings } from "../i18n.js";
import { byId } from "../panel.js";
import { firstTask } from "../start.js";
import { ReviewApi } from "./api.js";
import { mountKeys } from "./keys.js";
import { mountList } from "./list.js";
import { mountMarks } from "./marks.js";
import { Review } from "./review.js";
import { REVIEW_STRINGS } from "./strings.js";

/**
 * Return what is worked on in this view: reviews in the place of tasks.
 * @param {import("../network.js").Api} api
 * @param {any} session
 */
export async function desk(api, session) {
  addStrings(REVIEW_STRINGS);
  await addStyle("/page/review/review.css");
  const reviews = new ReviewApi(api);
  const task = await firstTask(/** @type {any} */ (reviews));
  session.counts = task.counts;
  return { api: /** @type {any} */ (reviews), task, mount };
}

/**
 * Add what this view has of its own.
 * @param {import("../app.js").App} app
 * @param {import("../work.js").Work} work
 */
function mount(app, work) {
  document.body.classList.add("reviewing");
  const review = new Review(app, /** @type {any} */ (work.api));
  work.more = (doc) => ({ sides: doc.review?.sides ?? {} });
  const list = mountList(app, review);
  const marks = mountMarks(app, review);
  review.onchange = () => {
    list();
    marks();
  };
  app.on("settings", list);
  app.on("layout", marks);
  // Keys act on the disagreement while nothing is selected in the text.
  app.on("select", () => document.body.classList.toggle("selecting", Boolean(app.selection.span ?? app.selection.range)));
  mountKeys(app, work, review);
  const accept = byId("answers").querySelector("[data-command=accept]");
  accept?.setAttribute("data-command", "save_review");
  for (const node of document.querySelectorAll("[data-t=accept]")) node.textContent = app.t("accept");
}
