"""Hugging Face datasets: a folder of ``save_to_disk``, and Parquet files, with spans and relations as lists of records.

What others make is read too where a row has a ``text`` with ``spans`` or ``entities``, or ``tokens`` with tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liwa import jsonl
from liwa.annotations.parse import Parser, Report
from liwa.annotations.standoff import from_standoff
from liwa.errors import LiwaError
from liwa.formats import rules
from liwa.formats.base import FEATURES, Format, Settings, documents, whole
from liwa.formats.columns import is_tag, joined, spans_of
from liwa.formats.inline import gold_of
from liwa.formats.losses import Losses
from liwa.records import Gold, Span

if TYPE_CHECKING:
    from datasets import Dataset, Features

_OURS: Final = ("article", "sha256", "text", "start", "ranges", "spans", "relations", "meta")
_ARROW: Final = {bool: "bool", int: "int64", float: "float64"}
_COLUMNS: Final = "expected columns text and spans, or tokens and their tags"


def features(meta: Iterable[str] | Mapping[str, str]) -> Features:
    """Return the features of a dataset whose meta has these fields, strings unless their types are named."""
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
            "meta": {key: Value(meta[key] if isinstance(meta, Mapping) else "string") for key in meta},
        }
    )


def meta_fields(golds: Iterable[Gold]) -> list[str]:
    """Return the fields that any meta has, sorted; ``group`` is always one, for Arrow has no record without any."""
    return sorted({"group", *(key for gold in golds for key in gold.meta)})


def to_dataset(golds: Sequence[Gold], meta: Iterable[str] | Mapping[str, str], *, lacking: str | None) -> Dataset:
    """Return a dataset with the features of `features`, one example a gold.

    A value of the meta that is not of its field's type is written as JSON; lacking: what a field is where a row has
    none.
    """
    from datasets import Dataset

    known = features(meta)
    fields = {key: value.dtype for key, value in known["meta"].items()}
    rows = [_example(gold, fields, lacking) for gold in golds]
    return Dataset.from_dict({key: [row[key] for row in rows] for key in known}, known)


def to_golds(data: Dataset, where: str, report: Report, meta: Mapping[str, str] | None = None) -> Iterator[Gold]:
    """Yield the rows of a dataset as gold; meta: what is added to each. LiwaError where there is no known column."""
    columns = data.column_names
    read = _reader(data, where)
    for column in sorted({*columns} - {*_OURS, "entities", "tokens", _tags(data)}):
        Parser(report, where).complain(rules.LEFT_OUT, f"the column {column}")
    for number, row in enumerate(data, 1):
        if gold := read({**row, "meta": {**(meta or {}), **_present(row.get("meta"))}}, f"{where}:{number}", report):
            yield gold


def _example(gold: Gold, meta: Mapping[str, str], lacking: str | None) -> dict[str, Any]:
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
        "meta": {key: _value(gold.meta[key], t) if key in gold.meta else lacking for key, t in meta.items()},
    }


def _span(span: Span, gold: Gold) -> dict[str, Any]:
    return span.shifted(-gold.start)._asdict()


def _value(value: Any, dtype: str) -> Any:
    return value if dtype != "string" or isinstance(value, str) else jsonl.dumps(value)


def _types(golds: Sequence[Gold]) -> dict[str, str]:
    """Return the type of each field of the meta: string unless all its values are of another."""
    found: dict[str, set[str]] = {key: set() for key in meta_fields(golds)}
    for gold in golds:
        for key, value in gold.meta.items():
            fits = not isinstance(value, int) or -(2**63) <= value < 2**63
            found[key].add(_ARROW.get(type(value), "string") if fits else "string")
    return {key: types.pop() if len(types) == 1 else "string" for key, types in found.items()}


def _present(meta: Any) -> dict[str, Any]:
    return {key: value for key, value in meta.items() if value is not None} if isinstance(meta, Mapping) else {}


def _reader(data: Dataset, where: str) -> Callable[[dict[str, Any], str, Report], Gold | None]:
    """Return what reads a row of a dataset with these columns."""
    columns = {*data.column_names}
    if "text" in columns and columns & {"spans", "entities"}:
        return _from_row
    tags = _tags(data)
    if not ("tokens" in columns and tags):
        found = ", ".join(sorted(columns))
        raise LiwaError(f"{_COLUMNS}, found {found}", where=where, hint="Name or make these columns")
    named = getattr(getattr(data.features[tags], "feature", None), "names", None)

    def read(row: dict[str, Any], where: str, report: Report) -> Gold | None:
        return _from_tokens(row["tokens"], [named[tag] if named else tag for tag in row[tags]], where, report)

    return read


def _tags(data: Dataset) -> str:
    """Return the column with tags of tokens: the first whose class labels are tags, else ``ner_tags``; or ""."""
    for name, feature in data.features.items():
        names = getattr(getattr(feature, "feature", None), "names", None)
        if names and all(map(is_tag, names)):
            return str(name)
    return next((name for name in ("ner_tags", "tags") if name in data.column_names), "")


def _from_tokens(tokens: list[str], tags: list[Any], where: str, report: Report) -> Gold | None:
    wrong = next((tag for tag in tags if not (isinstance(tag, str) and is_tag(tag))), None)
    if wrong is not None or len(tokens) != len(tags):
        found = f"the tag {wrong!r}" if wrong is not None else f"{len(tokens)} tokens and {len(tags)} tags"
        Parser(report, where).complain(rules.BAD_LINE, f"expected a tag such as B-LABEL for each token, found {found}")
        return None
    text, (places,) = joined([tokens])
    return whole(text, spans_of(tags, places), where=where, report=report) if text else None


def _from_row(row: dict[str, Any], where: str, report: Report) -> Gold | None:
    start, text = row.get("start") or 0, row["text"]
    place = {key: row[key] for key in ("article", "sha256") if row.get(key)}
    ranges = [[r["start"] + start, r["end"] + start] for r in row.get("ranges") or ()]
    links = [
        {"head_span": link["head"], "child_span": link["child"], "label": link["label"]}
        for link in row.get("relations") or ()
    ]
    spans = row.get("spans", row.get("entities"))
    if text is None:
        return from_standoff({**row, **place, "ranges": ranges, "spans": spans, "relations": links}, where, report)
    known = {"start": start, "end": start + len(text), **({"ranges": ranges} if "ranges" in row else {})}
    return gold_of(text, {**row["meta"], **place, **known}, spans or (), links, where=where, report=report)


def _read_folder(path: Path, report: Report) -> Iterator[Gold]:
    """Yield the rows of a folder that ``save_to_disk`` wrote; those of several splits have it in their meta."""
    from datasets import DatasetDict, load_from_disk

    with _refused(path):
        data = load_from_disk(str(path))
    parts = data.items() if isinstance(data, DatasetDict) else [("", data)]
    for name, part in parts:
        yield from to_golds(part, f"{path}/{name}" if name else str(path), report, {"split": name} if name else None)


def _read_parquet(path: Path, report: Report) -> Iterator[Gold]:
    """Yield the rows of a Parquet file or, with their splits in their meta, of a folder of such files."""
    from datasets import Dataset
    from pyarrow import parquet

    for file in documents(path, ".parquet"):
        with _refused(file):
            data = Dataset(parquet.read_table(file))
        split = {"split": file.stem.partition("-")[0]} if path.is_dir() else None
        yield from to_golds(data, str(file), report, split)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """Turn what Arrow says of a file that it cannot read into one line."""
    try:
        yield
    except (OSError, ValueError) as error:  # Arrow's own errors are both
        found = " ".join(str(error).split())[:200]
        raise LiwaError(f"expected a dataset, found {found}", where=str(path), hint=rules.BAD_FILE.hint) from None


def _write_folder(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    from datasets import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    data = _dataset(golds, losses)
    quiet = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        data.save_to_disk(str(path))
    finally:
        if not quiet:
            enable_progress_bars()
    return len(data)


def _write_parquet(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    from pyarrow import parquet

    data = _dataset(golds, losses)
    parquet.write_table(data.data.table, path)
    return len(data)


def _dataset(golds: Iterable[Gold], losses: Losses) -> Dataset:
    rows = list(golds)
    types = _types(rows)
    for gold in rows:
        for key, value in gold.meta.items():
            if types[key] == "string" and not isinstance(value, str):
                losses.add("meta", "a dataset has no type for it: it is written as JSON", gold, what=key)
    return to_dataset(rows, types, lacking=None)


def _guess_folder(head: bytes, path: Path) -> bool:
    return any((path / name).is_file() for name in ("dataset_dict.json", "state.json"))


def _guess_parquet(head: bytes, path: Path) -> bool:
    first = next(iter(sorted(path.rglob("*.parquet"))), None) if path.is_dir() else None
    return (first.read_bytes()[:4] if first else head[:4]) == b"PAR1"


DATASETS: Final = Format(
    name="datasets",
    title="Hugging Face datasets, saved to disk",
    unit="code points",
    holds=frozenset(FEATURES) - {"answers", "fields"},
    guess=_guess_folder,
    read=_read_folder,
    write=_write_folder,
    folder=True,
)
PARQUET: Final = replace(
    DATASETS,
    name="parquet",
    title="Hugging Face datasets, Parquet",
    guess=_guess_parquet,
    read=_read_parquet,
    write=_write_parquet,
    suffixes=(".parquet",),
    folder=False,
)
