"""Prodigy's task hashes, as read from its exports: 32-bit MurmurHash3 of a text and of its spans.

Thirty-two bits repeat in any large corpus, so these are carried for Prodigy and never used as an identity.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from murmurhash.mrmr import hash as murmurhash

_IGNORED: Final = frozenset(
    ("score", "rank", "model", "source", "pattern", "priority", "path", "answer", "_view_id", "_session_id")
)


def input_hash(text: str) -> int:
    """Return the signed 32-bit ``_input_hash`` of a task with this text."""
    return int(murmurhash(f"text={json.dumps(text)}"))


def task_hash(of_input: int, spans: Iterable[Mapping[str, Any]]) -> int:
    """Return the signed 32-bit ``_task_hash`` of a task whose stream holds these spans."""
    kept = json.dumps(_without(list(spans)), sort_keys=True, separators=(",", ":"))
    return int(murmurhash(f"{of_input}spans={kept}"))


def _without(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _without(v) for k, v in value.items() if k not in _IGNORED}
    if isinstance(value, list):
        return [_without(v) for v in value]
    return value
