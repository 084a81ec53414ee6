// @ts-check
/** One spelling for the many of a word, as `liwa.arabic.orthography.fold` defines it, and where the letters came from. */

/** What the eye skips: tatweel, diacritics, bidi marks and other characters without a shape. */
const UNWRITTEN = new RegExp(
  "[\\u0640\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed" +
    "\\u0898-\\u089f\\u08ca-\\u08e1\\u08e3-\\u08ff" +
    "\\u00ad\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff]",
  "g",
);

/** Those of them that belong to no letter. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;

/** Letters in their positional forms, and ligatures. */
const FORMS = /[\ufb50-\ufdff\ufe70-\ufefc]/;

/** A spelling and all that is written as it. */
const SPELLINGS = {
  ا: "أإآٱٲٳ",
  ي: "ىیېێے",
  ك: "کڪگڭ",
  ه: "ھہەۀ",
  ة: "ۃ",
  ب: "پ",
  ج: "چ",
  ز: "ژ",
  ف: "ڤڥ",
  '"': "“”„«»‟",
  "'": "‘’‚‹›`´",
  ",": "،٬",
  ";": "؛",
  "?": "؟",
  "%": "٪",
  ".": "٫۔",
  "-": "‐‑‒–—―−",
};

/** @type {Map<string, string>} */
const FOLDED = new Map();
for (const [spelling, others] of Object.entries(SPELLINGS)) for (const other of others) FOLDED.set(other, spelling);
for (const digit of Array(10).keys()) for (const zero of [0x660, 0x6f0]) FOLDED.set(String.fromCharCode(zero + digit), `${digit}`);

/**
 * Return the folded form of one character: none, one or several.
 * @param {string} char
 */
export function foldChar(char) {
  if (char < "\x80") return FOLDED.get(char) ?? char;
  const letters = FORMS.test(char) ? presentationForm(char) : char.replace(UNWRITTEN, "");
  return letters.replace(/./gu, (c) => FOLDED.get(c) ?? c);
}

/**
 * A folded text, and for each of its units the code points it came from; a letter ends behind its diacritics.
 * @typedef {{text: string, from: number[], to: number[]}} Folded
 */

/**
 * Return a text folded and in lower case, with the places of its letters.
 * @param {string} text
 * @returns {Folded}
 */
export function folded(text) {
  const parts = [];
  const from = [];
  const to = [];
  let point = 0;
  for (const char of text) {
    const part = foldChar(char.toLowerCase());
    for (let i = 0; i < part.length; i++) from.push(point), to.push(point + 1);
    if (part) parts.push(part);
    else if (to.length && to[to.length - 1] === point && !INVISIBLE.test(char)) to[to.length - 1]++;
    point++;
  }
  return { text: parts.join(""), from, to };
}

/**
 * Return a text folded and in lower case.
 * @param {string} text
 */
export const fold = (text) => folded(text).text;

/**
 * Return where a text holds another in any spelling.
 * @param {Folded} hay
 * @param {string} needle
 * @param {number} [limit] how many to find at most
 * @returns {import("./offsets.js").Range[]}
 */
export function find(hay, needle, limit = Infinity) {
  const wanted = fold(needle).trim();
  const found = [];
  let at = wanted ? hay.text.indexOf(wanted) : -1;
  while (at >= 0 && found.length < limit) {
    const next = at + wanted.length;
    found.push({ start: hay.from[at], end: hay.to[next - 1] });
    at = hay.text.indexOf(wanted, next);
  }
  return found;
}

/** @param {string} char */
function presentationForm(char) {
  const letters = char.normalize("NFKC").replace(/^ +/, "");
  return letters.includes(" ") ? char : letters.replace(UNWRITTEN, "");
}
