from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl
from liwa.annotations import rules
from liwa.annotations.check import check
from liwa.annotations.rows import to_row
from liwa.annotations.standoff import to_standoff
from liwa.findings import Rule, breaches
from liwa.passages import paragraphs
from liwa.records import Article
from liwa.scheme import load_scheme
from tests.gold import gold, story

BAD = Path(__file__).parent / "bad"
OTHER = load_scheme(Path(__file__).parents[1] / "data" / "other.toml")
SCHEME = load_scheme()
CHECKED = [rule for rule in rules.ALL if rule.id < "G4"]  # G4xx are suspects, not breaches.
NEEDS: dict[str, dict[str, Any]] = {
    "text-differs": {"texts": [str(BAD / "texts")]},
    "text-required": {"require_texts": True},
}


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.name)
def test_each_rule_has_a_bad_file_that_breaks_it_alone(rule: Rule) -> None:
    (file,) = BAD.glob(f"{rule.name}.*")
    report = check(file, SCHEME, **NEEDS.get(rule.name, {}))
    assert {f.rule for f in report.findings} == {rule}
    assert all(f.where.startswith(str(file)) and f.message and f.rule.hint for f in report.findings)
    assert breaches(report.findings) == (rule.level == "error")


def test_every_bad_file_is_of_a_rule() -> None:
    assert {file.stem for file in BAD.iterdir() if file.is_file()} == {rule.name for rule in CHECKED}


def test_ids_and_names_are_unique() -> None:
    assert len({r.id for r in rules.ALL}) == len({r.name for r in rules.ALL}) == len(rules.ALL)


@pytest.mark.parametrize("prefix", ["", "🙂 ", "قِـ ", "👨\u200d👩 x\u0301 ", "\ufeff\n"])
def test_good_gold_has_no_findings_wherever_it_stands(tmp_path: Path, prefix: str) -> None:
    whole = gold(prefix + story(3), "s3")
    parts = [to_row(whole.within(r)) for r in paragraphs(whole.text or "")]
    jsonl.write(tmp_path / "gold.jsonl", [*parts, to_row(gold(story(4), "s4"))])
    jsonl.write(tmp_path / "texts.jsonl", [{"id": "s3", "text": whole.text}])
    report = check(tmp_path / "gold.jsonl", SCHEME, texts=[str(tmp_path / "texts.jsonl")])
    assert report.findings == []
    assert (report.articles, report.spans, report.relations, report.unverified) == (2, 8, 4, 0)


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("before", ["🙂", "ق\u0650"])
def test_a_span_shifted_by_an_emoji_or_a_mark_is_found(tmp_path: Path, before: str, by: int) -> None:
    whole = gold(f"{before} وصل [هاني](PERSON) أمس")
    shifted = replace(whole, spans=tuple(s.shifted(by) for s in whole.spans))
    jsonl.write(tmp_path / "gold.jsonl", [to_row(shifted)])
    assert {f.rule.name for f in check(tmp_path / "gold.jsonl", SCHEME).findings} <= {"not-aligned", "span-edge"}
    assert breaches(check(tmp_path / "gold.jsonl", SCHEME).findings)


def test_rows_that_want_their_texts_are_counted(tmp_path: Path) -> None:
    whole = gold(story(1), "s1")
    article = Article("s1", whole.text or "")
    part = to_row(whole.within(next(iter(paragraphs(article.text)))))
    jsonl.write(tmp_path / "gold" / "a.jsonl", [part, to_row(gold(story(2), "s2"))])
    jsonl.write(tmp_path / "gold" / "b.jsonl", [to_standoff(replace(whole, article="s1b"), article)])
    report = check(tmp_path / "gold", SCHEME)
    assert report.summary.endswith("2 rows not verified for want of texts")
    assert [(f.rule, Path(f.where).name) for f in report.findings] == [
        (rules.TEXT_MISSING, "a.jsonl"),
        (rules.TEXT_MISSING, "b.jsonl"),
    ]
    required = check(tmp_path / "gold", SCHEME, require_texts=True).findings
    assert [(f.rule, f.article) for f in required] == [(rules.TEXT_REQUIRED, "s1"), (rules.TEXT_REQUIRED, "s1b")]


def test_the_rules_of_the_text_hold_for_standoff_gold_too(tmp_path: Path) -> None:
    whole = gold("وصل [هاني ](PERSON)أمس", "s")
    article = Article("s", whole.text or "")
    jsonl.write(tmp_path / "gold.jsonl", [to_standoff(whole, article)])
    jsonl.write(tmp_path / "texts.jsonl", [{"id": "s", "text": article.text}])
    assert not breaches(check(tmp_path / "gold.jsonl", SCHEME).findings)
    (finding,) = check(tmp_path / "gold.jsonl", SCHEME, texts=[str(tmp_path / "texts.jsonl")]).findings
    assert (finding.rule, finding.start, finding.end) == (rules.SPAN_EDGE, 4, 9)


def test_a_second_scheme_without_relations_works_through(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "good.jsonl", [to_row(gold("[العميد](GRADE) [هاني](NAME) في [الثكنة](SITE)"))])
    assert check(tmp_path / "good.jsonl", OTHER).findings == []
    jsonl.write(tmp_path / "bad.jsonl", [to_row(gold("[العميد](GRADE 1) [هاني](NAME HOLDS_RANK:1) [هنا](BASE)"))])
    found = check(tmp_path / "bad.jsonl", OTHER).findings
    assert [f.rule for f in found] == [rules.UNKNOWN_LABEL, rules.UNKNOWN_RELATION]
    assert "expected no relations, found HOLDS_RANK" in found[1].message


def test_a_finding_says_the_article_offsets_of_a_passage(tmp_path: Path) -> None:
    whole = gold("سطر أول\nوصل [هاني](NAME) أمس", "s")
    part = to_row(whole.within(list(paragraphs(whole.text or ""))[1]))
    jsonl.write(tmp_path / "gold.jsonl", [part])
    first = next(f for f in check(tmp_path / "gold.jsonl", SCHEME).findings if f.rule == rules.UNKNOWN_LABEL)
    assert (first.article, first.start, first.end, first.where) == ("s", 12, 16, f"{tmp_path}/gold.jsonl:1")
