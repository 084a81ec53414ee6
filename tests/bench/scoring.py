"""How long a full evaluation takes beside one plain pass of nervaluate and of seqeval over the same data.

python -m tests.bench.scoring [--documents 20000] [--tokens 50] [--rounds 3]

Gold and predictions are invented: spans on tokens of two characters, in articles of two outlets and several years; a
part of the predictions is missing, spurious, or wrong in ends or label. liwa gets them as records and does everything
that it does without texts: exact and partial scores, confusion, error kinds, slices, a thousand bootstrap samples for
every figure, and the score file. nervaluate gets dictionaries, seqeval gets tags; neither draws samples.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator

from liwa.records import Gold, Range, Span
from liwa.scoring.evaluate import evaluate
from liwa.scoring.slices import slicers
from liwa.scoring.tables import to_json
from tests.bench.row import Row, medians

LABELS = ("PERSON", "RANK", "UNIT", "BASE")
SAMPLES = 1000
TARGET = 1.0
"""The most that liwa may take, in passes of nervaluate."""

Document = list[tuple[int, int, str]]
"""First token, the one after the last, and label of each span."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--tokens", type=int, default=50, help="in a document")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    draw = random.Random(0)
    gold = [spans(draw, options.tokens) for _ in range(options.documents)]
    found = [predicted(draw, document) for document in gold]
    sides = [[record(n, document, options.tokens) for n, document in enumerate(side)] for side in (gold, found)]
    before = memory()
    peers: dict[str, Callable[[], object]] = {"liwa, full evaluation": lambda: ours(*sides)}
    taken = {"liwa, full evaluation": [timed(peers["liwa, full evaluation"]) for _ in range(options.rounds)]}
    peak = memory()
    peers |= theirs(gold, found, options.tokens)
    for name, run in list(peers.items())[1:]:
        taken[name] = [timed(run) for _ in range(options.rounds)]
    taken["liwa, full evaluation"] += [timed(peers["liwa, full evaluation"]) for _ in range(options.rounds)]
    report(options.documents, options.tokens, sum(map(len, gold)), taken)
    print(f"\nmemory: {before:.0f} MB with the records, {peak:.0f} MB at the peak of the evaluation")


def rows() -> Iterator[Row]:
    draw = random.Random(0)
    gold = [spans(draw, 50) for _ in range(20_000)]
    found = [predicted(draw, document) for document in gold]
    sides = [[record(n, document, 50) for n, document in enumerate(side)] for side in (gold, found)]
    full, peer = medians(lambda: ours(*sides), theirs(gold, found, 50)["nervaluate"], rounds=1)
    work = "scoring: a full evaluation of 20,000 texts, with intervals"
    yield Row(work, "nervaluate, one plain pass", full, peer, "python -m tests.bench scoring")


def ours(gold: list[Gold], found: list[Gold]) -> str:
    scores = evaluate(gold, found, labels=LABELS, samples=SAMPLES, slicers=slicers(gold, fields=["group"]))
    return to_json(scores)


def theirs(gold: list[Document], found: list[Document], tokens: int) -> dict[str, Callable[[], object]]:
    """Return a plain pass of each peer, its input made beforehand."""
    import nervaluate
    import seqeval.metrics

    dicts = [[[{"start": s, "end": e - 1, "label": lb} for s, e, lb in d] for d in side] for side in (gold, found)]
    tags = [[tagged(document, tokens) for document in side] for side in (gold, found)]

    def nervaluate_dicts() -> object:
        return nervaluate.Evaluator(dicts[0], dicts[1], list(LABELS), "dict").evaluate()

    def nervaluate_tags() -> object:
        return nervaluate.Evaluator(tags[0], tags[1], list(LABELS), "list").evaluate()

    def seqeval_tags() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return seqeval.metrics.f1_score(tags[0], tags[1])

    return {"nervaluate": nervaluate_dicts, "nervaluate, from tags": nervaluate_tags, "seqeval": seqeval_tags}


def spans(draw: random.Random, tokens: int) -> Document:
    """Return spans of one to three tokens, one to twenty tokens apart."""
    found: Document = []
    place = draw.randint(0, 10)
    while (end := place + draw.randint(1, 3)) <= tokens:
        found.append((place, end, draw.choice(LABELS)))
        place = end + draw.randint(1, 20)
    return found


def predicted(draw: random.Random, gold: Document) -> Document:
    """Return spans of which 85 % are right; of the others some are missing, wrong in ends or label, or spurious."""
    found: Document = []
    for start, end, label in gold:
        chance = draw.random()
        if chance < 0.85:
            found.append((start, end, label))
        elif chance < 0.9:
            found.append((start, end, draw.choice(LABELS)))
        elif chance < 0.94 and end - start > 1:
            found.append((start + 1, end, label))
        elif chance < 0.97 and (not found or found[-1][1] < start):
            found.append((start - 1, start, label) if start else (start, end, label))
    return found


def record(number: int, document: Document, tokens: int) -> Gold:
    meta = {"outlet": f"outlet {number % 12}", "date": f"{2010 + number % 10}-05-01", "group": f"g{number % 100}"}
    marked = tuple(Span(3 * start, 3 * end - 1, label) for start, end, label in document)
    return Gold(f"a{number:06}", f"{number:064}", (Range(0, 3 * tokens),), marked, meta=meta)


def tagged(document: Document, tokens: int) -> list[str]:
    tags = ["O"] * tokens
    for start, end, label in document:
        tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return tags


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def memory() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(documents: int, tokens: int, mentions: int, taken: dict[str, list[float]]) -> None:
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    ratio = medians["liwa, full evaluation"] / medians["nervaluate"]
    print(f"{documents:,} documents, {documents * tokens:,} tokens, {mentions:,} gold spans, {SAMPLES:,} samples\n")
    print("| | seconds | liwa takes, times |\n| --- | ---: | ---: |")
    for name, seconds in medians.items():
        print(f"| {name} | {seconds:.2f} | {medians['liwa, full evaluation'] / seconds:.2f} |")
    if ratio > TARGET:
        sys.exit(f"liwa takes {ratio:.2f} passes of nervaluate, wanted {TARGET}")


if __name__ == "__main__":
    main()
