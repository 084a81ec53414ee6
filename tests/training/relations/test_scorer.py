from __future__ import annotations

from spacy.training import Example

from liwa.training.docs import annotate
from liwa.training.relations.scorer import score_relations
from liwa.training.relations.storage import relations_of, set_relations
from tests.gold import gold
from tests.training.relations.invented import blank, reference

NLP = blank()
RIGHT = "[الرائد](RANK 1) [ليث](PERSON HOLDS_RANK:1 COMMANDS:2) قائد [الفوج](UNIT 2)"
TYPES = ("HOLDS_RANK", "COMMANDS", "SUCCEEDS")


def example(right: str, found: str) -> Example:
    return Example(reference(NLP, found), reference(NLP, right))


def test_end_to_end_and_with_gold_entities_are_two_figures() -> None:
    one = example(RIGHT, "[الرائد](RANK 1) [ليث](PERSON HOLDS_RANK:1) قائد الفوج")
    given = [list(relations_of(one.reference))]
    scores = score_relations([one], types=TYPES, given=given, proposed=[[]])
    assert (scores["rel_p"], scores["rel_r"]) == (1.0, 0.5)
    assert scores["rel_macro_f"] == 0.5
    assert scores["rel_gold_f"] == scores["rel_gold_macro_f"] == 1.0
    assert scores["rel_candidates_r"] == 0.0
    assert scores["rel_per_type"]["COMMANDS"] == {"p": 0.0, "r": 0.0, "f": 0.0}
    assert set(scores["rel_gold_per_type"]) == set(TYPES)


def test_direction_label_border_and_type_count() -> None:
    turned = "[سامي](PERSON SUCCEEDS:1) خلف [وليد](PERSON 1)", "[سامي](PERSON 1) خلف [وليد](PERSON SUCCEEDS:1)"
    label = RIGHT, RIGHT.replace("(UNIT 2)", "(BASE 2)")
    border = RIGHT, RIGHT.replace("قائد [الفوج]", "[قائد الفوج]")
    kind = RIGHT, RIGHT.replace("COMMANDS", "SERVES_IN")
    assert score_relations([example(*turned)], types=TYPES)["rel_f"] == 0.0
    for right, found in (label, border, kind):
        scores = score_relations([example(right, found)], types=TYPES)
        assert (scores["rel_p"], scores["rel_r"]) == (0.5, 0.5)


def test_what_was_not_annotated_is_not_counted() -> None:
    half = gold("[الرائد](RANK 1) [ليث](PERSON HOLDS_RANK:1) هنا. الرائد سامي هناك", ranges=((0, 17),))
    both = "[الرائد](RANK 1) [ليث](PERSON HOLDS_RANK:1) هنا. [الرائد](RANK 2) [سامي](PERSON HOLDS_RANK:2) هناك"
    doc = NLP.make_doc(half.text or "")
    annotate(doc, half)
    one = Example(reference(NLP, both), doc)
    assert score_relations([one], types=TYPES)["rel_p"] == 1.0
    del doc.spans["relations"]
    assert score_relations([one], types=TYPES)["rel_f"] is None


def test_no_gold_is_undefined_not_zero() -> None:
    scores = score_relations([example("لا شيء", "لا شيء")], types=TYPES)
    assert scores["rel_f"] is scores["rel_macro_f"] is None


def test_predictions_without_any_gold_lower_precision() -> None:
    one = example(RIGHT, RIGHT)
    empty = example("[الرائد](RANK) [ليث](PERSON)", "[الرائد](RANK 1) [ليث](PERSON HOLDS_RANK:1)")
    scores = score_relations([one, empty], types=TYPES)
    assert scores["rel_p"] == 2 / 3
    assert scores["rel_r"] == 1.0
    set_relations(empty.predicted, [])
    assert score_relations([one, empty], types=TYPES)["rel_p"] == 1.0
