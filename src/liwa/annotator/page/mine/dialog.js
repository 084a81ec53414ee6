// @ts-check
/** Who this is, and what they have done so far. */

import { open } from "../dialogs.js";
import { make } from "../elements.js";
import { addStrings, localeOf } from "../i18n.js";

/** Days that are listed. */
const DAYS = 14;

/** What this dialog says. */
export const MINE_STRINGS = {
  en: {
    mine_title: "My progress",
    mine_role: "annotator",
    mine_role_lead: "lead",
    mine_answered: "{answered} of {tasks} answered",
    mine_again: "{n} to answer again",
    mine_flagged: "{n} flagged",
    mine_pace: "{answers} and {words} an hour of work",
    mine_time: "{hours} h {minutes} min of work",
    mine_link: "My link ends on {day}",
    mine_day: "Day",
    mine_answers: "Answers",
    mine_hour: "An hour",
    mine_words: "Words an hour",
  },
  ar: {
    mine_title: "تقدمي",
    mine_role: "واسم",
    mine_role_lead: "مشرف",
    mine_answered: "أُجيب عن {answered} من {tasks}",
    mine_again: {
      one: "مهمة تنتظر إجابة ثانية",
      two: "مهمتان تنتظران إجابة ثانية",
      few: "{n} مهام تنتظر إجابة ثانية",
      many: "{n} مهمة تنتظر إجابة ثانية",
      other: "{n} مهمة تنتظر إجابة ثانية",
    },
    mine_flagged: { one: "مهمة معلّمة", two: "مهمتان معلّمتان", few: "{n} مهام معلّمة", many: "{n} مهمة معلّمة", other: "{n} مهمة معلّمة" },
    mine_pace: "{answers} و{words} في ساعة العمل",
    mine_time: "{hours} س {minutes} د من العمل",
    mine_link: "ينتهي رابطي في {day}",
    mine_day: "اليوم",
    mine_answers: "الإجابات",
    mine_hour: "في الساعة",
    mine_words: "كلمات في الساعة",
  },
};

/**
 * Show it.
 * @param {import("../app.js").App} app
 * @param {import("../work.js").Work} work
 */
export async function showMine(app, work) {
  addStrings(MINE_STRINGS);
  const { t } = app;
  const mine = await work.api.get("mine");
  const round = (/** @type {number|null} */ n) => (n === null ? "–" : String(Math.round(n)));
  const pace = (/** @type {string} */ key, /** @type {number} */ n) => t(key, { n: Math.round(n) });
  const { counts, seconds, expires } = mine;
  const minutes = Math.round(seconds / 60);
  const lines = [
    t("mine_answered", counts),
    counts.again ? t("mine_again", { n: counts.again }) : "",
    counts.flagged ? t("mine_flagged", { n: counts.flagged }) : "",
    t("mine_time", { hours: Math.floor(minutes / 60), minutes: minutes % 60 }),
    mine.answers_per_hour === null ? "" : t("mine_pace", { answers: pace("n_answers", mine.answers_per_hour), words: pace("n_words", mine.words_per_hour) }),
    expires ? t("mine_link", { day: new Date(1000 * expires).toLocaleDateString(localeOf(app.settings.language)) }) : "",
  ];
  const rows = mine.days.slice(-DAYS).reverse().map((/** @type {any} */ d) =>
    make("tr", {}, make("th", { scope: "row" }, d.day), ...[d.answers, d.answers_per_hour, d.words_per_hour].map((n) => make("td", {}, round(n)))));
  const head = ["mine_day", "mine_answers", "mine_hour", "mine_words"].map((key) => make("th", { scope: "col" }, t(key)));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  const role = mine.role === "lead" ? "mine_role_lead" : "mine_role";
  open(app, t("mine_title"), "mine", make("p", {}, make("strong", {}, make("bdi", {}, mine.name)), ` · ${t(role)}`),
    make("ul", {}, ...lines.filter(Boolean).map((line) => make("li", {}, line))), ...(rows.length ? [table] : []));
}
