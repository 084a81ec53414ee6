"""A pipeline mixed of trained ones, whose spans and relations are what theirs find on average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from thinc.api import Model

from liwa.errors import LiwaError
from liwa.training.mixture import SHARE

if TYPE_CHECKING:
    from spacy.language import Language

Member = tuple[dict[str, Any], Model[Any, Any]]
"""A component that is mixed: the settings of its model, and the model, with a tok2vec of its own."""

_SPANS: Final = "crf_ner"
_RELATIONS: Final = "relations"
_TOK2VEC: Final = "model.tok2vec"


def mix(pipelines: Sequence[Language], share: float | None = None) -> Language:
    """Return a pipeline with the other components of the last and one ``crf_ner`` mixed of those of all.

    share: how much the first counts; the others divide the rest alike. Without it members of one architecture, as of
    one config, count alike, and the first of unlike ones `SHARE`. Components ``relations`` are mixed too, of those
    that have one, alike. All pipelines are changed. Only the last and those with its very vectors may have word
    vectors. Mixtures may be mixed again. LiwaError where they do not fit together.
    """
    if len(pipelines) < 2:
        raise LiwaError(f"expected two models or more, found {len(pipelines)}", hint="Name the models to mix")
    for nlp in pipelines:
        if len(names := _named(nlp, _SPANS)) != 1:
            problem = f"expected one component {_SPANS}, found {len(names)}"
            raise LiwaError(problem, hint="Mix models that liwa train made")
    _require_alike(pipelines, _SPANS, "labels")
    _require_alike(pipelines, _RELATIONS, "signatures", "cues")
    _require_one_table(pipelines)
    _mix_relations(pipelines)
    _mix_spans(pipelines, share)
    return pipelines[-1]


def _mix_spans(pipelines: Sequence[Language], share: float | None) -> None:
    """Put the tagger that is mixed of all into the last pipeline."""
    members = [_alone(nlp, name) for nlp in pipelines for name in _named(nlp, _SPANS)]
    settings = [found for found, _ in members]
    model: dict[str, Any] = {"@architectures": "liwa.CrfMixture.v1", "first": settings[0], "second": settings[1]}
    model["more"] = {f"member{number}": found for number, found in enumerate(settings[2:], 3)}
    model["share"] = _share(settings) if share is None else share
    nlp = pipelines[-1]
    [name] = _named(nlp, _SPANS)
    known: Any = nlp.get_pipe(name)
    mixed: Any = nlp.replace_pipe(name, _SPANS, config={"model": model})
    mixed.cfg["labels"] = known.cfg["labels"]
    _fill(mixed.model, [member for _, member in members])
    size = mixed.model.get_dim("nO")
    mixed.model.set_param("transitions", mixed.model.ops.alloc2f(size, size))


def _mix_relations(pipelines: Sequence[Language]) -> None:
    """Put what finds relations, mixed of all that have it, into the last pipeline, unless it alone has it."""
    having = [(nlp, name) for nlp in pipelines for name in _named(nlp, _RELATIONS)]
    last = pipelines[-1]
    if not having or [nlp for nlp, _ in having] == [last]:
        return
    nlp, name = having[-1]
    known: Any = nlp.get_pipe(name)
    config = dict(nlp.config.interpolate()["components"][name])
    del config["factory"]
    members = [_alone(nlp, name) for nlp, name in having]
    settings = {f"member{number}": found for number, (found, _) in enumerate(members, 1)}
    config["model"] = {"@architectures": "liwa.RelationMixture.v1", "members": settings}
    if nlp is last:
        last.remove_pipe(name)
    mixed: Any = last.add_pipe(_RELATIONS, name, config=config)
    mixed.cfg.update(known.cfg)
    _fill(mixed.model, [member for _, member in members])


def _named(nlp: Language, factory: str) -> list[str]:
    """Return the names of the components of a kind."""
    return [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == factory]


def _share(settings: Sequence[dict[str, Any]]) -> float:
    """Return how much the first of members with these settings counts, where nobody says."""
    return 1 / len(settings) if all(one == settings[0] for one in settings) else SHARE


def _require_alike(pipelines: Sequence[Language], factory: str, *known: str) -> None:
    """Refuse components of one kind that have learnt other things."""
    pipes: list[Any] = [nlp.get_pipe(name) for nlp in pipelines for name in _named(nlp, factory)]
    for key in known:
        for other in pipes[1:]:
            if other.cfg[key] != pipes[0].cfg[key]:
                found = f"{pipes[0].cfg[key]} and {other.cfg[key]}" if key != "cues" else "of their components differ"
                raise LiwaError(f"the models know other {key}: {found}", hint="Train all on one split")


def _require_one_table(pipelines: Sequence[Language]) -> None:
    """Refuse word vectors that the last pipeline, whose vocabulary the mixture has, does not have."""
    *others, kept = (nlp.vocab.vectors for nlp in pipelines)
    for number, vectors in enumerate(others, 1):
        if vectors.shape[1] and not kept.shape[1]:
            raise LiwaError(f"model {number} has word vectors, the last has none", hint="Name a model with them last")
        if vectors.shape[1] and vectors != kept:
            problem = f"model {number} has other word vectors than the last"
            raise LiwaError(problem, hint="Mix models that were trained with one folder of vectors")


def _alone(nlp: Language, name: str) -> Member:
    """Return a component as a member; a tok2vec that nothing else listens to is removed."""
    listened = [found for found in nlp.pipe_names if nlp.get_pipe_meta(found).factory == "tok2vec"]
    listens = "upstream" in nlp.config["components"][name]["model"].get("tok2vec", ())
    if listens:
        nlp.replace_listeners(listened[0], name, [_TOK2VEC])
    settings = nlp.config.interpolate()["components"][name]["model"]
    if listens and not nlp.get_pipe(listened[0]).listeners:  # type: ignore[attr-defined]
        nlp.remove_pipe(listened[0])
    pipe: Any = nlp.get_pipe(name)
    return settings, pipe.model


def _fill(mixture: Model[Any, Any], members: Sequence[Model[Any, Any]]) -> None:
    """Give a new mixture the weights of its members."""
    mixture.set_dim("nO", members[0].get_dim("nO"))
    for layer, member in zip(mixture.layers, members, strict=True):
        layer.from_bytes(member.to_bytes())
