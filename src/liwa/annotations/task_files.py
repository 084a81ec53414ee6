"""Tasks as they are written: articles through workers, near-duplicates marked, rejects and failures set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from liwa.annotations.tasks import Made, mark
from liwa.corpus.duplicates import Duplicates
from liwa.corpus.identities import Identities
from liwa.engine.blobs import Blobs
from liwa.engine.outputs import Outputs
from liwa.engine.workers import Lost
from liwa.jsonl import dumps

FAILED: Final = "failed"
"""The reason of an article that could not be worked on."""


class TaskFiles:
    """Takes what workers made, in order, and writes it to the outputs ``tasks`` and ``rejects``.

    counts: of ``articles``, ``tasks``, ``near-duplicates``, ``reject REASON`` for each reason, and `Made.found`.
    """

    def __init__(self, outputs: Outputs) -> None:
        self.counts = Counter(outputs.facts.get("sink", {}))
        self._outputs = outputs
        self._identities = Identities(outputs.store)
        self._index = Duplicates(outputs.store)
        self._places = Blobs(outputs.store, "places")

    def take(self, made: Made) -> None:
        """Write the tasks and rejects of some articles; LiwaError for an article whose id came before."""
        self._identities.add(made.articles)
        self._places.append(made.places)
        matches = self._index.add(made.sketches)
        marks = ((n, mark(self._places[match.number], match.similarity)) for n, match in matches)
        self._outputs.write("tasks", made.marked(marks))
        self._outputs.write("rejects", b"".join(line for line, _ in made.rejects))
        self.counts.update(f"reject {reason}" for _, reason in made.rejects)
        self.counts.update(made.found)
        self.counts.update(
            {"articles": len(made.articles), "tasks": made.count, "near-duplicates": made.near + len(matches)}
        )

    def lose(self, lost: Lost[Any]) -> None:
        """Set an article aside that could not be worked on, and say why."""
        self._outputs.write("rejects", f"{dumps(failure(lost))}\n".encode())
        self.counts.update(["articles", f"reject {FAILED}"])

    def facts(self) -> Mapping[str, Any]:
        """Return the counts."""
        return dict(self.counts)


def failure(lost: Lost[Any]) -> dict[str, str]:
    """Return the row that names an article that could not be worked on."""
    return {"where": lost.item.where, "reason": FAILED, "error": lost.reason}
