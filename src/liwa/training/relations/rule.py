"""The component ``relation_rule``: the nearest pair of fitting labels that a cue word stands by.

It learns nothing. It is what the trained component has to beat, and what annotators may start from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Optional

import srsly
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span

from liwa.scheme import load_scheme
from liwa.training.carried import scheme_of
from liwa.training.relations.candidates import CandidateFunction
from liwa.training.relations.cues import CueBook, TypeCues, holds, load_cues
from liwa.training.relations.features import fold_words
from liwa.training.relations.mentions import Mentions
from liwa.training.relations.signatures import Signatures
from liwa.training.relations.stated import DENIAL_REACH
from liwa.training.relations.storage import Link, set_relations


@Language.factory(
    "relation_rule",
    assigns=["doc.spans"],
    requires=["doc.ents"],
    default_config={
        "cues": None,
        "scheme": None,
        "candidates": {"@misc": "liwa.Candidates.v1", "max_tokens": 60, "max_sentences": 0},
    },
)
def create_relation_rule(
    nlp: Language,
    name: str,
    cues: Optional[Path],  # noqa: UP045
    scheme: Optional[Path],  # noqa: UP045
    candidates: CandidateFunction,
) -> RelationRule:
    """Return the component. cues, scheme: TOML files; none is the pipeline's own scheme, else liwa's."""
    known = load_scheme(scheme) if scheme else scheme_of(nlp) or load_scheme()
    return RelationRule(load_cues(cues), Signatures.of_scheme(known), candidates, name)


class RelationRule(Pipe):
    """Links, for each type that has cues, the nearest pairs that one of them stands by."""

    def __init__(
        self, cues: CueBook, signatures: Signatures, candidates: CandidateFunction, name: str = "relation_rule"
    ) -> None:
        self.cues = cues
        self.signatures = signatures
        self.candidates = candidates
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the relations between the entities of a document into it."""
        set_relations(doc, self.relate(doc, doc.ents))
        return doc

    def relate(self, doc: Doc, spans: Iterable[Span]) -> list[Link]:
        """Return the relations between spans of a document."""
        mentions = Mentions.of(doc, spans)
        near = _Near(mentions, self.candidates, self.signatures)
        taken: set[tuple[int, int]] = set()
        links = []
        for kind, cues in self.cues.types.items():
            stated = (pair for pair in near.pairs(kind) if pair not in taken and near.is_stated(pair, cues, self.cues))
            chosen = list(_limited(stated, cues))
            taken.update(chosen)
            links += [(mentions.spans[head], mentions.spans[child], kind) for head, child in chosen]
        return sorted(links, key=lambda link: (link[0].start, link[1].start))

    def to_bytes(self, **_: Any) -> bytes:
        """Return the cues and signatures as JSON."""
        return str(srsly.json_dumps(self._plain())).encode()

    def from_bytes(self, data: bytes, **_: Any) -> RelationRule:
        """Read what `to_bytes` wrote."""
        plain = srsly.json_loads(data)
        self.cues = CueBook.from_dict(plain["cues"])
        self.signatures = Signatures(plain["signatures"])
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Write the cues and signatures into a file."""
        Path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: Any) -> RelationRule:
        """Read what `to_disk` wrote."""
        return self.from_bytes(Path(path).read_bytes())

    def _plain(self) -> dict[str, Any]:
        return {"cues": self.cues.to_dict(), "signatures": self.signatures.plain}


class _Near:
    """The candidates of a document, nearest first, and its words with each mention folded into one."""

    def __init__(self, mentions: Mentions, candidates: CandidateFunction, signatures: Signatures) -> None:
        folded = fold_words(mentions, signatures.label_ids(mentions.labels))
        self.words = folded.texts
        self.places = folded.places.tolist()
        self.labels = mentions.labels
        self.signatures = signatures
        pairs = [(head, child) for head, child in candidates(mentions, signatures).tolist()]
        self._pairs = sorted(pairs, key=lambda p: (abs(self.places[p[0]] - self.places[p[1]]), min(p)))

    def pairs(self, kind: str) -> Iterator[tuple[int, int]]:
        """Yield the pairs that a type may link."""
        return (p for p in self._pairs if self.signatures.allows(self.labels[p[0]], self.labels[p[1]], kind))

    def is_stated(self, pair: tuple[int, int], cues: TypeCues, book: CueBook) -> bool:
        """Say whether a cue stands by a pair and nothing denies it."""
        first, second = sorted(self.places[end] for end in pair)
        order = ("either", "head" if pair[0] < pair[1] else "child")
        stated = any(cue.first in order and cue.states(self.words, first, second) for cue in cues.cues)
        return stated and not holds(self.words[max(0, first - DENIAL_REACH) : second], book.denials)


def _limited(pairs: Iterable[tuple[int, int]], cues: TypeCues) -> Iterator[tuple[int, int]]:
    """Yield pairs until a child has its heads and a head its children."""
    heads: Counter[int] = Counter()
    children: Counter[int] = Counter()
    for head, child in pairs:
        full = cues.max_heads and heads[child] >= cues.max_heads
        if not full and not (cues.max_children and children[head] >= cues.max_children):
            heads[child] += 1
            children[head] += 1
            yield head, child
