// @ts-check
/** The guidelines, built from the tree that the server makes of them. Fetched when they are first asked for. */

import { open } from "./dialogs.js";
import { addStyle, make } from "./elements.js";
import { directionOf } from "./text.js";

/** What they may be made of, whatever the server sends. */
const TAGS = /^(a|blockquote|br|code|em|figure|h[1-6]|hr|li|mark|ol|p|pre|small|strong|table|tbody|td|th|thead|tr|ul)$/;
/** Each has the direction of its own first letter. */
const BLOCKS = /^(blockquote|code|h[1-6]|li|p|td|th)$/;

/** By the language of the page. @type {Map<string, Promise<any[]>>} */
const fetched = new Map();

await addStyle("/page/guidelines.css");

/**
 * Show the guidelines; the key that opened them closes them.
 * @param {import("./app.js").App} app
 * @param {Pick<import("./network.js").Api, "get">} api
 */
export async function guidelines(app, api) {
  const { language } = app.settings;
  if (!fetched.has(language)) fetched.set(language, api.get(`guidelines?language=${language}`));
  const tree = await fetched.get(language)?.catch((error) => {
    fetched.delete(language);
    throw error;
  }) ?? [];
  const text = make("div", { className: "reading", tabIndex: 0, lang: "" }, ...tree.map(built));
  text.dir = directionOf(text.textContent ?? "", "ltr"); // of its lists and tables
  const dialog = open(app, app.t("guidelines"), "guidelines", text);
  dialog.addEventListener("keydown", (event) => {
    if (event.code !== "KeyG" || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // else it would open them again
    dialog.close();
  });
  text.focus(); // so that keys scroll it
}

/** @param {any} node a text, or a tag, its attributes and what it holds @returns {Node|string} */
function built(node) {
  if (typeof node === "string") return node;
  const [tag, { href, start, label }, ...inside] = node;
  if (!TAGS.test(tag)) return "";
  return make(tag, {
    ...(BLOCKS.test(tag) && { dir: "auto" }),
    ...(tag === "small" && { dir: "ltr" }),
    ...(label !== undefined && { className: `l${label}` }),
    ...(start && { start }),
    ...(/^https?:/.test(href) && { href, target: "_blank", rel: "noopener noreferrer" }),
  }, ...inside.map(built));
}
