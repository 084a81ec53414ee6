"""Reading the values of a JSON file one by one, each with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from liwa.errors import LiwaError
from liwa.formats.base import read_text

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
_REMEDY: Final = "Export the file again"


def values(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield (``file:line``, value) of the values of a file's JSON array; a file with another value has just that one.

    Raises LiwaError for bad UTF-8, for broken JSON with the line, and for text that is no Unicode.
    """
    text = read_text(path)
    at = _after_space(text, 0)
    if not text.startswith("[", at):
        value, end = _value(text, at, path)
        _end(text, end, path)
        yield _where(text, at, path), value
        return
    at, counted, line = _after_space(text, at + 1), 0, 1
    while not text.startswith("]", at):
        value, end = _value(text, at, path)
        line += text.count("\n", counted, at)
        counted = at
        yield f"{path}:{line}", value
        at = _after_space(text, end)
        if text.startswith(",", at):
            at = _after_space(text, at + 1)
        elif not text.startswith("]", at):
            raise _broken(text, at, path, "expected a comma or ]")
    _end(text, at + 1, path)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_no_number)


def _value(text: str, at: int, path: Path) -> tuple[Any, int]:
    try:
        value, end = _DECODER.raw_decode(text, at)
    except ValueError as error:
        raise _broken(text, getattr(error, "pos", at), path, "expected JSON") from None
    if _HALF.search(text, at, end):
        _refuse_surrogates(value, _where(text, at, path))
    return value, end


def _refuse_surrogates(value: Any, where: str) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise LiwaError("expected Unicode text, found half of a surrogate pair", where=where, hint=_REMEDY) from None


def _end(text: str, at: int, path: Path) -> None:
    at = _after_space(text, at)
    if at < len(text):
        raise _broken(text, at, path, "expected the end of the file")


def _broken(text: str, at: int, path: Path, expected: str) -> LiwaError:
    found = repr(text[at : at + 20]) if at < len(text) else "the end of the file"
    return LiwaError(f"{expected}, found {found}", where=_where(text, at, path), hint=_REMEDY)


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _where(text: str, at: int, path: Path) -> str:
    line = text.count("\n", 0, at) + 1
    return f"{path}:{line}"
