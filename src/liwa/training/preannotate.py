"""Tasks that come with what a model and patterns find, for people to correct.

The model's spans stand first, and patterns fill the gaps between them. A model reads whole articles, one at a time, so
that its digits do not hang on what else is worked on; a task gets the spans that lie in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liwa.annotations.gold import merge
from liwa.annotations.hashes import task_hash
from liwa.annotations.rows import from_row, to_row
from liwa.findings import stop
from liwa.fingerprints import fingerprint
from liwa.records import Gold, Range
from liwa.training.patterns import Patterns
from liwa.training.predict import load_model
from liwa.training.uncertainty import Judged, judge

if TYPE_CHECKING:
    from spacy.language import Language

DIGITS: Final = 4
"""Decimals of a score."""


@dataclass(frozen=True)
class PreAnnotation:
    """A stage that rewrites tasks, see `liwa.annotations.tasks.Rewrite`. model, patterns: "" for none.

    ``meta.model`` and ``meta.patterns`` of a task say what looked at it. A span says in ``source`` which of both found
    it, with the line of the pattern in ``pattern`` or, where the model gives one, its likelihood in ``score``; so do
    relations. ``meta.overlaps`` counts the matches that gave way to the model's spans or to longer matches.
    """

    model: str = ""
    patterns: str = ""

    def __call__(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the tasks of some whole articles with spans and relations in them."""
        golds = [_read(row) for row in rows]
        found = self._judged(golds) if self.model else {}
        return [self._rewritten(row, gold, found.get(gold.article)) for row, gold in zip(rows, golds, strict=True)]

    def require(self) -> None:
        """Load the model and read the patterns; LiwaError where that fails, before any article is read."""
        if self.model:
            _loaded(self.model)
        if self.patterns:
            _read_patterns(self.patterns)

    def settings(self) -> dict[str, str]:
        """Return what must be the same for a run to go on: fingerprints of what is looked with."""
        named = {"model": self.model, "patterns": self.patterns}
        return {key: fingerprint([path]) if Path(path).exists() else path for key, path in named.items() if path}

    def _judged(self, golds: Iterable[Gold]) -> dict[str, Judged]:
        nlp = _loaded(self.model)
        with nlp.memory_zone():
            return {whole.article: judge(nlp, whole) for whole in merge(golds)}

    def _rewritten(self, row: Mapping[str, Any], gold: Gold, found: Judged | None) -> dict[str, Any]:
        at = Range(gold.start, gold.end)
        known = (
            {span: _source("model", score) for span, score in found.spans.items() if at.holds(span)} if found else {}
        )
        links = {r: s for r, s in found.relations.items() if r.head in known and r.child in known} if found else {}
        meta = {**row["meta"], **({"model": _named(self.model)} if self.model else {})}
        if self.patterns:
            added, overlaps = _between(_read_patterns(self.patterns), gold, [Range(s.start, s.end) for s in known])
            known |= added
            meta |= {"patterns": Path(self.patterns).name, **({"overlaps": overlaps} if overlaps else {})}
        made = to_row(replace(gold, spans=tuple(sorted(known)), relations=tuple(sorted(links))), answer=None)
        said = [known[span] for span in sorted(known)]
        spans = [{**span, **more} for span, more in zip(made["spans"], said, strict=True)]
        new = {**row, "meta": meta, "_task_hash": task_hash(row["_input_hash"], spans), "spans": spans}
        if links:
            scores = [_source("model", links[relation]) for relation in sorted(links)]
            new["relations"] = [{**one, **more} for one, more in zip(made["relations"], scores, strict=True)]
        return new


def _read(row: Mapping[str, Any]) -> Gold:
    gold = from_row({**row, "answer": "accept"}, "", stop)
    assert gold, "a task that was just made can be read"
    return gold


def _between(patterns: Patterns, gold: Gold, taken: Sequence[Range]) -> tuple[dict[Any, dict[str, Any]], int]:
    """Return the matches that overlap no range that is taken, in article offsets, and how many matches gave way."""
    matched = patterns(gold.text or "")
    spans = [(match.span.shifted(gold.start), match.pattern) for match in matched.matches]
    free = [(s, n) for s, n in spans if not any(s.start < r.end and r.start < s.end for r in taken)]
    return {s: {"source": "patterns", "pattern": n} for s, n in free}, matched.overlaps + len(spans) - len(free)


def _source(name: str, score: float | None) -> dict[str, Any]:
    return {"source": name, **({} if score is None else {"score": round(score, DIGITS)})}


@cache
def _loaded(model: str) -> Language:
    return load_model(model)


@cache
def _read_patterns(path: str) -> Patterns:
    return Patterns(path)


@cache
def _named(model: str) -> str:
    """Return the name of a model, of a folder with the beginning of its fingerprint."""
    path = Path(model)
    return f"{path.resolve().name} {fingerprint([path])[:12]}" if path.exists() else model
