"""Gold as a `datasets.DatasetDict`, for everything that reads Hugging Face datasets; in memory, without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liwa import jsonl
from liwa.records import Gold, Span

if TYPE_CHECKING:
    from datasets import DatasetDict, Features

PARTS: Final = ("train", "dev", "test")
"""Files of a folder, as ``liwa split`` writes them, that become splits of that name."""


def load(source: str | Path | Sequence[str | Path], *, texts: Iterable[str] | None = None) -> DatasetDict:
    """Return gold as a dataset dictionary with the features of `features`, one example a row.

    source: a folder with train, dev or test .jsonl, which gives those splits; anything else that `read_gold` reads
    gives the split ``train``. texts: where the articles of stand-off gold are found; without its article a row's text
    is None. Offsets count code points of the example's ``text``, which begins at ``start`` in its article.
    Everything is held in memory; nothing is written to a cache. Raises LiwaError for whatever is wrong with the gold.
    """
    from datasets import Dataset, DatasetDict

    from liwa.annotations.gold import read_gold
    from liwa.annotations.texts import Texts

    library = Texts.read(texts) if texts is not None else None
    golds = {part: list(read_gold(files, texts=library)) for part, files in _parts(source).items()}
    keys = sorted({"group", *(key for part in golds.values() for gold in part for key in gold.meta)})
    known = features(keys)
    return DatasetDict({part: Dataset.from_dict(_columns(rows, keys), known) for part, rows in golds.items()})


def features(meta: Sequence[str]) -> Features:
    """Return the features of a dataset whose meta has these fields, all of them strings ("" where a row lacks one)."""
    from datasets import Features, List, Value

    offset, string = Value("int64"), Value("string")
    span = {"start": offset, "end": offset, "label": string}
    return Features(
        {
            "article": string,
            "sha256": string,
            "text": string,
            "start": offset,
            "ranges": List({"start": offset, "end": offset}),
            "spans": List(span),
            "relations": List({"head": span, "child": span, "label": string}),
            "meta": dict.fromkeys(meta, string),
        }
    )


def _parts(source: str | Path | Sequence[str | Path]) -> Mapping[str, Sequence[str | Path]]:
    if not isinstance(source, str | Path):
        return {"train": source}
    files = {part: [Path(source) / f"{part}.jsonl"] for part in PARTS if (Path(source) / f"{part}.jsonl").is_file()}
    return files or {"train": [source]}


def _columns(golds: Sequence[Gold], meta: Sequence[str]) -> dict[str, list[Any]]:
    rows = [_example(gold, meta) for gold in golds]
    return {key: [row[key] for row in rows] for key in features(meta)}


def _example(gold: Gold, meta: Sequence[str]) -> dict[str, Any]:
    return {
        "article": gold.article,
        "sha256": gold.sha256,
        "text": gold.text,
        "start": gold.start,
        "ranges": [{"start": r.start - gold.start, "end": r.end - gold.start} for r in gold.ranges],
        "spans": [_span(span, gold) for span in gold.spans],
        "relations": [
            {"head": _span(r.head, gold), "child": _span(r.child, gold), "label": r.label} for r in gold.relations
        ],
        "meta": {key: _string(gold.meta.get(key, "")) for key in meta},
    }


def _span(span: Span, gold: Gold) -> dict[str, Any]:
    return span.shifted(-gold.start)._asdict()


def _string(value: Any) -> str:
    return value if isinstance(value, str) else jsonl.dumps(value)
