"""Hypothesis strategies: texts with all that shifts offsets, and gold over them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from liwa.records import Gold, Range, Relation, Span, sha256

ALPHABET = 'ابتثجلوفسمنيةء ءًّٰـ٣5۵.،؟«»"()[]\\|#_-\n\r\t\u00a0\u200c\u200f\u2028🙂👨\u200d👩é\u0301aZ/&<'
"""Letters, marks, tatweel, digits, quotes, mark-up, white space, controls, emoji with joiner, combining marks."""

LABELS = ("PERSON", "RANK", "UNIT", "رتبة")
KINDS = ("HOLDS_RANK", "PART_OF")


def texts(min_size: int = 1, alphabet: str = ALPHABET) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(alphabet), min_size=min_size, max_size=60) | st.text(
        st.characters(exclude_categories=["Cs"]), min_size=min_size, max_size=20
    )


@st.composite
def golds(draw: st.DrawFn, *, one_line: bool = False, whole: bool = False) -> Gold:
    """Return gold over a text or, unless whole, over a passage of one, perhaps annotated in a part only."""
    text = draw(texts())
    start = 0 if whole else draw(st.integers(0, 5000))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = tuple(
        Span(a + start, b + start, draw(st.sampled_from(LABELS)))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
        if not (one_line and "\n" in text[a:b])
    )
    ends = st.sampled_from(spans or (Span(0, 0, ""),))
    links = st.lists(st.builds(Relation, ends, ends, st.sampled_from(KINDS)), max_size=3)
    relations = tuple(sorted(draw(links))) if spans else ()
    digest = sha256(text) if whole else sha256(f"the article of {text}")
    return Gold("a", digest, draw(ranges(len(text), start, spans)), spans, relations, text, start, draw(metas()))


@st.composite
def ranges(draw: st.DrawFn, length: int, start: int, spans: tuple[Span, ...]) -> tuple[Range, ...]:
    """Return the whole text as one range, or a range for each span."""
    if bool(spans) and draw(st.booleans()):
        return tuple(Range(s.start, s.end) for s in spans)
    return (Range(start, start + length),)


def metas() -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(["outlet", "date", "group"]), st.sampled_from(["x", "2020-01-31", ""]))
