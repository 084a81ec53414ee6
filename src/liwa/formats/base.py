"""What a format is: a reader into gold, a writer from it, and a statement of what it can hold.

A format is one module with a `Format`; it is found through the entry-point group ``liwa_formats``. Its module imports
nothing heavy before it reads or writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from liwa.annotations.parse import Parser, Report
from liwa.annotations.texts import Texts
from liwa.errors import LiwaError
from liwa.formats.losses import Losses
from liwa.records import Article, Gold, Range, Relation, Span, sha256
from liwa.scheme import Scheme, load_scheme

FEATURES: Final = {
    "text": "the text, to the code point, be it by its hash",
    "spans": "spans and their labels",
    "relations": "relations, their direction and type",
    "ranges": "which parts of the text were annotated",
    "meta": "whatever else a row says, such as outlet and date",
    "article": "the id of the article",
    "place": "where in its article a passage stands, and the SHA-256 of the whole",
    "answers": "that nobody has answered a row yet",
    "fields": "what another tool added to a row or a span",
}
"""What a format may be able to hold, each with what it means."""

UNITS: Final = ("code points", "UTF-16 units", "UTF-8 bytes", "tokens")
"""What offsets in a file may count."""


@dataclass(frozen=True)
class Settings:
    """What a user names for a conversion: the scheme, for formats that write one, and articles to look up."""

    scheme: Scheme = field(default_factory=load_scheme)
    articles: Sequence[Article] = ()

    @cached_property
    def texts(self) -> Texts:
        """The articles by id and by SHA-256."""
        return Texts(self.articles)


Guess = Callable[[bytes, Path], bool]
Read = Callable[[Path, Report], Iterator[Gold]]
Write = Callable[[Iterable[Gold], Path, Losses, Settings], int]


@dataclass(frozen=True)
class Format:
    """One format of files.

    name: what ``--from`` and ``--to`` call it; title: its name for people, with its version.
    suffixes: how its files end, the first being its own, for the choice of an output format; () for a folder.
    unit: what its offsets count, one of `UNITS`. holds: keys of `FEATURES`.
    guess: says from the first bytes of a file (b"" for a folder), and its path, whether it is this format. It must
    say yes to no other format's file, and may not go by the suffix alone.
    read: yields gold, with ``where`` and, where the format holds it, the text. It gives every broken thing to its
    report as a finding of level error, whatever it leaves out as a note, and raises LiwaError for a file that it
    cannot read at all.
    write: writes gold that `liwa.formats.fit.fit` has cut to what the format holds, adds each span and relation
    that it cannot write to the losses, and returns the number of documents. The path is new, in a folder that is there.
    folder: the path is a folder with a file a document, not one file.
    """

    name: str
    title: str
    unit: str
    holds: frozenset[str]
    guess: Guess
    read: Read
    write: Write
    suffixes: tuple[str, ...] = ()
    folder: bool = False

    def __post_init__(self) -> None:
        assert self.unit in UNITS, self.unit
        assert self.holds <= set(FEATURES), self.holds


def whole(
    text: str,
    spans: Iterable[Span],
    relations: Iterable[Relation] = (),
    *,
    where: str,
    report: Report,
    article: str = "",
    lines: Mapping[Span, str] | None = None,
) -> Gold:
    """Return gold over a whole text, for formats that know of no passages and ranges.

    Spans must lie in the text and be flat, relations have spans of it at their ends; whatever does not is reported
    and left out. article: by default the first twelve digits of the text's SHA-256. lines: where each span was read.
    """
    digest = sha256(text)
    parser = Parser(report, where, article or digest[:12])
    bounds = Range(0, len(text))
    kept: list[Span] = []
    for span in sorted(spans):
        here = replace(parser, where=(lines or {}).get(span, where))
        if here.span(span._asdict(), bounds) and span in here.flat([*kept[-1:], span])[len(kept[-1:]) :]:
            kept.append(span)
    by_range = {Range(s.start, s.end): s for s in kept}
    links = (parser.relation({"label": r.label}, by_range, place(r.head), place(r.child)) for r in relations)
    found = tuple(sorted(link for link in links if link))
    return Gold(parser.article, digest, (bounds,), tuple(kept), found, text=text, where=where)


def place(span: Span) -> Range:
    """Return where a span stands, whatever its label."""
    return Range(span.start, span.end)


def is_whole(gold: Gold) -> bool:
    """Say whether gold has a text that is its whole article: its hash is the article's."""
    return gold.text is not None and gold.start == 0 and gold.sha256 == sha256(gold.text)


def unanswered(gold: Gold) -> bool:
    """Say whether gold was read from a task that nobody has answered yet."""
    return "_task_hash" in gold.extra and "answer" not in gold.extra


def documents(path: Path, suffix: str) -> list[Path]:
    """Return a file as it is, or the files of a folder (recursive, sorted) with a suffix; LiwaError for none."""
    if path.is_file():
        return [path]
    files = sorted(file for file in path.rglob(f"*{suffix}") if file.is_file())
    if not files:
        raise LiwaError(f"expected *{suffix} files, found none", where=str(path), hint="Name a folder that has them")
    return files


def file_name(article: str) -> str:
    """Return an article's id as the name of a file, without suffix; `article_id` gives the id back."""
    special = {*'%/\\:*?"<>|', *map(chr, range(32)), "\x7f"}
    name = "".join("".join(f"%{b:02X}" for b in c.encode()) if c in special else c for c in article)
    return f"%2E{name[1:]}" if name.startswith(".") else name


def article_id(name: str) -> str:
    """Return the id of the article whose file has a name (without suffix)."""
    from urllib.parse import unquote

    return unquote(name)


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file with its line breaks as they are; a byte order mark is dropped."""
    from liwa import jsonl

    with jsonl.open_input(path) as file:
        return jsonl.decode(file.read().removeprefix(b"\xef\xbb\xbf"), str(path))
