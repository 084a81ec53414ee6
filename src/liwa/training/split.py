"""Train, dev and test parts by group, so that no reprinted statement stands on both sides.

Articles of one group (a shared press statement, a story in two outlets, a group that the manifest names) stay
together. The assignment is kept by article id and SHA-256, so that it can be committed and used without the texts.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from liwa import jsonl
from liwa.annotations.gold import merge
from liwa.annotations.rows import to_row
from liwa.corpus.groups import groups
from liwa.errors import LiwaError
from liwa.records import Gold

PARTS: Final = ("train", "dev", "test")

RANDOM_SPLITS: Final = 100
"""Random splits drawn to say what leakage splitting without groups would have had."""


@dataclass(frozen=True)
class Assignment:
    """Where one article goes: its identity, its group and its part."""

    article: str
    sha256: str
    group: str
    part: str


@dataclass(frozen=True)
class SplitReport:
    """What a split did: sizes per part, the groups of several articles, and the leakage without grouping.

    random_leakage: mean share of test articles with a group mate in training, over random splits by article.
    """

    articles: Mapping[str, int]
    spans: Mapping[str, int]
    grouped: Mapping[str, list[str]]
    random_leakage: float


def split(
    golds: Iterable[Gold],
    *,
    shares: Sequence[float] = (0.7, 0.1, 0.2),
    seed: int = 0,
    stratify: str = "",
    groups: Mapping[str, str] | None = None,
) -> list[Assignment]:
    """Assign every article of hydrated gold to train, dev or test, by group; same input and seed, same result.

    shares: of the words, for train, dev and test. stratify: a meta field each of whose values is divided alike.
    groups: those of a larger corpus, found before. Raises LiwaError where there are fewer groups than parts, no article
    has that field, or the groups lack an article.
    """
    articles = merge(golds)
    _check_field(articles, stratify)
    group_of = group(articles, groups)
    assigned: dict[str, str] = {}
    for stratum in _strata(articles, group_of, stratify):
        assigned |= _deal(stratum, shares, seed)
    if missing := [p for p, share in zip(PARTS, shares, strict=True) if share and p not in assigned.values()]:
        raise LiwaError(
            f"{len(set(group_of.values()))} groups of articles are too few: nothing is left for {', '.join(missing)}",
            hint="Add articles, or change --shares",
        )
    return [Assignment(g.article, g.sha256, group_of[g.article], assigned[group_of[g.article]]) for g in articles]


def group(articles: Iterable[Gold], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the group of each article: near-duplicates together, and together with those the manifest groups.

    known: the groups of near-duplicates, found before.
    """
    texts: dict[str, str] = {}
    named: dict[str, list[str]] = defaultdict(list)
    for gold in articles:
        if gold.text is None:
            raise LiwaError(
                f"article {gold.article} has no text, and groups are found in texts",
                where=gold.where,
                hint="Name the texts with --texts, or run liwa gold load first",
            )
        texts[gold.article] = gold.text
        named[str(gold.meta.get("group") or "")].append(gold.article)
    found = groups(texts) if known is None else {article: _known_group(article, known) for article in texts}
    return _join(found, [ids for name, ids in named.items() if name])


def _known_group(article: str, known: Mapping[str, str]) -> str:
    if article not in known:
        raise LiwaError(f"article {article} is in no group", hint="Run liwa groups on all articles")
    return known[article]


def read_assignments(path: str | Path) -> list[Assignment]:
    """Read assignments from JSONL, or raise LiwaError for a row that is none."""
    found = []
    for where, row in jsonl.read(path):
        try:
            found.append(Assignment(**row))
        except TypeError:
            raise LiwaError(
                f"expected the keys {', '.join(Assignment.__dataclass_fields__)}, found {', '.join(row)}", where=where
            ) from None
    return found


def apply(golds: Iterable[Gold], assignments: Iterable[Assignment]) -> dict[str, list[Gold]]:
    """Divide gold by committed assignments; an article without one, or with another text, is a LiwaError."""
    by_id = {a.article: a for a in assignments}
    parts: dict[str, list[Gold]] = {part: [] for part in PARTS}
    for gold in golds:
        assignment = by_id.get(gold.article)
        if assignment is None or assignment.sha256 != gold.sha256:
            problem = "has no assignment" if assignment is None else "has another text than its assignment"
            raise LiwaError(
                f"article {gold.article} {problem}", where=gold.where, hint="Split anew with the texts, without --by"
            )
        parts.setdefault(assignment.part, []).append(gold)
    return parts


def write(parts: Mapping[str, list[Gold]], assignments: Iterable[Assignment], folder: str | Path) -> None:
    """Write one JSONL file of rows a part, and ``split.jsonl`` with the assignments."""
    for part, golds in parts.items():
        jsonl.write(Path(folder) / f"{part}.jsonl", (to_row(gold) for gold in golds))
    jsonl.write(Path(folder) / "split.jsonl", map(asdict, sorted(assignments, key=lambda a: a.article)))


def report(parts: Mapping[str, Sequence[Gold]], assignments: Sequence[Assignment], *, seed: int = 0) -> SplitReport:
    """Count what a split did and estimate what a random one would have leaked."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for assignment in assignments:
        grouped[assignment.group].append(assignment.article)
    return SplitReport(
        articles={part: len({g.article for g in golds}) for part, golds in parts.items()},
        spans={part: sum(len(g.spans) for g in golds) for part, golds in parts.items()},
        grouped={name: sorted(ids) for name, ids in sorted(grouped.items()) if len(ids) > 1},
        random_leakage=random_leakage(assignments, seed=seed),
    )


def random_leakage(assignments: Sequence[Assignment], *, seed: int = 0) -> float:
    """Return the mean share of test articles that random splits by article would have given a mate in training."""
    rng = random.Random(seed)
    sizes = Counter(a.part for a in assignments)
    leaks = []
    for _ in range(RANDOM_SPLITS):
        drawn = rng.sample(list(assignments), len(assignments))
        test, train = drawn[: sizes["test"]], drawn[len(drawn) - sizes["train"] :]
        known = {a.group for a in train}
        leaks.append(sum(a.group in known for a in test) / max(1, len(test)))
    return sum(leaks) / len(leaks)


def _check_field(articles: Iterable[Gold], field: str) -> None:
    known = sorted({name for gold in articles for name in gold.meta})
    if field and field not in known:
        hint = f"Name one of {', '.join(known)}" if known else "The gold has no meta fields"
        raise LiwaError(f"no article has the field {field} in its meta", hint=hint)


def _strata(articles: Iterable[Gold], group_of: Mapping[str, str], field: str) -> list[dict[str, int]]:
    """Return the words of each group, group by group, apart for each value of a meta field."""
    strata: dict[str, Counter[str]] = defaultdict(Counter)
    value_of: dict[str, str] = {}
    for gold in articles:
        name = group_of[gold.article]
        value = value_of.setdefault(name, str(gold.meta.get(field, "")) if field else "")
        strata[value][name] += len((gold.text or "").split())
    return [dict(strata[value]) for value in sorted(strata)]


def _deal(words: Mapping[str, int], shares: Sequence[float], seed: int) -> dict[str, str]:
    """Give each group, in an order drawn from the seed, to the part that lacks most of its share."""
    got = dict.fromkeys(PARTS, 0)
    total = sum(words.values())
    dealt = {}
    for name in sorted(words, key=lambda n: hashlib.sha256(f"{seed}:{n}".encode()).hexdigest()):
        want = dict(zip(PARTS, shares, strict=True))
        part = max(PARTS, key=lambda p: (want[p] * total - got[p]) / max(want[p], 1e-9) if want[p] else -1e18)
        got[part] += words[name]
        dealt[name] = part
    return dealt


def _join(group_of: Mapping[str, str], named: Iterable[Sequence[str]]) -> dict[str, str]:
    """Merge groups that the manifest says belong together; the smallest name stands for all."""
    joined = dict(group_of)
    for ids in named:
        together = {joined[i] for i in ids}
        smallest = min(together)
        joined = {i: smallest if g in together else g for i, g in joined.items()}
    return joined
