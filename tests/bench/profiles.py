"""Size on disk and words per second of trained pipelines, beside stock spaCy with the layers of small, in one run.

The peer has spaCy's own Arabic tokenizer, its four hashed attributes or as many as small has features, the same widths
and depth, and its transition-based tagger; its weights are random. All take turns; the best round counts. Besides the
clock, the processor's time is taken, which other work on the machine disturbs less.

Run: OMP_NUM_THREADS=1 python -m tests.bench.profiles GOLD CORES MODEL...
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.training import Example

from liwa.annotations.gold import read_gold
from liwa.passages import passages
from liwa.training.predict import load_model

ROUNDS = 5
FOUR = {"NORM": 5000, "PREFIX": 1000, "SUFFIX": 2500, "SHAPE": 2500}
EIGHT = {"NORM": 5000, "PREFIX": 5000, "SUFFIX": 2000, "SHAPE": 1000, "LOWER": 2000, "ORTH": 2000, "LENGTH": 1000,
         "SPACY": 50}  # fmt: skip


def stock(rows: dict[str, int], text: str, labels: tuple[str, ...]) -> Language:
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


def seconds(nlp: Language, texts: list[str], cores: int) -> tuple[float, float]:
    """Return the time of the clock and of this process for all texts."""
    clock, processor = time.perf_counter(), time.process_time()
    for _ in nlp.pipe(texts, batch_size=256, n_process=cores):
        pass
    return time.perf_counter() - clock, time.process_time() - processor


def size(model: str) -> float:
    """Return the megabytes of a folder."""
    return sum(path.stat().st_size for path in Path(model).rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Print a line a pipeline."""
    gold, cores, models = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    articles = [one.text or "" for one in read_gold([gold])]
    texts = [text[place.start : place.end] for text in articles for place in passages(text, "paragraph")]
    words = sum(len(text.split()) for text in texts)
    pipelines = {model: load_model(model) for model in models}
    labels = next(iter(pipelines.values())).get_pipe("ner").labels  # type: ignore[attr-defined]
    peers = {
        "stock, 4 attributes": stock(FOUR, texts[0], labels),
        "stock, 8 attributes": stock(EIGHT, texts[0], labels),
    }
    everyone = {**peers, **pipelines}
    taken = [{name: seconds(nlp, texts, cores) for name, nlp in everyone.items()} for _ in range(ROUNDS)]
    for name in everyone:
        clock, processor = (words / min(one[name][kind] for one in taken) for kind in (0, 1))
        disk = f", {size(name):.0f} MB" if name in pipelines else ""
        print(f"{name}: {clock:,.0f} words a second, {processor:,.0f} of processor time{disk}")


if __name__ == "__main__":
    main()
