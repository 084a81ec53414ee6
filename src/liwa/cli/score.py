"""``liwa evaluate``: scores of a model, or of any other system's predictions, against gold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liwa.cli.options import Output, SchemeFile, Texts
from liwa.errors import LiwaError

if TYPE_CHECKING:
    from spacy.language import Language

    from liwa.records import Gold
    from liwa.scoring.evaluate import Scores


class TableFormat(str, Enum):
    """How scores are printed."""

    text = "text"
    json = "json"
    markdown = "markdown"


def evaluate_cli(
    paths: Annotated[list[str], typer.Argument(metavar="[MODEL] GOLD", help="A trained pipeline, then the gold.")],
    predictions: Annotated[
        str | None, typer.Option(help="Rows of any other system, instead of MODEL, in either form of gold.")
    ] = None,
    texts: Texts = None,
    scheme: SchemeFile = None,
    without: Annotated[
        str, typer.Option(help="Relation type to leave out of a second micro average; default: the most frequent.")
    ] = "",
    words: Annotated[bool, typer.Option("--words", help="Widen both sides to white-space words.")] = False,
    format: Annotated[TableFormat, typer.Option(help="Form of the table.")] = TableFormat.text,
    output: Output = "-",
    gpu_id: Annotated[int, typer.Option(help="GPU to predict on; -1 is the CPU.")] = -1,
) -> None:
    """Score spans: precision, recall and F1 with their counts, a line a label, exact to the code point.

    Relations follow, with gold spans and end to end, where the model or the predictions have any.

    Example: liwa evaluate runs/model/model-best runs/split/test.jsonl --format markdown
    """
    from liwa import jsonl
    from liwa.scoring.tables import FORMATS

    model, gold = _arguments(paths, predictions)
    scores = evaluate(
        gold,
        model=model,
        predictions=predictions,
        texts=texts,
        scheme=scheme,
        without=without,
        words=words,
        gpu_id=gpu_id,
    )
    with jsonl.open_output(output) as out:
        out.write(FORMATS[format.value](scores) + "\n")


def evaluate(
    gold: str,
    *,
    model: str | None = None,
    predictions: str | None = None,
    texts: Sequence[str] | None = None,
    scheme: Path | None = None,
    without: str = "",
    words: bool = False,
    gpu_id: int = -1,
) -> Scores:
    """Score a model on a gold file, or the predictions in another file; see `liwa.scoring.evaluate.evaluate`."""
    from dataclasses import replace

    from liwa.annotations.gold import predicted, read_gold
    from liwa.progress import progress
    from liwa.scheme import load_scheme
    from liwa.scoring.evaluate import evaluate as score
    from liwa.scoring.relations import score_relations

    right = list(read_gold([gold], texts=texts))
    known = load_scheme(scheme) if scheme or not model else None
    if model:
        from liwa.training.carried import scheme_of
        from liwa.training.predict import load_model, predict

        right = list(map(_hydrated, right))
        nlp = load_model(model, gpu_id=gpu_id)
        known = known or scheme_of(nlp)
        found = list(progress(predict(nlp, right), "predict", total=len(right), unit="texts"))
        systems = _systems(nlp, right, found)
    else:
        found = list(read_gold([str(predictions)], texts=texts, report=predicted))
        systems = {"end_to_end": found} if any(p.relations for p in found) else {}
    labels, types = (list(known.labels), list(known.relations)) if known else ([], [])
    scores = score(right, found, labels=labels, words=words, settings={"model": model or predictions, "gold": gold})
    if not systems or words:
        return scores
    return replace(scores, relations=score_relations(right, systems, types=types, apart=without))


def _systems(nlp: Language, gold: Sequence[Gold], found: Sequence[Gold]) -> dict[str, Iterable[Gold]]:
    """Return what a pipeline and the rule say of relations, with gold spans and end to end."""
    from liwa.training.predict import finds_relations, propose, relate, rule_of

    if not finds_relations(nlp):
        return {}
    rule = rule_of(nlp)
    return {
        "end_to_end": found,
        "gold_spans": relate(nlp, gold),
        "rule_gold_spans": relate(rule, gold),
        "rule_end_to_end": relate(rule, found),
        "candidates": propose(nlp, gold),
    }


def _arguments(paths: Sequence[str], predictions: str | None) -> tuple[str | None, str]:
    if len(paths) != (1 if predictions else 2):
        expected = "GOLD alone with --predictions" if predictions else "MODEL GOLD, or GOLD with --predictions FILE"
        raise LiwaError(f"expected {expected}, found {len(paths)} arguments", hint="See liwa evaluate --help")
    return (None, paths[0]) if predictions else (paths[0], paths[1])


def _hydrated(gold: Gold) -> Gold:
    if gold.text is None:
        raise LiwaError(f"article {gold.article} has no text", where=gold.where, hint="Name it with --texts")
    return gold
