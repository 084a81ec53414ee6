// @ts-check
/** What the page says, in English and Arabic. Only the language that is chosen is fetched. */

/**
 * @typedef {"en"|"ar"} Language
 * @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}} Forms a message about `{n}` things, by the
 *   plural that the language has for their number; `other` stands in for one that is missing
 * @typedef {Record<string, string|Forms>} Table messages by their keys
 */

/** @type {Record<Language, Table>} */
const tables = { en: {}, ar: {} };

/** @type {Set<Language>} */
const fetched = new Set();

/**
 * Fetch the strings of a language, unless they are here.
 * @param {Language} language
 */
export async function load(language) {
  if (fetched.has(language)) return;
  const { default: strings } = await import(`./strings-${language}.js`);
  tables[language] = { ...strings, ...tables[language] };
  fetched.add(language);
}

/**
 * Add strings of a module; both languages need the same keys.
 * @param {Record<Language, Table>} strings
 */
export function addStrings({ en, ar }) {
  Object.assign(tables.en, en);
  Object.assign(tables.ar, ar);
}

/**
 * Return a function that translates a key of the tables, with `{name}` filled in.
 * @param {() => Language} language
 */
export function translator(language) {
  return (/** @type {string} */ key, /** @type {Record<string, any>} */ values = {}) => {
    const found = tables[language()][key] ?? key;
    const said = typeof found === "string" ? found : (found[plurals(language()).select(values.n)] ?? found.other);
    return said.replace(/\{(\w+)\}/g, (whole, name) => written(values[name] ?? whole));
  };
}

/**
 * Write a value; both languages write whole numbers alike here. The browser's own way takes 20 ms when it is first asked.
 * @param {any} value
 */
const written = (value) => (Number.isInteger(value) ? String(value).replace(/\B(?=(\d{3})+$)/g, ",") : String(value));

/**
 * Return the locale in which a language writes numbers and dates here.
 * @param {Language} language
 */
export const localeOf = (language) => (language === "ar" ? "ar-u-nu-latn" : language);

/** @type {Map<Language, Intl.PluralRules>} */
const rules = new Map();

/** @param {Language} language */
function plurals(language) {
  const known = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, known);
  return known;
}

/**
 * Say how many spans and relations something holds.
 * @param {(key: string, values?: Record<string, any>) => string} t
 * @param {{spans: readonly any[], relations: readonly any[]}} what
 */
export const sizeOf = (t, { spans, relations }) =>
  t("counted", { spans: t("n_spans", { n: spans.length }), relations: t("n_relations", { n: relations.length }) });

/**
 * Write the translations into a part of the page: `data-t` is for text, `data-name` for names of what has an icon only.
 * @param {ParentNode} root
 * @param {(key: string) => string} t
 */
export function translate(root, t) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(/** @type {HTMLElement} */ (node).dataset.t ?? "");
  for (const node of root.querySelectorAll("[data-name]")) {
    node.setAttribute("aria-label", t(/** @type {HTMLElement} */ (node).dataset.name ?? ""));
  }
}
