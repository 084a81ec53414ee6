"""Invented tasks with few and with many relations, near and far, in paragraphs of either direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from liwa.annotations.rows import to_row
from liwa.markup import parse
from liwa.records import Gold, Range, Relation, sha256

GIVEN: Final = ("سامي", "وليد", "هاني", "كمال", "فارس", "لؤي", "ماهر", "زياد")
FAMILY: Final = ("الدوري", "الجابري", "العتوم", "المالكي", "السالمي", "الراشد", "الكعبي")
RANKS: Final = ("اللواء الركن", "العميد", "العقيد", "الرائد", "المقدم")
PLACES: Final = ("الوادي", "السدرة", "النخيل", "الرمال", "الصخرة", "الربيع")
FILLER: Final = (
    "وجرى خلال الزيارة عرض لما أنجزه الفريق الهندسي من أعمال في محيط المنطقة، ",
    "ثم استمع الحاضرون إلى شرح مفصل عن خطة التدريب للأشهر الستة المقبلة، ",
    "وأثنى المسؤول على الجهود التي بذلت رغم سوء الأحوال الجوية في الأسبوع الماضي، ",
)

ONE: Final = "تفقد [العميد](RANK 1) [هاني السالمي](PERSON HOLDS_RANK:1) صباح أمس مخازن المدينة القديمة."

MIXED: Final = (
    "وصل [اللواء](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1 COMMANDS:2 SUCCEEDS:8) إلى مقر [اللواء 83 مدفعية]"
    "(UNIT 2 BASED_AT:3 PART_OF:9) في [قاعدة Camp Alpha 12](BASE 3)، وكان في استقباله [العقيد](RANK 4) "
    "[لؤي العتوم](PERSON HOLDS_RANK:4 SERVES_IN:5) الناطق باسم [السرب 7 (F-16)](UNIT 5 PART_OF:9) الذي حلّقت طائراته "
    "صباح الأحد 12/5 فوق المنطقة كلها طوال ساعتين، وودّع الحاضرون القائد السابق [كمال الراشد](PERSON 8) "
    "الذي أمضى ثلاثة أعوام في [القيادة الجنوبية](UNIT 9) قبل أن يتقاعد.\n"
    "[Colonel](RANK 6) [Sami Duri](PERSON HOLDS_RANK:6 COMMANDS:7) said that the [83rd Brigade](UNIT 7 BASED_AT:0) "
    "would stay for two more weeks, and that its engineers had rebuilt the road, the bridge and the water tower near "
    "[Camp Alpha](BASE 0) long before the winter began."
)


def sentence(number: int, filler: int = 0, guests: int = 0) -> str:
    """Return a sentence with five spans and four relations, as many spans more as guests, and words as fillers."""
    name = f"{GIVEN[number % 8]} {FAMILY[number % 7]}"
    rank, unit, division, base = (f"{letter}{number}" for letter in "rudb")
    return (
        f"وقال [{RANKS[number % 5]}](RANK {rank}) [{name}](PERSON HOLDS_RANK:{rank} COMMANDS:{unit}) إن "
        f"[اللواء {number + 11}](UNIT {unit} PART_OF:{division} BASED_AT:{base}) التابع [لفرقة {PLACES[number % 6]}]"
        f"(UNIT {division}) عاد إلى [قاعدة {PLACES[(number + 2) % 6]}](BASE {base}). "
        + "".join(f"ورحّب به [{GIVEN[k]} {FAMILY[number % 7]}](PERSON). " for k in range(guests))
        + "".join(FILLER[(number + k) % 3] for k in range(filler))
    )


def ten() -> str:
    """Return two paragraphs with twelve relations."""
    return f"{sentence(1)}{sentence(2, 1)}\n{sentence(3, 1)}"


def many(sentences: int, filler: int = 0, guests: int = 0) -> str:
    """Return a text with four relations a sentence, in paragraphs of five."""
    parts = [sentence(k, filler, guests) for k in range(sentences)]
    return "\n".join("".join(parts[k : k + 5]) for k in range(0, sentences, 5))


def row(name: str, marked: str, *, far: int = 0) -> Mapping[str, Any]:
    """Return a task; with far, each person also succeeds the one so many persons later."""
    text, spans, relations = parse(marked)
    persons = [s for s in spans if s.label == "PERSON"]
    pairs = zip(persons, persons[far:] if far else (), strict=False)
    linked = (*relations, *(Relation(a, b, "SUCCEEDS") for a, b in pairs))
    return to_row(Gold(name, sha256(text), (Range(0, len(text)),), spans, linked, text=text), answer=None)


COPIES: Final = {"one": 14, "ten": 14, "mixed": 48, "sixty": 12, "many": 1}
"""Tasks of each scene: every test gets one that no other test has touched."""


def rows() -> Iterator[Mapping[str, Any]]:
    """Yield the tasks, each an article of its own, named as the scene with a number behind."""
    scenes = {"one": ONE, "ten": ten(), "mixed": MIXED, "sixty": many(13), "many": many(100, 2, 2)}
    for name, marked in scenes.items():
        for copy in range(COPIES[name]):
            yield row(f"{name}-{copy:02}", marked, far=3 if name == "sixty" else 0)
