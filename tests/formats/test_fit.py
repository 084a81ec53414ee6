from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations.rows import from_row, to_row
from liwa.formats.base import FEATURES, Format
from liwa.formats.fit import fields, fit, gaps
from liwa.formats.losses import Losses, without
from liwa.formats.prodigy import FORMAT as PRODIGY
from liwa.records import Range, sha256
from tests.gold import gold

WHOLE = gold("مر [اللواء](RANK 1) [سامي](PERSON HOLDS_RANK:1)\nثم [كمال](PERSON)", "a", ranges=((0, 14), (18, 22)))


def lacking(*features: str) -> Format:
    return replace(PRODIGY, name="small", holds=frozenset(FEATURES) - {*features})


def test_what_a_format_holds_is_left_as_it_is() -> None:
    losses = Losses()
    assert fit(WHOLE, PRODIGY, losses) == WHOLE
    assert (len(losses), str(losses)) == (0, "")


def test_relations_are_counted_one_by_one(tmp_path: Path) -> None:
    losses = Losses()
    assert fit(WHOLE, lacking("relations"), losses) == replace(WHOLE, relations=())
    assert str(losses) == "1 relations (small cannot hold it)"
    losses.write(str(tmp_path / "losses.jsonl"))
    ((_, row),) = jsonl.read(tmp_path / "losses.jsonl")
    assert row == {
        "kind": "relations",
        "why": "small cannot hold it",
        "article": "a",
        "start": 10,
        "end": 14,
        "what": "HOLDS_RANK",
        "child": [3, 9],
    }


def test_text_that_was_not_annotated_is_counted_gap_by_gap() -> None:
    losses = Losses()
    fitted = fit(WHOLE, lacking("ranges"), losses)
    assert fitted.ranges == (Range(0, 22),)
    assert [(loss.kind, loss.start, loss.end) for loss in losses] == [("ranges", 14, 18)]
    assert gaps(replace(WHOLE, ranges=())) == [Range(0, 22)]


def test_a_passage_becomes_a_document_of_its_own() -> None:
    losses = Losses()
    passage = WHOLE.within(Range(15, 22))
    fitted = fit(passage, lacking("place"), losses)
    assert fitted.article == "a:15-22"
    assert (fitted.start, fitted.sha256) == (0, sha256(passage.text or ""))
    assert [fitted.surface(s) for s in fitted.spans] == [passage.surface(s) for s in passage.spans] == ["كمال"]
    assert fitted.ranges == (Range(3, 7),)
    assert [(loss.kind, loss.start, loss.end) for loss in losses] == [("place", 15, 22)]
    assert fit(WHOLE, lacking("place"), Losses()) == WHOLE


def test_an_id_becomes_that_of_the_text() -> None:
    losses = Losses()
    digits = WHOLE.sha256[:12]
    assert fit(WHOLE, lacking("article"), losses).article == digits
    assert [(loss.kind, loss.article) for loss in losses] == [("article", "a")]
    assert fit(replace(WHOLE, article=digits), lacking("article"), losses).article == digits
    assert len(losses) == 1


def test_each_field_of_the_meta_is_counted() -> None:
    losses = Losses()
    assert fit(replace(WHOLE, meta={"outlet": "x", "date": "y"}), lacking("meta"), losses).meta == {}
    assert [(loss.kind, loss.what) for loss in losses] == [("meta", "outlet"), ("meta", "date")]


def test_answers_and_fields_of_rows_are_counted() -> None:
    row = {**to_row(WHOLE), "_session_id": "s", "priority": 1}
    row["spans"][0]["score"] = 0.5
    del row["answer"]
    read = from_row(row, "f:1", lambda finding: None)
    losses = Losses()
    assert read
    fit(read, lacking("answers", "fields"), losses)
    assert [(loss.kind, loss.what) for loss in losses] == [
        ("answers", ""),
        ("fields", "_session_id"),
        ("fields", "priority"),
        ("fields", "spans.score"),
    ]
    assert fields({**to_row(WHOLE)}) == []


def test_a_lost_span_takes_its_relations_along() -> None:
    losses = Losses()
    rank = WHOLE.spans[0]
    kept = without(WHOLE, {rank: "why"}, losses)
    assert (kept.spans, kept.relations) == (WHOLE.spans[1:], ())
    assert [(loss.kind, loss.why) for loss in losses] == [("spans", "why"), ("relations", "its span is lost")]


def test_a_format_names_known_features_and_units_only() -> None:
    with pytest.raises(AssertionError, match="colour"):
        replace(PRODIGY, holds=frozenset({"colour"}))
    with pytest.raises(AssertionError, match="lines"):
        replace(PRODIGY, unit="lines")
