"""Gold held against the rules: one small function a rule, listed in tables, and a report of what was found."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from liwa.annotations import rules
from liwa.annotations.gold import Paths, contradiction, read_gold, shared_ranges
from liwa.annotations.hashes import input_hash
from liwa.annotations.parse import is_integer, named, plain_range
from liwa.annotations.texts import Texts, attach, is_proved
from liwa.arabic.tokenizer import tokenise
from liwa.findings import Finding, Rule
from liwa.passages import paragraphs
from liwa.records import Gold, Range, Relation, Span
from liwa.scheme import Scheme

Check = Callable[[Gold, Scheme], Iterator[Finding]]

LINE_BREAKS: Final = frozenset("\n\r\v\f\x85\u2028\u2029")


@dataclass(frozen=True)
class Report:
    """What a check found and how much it looked at.

    unverified: rows whose text is not at hand, or which are passages of an article that is not, so that neither the
    text nor what depends on it could be verified.
    """

    findings: Sequence[Finding]
    rows: int
    articles: int
    spans: int
    relations: int
    unverified: int

    @property
    def summary(self) -> str:
        """One line: what was looked at, and how many rows could not be verified."""
        looked = f"{self.rows} rows of {self.articles} articles, {self.spans} spans, {self.relations} relations"
        return f"{looked}; {self.unverified} rows not verified for want of texts"


def check(
    paths: Paths, scheme: Scheme, *, texts: Texts | Iterable[str] | None = None, require_texts: bool = False
) -> Report:
    """Hold gold files and folders against every rule; LiwaError only for what cannot be read at all.

    texts: where the articles of stand-off gold and of passages are found. require_texts: make each row that cannot
    be verified for want of its article an error.
    """
    library = texts if isinstance(texts, Texts) else Texts.read(texts or ())
    findings: list[Finding] = []
    rows: list[Gold] = []
    unverified: list[Gold] = []
    for gold in read_gold(paths, report=findings.append):
        article = library.find(gold)
        seen = (attach(gold, article, findings.append) or gold) if article else gold
        if not (article or is_proved(gold)):
            unverified.append(gold)
        for rule in (*BY_SCHEME, *(BY_TEXT if seen.text is not None else ())):
            findings += rule(seen, scheme)
        rows.append(seen)
    findings += _across(rows)
    findings += _required(unverified) if require_texts else _missing(unverified)
    return Report(
        findings=findings,
        rows=len(rows),
        articles=len({gold.article for gold in rows}),
        spans=sum(len(gold.spans) for gold in rows),
        relations=sum(len(gold.relations) for gold in rows),
        unverified=len(unverified),
    )


def unknown_label(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find spans whose label the scheme lacks."""
    for span in gold.spans:
        if span.label not in scheme.labels:
            labels = ", ".join(scheme.labels)
            yield _finding(rules.UNKNOWN_LABEL, f"expected {labels}, found {span.label}", gold, span)


def unknown_relation(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find relations whose type the scheme lacks."""
    for relation in gold.relations:
        if relation.label not in scheme.relations:
            kinds = ", ".join(scheme.relations) or "no relations"
            yield _finding(rules.UNKNOWN_RELATION, f"expected {kinds}, found {relation.label}", gold, relation.head)


def bad_signature(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find relations that link labels which their type does not link, in their direction."""
    for relation in gold.relations:
        kind = scheme.relations.get(relation.label)
        head, child = relation.head.label, relation.child.label
        if kind and {head, child} <= set(scheme.labels) and not kind.allows(head, child):
            expected = f"{' or '.join(kind.head)} to {' or '.join(kind.child)}"
            message = f"{relation.label} goes from {expected}, found {head} to {child}"
            yield _finding(rules.BAD_SIGNATURE, message, gold, relation.head)


def self_relation(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find relations of a span to itself."""
    for relation in gold.relations:
        if relation.head == relation.child:
            yield _finding(rules.SELF_RELATION, f"{relation.label} links a span to itself", gold, relation.head)


def double_relation(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find relations that are given twice."""
    for relation, times in Counter(gold.relations).items():
        if times > 1:
            yield _finding(rules.DOUBLE_RELATION, f"{_link(relation)} is given {times} times", gold, relation.head)


def no_digest(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find rows that name an article by its id alone, or say their place in one that they do not name."""
    if not gold.sha256:
        yield _finding(rules.NO_DIGEST, "the meta does not say the SHA-256 of the article", gold)


def cross_paragraph(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find relations whose ends stand in two paragraphs."""
    blocks = [Range(b.start + gold.start, b.end + gold.start) for b in paragraphs(gold.text or "")]
    for relation in gold.relations:
        # An end that itself crosses a line break is a finding of its own.
        if not any(_touches(b, relation.head) and _touches(b, relation.child) for b in blocks):
            yield _finding(rules.CROSS_PARAGRAPH, f"{_link(relation)} crosses a line break", gold, relation.head)


def span_edge(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find spans that begin or end with white space, punctuation or an invisible character."""
    for span in gold.spans:
        if edges := [c for c in _edges(gold, span) if _is_edge(c)]:
            names = " and ".join(unicodedata.name(c, f"U+{ord(c):04X}") for c in edges)
            yield _finding(rules.SPAN_EDGE, f"{named(span)} has {names} at its ends", gold, span)


def span_line_break(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find spans that hold a line break."""
    for span in gold.spans:
        if LINE_BREAKS & set(gold.surface(span)[1:-1]):
            yield _finding(rules.SPAN_LINE_BREAK, f"{named(span)} goes over a line break", gold, span)


def not_aligned(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find spans that begin or end inside a token, as an offset shifted by an emoji or a mark does."""
    tokens = tokenise(gold.text or "")
    starts, ends = {start + gold.start for start, _ in tokens}, {end + gold.start for _, end in tokens}
    for span in gold.spans:
        inside = [end for end, borders in (("begins", starts), ("ends", ends)) if span[end == "ends"] not in borders]
        if inside and not any(_is_edge(c) for c in _edges(gold, span)):
            yield _finding(rules.NOT_ALIGNED, f"{named(span)} {' and '.join(inside)} inside a token", gold, span)


def hash_differs(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find rows whose input hash is not that of their text."""
    said = gold.extra.get("_input_hash")
    if said is not None and gold.extra.get("text") == gold.text and said != input_hash(gold.text or ""):
        yield _finding(rules.HASH_DIFFERS, f"expected _input_hash {input_hash(gold.text or '')}, found {said}", gold)


def tokens_differ(gold: Gold, scheme: Scheme) -> Iterator[Finding]:
    """Find tokens of a row that are not in its text, and token indices that are not those of the offsets."""
    if gold.extra.get("text") != gold.text or not isinstance(gold.extra.get("tokens"), list):
        return
    tokens = [plain_range(token) for token in gold.extra["tokens"]]
    wrong = _wrong_token(gold, tokens)
    if wrong is not None:
        yield _finding(rules.TOKENS_DIFFER, f"token {wrong} does not stand in the text as the row says", gold)
        return
    for place, key, value in _indices(gold.extra):
        expected = place.start if key == "token_start" else place.end
        token = tokens[value] if is_integer(value) and 0 <= value < len(tokens) else None
        if token is None or expected != (token.start if key == "token_start" else token.end):
            at = Range(place.start + gold.start, place.end + gold.start)
            yield _finding(rules.TOKENS_DIFFER, f"{key} {value} is another token than the offsets say", gold, at)


BY_SCHEME: Final[tuple[Check, ...]] = (
    unknown_label,
    unknown_relation,
    bad_signature,
    self_relation,
    double_relation,
    no_digest,
)
"""The rules that need no text."""

BY_TEXT: Final[tuple[Check, ...]] = (
    cross_paragraph,
    span_edge,
    span_line_break,
    not_aligned,
    hash_differs,
    tokens_differ,
)
"""The rules that need the text."""


def _across(rows: Iterable[Gold]) -> Iterator[Finding]:
    """Find what is wrong between the rows of one article."""
    articles: dict[str, list[Gold]] = defaultdict(list)
    for gold in rows:
        articles[gold.article].append(gold)
    for parts in articles.values():
        for one, other in combinations(parts, 2):
            yield from _between(one, other)


def _between(one: Gold, other: Gold) -> Iterator[Finding]:
    if one.sha256 and other.sha256 and one.sha256 != other.sha256:
        yield _finding(rules.TWO_TEXTS, f"the article has another SHA-256 here than in {one.where}", other)
    elif clash := contradiction(one, other):
        yield _finding(rules.ANNOTATED_TWICE, f"another answer than in {one.where}", other, clash)
    elif again := shared_ranges(one, other):
        yield _finding(rules.REPEATED, f"the same answer as in {one.where}", other, again[0])


def _missing(rows: Iterable[Gold]) -> Iterator[Finding]:
    """Say once a file how many of its rows could not be verified."""
    # A row without SHA-256 has a finding of its own.
    for file, count in Counter(gold.where.rpartition(":")[0] for gold in rows if gold.sha256).items():
        yield Finding(rules.TEXT_MISSING, f"{count} rows could not be verified for want of their articles", file)


def _required(rows: Iterable[Gold]) -> Iterator[Finding]:
    for gold in rows:
        yield _finding(rules.TEXT_REQUIRED, "the article is not at hand, so the row could not be verified", gold)


def _finding(rule: Rule, message: str, gold: Gold, at: Range | Span | None = None) -> Finding:
    start, end = (at.start, at.end) if at else (None, None)
    return Finding(rule, message, gold.where, gold.article, start, end)


def _link(relation: Relation) -> str:
    return f"{relation.label} from {named(relation.head)} to {named(relation.child)}"


def _touches(block: Range, span: Span) -> bool:
    return span.start < block.end and block.start < span.end


def _edges(gold: Gold, span: Span) -> str:
    surface = gold.surface(span)
    return surface[0] + surface[-1] if len(surface) > 1 else surface


def _is_edge(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] in "PZC"


def _wrong_token(gold: Gold, tokens: Sequence[Range | None]) -> int | None:
    text, rows = gold.text or "", gold.extra["tokens"]
    pairs = enumerate(zip(tokens, rows, strict=True))
    return next((n for n, (t, row) in pairs if t is None or text[t.start : t.end] != row.get("text")), None)


def _indices(row: Mapping[str, Any]) -> Iterator[tuple[Range, str, Any]]:
    """Yield every token index that a row's spans and relations give, with the range it should belong to."""
    for value in row.get("spans") or ():
        if place := plain_range(value):
            yield from ((place, key, value[key]) for key in ("token_start", "token_end") if key in value)
    for value in row.get("relations") or ():
        for side in ("head", "child"):
            place = plain_range(value.get(f"{side}_span")) if isinstance(value, Mapping) else None
            if place and side in value:
                yield place, side, value[side]
