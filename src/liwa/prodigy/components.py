"""The components that make a recipe: what each of ``recipes/`` returns to Prodigy.

Source: prodi.gy/docs, "Custom Recipes"; ``dataset``, ``view_id``, ``stream``, callbacks and ``config``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from liwa import jsonl
from liwa.annotations.views import VIEWS, view_of
from liwa.errors import LiwaError
from liwa.prodigy.answers import Tally, in_order, progress, validator
from liwa.prodigy.review import review_tasks
from liwa.prodigy.settings import colours, settings
from liwa.prodigy.streams import as_task, count, read
from liwa.records import Gold
from liwa.scheme import Scheme, load_scheme

if TYPE_CHECKING:
    from spacy.language import Language

Components = dict[str, Any]
Row = dict[str, Any]


class Database(Protocol):
    """What is asked of Prodigy's database."""

    def __contains__(self, name: str) -> bool:
        """Say whether there is a dataset of a name."""

    def get_dataset_examples(self, name: str) -> list[Row]:
        """Return the rows of a dataset."""


def spans(dataset: str, source: str, *, scheme: str = "") -> Components:
    """Return the recipe that has spans marked by hand. scheme: a TOML file, "" for liwa's own."""
    return _by_hand(dataset, source, load_scheme(scheme or None), VIEWS[0])


def relations(dataset: str, source: str, *, scheme: str = "") -> Components:
    """Return the recipe that has spans and relations marked by hand; LiwaError for a scheme without relations."""
    return _by_hand(dataset, source, _relating(scheme), VIEWS[1])


def correct(dataset: str, model: str, source: str, *, scheme: str = "", spans_only: bool = False) -> Components:
    """Return the recipe that has the spans and relations of a model corrected.

    scheme: "" for the one that the model carries. spans_only: leave relations alone. LiwaError for a model that finds
    what the scheme does not have.
    """
    from liwa.training.carried import scheme_of
    from liwa.training.predict import load_model, predict

    nlp = load_model(model)
    chosen = load_scheme(scheme) if scheme else scheme_of(nlp) or load_scheme()
    _require_labels(nlp, chosen, model)
    view = VIEWS[0] if spans_only else view_of(chosen)
    shades, name = colours(chosen), _name(nlp, model)
    found = predict(nlp, read(source), batch_size=8)
    stream = (as_task(gold if view == VIEWS[1] else _bare(gold), view, shades, model=name) for gold in found)
    return _components(dataset, stream, chosen, view, count(source))


def review(
    dataset: str,
    sets: Iterable[str],
    database: Database,
    *,
    scheme: str = "",
    differing: bool = False,
    skipped: bool = False,
) -> Components:
    """Return the recipe that has the answers of several annotators reviewed.

    sets: datasets of Prodigy's, or files of answered rows, such as ``liwa annotations export`` writes. differing,
    skipped: as in `review_tasks`. Raises LiwaError for a name that is neither, or where there is nothing to review.
    """
    chosen = load_scheme(scheme or None)
    names = [name.strip() for name in sets]
    rows = {name: _answers(name, database) for name in names}
    tasks = review_tasks(rows, differing=differing, skipped=skipped, view=view_of(chosen))
    if not tasks:
        raise LiwaError("there is nothing to review", where=", ".join(names), hint="Name datasets with answers")
    view = tasks[0]["view_id"]
    parts = _components(dataset, tasks, chosen, view, len(tasks))
    # A text comes again when most annotators have another answer by then.
    return {**parts, "view_id": "review", "config": {**parts["config"], "exclude_by": "task"}}


def _by_hand(dataset: str, source: str, scheme: Scheme, view: str) -> Components:
    shades = colours(scheme)
    stream = (as_task(gold, view, shades) for gold in read(source))
    return _components(dataset, stream, scheme, view, count(source))


def _components(dataset: str, stream: Iterable[Row], scheme: Scheme, view: str, total: int) -> Components:
    """Return the components that all recipes share. total: tasks, 0 where only Prodigy can tell how far it is."""
    tally = Tally()
    return {
        "dataset": dataset,
        "view_id": view,
        "stream": stream,
        "update": tally.update,
        **({"progress": progress(total)} if total else {}),
        "before_db": in_order,
        "validate_answer": validator(scheme),
        "on_exit": tally.on_exit,
        "config": settings(scheme, view),
    }


def _relating(path: str) -> Scheme:
    scheme = load_scheme(path or None)
    if not scheme.relations:
        raise LiwaError("expected a scheme with relations, found none", where=path, hint="Use the recipe liwa.spans")
    return scheme


def _require_labels(nlp: Language, scheme: Scheme, model: str) -> None:
    finders = [name for name in nlp.pipe_names if "doc.ents" in nlp.get_pipe_meta(name).assigns]
    found = {label for name in finders for label in nlp.pipe_labels.get(name, ())}
    if unknown := sorted(found - set(scheme.labels)):
        message = f"the model finds {', '.join(unknown)}, which the scheme {scheme.name} lacks"
        raise LiwaError(message, where=model, hint="Name the scheme of its training with --scheme")


def _bare(gold: Gold) -> Gold:
    return replace(gold, relations=())


def _name(nlp: Language, model: str) -> str:
    """Return what spans say of their source: the package, or of a folder its name."""
    return Path(model).name if Path(model).is_dir() else f"{nlp.meta['lang']}_{nlp.meta['name']}"


def _answers(name: str, database: Database) -> list[Row]:
    if Path(name).is_file():
        return [row for _, row in jsonl.read(name)]
    if name not in database:
        raise LiwaError(f"there is no file and no dataset {name}", hint="Name them with commas between")
    return database.get_dataset_examples(name)
