"""Gold spans that a pipeline could never find, because no tokens of one of its documents hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from liwa.arabic.tokenizer import ArabicTokenizer, tokenise
from liwa.records import Gold, Span
from liwa.training.carried import unit_of
from liwa.training.docs import passages_of

if TYPE_CHECKING:
    from spacy.language import Language


def lost(nlp: Language, golds: Iterable[Gold]) -> Iterator[tuple[Gold, Span]]:
    """Yield each gold, which needs its text, with each of its spans that crosses a passage or a token border."""
    unit = unit_of(nlp)
    for gold in golds:
        parts = [part for part in passages_of(gold, unit) if part.spans]
        held = {span for part in parts for span in _held(part, _tokens(nlp, part.text or ""))}
        yield from ((gold, span) for span in gold.spans if span not in held)


def _held(part: Gold, tokens: Sequence[tuple[int, int]]) -> Iterator[Span]:
    starts, ends = ({place + part.start for place in side} for side in zip(*tokens, strict=True))
    return (span for span in part.spans if span.start in starts and span.end in ends)


def _tokens(nlp: Language, text: str) -> list[tuple[int, int]]:
    """Return where the tokens of a text begin and end."""
    if isinstance(nlp.tokenizer, ArabicTokenizer):
        return tokenise(text)  # several times faster than to make a document
    return [(token.idx, token.idx + len(token)) for token in nlp.make_doc(text)]
