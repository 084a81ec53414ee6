"""How fast liwa trains, beside plain spaCy on the same texts: one profile, the tokenizer and the corpus reader apart.

The peer reads a DocBin, spaCy's own format, cut by spaCy's Arabic tokenizer, and trains the same layers; each takes
the same number of steps with batches of the same size.
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
        peers = [doc_bin(path) for path in (train, dev)]
        both = medians(lambda: ours(train, dev, folder / "liwa"), lambda: spacys(*peers, folder / "spacy"), rounds=1)
    yield Row(
        f"training: {STEPS} steps, loading and two evaluations",
        "spacy train on a DocBin",
        *both,
        "python -m tests.bench training",
    )


def ours(train: Path, dev: Path, output: Path) -> object:
    from liwa.training.train import train as run

    return run(train, dev, output=output, overrides=QUICK)


def spacys(train: Path, dev: Path, output: Path) -> object:
    """Train liwa's profile with spaCy's tokenizer and corpus in the place of liwa's."""
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as run
    from spacy.util import load_config

    from liwa.training.train import config_file

    config = load_config(config_file("small"), overrides={**QUICK, "paths.train": str(train), "paths.dev": str(dev)})
    config["nlp"]["tokenizer"] = {"@tokenizers": "spacy.Tokenizer.v1"}
    for part in ("train", "dev"):
        config["corpora"][part] = {"@readers": "spacy.Corpus.v1", "path": f"${{paths.{part}}}"}
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
