"""Groups of articles as they are written: articles through workers, what they share on the disk, one row each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from liwa import jsonl
from liwa.corpus.groups import Groups, Traits, traits
from liwa.corpus.identities import Identities
from liwa.corpus.read import Raw, parse
from liwa.engine.blobs import Blobs
from liwa.engine.outputs import Outputs
from liwa.engine.workers import Lost
from liwa.errors import LiwaError
from liwa.progress import say
from liwa.records import Article


@dataclass(frozen=True)
class Named:
    """Some articles: id, ``file:line`` and SHA-256 of each."""

    articles: list[tuple[str, str]]
    digests: list[bytes]


@dataclass(frozen=True)
class Read(Named):
    """The same, and what the articles are grouped by."""

    traits: Traits


def name_raw(raws: Sequence[Raw]) -> Named:
    """Read some articles for their names."""
    return _named(raws, [parse(raw) for raw in raws])


def read_raw(raws: Sequence[Raw]) -> Read:
    """Read some articles: what a worker does."""
    articles = [parse(raw) for raw in raws]
    named = _named(raws, articles)
    return Read(named.articles, named.digests, traits([article.text for article in articles]))


def _named(raws: Sequence[Raw], articles: Sequence[Article]) -> Named:
    names = [(article.id, raw.where) for article, raw in zip(articles, raws, strict=True)]
    return Named(names, [article.sha256.encode() for article in articles])


class GroupFiles:
    """Takes articles as they are read, and writes the groups of all to the output ``groups`` in the end.

    counts: of ``articles``, ``groups``, and ``failed``, those that could not be worked on, each of which is said on
    stderr. portions: how many articles each result had whose links are to be given.
    """

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._identities = Identities(outputs.store)
        self._digests = Blobs(outputs.store, "digests")
        self._groups = Groups(outputs.store)
        known = outputs.facts.get("sink", {})
        self.portions: list[int] = list(known.get("portions", ()))
        self.counts = Counter(known.get("counts", {}))

    def take(self, named: Named) -> None:
        """Keep some articles, and what they are grouped by if that was read; LiwaError for an id that came before."""
        self._identities.add(named.articles)
        self._digests.append(named.digests)
        names = [name for name, _ in named.articles]
        if isinstance(named, Read):
            self._groups.add(names, named.traits)
        else:
            self._groups.add(names, None)
            self.portions.append(len(names))

    def link(self, one: int, other: int) -> None:
        """Put two articles, by their numbers, into one group."""
        self._groups.link(one, other)

    def lose(self, lost: Lost[Any]) -> None:
        """Say which article could not be worked on, and why."""
        say(f"{lost.item.where}: left out: {lost.reason}")
        self.counts["failed"] += 1

    def facts(self) -> Mapping[str, Any]:
        """Return the sizes of the portions and the counts; all else is in the store."""
        return {"portions": self.portions, "counts": dict(self.counts)}

    def finish(self) -> None:
        """Write a row an article, in their order."""
        names = set()
        for number, (name, group) in enumerate(self._groups.names()):
            row = {"id": name, "sha256": self._digests[number].decode(), "group": group}
            self._outputs.write("groups", f"{jsonl.dumps(row)}\n".encode())
            names.add(group)
        self.counts.update({"articles": len(self._identities), "groups": len(names)})


def read_groups(path: str | Path) -> dict[str, str]:
    """Return the group of each article by its id, as `GroupFiles` wrote it; LiwaError for a row that is none."""
    return dict(_rows(path))


def _rows(path: str | Path) -> Iterator[tuple[str, str]]:
    for where, row in jsonl.read(path):
        if not isinstance(row.get("id"), str) or not isinstance(row.get("group"), str):
            found = ", ".join(row)
            raise LiwaError(f"expected an id and a group, found {found}", where=where, hint="Write it with liwa groups")
        yield row["id"], row["group"]
