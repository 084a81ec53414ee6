"""Gold spans that a pipeline could never find, because no tokens of one of its documents hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from liwa.records import Gold, Span
from liwa.training.carried import unit_of
from liwa.training.docs import annotate, passages_of

if TYPE_CHECKING:
    from spacy.language import Language


def lost(nlp: Language, golds: Iterable[Gold]) -> Iterator[tuple[Gold, Span]]:
    """Yield each gold, which needs its text, with each of its spans that crosses a passage or a token border."""
    for gold in golds:
        parts = [replace(part, relations=()) for part in passages_of(gold, unit_of(nlp))]
        held = {span for part in parts for span in part.spans}
        cut = {span for part in parts for span in annotate(nlp.make_doc(part.text or ""), part)}
        yield from ((gold, span) for span in gold.spans if span not in held or span in cut)
