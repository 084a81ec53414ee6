from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import fix_random_seed

from liwa.errors import LiwaError
from liwa.training.relations.pipe import RelationExtractor
from liwa.training.relations.storage import relations_of, set_relations
from liwa.training.relations.targets import gold_spans
from tests.gold import gold, story
from tests.training.relations.invented import SENTENCES, blank, examples, plain, reference, trained, with_relations

STORIES = [part for n in range(10) for part in story(n).split("\n")]


@pytest.fixture(scope="module")
def nlp() -> Language:
    """A pipeline that has learned the invented sentences by heart."""
    nlp, _ = with_relations()
    return trained(nlp, examples(nlp))


def relate(nlp: Language, marked: str) -> set[tuple[str, str, str]]:
    return plain(extractor(nlp).relate([doc := reference(nlp, marked)], [doc.ents])[0])


def extractor(nlp: Language) -> RelationExtractor:
    pipe = nlp.get_pipe("relations")
    assert isinstance(pipe, RelationExtractor)
    return pipe


def test_it_overfits_is_saved_loaded_and_evaluated_alike(nlp: Language, tmp_path: Path) -> None:
    scores = nlp.evaluate(examples(nlp))
    assert scores["rel_gold_f"] == scores["rel_gold_macro_f"] == scores["rel_candidates_r"] == 1.0
    assert scores["rel_f"] == 0.0
    nlp.to_disk(tmp_path)
    loaded = spacy.load(tmp_path)
    again = loaded.evaluate(examples(loaded))
    assert {k: v for k, v in again.items() if k != "speed"} == {k: v for k, v in scores.items() if k != "speed"}
    from_bytes, _ = with_relations()
    from_bytes.from_bytes(nlp.to_bytes())
    assert extractor(from_bytes).labels == extractor(nlp).labels
    assert [relate(from_bytes, one) for one in SENTENCES] == [relate(nlp, one) for one in SENTENCES]


def test_a_batch_without_pairs_is_no_error_and_teaches_nothing(nlp: Language) -> None:
    data = examples(nlp, ["لا شيء هنا.", "شكر [سامي](PERSON) الناس.", ""])
    losses = extractor(nlp).update(data, losses={})
    assert losses == {"relations": 0.0}
    assert [list(relations_of(doc)) for doc in nlp.pipe(e.reference.text for e in data)] == [[], [], []]


def test_a_batch_without_pairs_lets_other_components_teach_the_shared_layer() -> None:
    config = {"model": {"tok2vec": {"@architectures": "spacy.Tok2VecListener.v1", "width": 96}}}
    nlp = blank()
    nlp.add_pipe("tok2vec")
    nlp.add_pipe("ner", config=config)
    nlp.add_pipe("relations", config=config)
    data = examples(nlp)
    optimizer = nlp.initialize(lambda: data)
    nlp.update(data, sgd=optimizer)  # the last layer of ner begins with zeros and passes nothing back
    shared = nlp.get_pipe("tok2vec").model  # type: ignore[attr-defined]
    nlp.update(examples(nlp, ["زار [سامي الدوري](PERSON) المدينة."]), sgd=None)
    gradients = [node.get_grad(name) for node in shared.walk() for name in node.param_names if node.has_grad(name)]
    assert any(np.abs(gradient).max() > 0 for gradient in gradients)


def test_the_size_of_a_batch_does_not_change_predictions(nlp: Language) -> None:
    docs = [reference(nlp, one) for one in SENTENCES]
    pipe = extractor(nlp)
    found = []
    for size in (1, 5, 64):
        bare = [doc.copy() for doc in docs]
        for doc in bare:
            set_relations(doc, [])
        found.append([list(map(str, relations_of(doc))) for doc in pipe.pipe(bare, batch_size=size)])
    assert found[0] == found[1] == found[2]
    assert sum(map(len, found[0])) > 30


def test_worker_processes_find_the_same(nlp: Language) -> None:
    docs = [reference(nlp, one) for one in SENTENCES[:8]]
    here = [plain(relations_of(doc)) for doc in nlp.pipe(doc.copy() for doc in docs)]
    there = [plain(relations_of(doc)) for doc in nlp.pipe(docs, n_process=2, batch_size=3)]
    assert here == there == [plain(relations_of(reference(nlp, one))) for one in SENTENCES[:8]]


def test_it_learns_from_predicted_entities() -> None:
    """With entities that only a component before it knows, never the gold ones, it still learns."""
    nlp = blank()
    ruler = nlp.add_pipe("entity_ruler")
    assert isinstance(ruler, EntityRuler)
    pipe = nlp.add_pipe("relations", config={"learn_from": "predicted"})
    assert isinstance(pipe, RelationExtractor)
    marked = ["[الجيش](UNIT BASED_AT:1) في [المعسكر](BASE 1)", "قصف [الجيش](UNIT) [المعسكر](BASE)"]
    data = examples(nlp, marked)
    optimizer = nlp.initialize(lambda: data)
    ruler.add_patterns([{"label": "UNIT", "pattern": "الجيش"}, {"label": "BASE", "pattern": "المعسكر"}])
    losses: dict[str, float] = {}
    for _ in range(30):
        losses = nlp.update(data, sgd=optimizer, annotates=["entity_ruler"], losses={})
        data = examples(nlp, marked)
    assert 0 < losses["relations"] < 0.1
    assert [len(list(relations_of(nlp(e.reference.text)))) for e in data] == [1, 0]


def test_predicted_entities_that_are_wrong_are_negatives_and_both_sources_add_up() -> None:
    marked = "[الجيش](UNIT BASED_AT:1) في [المعسكر](BASE 1) و[الشرطة](UNIT) هنا"
    counts = {}
    for source in ("gold", "predicted", "both"):
        nlp, pipe = with_relations(learn_from=source)
        data = examples(nlp, [marked])
        wrong = reference(nlp, "[الجيش](UNIT) في [المعسكر](BASE) والشرطة هنا")
        data[0].predicted.set_ents([_on(data[0].predicted, e) for e in wrong.ents])
        nlp.initialize(lambda data=data: data)  # type: ignore[misc]
        counts[source] = sum(len(its.pairs) for its in pipe._training_pairs(data))
    assert counts == {"gold": 4, "predicted": 1, "both": 5}


def _on(doc: Doc, span: spacy.tokens.Span) -> spacy.tokens.Span:
    found = doc.char_span(span.start_char, span.end_char, label=span.label_)
    assert found is not None
    return found


def test_without_annotating_components_there_is_nothing_to_learn_from_predictions() -> None:
    nlp, _ = with_relations(learn_from="predicted")
    data = examples(nlp)
    optimizer = nlp.initialize(lambda: data)
    assert nlp.update(data, sgd=optimizer, losses={})["relations"] == 0.0


def test_gold_pairs_that_are_no_candidates_are_misses() -> None:
    """The score falls with the candidates, it does not hide what these leave out."""
    far = "[سامي الدوري](PERSON COMMANDS:1) الذي عاد من السفر أمس مع أهله قائد [اللواء 12](UNIT 1)"
    near = SENTENCES[0]
    narrow = {"@misc": "liwa.Candidates.v1", "max_tokens": 3}
    nlp, _ = with_relations(candidates=narrow)
    trained(nlp, examples(nlp, [far, near]), steps=20)
    scores = nlp.evaluate(examples(nlp, [far, near]))
    assert scores["rel_candidates_r"] == scores["rel_gold_r"] == 0.5
    assert scores["rel_gold_p"] == 1.0


def test_unannotated_text_and_illegal_types_give_no_gradient() -> None:
    """Entities are predicted in the second sentence too, but nobody has read it."""
    nlp, pipe = with_relations(learn_from="predicted")
    whole = reference(nlp, "شكر [العميد](RANK) [راكان](PERSON) الناس. [العقيد](RANK) [ليث](PERSON) هنا")
    first = gold("شكر [العميد](RANK 1) [راكان](PERSON HOLDS_RANK:1) الناس. العقيد ليث هنا", ranges=((0, 23),))
    example = Example(whole, reference(nlp, first))
    nlp.initialize(lambda: examples(nlp))
    pairs = pipe._training_pairs([example])
    assert len(pairs[0].pairs) == 6
    logits = np.zeros((6, len(pipe.labels)), dtype="float32")
    loss, gradient = pipe.get_loss([example], (pairs, logits))
    told = np.argwhere(np.abs(gradient) > 0)
    assert [(*pairs[0].pairs[row], pipe.labels[kind]) for row, kind in told] == [(1, 0, "HOLDS_RANK")]
    assert loss == pytest.approx(np.log(2))


def test_documents_without_relations_annotated_teach_nothing() -> None:
    nlp, pipe = with_relations()
    data = examples(nlp)
    nlp.initialize(lambda: data)
    for example in data:
        del example.reference.spans["relations"]
    assert pipe.update(data)["relations"] == 0.0


def test_sentences_of_one_document_that_were_annotated_apart_are_not_linked_by_negatives() -> None:
    nlp, pipe = with_relations()
    marked = "[سامي](PERSON) هنا. [الجيش](UNIT) هناك."
    whole = gold(marked)
    stop = (whole.text or "").index(".") + 1
    parts = gold(marked, ranges=((0, stop), (stop + 1, whole.end)))
    losses = []
    for one in (whole, parts):
        data = examples(nlp, [one])
        nlp.initialize(lambda: examples(nlp))
        losses.append(pipe.update(data)["relations"])
    assert losses[0] > 0
    assert losses[1] == 0


def test_types_come_from_labels_else_the_scheme_else_the_examples() -> None:
    nlp, pipe = with_relations()
    signatures = {"KNOWS": {"head": ["PERSON"], "child": ["PERSON", "UNIT"]}}
    pipe.initialize(lambda: examples(nlp), nlp=nlp, labels=signatures)
    assert (pipe.labels, pipe.label_data) == (("KNOWS",), signatures)
    nlp, pipe = with_relations()
    nlp.initialize(lambda: examples(nlp))
    assert pipe.labels == ("HOLDS_RANK", "COMMANDS", "SERVES_IN", "SUCCEEDS", "BASED_AT", "PART_OF")
    bare = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    bare.add_pipe("relations")
    bare.initialize(lambda: examples(bare, SENTENCES[:1]))
    assert extractor(bare).label_data == {"HOLDS_RANK": {"head": ["PERSON"], "child": ["RANK"]}}


def test_no_types_at_all_and_an_unknown_source_are_errors() -> None:
    bare = spacy.blank("ar")
    bare.add_pipe("relations")
    with pytest.raises(LiwaError, match="no relation types"):
        bare.initialize(lambda: examples(blank(), ["لا شيء."]))
    with pytest.raises(LiwaError, match="gold, predicted, both"):
        with_relations(learn_from="silver")


def test_limits_on_heads_hold_in_predictions() -> None:
    nlp, pipe = with_relations()
    trained(nlp, examples(nlp, STORIES), steps=10)
    marked = "[اللواء](RANK) [سامي الدوري](PERSON) و[وليد الجابري](PERSON)"
    pipe.cfg["threshold"] = 0.0
    pipe.cfg["exclusive"] = False
    assert len(relate(nlp, marked)) == 4
    pipe.cfg["max_heads"] = {"HOLDS_RANK": 1}
    assert len({r for r in relate(nlp, marked) if r[2] == "HOLDS_RANK"}) == 1


def test_the_same_seed_gives_the_same_weights() -> None:
    made: list[Any] = []
    for _ in range(2):
        fix_random_seed(3)
        nlp, pipe = with_relations()
        trained(nlp, examples(nlp, SENTENCES[:5]), steps=3)
        weights = [node.get_param(n) for node in pipe.model.walk() for n in node.param_names if node.has_param(n)]
        made.append(np.concatenate([w.ravel() for w in weights]))
    assert np.array_equal(made[0], made[1])


def test_gold_spans_are_found_on_other_tokens() -> None:
    nlp = blank()
    example = examples(nlp, SENTENCES[:1])[0]
    coarse = Example(spacy.blank("ar").make_doc(example.reference.text), example.reference)
    assert {span.text for span in gold_spans(coarse)} <= {e.text for e in example.reference.ents}


def test_cues_come_from_a_file_are_features_and_are_saved(tmp_path: Path) -> None:
    file = tmp_path / "cues.toml"
    file.write_text('[COMMANDS]\n[[COMMANDS.cues]]\nwords = ["قائد"]\nposition = "before"\n', encoding="utf-8")
    nlp, pipe = with_relations()
    pipe.initialize(lambda: examples(nlp), nlp=nlp, cues=str(file))
    assert len(pipe.statements.cues) == 1
    other, loaded = with_relations()
    loaded.from_bytes(pipe.to_bytes())
    assert loaded.statements.cues == pipe.statements.cues
    assert [relate(other, one) for one in SENTENCES[:4]] == [relate(nlp, one) for one in SENTENCES[:4]]


def test_its_own_dropout_replaces_that_of_the_training() -> None:
    rates = []
    for settings in ({}, {"dropout": 0.4}):
        nlp, pipe = with_relations(**settings)
        data = examples(nlp, SENTENCES[:3])
        nlp.initialize(lambda data=data: data)  # type: ignore[misc]
        pipe.update(data, drop=0.1)
        rates.append({node.attrs["dropout_rate"] for node in pipe.model.walk() if "dropout_rate" in node.attrs})
    assert rates == [{0.1}, {0.4}]
