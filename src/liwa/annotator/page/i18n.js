// @ts-check
/** What the page says, in English and Arabic. Only the language that is chosen is fetched. */

/** @typedef {"en"|"ar"} Language */

/** @type {Record<Language, Record<string, string>>} */
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
 * @param {Record<Language, Record<string, string>>} strings
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
    return found.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  };
}

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
