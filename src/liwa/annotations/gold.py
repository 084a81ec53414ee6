"""The one reader of gold: inline rows, stand-off rows and marked-up text, in files and folders.

Also one record an article out of the rows of its passages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from liwa import jsonl, markup
from liwa.annotations import rules
from liwa.annotations.parse import Report
from liwa.annotations.rows import from_row
from liwa.annotations.standoff import from_standoff
from liwa.annotations.texts import Texts, attach
from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.records import Gold, Range, Relation, Span, sha256, union

ENDINGS: Final = (".jsonl", ".jsonl.gz", ".mark")
"""How the files of gold end that are read from a folder."""

_NO_GOLD: Final = ("manifest.jsonl", "split.jsonl", "justified.jsonl", "decisions.jsonl", ".rejects.jsonl")

Paths = Iterable[str | Path] | str | Path


def read_gold(paths: Paths, *, texts: Texts | Iterable[str] | None = None, report: Report = stop) -> Iterator[Gold]:
    """Yield the gold of files, folders (recursive, sorted) and ``-`` (stdin), row by row.

    texts: sources of articles, or articles; gold whose article is found there is proved against it, and stand-off
    gold gets its text. Stand-off gold without its article is yielded without a text.
    report: takes each finding; a strict reader raises the first error. A row that is not accepted is no gold.
    Raises LiwaError for a file that cannot be read.
    """
    library = texts if isinstance(texts, Texts) or texts is None else Texts.read(texts)
    for file in gold_files(paths):
        for gold in _marked(file, report) if str(file).endswith(".mark") else _rows(file, report):
            article = library.find(gold) if library else None
            proved = attach(gold, article, report) if article else gold
            if proved:
                yield proved


def predicted(finding: Finding) -> None:
    """Take findings as a strict reader does, but let rows pass that nobody answered: predictions and tasks."""
    if finding.rule is not rules.UNANSWERED:
        stop(finding)


def load_gold(paths: Paths, *, texts: Texts | Iterable[str] | None = None, report: Report = stop) -> Iterator[Gold]:
    """Yield gold as `read_gold` does, each with its text; a row without one is reported and left out."""
    for gold in read_gold(paths, texts=texts, report=report):
        if gold.text is None:
            report(Finding(rules.TEXT_REQUIRED, f"found no text of article {gold.article}", gold.where, gold.article))
        else:
            yield gold


def gold_files(paths: Paths) -> Iterator[str | Path]:
    """Yield files as they are named and those of folders; LiwaError for a folder without any gold."""
    for path in [paths] if isinstance(paths, str | Path) else paths:
        if str(path) == jsonl.STDIO or not Path(path).is_dir():
            yield path
            continue
        files = sorted(f for f in Path(path).rglob("*") if f.name.endswith(ENDINGS) and not f.name.endswith(_NO_GOLD))
        if not files:
            hint = f"Name a folder with {', '.join(ENDINGS)} files"
            raise LiwaError("found no gold in the folder", where=str(path), hint=hint)
        yield from files


def merge(golds: Iterable[Gold]) -> list[Gold]:
    """Return one gold an article, in the order of their first rows; gold of a single row stays as it is.

    Where all rows have their text, the merged text runs from the first to the last of them; what no row holds is
    filled with line feeds, so that offsets hold. The meta is what all rows say alike.
    Raises LiwaError where rows of one article differ in text, or in their answer on a range that both annotated.
    """
    rows: dict[str, list[Gold]] = defaultdict(list)
    for gold in golds:
        rows[gold.article].append(gold)
    return [_merged(parts) if len(parts) > 1 else parts[0] for parts in rows.values()]


def contradiction(one: Gold, other: Gold) -> Range | None:
    """Return the first range that two golds of one article both annotated, and not alike."""
    return next((r for r in shared_ranges(one, other) if _inside(one, r) != _inside(other, r)), None)


def shared_ranges(one: Gold, other: Gold) -> list[Range]:
    """Return the ranges that two golds of one article both annotated."""
    pairs = ((a, b) for a in one.ranges for b in other.ranges if a.start < b.end and b.start < a.end)
    return sorted(Range(max(a.start, b.start), min(a.end, b.end)) for a, b in pairs)


def _rows(path: str | Path, report: Report) -> Iterator[Gold]:
    empty = True
    for where, line in jsonl.lines(path):
        if not line.strip():
            continue
        empty = False
        try:
            row = jsonl.parse(line, where)
        except LiwaError as error:
            report(Finding(rules.BROKEN_ROW, error.message, where))
            continue
        if gold := (from_row if "text" in row else from_standoff)(row, where, report):
            yield gold
    if empty:
        report(Finding(rules.EMPTY_FILE, "expected rows of gold, found an empty file", str(path)))


def _marked(path: str | Path, report: Report) -> Iterator[Gold]:
    """Yield the one gold of a marked-up text file: the whole file is an article, its stem the id."""
    with jsonl.open_input(path) as file:
        marked = jsonl.decode(file.read().removeprefix(b"\xef\xbb\xbf"), str(path))
    try:
        text, spans, relations = markup.parse(marked)
    except LiwaError as error:
        report(Finding(rules.BAD_MARK, error.message, f"{path}:1", Path(path).stem))
        return
    if not text:
        report(Finding(rules.EMPTY_FILE, "expected marked-up text, found an empty file", str(path)))
        return
    ranges = (Range(0, len(text)),)
    yield Gold(Path(path).stem, sha256(text), ranges, spans, relations, text=text, where=f"{path}:1")


def _merged(parts: Sequence[Gold]) -> Gold:
    first = parts[0]
    digests = {g.sha256 for g in parts} - {""}
    if len(digests) > 1:
        other = next(g for g in parts if g.sha256 not in (first.sha256, ""))
        message = f"article {first.article} has another text here than in {first.where or 'its first row'}"
        raise LiwaError(message, where=other.where, hint=rules.TWO_TEXTS.hint)
    for one, other in combinations(parts, 2):
        if clash := contradiction(one, other):
            message = f"article {first.article} is annotated twice at {clash.start}-{clash.end}, and not alike"
            raise LiwaError(message, where=other.where, hint=rules.ANNOTATED_TWICE.hint)
    start, text = _joined(parts)
    return replace(
        first,
        sha256=max(digests, default=""),
        ranges=union(r for g in parts for r in g.ranges),
        spans=tuple(sorted({s for g in parts for s in g.spans})),
        relations=tuple(sorted({r for g in parts for r in g.relations})),
        text=text,
        start=start,
        meta=_common([g.meta for g in parts]),
        extra={},
    )


def _joined(parts: Sequence[Gold]) -> tuple[int, str | None]:
    """Return the start and the text that the texts of the parts make together."""
    texts = [(g.start, g.text) for g in parts if g.text is not None]
    if len(texts) < len(parts):
        return 0, None
    start = min(begin for begin, _ in texts)
    joined = ["\n"] * (max(g.end for g in parts) - start)
    for begin, text in texts:
        joined[begin - start : begin - start + len(text)] = text
    return start, "".join(joined)


def _common(metas: Sequence[Any]) -> dict[str, Any]:
    return {k: v for k, v in metas[0].items() if all(k in m and m[k] == v for m in metas)}


def _inside(gold: Gold, window: Range) -> tuple[set[Span], set[Relation]]:
    """Return the spans that touch a window and the relations between them."""
    spans = {s for s in gold.spans if s.start < window.end and window.start < s.end}
    return spans, {r for r in gold.relations if r.head in spans and r.child in spans}
