"""The trainable component ``crf_ner``: entities as the best path of a conditional random field over BILOU tags."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Optional

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Config, Linear, Model, with_array

from liwa.training.defaults import TOK2VEC
from liwa.training.lattice import Array, Beliefs, Chain, legal, padded, tags_of

Scores = list[Array]

_SAMPLE = 10
_FORBIDDEN = -1e4
_DEFAULT = Config().from_str(
    """
    [scorer]
    @scorers = "spacy.ner_scorer.v1"

    [model]
    @architectures = "liwa.CrfModel.v1"
    """
    + TOK2VEC
)
WEIGHTS = {"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None}


def create_crf_model(tok2vec: Model[list[Doc], Scores], nO: Optional[int] = None) -> Model[list[Doc], Scores]:  # noqa: N803, UP045
    """Return a model from documents to one score a tag for each token, with the transitions' scores as a parameter."""
    layer: Model[Any, Any] = with_array(Linear(nO=nO, nI=tok2vec.maybe_get_dim("nO")))
    return Model(
        "crf",
        _forward,
        init=_init,
        layers=[tok2vec, layer],
        refs={"tok2vec": tok2vec, "tags": layer.layers[0]},
        dims={"nO": nO},
        params={"transitions": None},
    )


def _forward(model: Model[list[Doc], Scores], docs: list[Doc], is_train: bool) -> tuple[Scores, Any]:
    vectors, back_vectors = model.layers[0](docs, is_train)
    scores, back_scores = model.layers[1](vectors, is_train)
    return scores, lambda d_scores: back_vectors(back_scores(d_scores))


def _init(model: Model[list[Doc], Scores], X: Any = None, Y: Any = None) -> None:  # noqa: N803
    model.layers[0].initialize(X=X)
    tags = model.get_ref("tags")
    tags.set_dim("nO", model.get_dim("nO"))
    if tags.has_dim("nI") is None:
        tags.set_dim("nI", model.get_ref("tok2vec").get_dim("nO"))
    model.layers[1].initialize()
    model.set_param("transitions", model.ops.alloc2f(model.get_dim("nO"), model.get_dim("nO")))


@Language.factory(
    "crf_ner",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config=_DEFAULT,
    default_score_weights=WEIGHTS,
)
def create_crf_ner(
    nlp: Language,
    name: str,
    model: Model[list[Doc], Scores],
    scorer: Optional[Callable[..., Any]],  # noqa: UP045
) -> "CrfTagger":
    """Return the component; what spaCy's registry calls for ``factory = "crf_ner"``."""
    return CrfTagger(nlp.vocab, model, name, scorer=scorer)


class CrfTagger(TrainablePipe):  # type: ignore[misc]  # spaCy ships no types of it
    """Learns flat spans from documents whose entities may be masked as missing: any path is right there."""

    def __init__(self, vocab: Vocab, model: Model[list[Doc], Scores], name: str, *, scorer: Any = None) -> None:
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        self.cfg: dict[str, Any] = {"labels": []}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the component knows."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[str]:
        """The labels, as ``spacy init labels`` keeps them."""
        return list(self.labels)

    @property
    def tags(self) -> list[str]:
        """The tags that the model scores, in its order."""
        return tags_of(self.labels)

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Optional[Language] = None,  # noqa: UP045
        labels: Optional[Sequence[str]] = None,  # noqa: UP045
    ) -> None:  # fmt: skip
        """Take the labels given, or those of the examples, and size the model for them."""
        validate_get_examples(get_examples, "CrfTagger.initialize")
        found = labels or sorted({entity.label_ for eg in get_examples() for entity in eg.reference.ents})
        self.cfg["labels"] = list(found)
        self.model.set_dim("nO", len(self.tags), force=True)
        self.model.initialize(X=[eg.x for eg in islice(get_examples(), _SAMPLE)])

    def predict(self, docs: Iterable[Doc]) -> list[Array]:
        """Return the tags of each document, as numbers."""
        docs = list(docs)
        if not any(len(doc) for doc in docs):
            return [np.zeros(0, dtype="int64") for _ in docs]
        scores, lengths, order = padded(self.model.predict(docs))
        paths: list[Array] = [np.zeros(0, dtype="int64")] * len(docs)
        for place, path in zip(order, self._chain().best(scores, lengths), strict=True):
            paths[place] = path[: len(docs[place])]
        return paths

    def beliefs(self, doc: Doc) -> Beliefs:
        """Return how likely each tag of a document is, which has tokens and has been through the pipeline before."""
        return self._chain().beliefs(self.model.predict([doc])[0].astype("float64"))

    def likelihood(self, beliefs: Beliefs, entity: Span) -> float:
        """Return how likely a span of a document is an entity of its label, whatever else is; 0 of unknown labels."""
        if entity.label_ not in self.labels:
            return 0.0
        places = "U" if len(entity) == 1 else f"B{'I' * (len(entity) - 2)}L"
        return beliefs.of(entity.start, [self.tags.index(f"{place}-{entity.label_}") for place in places])

    def set_annotations(self, docs: Iterable[Doc], paths: Sequence[Array]) -> None:
        """Set the entities of the documents."""
        for doc, path in zip(docs, paths, strict=True):
            doc.set_ents(list(_spans(doc, [self.tags[tag] for tag in path])))

    def get_loss(self, examples: Iterable[Example], scores: Scores) -> tuple[float, Scores]:
        """Return the negative log-likelihood of the gold paths and its gradient; that of transitions is kept."""
        examples = list(examples)
        gold = [np.where(self._allowed(eg), 0.0, _FORBIDDEN) for eg in examples]
        joined, lengths, order = padded(scores)
        limits, _, _ = padded(gold)
        chain = self._chain()
        all_total, all_tags, all_steps = chain.expectations(joined, lengths)
        gold_total, gold_tags, gold_steps = chain.expectations(joined + limits, lengths)
        steps: Any = (all_steps - gold_steps).astype("float32")
        self.model.inc_grad("transitions", steps)
        found: Scores = [np.zeros(0)] * len(examples)
        for place, row in enumerate(order):
            found[row] = (all_tags - gold_tags)[place, : len(scores[row])].astype("float32")
        return all_total - gold_total, found

    def _allowed(self, example: Example) -> Array:
        """Return which tags each token may have: its gold one, or any where that is missing."""
        known = {tag: place for place, tag in enumerate(self.tags)}
        allowed = np.zeros((len(example.predicted), len(known)), dtype=bool)
        for token, tag in enumerate(example.get_aligned_ner()):
            allowed[token, known[tag] if tag in known else slice(None)] = True
        return allowed

    def _chain(self) -> Chain:
        return Chain(np.asarray(self.model.get_param("transitions")), legal(self.tags))


def _spans(doc: Doc, tags: Sequence[str]) -> Iterable[Span]:
    start = 0
    for token, tag in enumerate(tags):
        if tag[0] in "BU":
            start = token
        if tag[0] in "LU":
            yield Span(doc, start, token + 1, label=tag[2:])
