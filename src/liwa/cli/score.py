"""``liwa evaluate``: scores of a model, or of any other system's predictions, against gold."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from liwa.cli.options import Output, SchemeFile, Texts
from liwa.errors import LiwaError
from liwa.progress import say

if TYPE_CHECKING:
    from spacy.language import Language

    from liwa.records import Gold
    from liwa.scheme import Scheme
    from liwa.scoring.evaluate import Scores
    from liwa.training.memory import Memory


class TableFormat(str, Enum):
    """How scores are printed."""

    text = "text"
    brief = "brief"
    json = "json"
    markdown = "markdown"


def evaluate_cli(
    paths: Annotated[
        list[str], typer.Argument(metavar="[MODEL...] GOLD", help="Trained pipelines, seeds of one, then the gold.")
    ],
    predictions: Annotated[
        list[str] | None,
        typer.Option(help="Rows of any other system, instead of MODEL, in either form of gold; may be repeated."),
    ] = None,
    texts: Texts = None,
    scheme: SchemeFile = None,
    train: Annotated[
        str | None, typer.Option(help="Training gold, for the leakage audit; default: what the model remembers.")
    ] = None,
    slice: Annotated[
        list[str] | None, typer.Option(help="Field of meta to divide the test set by; may be repeated.")
    ] = None,
    errors: Annotated[
        str | None, typer.Option(help="JSONL file to write, with the paragraphs that have errors.")
    ] = None,
    without: Annotated[
        str, typer.Option(help="Relation type to leave out of a second micro average; default: the most frequent.")
    ] = "",
    words: Annotated[bool, typer.Option("--words", help="Widen both sides to white-space words.")] = False,
    samples: Annotated[int, typer.Option(min=0, help="Bootstrap samples; 0 for no intervals.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 0,
    format: Annotated[TableFormat, typer.Option(help="Form of the table.")] = TableFormat.text,
    output: Output = "-",
    gpu_id: Annotated[int, typer.Option(help="GPU to predict on; -1 is the CPU.")] = -1,
) -> None:
    """Score spans: precision, recall and F1 with their counts and intervals, a line a label, exact to the code point.

    Kinds of errors, a confusion table, partial matches, slices of the test set, and what it shares with the training
    part follow; and relations, with gold spans and end to end, where the model or the predictions have any. Of several
    models, such as the seeds of one, mean, deviation and the interval over models and articles are added.

    Example: liwa evaluate runs/model/model-best runs/split/test.jsonl --format markdown
    """
    from liwa import jsonl
    from liwa.scoring.tables import FORMATS

    models, gold = _arguments(paths, predictions or ())
    scores = evaluate(
        gold,
        model=models,
        predictions=predictions,
        texts=texts,
        scheme=scheme,
        train=train,
        fields=slice or (),
        errors=errors,
        without=without,
        words=words,
        samples=samples,
        seed=seed,
        gpu_id=gpu_id,
    )
    with jsonl.open_output(output) as out:
        out.write(FORMATS[format.value](scores) + "\n")


def evaluate(
    gold: str,
    *,
    model: str | Sequence[str] | None = None,
    predictions: str | Sequence[str] | None = None,
    texts: Sequence[str] | None = None,
    scheme: Path | None = None,
    train: str | None = None,
    fields: Sequence[str] = (),
    errors: str | None = None,
    without: str = "",
    words: bool = False,
    samples: int = 1000,
    seed: int = 0,
    gpu_id: int = -1,
) -> Scores:
    """Score a model on a gold file, or the predictions in another file; see `liwa.scoring.evaluate.evaluate`.

    Several models, or several files, are scored each; the scores are those of the first, with ``seeds`` over all.
    """
    from dataclasses import replace

    from liwa.annotations.gold import read_gold
    from liwa.scheme import load_scheme
    from liwa.scoring.seeds import across

    if errors and words:
        raise LiwaError(
            "the list of errors is of exact spans, and --words widens them", hint="Leave out one of the two"
        )
    known = load_scheme(scheme) if scheme else None
    right = list(read_gold([gold], texts=texts))
    name, systems = ("model", _listed(model)) if model else ("predictions", _listed(predictions))
    scored: dict[str, Scores] = {}
    for system in systems:
        run = _run(system, right, texts, gpu_id) if model else _read(system, texts)
        run = run._replace(memory=_trained(train, texts) if train else run.memory)
        settings = {name: system, "gold": gold, **run.settings}
        scored[system] = _score(right, run, known, fields, without, words, samples, seed, settings)
        if errors and len(scored) == 1:
            _list_errors(errors, right, run.found)
    first = next(iter(scored.values()))
    if len(scored) == 1:
        return first
    return replace(first, seeds=across({s: one.by_article for s, one in scored.items()}, samples=samples, seed=seed))


class _Run(NamedTuple):
    """What a system said, and what is known of it. systems: its relations, by the way they were found."""

    found: Sequence[Gold]
    systems: dict[str, list[Gold]]
    settings: dict[str, Any]
    scheme: Scheme | None = None
    memory: Memory | None = None
    lost: int | None = None


def _run(model: str, gold: Sequence[Gold], texts: Sequence[str] | None, gpu_id: int) -> _Run:
    """Predict with a model."""
    from liwa.progress import progress
    from liwa.scoring.provenance import of_model
    from liwa.training.alignment import lost
    from liwa.training.carried import memory_of, scheme_of
    from liwa.training.predict import load_model, predict

    right = list(map(_hydrated, gold))
    nlp = load_model(model, gpu_id=gpu_id)
    found = list(progress(predict(nlp, right), "predict", total=len(right), unit="texts"))
    number = sum(1 for _ in lost(nlp, right))
    return _Run(found, _systems(nlp, right, found), of_model(nlp), scheme_of(nlp), memory_of(nlp), number)


def _read(predictions: str, texts: Sequence[str] | None) -> _Run:
    """Read predictions."""
    from liwa.annotations.gold import predicted, read_gold

    found = list(read_gold([predictions], texts=texts, report=predicted))
    return _Run(found, {"end_to_end": found} if any(p.relations for p in found) else {}, {})


def _score(
    gold: Sequence[Gold],
    run: _Run,
    scheme: Scheme | None,
    fields: Sequence[str],
    without: str,
    words: bool,
    samples: int,
    seed: int,
    settings: dict[str, Any],
) -> Scores:
    """Score what a system said."""
    from dataclasses import replace

    from liwa.annotations.gold import merge
    from liwa.scoring.evaluate import evaluate as score
    from liwa.scoring.leakage import audit
    from liwa.scoring.provenance import of_split, surroundings
    from liwa.scoring.slices import slicers

    known = _scheme(gold, run, scheme)
    _check_articles(gold, run.found)
    right, found = merge(gold), merge(run.found)  # once, for all that merge anew what is one row an article then
    by = slicers(right, fields=fields, memory=run.memory)
    labels = list(known.labels) if known else []
    scores = score(right, found, labels=labels, words=words, samples=samples, seed=seed, slicers=by)
    audited = run.memory and all(g.text is not None for g in gold)
    leakage = audit(gold, run.memory) if audited and run.memory else None
    data = {
        "test": scores.test,
        **({"train": run.memory.fingerprint} if run.memory else {}),
        **of_split(settings["gold"]),
    }
    settings = {**scores.settings, **settings, "data": data, **surroundings()}
    scores = replace(scores, settings=settings, leakage=leakage, alignment_lost=run.lost)
    if not run.systems or words:
        return scores
    systems = {name: found if its is run.found else merge(its) for name, its in run.systems.items()}
    return _with_relations(scores, right, systems, list(known.relations) if known else [], without)


def _with_relations(
    scores: Scores, gold: Sequence[Gold], systems: dict[str, list[Gold]], types: Sequence[str], without: str
) -> Scores:
    from dataclasses import replace

    from liwa.scoring.relation_rates import relation_rates, relations_by_article
    from liwa.scoring.relations import score_relations

    relations = score_relations(gold, systems, types=types, apart=without)
    counts = {name: relations_by_article(gold, found, relations.types) for name, found in systems.items()}
    drawn = {"samples": scores.settings["samples"], "seed": scores.settings["seed"]}
    rates = {name: relation_rates(relations, found, **drawn) for name, found in counts.items() if name != "candidates"}
    return replace(scores, relations=relations, relations_by_article=counts["end_to_end"], relation_rates=rates)


def _scheme(gold: Sequence[Gold], run: _Run, scheme: Scheme | None) -> Scheme | None:
    """Return the scheme of both sides: the one named, or the model's, or liwa's own where that has all their labels."""
    from liwa.scheme import load_scheme
    from liwa.scoring.labels import check_common, check_known, labels_of

    known = scheme or run.scheme
    if known:
        check_known(gold, known.labels, side="gold")
        check_known(run.found, known.labels, side="prediction")
        return known
    check_common(gold, run.found)
    own = load_scheme()
    here = labels_of(gold)
    check_known(run.found, dict.fromkeys([*own.labels, *sorted(here)]), side="prediction")
    return own if here | labels_of(run.found) <= set(own.labels) else None


def _check_articles(gold: Sequence[Gold], found: Sequence[Gold]) -> None:
    """Raise LiwaError where no article of the gold has a prediction: a table of zeros would say nothing."""
    if gold and not {g.article for g in gold} & {p.article for p in found}:
        raise LiwaError(
            "gold and predictions have no article in common",
            where=found[0].where if found else "",
            hint="Predict on the articles of the gold; they are matched by article id",
        )


def _trained(train: str, texts: Sequence[str] | None) -> Memory:
    from liwa.annotations.gold import load_gold
    from liwa.training.memory import remember

    return remember(load_gold([train], texts=texts))


def _list_errors(path: str, gold: Sequence[Gold], found: Sequence[Gold]) -> None:
    from liwa import jsonl
    from liwa.scoring.errors import list_errors

    say(f"errors: {jsonl.write(path, list_errors(gold, found))} paragraphs in {path}")


def _systems(nlp: Language, gold: Sequence[Gold], found: Sequence[Gold]) -> dict[str, list[Gold]]:
    """Return what a pipeline and the rule say of relations, with gold spans and end to end."""
    from liwa.training.predict import finds_relations, propose, relate, rule_of

    if not finds_relations(nlp):
        return {}
    rule = rule_of(nlp)
    return {
        "end_to_end": list(found),
        "gold_spans": list(relate(nlp, gold)),
        "rule_gold_spans": list(relate(rule, gold)),
        "rule_end_to_end": list(relate(rule, found)),
        "candidates": list(propose(nlp, gold)),
    }


def _arguments(paths: Sequence[str], predictions: Sequence[str]) -> tuple[Sequence[str], str]:
    """Return the models, and the gold, which is named last."""
    if predictions and len(paths) != 1:
        raise LiwaError(f"expected GOLD alone with --predictions, found {len(paths)} arguments", hint="See --help")
    if not predictions and len(paths) < 2:
        raise LiwaError("expected MODEL GOLD, or GOLD with --predictions FILE", hint="See liwa evaluate --help")
    return paths[:-1], paths[-1]


def _listed(value: str | Sequence[str] | None) -> Sequence[str]:
    return [value] if isinstance(value, str) else list(dict.fromkeys(value or ()))


def _hydrated(gold: Gold) -> Gold:
    if gold.text is None:
        raise LiwaError(f"article {gold.article} has no text", where=gold.where, hint="Name it with --texts")
    return gold
