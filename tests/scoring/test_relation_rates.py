from __future__ import annotations

from dataclasses import replace

from liwa.records import Range
from liwa.scoring.counts import Counts, total
from liwa.scoring.relation_rates import relation_rates, relations_by_article
from liwa.scoring.relations import score_relations
from tests.gold import gold

MARKED = "[الرائد](RANK 1) [ليث](PERSON HOLDS_RANK:1 COMMANDS:2) قائد [الفوج](UNIT 2) هنا"
GOLDS = [gold(MARKED, f"a{n}") for n in range(6)]
FOUND = [replace(g, relations=g.relations[: n % 3]) for n, g in enumerate(GOLDS)]


def test_counts_by_article_add_up_to_the_relation_scores() -> None:
    scores = score_relations(GOLDS, {"end_to_end": FOUND})
    counts = relations_by_article(GOLDS, FOUND[:5], scores.types)
    assert list(counts) == [g.article for g in GOLDS]
    whole = score_relations(GOLDS, {"end_to_end": FOUND[:5]}).systems["end_to_end"]
    assert {kind: total(found[kind] for found in counts.values()) for kind in scores.types} == dict(whole)


def test_a_relation_to_unannotated_text_is_not_judged() -> None:
    part = replace(GOLDS[0], ranges=(Range(0, 11),), spans=GOLDS[0].spans[:2], relations=())
    kinds = ["COMMANDS", "HOLDS_RANK"]
    assert relations_by_article([part], [GOLDS[0]], kinds)["a0"] == {"COMMANDS": Counts(), "HOLDS_RANK": Counts(fp=1)}


def test_both_ends_of_a_relation_must_be_annotated() -> None:
    unit = GOLDS[0].spans[2]
    part = replace(GOLDS[0], ranges=(Range(unit.start, unit.end),), spans=(unit,), relations=())
    assert relations_by_article([part], [GOLDS[0]], ["COMMANDS"])["a0"] == {"COMMANDS": Counts()}


def test_rates_have_intervals_around_their_values() -> None:
    scores = score_relations(GOLDS, {"end_to_end": FOUND}, apart="HOLDS_RANK")
    rates = relation_rates(scores, relations_by_article(GOLDS, FOUND, scores.types))
    assert rates["micro"].counts == scores.micro("end_to_end")
    assert rates["micro_without_apart"].counts == scores.micro("end_to_end", without="HOLDS_RANK")
    f1 = rates["micro"].f1
    assert f1.low is not None and f1.high is not None and f1.value is not None
    assert f1.low < f1.value < f1.high
