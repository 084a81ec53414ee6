from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from liwa.annotations.carry import carry, carry_rows
from liwa.annotations.rows import from_row
from liwa.annotations.tasks import tasks
from liwa.findings import stop
from liwa.records import Article, Gold, Range, Relation, Span, sha256
from tests.strategies import golds

TEXT = "تسلم العميد الركن حازم القصاب قيادة اللواء الثامن في معسكر التلال مساء أمس بحضور عدد من الضباط."
RANK, PERSON, UNIT, BASE = "العميد الركن", "حازم القصاب", "اللواء الثامن", "معسكر التلال"
START = 50


def span(text: str, surface: str, label: str, start: int = 0) -> Span:
    begin = start + text.index(surface)
    return Span(begin, begin + len(surface), label)


def answer(text: str = TEXT, start: int = START) -> Gold:
    spans = [span(text, s, n, start) for s, n in ((RANK, "RANK"), (PERSON, "PERSON"), (UNIT, "UNIT"), (BASE, "BASE"))]
    rank, person, unit, base = spans
    relations = (
        Relation(person, rank, "HOLDS_RANK"),
        Relation(person, unit, "COMMANDS"),
        Relation(unit, base, "BASED_AT"),
    )
    window = (Range(start, start + len(text)),)
    return Gold("a", "f" * 64, window, tuple(sorted(spans)), tuple(sorted(relations)), text, start)


def surfaces(gold: Gold) -> list[tuple[str, str]]:
    return [(gold.surface(s), s.label) for s in gold.spans]


def test_an_equal_passage_gets_the_whole_answer() -> None:
    carried = carry(answer(), TEXT, article="b", sha="e" * 64, start=7, meta={"outlet": "x"})
    assert carried.complete
    assert carried.gold == Gold(
        "b",
        "e" * 64,
        (Range(7, 7 + len(TEXT)),),
        answer(start=7).spans,
        answer(start=7).relations,
        TEXT,
        7,
        {"outlet": "x"},
    )


def test_words_before_and_between_move_the_spans() -> None:
    target = "🙂 صباح اليوم " + TEXT.replace("قيادة", "رسميا قيادة")
    carried = carry(answer(), target)
    assert surfaces(carried.gold) == surfaces(answer())
    assert len(carried.gold.relations) == 3
    assert (carried.lost_spans, carried.lost_relations) == ((), ())
    assert not carried.complete
    assert carried.gold.sha256 == sha256(target)
    unknown = [
        target[a.end : b.start].strip() for a, b in zip(carried.gold.ranges, carried.gold.ranges[1:], strict=False)
    ]
    assert unknown == ["رسميا"]
    assert carried.gold.ranges[0].start == target.index("تسلم")


def test_a_changed_span_is_lost_with_its_relations() -> None:
    target = TEXT.replace(UNIT, "اللواء التاسع")
    carried = carry(answer(), target)
    assert [s.label for s in carried.lost_spans] == ["UNIT"]
    assert sorted(r.label for r in carried.lost_relations) == ["BASED_AT", "COMMANDS"]
    assert [r.label for r in carried.gold.relations] == ["HOLDS_RANK"]
    at = target.index("اللواء")
    assert not any(r.start <= at < r.end for r in carried.gold.ranges)
    assert not carried.complete


def test_a_span_torn_apart_is_lost() -> None:
    target = TEXT.replace("حازم القصاب", "حازم محمد القصاب")
    assert [s.label for s in carry(answer(), target).lost_spans] == ["PERSON"]
    assert [s.label for s in carry(answer(), TEXT.replace("حازم القصاب", "حازم  القصاب")).lost_spans] == ["PERSON"]


def test_what_was_not_annotated_stays_unknown() -> None:
    partial = answer().within(Range(START + TEXT.index("قيادة"), START + len(TEXT)))
    whole = Gold("a", "f" * 64, partial.ranges, partial.spans, partial.relations, TEXT, START)
    carried = carry(whole, TEXT)
    assert carried.gold.ranges == (Range(TEXT.index("قيادة"), len(TEXT)),)


@given(golds(), st.integers(0, 99))
def test_an_equal_text_loses_nothing_that_tokens_hold(gold: Gold, start: int) -> None:
    assert gold.text is not None
    carried = carry(gold, gold.text, start=start)
    moved = start - gold.start
    kept = {s.shifted(moved) for s in gold.spans if gold.surface(s).strip()}
    assert kept <= set(carried.gold.spans) <= {s.shifted(moved) for s in gold.spans}


@given(golds(), golds())
def test_a_carried_span_says_the_same_and_lies_in_the_ranges_and_others_are_counted(gold: Gold, other: Gold) -> None:
    assert other.text is not None
    carried = carry(gold, other.text)
    assert len(carried.gold.spans) + len(carried.lost_spans) == len(gold.spans)
    assert len(carried.gold.relations) + len(carried.lost_relations) == len(gold.relations)
    assert sorted(map(carried.gold.surface, carried.gold.spans)) == sorted(
        gold.surface(s) for s in gold.spans if s not in carried.lost_spans
    )
    ends = {s for r in carried.gold.relations for s in (r.head, r.child)}
    assert ends <= set(carried.gold.spans)
    assert all(any(r.holds(s) for r in carried.gold.ranges) for s in carried.gold.spans)
    assert list(carried.gold.ranges) == sorted(carried.gold.ranges)


def made() -> list[dict[str, Any]]:
    other = TEXT.replace("مساء", "صباح")
    articles = [Article("a", f"عنوان الخبر\n{TEXT}"), Article("b", f"{other}\nخبر آخر")]
    return [p.row for p in tasks(articles)]


def test_rows_are_answered_from_the_passage_that_they_repeat() -> None:
    rows = made()
    start = rows[1]["meta"]["start"]
    [(row, carried)] = carry_rows([answer(start=start)], rows)
    assert row["answer"] == "accept"
    assert row["meta"]["carried_from"] == {
        k: rows[2]["meta"]["duplicate_of"][k] for k in rows[2]["meta"]["duplicate_of"]
    }
    assert "duplicate_of" not in row["meta"]
    assert len(row["meta"]["ranges"]) == 2
    assert from_row(row, "x:1", stop) is not None
    again = from_row(row, "x:1", stop)
    assert again is not None
    assert (again.spans, again.relations, again.ranges) == (
        carried.gold.spans,
        carried.gold.relations,
        carried.gold.ranges,
    )
    assert len(again.relations) == 3


def test_unanswered_passages_give_no_row() -> None:
    rows = made()
    start = rows[1]["meta"]["start"]
    half = answer(start=start)
    partial = Gold("a", "f" * 64, (Range(start, start + 20),), (), (), TEXT, start)
    assert list(carry_rows([], rows)) == []
    assert list(carry_rows([partial], rows)) == []
    assert len(list(carry_rows([partial, half], rows))) == 1
