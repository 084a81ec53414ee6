"""Gold that breaks no rule but looks like a mistake: the guesses of a careful second reader.

All of it is found from the gold itself; nothing here knows the name of a label. Surfaces are compared token by token,
by their normal spelling, so that one in another spelling or behind a proclitic is the same.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final, NamedTuple

from liwa.annotations import rules
from liwa.annotations.disagreements import marked
from liwa.annotations.parse import named
from liwa.arabic.clitics import after_lam
from liwa.arabic.orthography import LETTERS, MARKS, TATWEEL, bare, normalise
from liwa.arabic.tokenizer import tokenise
from liwa.findings import Finding, Rule
from liwa.records import Gold, Range, Span
from liwa.scheme import Scheme

SHARE: Final = 0.8
"""The share of spans of one label that a span of another must follow directly for its absence to be suspect."""

SUPPORT: Final = 10
"""How many spans such a share is taken from at least."""

LETTERS_OF_REPEAT: Final = 4
"""Shorter surfaces repeat by chance."""

CLITICS: Final = frozenset("وفبلكس")

_ARABIC: Final = re.compile(rf"[{LETTERS}][{LETTERS}{MARKS}{TATWEEL}]+")

# Words that often stand behind a title and are no name: particles, pronouns, and what news says of people.
_NO_NAMES: Final = """
في من إلى على عن مع بين بعد قبل عند منذ خلال حتى ضد دون بدون لدى نحو تحت فوق أمام خلف حول عبر أثناء رغم
الذي التي الذين اللذان اللواتي هذا هذه ذلك تلك هو هي هم أن إن أنه إنه لكن بل ثم أو أم إذا كما حيث بينما عندما
لا لم لن ما ليس ليست قد لقد كان كانت كانوا يكون تكون أصبح ظل بات هناك أيضا فقط كل بعض غير سوى ذات ذو
قال قالت يقول أكد أكدت يؤكد أضاف أضافت أوضح أعلن أعلنت صرح أشار أشارت ذكر ذكرت أفاد أفادت كشف نفى دعا طالب
شدد حذر وصل وصلت زار تفقد التقى بحث ناقش شارك حضر قتل أصيب استشهد قاد يقود تولى عين تسلم غادر عاد بدأ واصل
السابق السابقة الحالي الجديد الجديدة الأسبق المتقاعد المنشق الراحل المذكور الأول الثاني الثالث الآخر
"""


class Word(NamedTuple):
    """A token of a text that is not white space, in article offsets, with its normal spelling."""

    start: int
    end: int
    norm: str


class Surface(NamedTuple):
    """Some words of a page, from one index to another, exclusive."""

    first: int
    last: int
    norms: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """One row of gold with its text, token by token."""

    gold: Gold

    @cached_property
    def words(self) -> list[Word]:
        """The tokens of the text, annotated or not."""
        return list(words(self.gold))

    @cached_property
    def labelled(self) -> dict[Span, Surface]:
        """The surfaces of the spans that begin and end with a token."""
        return {span: surface for span in self.gold.spans if (surface := self._surface(span))}

    @cached_property
    def free(self) -> list[bool]:
        """For each word, whether it touches no span."""
        ends = [span.end for span in self.gold.spans]
        return [not _touched(word, self.gold.spans, ends) for word in self.words]

    def line(self, first: int, last: int) -> Range | None:
        """Return the range from one word to another, exclusive, if it is within a line and an annotated range."""
        place = Range(self.words[first].start, self.words[last - 1].end)
        whole = any(r.holds(place) for r in self.gold.ranges)
        return place if whole and len(self.gold.surface(place).splitlines()) == 1 else None

    def follows(self, span: Span) -> Range | None:
        """Return the word directly behind a span, with nothing but a space between."""
        at = bisect_left(self.words, span.end, key=lambda w: w.start)
        if at == len(self.words) or not 0 < self.words[at].start - span.end < 3:
            return None
        between = self.gold.surface(Range(span.end, self.words[at].start))
        return None if "\n" in between else self.line(at, at + 1)

    def _surface(self, span: Span) -> Surface | None:
        first = bisect_left(self.words, span.start, key=lambda w: w.start)
        last = bisect_right(self.words, span.end, key=lambda w: w.end)
        if first >= last or self.words[first].start != span.start or self.words[last - 1].end != span.end:
            return None
        return Surface(first, last, tuple(w.norm for w in self.words[first:last]))


class Suspects(NamedTuple):
    """What looks like a mistake, and how many rows could not be read for want of their text."""

    findings: list[Finding]
    unread: int


def suspects(golds: Iterable[Gold], scheme: Scheme) -> Suspects:
    """Find what looks like a mistake in gold; the findings of `rules.UNLABELLED_ELSEWHERE` come last.

    Spans and repeats are judged in rows that have their text, signatures in all.
    """
    rows = list(golds)
    pages = [Page(gold) for gold in rows if gold.text is not None]
    seen = Surfaces(pages)
    found = [
        *two_labels(pages, seen),
        *unlabelled_neighbours(pages),
        *unlabelled_repeats(pages, seen),
        *clitics_in_spans(pages, seen),
    ]
    found.sort(key=lambda f: (f.rule is rules.UNLABELLED_ELSEWHERE, f.article, f.start or 0, f.rule.id))
    return Suspects([*found, *unused_signatures(rows, scheme)], len(rows) - len(pages))


def in_context(findings: Iterable[Finding], golds: Iterable[Gold]) -> list[Finding]:
    """Return findings whose messages show the words around the place, for a terminal; where the text is at hand."""
    rows = {(gold.where, gold.article): gold for gold in golds}
    return [_in_context(finding, rows.get((finding.where, finding.article))) for finding in findings]


def words(gold: Gold) -> Iterator[Word]:
    """Yield the tokens of gold with its text; a word in ل behind the preposition ل is normalised whole."""
    text = gold.text or ""
    before = (0, 0)
    for start, end in tokenise(text):
        token = text[start:end]
        if not token.isspace():
            lam = before[1] == start and bare(text[slice(*before)]) == "ل" and len(bare(token)) > 1
            norm = (after_lam(token) if lam and bare(token)[0] == "ل" else None) or normalise(token)
            yield Word(gold.start + start, gold.start + end, norm)
        before = (start, end)


class Surfaces:
    """The labelled surfaces of all pages: how often each has which label, in all and in each article."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self.labels: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        self.here: dict[tuple[str, tuple[str, ...]], Counter[str]] = defaultdict(Counter)
        for page in pages:
            for span, surface in page.labelled.items():
                self.labels[surface.norms][span.label] += 1
                self.here[page.gold.article, surface.norms][span.label] += 1

    @cached_property
    def first_words(self) -> set[tuple[str, str]]:
        """The first word of each surface with each of its labels."""
        return {(norms[0], label) for norms, labels in self.labels.items() for label in labels}

    @cached_property
    def repeatable(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        """The surfaces that are long enough to repeat, by their first word, longest first."""
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for norms in sorted(self.labels, key=len, reverse=True):
            if sum(c.isalpha() for norm in norms for c in norm) >= LETTERS_OF_REPEAT:
                found[norms[0]].append(norms)
        return found


def two_labels(pages: Iterable[Page], seen: Surfaces) -> Iterator[Finding]:
    """Find spans whose surface has another label as often or more often."""
    for page in pages:
        for span, surface in page.labelled.items():
            labels = seen.labels[surface.norms]
            others = {label: times for label, times in labels.items() if label != span.label}
            if others and max(others.values()) >= labels[span.label]:
                counted = ", ".join(f"{label} {times}" for label, times in sorted(others.items()))
                message = f"{named(span)}: the same words are {span.label} {labels[span.label]}, {counted} times"
                yield _finding(rules.TWO_LABELS, message, page.gold, span)


def unlabelled_neighbours(pages: Sequence[Page]) -> Iterator[Finding]:
    """Find what looks like a name directly behind a span, where spans of that label have one that is labelled.

    Which labels go in pairs is learnt from relations between neighbours: of the spans with the first label, `SHARE`
    must have the second directly behind.
    """
    total: Counter[str] = Counter(span.label for page in pages for span in page.gold.spans)
    pairs: Counter[tuple[str, str]] = Counter()
    related: set[tuple[str, str]] = set()
    for page in pages:
        starts = {span.start: span for span in page.gold.spans}
        links = {frozenset((r.head, r.child)) for r in page.gold.relations}
        for span in page.gold.spans:
            place = page.follows(span)
            if place and (after := starts.get(place.start)):
                pairs[span.label, after.label] += 1
                if frozenset((span, after)) in links:
                    related.add((span.label, after.label))
    expected = {x: y for x, y in related if total[x] >= SUPPORT and pairs[x, y] >= SHARE * total[x]}
    for page in pages:
        for span in page.gold.spans:
            place = page.follows(span) if span.label in expected else None
            if place and _may_be_name(page, place):
                message = f"no {expected[span.label]} behind {named(span)}"
                yield _finding(rules.UNLABELLED_NEIGHBOUR, message, page.gold, place)


def unlabelled_repeats(pages: Sequence[Page], seen: Surfaces) -> Iterator[Finding]:
    """Find unlabelled words that are a span elsewhere: in the article, or in another with the label in the majority."""
    repeats = [(page, surface, place) for page in pages for surface, place in _repeats(page, seen)]
    unlabelled = Counter(surface.norms for _, surface, _ in repeats)
    for page, surface, place in repeats:
        if here := seen.here.get((page.gold.article, surface.norms)):
            label, times = here.most_common(1)[0]
            message = f"the same words are {label} {times} times in this article"
            yield _finding(rules.UNLABELLED_REPEAT, message, page.gold, place)
            continue
        label, times = seen.labels[surface.norms].most_common(1)[0]
        of = seen.labels[surface.norms].total() + unlabelled[surface.norms]
        if 2 * times >= of:
            message = f"the same words are {label} at {times} of {of} places in other articles"
            yield _finding(rules.UNLABELLED_ELSEWHERE, message, page.gold, place)


def clitics_in_spans(pages: Iterable[Page], seen: Surfaces) -> Iterator[Finding]:
    """Find spans that begin with a clitic: without it they are a labelled surface, or begin like one."""
    for page in pages:
        for span, surface in page.labelled.items():
            for cut in _clitics(page, surface):
                rest = surface.norms[cut:]
                if rest in seen.labels or (rest[0], span.label) in seen.first_words:
                    message = f"{named(span)} begins with what may be a clitic; without it, it is labelled elsewhere"
                    yield _finding(rules.CLITIC_IN_SPAN, message, page.gold, span)
                    break


def unused_signatures(golds: Iterable[Gold], scheme: Scheme) -> Iterator[Finding]:
    """Find the signatures of the scheme that no relation has; ``where`` names the signature."""
    used = {(r.label, r.head.label, r.child.label) for gold in golds for r in gold.relations}
    for kind in scheme.relations.values():
        for signature in ((kind.name, head, child) for head in kind.head for child in kind.child):
            if signature not in used:
                name = "{} {}→{}".format(*signature)
                yield Finding(rules.UNUSED_SIGNATURE, f"{name} never occurs", name)


def _repeats(page: Page, seen: Surfaces) -> Iterator[tuple[Surface, Range]]:
    norms = [word.norm for word in page.words]
    at = 0
    while at < len(norms):
        found = next(_matches(page, norms, at, seen), None)
        if found:
            yield found
        at = found[0].last if found else at + 1


def _matches(page: Page, norms: Sequence[str], at: int, seen: Surfaces) -> Iterator[tuple[Surface, Range]]:
    for surface in seen.repeatable.get(norms[at], ()) if page.free[at] else ():
        last = at + len(surface)
        if tuple(norms[at:last]) == surface and all(page.free[at:last]) and (place := page.line(at, last)):
            yield Surface(at, last, surface), place


def _clitics(page: Page, surface: Surface) -> Iterator[int]:
    """Yield how many words at the start of a surface may be clitics: one, then two."""
    for cut in (1, 2):
        if surface.last - surface.first <= cut:
            return
        clitic, after = page.words[surface.first + cut - 1], page.words[surface.first + cut]
        if clitic.norm not in CLITICS or clitic.end != after.start:
            return
        yield cut


def _may_be_name(page: Page, place: Range) -> bool:
    text = page.gold.surface(place)
    free = page.free[bisect_left(page.words, place.start, key=lambda w: w.start)]
    return free and bool(_ARABIC.fullmatch(text)) and len(bare(text)) > 1 and normalise(text) not in _no_names()


@cache
def _no_names() -> frozenset[str]:
    return frozenset(map(normalise, _NO_NAMES.split()))


def _touched(word: Word, spans: Sequence[Span], ends: Sequence[int]) -> bool:
    at = bisect_right(ends, word.start)
    return at < len(spans) and spans[at].start < word.end


def _in_context(finding: Finding, gold: Gold | None) -> Finding:
    if gold is None or finding.start is None or finding.end is None:
        return finding
    place = Range(finding.start, finding.end)
    shown = marked(gold, [Span(*place, finding.rule.id)], place)
    return replace(finding, message=f"{finding.message}: {shown}") if shown else finding


def _finding(rule: Rule, message: str, gold: Gold, place: Range | Span) -> Finding:
    return Finding(rule, message, gold.where, gold.article, place.start, place.end)
