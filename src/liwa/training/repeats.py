"""The trainable component ``repeats``: a name that an article gives once in full is found where its end comes again.

News introduces people with their whole name and goes on with its end. The component adds the repeats that no entity
covers, of the labels whose entities were nearly always repeated so in training. It needs documents that are articles.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Optional

import srsly
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span
from spacy.training import Example

_SHORTEST: Final = 3
"""Letters of the shortest word that a repeat may begin with."""

Ends = dict[tuple[str, ...], Counter[str]]
"""The norms of names and of their ends, with the labels of the names."""


@Language.factory("repeats", assigns=["doc.ents"], default_config={"precision": 0.8})
def create_repeats(nlp: Language, name: str, precision: float) -> "Repeats":
    """Return the component.

    precision: the share of the ends of a label's names that must be entities of it in training, where they come again.
    """
    return Repeats(name, precision)


class Repeats(Pipe):
    """Adds entities that repeat other entities of the document or their ends."""

    def __init__(self, name: str, precision: float, repeated: Iterable[str] = ()) -> None:
        self.name, self.precision, self.repeated = name, precision, tuple(sorted(repeated))

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Optional[Language] = None,  # noqa: UP045
    ) -> None:
        """Learn of which labels the ends of names are entities again."""
        right: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for doc in (example.reference for example in get_examples()):
            ends = ends_of(doc.ents, whole=False)
            right.update(e.label_ for e in doc.ents if e.label_ in ends.get(_norms(e), ()))
            wrong.update(label for *_, label in repeats(doc, ends, {token.i for token in doc if token.ent_iob_ == "O"}))
        self.repeated = tuple(
            label for label in sorted(right) if right[label] >= self.precision * (right[label] + wrong[label])
        )

    def __call__(self, doc: Doc) -> Doc:
        """Add the repeats of a document."""
        free = {token.i for token in doc}.difference(*(range(entity.start, entity.end) for entity in doc.ents))
        ends = ends_of([entity for entity in doc.ents if entity.label_ in self.repeated])
        added = [Span(doc, start, end, label) for start, end, label in repeats(doc, ends, free)]
        if added:
            doc.set_ents(added, default="unmodified")
        return doc

    def to_bytes(self, **_: Any) -> bytes:
        """Return the labels that were learnt."""
        return bytes(srsly.json_dumps(self.repeated).encode())

    def from_bytes(self, data: bytes, **_: Any) -> "Repeats":
        """Read what `to_bytes` gave."""
        self.repeated = tuple(srsly.json_loads(data.decode()))
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Write `to_bytes` to a file."""
        Path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: Any) -> "Repeats":
        """Read the file that `to_disk` wrote."""
        return self.from_bytes(Path(path).read_bytes())


def ends_of(entities: Sequence[Span], *, whole: bool = True) -> Ends:
    """Return the ends of names, and the whole names unless not wanted."""
    ends: Ends = defaultdict(Counter)
    for entity in entities:
        norms = _norms(entity)
        for start in range(0 if whole else 1, len(norms)):
            if norms[start].isalpha() and len(norms[start]) >= _SHORTEST:
                ends[norms[start:]][entity.label_] += 1
    return ends


def repeats(doc: Doc, ends: Ends, free: set[int]) -> Iterator[tuple[int, int, str]]:
    """Yield first token, token after the last, and label of each repeat in the free tokens, longest first."""
    longest = max(map(len, ends), default=0)
    norms, start = _norms(doc), 0
    while start < len(norms) and longest:
        stops = range(min(start + longest, len(norms)), start, -1)
        stop = next((s for s in stops if norms[start:s] in ends and free.issuperset(range(start, s))), 0)
        if stop:
            yield start, stop, ends[norms[start:stop]].most_common(1)[0][0]
        start = stop or start + 1


def _norms(tokens: Doc | Span) -> tuple[str, ...]:
    return tuple(token.norm_ for token in tokens)
