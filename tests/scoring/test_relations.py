from __future__ import annotations

import json
from dataclasses import replace

import pytest

from liwa.records import Gold, Range, Relation
from liwa.scoring import relation_tables
from liwa.scoring.counts import Counts
from liwa.scoring.evaluate import evaluate
from liwa.scoring.relations import MACRO_SUPPORT, oracle, score_relations
from liwa.scoring.tables import to_json, to_markdown, to_text
from tests.gold import gold

RIGHT = gold("[الرائد](RANK 1) [ليث](PERSON HOLDS_RANK:1 COMMANDS:2) قائد [الفوج](UNIT 2) هنا")
TYPES = ["HOLDS_RANK", "COMMANDS"]


def counts(found: Gold, right: Gold = RIGHT) -> dict[str, Counts]:
    return dict(score_relations([right], {"end_to_end": [found]}, types=TYPES).systems["end_to_end"])


def test_a_relation_counts_with_both_ends_direction_and_type_and_else_not() -> None:
    head, child, kind = RIGHT.relations[0]
    assert counts(RIGHT) == {"HOLDS_RANK": Counts(1, 0, 0), "COMMANDS": Counts(1, 0, 0)}
    for wrong in (
        Relation(child, head, kind),
        Relation(head.shifted(1), child, kind),
        Relation(head._replace(label="UNIT"), child, kind),
        Relation(head, child, "SERVES_IN"),
    ):
        found = replace(RIGHT, relations=(wrong, RIGHT.relations[1]))
        micro = score_relations([RIGHT], {"end_to_end": [found]}, types=TYPES).micro("end_to_end")
        assert micro == Counts(1, 1, 1)


def test_an_article_without_prediction_is_all_misses() -> None:
    assert counts(gold("آخر", "b")) == {"HOLDS_RANK": Counts(0, 0, 1), "COMMANDS": Counts(0, 0, 1)}


def test_what_nobody_annotated_is_not_counted() -> None:
    part = replace(RIGHT, ranges=(Range(0, 10),), spans=RIGHT.spans[:2], relations=RIGHT.relations[:1])
    assert part.relations[0].label == "HOLDS_RANK"
    assert counts(RIGHT, part) == {"HOLDS_RANK": Counts(1, 0, 0), "COMMANDS": Counts()}


def test_rows_of_one_article_are_one() -> None:
    text = gold("[الرائد](RANK 1) [سامي](PERSON HOLDS_RANK:1)\n[العقيد](RANK 2) [ليث](PERSON HOLDS_RANK:2)")
    line = (text.text or "").index("\n")
    rows = [text.within(Range(0, line)), text.within(Range(line + 1, text.end))]
    assert score_relations(rows, {"end_to_end": [text]}).micro("end_to_end").f1 == 1.0
    assert score_relations([text], {"end_to_end": rows}).micro("end_to_end").f1 == 1.0


def test_the_oracle_has_what_predicted_spans_can_hold() -> None:
    found = replace(RIGHT, spans=RIGHT.spans[:2], relations=())
    assert [r.label for r in oracle(RIGHT, found).relations] == ["HOLDS_RANK"]
    scores = score_relations([RIGHT], {"end_to_end": [found]}, types=TYPES)
    assert scores.micro("oracle") == Counts(1, 0, 1)
    assert scores.micro("end_to_end") == Counts(0, 0, 2)


def test_the_second_micro_average_leaves_out_the_most_frequent_type_or_the_one_named() -> None:
    more = [RIGHT, gold("[الرائد](RANK 1) [سامي](PERSON HOLDS_RANK:1)", "b")]
    scores = score_relations(more, {"end_to_end": [RIGHT]})
    assert scores.apart == "HOLDS_RANK"
    assert scores.micro("end_to_end", without=scores.apart) == Counts(1, 0, 0)
    assert score_relations(more, {"end_to_end": []}, apart="COMMANDS").apart == "COMMANDS"


def test_the_macro_average_is_over_types_with_enough_gold() -> None:
    many = [gold("[الرائد](RANK 1) [سامي](PERSON HOLDS_RANK:1)", f"g{n}") for n in range(MACRO_SUPPORT)]
    found = [replace(g, relations=()) for g in many[:5]] + many[5:]
    scores = score_relations([*many, RIGHT], {"end_to_end": found})
    assert scores.macro("end_to_end") == pytest.approx(scores.systems["end_to_end"]["HOLDS_RANK"].f1)
    assert score_relations([RIGHT], {"end_to_end": [RIGHT]}).macro("end_to_end") is None


def test_tables_show_each_type_the_averages_and_the_ceilings() -> None:
    partly = replace(RIGHT, relations=RIGHT.relations[1:])
    systems = {"end_to_end": [partly], "gold_spans": [RIGHT], "candidates": [RIGHT]}
    relations = score_relations([RIGHT], systems, types=TYPES, apart="HOLDS_RANK")
    scores = replace(evaluate([RIGHT], [RIGHT]), relations=relations)
    rows = [line.split() for line in relation_tables.to_text(relations)]
    assert rows[0][:2] == ["relation", "support"]
    assert ["COMMANDS", "1", *["100.0"] * 8] in rows
    assert ["HOLDS_RANK", "1", "100.0", "100.0", "100.0", "n/a", "0.0", "0.0", "100.0", "100.0"] in rows
    assert len({len(line) for line in relation_tables.to_text(relations)[:8]}) == 1
    assert "micro without HOLDS_RANK" in to_text(scores)
    assert "| HOLDS_RANK | 1 | 100.0 | 100.0 | 100.0 | n/a | 0.0 | 0.0 | 100.0 | 100.0 |" in to_markdown(scores)
    data = json.loads(to_json(scores))["relations"]
    assert data["end_to_end"]["micro"]["recall"] == data["end_to_end"]["types"]["COMMANDS"]["recall"] / 2
    assert data["apart"] == "HOLDS_RANK"


def test_without_relations_nothing_is_said_of_them() -> None:
    scores = evaluate([RIGHT], [RIGHT])
    assert "relation" not in to_text(scores)
    assert "relations" not in json.loads(to_json(scores))
