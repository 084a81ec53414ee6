// @ts-check
/** What of the text is in sight, between the bars at the top and foot of the window. */

/** @typedef {import("../app.js").App} App */

/** Pixels that are kept free around what is brought into sight. */
const MARGIN = 48;

/**
 * Return the top and bottom of what is in sight, in the window.
 * @returns {{top: number, bottom: number}}
 */
export function sight() {
  const edge = (/** @type {string} */ id) => document.getElementById(id)?.getBoundingClientRect();
  return {
    top: Math.max(0, edge("bar")?.bottom ?? 0, edge("find")?.bottom ?? 0),
    bottom: Math.min(innerHeight, edge("dock")?.top ?? innerHeight),
  };
}

/**
 * Scroll as far as needed to see a range, if it is out of sight.
 * @param {App} app
 * @param {import("../offsets.js").Range|null|undefined} range
 */
export function reveal(app, range) {
  const box = range && app.text.boxesOf(range)[0];
  if (!box) return;
  const { top, bottom } = sight();
  const y = app.host.getBoundingClientRect().top + box.y;
  const over = Math.min(0, y - top - MARGIN);
  const under = Math.max(0, y + box.height - bottom + MARGIN);
  if (over || under) scrollBy({ top: over || under, behavior: "instant" });
}
