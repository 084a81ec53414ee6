"""The component crf_ner: learns, keeps what it learnt on disk, and takes missing annotation as unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Config

from liwa.training.crf import CrfTagger
from tests.gold import gold, story

CONFIG = Config().from_str(
    """
    [model]
    @architectures = "liwa.CrfModel.v1"

    [model.tok2vec]
    @architectures = "spacy.Tok2Vec.v2"

    [model.tok2vec.embed]
    @architectures = "liwa.ArabicEmbed.v1"
    width = 24
    rows = [200,200]
    features = ["norm","classes"]

    [model.tok2vec.encode]
    @architectures = "spacy.MaxoutWindowEncoder.v2"
    width = 24
    depth = 1
    window_size = 1
    maxout_pieces = 2
    """
)


def blank() -> Language:
    nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    nlp.add_pipe("crf_ner", config=CONFIG)
    return nlp


def examples(nlp: Language, numbers: range) -> list[Example]:
    found = []
    for number in numbers:
        one = gold(story(number))
        doc = nlp.make_doc(one.text or "")
        entities = [doc.char_span(s.start, s.end, label=s.label) for s in one.spans]
        doc.set_ents([e for e in entities if e is not None])
        found.append(Example(nlp.make_doc(doc.text), doc))
    return found


def learn(nlp: Language, known: list[Example], steps: int) -> list[float]:
    optimizer = nlp.initialize(lambda: known)
    losses = []
    for _ in range(steps):
        step: dict[str, float] = {}
        nlp.update(known, sgd=optimizer, losses=step)
        losses.append(step["crf_ner"])
    return losses


@pytest.fixture(scope="module")
def trained() -> Language:
    nlp = blank()
    losses = learn(nlp, examples(nlp, range(12)), 40)
    assert losses[-1] < 0.1 * losses[0]
    return nlp


def tagger(nlp: Language) -> CrfTagger:
    pipe: object = nlp.get_pipe("crf_ner")
    assert isinstance(pipe, CrfTagger)
    return pipe


def entities(doc: Doc) -> list[tuple[int, int, str]]:
    return [(e.start, e.end, e.label_) for e in doc.ents]


def test_it_overfits_a_handful_of_articles(trained: Language) -> None:
    for example in examples(trained, range(12)):
        assert entities(trained(example.text)) == entities(example.reference)


def test_it_finds_the_same_after_saving_and_loading(trained: Language, tmp_path: Path) -> None:
    trained.to_disk(tmp_path)
    back, texts = spacy.load(tmp_path), [story(n) for n in range(12, 20)]
    assert [entities(d) for d in back.pipe(texts)] == [entities(d) for d in trained.pipe(texts)]
    assert tagger(back).labels == tagger(trained).labels == ("BASE", "PERSON", "RANK", "UNIT")
    from_bytes = blank().from_bytes(trained.to_bytes())
    assert entities(from_bytes(texts[0])) == entities(trained(texts[0]))


def test_documents_in_a_batch_are_predicted_as_alone(trained: Language) -> None:
    texts = ["", story(3), "نعم", story(4)[:60], ""]
    assert [entities(d) for d in trained.pipe(texts)] == [entities(trained(t)) for t in texts]


def test_empty_documents_are_no_trouble(trained: Language) -> None:
    assert [entities(d) for d in trained.pipe(["", ""])] == [[], []]
    pipe = tagger(trained)
    assert pipe.update([Example(trained.make_doc(""), trained.make_doc(""))]) == {"crf_ner": 0.0}


def test_missing_annotation_is_no_error_to_learn_from(trained: Language) -> None:
    pipe = tagger(trained)
    doc = trained.make_doc("تفقد اللواء سامي الدوري جنود الكتيبة")
    doc.set_ents([], missing=[doc[1:4]], default="outside")
    assert [int(row.sum()) for row in pipe._allowed(Example(trained.make_doc(doc.text), doc))] == [1, 17, 17, 17, 1, 1]
    doc.set_ents([], default="missing")
    example = Example(trained.make_doc(doc.text), doc)
    loss, gradients = pipe.get_loss([example], pipe.model.predict([example.predicted]))
    assert loss == pytest.approx(0)
    np.testing.assert_allclose(gradients[0], 0, atol=1e-6)


def test_the_gradient_is_that_of_the_loss(trained: Language) -> None:
    pipe = tagger(trained)
    known = examples(trained, range(2))
    scores = [s.astype("float64") for s in pipe.model.predict([e.predicted for e in known])]
    before, gradients = pipe.get_loss(known, scores)
    for token, tag in ((0, 0), (1, 5), (4, 2)):
        scores[1][token, tag] += 1e-4
        after, _ = pipe.get_loss(known, scores)
        scores[1][token, tag] -= 1e-4
        assert (after - before) / 1e-4 == pytest.approx(gradients[1][token, tag], abs=1e-3)
