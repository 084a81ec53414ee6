"""Active learning, simulated on gold: what models learn from articles in the order that they, or chance, ask for.

Each seed draws the articles to begin with and seeds the trainings, and all ways of choosing go on from the same first
model, so that ways are compared in pairs. Every training is a step, kept as it ends; a simulation that was stopped goes
on with the steps that it lacks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liwa import jsonl
from liwa.annotations.fingerprint import fingerprint
from liwa.annotations.gold import merge, read_gold
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.scoring.counts import total
from liwa.scoring.evaluate import evaluate
from liwa.training.novelty import hashes
from liwa.training.order import by_doubt, ranked
from liwa.training.predict import load_model, predict
from liwa.training.train import train
from liwa.training.uncertainty import Doubt, doubt
from liwa.training.ways import By

if TYPE_CHECKING:
    from spacy.language import Language

STEPS_FILE: Final = "steps.jsonl"

MAX_STEPS: Final = 600
"""Steps of a training, unless the settings say otherwise."""


@dataclass(frozen=True)
class Plan:
    """What is simulated. start: articles to begin with; add: articles chosen at a time; rounds: how often.

    ways: how articles are chosen; random is always among them. overrides: settings of the config; its evaluations on
    the way are left out, and the last model counts, since nobody who begins has a part to choose by.
    """

    ways: Sequence[By] = tuple(By)
    start: int = 10
    add: int = 10
    rounds: int = 5
    seeds: int = 5
    config: str = "small"
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def same(self) -> dict[str, Any]:
        """Return what two runs must have alike to share their steps."""
        return {"start": self.start, "add": self.add, "config": str(self.config), "overrides": dict(self.overrides)}


@dataclass(frozen=True)
class Step:
    """One training. way: "" for the first of a seed, which all ways share. articles, words: what it learnt from.

    counts: tp, fp and fn by test article. following: the articles that each way would add.
    """

    seed: int
    way: str
    round: int
    articles: Sequence[str]
    words: int
    counts: Mapping[str, Sequence[int]]
    following: Mapping[str, Sequence[str]]


def simulate(split: Path, output: Path, plan: Plan) -> Iterator[Step]:
    """Yield the steps of a plan, each when it is done; those that are in the output already at once.

    split: folder with the gold to choose from as ``train.jsonl``, and ``test.jsonl``. output: folder that keeps the
    steps. Raises LiwaError where the output has steps of another plan, or there are too few articles.
    """
    pool = {gold.article: gold for gold in merge(read_gold([split / "train.jsonl"]))}
    test = merge(read_gold([split / "test.jsonl"]))
    if len(pool) < plan.start + plan.add * plan.rounds:
        message = f"expected at least {plan.start + plan.add * plan.rounds} articles to choose from, found {len(pool)}"
        raise LiwaError(message, where=str(split / "train.jsonl"), hint="Lower --start, --add or --rounds")
    kept = _Kept(output, {**plan.same(), "gold": fingerprint(pool.values()), "test": fingerprint(test)})
    ways = list(dict.fromkeys([By.random, *plan.ways]))
    for seed in range(plan.seeds):
        yield from _Run(plan, pool, test, output / "training", seed).steps(kept, ways)


@dataclass(frozen=True)
class _Run:
    """What one seed does. pool: the articles to choose from; folder: for the training that is going on."""

    plan: Plan
    pool: Mapping[str, Gold]
    test: Sequence[Gold]
    folder: Path
    seed: int

    def steps(self, kept: _Kept, ways: Sequence[By]) -> Iterator[Step]:
        """Yield the first step, and those of each way."""
        drawn = [name for name, _ in ranked(list(self.pool.values()), None, by=By.random, seed=self.seed)]
        goes_on = ways if self.plan.rounds else ()
        first = kept.get(self.seed, "", 0, goes_on) or kept.add(self._step("", 0, drawn[: self.plan.start], goes_on))
        yield first
        for way in ways:
            step = first
            for number in range(1, self.plan.rounds + 1):
                articles = [*step.articles, *step.following[way.value]]
                then = [way] if number < self.plan.rounds else []
                known = kept.get(self.seed, way.value, number, then)
                if known is None or [*known.articles] != articles:
                    known = kept.add(self._step(way.value, number, articles, then))
                step = known
                yield step

    def _step(self, way: str, number: int, articles: Sequence[str], then: Sequence[By]) -> Step:
        """Train on articles, score, and let each way that goes on choose what comes next."""
        golds = [self.pool[name] for name in articles]
        try:
            nlp = self._model(golds)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
        scores = evaluate(self.test, predict(nlp, self.test), samples=0)
        cells = {article: list(total(found.values())) for article, found in scores.by_article.items()}
        following = self._following(nlp, golds, then)
        return Step(self.seed, way, number, list(articles), sum(map(_words, golds)), cells, following)

    def _model(self, golds: Sequence[Gold]) -> Language:
        files = [self.folder / "train.jsonl", self.folder / "dev.jsonl"]
        for file, some in zip(files, (golds, golds[:1]), strict=True):
            jsonl.write(file, map(to_row, some))
        given = dict(self.plan.overrides)
        once = {"training.eval_frequency": given.get("training.max_steps", MAX_STEPS), "training.patience": 0}
        settings = {"training.max_steps": MAX_STEPS, "system.seed": self.seed, **once, **given}
        train(*files, output=self.folder, config=self.plan.config, overrides=settings)
        return load_model(self.folder / "model-last")

    def _following(self, nlp: Language, golds: Sequence[Gold], then: Sequence[By]) -> dict[str, list[str]]:
        """Return what each way adds; the doubt of each article is asked for once."""
        taken = {gold.article for gold in golds}
        left = [gold for name, gold in sorted(self.pool.items()) if name not in taken]
        doubts = [doubt(nlp, gold) if set(then) - {By.random} else Doubt() for gold in left]
        texts, known = ([hashes(gold.text or "") for gold in some] for some in (left, golds))
        ids = [gold.article for gold in left]
        orders = {by.value: by_doubt(ids, doubts, texts, known, by=by, seed=self.seed) for by in then}
        return {way: [name for name, _ in found[: self.plan.add]] for way, found in orders.items()}


def _words(gold: Gold) -> int:
    return len((gold.text or "").split())


class _Kept:
    """The steps in a file, the first line of which says what they are steps of."""

    def __init__(self, output: Path, settings: Mapping[str, Any]) -> None:
        self._file = output / STEPS_FILE
        self._steps: dict[tuple[int, str, int], Step] = {}
        if not self._file.is_file():
            jsonl.write(self._file, [settings])
        _mend(self._file)
        rows = jsonl.read(self._file)
        _, found = next(rows)
        if found != jsonl.parse(jsonl.dumps(settings), str(self._file)):
            hint = "Name another folder, or the options of the run that was stopped"
            raise LiwaError("the folder has steps of other options or other gold", where=str(self._file), hint=hint)
        for _, row in rows:
            step = Step(**row)
            self._steps[step.seed, step.way, step.round] = step

    def get(self, seed: int, way: str, number: int, ways: Sequence[By]) -> Step | None:
        """Return a step that was done, and says what each of some ways would add."""
        step = self._steps.get((seed, way, number))
        return step if step and all(by.value in step.following for by in ways) else None

    def add(self, step: Step) -> Step:
        """Keep a step; one that was done before, for fewer ways, is replaced."""
        with self._file.open("a", encoding="utf-8") as out:
            out.write(f"{jsonl.dumps(vars(step))}\n")
        return step


def _mend(file: Path) -> None:
    """Cut off a last line that a run which was killed has not ended."""
    written = file.read_bytes()
    if not written.endswith(b"\n"):
        file.write_bytes(written[: written.rfind(b"\n") + 1])
