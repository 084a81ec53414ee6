"""CoNLL columns: a token a line, its tag in the last column, a blank line behind each sentence.

What is written has the four columns of CoNLL-2003 (Tjong Kim Sang and De Meulder 2003), with IOB2 tags and nothing in
the columns of part of speech and chunk. What is read may have tabs or spaces, two columns or more, and tags of IOB1,
IOB2, BIOES or BILOU; a document begins at ``-DOCSTART-``, in a file without that each sentence is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from liwa import jsonl
from liwa.annotations.parse import Parser, Report, shown
from liwa.formats import rules
from liwa.formats.base import Format, Settings, whole
from liwa.formats.columns import is_tag, joined, sentences, spans_of, tags_of
from liwa.formats.losses import Losses, without
from liwa.formats.peek import first_lines
from liwa.records import Gold

_START: Final = "-DOCSTART-"
_HEAD: Final = f"{_START} -X- O O\n\n"
_NOTHING: Final = frozenset(("-X-", "O", "_", "-"))


class _Sentence(NamedTuple):
    """The rows of one sentence, none at the start of a document; others: what else stood in their columns."""

    where: str
    tokens: list[str]
    tags: list[str]
    others: set[str]


def read(path: Path, report: Report) -> Iterator[Gold]:
    """Yield the documents of a file, their tokens joined by spaces and their sentences by line feeds."""
    for where, document in _documents(_sentences(path, report)):
        if any(s.others - _NOTHING for s in document):
            Parser(report, where).complain(rules.LEFT_OUT, "columns between token and tag")
        text, places = joined([s.tokens for s in document])
        tagged = zip(document, places, strict=True)
        spans = [span for s, there in tagged for span in spans_of(s.tags, there)]
        yield whole(text, spans, where=where, report=report)


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write the documents that have any token, and return their number."""
    count = 0
    with jsonl.open_output(path) as out:
        for gold in golds:
            if lines := _lines(gold, losses):
                out.write(_HEAD)
                out.writelines(lines)
                count += 1
    return count


def _lines(gold: Gold, losses: Losses) -> list[str]:
    text = gold.text or ""
    places = sentences(gold)
    tokens = [[text[slice(*place)] for place in sentence] for sentence in places]
    tags, lost = tags_of(gold.spans, places)
    without(gold, lost, losses)
    if joined(tokens)[0] != text:
        losses.add("text", "CoNLL does not keep white space" if tokens else "it has no words", gold)
    return [
        "".join(f"{token} -X- O {tag}\n" for token, tag in zip(*sentence, strict=True)) + "\n"
        for sentence in zip(tokens, tags, strict=True)
    ]


def _documents(sentences: Iterable[_Sentence]) -> Iterator[tuple[str, list[_Sentence]]]:
    """Yield documents with their places: what stands between two starts or, before any, each sentence."""
    started = False
    held: list[_Sentence] = []
    for sentence in sentences:
        if not sentence.tokens:
            if held:
                yield held[0].where, held
            started, held = True, []
        elif started:
            held.append(sentence)
        else:
            yield sentence.where, [sentence]
    if held:
        yield held[0].where, held


def _sentences(path: Path, report: Report) -> Iterator[_Sentence]:
    sentence = _Sentence("", [], [], set())
    for where, line in jsonl.lines(path):
        columns = _columns(line)
        if columns and columns[0] != _START:
            sentence = sentence if sentence.tokens else _Sentence(where, [], [], set())
            _add(sentence, columns, Parser(report, where))
            continue
        if sentence.tokens:
            yield sentence
        sentence = _Sentence(where, [], [], set())
        if columns:
            yield sentence
    if sentence.tokens:
        yield sentence


def _add(sentence: _Sentence, columns: list[str], parser: Parser) -> None:
    token, *between, tag = columns if len(columns) > 1 else (columns[0], "")
    if _is_comment(columns):
        parser.complain(rules.LEFT_OUT, "a comment")
    elif not tag:
        parser.complain(rules.BAD_LINE, "expected a token and a tag, found one column")
    elif not is_tag(tag):
        parser.complain(rules.BAD_LINE, f"expected a tag such as O or B-LABEL in the last column, found {shown(tag)}")
    else:
        sentence.tokens.append(token)
        sentence.tags.append(tag)
        sentence.others.update(between)


def _is_comment(columns: list[str]) -> bool:
    """Say whether a line is a comment, and no token that is a number sign."""
    return columns[0] == "#" and not is_tag(columns[-1])


def _columns(line: str) -> list[str]:
    line = line.rstrip("\r\n")
    return line.split("\t") if "\t" in line else [column for column in line.split(" ") if column]


def _guess(head: bytes, path: Path) -> bool:
    rows = [columns for columns in map(_columns, first_lines(head)[:-1]) if columns]
    data = [columns for columns in rows if columns[0] != _START and not _is_comment(columns)]
    return bool(data) and all(len(columns) > 1 and is_tag(columns[-1]) for columns in data)


FORMAT: Final = Format(
    name="conll",
    title="CoNLL-2003 columns, IOB2",
    unit="tokens",
    holds=frozenset({"spans"}),
    guess=_guess,
    read=read,
    write=write,
    suffixes=(".conll", ".iob", ".iob2", ".bio"),
)
