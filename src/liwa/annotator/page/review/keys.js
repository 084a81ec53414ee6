// @ts-check
/** The keys of a review. Digits take sides while nothing is selected; with a selection they label it, as always. */

/** Annotators that have a key. */
const MOST = 9;

/**
 * Register the keys of reviews.
 * @param {import("../app.js").App} app
 * @param {import("../work.js").Work} work
 * @param {import("./review.js").Review} review
 */
export function mountKeys(app, work, review) {
  const group = "group_review";
  const unfocused = () => !document.activeElement?.matches("button, a");
  const deciding = () => Boolean(review.current && !app.selection.span && !app.selection.range);
  const digits = Array.from({ length: MOST }, (_, i) => `Digit${i + 1}`);
  const name = (/** @type {KeyboardEvent|undefined} */ event) => review.names[Number(event?.code.slice(-1)) - 1];
  const named = (/** @type {(name: string) => void} */ fn) => (/** @type {KeyboardEvent|undefined} */ event) => {
    const found = name(event);
    if (found === undefined) return false;
    fn(found);
    return true;
  };
  /** @type {import("../keys.js").Command[]} */
  const commands = [
    { id: "side_key", code: digits, scheme: true, when: deciding, run: named((n) => void review.take(n)) },
    { id: "take_none", code: "Digit0", scheme: true, when: deciding, run: () => void review.take("none") },
    { id: "side_all_key", code: digits.map((d) => `Shift+${d}`), scheme: true, run: named((n) => void review.takeAll(n)) },
    { id: "next_dispute", code: "Space", when: unfocused, run: () => review.step(true) },
    { id: "previous_dispute", code: "Shift+Space", when: unfocused, run: () => review.step(false) },
    { id: "own_key", code: "KeyM", when: () => Boolean(review.current), run: () => review.edit() },
    { id: "save_review", code: "Enter", when: unfocused, label: "accept", run: () => save(app, work, review) },
  ];
  for (const command of commands) app.keys.register({ label: command.id, group, ...command });
}

/**
 * Save the review if nothing is open; else look at what is. Strokes that are on their way come first.
 * @param {import("../app.js").App} app
 * @param {import("../work.js").Work} work
 * @param {import("./review.js").Review} review
 */
function save(app, work, review) {
  void review.turn.then(async () => {
    const { open } = review;
    if (!open.length) return work.give(review.answer).catch(() => work.onnotice("away"));
    if (!open.some((d) => d.id === review.id)) review.step(true);
    return app.announce(app.t("still_open", { n: open.length }));
  });
}
