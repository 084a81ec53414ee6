// @ts-check
/** The lead's view: asks for the figures again and again while it is in sight, and writes what has changed. */

import * as colours from "../colours.js";
import { chooseSettings } from "../dialogs.js";
import { make } from "../elements.js";
import { addStrings, load, localeOf, translate, translator } from "../i18n.js";
import { Api, NoToken, Refused } from "../network.js";
import { Scheme } from "../scheme.js";
import * as settings from "../settings.js";
import { mountExport } from "./export.js";
import { writeViews } from "./nav.js";
import { agreementPart, labelsPart, leasesPart, modelPart, peoplePart, progressPart } from "./parts.js";
import { LEAD_STRINGS } from "./strings.js";

/** Milliseconds between two looks, and at most while the server is away. */
const EVERY = { usual: 3000, most: 30_000 };

const PARTS = {
  "progress-part": progressPart,
  "people-part": peoplePart,
  "labels-part": labelsPart,
  "agreement-part": agreementPart,
  "leases-part": leasesPart,
  "model-part": modelPart,
};

const chosen = settings.load();
settings.apply(chosen);
const t = translator(() => chosen.language);
const api = new Api();
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
void start();

/** Ask who this is, then look. */
async function start() {
  addStrings(LEAD_STRINGS);
  await load(chosen.language);
  try {
    const session = await api.get("session");
    if (session.role === "lead") watch(session);
    else say(t("not_lead"), "stopped");
  } catch (error) {
    say(t(error instanceof NoToken ? "no_token_text" : "away_title"), "stopped");
  }
  translate(document, t);
  document.body.classList.remove("loading");
}

/** @param {any} session */
function watch(session) {
  const scheme = new Scheme(session.scheme);
  const words = wordsOf(scheme);
  /** @type {any} */
  let stats = null;
  let delay = EVERY.usual;
  let timer = 0;
  const write = () => {
    colours.style(scheme, settings.isDark(chosen));
    writeViews(byId("views"), "overview", t);
    if (stats) show(words, stats);
  };
  const look = async () => {
    clearTimeout(timer);
    try {
      stats = await api.get("stats");
      delay = EVERY.usual;
      say(t("live_at"), "saved");
      write();
    } catch (error) {
      if (error instanceof NoToken || error instanceof Refused) return say(t("no_token_text"), "stopped");
      delay = Math.min(2 * delay, EVERY.most);
      say(t("live_away", { time: stats ? words.moment(stats.time) : "–" }), "offline");
    }
    if (!document.hidden) timer = setTimeout(look, delay);
    return undefined;
  };
  const exporting = mountExport(byId("export-part"), api, t, (message) => (byId("live").textContent = message));
  const apply = async () => {
    await load(chosen.language).catch(() => (chosen.language = chosen.language === "ar" ? "en" : "ar"));
    settings.save(chosen);
    settings.apply(chosen);
    translate(document, t);
    exporting();
    write();
  };
  byId("settings").onclick = () => chooseSettings(/** @type {any} */ ({ t, settings: chosen, host: byId("overview") }), apply);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", write);
  document.addEventListener("visibilitychange", () => document.hidden || void look());
  Object.assign(globalThis, { liwa: { look } });
  void look();
}

/** Write the parts that say something else than before. @param {import("./parts.js").Words} words @param {any} stats */
function show(words, stats) {
  for (const [id, part] of Object.entries(PARTS)) {
    const node = make("div", {}, ...part(words, stats));
    const section = byId(id);
    if (section.firstElementChild?.isEqualNode(node)) continue;
    const scrolled = [...section.querySelectorAll(".scroll")].map((s) => s.scrollLeft);
    section.replaceChildren(node);
    section.hidden = !node.childNodes.length;
    section.querySelectorAll(".scroll").forEach((s, i) => (s.scrollLeft = scrolled[i] ?? 0));
  }
}

/** @param {Scheme} scheme @returns {import("./parts.js").Words} */
function wordsOf(scheme) {
  const locale = () => localeOf(chosen.language);
  return {
    t,
    title: (name) => scheme.title(name, chosen.language),
    index: (name) => scheme.label(name).index,
    number: (value, digits = 0) =>
      value === null || value === undefined ? "–" : value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" }),
    moment: (seconds) => {
      const ago = Math.round(seconds - Date.now() / 1000);
      const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
      if (ago > -60) return format.format(0, "second");
      if (ago > -3600) return format.format(Math.ceil(ago / 60), "minute");
      return ago > -86_400 ? format.format(Math.ceil(ago / 3600), "hour") : format.format(Math.ceil(ago / 86_400), "day");
    },
  };
}

/** @param {string} message @param {string} state */
function say(message, state) {
  const node = byId("status");
  if (node.textContent !== message) node.textContent = message;
  node.className = state;
}
