"""What of a corpus is published: texts that may be passed on with their gold, and stand-off gold over all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liwa.annotations import rules
from liwa.annotations.gold import merge, read_gold
from liwa.annotations.standoff import from_standoff
from liwa.annotations.texts import Texts, is_proved
from liwa.corpus import fields, manifest
from liwa.errors import LiwaError
from liwa.findings import stop
from liwa.formats.huggingface import meta_fields, to_dataset
from liwa.records import Article, Gold
from liwa.release import licences
from liwa.release.withheld import standoff_row, tells
from liwa.training.split import PARTS, Assignment, apply

if TYPE_CHECKING:
    from datasets import DatasetDict

DEFAULT: Final = "default"
STANDOFF: Final = "standoff"

Rows = Mapping[str, Mapping[str, Any]]


@dataclass
class Publication:
    """What is published.

    configs: for each configuration that has any, its gold by part of the split. rows: the stand-off rows. assignments:
    the split, with no group that is words of a text. licences: how many articles have which licence, by configuration.
    """

    configs: Mapping[str, Mapping[str, Sequence[Gold]]]
    rows: Sequence[Mapping[str, Any]]
    assignments: Sequence[Assignment]
    licences: Mapping[str, Counter[str]] = field(default_factory=dict)

    @cached_property
    def datasets(self) -> dict[str, DatasetDict]:
        """Each configuration as a dataset dictionary, with the features and rows that `liwa.load` gives."""
        from datasets import DatasetDict

        found = {}
        for name, parts in self.configs.items():
            known = meta_fields(gold for golds in parts.values() for gold in golds)
            found[name] = DatasetDict({part: to_dataset(golds, known, lacking="") for part, golds in parts.items()})
        return found

    def __str__(self) -> str:
        """Return one line of counts."""
        counts = {name: sum(map(len, parts.values())) for name, parts in self.configs.items()}
        return f"{counts.get(DEFAULT, 0)} articles with their text, {counts.get(STANDOFF, 0)} stand-off"


def read_manifests(corpus: Path) -> dict[str, dict[str, Any]]:
    """Return the rows of all manifests in a folder and below, by article; LiwaError where there is none."""
    files = sorted(corpus.rglob(manifest.NAME))
    if not files:
        hint = "Run liwa manifest, and write the licence of each article into it"
        raise LiwaError("found no manifest.jsonl, which says what may be published", where=str(corpus), hint=hint)
    return {name: row for file in files for name, row in manifest.read(file).items()}


def read(
    gold: Iterable[str | Path], texts: Iterable[str], rows: Rows, assignments: Sequence[Assignment] | None
) -> Publication:
    """Read gold, one record an article, and divide it by licence and by split; without a split all is ``train``.

    A text goes out only where the manifest gives it a licence that `liwa.release.licences` knows to permit that.
    Raises LiwaError where a manifest describes another text, the split lacks an article, or a text that may be
    published is not at hand.
    """
    library = Texts.read(texts)
    golds = merge(read_gold(gold, texts=library))
    for whole in golds:
        _require_same_text(whole, rows.get(whole.article, {}))
    licence = {whole.article: str(rows.get(whole.article, {}).get("licence", "")) for whole in golds}
    opened = [_with_text(whole) for whole in golds if licences.spdx(licence[whole.article])]
    closed = {
        whole.article: standoff_row(whole, _article(whole, library), _known(rows.get(whole.article, {})))
        for whole in golds
        if not licences.spdx(licence[whole.article])
    }
    standoff = [found for row in closed.values() if (found := from_standoff(row, "", stop))]
    by_config = {DEFAULT: opened, STANDOFF: standoff}
    return Publication(
        configs={name: _parts(found, assignments) for name, found in by_config.items() if found},
        rows=list(closed.values()),
        assignments=[_assignment(a, closed) for a in assignments or () if a.article in licence],
        licences={name: Counter(licence[whole.article] for whole in found) for name, found in by_config.items()},
    )


def _require_same_text(gold: Gold, row: Mapping[str, Any]) -> None:
    if row and gold.sha256 and row.get("sha256") != gold.sha256:
        message = f"article {gold.article} is not the text that the manifest describes"
        raise LiwaError(message, where=gold.where, hint=manifest.STALE.hint)


def _with_text(gold: Gold) -> Gold:
    if gold.text is None:
        raise LiwaError(f"found no text of article {gold.article}", where=gold.where, hint=rules.TEXT_REQUIRED.hint)
    return gold


def _article(gold: Gold, texts: Texts) -> Article | None:
    """Return the article of gold if its text is at hand, in the texts or in the gold itself."""
    return texts.find(gold) or (Article(gold.article, gold.text or "") if is_proved(gold) else None)


def _known(row: Mapping[str, Any]) -> dict[str, str]:
    return fields.scalars({key: value for key, value in row.items() if key not in ("id", *manifest.COUNTED)})


def _parts(golds: Sequence[Gold], assignments: Sequence[Assignment] | None) -> dict[str, Sequence[Gold]]:
    parts = apply(golds, assignments) if assignments is not None else {PARTS[0]: list(golds)}
    return {part: found for part, found in parts.items() if found}


def _assignment(assignment: Assignment, closed: Mapping[str, Any]) -> Assignment:
    if assignment.article in closed and tells(assignment.group, None):
        hint = "Name the group after one of its articles"
        raise LiwaError(f"the group {assignment.group!r} may be words of a text that is withheld", hint=hint)
    return assignment
