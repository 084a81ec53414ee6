"""Articles in the order in which annotating them teaches a model most, and the training of the next model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liwa import jsonl
from liwa.annotations.gold import merge
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.training.novelty import greedy, hashes, vectors
from liwa.training.predict import load_model
from liwa.training.uncertainty import Doubt, doubt
from liwa.training.ways import By

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.language import Language

STEPS: Final = 600
"""Steps of a training beside the server: enough for the order of articles, and minutes on one core."""

MOST: Final = 2000
"""Articles that are looked at for an order beside the server, which is to be ready in minutes too."""


def order(
    articles: Sequence[Gold],
    model: str | Path,
    annotated: Iterable[Gold] = (),
    *,
    by: By = By.diverse,
    seed: int = 0,
    most: int = MOST,
) -> list[tuple[str, float]]:
    """Return the ids of articles, most informative first, each with a score that never rises.

    articles: one record an article, with its text; spans and relations in it are not looked at. annotated: the gold so
    far. seed: which of equals comes first. most: of more articles so many are drawn, and no others returned. Raises
    LiwaError for a model that cannot be loaded, or gives no likelihoods.
    """
    drawn = [articles[n] for n in sorted(_drawn([article.article for article in articles], seed)[:most])]
    nlp = None if by is By.random else load_model(model)
    return ranked(drawn, nlp, annotated, by=by, seed=seed)


def ranked(
    articles: Sequence[Gold], nlp: Language | None, annotated: Iterable[Gold] = (), *, by: By, seed: int = 0
) -> list[tuple[str, float]]:
    """Return the same, of a pipeline that is loaded; random needs none."""
    doubts = [Doubt() if nlp is None else doubt(nlp, article) for article in articles]
    texts, known = ([hashes(gold.text or "") for gold in some] for some in (articles, annotated))
    return by_doubt([article.article for article in articles], doubts, texts, known, by=by, seed=seed)


def by_doubt(
    ids: Sequence[str],
    doubts: Sequence[Doubt],
    texts: Sequence[NDArray[Any]] = (),
    known: Sequence[NDArray[Any]] = (),
    *,
    by: By,
    seed: int = 0,
) -> list[tuple[str, float]]:
    """Return ids of articles with their scores, by what is known of each article.

    texts, known: words of the articles and of those annotated already, as `liwa.training.novelty.hashes` gives them;
    only ``diverse`` looks at them.
    """
    drawn = _drawn(ids, seed)
    if by is By.random:
        return [(ids[n], 1 - place / len(ids)) for place, n in enumerate(drawn)]
    worth = [doubts[n].total if by is By.total else doubts[n].per_word for n in drawn]
    if by is not By.diverse:
        places = sorted(range(len(drawn)), key=lambda place: -worth[place])
        return [(ids[drawn[place]], worth[place]) for place in places]
    rows = vectors([*(texts[n] for n in drawn), *known])
    found = greedy(worth, rows[: len(drawn)], rows[len(drawn) :])
    return [(ids[drawn[place]], score) for place, score in found]


def _drawn(ids: Sequence[str], seed: int) -> list[int]:
    """Return the places of ids in an order that hangs on the seed alone."""
    return sorted(range(len(ids)), key=lambda n: hashlib.sha256(f"{seed}:{ids[n]}".encode()).digest())


def retrain(annotated: Iterable[Gold], model: str | Path, folder: Path) -> Path:
    """Train a model anew on the gold so far, with the config of a model, and return its folder.

    It learns from everything, as many steps as the config says and at most `STEPS`: a part held out to stop by would be
    a few articles, and what it could say of them less than what they teach. It takes minutes, so call it in a process
    of its own. Raises LiwaError where there is no gold, or the model is no folder with a config.
    """
    from spacy.util import load_config

    from liwa.training.train import train

    golds = [gold for gold in merge(annotated) if gold.text is not None]
    if not any(gold.spans for gold in golds):
        raise LiwaError("there is nothing to train on: no accepted answer has a span", hint="Annotate some articles")
    config = Path(model) / "config.cfg"
    if not config.is_file():
        message = "expected the folder of a pipeline, whose config can be trained with"
        raise LiwaError(message, where=str(model), hint="Name what liwa train wrote")
    steps = min(STEPS, load_config(config, interpolate=True)["training"]["max_steps"] or STEPS)
    gold = folder / "train.jsonl"
    jsonl.write(gold, map(to_row, golds))
    settings = {"training.max_steps": steps, "training.eval_frequency": steps, "training.patience": 0}
    train(gold, gold, output=folder, config=config, overrides=settings)
    return folder / "model-last"
