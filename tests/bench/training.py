"""How fast liwa trains its small profile, beside spaCy's stock recipe for Arabic entities on the same texts.

The peer is what ``spacy init config --lang ar --pipeline ner`` writes, on a DocBin that spaCy's own tokenizer cut; both
take the same number of steps with batches of the same words.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from tests.bench.invented import gold_file
from tests.bench.row import Row, medians

STEPS = 60
QUICK: dict[str, Any] = {"training.max_steps": STEPS, "training.eval_frequency": STEPS // 2}


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        folder = Path(name)
        train, dev = gold_file(folder / "train.jsonl", 200), gold_file(folder / "dev.jsonl", 40, 200)
        bins = doc_bin(train), doc_bin(dev)
        mine, theirs = medians(
            lambda: ours(train, dev, folder / "liwa"), lambda: spacys(*bins, output=folder / "spacy"), rounds=1
        )
    work = f"training: {STEPS} steps, loading and two evaluations"
    yield Row(work, "spaCy's stock recipe for ar", mine, theirs, "python -m tests.bench training")


def ours(train: Path, dev: Path, output: Path) -> object:
    from liwa.training.train import train as run

    return run(train, dev, output=output, overrides=QUICK)


def spacys(train: Path, dev: Path, *, output: Path) -> object:
    from spacy.cli.init_config import init_config
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as run
    from spacy.util import load_config

    from liwa.training.train import config_file

    config = init_config(lang="ar", pipeline=["ner"], optimize="efficiency", silent=True)
    config["paths"] |= {"train": str(train), "dev": str(dev)}
    mine = load_config(config_file("small"), interpolate=False)["training"]["batcher"]
    config["training"] |= {"batcher": mine, "max_steps": STEPS, "eval_frequency": STEPS // 2}
    output.mkdir(exist_ok=True)
    return run(init_nlp(config), output)


def doc_bin(path: Path) -> Path:
    """Write gold as spaCy's documents, one a paragraph; spans that have no token boundary are lost."""
    import spacy
    from spacy.tokens import DocBin

    from liwa.annotations.gold import read_gold
    from liwa.training.docs import annotate, passages_of

    nlp = spacy.blank("ar")
    docs = DocBin()
    for gold in read_gold([path]):
        for passage in passages_of(gold, "paragraph"):
            doc = nlp.make_doc(passage.text or "")
            annotate(doc, passage)
            docs.add(doc)
    target = path.with_suffix(".spacy")
    docs.to_disk(target)
    return target


if __name__ == "__main__":
    print(*rows())
