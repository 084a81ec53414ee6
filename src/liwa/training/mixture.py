"""Trained taggers as one: the architecture ``liwa.CrfMixture.v1`` and the pipeline that is mixed of several.

What is mixed is how likely each member finds each tag of each token. It helps where members err apart: a pretrained
encoder, which knows words in their context, and features with vectors of the user's own news, which know names; or
one profile trained from several seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Optional

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
"""The share of the first of unlike members, chosen for an encoder beside vectors on the dev part of ANERcorp."""

_FACTORY: Final = "crf_ner"
_MIXTURE: Final = "crf_mixture"
_TOK2VEC: Final = "model.tok2vec"
_TINY: Final = 1e-7


def create_crf_mixture(
    first: Tagger,
    second: Tagger,
    share: float = SHARE,
    more: Optional[dict[str, Tagger]] = None,  # noqa: UP045
) -> Tagger:
    """Return a model for ``crf_ner`` from two or more of ``liwa.CrfModel.v1`` that have learnt the same labels.

    share: how much the first counts; all others divide the rest alike. Its scores are the logs of the mean of the
    members' marginals; its transitions add nothing. It does not learn: its members do, each in a pipeline of its own.
    """
    return Model(
        _MIXTURE,
        _forward,
        layers=[first, second, *(more or {}).values()],
        attrs={"share": share},
        dims={"nO": None},
        params={"transitions": None},
    )


def _forward(model: Tagger, docs: list[Doc], is_train: bool) -> tuple[Scores, Any]:
    if is_train:
        raise LiwaError("a mixture does not learn", hint="Train its members, then mix them anew with liwa mix")
    share, (first, *others) = model.attrs["share"], (marginals(member, docs) for member in model.layers)
    mixed = (share * one + (1 - share) * np.mean(rest, axis=0) for one, *rest in zip(first, *others, strict=True))
    return [np.log(tags + _TINY).astype("float32") for tags in mixed], None


def marginals(model: Tagger, docs: Sequence[Doc]) -> Scores:
    """Return how likely a CRF or a mixture finds each tag of each token: an array a document, tokens x tags."""
    if model.name == _MIXTURE:
        return [np.exp(rows) for rows in model.predict(list(docs))]
    scores, lengths, order = padded(model.predict(list(docs)))
    tags = tags_of([str(label) for label in range((scores.shape[2] - 1) // 4)])
    _, likely, _ = Chain(np.asarray(model.get_param("transitions")), legal(tags)).expectations(scores, lengths)
    found = dict(
        zip(order.tolist(), (rows[:length] for rows, length in zip(likely, lengths, strict=True)), strict=True)
    )
    return [found[number] for number in range(len(docs))]


def mix(pipelines: Sequence[Language], share: float | None = None) -> Language:
    """Return a pipeline with the other components of the last and one ``crf_ner`` mixed of those of all.

    share: how much the first counts; the others divide the rest alike. Without it members of one architecture, as of
    one config, count alike, and the first of unlike ones `SHARE`. All pipelines are changed. Only the last and those
    with its very vectors may have word vectors. Mixtures may be mixed again. LiwaError where they do not fit together.
    """
    if len(pipelines) < 2:
        raise LiwaError(f"expected two models or more, found {len(pipelines)}", hint="Name the models to mix")
    names, last = [_tagger_name(nlp) for nlp in pipelines], pipelines[-1]
    labels = _common_labels(pipelines, names)
    _require_one_table(pipelines)
    members = [_alone(nlp, name) for nlp, name in zip(pipelines, names, strict=True)]
    settings = [found for found, _ in members]
    config = {"@architectures": "liwa.CrfMixture.v1", "first": settings[0], "second": settings[1]}
    config["more"] = {f"member{number}": found for number, found in enumerate(settings[2:], 3)}
    config["share"] = _share(settings) if share is None else share
    mixed: Any = last.replace_pipe(names[-1], _FACTORY, config={"model": config})
    mixed.cfg["labels"] = labels
    _fill(mixed.model, [model for _, model in members])
    return last


def _share(settings: Sequence[dict[str, Any]]) -> float:
    """Return how much the first of members with these settings counts, where nobody says."""
    return 1 / len(settings) if all(one == settings[0] for one in settings) else SHARE


def _common_labels(pipelines: Sequence[Language], names: Sequence[str]) -> list[str]:
    labels: list[Any] = [nlp.get_pipe(name).cfg["labels"] for nlp, name in zip(pipelines, names, strict=True)]  # type: ignore[attr-defined]
    for other in labels[1:]:
        if other != labels[0]:
            raise LiwaError(f"the models know other labels: {labels[0]} and {other}", hint="Train all on one split")
    return list(labels[0])


def _require_one_table(pipelines: Sequence[Language]) -> None:
    """Refuse word vectors that the last pipeline, whose vocabulary the mixture has, does not have."""
    *others, kept = (nlp.vocab.vectors for nlp in pipelines)
    for number, vectors in enumerate(others, 1):
        if vectors.shape[1] and not kept.shape[1]:
            raise LiwaError(f"model {number} has word vectors, the last has none", hint="Name a model with them last")
        if vectors.shape[1] and vectors != kept:
            problem = f"model {number} has other word vectors than the last"
            raise LiwaError(problem, hint="Mix models that were trained with one folder of vectors")


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
    listens = "upstream" in nlp.config["components"][name]["model"].get("tok2vec", ())
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
