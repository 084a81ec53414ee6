"""How fast liwa predicts, beside the same pipeline called by hand: articles read, cut, and written as gold or not."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.bench.invented import gold_file
from tests.bench.row import Row, medians
from tests.bench.training import ours as train


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        folder = Path(name)
        gold, source = gold_file(folder / "gold.jsonl", 60), gold_file(folder / "more.jsonl", 1500, 60)
        model = str(train(gold, gold, folder / "model"))
        mine, theirs = medians(
            lambda: ours(model, source, folder / "out.jsonl"), lambda: spacys(model, source, folder / "peer.jsonl")
        )
    work = "inference: 1,500 articles, offsets and tokens written"
    yield Row(work, "nlp.pipe, spans written", mine, theirs, "python -m tests.bench inference")


def ours(model: str, source: Path, output: Path) -> object:
    from liwa.cli.train import predict

    return predict(model, [str(source)], output=str(output))


def spacys(model: str, source: Path, output: Path) -> None:
    import spacy

    nlp = spacy.load(model)
    texts = (json.loads(line)["text"] for line in source.open(encoding="utf-8"))
    with output.open("w", encoding="utf-8") as out:
        for doc in nlp.pipe(part for text in texts for part in text.split("\n")):
            spans = [{"start": e.start_char, "end": e.end_char, "label": e.label_} for e in doc.ents]
            out.write(json.dumps({"text": doc.text, "spans": spans}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    print(*rows())
