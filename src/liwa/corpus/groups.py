"""Groups of articles that share text, so that none of them stands in training while another is in the test part.

Two articles share text when they are alike as a whole, when a paragraph of `LONG_PASSAGE` words or more of one is like
one of the other, or when `SHARED_RUN` words in a row stand in both; and groups are closed: a, b and b, c make a, b, c
one group. Neither the order of the articles nor how they are batched matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liwa.corpus.duplicates import Duplicates
from liwa.corpus.sketches import Sketches, runs, sketch, words
from liwa.engine.blobs import Blobs
from liwa.engine.store import InMemory, Logs
from liwa.passages import paragraphs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONG_PASSAGE: Final = 20
"""Words of a paragraph that puts two articles into one group when both have it, or one like it."""

SHARED_RUN: Final = 18
"""Words in a row that put two articles into one group, wherever they stand.

Of 150 news articles, pairs that share 15 words or fewer mostly share the titles of an official; from 18 on, a report.
"""

_PARTS: Final = 64
"""Files that runs are dealt to by their hash, so that each can be sorted in memory: a billion words take 0.25 GB."""

_AT_A_TIME: Final = 64


@dataclass(frozen=True)
class Traits:
    """What some articles are grouped by. owners: the place of its article for each sketch, and for each run."""

    count: int
    articles: Sketches
    article_owners: NDArray[np.int64]
    passages: Sketches
    passage_owners: NDArray[np.int64]
    runs: NDArray[np.uint64]
    run_owners: NDArray[np.int64]


def traits(texts: Sequence[str]) -> Traits:
    """Return what some articles are grouped by: what a worker does."""
    import numpy as np

    hashed = [words(text) for text in texts]
    article_owners, articles = sketch(hashed)
    blocks = [(n, words(text[r.start : r.end])) for n, text in enumerate(texts) for r in paragraphs(text)]
    long = [(owner, block) for owner, block in blocks if len(block) >= LONG_PASSAGE]
    places, passages = sketch([block for _, block in long])
    found = [np.unique(runs(np.array(text, dtype=np.int64), SHARED_RUN)) for text in hashed]
    return Traits(
        count=len(texts),
        articles=articles,
        article_owners=np.array(article_owners, dtype=np.int64),
        passages=passages,
        passage_owners=np.array([long[place][0] for place in places], dtype=np.int64),
        runs=np.concatenate([np.zeros(0, dtype=np.uint64), *found]),
        run_owners=np.repeat(np.arange(len(texts)), [len(one) for one in found]),
    )


class Groups:
    """Articles as they come, and which of them belong together. An article of w words takes about 32 w bytes."""

    def __init__(self, store: Logs | None = None) -> None:
        kept = store or InMemory()
        self._names = Blobs(kept, "names")
        self._indices = {name: Duplicates(kept, name=name) for name in ("wholes", "passages")}
        self._owners = {name: kept.log(f"{name}-owners") for name in self._indices}
        self._runs = [kept.log(f"runs-{part}") for part in range(_PARTS)]
        self._links = kept.log("links")

    def add(self, names: Sequence[str], new: Traits | None) -> None:
        """Take some articles, each with a name that no other has, and what they are grouped by, unless it is known."""
        first = len(self._names)
        self._names.append([name.encode("utf-8", "surrogatepass") for name in names])
        if new is None:
            return
        self._add_sketches("wholes", new.articles, new.article_owners + first)
        self._add_sketches("passages", new.passages, new.passage_owners + first)
        self._add_runs(new.runs, new.run_owners + first)

    def link(self, one: int, other: int) -> None:
        """Put two articles, by their numbers, into one group."""
        self._links.append(one.to_bytes(8, "little") + other.to_bytes(8, "little"))

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield each article's name and that of its group: the smallest name in it."""
        roots = self._roots()
        smallest: dict[int, str] = {}
        for root, name in zip(roots, self._all_names(), strict=True):
            smallest[root] = min(name, smallest.get(root, name))
        yield from ((name, smallest[root]) for root, name in zip(roots, self._all_names(), strict=True))

    def _add_sketches(self, kind: str, new: Sketches, owners: NDArray[np.int64]) -> None:
        log = self._owners[kind]
        log.append(owners.tobytes())
        for place, match in self._indices[kind].add_all(new):
            self.link(int(owners[place]), int.from_bytes(log.read(8 * match.number, 8), "little"))

    def _add_runs(self, hashes: NDArray[np.uint64], owners: NDArray[np.int64]) -> None:
        import numpy as np

        parts = (hashes % np.uint64(_PARTS)).astype(np.int64)
        order = np.argsort(parts, kind="stable")
        rows = np.stack([hashes, owners.astype(np.uint64)], axis=1)[order]
        cuts = np.searchsorted(parts[order], np.arange(_PARTS + 1))
        for part, log in enumerate(self._runs):
            log.append(rows[cuts[part] : cuts[part + 1]].tobytes())

    def _roots(self) -> list[int]:
        parent = list(range(len(self._names)))

        def root(number: int) -> int:
            while parent[number] != number:
                parent[number] = number = parent[parent[number]]
            return number

        for one, other in self._all_links():
            parent[root(one)] = root(other)
        return [root(number) for number in parent]

    def _all_links(self) -> Iterator[list[int]]:
        import numpy as np

        yield from np.frombuffer(self._links.read(0, self._links.size), dtype=np.int64).reshape(-1, 2).tolist()
        for log in self._runs:
            rows = np.frombuffer(log.read(0, log.size), dtype=np.uint64).reshape(-1, 2)
            rows = rows[np.argsort(rows[:, 0], kind="stable")]
            same = np.flatnonzero(rows[1:, 0] == rows[:-1, 0])
            yield from np.unique(np.stack([rows[same, 1], rows[same + 1, 1]], axis=1), axis=0).tolist()

    def _all_names(self) -> Iterator[str]:
        for first in range(0, len(self._names), 2**16):
            yield from (name.decode("utf-8", "surrogatepass") for name in self._names.block(first, 2**16))


def groups(texts: Mapping[str, str] | Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return, for each article id, the id of its group: the smallest id of those that share text with each other.

    An article that shares with none is its own group.
    """
    found = Groups()
    pairs = list(texts.items() if isinstance(texts, Mapping) else texts)
    for first in range(0, len(pairs), _AT_A_TIME):
        some = pairs[first : first + _AT_A_TIME]
        found.add([name for name, _ in some], traits([text for _, text in some]))
    return dict(found.names())
