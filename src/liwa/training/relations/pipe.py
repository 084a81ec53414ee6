"""The trainable component ``relations``: typed, directed links between the entities of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import lru_cache
from itertools import islice
from typing import Any, Optional

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Config, Optimizer, set_dropout_rate, to_numpy

from liwa.errors import LiwaError
from liwa.training.carried import scheme_of
from liwa.training.defaults import TOK2VEC
from liwa.training.relations.candidates import CandidateFunction
from liwa.training.relations.cues import CueBook, load_cues
from liwa.training.relations.decode import Decoder
from liwa.training.relations.features import Pairs, describe
from liwa.training.relations.kernels import Array
from liwa.training.relations.mentions import Mentions
from liwa.training.relations.model import RelationModel
from liwa.training.relations.signatures import Signatures
from liwa.training.relations.stated import Statements
from liwa.training.relations.storage import Link, relations_of, set_relations
from liwa.training.relations.targets import gold_spans, targets

SOURCES = ("gold", "predicted", "both")
"""Spans that the component may learn from."""

_SAMPLE = 10  # examples that the model's sizes are inferred from
_SCORED = 128  # examples that are scored at a time

DEFAULT = Config().from_str(
    """
    [candidates]
    @misc = "liwa.Candidates.v1"

    [scorer]
    @scorers = "liwa.RelationScorer.v1"

    [model]
    @architectures = "liwa.RelationModel.v1"
    """
    + TOK2VEC
)

WEIGHTS = {
    "rel_gold_f": 0.5,
    "rel_f": 0.5,
    "rel_gold_macro_f": 0.0,
    "rel_macro_f": 0.0,
    "rel_candidates_r": 0.0,
    "rel_gold_p": None,
    "rel_gold_r": None,
    "rel_p": None,
    "rel_r": None,
    "rel_gold_per_type": None,
    "rel_per_type": None,
}


@Language.factory(
    "relations",
    assigns=["doc.spans"],
    requires=["doc.ents"],
    default_config={
        **DEFAULT,
        "learn_from": "gold",
        "dropout": None,
        "threshold": 0.5,
        "exclusive": True,
        "max_heads": {},
        "max_children": {},
    },
    default_score_weights=WEIGHTS,
)
def create_relations(
    nlp: Language,
    name: str,
    *,
    model: RelationModel,
    candidates: CandidateFunction,
    scorer: Callable[..., dict[str, Any]] | None,
    learn_from: str,
    dropout: Optional[float],  # noqa: UP045
    threshold: float,
    exclusive: bool,
    max_heads: dict[str, int],
    max_children: dict[str, int],
) -> RelationExtractor:
    """Return the component; `RelationExtractor` says what the settings mean."""
    return RelationExtractor(
        nlp.vocab,
        model,
        candidates,
        name,
        scorer=scorer,
        learn_from=learn_from,
        dropout=dropout,
        threshold=threshold,
        exclusive=exclusive,
        max_heads=max_heads,
        max_children=max_children,
    )


class RelationExtractor(TrainablePipe):  # type: ignore[misc]
    """Finds relations between the entities of a document and keeps them as `liwa.relations_of` reads them.

    candidates: which pairs are looked at. learn_from: ``gold`` entities; ``predicted`` ones, for which a component
    that sets them must be among the config's ``training.annotating_components``; or ``both``, each document twice.
    dropout: its own rate, which few relations need higher than the rest of a pipeline; none is that of the training.
    threshold, exclusive, max_heads, max_children: see `liwa.training.relations.decode.Decoder`.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: RelationModel,
        candidates: CandidateFunction,
        name: str = "relations",
        *,
        scorer: Callable[..., dict[str, Any]] | None = None,
        learn_from: str = "gold",
        dropout: float | None = None,
        **decoding: Any,
    ) -> None:
        if learn_from not in SOURCES:
            raise LiwaError(f"expected learn_from to be {', '.join(SOURCES)}, found {learn_from}")
        self.vocab = vocab
        self.model = model
        self.candidates = candidates
        self.name = name
        self.scorer = scorer
        own: dict[str, Any] = {"learn_from": learn_from, "dropout": dropout, "signatures": {}, "cues": {}}
        self.cfg = {**own, **decoding}

    @property
    def signatures(self) -> Signatures:
        """The relation types with the labels that each may link."""
        return Signatures(self.cfg["signatures"])

    @property
    def statements(self) -> Statements:
        """The cues of the relation types, where there are any."""
        return _statements(srsly.json_dumps(self.cfg["cues"]), srsly.json_dumps(self.cfg["signatures"]))

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the relation types."""
        return tuple(self.cfg["signatures"])

    @property
    def label_data(self) -> dict[str, dict[str, list[str]]]:
        """The signatures as JSON-ready data, for ``[initialize.components.relations.labels]``."""
        return self.signatures.plain

    def predict(self, docs: Iterable[Doc]) -> list[list[Link]]:
        """Return the relations between the entities that each document has, without changing the documents."""
        docs = list(docs)
        return self.relate(docs, [doc.ents for doc in docs])

    def set_annotations(self, docs: Iterable[Doc], scores: Iterable[Iterable[Link]]) -> None:
        """Write relations into documents."""
        for doc, links in zip(docs, scores, strict=True):
            set_relations(doc, links)

    def relate(self, docs: Sequence[Doc], spans: Sequence[Iterable[Span]]) -> list[list[Link]]:
        """Return the relations of each document between spans that are given."""
        decode = Decoder(**{f.name: self.cfg[f.name] for f in fields(Decoder) if f.name in self.cfg})
        found = []
        for one, its, likely in self._likely(docs, spans):
            places = decode(likely, its.pairs, self.labels)
            found.append([(one.spans[head], one.spans[child], kind) for head, child, kind in places])
        return found

    def likelihoods(self, doc: Doc) -> Iterator[tuple[Link, float]]:
        """Yield each candidate between the entities of a document with each legal type, and how likely it is."""
        [(mentions, pairs, likely)] = self._likely([doc], [doc.ents])
        for row, kind in np.argwhere(pairs.legal):
            head, child = pairs.pairs[row]
            yield (mentions.spans[head], mentions.spans[child], self.labels[kind]), float(likely[row, kind])

    def propose(self, doc: Doc, spans: Iterable[Span]) -> Iterator[Link]:
        """Yield everything that could be predicted between spans: each candidate with each type that is legal."""
        [mentions], [pairs] = self._pairs([doc], [spans])
        for row, kind in np.argwhere(pairs.legal):
            head, child = pairs.pairs[row]
            yield mentions.spans[head], mentions.spans[child], self.labels[kind]

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch; one without any pair still takes part, as a shared tok2vec needs."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, "RelationExtractor.update")
        if not any(len(example.predicted) for example in examples):
            return losses
        own = self.cfg["dropout"]
        set_dropout_rate(self.model, drop if own is None else own)
        pairs = self._training_pairs(examples)
        logits, backprop = self.model.begin_update(([example.predicted for example in examples], pairs))
        loss, d_logits = self.get_loss(examples, (pairs, logits))
        backprop(d_logits)
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def get_loss(self, examples: Iterable[Example], scores: tuple[list[Pairs], Array]) -> tuple[float, Array]:
        """Return the logistic loss, summed over legal types of pairs in annotated ranges, and its gradient."""
        pairs, logits = scores
        examples, signatures = list(examples), self.signatures
        likely = _sigmoid(_on_cpu(logits).astype(np.float64))
        known = [targets(examples[its.doc], its, signatures) for its in pairs]
        truth = np.concatenate([np.zeros(logits[:0].shape), *(t for t, _ in known)])
        weight = np.concatenate([np.zeros(logits[:0].shape), *(w for _, w in known)])
        loss = -(weight * np.log(np.maximum(np.where(truth > 0, likely, 1 - likely), 1e-12))).sum()
        return float(loss), self.model.ops.asarray2f(((likely - truth) * weight).astype(np.float32))

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: dict[str, dict[str, list[str]]] | None = None,
        cues: str | None = None,
    ) -> None:
        """Set the relation types and the sizes of the model.

        labels: the signatures, ``{type: {"head": [label, ...], "child": [label, ...]}}``; without them the scheme
        that the pipeline carries (callback ``liwa.carry.v1``), and without that what the examples have. cues: a TOML
        file of cue words, which become features; none is liwa's own. Types without cues do without.
        """
        validate_get_examples(get_examples, "RelationExtractor.initialize")
        signatures = self._known_signatures(get_examples, nlp, labels)
        if not signatures.types:
            raise LiwaError(
                "there are no relation types to learn", hint="Name a scheme with relations, or examples that have some"
            )
        self.cfg["signatures"] = signatures.plain
        self.cfg["cues"] = load_cues(cues).to_dict()
        sample = list(islice(get_examples(), _SAMPLE))
        docs = [example.predicted for example in sample]
        _, pairs = self._pairs(docs, [gold_spans(example) for example in sample])
        self.model.set_dim("nO", len(signatures.types))
        self.model.initialize(X=(docs, pairs))

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Score end to end, as predicted, and once more with the gold entities; see the scorer."""
        if self.scorer is None:
            return {}
        examples = list(examples)
        given: list[list[Link]] = []
        for start in range(0, len(examples), _SCORED):
            batch = examples[start : start + _SCORED]
            given += self.relate([e.predicted for e in batch], [gold_spans(e) for e in batch])
        proposed = [list(self.propose(e.predicted, gold_spans(e))) for e in examples]
        return self.scorer(examples, given=given, proposed=proposed, types=self.labels, **kwargs)

    @staticmethod
    def _known_signatures(
        get_examples: Callable[[], Iterable[Example]], nlp: Language | None, labels: Any
    ) -> Signatures:
        scheme = scheme_of(nlp) if nlp else None
        if labels:
            return Signatures(labels)
        if scheme and scheme.relations:
            return Signatures.of_scheme(scheme)
        links = (link for example in get_examples() for link in relations_of(example.reference))
        return Signatures.of_relations((head.label_, child.label_, kind) for head, child, kind in links)

    def _likely(
        self, docs: Sequence[Doc], spans: Sequence[Iterable[Span]]
    ) -> Iterator[tuple[Mentions, Pairs, NDArray[np.float32]]]:
        """Yield the mentions and pairs of each document, and how likely each pair has each type; 0 is not legal."""
        mentions, pairs = self._pairs(docs, spans)
        logits = _on_cpu(self.model.predict((list(docs), pairs)))
        for one, its, rows in zip(mentions, pairs, _divide(logits, pairs), strict=True):
            yield one, its, _sigmoid(rows) * its.legal

    def _training_pairs(self, examples: Sequence[Example]) -> list[Pairs]:
        """Return the candidates among gold entities, among predicted ones, or first the ones and then the others."""
        docs = [example.predicted for example in examples]
        pairs: list[Pairs] = []
        if self.cfg["learn_from"] != "predicted":
            pairs += self._pairs(docs, [gold_spans(example) for example in examples])[1]
        if self.cfg["learn_from"] != "gold":
            pairs += self._pairs(docs, [doc.ents for doc in docs])[1]
        return pairs

    def _pairs(self, docs: Sequence[Doc], spans: Sequence[Iterable[Span]]) -> tuple[list[Mentions], list[Pairs]]:
        signatures, statements = self.signatures, self.statements
        mentions = [Mentions.of(doc, its) for doc, its in zip(docs, spans, strict=True)]
        pairs = (self.candidates(one, signatures) for one in mentions)
        described = enumerate(zip(mentions, pairs, strict=True))
        return mentions, [describe(number, *both, signatures, statements) for number, both in described]


@lru_cache(maxsize=8)
def _statements(cues: str, signatures: str) -> Statements:
    return Statements(CueBook.from_dict(srsly.json_loads(cues)), Signatures(srsly.json_loads(signatures)))


def _divide(rows: NDArray[Any], pairs: Sequence[Pairs]) -> list[NDArray[Any]]:
    return np.split(rows, np.cumsum([len(its.pairs) for its in pairs])[:-1])


def _on_cpu(rows: Array) -> NDArray[np.float32]:
    return np.asarray(to_numpy(rows))  # type: ignore[no-untyped-call]


def _sigmoid(logits: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))
