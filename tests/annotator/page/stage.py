"""Texts for the tests of the page, all invented, with what is hard from right to left: digits, Latin, emoji, marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from liwa.annotations.rows import task, to_row
from liwa.markup import parse
from liwa.records import Gold, Range, sha256

COPIES: Final = 60
"""Tasks of each text: every test gets one that no other test has touched."""

MIXED: Final = (
    "تفقّد اللواء الركن سامي الدوري 😀 أمس جنود اللواء 83 مدفعية في قاعدة السدرة الجوية، ثم عاد إلى مقر قيادته.\n"
    "وقال العميد وَلِيد الجَابِرِي إن طائرات F-16 Block 52 من السرب 7 حلّقت فوق Camp Alpha قرب قاعدة السدرة في 12/5، "
    "وإن جنود اللواء 83 مدفعية تدربوا مع القوات الصديقة 👨‍👩‍👧 في ميدان النخيل طوال الأسبوع الماضي.\n"
    "\n"
    "Colonel Sami said that the اللواء 83 would stay at Camp Alpha."
)

MARKED: Final = (
    "تفقد [اللواء](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1) جنود [اللواء 83](UNIT 2 BASED_AT:3) "
    "في [قاعدة السدرة](BASE 3)، ثم زار اللواء 83 [معسكر النخيل](BASE)."
)

AROUND: Final = (
    "عنوان الخبر: زيارة إلى القاعدة",
    "زار العميد هاني السالمي قاعدة الصخرة صباح الأحد.",
    "وجال في القاعدة مع ضباط الكتيبة 5 ثم ألقى كلمة.",
    "وختم هاني السالمي زيارته للقاعده مساءً.",
)

WORDS: Final = (
    "قاد لؤي العتوم الكتيبة 9 في الوادي، وكان لؤي العتوم قبلها في الكتيبة ٩. "
    "وشكر لُؤَي العتوم جنود الكتيبه 9 قبل أن يغادر، ولم يذكر الكتيبة 99."
)


def rows() -> Iterator[Mapping[str, Any]]:
    """Yield `COPIES` tasks of each text, and articles of four paragraphs; the article says which text it is."""
    for copy in range(COPIES):
        yield task(MIXED, _meta("mixed", copy, MIXED))
        yield task(WORDS, _meta("words", copy, WORDS))
        yield _pre_annotated(f"marked-{copy:02}")
        yield from _article(f"around-{copy:02}")


def _meta(name: str, copy: int, text: str) -> dict[str, Any]:
    return {"article": f"{name}-{copy:02}", "sha256": sha256(text), "start": 0, "end": len(text), "title": name}


def _pre_annotated(article: str) -> Mapping[str, Any]:
    text, spans, relations = parse(MARKED)
    return to_row(Gold(article, sha256(text), (Range(0, len(text)),), spans, relations, text=text), answer=None)


def _article(article: str) -> Iterator[Mapping[str, Any]]:
    text, start = "\n".join(AROUND), 0
    for part in AROUND:
        place = {"article": article, "sha256": sha256(text), "start": start, "end": start + len(part)}
        yield task(part, place)
        start += len(part) + 1
