// @ts-check
/** What a person has chosen for this browser: language, theme, size of the text, snapping. */

/** @typedef {{language: "ar"|"en", theme: "auto"|"light"|"dark", size: number, snap: boolean}} Settings */

const KEY = "liwa-settings";

/** Sizes of the text, in pixels. */
export const SIZES = [16, 18, 20, 22, 24, 27, 30, 34];

/** @type {Settings} */
const DEFAULTS = { language: navigator.language.startsWith("en") ? "en" : "ar", theme: "auto", size: 22, snap: true };

/** @returns {Settings} */
export function load() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

/** @param {Settings} settings */
export function save(settings) {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that stores nothing still annotates.
  }
}

/**
 * Let the page look as chosen.
 * @param {Settings} settings
 */
export function apply({ language, theme, size }) {
  const root = document.documentElement;
  root.lang = language;
  root.dir = language === "ar" ? "rtl" : "ltr";
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  root.style.setProperty("--size", `${size / 16}rem`);
}

/**
 * Say whether the page is dark now.
 * @param {Settings} settings
 */
export function isDark({ theme }) {
  return theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}
