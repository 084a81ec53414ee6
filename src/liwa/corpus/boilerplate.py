"""Lines that a web page puts around an article, and lines that it says twice: no task for an annotator.

Precision comes first. A pattern must fit the whole passage, names the words that only a page says of itself, and is
tried on short passages alone; a doubtful line stays a task, where it costs one key press.
"""

from __future__ import annotations

import re
import string
from typing import Final

from liwa.arabic.orthography import normalise

LONGEST: Final = 240
"""Code points; a longer passage is never taken for boiler-plate. One that is repeated is a near-duplicate."""

REPEAT_WORDS: Final = 4
"""A repeated passage of fewer words, such as a speaker's name, stays a task."""

_ADDRESS: Final = r"(?:https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@[\w.]+|[\w-]+(?:\.[a-z]{2,})+/\S*)"
_PLATFORM: Final = (
    r"(?:تويتر|منصة (?:x|اكس)|فيس ?بوك|ان?ست[غجق]را[مم]|يوتيوب|تي?لي?[غجق]را[مم]|واتس ?اب|سناب ?شات|تيك ?توك|لينكد ?ان|"
    r"اخبار (?:جوجل|غوغل)|(?:غوغل|جوجل) نيوز|google news|twitter|facebook|instagram|youtube|telegram|whatsapp|tiktok|"
    r"صفحتنا|صفحاتنا|قناتنا|قنواتنا|حسابنا|حساباتنا|منصاتنا|موقعنا|تطبيقنا)"
)
_PIECE: Final = r"(?:الخبر|المقالة?|الموضوع|الصفحة|التقرير|الرابط)"

# Written in folded letters (see liwa.arabic.orthography): bare alef, Latin punctuation, no diacritics, lower case.
# Each begins and ends at a letter; what may decorate it is added below.
PATTERNS: Final = {
    "no-words": r"[\W\d_]*",
    "end-mark": r"انتهي|يتبع|ا\.? ?ه",
    "address": rf"(?:(?:تويتر|فيسبوك|البريد(?: الالكتروني)?|ايميل|الموقع|رابط|twitter|e-?mail)\s*:\s*)?"
    rf"{_ADDRESS}(?:\W+{_ADDRESS})*",
    "hashtags": r"#\w+(?:\W+#\w+)+",
    "tags": r"(?:كلمات (?:مفتاحية|دلالية)|الكلمات (?:المفتاحية|الدلالية)|الوسوم|وسوم|tags)\s*(?::.*)?",
    "contact": rf"(?:للتواصل|لمراسلة|للمراسلة)(?: مع)?(?: الكاتبة?| المحررة?| ادارة الموقع| ادارة التحرير| معنا)?"
    rf"(?:\W*|\W*{_ADDRESS}.*| (?:ارسل|عبر البريد|علي البريد|علي الرقم).*)|راسلونا\b.*{_ADDRESS}"
    r"|(?:\w+ )?تبدا بالرمز \W*\d+\W* (?:ثم )?مسافة .*|\d{4,6} ?- ?(?:stc|zain|mobily)"
    r"|(?:الاتصالات|stc) ?,? ?\d{5,6} .*(?:موبايلي|mobily|زين|zain).*",
    "follow-us": rf"(?:تابعونا|تابعنا|تابعوا|انضم(?:وا)? الي|شاركونا)\b.{{0,60}}\b{_PLATFORM}\b.{{0,60}}",
    "share": rf"(?:شارك|انشر|اطبع|ارسل) (?:هذ[اه] )?{_PIECE}(?: (?:علي|عبر) {_PLATFORM}.{{0,60}})?"
    r"|مشاركة|شارك|طباعة|نسخ الرابط|share(?: this)?|print",
    "read-also": r"(?:اقرا|اقراوا|اقرؤوا|طالع|شاهد)(?: (?:ايضا|كذلك|المزيد))+\s*(?:[:|.>-].*)?"
    r"|(?:مواضيع|موضوعات|اخبار|مقالات|روابط) (?:ذات صلة|ذات علاقة|مشابهة)\s*(?::.*)?|مقالات اخري للكاتبة?.*"
    r"|المزيد|للمزيد|لمشاهدة الصور|read (?:more|also)\s*(?::.*)?",
    "newsletter": r"(?:للاشتراك|اشترك(?:وا)?|سجل(?:وا)?)(?: معنا| الان| مجانا| بريدك)* (?:في |ب ?)?"
    r"(?:نشرتنا|النشرة (?:البريدية|الاخبارية)|القائمة البريدية|قائمتنا البريدية|خدمة الرسائل|قناتنا).*"
    r"|(?:subscribe|sign up)\b.*newsletter.*",
    "copyright": r"(?:©|copyright\b).*"
    r"|(?:.{0,60}\W)?(?:جميع|كل|كافة)? ?(?:ال)?حقوق(?: النشر| الطبع| والنشر| والتوزيع)* محفوظة(?:\W.{0,60})?"
    r"|.{0,60}all rights reserved.{0,60}",
    "photo-credit": r"(?:تصوير|عدسة|مصدر الصورة)\s*[:/-]\s*\w+(?: \w+){0,4}",
    "source-line": r"رابط الخبر .{0,30}:.*|المصدر\s*:\s*\w+(?:[^\w.?!:]+\w+){0,4}",
    "syndication": r"\*\s*(?:خدمة|بالاتفاق مع|خاص ب) ?\"[^\"]{1,40}\"",
    "page-furniture": r"next previous\b.{0,60}|previous next|الرئيسية\s*[>/|].*"
    r"|متابعات|وكالات|اعلان|الرئيسية|التعليقات|\d+ تعليقا?"
    r"|(?:اخر تحديث|تاريخ النشر|نشر في|نشر بتاريخ|تم النشر|مدة القراءة|وقت القراءة)\s*:.{0,60}",
}
"""Reason and pattern, in the order in which they are tried."""

_MARKS: Final = string.punctuation + " …"
_EDGE: Final = r"[^\w@#*©]*"
_MATCHERS: Final = {name: re.compile(f"{_EDGE}(?:{pattern}){_EDGE}") for name, pattern in PATTERNS.items()}


def reason(text: str) -> str | None:
    """Say why a passage is boiler-plate, a key of `PATTERNS`, or None where it is worth a task."""
    return _reason(_spaced(text)) if len(text) <= LONGEST else None


class Screen:
    """Says of the passages of one article, in order, which are boiler-plate or were said before."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}
        self._headed = False

    def __call__(self, text: str) -> str | None:
        """Return the reason to leave a passage out: one of `PATTERNS`, a repeated headline or paragraph, or None.

        The headline is the first passage. A repeat is one letter for letter, once spelling and spacing are normalised,
        and whatever marks stand at its ends.
        """
        if len(text) > LONGEST:
            self._headed = True
            return None
        normal = _spaced(text)
        if found := _reason(normal):
            return found
        said = normal.strip(_MARKS)
        known = self._seen.get(said) if said.count(" ") >= REPEAT_WORDS - 1 else None
        self._seen.setdefault(said, "repeats-paragraph" if self._headed else "repeats-headline")
        self._headed = True
        return known


def _spaced(text: str) -> str:
    return " ".join(normalise(text).split())


def _reason(normal: str) -> str | None:
    return next((name for name, matcher in _MATCHERS.items() if matcher.fullmatch(normal)), None)
