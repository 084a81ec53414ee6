"""How fast `liwa tasks` is beside bare spaCy: both read one file and write a Prodigy row with tokens a paragraph.

python -m tests.bench.tasks [--articles FILE] [--rounds N]

The peers take turns in one run; each figure is a median, and the table is Markdown.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from liwa import jsonl
from liwa.cli.tasks import tasks
from liwa.corpus.read import read_articles
from liwa.passages import paragraphs
from tests.bench.row import Row, medians

CORPUS = Path(__file__).parents[2] / "corpus" / "articles"
CODE_POINTS = 6_000_000

TARGETS = {"liwa, no near-duplicates": 1.0, "liwa": 0.7}
"""Ratio to spaCy's speed that each must reach on one core."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", help="file or folder of articles; default: the corpus, repeated")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "articles.jsonl")
        jsonl.write(source, given(options.articles) if options.articles else repeated())
        report(source, times(source, Path(folder, "out.jsonl"), options.rounds))


def given(articles: str) -> Iterator[dict[str, Any]]:
    for article in read_articles([articles]):
        yield {"id": article.id, "text": article.text}


def repeated(code_points: int = CODE_POINTS) -> Iterator[dict[str, Any]]:
    """The project's articles until there is enough; the words of each copy in another order, so that none repeats."""
    shuffle = random.Random(1).shuffle
    size = number = 0
    while size < code_points:
        for article in read_articles([str(CORPUS)]):
            lines = []
            for line in article.text.split("\n"):
                words = line.split(" ")
                if number:
                    shuffle(words)
                lines.append(" ".join(words))
            yield {"id": f"{article.id}-{number}", "text": "\n".join(lines)}
            size += len(article.text)
        number += 1


def rows() -> Iterator[Row]:
    import spacy

    made_with = "python -m tests.bench tasks"
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "articles.jsonl"), Path(folder, "out.jsonl")
        jsonl.write(source, repeated(CODE_POINTS // 6))
        ours = partial(tasks, [str(source)], str(out))
        spacys = partial(stock, source, out, spacy.blank("ar"))
        plain, full, peer = medians(partial(ours, duplicates=False), ours, spacys)
        yield Row("tasks: tokens of every paragraph written", "spaCy's ar tokenizer, srsly", plain, peer, made_with)
        yield Row("tasks, with near-duplicates", "the same, which looks for none", full, peer, made_with)
        jsonl.write(source, repeated(CODE_POINTS))
        one, two = (partial(command, str(source), "-o", str(out), "--workers", str(n)) for n in (1, 2))
        alone, both = medians(one, two, rounds=1)
        yield Row("tasks, --workers 2", "liwa --workers 1", both, alone, made_with)


def times(source: Path, out: Path, rounds: int) -> dict[str, list[float]]:
    import spacy  # here, so that a worker, which imports this file anew, does without

    liwa = partial(tasks, [str(source)], str(out))
    peers: dict[str, Callable[[], object]] = {
        "spaCy": partial(stock, source, out, spacy.blank("ar")),
        "liwa, no near-duplicates": partial(liwa, duplicates=False),
        "liwa": liwa,
    }
    for options in ([], ["--no-duplicates"]):
        for workers in (1, 2):
            name = f"command {' '.join(options)} --workers {workers}".replace("  ", " ")
            peers[name] = partial(command, str(source), "-o", str(out), *options, "--workers", str(workers))
    taken: dict[str, list[float]] = {name: [] for name in peers}
    for number in range(rounds + 1):
        for name, run in peers.items():
            start = time.perf_counter()
            run()
            if number:  # the first round fills every cache
                taken[name].append(time.perf_counter() - start)
    return taken


def command(*options: str) -> None:
    """Run liwa tasks as a process of its own, start and empty caches included."""
    start = "import typer; from liwa.cli.tasks import tasks_cli; typer.run(tasks_cli)"
    subprocess.run([sys.executable, "-c", start, *options], check=True, stderr=subprocess.DEVNULL)


def stock(source: Path, out: Path, nlp: Any) -> None:
    import srsly

    texts = (row["text"] for row in map(json.loads, source.open(encoding="utf-8")))
    passages = (text[r.start : r.end] for text in texts for r in paragraphs(text))
    srsly.write_jsonl(out, map(stock_row, nlp.pipe(passages)))


def stock_row(doc: Any) -> dict[str, Any]:
    tokens = [
        {"text": t.text, "start": t.idx, "end": t.idx + len(t), "id": t.i, "ws": bool(t.whitespace_)} for t in doc
    ]
    return {"text": doc.text, "tokens": tokens, "spans": []}


def report(source: Path, taken: dict[str, list[float]]) -> None:
    words = sum(len(json.loads(line)["text"].split()) for line in source.open(encoding="utf-8"))
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    lines = [f"{words:,} words", "", "| peer | seconds | words a second | ratio | wanted |", "| --- " * 5 + "|"]
    for name, seconds in medians.items():
        peer = name.replace("--workers 2", "--workers 1") if name.startswith("command") else "spaCy"
        wanted = TARGETS.get(name, 1.8 if name.endswith("2") else 1.0)
        lines.append(f"| {name} | {seconds:.2f} | {words / seconds:,.0f} | {medians[peer] / seconds:.2f} | {wanted} |")
    sys.stdout.write(
        "\n".join([*lines, "", "Ratios are to spaCy; of a command, to the command with one worker."]) + "\n"
    )


if __name__ == "__main__":
    main()
