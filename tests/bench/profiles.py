"""Size on disk and words per second of trained pipelines, beside stock spaCy with the layers of small, in one run.

The peer has spaCy's own Arabic tokenizer, its four hashed attributes or as many as small has features, the same widths
and depth, and its transition-based tagger; its weights are random. All multiply matrices with the same BLAS, as
``liwa predict`` does. All take turns; the best round counts. Besides the clock, the time of the processors is taken,
which other work on the machine disturbs less.

The articles are read over and over until there are enough words, the number of the reading behind each passage, so
that no two passages are alike; words are, as in news. Several processes share the passages; the clock starts when each
of them has its pipeline and has warmed up, and stops when the last is done.

Run: OMP_NUM_THREADS=1 python -m tests.bench.profiles GOLD MODEL... [--cores N] [--words N] [--rounds N]
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.training import Example

from liwa.annotations.gold import read_gold
from liwa.passages import passages
from liwa.training.ops import numpy_blas
from liwa.training.predict import load_model

WARM, PATIENCE = 32, 600
"""Texts that a process warms up on, and seconds that it waits for the others."""

FOUR = {"NORM": 5000, "PREFIX": 1000, "SUFFIX": 2500, "SHAPE": 2500}
EIGHT = {"NORM": 5000, "PREFIX": 5000, "SUFFIX": 2000, "SHAPE": 1000, "LOWER": 2000, "ORTH": 2000, "LENGTH": 1000,
         "SPACY": 50}  # fmt: skip

_worker: dict[str, Any] = {}


def stock(rows: dict[str, int], text: str, labels: Sequence[str]) -> Language:
    """Return spaCy's own pipeline with some hashed attributes and the widths of small."""
    nlp = spacy.blank("ar")
    embed = {"@architectures": "spacy.MultiHashEmbed.v2", "width": 96, "attrs": list(rows), "rows": [*rows.values()],
             "include_static_vectors": False}  # fmt: skip
    encode = {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": 96, "depth": 4, "window_size": 1,
              "maxout_pieces": 3}  # fmt: skip
    layers = {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}
    nlp.add_pipe("tok2vec", config={"model": layers})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96}
    tagger: Any = nlp.add_pipe("ner", config={"model": {"tok2vec": listener}})
    for label in labels:
        tagger.add_label(label)
    nlp.initialize(lambda: [Example.from_dict(nlp.make_doc(text), {"entities": []})])
    return nlp


def repeated(texts: Sequence[str], words: int) -> Iterator[str]:
    """Yield texts with the number of the reading behind each, over and over until they have so many words."""
    left = words
    for reading in count(1) if any(text.split() for text in texts) else ():
        for text in texts:
            if left <= 0:
                return
            yield f"{text} {reading}"
            left -= len(text.split()) + 1


def seconds(nlp: Language, texts: Sequence[str], cores: int) -> tuple[float, float]:
    """Return the time of the clock, and of all processors, in which processes that are ready do the texts together."""
    context = get_context("fork")
    with ProcessPoolExecutor(cores, context, _prepare, (nlp, context.Barrier(cores, timeout=PATIENCE))) as pool:
        taken = list(pool.map(_work, [texts[number::cores] for number in range(cores)]))
    begun, ended, processor = zip(*taken, strict=True)
    return max(ended) - min(begun), sum(processor)


def _prepare(nlp: Language, ready: Any) -> None:
    _worker.update(nlp=nlp, ready=ready)


def _work(texts: Sequence[str]) -> tuple[float, float, float]:
    """Warm up, wait for the others, and return when the texts were begun and ended and the processor's time."""
    _read(texts[:WARM])
    _worker["ready"].wait()
    begun, processor = time.perf_counter(), time.process_time()
    _read(texts)
    return begun, time.perf_counter(), time.process_time() - processor


def _read(texts: Sequence[str]) -> None:
    for _ in _worker["nlp"].pipe(texts, batch_size=256):
        pass


def size(model: str) -> float:
    """Return the megabytes of a folder."""
    return sum(path.stat().st_size for path in Path(model).rglob("*") if path.is_file()) / 1e6


def options() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m tests.bench.profiles")
    parser.add_argument("gold")
    parser.add_argument("models", nargs="+", metavar="model")
    for name, default, meaning in (
        ("cores", 1, "processes"),
        ("words", 200_000, "that each pipeline reads in a round"),
        ("rounds", 5, "of which the best counts"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=meaning)
    return parser.parse_args()


def main() -> None:
    """Print a line a pipeline."""
    asked = options()
    articles = [one.text or "" for one in read_gold([asked.gold])]
    once = [text[place.start : place.end] for text in articles for place in passages(text, "paragraph")]
    texts = list(repeated(once, asked.words))
    words = sum(len(text.split()) for text in texts)
    pipelines = {model: load_model(model) for model in asked.models}
    labels = next(iter(pipelines.values())).get_pipe("ner").labels  # type: ignore[attr-defined]
    with numpy_blas():
        peers = {f"stock, {len(rows)} attributes": stock(rows, once[0], labels) for rows in (FOUR, EIGHT)}
    everyone = {**peers, **pipelines}
    taken = [{name: seconds(nlp, texts, asked.cores) for name, nlp in everyone.items()} for _ in range(asked.rounds)]
    print(f"{words:,} words a round, best of {asked.rounds}, {asked.cores} processes")
    for name in everyone:
        clock, processor = (words / min(one[name][kind] for one in taken) for kind in (0, 1))
        disk = f", {size(name):.0f} MB" if name in pipelines else ""
        print(f"{name}: {clock:,.0f} words a second, {processor:,.0f} to a second of processor time{disk}")


if __name__ == "__main__":
    main()
