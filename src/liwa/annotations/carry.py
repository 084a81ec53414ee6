"""An answer is copied by offset onto a near-duplicate passage, as far as the two passages say the same.

What is copied is known; the rest of the new passage stays unannotated, never negative.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from liwa.annotations.rows import to_row
from liwa.arabic.tokenizer import tokenise
from liwa.records import Gold, Range, Relation, Span, sha256, union


class Carried(NamedTuple):
    """An answer on another passage, and what of it could not be copied, in offsets of the first article.

    gold: its ranges are the spans, and the tokens that both passages share, less those of the lost spans.
    """

    gold: Gold
    lost_spans: tuple[Span, ...]
    lost_relations: tuple[Relation, ...]

    @property
    def complete(self) -> bool:
        """Whether the whole new passage is annotated and nothing was lost."""
        whole = (Range(self.gold.start, self.gold.end),)
        return self.gold.ranges == whole and not self.lost_spans and not self.lost_relations


class _Token(NamedTuple):
    """A token of the answered passage that the new one shares, and where it begins there."""

    start: int
    end: int
    target: int


def carry(
    answer: Gold,
    target_text: str,
    *,
    article: str = "",
    sha: str = "",
    start: int = 0,
    meta: Mapping[str, Any] | None = None,
) -> Carried:
    """Copy an answer, which must have its text, onto another text.

    A span is copied where its characters stand unchanged in tokens that both texts share in order (difflib), a
    relation where both its ends were copied. article, sha, start: identity of the article that the text is part of,
    and its offset there; by default the text is an article of its own.
    """
    assert answer.text is not None, f"{answer.article} has no text yet"
    tokens = _matched(answer.text, target_text)
    moved = {span: _moved(span, answer, tokens, target_text, start) for span in answer.spans}
    spans = tuple(sorted(new for new in moved.values() if new))
    lost = tuple(span for span, new in moved.items() if new is None)
    known = _known(answer, tokens, lost, target_text, start)
    relations = [(r, moved.get(r.head), moved.get(r.child)) for r in answer.relations]
    digest = sha or sha256(target_text)
    gold = Gold(
        article=article or digest[:12],
        sha256=digest,
        ranges=union([*known, *(Range(s.start, s.end) for s in spans)]),
        spans=spans,
        relations=tuple(sorted(Relation(head, child, r.label) for r, head, child in relations if head and child)),
        text=target_text,
        start=start,
        meta=dict(meta or {}),
    )
    return Carried(gold, lost, tuple(r for r, head, child in relations if not (head and child)))


def carry_rows(answers: Iterable[Gold], tasks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[dict[str, Any], Carried]]:
    """Yield a row and what was lost for each task that repeats an answered passage (``meta.duplicate_of``).

    The row's meta says ``carried_from`` and, unless all was copied, the ranges that are annotated: text that the first
    passage lacks still asks for an annotator.
    """
    by_article: dict[str, list[Gold]] = {}
    for gold in answers:
        by_article.setdefault(gold.article, []).append(gold)
    for task in tasks:
        said = task.get("meta")
        meta: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
        origin = meta.get("duplicate_of")
        if origin and (answer := _answer(by_article.get(origin["article"], ()), Range(origin["start"], origin["end"]))):
            kept = {k: v for k, v in meta.items() if k not in ("article", "sha256", "start", "end", "duplicate_of")}
            carried = carry(
                answer,
                task["text"],
                article=meta["article"],
                sha=meta["sha256"],
                start=meta["start"],
                meta={**kept, "carried_from": origin},
            )
            yield to_row(carried.gold), carried


def _answer(golds: Iterable[Gold], window: Range) -> Gold | None:
    """Return the part of the first answer that annotates a window wholly."""
    for gold in golds:
        if gold.text is not None and any(r.holds(window) for r in union(gold.ranges)):
            return gold.within(window)
    return None


def _matched(source: str, target: str) -> list[_Token]:
    ours, theirs = tokenise(source), tokenise(target)
    words = [source[s:e] for s, e in ours], [target[s:e] for s, e in theirs]
    blocks = SequenceMatcher(None, *words, autojunk=False).get_matching_blocks()
    return [_Token(*ours[block.a + i], theirs[block.b + i][0]) for block in blocks for i in range(block.size)]


def _moved(span: Span, answer: Gold, tokens: list[_Token], target: str, start: int) -> Span | None:
    """Return the span in offsets of the new article, or None where its characters do not stand there."""
    at = Range(span.start - answer.start, span.end - answer.start)
    covering = [t for t in tokens if t.start < at.end and at.start < t.end]
    if not covering or covering[0].start > at.start or covering[-1].end < at.end:
        return None
    begin = covering[0].target + at.start - covering[0].start
    if target[begin : begin + len(span_text := answer.surface(span))] != span_text:
        return None
    return Span(start + begin, start + begin + len(span_text), span.label)


def _known(answer: Gold, tokens: list[_Token], lost: tuple[Span, ...], target: str, start: int) -> tuple[Range, ...]:
    """Return the ranges of the new text that the answer speaks of: shared, annotated, and touched by no lost span."""
    known = []
    for token in tokens:
        at = Range(token.start + answer.start, token.end + answer.start)
        annotated = any(r.holds(at) for r in answer.ranges)
        if annotated and not any(s.start < at.end and at.start < s.end for s in lost):
            known.append(Range(token.target, token.target + token.end - token.start))
    joined = [known[0]] if known else []
    for r in known[1:]:
        if target[joined[-1].end : r.start].strip():
            joined.append(r)
        else:
            joined[-1] = Range(joined[-1].start, r.end)
    return tuple(Range(r.start + start, r.end + start) for r in joined)
