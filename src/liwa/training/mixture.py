"""Trained taggers as one: the architecture ``liwa.CrfMixture.v1`` and the pipeline that is mixed of two.

What is mixed is how likely each member finds each tag of each token. It helps where members err apart: a pretrained
encoder, which knows words in their context, and features with vectors of the user's own news, which know names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from thinc.api import Model

from liwa.errors import LiwaError
from liwa.training.lattice import Array, Chain, legal, padded, tags_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Scores = list[Array]
Tagger = Model[list["Doc"], Scores]

SHARE: Final = 0.65
"""The share of the first member, chosen for an encoder beside vectors on the dev part of ANERcorp."""

_FACTORY: Final = "crf_ner"
_TOK2VEC: Final = "model.tok2vec"
_TINY: Final = 1e-7


def create_crf_mixture(first: Tagger, second: Tagger, share: float = SHARE) -> Tagger:
    """Return a model for ``crf_ner`` from two of ``liwa.CrfModel.v1`` that have learnt the same labels.

    Its scores are the logs of the members' mean marginals, the first one's counted by `share`; its transitions add
    nothing. It does not learn: its members do, each in a pipeline of its own.
    """
    return Model(
        "crf_mixture",
        _forward,
        layers=[first, second],
        attrs={"share": share},
        dims={"nO": None},
        params={"transitions": None},
    )


def _forward(model: Tagger, docs: list[Doc], is_train: bool) -> tuple[Scores, Any]:
    if is_train:
        raise LiwaError("a mixture does not learn", hint="Train its members, then mix them anew with liwa mix")
    share, (first, second) = model.attrs["share"], (marginals(member, docs) for member in model.layers)
    mixed = (share * one + (1 - share) * other for one, other in zip(first, second, strict=True))
    return [np.log(tags + _TINY).astype("float32") for tags in mixed], None


def marginals(model: Tagger, docs: Sequence[Doc]) -> Scores:
    """Return how likely a CRF finds each tag of each token: an array for each document, tokens x tags."""
    scores, lengths, order = padded(model.predict(list(docs)))
    tags = tags_of([str(label) for label in range((scores.shape[2] - 1) // 4)])
    _, likely, _ = Chain(np.asarray(model.get_param("transitions")), legal(tags)).expectations(scores, lengths)
    found = dict(
        zip(order.tolist(), (rows[:length] for rows, length in zip(likely, lengths, strict=True)), strict=True)
    )
    return [found[number] for number in range(len(docs))]


def mix(first: Language, second: Language, share: float = SHARE) -> Language:
    """Return a pipeline with the other components of the second and one ``crf_ner`` mixed of that of both.

    Both are changed. Only the second may have word vectors. LiwaError where the two do not fit together.
    """
    one, other = _tagger_name(first), _tagger_name(second)
    labels = [nlp.get_pipe(name).cfg["labels"] for nlp, name in ((first, one), (second, other))]  # type: ignore[attr-defined]
    if labels[0] != labels[1]:
        raise LiwaError(f"the models know other labels: {labels[0]} and {labels[1]}", hint="Train both on one split")
    if first.vocab.vectors.shape[1]:
        raise LiwaError(
            "the first model has word vectors", hint="Name the model with vectors second, one without first"
        )
    members = [_alone(first, one), _alone(second, other)]
    config = {"model": {"@architectures": "liwa.CrfMixture.v1", "share": share}}
    config["model"] |= dict(zip(("first", "second"), (settings for settings, _ in members), strict=True))
    tagger: Any = second.replace_pipe(other, _FACTORY, config=config)
    tagger.cfg["labels"] = labels[0]
    _fill(tagger.model, [model for _, model in members])
    return second


def _tagger_name(nlp: Language) -> str:
    names = [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == _FACTORY]
    if len(names) != 1:
        raise LiwaError(
            f"expected one component {_FACTORY}, found {len(names)}", hint="Mix models that liwa train made"
        )
    return names[0]


def _alone(nlp: Language, name: str) -> tuple[dict[str, Any], Tagger]:
    """Return settings and model of a tagger, its tok2vec its own; one that nothing else listens to is removed."""
    listened = [found for found in nlp.pipe_names if nlp.get_pipe_meta(found).factory == "tok2vec"]
    listens = "upstream" in nlp.config["components"][name]["model"]["tok2vec"]
    if listens:
        nlp.replace_listeners(listened[0], name, [_TOK2VEC])
    settings = nlp.config.interpolate()["components"][name]["model"]
    if listens and not nlp.get_pipe(listened[0]).listeners:  # type: ignore[attr-defined]
        nlp.remove_pipe(listened[0])
    pipe: Any = nlp.get_pipe(name)
    return settings, pipe.model


def _fill(mixture: Tagger, members: Sequence[Tagger]) -> None:
    """Give a new mixture the weights of its members."""
    size = members[0].get_dim("nO")
    mixture.set_dim("nO", size)
    mixture.set_param("transitions", mixture.ops.alloc2f(size, size))
    for layer, member in zip(mixture.layers, members, strict=True):
        layer.from_bytes(member.to_bytes())
