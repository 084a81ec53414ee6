from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations import rules
from liwa.annotations.justified import divide, place_of, read_justified
from liwa.annotations.rows import to_row
from liwa.annotations.suspects import Suspects, in_context, suspects, words
from liwa.errors import LiwaError
from liwa.findings import Finding, Rule
from liwa.records import Gold, Range
from liwa.scheme import Scheme
from tests.conftest import Run
from tests.gold import gold, story

SCHEME = Scheme.from_dict(
    {
        "labels": [{"name": "X"}, {"name": "Y"}],
        "relations": [{"name": "R", "head": ["X", "Y"], "child": ["Y"]}],
    }
)
NO_RELATIONS = Scheme.from_dict({"labels": [{"name": "X"}, {"name": "Y"}]})


def found(*marked: str, scheme: Scheme = NO_RELATIONS) -> list[tuple[str, str, str]]:
    """Return the rule, article and surface of each suspect; the articles are a, b, c."""
    golds = {name: gold(text, name) for name, text in zip("abcdefghijklm", marked, strict=False)}
    return [
        (f.rule.id, f.article, golds[f.article].surface(Range(f.start or 0, f.end or 0)) if f.article else f.where)
        for f in suspects(golds.values(), scheme).findings
    ]


def test_the_same_words_with_two_labels() -> None:
    assert found("عاد [الراشد](X) ثم [الراشد](X)", "عاد [الراشد](Y)") == [("G401", "b", "الراشد")]
    assert len(found("عاد [الراشد](X)", "عاد [الراشد](Y)")) == 2, "of a tie both are shown"
    assert not found("عاد [الراشد](X)", "عاد [الراشد](X)")


def test_spellings_and_clitics_do_not_hide_the_same_words() -> None:
    assert found("عاد [أحمد الراشد](X) و[أحمد الراشد](X)", "زار [احمد الرّاشد](Y)") == [("G401", "b", "احمد الرّاشد")]


def neighbours(last: str, times: int = 9, note: str = " R:1") -> list[tuple[str, str, str]]:
    names = ("سامي", "هاني", "ماهر", "زياد", "فارس", "راشد", "ياسر", "نادر", "هشام")[:times]
    marked = [f"قال [العقيد](Y 1) [{name}](X{note}) إنه عاد" for name in names]
    return [f for f in found(last, *marked) if f[0] == "G402"]


def test_a_name_that_is_missing_behind_its_neighbour() -> None:
    assert neighbours("قال [العقيد](Y) كمال إنه عاد") == [("G402", "a", "كمال")]
    assert not neighbours("قال [العقيد](Y) [كمال](X) إنه عاد")
    assert not neighbours("قال [العقيد](Y) الذي عاد")
    assert not neighbours("قال [العقيد](Y) 15 كمال")
    assert not neighbours("قال [العقيد](Y)، كمال")
    assert not neighbours("قال [العقيد](Y)\nكمال")
    assert not neighbours("قال [العقيد](Y) كمال إنه عاد", times=8), "too few to know"


def test_neighbours_are_learnt_from_relations_only() -> None:
    assert not neighbours("قال [العقيد](Y) كمال إنه عاد", note="")


def test_an_unlabelled_repeat_in_the_article() -> None:
    assert found("عاد [زياد الراشد](X) وقال زياد الراشد إنه عاد") == [("G403", "a", "زياد الراشد")]
    assert found("عاد [القائد](X) بالقائد") == [("G403", "a", "القائد")], "behind a proclitic"
    assert not found("عاد [علي](X) ثم علي"), "too short"
    assert not found("عاد [الراشد](X) وزار [معهد الراشد](Y)"), "inside another span"
    assert not found("عاد [الراشد](X) إلى الراشدية"), "part of a word"
    assert not found("عاد [زياد الراشد](X) وقال زياد\nالراشد"), "over a line break"


def test_the_longest_repeat_that_is_free_counts() -> None:
    marked = "عاد [زياد](X) ثم [زياد الراشد](X) ثم زياد الراشد"
    assert found(marked) == [("G403", "a", "زياد الراشد")]
    assert found(marked.replace("ثم زياد الراشد", "ثم زياد [الراشد](X)")) == [("G403", "a", "زياد")]


def test_a_repeat_in_another_article_counts_with_a_majority_and_comes_last() -> None:
    assert found("عاد [الراشد](X)", "قال الراشد، [القاسم](X) و القاسم") == [
        ("G403", "b", "القاسم"),
        ("G404", "b", "الراشد"),
    ]
    assert not found("عاد [الراشد](X)", "قال الراشد", "زار الراشد"), "labelled in a third of the places only"
    assert rules.UNLABELLED_ELSEWHERE.level == "note"


def test_repeats_outside_the_annotated_ranges_are_unknown() -> None:
    one = gold("عاد [الراشد](X) ثم الراشد", ranges=((0, 10),))
    assert not suspects([one], NO_RELATIONS).findings


def test_rows_of_one_article_are_seen_together() -> None:
    whole = gold("عاد [الراشد](X) أمس\nثم الراشد غدا")
    parts = [whole.within(Range(0, 14)), whole.within(Range(15, 29))]
    (finding,) = suspects(parts, NO_RELATIONS).findings
    assert finding.rule is rules.UNLABELLED_REPEAT
    assert whole.surface(Range(finding.start or 0, finding.end or 0)) == "الراشد"


def test_a_span_that_begins_with_a_clitic() -> None:
    assert found("عاد [الراشد](X)", "زار [والراشد](X)") == [("G405", "b", "والراشد")]
    assert found("عاد [الفريق](X)", "زار [وللفريق](X)") == [("G405", "b", "وللفريق")]
    assert ("G405", "b", "والراشد") in found("عاد [الراشد سامي](X)", "زار [والراشد](X)"), "begins like one"
    assert not found("عاد [الراشد](X)", "زار و[الراشد](X) و[وليد](X)")


def test_signatures_that_never_occur() -> None:
    assert found("[أ](X R:1) [ب](Y 1)", scheme=SCHEME) == [("G406", "", "R Y→Y")]


def test_rows_without_a_text_are_counted_and_their_relations_seen() -> None:
    one = replace(gold("[أ](X R:1) [ب](Y 1)"), text=None)
    result = suspects([one], SCHEME)
    assert result.unread == 1
    assert [f.where for f in result.findings] == ["R Y→Y"]


EXAMPLES: dict[Rule, Callable[[], Suspects]] = {
    rules.TWO_LABELS: lambda: suspects([gold("[الراشد](X)"), gold("[الراشد](Y)", "b")], NO_RELATIONS),
    rules.UNLABELLED_NEIGHBOUR: lambda: suspects(
        [*(gold(f"[العقيد](Y 1) [{n * 'س'}عد](X R:1)", str(n)) for n in range(2, 12)), gold("[العقيد](Y) كمال", "b")],
        NO_RELATIONS,
    ),
    rules.UNLABELLED_REPEAT: lambda: suspects([gold("[الراشد](X) الراشد")], NO_RELATIONS),
    rules.UNLABELLED_ELSEWHERE: lambda: suspects([gold("[الراشد](X)"), gold("الراشد", "b")], NO_RELATIONS),
    rules.CLITIC_IN_SPAN: lambda: suspects([gold("[الراشد](X)"), gold("[والراشد](X)", "b")], NO_RELATIONS),
    rules.UNUSED_SIGNATURE: lambda: suspects([gold("[أ](X R:1) [ب](Y 1)")], SCHEME),
}


@pytest.mark.parametrize("rule", rules.SUSPECTS, ids=lambda rule: rule.name)
def test_each_rule_is_triggered_by_its_example_alone(rule: Rule) -> None:
    assert {f.rule for f in EXAMPLES[rule]().findings} == {rule}


def test_messages_hold_no_text() -> None:
    for example in EXAMPLES.values():
        assert all("ا" not in f.message for f in example().findings)


def test_words_are_the_tokens_with_the_spelling_behind_lam() -> None:
    one = Gold("a", "", (Range(3, 20),), text="عاد للفريق\nأمس", start=3)
    assert [(w.start, w.norm) for w in words(one)] == [(3, "عاد"), (7, "ل"), (8, "الفريق"), (14, "امس")]


def test_justified_suspects_are_counted_apart(tmp_path: Path) -> None:
    findings = suspects([gold("[الراشد](X) الراشد")], SCHEME).findings
    rule, article, start, end = place_of(findings[0])
    row = {"rule": rule, "article": article, "start": start, "end": end, "why": "a street"}
    signature = {"rule": "G406", "article": "R X→Y", "start": None, "end": None, "why": "rare"}
    jsonl.write(tmp_path / "justified.jsonl", [row, signature, {**row, "start": 0}])
    result = divide(findings, read_justified(tmp_path / "justified.jsonl"))
    assert [f.where for f in result.open] == ["R Y→Y"]
    assert len(result.justified) == 2
    assert result.unused == [(rule, article, 0, end)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [({"why": " "}, "why"), ({"start": 1.0}, "integers"), ({"rule": None}, "rule"), ({"end": True}, "integers")],
)
def test_a_broken_list_of_justified_places_says_where(tmp_path: Path, change: dict[str, object], problem: str) -> None:
    row = {"rule": "G403", "article": "a", "start": 1, "end": 2, "why": "a street"}
    jsonl.write(tmp_path / "j.jsonl", [row, {**row, "end": 3, **change}])
    with pytest.raises(LiwaError, match=rf"j.jsonl:2: .*{problem}"):
        read_justified(tmp_path / "j.jsonl")
    jsonl.write(tmp_path / "j.jsonl", [row, row])
    with pytest.raises(LiwaError, match="listed twice"):
        read_justified(tmp_path / "j.jsonl")
    jsonl.write(tmp_path / "j.jsonl", [{"rule": "G403"}])
    with pytest.raises(LiwaError, match="without article"):
        read_justified(tmp_path / "j.jsonl")


def test_stories_without_mistakes_have_no_suspects_but_signatures() -> None:
    result: list[Finding] = suspects([gold(story(n), f"s{n}") for n in range(40)], NO_RELATIONS).findings
    assert not result


def test_context_shows_the_place() -> None:
    one = gold("عاد [الراشد](X) وقال الراشد")
    (finding,) = in_context(suspects([one], NO_RELATIONS).findings, [one])
    assert finding.message.endswith(": عاد الراشد وقال [الراشد](G403)")
    assert in_context([finding], []) == [finding]


def test_command(tmp_path: Path, liwa: Run) -> None:
    jsonl.write(tmp_path / "gold.jsonl", [to_row(gold("[سامي الراشد](PERSON) عاد سامي الراشد"))])
    row = {"rule": "G403", "article": "a", "start": 16, "end": 27, "why": "a street"}
    jsonl.write(tmp_path / "justified.jsonl", [row])
    plain = liwa("gold", "check", tmp_path / "gold.jsonl")
    assert "G403" not in plain.stdout
    result = liwa("gold", "check", tmp_path / "gold.jsonl", "--suspects")
    assert result.returncode == 0, "a suspect is no error"
    assert "G403" in result.stdout and "سامي" not in result.stdout
    result = liwa("gold", "check", tmp_path / "gold.jsonl", "--suspects", "--justified", tmp_path / "justified.jsonl")
    assert "G403" not in result.stdout
    assert "1 more are justified" in result.stdout
