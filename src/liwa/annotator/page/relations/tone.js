// @ts-check
/** The colours of relations: their type's, or where the scheme gives it none, that of the head's label. */

import { readable } from "../colours.js";
import { isDark } from "../settings.js";
import { endsOf } from "./options.js";

/** The colour that a scheme gives what it gives no colour. */
const NONE = "#888888";

/**
 * Make the types' own colours readable on the paper of the theme.
 * @param {import("../app.js").App} app
 */
export function paint(app) {
  const dark = isDark(app.settings);
  for (const { index, colour } of app.scheme.relations) {
    document.documentElement.style.setProperty(`--r${index}`, readable(colour, dark));
  }
}

/**
 * Give an element the colour of a relation, as `--c`.
 * @param {import("../app.js").App} app
 * @param {HTMLElement|SVGElement} node
 * @param {import("../document.js").Relation} relation
 */
export function tone(app, node, relation) {
  const type = app.scheme.byName.get(relation.label);
  const [head] = endsOf(app.doc, relation) ?? [];
  if (type && type.colour !== NONE) node.style.setProperty("--c", `var(--r${type.index})`);
  else if (head) node.classList.add(`l${app.scheme.label(head.label).index}`);
}
