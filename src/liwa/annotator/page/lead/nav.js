// @ts-check
/** The way between a lead's views. */

import { addStyle, make } from "../elements.js";
import { addStrings } from "../i18n.js";
import { LEAD_STRINGS } from "./strings.js";

const VIEWS = [
  ["overview", "/page/lead/index.html"],
  ["view_review", "/?view=review"],
  ["view_annotate", "/?view=annotate"],
];

/**
 * Write the links to a lead's views into an element.
 * @param {HTMLElement} node
 * @param {string} here which of them this is
 * @param {(key: string) => string} t
 */
export function writeViews(node, here, t) {
  addStrings(LEAD_STRINGS);
  node.setAttribute("aria-label", t("views"));
  const links = VIEWS.map(([name, href]) => make("a", { href, ...(name === here && { "aria-current": "page" }) }, t(name)));
  node.replaceChildren(...links);
}

/**
 * Put the links into the bar of the annotator's page.
 * @param {import("../app.js").App} app
 * @param {string} here
 */
export function mountViews(app, here) {
  void addStyle("/page/lead/views.css");
  const nav = make("nav", { id: "views" });
  document.getElementById("bar")?.prepend(nav);
  const write = () => writeViews(nav, here, app.t);
  app.on("settings", write);
  write();
}
