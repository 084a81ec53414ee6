// @ts-check
/** The parts of a lead's view: each is made of the figures that it shows, and of nothing else. */

import { make } from "../elements.js";

/**
 * @typedef {object} Words how things are said
 * @property {(key: string, values?: Record<string, any>) => string} t
 * @property {(name: string) => string} title what people call a label
 * @property {(label: string) => number} index the number of a label's colour
 * @property {(value: number|null|undefined, digits?: number) => string} number
 * @property {(seconds: number) => string} moment how long ago that was
 */

/**
 * Show how far the work is.
 * @param {Words} say
 * @param {any} stats
 */
export function progressPart(say, { progress: p, review, overlap }) {
  const figure = (/** @type {string} */ key, /** @type {number} */ done, /** @type {number} */ all) => {
    const share = all ? `${say.number((100 * done) / all)}%` : "–";
    return make("div", { className: "figure" }, make("span", { className: "big" }, share), bar([[done, all]]), make("span", {}, say.t(key, { done, n: all })));
  };
  const open = make("div", { className: "figure" }, make("span", { className: "big" }, say.number(review.open)), bar([[review.reviewed, review.differ]]),
    make("a", { href: "/?view=review" }, say.t("reviews_open", { open: review.open, n: review.differ })));
  const notes = [say.t("by_people", { n: overlap }), ...(p.flagged ? [say.t("flags", { n: p.flagged })] : []), ...(p.again ? [say.t("agains", { n: p.again })] : [])];
  return [
    heading(say.t("part_progress")),
    make("div", { className: "figures" }, figure("answers_of", p.answers, p.wanted), figure("tasks_complete", p.complete, p.tasks),
      figure("articles_complete", p.articles_complete, p.articles), open),
    make("div", { className: "chips" }, ...notes.map((note) => make("span", {}, note))),
  ];
}

/**
 * Show what everybody has done, and how fast.
 * @param {Words} say
 * @param {any} stats
 */
export function peoplePart(say, { people }) {
  const most = Math.max(1, ...people.map((/** @type {any} */ p) => p.answered));
  const rows = people.map((/** @type {any} */ p) => {
    const parts = ["accept", "reject", "ignore"].map((a) => say.number(p[a])).join(" · ");
    const off = p.state && p.state !== "active";
    const about = [p.role === "annotator" ? "" : say.t(`role_${p.role}`), off ? say.t(`state_${p.state}`) : "", p.drafts ? say.t("drafts", { n: p.drafts }) : "", p.flagged ? say.t("flags", { n: p.flagged }) : "", p.again ? say.t("agains", { n: p.again }) : ""];
    return [
      make("span", {}, make("bdi", {}, p.name), " ", make("small", { className: off ? "off" : "" }, about.filter(Boolean).join(" · "))),
      make("div", { className: "score" }, say.number(p.answered), bar([[p.accept, most], [p.reject, most], [p.ignore, most]])),
      make("small", {}, parts),
      say.number(p.answers_per_hour), say.number(p.words_per_hour), duration(say, p.seconds), spark(say, p.days),
      p.last ? say.moment(p.last) : "–",
    ];
  });
  const answers = ["accept", "reject", "ignore"].map((key) => say.t(key)).join(" · ");
  const [first, second, ...others] = ["name", "answered", "pace", "words_pace", "time", "days", "last"].map((key) => say.t(key));
  return [heading(say.t("part_people")), table([first, second, answers, ...others], rows)];
}

/**
 * Show what was labelled, by whom.
 * @param {Words} say
 * @param {any} stats
 */
export function labelsPart(say, { people }) {
  const busy = people.filter((/** @type {any} */ p) => p.answered);
  /** @param {"spans"|"relations"} what @param {string} head */
  const counts = (what, head) => {
    const names = [...new Set(busy.flatMap((/** @type {any} */ p) => Object.keys(p[what])))];
    const sum = (/** @type {string} */ name) => busy.reduce((/** @type {number} */ n, /** @type {any} */ p) => n + (p[what][name] ?? 0), 0);
    const sorted = names.map((name) => /** @type {[string, number]} */ ([name, sum(name)])).sort((a, b) => b[1] - a[1]);
    const most = Math.max(1, ...sorted.map(([, n]) => n));
    const rows = sorted.map(([name, n]) => [label(say, name), make("div", { className: "score" }, say.number(n), bar([[n, most]], [say.index(name)])),
      ...busy.map((/** @type {any} */ p) => say.number(p[what][name] ?? 0))]);
    return rows.length ? [table([say.t(head), say.t("all_people"), ...busy.map((/** @type {any} */ p) => p.name)], rows)] : [];
  };
  const tables = [...counts("spans", "label"), ...counts("relations", "relation_type")];
  return tables.length ? [heading(say.t("part_labels")), ...tables] : [];
}

/**
 * Show how far people agree, pair by pair.
 * @param {Words} say
 * @param {any} stats
 */
export function agreementPart(say, { agreement }) {
  const head = heading(say.t("part_agreement"));
  if (!agreement.length) return [head, make("p", { className: "empty" }, say.t("no_agreement"))];
  return [head, make("div", { className: "pairs" }, ...agreement.map((/** @type {any} */ found) => pair(say, found)))];
}

/** @param {Words} say @param {any} found */
function pair(say, { layers: [a, b], articles, units, kinds, spans, relations }) {
  const size = [say.t("n_articles", { n: articles }), say.t("n_words", { n: units })].join(" · ");
  const title = make("h3", {}, say.t("pair", { a: apart(a), b: apart(b) }), make("small", {}, size));
  const span = (/** @type {string|null} */ name, /** @type {any} */ s) => [name ? label(say, name) : say.t("all_labels"), score(say, s.exact?.f1), score(say, s.relaxed?.f1), score(say, s.alpha?.alpha), counted(say, s.exact)];
  const link = (/** @type {string|null} */ name, /** @type {any} */ r) => [name ? label(say, name) : say.t("all_labels"), score(say, r.given_spans?.f1), score(say, r.end_to_end?.f1), counted(say, r.end_to_end)];
  const rows = (/** @type {any} */ of, /** @type {any} */ row) => (of ? [row(null, of.micro), ...Object.entries(of.labels).filter(([, s]) => used(s)).map(([name, s]) => row(name, s))] : []);
  const used = (/** @type {any} */ { exact, end_to_end: whole }) => (exact ?? whole)?.a || (exact ?? whole)?.b;
  const both = `${apart(a)} · ${apart(b)}`;
  const tables = [
    table(["label", "spans_exact", "spans_relaxed", "alpha"].map((key) => say.t(key)).concat(both), rows(spans, span)),
    ...(relations && used(relations.micro)
      ? [table(["relation_type", "relations_given", "relations_whole"].map((key) => say.t(key)).concat(both), rows(relations, link))] : []),
  ];
  return make("div", {}, title, ...kindsBar(say, kinds), ...tables);
}

/** @param {Words} say @param {Record<string, number>} kinds */
function kindsBar(say, kinds) {
  const found = Object.entries(kinds).filter(([, n]) => n).sort((a, b) => b[1] - a[1]);
  const all = found.reduce((sum, [, n]) => sum + n, 0);
  if (!all) return [];
  const strip = make("div", { className: "bar" }, ...found.map(([, n], i) => sized(make("i", { className: `k${i % 5}` }), n / all)));
  const legend = found.map(([kind, n], i) => make("span", {}, make("i", { className: `swatch k${i % 5}` }), `${say.t(`differ_${kind}`)} ${say.number(n)}`));
  return [make("div", { className: "figure" }, make("small", {}, say.t("kinds")), strip, make("div", { className: "kinds" }, ...legend))];
}

/**
 * Show who works on which article.
 * @param {Words} say
 * @param {any} stats
 */
export function leasesPart(say, { leases, time }) {
  const rows = leases.map((/** @type {any} */ l) => [make("bdi", { title: l.article }, [l.title || l.article].flat().join(" ")), make("bdi", {}, l.name),
    `${say.number(l.left)} / ${say.number(l.tasks)}`, say.t("minutes", { n: Math.max(0, Math.round((l.until - time) / 60)) })]);
  const head = heading(say.t("part_leases"));
  return rows.length ? [head, table(["article", "who", "left", "until"].map((key) => say.t(key)), rows)] : [head, make("p", { className: "empty" }, say.t("no_leases"))];
}

/**
 * Show what the model in the loop does.
 * @param {Words} say
 * @param {any} stats
 */
export function modelPart(say, { model }) {
  const head = heading(say.t("part_model"));
  if (!model) return [head, make("p", { className: "empty" }, say.t("no_model"))];
  const n = { waiting: Math.max(0, model.every - (model.answered - model.trained_on)), training: model.answered, ready: model.trained_on }[/** @type {string} */ (model.state)] ?? 0;
  const said = say.t(`model_${model.state}`, { n, error: model.error, time: model.refreshed ? say.moment(model.refreshed) : "" });
  return [head, bar([[model.answered - model.trained_on, model.every]]), make("p", { className: model.state === "failed" ? "off" : "" }, said), make("small", { dir: "ltr" }, model.model ?? "")];
}

/** Keep a name's direction to itself. @param {string} name */
const apart = (name) => `\u2068${name}\u2069`;

/** @param {string} text */
const heading = (text) => make("h2", {}, text);

/**
 * Return a table whose first column heads its rows; it scrolls by itself where it is too wide.
 * @param {string[]} head
 * @param {(Node|string)[][]} rows
 */
function table(head, rows) {
  const titles = head.map((text) => make("th", { scope: "col" }, text));
  const lines = rows.map(([first, ...others]) => {
    return make("tr", {}, make("th", { scope: "row" }, first), ...others.map((cell) => make("td", {}, cell)));
  });
  const made = make("table", {}, make("thead", {}, make("tr", {}, ...titles)), make("tbody", {}, ...lines));
  return make("div", { className: "scroll" }, made);
}

/** @param {Words} say @param {string} name */
function label(say, name) {
  return make("span", {}, make("i", { className: `swatch l${say.index(name)}` }), say.title(name));
}

/** @param {Words} say @param {number|null|undefined} value from 0 to 1 */
function score(say, value) {
  if (value === null || value === undefined) return "–";
  return make("div", { className: "score" }, say.number(value, 2), bar([[Math.max(0, value), 1]]));
}

/** @param {Words} say @param {any} f */
const counted = (say, f) => make("small", {}, f ? `${say.number(f.a)} · ${say.number(f.b)}` : "");

/** @param {[number, number][]} parts each of a whole @param {number[]} [colours] */
function bar(parts, colours = []) {
  const tones = ["", "k4", "k3"];
  const part = (/** @type {[number, number]} */ [n, all], /** @type {number} */ i) =>
    n ? [sized(make("i", { className: colours.length ? `l${colours[i]}` : tones[i] }), all ? Math.min(1, n / all) : 0)] : [];
  return make("div", { className: "bar", "aria-hidden": "true" }, ...parts.flatMap(part));
}

/** @param {HTMLElement} node @param {number} share */
function sized(node, share) {
  node.style.width = `${100 * share}%`;
  return node;
}

/** @param {Words} say @param {any[]} days */
function spark(say, days) {
  const last = days.slice(-14);
  const most = Math.max(1, ...last.map((d) => d.answers));
  const bars = last.map((d) => {
    const pace = d.answers_per_hour === null ? [] : [say.t("an_hour", { pace: say.number(d.answers_per_hour) })];
    const node = make("i", { title: [d.day, say.t("n_answers", { n: d.answers }), ...pace].join(" · ") });
    node.style.height = `${(100 * d.answers) / most}%`;
    return node;
  });
  return make("span", { className: "spark" }, ...bars);
}

/** @param {Words} say @param {number} seconds */
function duration(say, seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? say.t("minutes", { n: minutes }) : `${say.number(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, "0")}`;
}
