// @ts-check
/** Colours of a scheme, made readable on the page in both themes. */

/** @typedef {[number, number, number]} Colour red, green, blue, each 0 to 255 */

/** The page's paper in each theme, as in style.css, and the contrast that text on it needs (WCAG 2.2, AA). */
const PAPER = { light: "#fffdf9", dark: "#1b1e22" };
const CONTRAST = 4.6;

/**
 * Return a colour as near to the given one as can be read on the paper of a theme.
 * @param {string} hex
 * @param {boolean} dark
 */
export function readable(hex, dark) {
  const paper = parse(dark ? PAPER.dark : PAPER.light);
  const toward = /** @type {Colour} */ (dark ? [255, 255, 255] : [0, 0, 0]);
  const colour = parse(hex);
  for (let part = 0; part <= 1; part += 0.05) {
    const mixed = mix(colour, toward, part);
    if (contrast(mixed, paper) >= CONTRAST) return toHex(mixed);
  }
  return toHex(toward);
}

/**
 * Return the contrast ratio of two colours, 1 to 21, as WCAG defines it.
 * @param {Colour} a
 * @param {Colour} b
 */
export function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/**
 * Return the colour of `#rgb` or `#rrggbb`; grey for anything else.
 * @param {string} hex
 * @returns {Colour}
 */
export function parse(hex) {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(hex);
  const full = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (short) return /** @type {Colour} */ (short.slice(1).map((d) => parseInt(d + d, 16)));
  return full ? /** @type {Colour} */ (full.slice(1).map((d) => parseInt(d, 16))) : [136, 136, 136];
}

/**
 * Give the labels of a scheme their colours: `.l0`, `.l1` and so on set `--c`.
 * @param {import("./scheme.js").Scheme} scheme
 * @param {boolean} dark
 */
export function style(scheme, dark) {
  const rules = scheme.labels.map((l) => `.l${l.index}{--c:${readable(l.colour, dark)}}`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join(""));
  document.adoptedStyleSheets = [sheet];
}

/** @param {Colour} colour */
function luminance(colour) {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.03928 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {Colour} a @param {Colour} b @param {number} part @returns {Colour} */
function mix(a, b, part) {
  return /** @type {Colour} */ (a.map((v, i) => Math.round(v + (b[i] - v) * part)));
}

/** @param {Colour} colour */
const toHex = (colour) => `#${colour.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
