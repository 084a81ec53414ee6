"""Rows become tasks that Prodigy can show: our tokens, spans on them, and Prodigy's hashes of just these spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from liwa import jsonl
from liwa.annotations.hashes import task_hash
from liwa.annotations.parse import named
from liwa.annotations.rows import from_row, to_row
from liwa.annotations.views import VIEWS, in_view
from liwa.arabic.tokenizer import tokenise
from liwa.findings import stop
from liwa.progress import say
from liwa.records import Gold

_HASHES: Final = ("_input_hash", "_task_hash")
_OF_AN_ANSWER: Final = ("answer", "_view_id", "_session_id", "_annotator_id", "_is_binary", "_timestamp")
_OF_A_REVIEW: Final = ("sessions", "versions", "default", "view_id")
_LEFT_OUT: Final = frozenset(("tokens", *_HASHES, *_OF_AN_ANSWER, *_OF_A_REVIEW))
"""What a source says of an answer that was given, or of tokens other than ours: no task has it."""


def read(source: str) -> Iterator[Gold]:
    """Yield the texts of a JSONL file, with the spans and relations they come with; ``-`` is stdin.

    A row is what ``liwa tasks`` writes, or any object with a ``text``. Raises LiwaError for a row that cannot be read.
    """
    for where, row in jsonl.read(source):
        kept = {key: value for key, value in row.items() if key not in _LEFT_OUT}
        gold = from_row({**kept, "answer": "accept"}, where, stop)
        assert gold, "whatever cannot be read was raised"
        yield replace(gold, extra=kept)


def count(source: str) -> int:
    """Return how many rows a file has, 0 for stdin, which can be read only once."""
    return 0 if source == jsonl.STDIO else sum(bool(line.strip()) for _, line in jsonl.raw_lines(source))


def as_task(gold: Gold, view: str, colours: Mapping[str, str], *, model: str = "") -> dict[str, Any]:
    """Return a text with its spans and relations as a task of a view.

    A span that begins or ends inside a token, which Prodigy cannot show, is left out and said on stderr; so are
    relations where the view has none. model: who found the spans, which each then says, as Prodigy's own do.
    """
    row = to_row(_on_tokens(gold), answer=None)
    if relations := view != VIEWS[1] and row.pop("relations", None):
        say(f"{gold.where}: left out {len(relations)} relations, which {view} cannot show")
    row |= in_view(row, view, colours)
    if model:
        row["spans"] = [_found(span, row, model) for span in row["spans"]]
    return {**row, "_task_hash": task_hash(row["_input_hash"], row["spans"])}


def _on_tokens(gold: Gold) -> Gold:
    """Return gold with the spans that tokens can hold, and the relations between them."""
    tokens = tokenise(gold.text or "")
    starts, ends = {start + gold.start for start, _ in tokens}, {end + gold.start for _, end in tokens}
    kept = tuple(span for span in gold.spans if span.start in starts and span.end in ends)
    for span in sorted(set(gold.spans) - set(kept)):
        say(f"{gold.where}: left out {named(span)}, which begins or ends inside a token")
    return replace(gold, spans=kept, relations=tuple(r for r in gold.relations if {r.head, r.child} <= set(kept)))


def _found(span: Mapping[str, Any], row: Mapping[str, Any], model: str) -> dict[str, Any]:
    text = row["text"][span["start"] : span["end"]]
    return {**span, "text": text, "source": model, "input_hash": row["_input_hash"]}
