"""The score file as others read it: what `liwa evaluate --format json` wrote, checked, with its counts by article."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from liwa import jsonl
from liwa.errors import LiwaError
from liwa.scoring.counts import ByArticle, Counts
from liwa.scoring.evaluate import FORMAT, VERSION

Kind = Literal["spans", "relations"]
KINDS: Final[tuple[Kind, ...]] = ("spans", "relations")
"""What a score file has tables of."""

RELATIONS_SYSTEM: Final = "end_to_end"
"""Which of the ways to find relations is compared and gated: the one that a user of the pipeline gets."""

_AGAIN: Final = "Measure again with liwa evaluate --format json"
_COUNTS_KEYS: Final[dict[Kind, str]] = {"spans": "by_article", "relations": "relations_by_article"}


@dataclass(frozen=True)
class ScoreFile:
    """A score file.

    name: how messages call it, a path. data: the file as it is. counts: of spans and of relations, by article and
    label; empty where an older file has none.
    """

    name: str
    data: Mapping[str, Any]
    counts: Mapping[Kind, ByArticle] = field(default_factory=dict)

    @property
    def test(self) -> str:
        """The fingerprint of the test set; "" where the file does not say."""
        return str(self.data.get("test") or "")

    def table(self, kind: Kind) -> dict[str, Mapping[str, Any]]:
        """Return the rates of each label, and of ``micro`` last; empty where these were not scored."""
        found = self.data.get(kind) or {}
        found = found.get(RELATIONS_SYSTEM, found)
        labels = found.get("labels") or found.get("types") or {}
        return {**labels, **({"micro": found["micro"]} if "micro" in found else {})}

    @classmethod
    def from_dict(cls, data: Any, name: str) -> ScoreFile:
        """Take the data of a score file, or raise LiwaError saying what is wrong with it."""
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            found = repr(data.get("format", "no format")) if isinstance(data, dict) else type(data).__name__
            raise LiwaError(f"expected a score file of format {FORMAT}, found {found}", where=name, hint=_AGAIN)
        version = data.get("version")
        if not isinstance(version, int) or not 1 <= version <= VERSION:
            expected = f"expected version {VERSION} or earlier of a score file, found {version!r}"
            raise LiwaError(expected, where=name, hint="Use the liwa that wrote it, or measure again with this one")
        self = cls(name, data, {kind: _counts(data.get(key) or {}, name) for kind, key in _COUNTS_KEYS.items()})
        _check_tables(self)
        return self


def read_scores(path: str | Path) -> ScoreFile:
    """Read a score file; LiwaError where it is missing, broken, or no score file."""
    return ScoreFile.from_dict(read_json(path, hint=_AGAIN), str(path))


def read_json(path: str | Path, *, hint: str) -> Any:
    """Read a JSON file; LiwaError with a hint where it is missing, broken, or holds NaN or infinity."""
    with jsonl.open_input(path) as file:
        text = jsonl.decode(file.read(), str(path))
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError as error:
        raise LiwaError(f"expected JSON, found {error}", where=str(path), hint=hint) from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant}, which is no number of JSON")


def _counts(by_article: Any, name: str) -> dict[str, dict[str, Counts]]:
    try:
        found = {
            article: {label: Counts._make(cells) for label, cells in labels.items()}
            for article, labels in by_article.items()
        }
    except (AttributeError, TypeError):
        found = None
    numbers = (n for labels in (found or {}).values() for counts in labels.values() for n in counts)
    if found is None or any(type(n) is not int or n < 0 for n in numbers):
        raise LiwaError("expected three counts for each article and label, found others", where=name, hint=_AGAIN)
    return found


def _check_tables(scores: ScoreFile) -> None:
    """Raise LiwaError where a table of rates is not one."""
    for kind in KINDS:
        try:
            rates = [line[rate] for line in scores.table(kind).values() for rate in ("precision", "recall", "f1")]
        except (AttributeError, KeyError, TypeError):
            rates = ["?"]
        if any(not (rate is None or (type(rate) in (int, float) and 0 <= rate <= 1)) for rate in rates):
            message = f"expected precision, recall and f1 from 0 to 1 in each line of {kind}, found others"
            raise LiwaError(message, where=scores.name, hint=_AGAIN)
    if "micro" not in scores.table("spans"):
        raise LiwaError("expected a micro average of spans, found none", where=scores.name, hint=_AGAIN)
