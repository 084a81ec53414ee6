"""Gold for tests, written with marks."""

from __future__ import annotations

from pathlib import Path

from liwa import jsonl, markup
from liwa.annotations.rows import to_row
from liwa.records import Gold, Range, sha256


def gold(marked: str, article: str = "a", ranges: tuple[tuple[int, int], ...] | None = None, **meta: str) -> Gold:
    """Return gold over the text of a marked string, annotated wholly or in some ranges."""
    text, spans, relations = markup.parse(marked)
    read = tuple(Range(*r) for r in ranges) if ranges is not None else (Range(0, len(text)),)
    return Gold(article, sha256(text), read, spans, relations, text=text, meta=meta)


def story(number: int) -> str:
    """Return a small marked article, each number another one, of labels and words that a model can learn."""
    given = ["سامي", "وليد", "هاني", "كمال", "فارس", "لؤي", "ماهر", "زياد"][number % 8]
    family = ["الدوري", "الجابري", "العتوم", "المالكي", "السالمي", "الراشد", "الكعبي"][number % 7]
    rank = ["اللواء", "العميد", "العقيد", "الرائد", "المقدم"][number % 5]
    place = ["الوادي", "السدرة", "النخيل", "الرمال", "الصخرة", "الربيع"][number % 6]
    return (
        f"تفقد [{rank}](RANK 1) [{given} {family}](PERSON HOLDS_RANK:1) جنود [اللواء {number + 2}](UNIT 2 BASED_AT:3) "
        f"في [قاعدة {place}](BASE 3) صباح يوم {number + 1}.\n"
        f"وأثنى المسؤول رقم {number * 7} على ما أنجزه الفريق الهندسي من أعمال في محيط {place}."
    )


def write(path: Path, golds: list[Gold]) -> Path:
    """Write gold as accepted rows and return the file."""
    jsonl.write(path, map(to_row, golds))
    return path
