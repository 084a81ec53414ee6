from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa import jsonl
from liwa.annotations import rules
from liwa.annotations.standoff import BLOCK, difference, fingerprint, from_standoff, hydrate, to_standoff
from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.records import Article, Gold, Range
from tests.gold import gold
from tests.strategies import golds

LONG = "كتب المراسل سطرا طويلا عن يوم هادئ في الثكنة. " * 12


def standoff(of: Gold, article: Article) -> Gold:
    found = from_standoff(jsonl.parse(jsonl.dumps(to_standoff(of, article)), ""), "g.jsonl:1", stop)
    assert found
    return found


def read(row: Any) -> tuple[Gold | None, list[Finding]]:
    findings: list[Finding] = []
    return from_standoff(row, "g.jsonl:1", findings.append), findings


@given(golds(whole=True))
def test_gold_survives_without_its_text(of: Gold) -> None:
    article = Article("a", of.text or "")
    bare = standoff(of, article)
    assert bare == replace(of, text=None)
    assert hydrate(bare, article) == of


def test_no_word_of_the_text_is_written() -> None:
    of = gold("[العميد](RANK 1) [هاني](PERSON HOLDS_RANK:1) وصل إلى هنا أمس", outlet="وكالة", title="قصير")
    of = replace(of, meta={**of.meta, "first": "هاني وصل إلى هنا", "page": 3})
    line = jsonl.dumps(to_standoff(of, Article("a", of.text or "")))
    assert not any(word in line for word in ["العميد", "هاني", "وصل", "قصير"])
    assert jsonl.parse(line, "")["meta"] == {"outlet": "وكالة", "page": 3}


@settings(derandomize=True)  # Fingerprints of sixteen bits meet by chance once in 65,536 texts.
@given(st.integers(0, len(LONG) - 1), st.sampled_from(["", "x", "xy"]))
def test_one_code_point_more_less_or_other_is_placed_in_its_block(at: int, instead: str) -> None:
    changed = LONG[:at] + instead + LONG[at + 1 :]
    bare = standoff(gold(LONG), Article("a", LONG))
    with pytest.raises(LiwaError, match=r"^g\.jsonl:1: article a: the text differs first") as caught:
        hydrate(bare, Article("a", changed))
    start = at // BLOCK * BLOCK
    # A deletion shows in a later block where the characters behind it are the same.
    assert instead == "" or f"between code points {start} and {start + BLOCK};" in str(caught.value)
    assert f"expected {len(LONG)} code points, found {len(changed)}" in str(caught.value)


def test_text_missing_at_the_end_is_seen() -> None:
    bare = standoff(gold(LONG), Article("a", LONG))
    assert f"between code points 512 and 576; expected {len(LONG)}" in difference(bare, LONG[:-1])


def test_rows_without_length_and_blocks_are_proved_by_the_hash_alone() -> None:
    row = to_standoff(gold(LONG), Article("a", LONG))
    del row["length"], row["blocks"]
    bare, findings = read(row)
    assert bare is not None
    assert not findings
    assert hydrate(bare, Article("a", LONG)).text == LONG
    with pytest.raises(LiwaError, match="the text is not the annotated one; found 1 code points"):
        hydrate(bare, Article("a", "x"))


def test_the_source_of_the_article_comes_with_its_text() -> None:
    bare = standoff(gold(LONG, outlet="mine"), Article("a", LONG))
    found = hydrate(bare, Article("a", LONG, {"outlet": "other", "date": "2020-01-31"}, "g1"))
    assert found.meta == {"outlet": "mine", "date": "2020-01-31", "group": "g1"}


def test_a_fingerprint_is_four_digits_a_block() -> None:
    assert len(fingerprint("x" * (BLOCK + 1))) == 8
    assert fingerprint("") == ""


GOOD: dict[str, Any] = {"article": "a", "sha256": "0" * 64, "length": 9, "ranges": [[0, 9]]}
SPAN = {"start": 0, "end": 3, "label": "UNIT"}


@pytest.mark.parametrize("key", ["article", "sha256", "ranges"])
def test_identity_and_ranges_are_required(key: str) -> None:
    found, findings = read({k: v for k, v in GOOD.items() if k != key})
    assert (found, [f.rule for f in findings]) == (None, [rules.NOT_GOLD])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"article": 5}, rules.NOT_GOLD),
        ({"sha256": "0"}, rules.NOT_GOLD),
        ({"length": "9"}, rules.NOT_GOLD),
        ({"length": True}, rules.NOT_GOLD),
        ({"meta": [1]}, rules.BAD_META),
        ({"ranges": [[0, 10]]}, rules.BAD_OFFSETS),
        ({"spans": [{**SPAN, "start": 0.0}]}, rules.BAD_OFFSETS),
        ({"spans": [SPAN, {**SPAN, "end": 2}]}, rules.OVERLAP),
        ({"spans": [SPAN], "ranges": [[3, 9]]}, rules.OUTSIDE),
        ({"spans": [SPAN], "relations": [{"head_span": SPAN, "label": "R"}]}, rules.BAD_RELATION),
        ({"spans": [SPAN], "relations": [5]}, rules.BAD_RELATION),
        ({"relations": {"a": 5}}, rules.BAD_SPAN),
    ],
)
def test_what_is_wrong_is_reported(change: dict[str, Any], rule: object) -> None:
    assert [f.rule for f in read({**GOOD, **change})[1]] == [rule]


def test_gold_may_cover_a_part_of_its_article() -> None:
    of = gold("قبل\n[العميد](RANK) هنا", ranges=((4, 14),))
    assert standoff(of, Article("a", of.text or "")).ranges == (Range(4, 14),)
