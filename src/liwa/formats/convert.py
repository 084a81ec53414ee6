"""One format into another, with gold in the middle and an account of what was lost."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from liwa import jsonl
from liwa.annotations import rules
from liwa.annotations.parse import Report
from liwa.annotations.texts import attach
from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.formats.base import Format, Settings
from liwa.formats.fit import fit
from liwa.formats.losses import Loss, Losses
from liwa.formats.place import Places
from liwa.records import Gold

_UNPLACED: Final = "no single place in --texts has its text"


@dataclass
class Conversion:
    """What a conversion did: documents, spans and relations that came in, documents that went out, and the losses.

    written: False where a strict conversion lost something, and left no output.
    """

    source: str
    target: str
    documents: int = 0
    spans: int = 0
    relations: int = 0
    written_documents: int = 0
    written: bool = True
    losses: Losses = field(default_factory=Losses)

    def __str__(self) -> str:
        """Return one line of counts."""
        lost = self.losses
        out = (
            f"{self.written_documents} documents, {self.spans - lost.count('spans')} spans, "
            f"{self.relations - lost.count('relations')} relations"
        )
        return (
            f"{self.source}: {self.documents} documents, {self.spans} spans, {self.relations} relations; "
            f"{self.target}: {out if self.written else 'nothing written'}; lost: {lost if lost else 'nothing'}"
        )


def convert(
    source: Path, read: Format, target: str, write: Format, settings: Settings, *, strict: bool = False
) -> Conversion:
    """Read gold in one format and write it in another; the target is replaced only when all went well.

    target: a file, a folder that is new or empty, or ``-``. strict: write nothing where anything is lost. Raises
    LiwaError for whatever is wrong in the source, for a text that is not at hand, and for a target that cannot be.
    """
    done = Conversion(read.name, write.name)
    golds = (fit(gold, write, done.losses) for gold in _counted(_read(source, read, settings, done.losses), done))
    with _beside(target, write) as path:
        done.written_documents = write.write(golds, path, done.losses, settings)
        done.written = not (strict and done.losses)
        if done.written:
            _install(path, target)
    return done


@contextmanager
def spooled(source: str) -> Iterator[Path]:
    """Yield a source as a path: ``-``, which is stdin, as a file that is gone afterwards."""
    if source != jsonl.STDIO:
        yield Path(source)
        return
    with TemporaryDirectory(prefix="liwa-") as folder:
        path = Path(folder) / "stdin"
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        try:
            yield path
        except LiwaError as error:
            where = error.where.replace(str(path), jsonl.STDIO)
            raise LiwaError(error.message, where=where, hint=error.hint) from None


def _read(source: Path, format: Format, settings: Settings, losses: Losses) -> Iterator[Gold]:
    """Yield gold with its text and, where articles are at hand, with its place in one."""
    report = _reporter(losses)
    lacks_place = not {"text", "article", "place"} <= format.holds
    places = Places(settings.articles, exact="text" in format.holds) if settings.articles and lacks_place else None
    for gold in format.read(source, report):
        if article := settings.texts.find(gold):
            if proved := attach(gold, article, report):
                yield proved if "article" in format.holds else replace(proved, article=article.id)
        elif gold.text is None:
            report(Finding(rules.TEXT_REQUIRED, f"found no text of article {gold.article}", gold.where, gold.article))
        else:
            found = places.find(gold) if places else gold
            if found is None:
                losses.add("place", _UNPLACED, gold)
            yield found or gold


def _reporter(losses: Losses) -> Report:
    """Return a report that raises errors and notes what a reader left out; tasks may pass that nobody answered."""

    def report(finding: Finding) -> None:
        if finding.rule is rules.UNANSWERED:
            return
        stop(finding)
        kind, at = finding.rule.name, (finding.article, finding.start, finding.end)
        losses.rows.append(Loss(kind, finding.message, *at))

    return report


def _counted(golds: Iterable[Gold], done: Conversion) -> Iterator[Gold]:
    for gold in golds:
        done.documents += 1
        done.spans += len(gold.spans)
        done.relations += len(gold.relations)
        yield gold


@contextmanager
def _beside(target: str, format: Format) -> Iterator[Path]:
    """Yield a new path in a temporary folder on the file system of the target."""
    path = Path(target).resolve()
    parent = None if target == jsonl.STDIO or path.is_char_device() or path.is_fifo() else path.parent
    if problem := _problem(path, target, format):
        raise LiwaError(problem, where=target, hint="Name a new one")
    try:
        if parent:
            parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=parent, prefix=f".{path.name}.") as folder:
            yield Path(folder) / path.name
    except BrokenPipeError:  # whoever read stdout has read enough
        raise
    except OSError as error:
        raise LiwaError(f"cannot write: {error.strerror}", where=target, hint="Name a writable file") from None


def _problem(path: Path, target: str, format: Format) -> str:
    """Say why a target cannot be written in a format, "" where it can."""
    if not format.folder:
        return "expected a file to write, found a folder" if path.is_dir() else ""
    if target == jsonl.STDIO or (path.exists() and not path.is_dir()):
        return f"{format.name} is a folder, found a file"
    return "the folder is not empty" if path.is_dir() and any(path.iterdir()) else ""


def _install(path: Path, target: str) -> None:
    """Put what was written in the place of the target; a folder must be new or empty."""
    place = Path(target).resolve()
    if target == jsonl.STDIO:
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()
        return
    if place.exists() and not (place.is_file() or place.is_dir()):
        place.write_bytes(path.read_bytes())
        return
    if place.is_file():
        path.chmod(place.stat().st_mode & 0o777)
    path.replace(place)
