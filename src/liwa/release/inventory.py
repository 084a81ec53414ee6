"""What the corpus holds, from what is committed: manifests, gold and the split. No text is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from liwa.annotations.gold import merge, read_gold
from liwa.corpus import manifest
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.training.split import Assignment, read_assignments


@dataclass(frozen=True)
class Entry:
    """One article: its row in a manifest, its gold and its part of the split, as far as there are any."""

    row: Mapping[str, Any]
    gold: Gold | None
    assignment: Assignment | None

    @property
    def origin(self) -> str:
        """What the manifest calls its origin, such as ``project`` or ``real``."""
        return str(self.row.get("origin", "unknown"))

    @property
    def part(self) -> str:
        """Its part of the split, or "" where it has none."""
        return self.assignment.part if self.assignment else ""

    @property
    def labels(self) -> Counter[str]:
        """Its spans, counted by label."""
        return Counter(s.label for s in self.gold.spans) if self.gold else Counter()

    @property
    def relations(self) -> Counter[str]:
        """Its relations, counted by type."""
        return Counter(r.label for r in self.gold.relations) if self.gold else Counter()


def inventory(corpus: Path, gold: Path, split: Path) -> list[Entry]:
    """Return an entry for each article of the manifests below a folder, by id.

    Raises LiwaError where gold or split speak of an article that no manifest has, or of another text.
    """
    rows = {name: row for path in sorted(corpus.rglob(manifest.NAME)) for name, row in manifest.read(path).items()}
    golds = {g.article: g for g in merge(read_gold([gold]))} if gold.exists() else {}
    assigned = {a.article: a for a in read_assignments(split)} if split.exists() else {}
    digests = [*((g.article, g.sha256) for g in golds.values()), *((a.article, a.sha256) for a in assigned.values())]
    for article, digest in digests:
        if digest != rows.get(article, {}).get("sha256"):
            raise LiwaError(
                f"article {article} is not, or not with this text, in a manifest",
                where=str(corpus),
                hint="Run liwa manifest, and annotate or split anew",
            )
    return [Entry(row, golds.get(name), assigned.get(name)) for name, row in sorted(rows.items())]
