from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner, Result

from liwa.annotations.adjudicate import Adjudication, adjudicate, rows
from liwa.annotations.decisions import Rulings
from liwa.annotations.gold import read_gold
from liwa.annotations.rows import to_row
from liwa.annotations.standoff import to_standoff
from liwa.cli.agree import adjudicate_cli
from liwa.errors import LiwaError
from liwa.jsonl import write
from liwa.records import Article, Gold, Range, Relation, Span
from tests.annotations.layers import layers
from tests.gold import gold

Rows = list[dict[str, Any]]

FIRST = "قال [سامي](P R:1) في [الفرقة الثالثة](U 1) و[المعسكر](B)"
SECOND = "قال [سامي](P S:1) في [الفرقة](U 1) الثالثة و[المعسكر](U)"


def run(*marked: str, rulings: Rows | None = None) -> Adjudication:
    said = {name: [gold(text)] for name, text in zip("ABC", marked, strict=False)}
    return adjudicate(said, Rulings((f"d:{n}", row) for n, row in enumerate(rulings or [], 1)))


def asked(result: Adjudication) -> Rows:
    return [decision.to_row() for decision in result.decisions]


def ruled(questions: Rows, *rulings: Any) -> Rows:
    return [{**row, "ruling": ruling} for row, ruling in zip(questions, rulings, strict=True)]


def test_what_all_agree_on_is_gold_and_the_rest_is_asked() -> None:
    result = run(FIRST, SECOND)
    assert [span.label for span in result.gold[0].spans] == ["P"]
    assert [row["kind"] for row in asked(result)] == ["boundary", "label"]
    assert result.waiting == 2
    assert asked(result)[1] == {
        "article": "a",
        "sha256": gold(FIRST).sha256,
        "kind": "label",
        "start": 28,
        "end": 35,
        "says": {"A": [{"start": 28, "end": 35, "label": "B"}], "B": [{"start": 28, "end": 35, "label": "U"}]},
        "ruling": None,
        "by": None,
        "why": None,
    }


def test_relations_are_asked_once_spans_are_decided_and_go_over_to_the_winner() -> None:
    first = ruled(asked(run(FIRST, SECOND)), "A", "none")
    result = run(FIRST, SECOND, rulings=first)
    assert [row["kind"] for row in asked(result)] == ["boundary", "label", "relation-type"]
    assert asked(result)[2]["reanchored"]["B"][0]["child_span"]["end"] == 18
    assert result.waiting == 0
    done = run(FIRST, SECOND, rulings=ruled(asked(result), "A", "none", "B"))
    assert not done.undecided
    (final,) = done.gold
    assert [final.surface(span) for span in final.spans] == ["سامي", "الفرقة الثالثة"]
    assert final.relations == (Relation(final.spans[0], final.spans[1], "S"),)


def test_a_moved_relation_on_which_all_agree_is_kept_and_on_record() -> None:
    same = SECOND.replace("S:1", "R:1")
    first = ruled(asked(run(FIRST, same)), "B", "A")
    result = run(FIRST, same, rulings=first)
    assert not result.undecided
    row = asked(result)[2]
    assert (row["ruling"], row["by"]) == ("A", "liwa")
    assert "A" in row["reanchored"]
    assert [r.label for r in result.gold[0].relations] == ["R"]
    overruled = run(FIRST, same, rulings=ruled(asked(result), "B", "A", "none"))
    assert not overruled.gold[0].relations
    reversed_ = run(FIRST, same, rulings=ruled(asked(result), "A", "A", "A"))
    assert not reversed_.stale, "what nobody ruled is not kept"


def test_a_relation_to_a_span_without_a_winner_is_a_decision() -> None:
    first = ruled(asked(run(FIRST, SECOND)), "none", "A")
    result = run(FIRST, SECOND, rulings=first)
    assert [row["kind"] for row in asked(result)[2:]] == ["relation-ends", "relation-ends"]
    assert asked(result)[2]["lost"] == [{"start": 12, "end": 18, "label": "U"}]
    with pytest.raises(LiwaError, match=r"d:3.*the child of S is no span"):
        run(FIRST, SECOND, rulings=ruled(asked(result), "none", "A", "B", "none"))
    ends = [{"start": 4, "end": 8}, {"start": 28, "end": 35}]
    other = {"head_span": ends[0], "child_span": ends[1], "label": "S"}
    done = run(FIRST, SECOND, rulings=ruled(asked(result), "none", "A", other, "none"))
    assert not done.undecided
    assert done.gold[0].relations == (Relation(Span(4, 8, "P"), Span(28, 35, "B"), "S"),)


def test_a_span_of_another_label_wins_no_relation() -> None:
    a, b = "[أ](X R:1) [ب](U 1)", "[أ](X) [ب](B)"
    result = run(a, b, rulings=ruled(asked(run(a, b)), "B"))
    assert [row["kind"] for row in asked(result)] == ["label", "relation-ends"]


def test_a_relation_goes_over_to_one_winner_only() -> None:
    a, b = "[أ](X R:1) [ب ج](U 1)", "[أ](X) [ب](U) [ج](U)"
    result = run(a, b, rulings=ruled(asked(run(a, b)), "B"))
    assert [row["kind"] for row in asked(result)] == ["boundary", "relation-ends"]
    assert asked(result)[1]["lost"] == [{"start": 2, "end": 5, "label": "U"}]


def test_a_relation_never_becomes_one_of_a_span_to_itself() -> None:
    a, b = "[أ](U R:1) [ب](U 1)", "[أ ب](U)"
    result = run(a, b, rulings=ruled(asked(run(a, b)), "B"))
    assert [row["kind"] for row in asked(result)] == ["boundary", "relation-ends"]


def test_what_all_say_of_a_span_that_lost_is_a_decision_too() -> None:
    a, b = "[أ](X R:1) [ب](U 1)", "أ [ب](U)"
    said = {"A": [gold(a)], "B": [gold(a)], "C": [gold(b, ranges=((2, 3),))]}
    said["C"] = [replace(said["C"][0], spans=(Span(2, 3, "Z"),))]
    first = ruled(asked(adjudicate(said)), "C")
    result = adjudicate(said, Rulings(("d:1", row) for row in first))
    assert [row["kind"] for row in asked(result)] == ["label", "relation-ends"]
    assert len(result.undecided) == 1


def test_all_that_overlaps_across_layers_is_one_decision() -> None:
    (question,) = asked(run("[أ ب ج د](X)", "[أ](X) [ب](X) [ج](X) د"))
    assert (question["kind"], question["start"], question["end"]) == ("boundary", 0, 7)


def test_a_ruling_may_be_a_span_or_several() -> None:
    a, b = "[أب جد](X)", "أب جد"
    (question,) = asked(run(a, b))
    spans = [{"start": 0, "end": 2, "label": "X"}, {"start": 3, "end": 5, "label": "Y"}]
    assert run(a, b, rulings=ruled([question], spans[0])).gold[0].spans == (Span(0, 2, "X"),)
    assert run(a, b, rulings=ruled([question], spans)).gold[0].spans == (Span(0, 2, "X"), Span(3, 5, "Y"))
    assert run(a, b, rulings=ruled([question], [])).gold[0].spans == ()


@pytest.mark.parametrize(
    ("ruling", "problem"),
    [
        ("C", "names no layer"),
        (True, "names no layer"),
        ({"start": 0, "end": 99, "label": "X"}, "outside the annotated ranges|start < end"),
        ({"start": 0.5, "end": 2, "label": "X"}, "integers"),
        ({"start": 0, "end": 2}, "label"),
        ([{"start": 0, "end": 2, "label": "X"}, {"start": 1, "end": 2, "label": "X"}], "overlaps"),
        ({"start": 2, "end": 5, "label": "X"}, "overlap after the rulings"),
    ],
)
def test_a_ruling_that_cannot_be_followed_says_where(ruling: Any, problem: str) -> None:
    a, b = "[أب](X) [جد](X)", "أب [جد](X)"
    with pytest.raises(LiwaError, match=problem) as error:
        run(a, b, rulings=ruled(asked(run(a, b)), ruling))
    assert error.value.where.startswith("d:1")


def test_three_layers_are_one_decision_and_two_do_not_outvote_one() -> None:
    result = run("[أ](X) ب", "[أ](X) ب", "[أ ب](X)")
    (question,) = asked(result)
    assert set(question["says"]) == {"A", "B", "C"}
    assert not result.gold[0].spans


def test_a_layer_has_no_say_where_it_did_not_annotate() -> None:
    a, b = gold("[أ](X) [ب](X)"), gold("أ [ب](X)", ranges=((2, 3),))
    result = adjudicate({"A": [a], "B": [b]})
    assert not result.decisions
    assert result.gold[0].spans == a.spans
    assert result.gold[0].ranges == (Range(0, 3),)
    assert result.alone == {"A": 1, "B": 0}


def test_a_layer_has_no_say_on_a_relation_whose_ends_it_did_not_both_annotate() -> None:
    a, b = gold("[أ](X R:1) [ب](X 1)"), gold("أ [ب](X)", ranges=((2, 3),))
    result = adjudicate({"A": [a], "B": [b]})
    assert not result.decisions
    assert result.gold[0].relations == a.relations


def test_a_ruling_outside_what_was_annotated_is_an_error() -> None:
    ranges = ((0, 1), (4, 5))
    said = {"A": [gold("[أ](X) ب ج", ranges=ranges)], "B": [gold("أ ب ج", ranges=ranges)]}
    (question,) = asked(adjudicate(said))
    (answered,) = ruled([question], {"start": 2, "end": 3, "label": "X"})
    with pytest.raises(LiwaError, match="outside the annotated ranges"):
        adjudicate(said, Rulings([("d:1", answered)]))


def test_an_article_of_one_layer_is_taken_over_and_counted() -> None:
    result = adjudicate({"A": [gold("[أ](X)", "one")], "B": [gold("[ب](X)", "two")]})
    assert [g.article for g in result.gold] == ["one", "two"]
    assert result.alone == {"A": 1, "B": 1}


def test_rulings_keep_their_notes_and_those_of_other_questions_become_stale() -> None:
    a, b = "[أ](X)", "أ"
    (question,) = asked(run(a, b))
    answered = {**question, "ruling": "none", "by": "R.", "why": "generic", "rule": "U7"}
    assert asked(run(a, b, rulings=[answered])) == [answered]
    changed = run("[أ](Y)", b, rulings=[answered])
    assert len(changed.undecided) == 1
    assert changed.stale == [{**answered, "stale": True}]
    assert asked(run(a, b, rulings=[*changed.stale])) == [answered]
    unsure = {**question, "why": "ask the author"}
    assert asked(run(a, b, rulings=[unsure])) == [unsure]


def test_a_broken_list_says_where() -> None:
    (question,) = asked(run("[أ](X)", "أ"))
    with pytest.raises(LiwaError, match=r"d:2.*also in d:1"):
        run("[أ](X)", "أ", rulings=[question, question])
    with pytest.raises(LiwaError, match="without ruling"):
        run("[أ](X)", "أ", rulings=[{k: v for k, v in question.items() if k != "ruling"}])


def test_two_texts_or_one_layer_are_errors() -> None:
    with pytest.raises(LiwaError, match="different texts"):
        run("[أ](X)", "[ب](X)")
    with pytest.raises(LiwaError, match="two or more layers"):
        run("[أ](X)")
    with pytest.raises(LiwaError, match="none named none"):
        adjudicate({"none": [], "B": []})


@given(layers())
def test_an_annotation_with_itself_is_itself_without_decisions(said: dict[str, Gold]) -> None:
    one = said["A"]
    result = adjudicate({"A": [one], "B": [one]})
    assert not result.decisions
    assert [replace(g, extra=one.extra) for g in result.gold] == [one]


@given(layers(count=3))
def test_every_span_is_gold_or_asked_and_every_relation_too_or_waits(said: dict[str, Gold]) -> None:
    result = adjudicate({name: [one] for name, one in said.items()})
    in_rows = {span for d in result.decisions for items in d.says.values() for span in items if isinstance(span, Span)}
    assert {s for one in said.values() for s in one.spans} == set(result.gold[0].spans) | in_rows
    assert not set(result.gold[0].spans) & in_rows
    linked = {r for d in result.decisions for items in d.says.values() for r in items if isinstance(r, Relation)}
    waiting = {r for one in said.values() for r in one.relations if {r.head, r.child} & in_rows}
    assert {r for one in said.values() for r in one.relations} == set(result.gold[0].relations) | linked | waiting
    assert result.waiting == len(waiting)


@given(layers(count=3), st.data())
def test_ruling_everything_ends_with_flat_gold_and_no_relation_is_lost_unseen(
    said: dict[str, Gold], data: st.DataObject
) -> None:
    rulings: Rows = []
    result = adjudicate({name: [one] for name, one in said.items()})
    for _ in range(2):
        rulings = [_rule(row, data) for row in asked(result)]
        result = adjudicate(
            {n: [one] for n, one in said.items()}, Rulings((f"d:{i}", r) for i, r in enumerate(rulings))
        )
        assert not result.stale
    assert not result.undecided
    assert result.waiting == 0
    (final,) = result.gold
    assert all(a.end <= b.start for a, b in zip(final.spans, final.spans[1:], strict=False))
    assert all({r.head, r.child} <= set(final.spans) for r in final.relations)
    seen = {r for d in result.decisions for items in d.says.values() for r in items if isinstance(r, Relation)}
    before = {json.dumps(r) for row in rulings for old in row.get("reanchored", {}).values() for r in old}
    for one in said.values():
        for relation in one.relations:
            assert relation in final.relations or relation in seen or _dumped(relation) in before


def _rule(row: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    if row["ruling"] is not None:
        return row
    return {**row, "ruling": "none" if "lost" in row else data.draw(st.sampled_from([*row["says"], "none"]))}


def _dumped(r: Relation) -> str:
    return json.dumps({"head_span": r.head._asdict(), "child_span": r.child._asdict(), "label": r.label})


def test_rows_keep_the_passages_of_inline_layers() -> None:
    text = "[أ](X) ب\n[ج](X) د"
    whole = gold(text)
    parts = [whole.within(Range(0, 3)), whole.within(Range(4, 7))]
    result = adjudicate({"A": parts, "B": parts})
    written = list(rows(result.gold, [parts, parts]))
    assert [row["text"] for row in written] == ["أ ب", "ج د"]
    assert [row["meta"]["start"] for row in written] == [0, 4]
    assert [span["start"] for row in written for span in row["spans"]] == [0, 0]


def test_a_ruling_over_two_passages_is_an_error() -> None:
    whole = gold("[أ](X) ب\n[ج](X) د")
    a = [whole.within(Range(0, 3)), whole.within(Range(4, 7))]
    b = [replace(part, spans=()) for part in a]
    questions = asked(adjudicate({"A": a, "B": b}))
    over = ruled(questions, {"start": 2, "end": 3, "label": "X"}, "none")
    result = adjudicate({"A": a, "B": b}, Rulings(("d:1", row) for row in over))
    crossing = replace(result.gold[0], relations=(Relation(whole.spans[0], whole.spans[1], "R"),))
    assert list(rows(result.gold, [a, b]))
    with pytest.raises(LiwaError, match="reaches over the passages"):
        list(rows([crossing], [a, b]))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, marked in (("first", FIRST), ("second", SECOND)):
        one = gold(marked)
        write(tmp_path / f"{name}.jsonl", [to_standoff(one, Article("a", one.text or ""))])
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(gold(FIRST).text or "", encoding="utf-8")
    return tmp_path


def command(folder: Path, *more: str) -> Result:
    app = Typer()
    app.command()(adjudicate_cli)
    paths = [str(folder / name) for name in ("first.jsonl", "second.jsonl")]
    return CliRunner().invoke(
        app, [*paths, "-o", str(folder / "gold.jsonl"), "--decisions", str(folder / "list.jsonl"), *more]
    )


def test_command_writes_no_gold_before_all_is_decided(files: Path) -> None:
    result = command(files)
    assert result.exit_code == 1
    assert "2 decisions left" in result.stderr and "2 relations wait" in result.stderr
    assert not (files / "gold.jsonl").exists()
    listed = (files / "list.jsonl").read_text(encoding="utf-8")
    assert listed.isascii(), "the list holds no text"
    for _ in range(2):
        answered = [{**json.loads(line), "ruling": "first"} for line in listed.splitlines()]
        write(files / "list.jsonl", answered)
        result = command(files)
        listed = (files / "list.jsonl").read_text(encoding="utf-8")
    assert result.exit_code == 0, result.stderr
    (final,) = read_gold([files / "gold.jsonl"], texts=[str(files / "texts")])
    assert final.spans == gold(FIRST).spans
    assert final.relations == gold(FIRST).relations
    assert (files / "gold.jsonl").read_text(encoding="utf-8").isascii(), "stand-off layers give stand-off gold"


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_page_has_the_text_that_the_list_lacks(files: Path, form: str) -> None:
    result = command(files, "--texts", str(files / "texts"), "--context", str(files / f"page.{form}"))
    assert result.exit_code == 1
    page = (files / f"page.{form}").read_text(encoding="utf-8")
    assert "[الفرقة](U) الثالثة" in page
    assert (files / "list.jsonl").read_text(encoding="utf-8").isascii()


def test_a_page_of_another_form_is_refused_before_anything_is_written(files: Path) -> None:
    result = command(files, "--context", str(files / "page.pdf"))
    assert isinstance(result.exception, LiwaError) and "expected a page ending in .md or .html" in str(result.exception)
    assert not (files / "list.jsonl").exists()


def test_inline_layers_give_inline_gold(files: Path) -> None:
    for name in ("first", "second"):
        write(files / f"{name}.jsonl", [to_row(gold(FIRST))])
    assert command(files).exit_code == 0
    (final,) = read_gold([files / "gold.jsonl"])
    assert (final.text, final.spans, final.relations) == (
        gold(FIRST).text,
        gold(FIRST).spans,
        gold(FIRST).relations,
    )
