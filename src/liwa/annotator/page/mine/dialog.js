// @ts-check
/** Who this is, and what they have done so far. */

import { make, open } from "../dialogs.js";
import { addStrings } from "../i18n.js";

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
    mine_pace: "{answers} answers and {words} words an hour of work",
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
    mine_again: "{n} تنتظر إجابة ثانية",
    mine_flagged: "{n} معلّمة",
    mine_pace: "{answers} إجابة و{words} كلمة في ساعة العمل",
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
  const { counts, seconds, expires } = mine;
  const minutes = Math.round(seconds / 60);
  const lines = [
    t("mine_answered", counts),
    counts.again ? t("mine_again", { n: counts.again }) : "",
    counts.flagged ? t("mine_flagged", { n: counts.flagged }) : "",
    t("mine_time", { hours: Math.floor(minutes / 60), minutes: minutes % 60 }),
    mine.answers_per_hour === null ? "" : t("mine_pace", { answers: round(mine.answers_per_hour), words: round(mine.words_per_hour) }),
    expires ? t("mine_link", { day: new Date(1000 * expires).toLocaleDateString(app.settings.language === "ar" ? "ar-u-nu-latn" : "en") }) : "",
  ];
  const rows = mine.days.slice(-DAYS).reverse().map((/** @type {any} */ d) =>
    make("tr", {}, make("th", { scope: "row" }, d.day), ...[d.answers, d.answers_per_hour, d.words_per_hour].map((n) => make("td", {}, round(n)))));
  const head = ["mine_day", "mine_answers", "mine_hour", "mine_words"].map((key) => make("th", { scope: "col" }, t(key)));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  const role = mine.role === "lead" ? "mine_role_lead" : "mine_role";
  open(app, t("mine_title"), "mine", make("p", {}, make("strong", {}, make("bdi", {}, mine.name)), ` · ${t(role)}`),
    make("ul", {}, ...lines.filter(Boolean).map((line) => make("li", {}, line))), ...(rows.length ? [table] : []));
}
