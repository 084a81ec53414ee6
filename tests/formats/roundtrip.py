"""What each registered format is held to: there and back is the identity, less what the losses account for.

A format that is registered and not in `HOLDS` fails. Its round trip is then tested by itself (test_roundtrip.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from liwa.annotations.texts import attach
from liwa.arabic.tokenizer import tokenise
from liwa.findings import Finding, stop
from liwa.formats.base import FEATURES, Format, Settings
from liwa.formats.fit import fit
from liwa.formats.losses import Loss, Losses
from liwa.formats.place import Places
from liwa.passages import paragraphs
from liwa.records import Article, Gold, Relation, sha256
from tests import strategies

ALL: Final = frozenset(FEATURES)


@dataclass(frozen=True)
class Case:
    """One format: what it holds, and what its reader makes of gold beyond what the losses say.

    name: of the file or folder that is written. read_back: changes gold as it must come back, None where nothing can.
    whole: it can write whole articles only.
    """

    name: str
    holds: frozenset[str]
    read_back: Callable[[Gold], Gold | None] = lambda gold: gold
    whole: bool = False


def in_words(gold: Gold) -> Gold | None:
    """Return gold with one space between tokens and one line feed between paragraphs; None without any token."""
    text = gold.text or ""
    lines = [text[slice(*line)] for line in paragraphs(text)]
    words = [" ".join(t for a, b in tokenise(line) if (t := line[a:b]).strip()) for line in lines]
    joined = "\n".join(words)
    moved = Places([Article(sha256(joined)[:12], joined)], exact=False).find(gold)
    return moved and replace(moved, start=0)


HOLDS: Final = {
    "brat": Case("brat", frozenset({"text", "spans", "relations", "article"})),
    "conll": Case("gold.conll", frozenset({"spans"}), read_back=in_words),
    "doccano": Case("gold.doccano.jsonl", ALL - {"answers", "fields"}),
    "labelstudio": Case("labelstudio", ALL - {"fields"}),
    "datasets": Case("dataset", ALL - {"answers", "fields"}),
    "parquet": Case("gold.parquet", ALL - {"answers", "fields"}),
    "prodigy": Case("gold.jsonl", ALL),
    "spacy": Case("gold.spacy", ALL - {"answers", "fields"}),
    "standoff": Case("gold.standoff.jsonl", ALL - {"answers", "fields"}, whole=True),
    "webanno": Case("webanno", frozenset({"text", "spans", "relations", "article"})),
    "webannotation": Case("webannotation", ALL - {"answers", "fields"}),
    "xmi": Case("xmi", ALL - {"answers", "fields"}),
}
"""Every registered format; a line lacking here fails the tests."""


@st.composite
def documents(draw: st.DrawFn, *, whole: bool = False) -> list[Gold]:
    """Return one to three golds of articles of their own, whose texts have all that shifts offsets."""
    golds = draw(st.lists(strategies.golds(whole=whole), min_size=1, max_size=3, unique_by=lambda g: g.text))
    ids = draw(st.lists(st.sampled_from(ARTICLES), min_size=len(golds), max_size=len(golds), unique=True))
    return [replace(gold, article=article) for gold, article in zip(golds, ids, strict=True)]


ARTICLES: Final = ("a", "خبر-١", "b c", "x/y", "1%2F", ".d")
"""Ids of articles, some of which are no file names."""


def there_and_back(format: Format, golds: Sequence[Gold], path: Path) -> tuple[list[Gold], list[Gold], Losses]:
    """Write gold and read it again: what came back, what must come back, and the losses."""
    losses = Losses()
    settings = Settings(articles=[Article(g.article, g.text or "") for g in golds if g.start == 0])
    fitted = [fit(gold, format, losses) for gold in golds]
    before = len(losses)
    format.write(fitted, path, losses, settings)
    lost = {replace(loss, why="") for loss in losses.rows[before:]}
    back = [_attached(gold, settings) for gold in format.read(path, no_finding)]
    return back, [_less(gold, lost) for gold in fitted], losses


def _attached(gold: Gold, settings: Settings) -> Gold:
    """Return gold with its text, as a conversion would find it among the articles."""
    if gold.text is not None:
        return gold
    article = settings.texts.find(gold)
    found = attach(gold, article, stop) if article else None
    assert found
    return found


def _less(gold: Gold, lost: set[Loss]) -> Gold:
    """Return gold without the spans, relations and meta that a writer said it could not write."""

    def is_lost(kind: str, what: str, start: int | None = None, end: int | None = None) -> bool:
        return Loss(kind, "", gold.article, start, end, what) in lost

    def is_lost_link(link: Relation) -> bool:
        head, child = link.head, link.child
        return Loss("relations", "", gold.article, *head[:2], link.label, child[:2]) in lost

    return replace(
        gold,
        spans=tuple(s for s in gold.spans if not is_lost("spans", s.label, *s[:2])),
        relations=tuple(r for r in gold.relations if not is_lost_link(r)),
        meta={key: value for key, value in gold.meta.items() if not is_lost("meta", key)},
    )


def no_finding(finding: Finding) -> None:
    """Fail for any finding, notes too: our own files leave nothing out."""
    raise AssertionError(str(finding))
