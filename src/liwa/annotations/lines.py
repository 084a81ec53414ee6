"""A task as a line of JSON, written token by token: what `rows.task` builds, at several times its speed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import chain
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, NamedTuple

from liwa.annotations.hashes import input_hash, task_hash
from liwa.annotations.rows import token_rows
from liwa.arabic.tokenizer import split_chunk, tokenise
from liwa.corpus.sketches import word_hashes
from liwa.jsonl import dumps


class Chunk(NamedTuple):
    """What stands between two spaces: its length with a space, its tokens, and what `sketches.words` makes of it.

    A token is JSON up to its start, start and end, and JSON from behind its id.
    """

    length: int
    tokens: tuple[tuple[str, int, int, str], ...]
    words: tuple[int, ...]


def head(text: str, meta: Mapping[str, Any]) -> str:
    """Return the JSON of a task up to the end of its meta."""
    return f'{{"text":{encode_basestring(text)},"meta":{dumps(meta)}'


def analyse(text: str) -> list[Chunk]:
    """Return what stands between the spaces of a text."""
    return list(map(_chunk, text.split(" ")))


def tail(text: str, chunks: Iterable[Chunk]) -> str:
    """Return the JSON of a task behind its meta: hashes, tokens, and an empty list of spans."""
    of_input = input_hash(text)
    tokens = _tokens(text, chunks)
    return f',"_input_hash":{of_input},"_task_hash":{task_hash(of_input, ())},"tokens":[{tokens}],"spans":[]}}'


def words(chunks: Iterable[Chunk]) -> list[int]:
    """Return the words of a text for its sketch."""
    return list(chain.from_iterable(map(itemgetter(2), chunks)))


def _tokens(text: str, chunks: Iterable[Chunk]) -> str:
    numbers = _numbers()
    if "  " in text or text[:1] == " " or text[-1:] == " " or len(text) >= len(numbers):
        return dumps(token_rows(text, tokenise(text)))[1:-1]
    rows: list[str] = []
    position = 0
    for length, tokens, _ in chunks:
        for before, start, end, behind in tokens:
            begin, stop, number = numbers[position + start], numbers[position + end], numbers[len(rows)]
            rows.append(f'{before}{begin},"end":{stop},"id":{number}{behind}')
        position += length
    return ",".join(rows).removesuffix("true}") + "false}" if rows else ""


@lru_cache(maxsize=2**18)
def _chunk(chunk: str) -> Chunk:
    """Analyse what stands between two spaces. Tokenizer and sketch look at no more, so it is done once for each."""
    tokens = tuple(
        (
            f'{{"text":{encode_basestring(chunk[start:end])},"start":',
            start,
            end,
            ',"ws":true}' if end == len(chunk) else ',"ws":false}',
        )
        for start, end in split_chunk(chunk)
    )
    return Chunk(len(chunk) + 1, tokens, tuple(chain.from_iterable(map(word_hashes, chunk.split()))))


@cache
def _numbers() -> list[str]:
    """The numerals below 2**15: looking one up is several times faster than writing it."""
    return list(map(str, range(2**15)))
