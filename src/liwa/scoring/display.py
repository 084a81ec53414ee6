"""Annotated text for eyes: in a terminal, and as a self-contained page, right to left.

The direction of every piece is said, so that digits and Latin glosses do not scramble a line: Unicode isolates
(Unicode Standard Annex 9) in the terminal, ``dir`` and ``bdi`` in the page. Labels never enter the text of the page:
they are drawn by its style sheet, and what is copied from it is the article's own text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Final

from liwa.passages import paragraphs
from liwa.records import Gold, Range, Relation, Span
from liwa.scheme import Label, Scheme
from liwa.scoring import arcs

_RTL_ISOLATE, _LTR_ISOLATE, _POP = "\u2067", "\u2066", "\u2069"
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

COLOURS: Final = """
:root { color-scheme: light dark; --paper: #fffdf8; --ink: #1d1b16; --faint: #6b665c; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #17181b; --ink: #e9e6df; --faint: #9b968b; } }
"""
"""The colours of a page, by day and by night; on paper always by day."""

MARKS: Final = """
mark { color: inherit; background: color-mix(in srgb, var(--c) 18%, transparent); border-radius: .25em;
  border-block-end: .16em solid var(--c); padding: .05em .15em; box-decoration-break: clone;
  -webkit-box-decoration-break: clone; position: relative; }
mark::after { content: attr(data-label); color: var(--c); font: 700 .55rem/1 system-ui, sans-serif; direction: ltr;
  unicode-bidi: isolate; margin-inline: .4em; vertical-align: super; user-select: none; }
@media screen and (prefers-color-scheme: dark) { mark::after { filter: brightness(1.6); } }
bdi.type { font: 700 .65rem/1 system-ui, sans-serif; }
.unread { color: var(--faint); }
"""
"""How marked-up text looks; needs `COLOURS`."""

FONT: Final = '"Noto Naskh Arabic", "Amiri", "Geeza Pro", serif'
"""Typefaces for Arabic that is read, not only looked at."""

_STYLE: Final = f"""{COLOURS}
body {{ background: var(--paper); color: var(--ink); font: 1.15rem/2.3 {FONT};
  max-width: 46rem; margin: 0 auto; padding: 1rem; }}
article {{ border-block-end: 1px solid var(--faint); padding-block: 1rem; }}
h2 {{ font: 600 .8rem/1.4 system-ui, sans-serif; color: var(--faint); margin: 0; }}
p {{ margin: .2rem 0; overflow-wrap: anywhere; }}
{MARKS}
{arcs.STYLE}
details {{ font-size: .95rem; line-height: 1.8; color: var(--faint); }}
summary {{ font: 600 .8rem/1.4 system-ui, sans-serif; }}
ul {{ margin: 0; padding-inline-start: 1.2rem; }}
@media print {{ body {{ max-width: none; font-size: 11pt; }} article {{ break-inside: avoid; }} }}
"""


def to_terminal(gold: Gold, scheme: Scheme) -> str:
    """Return the text of gold with coloured spans, a label behind each, and a list of its relations."""
    lines = [f"\033[2m{gold.article} {gold.start}-{gold.end}\033[0m"]
    for paragraph in paragraphs(gold.text or ""):
        pieces = (_ansi(text, span, scheme) for text, span in _pieces(gold, paragraph))
        lines.append(f"{_RTL_ISOLATE}{''.join(pieces)}{_POP}")
    return "\n".join([*lines, *_listed(gold, scheme)])


def to_html(golds: Iterable[Gold], scheme: Scheme) -> Iterator[str]:
    """Yield the parts of a page that shows gold, and that needs no other file and no network."""
    yield '<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>liwa</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{_STYLE}</style></head><body><main>\n"
    for gold in golds:
        yield f'<article><h2 dir="ltr">{html.escape(gold.article)} {gold.start}–{gold.end}</h2>\n'
        for paragraph in paragraphs(gold.text or ""):
            yield _paragraph(gold, paragraph, scheme)
            yield _arcs(gold, paragraph, scheme)
        yield _relations(gold)
        yield "</article>\n"
    yield "</main></body></html>\n"


def to_paragraphs(gold: Gold, scheme: Scheme) -> Iterator[str]:
    """Yield the paragraphs of gold as HTML with its spans marked, for a page that has the styles `MARKS`."""
    return (_paragraph(gold, paragraph, scheme) for paragraph in paragraphs(gold.text or ""))


def visible(text: str) -> str:
    """Return text with control and direction characters made visible, so that none can act."""
    return _CONTROLS.sub("\ufffd", text)


def _pieces(gold: Gold, paragraph: Range) -> Iterator[tuple[str, Span | None]]:
    """Yield the text of a paragraph piece by piece, each with the span it is, if any."""
    text, last = gold.text or "", paragraph.start
    for span in (s.shifted(-gold.start) for s in gold.spans):
        if paragraph.holds(span):
            yield text[last : span.start], None
            yield text[span.start : span.end], span
            last = span.end
    yield text[last : paragraph.end], None


def _ansi(text: str, span: Span | None, scheme: Scheme) -> str:
    if span is None:
        return visible(text)
    red, green, blue = bytes.fromhex(_colour(span.label, scheme).lstrip("#"))
    label = f"\033[2m{_LTR_ISOLATE}{span.label}{_POP}\033[22m"
    return f"\033[38;2;{red};{green};{blue}m[{_RTL_ISOLATE}{visible(text)}{_POP}]{label}\033[39m"


def _paragraph(gold: Gold, paragraph: Range, scheme: Scheme) -> str:
    annotated = any(r.start < paragraph.end + gold.start and paragraph.start + gold.start < r.end for r in gold.ranges)
    pieces = "".join(_marked(text, span, scheme) for text, span in _pieces(gold, paragraph))
    return f'<p dir="auto"{"" if annotated else " class=unread"}>{pieces}</p>\n'


def _marked(text: str, span: Span | None, scheme: Scheme) -> str:
    shown = html.escape(visible(text))
    if span is None:
        return shown
    label = html.escape(span.label)
    return f'<mark data-label="{label}" style="--c:{_colour(span.label, scheme)}">{shown}</mark>'


def _arcs(gold: Gold, paragraph: Range, scheme: Scheme) -> str:
    """Draw the relations of a paragraph over the mentions that they link, "" where it has none."""
    links = _inside(gold, paragraph)
    if not links:
        return ""
    mentions = sorted({span for link in links for span in (link.head, link.child)})
    cells = [_marked(gold.surface(span), span, scheme) for span in mentions]
    at = {span: place for place, span in enumerate(mentions)}
    drawn = [arcs.Arc(at[r.head], at[r.child], html.escape(r.label), _kind_colour(r, scheme)) for r in links]
    return arcs.draw(cells, drawn)


def _inside(gold: Gold, paragraph: Range) -> list[Relation]:
    here = Range(paragraph.start + gold.start, paragraph.end + gold.start)
    return [r for r in gold.relations if here.holds(r.head) and here.holds(r.child)]


def _relations(gold: Gold) -> str:
    """List the relations of gold, for whoever cannot see arcs; unfolded where one is not drawn in any paragraph."""
    if not gold.relations:
        return ""
    items = "".join(_relation(gold, relation) for relation in gold.relations)
    drawn = sum(len(_inside(gold, paragraph)) for paragraph in paragraphs(gold.text or ""))
    folded = "" if drawn == len(gold.relations) else " open"
    title = f'<summary dir="ltr">relations: {len(gold.relations)}</summary>'
    return f"<details{folded}>{title}<ul>{items}</ul></details>\n"


def _relation(gold: Gold, relation: Relation) -> str:
    head, child = (html.escape(visible(gold.surface(s))) for s in (relation.head, relation.child))
    return f'<li><bdi>{head}</bdi> <bdi class="type">{html.escape(relation.label)}</bdi> <bdi>{child}</bdi></li>'


def _listed(gold: Gold, scheme: Scheme) -> Iterator[str]:
    """Yield a line for each relation: its type, then head and child, from left to right in any terminal."""
    width = max((len(r.label) for r in gold.relations), default=0)
    for relation in gold.relations:
        head, child = (_ansi(gold.surface(s), s, scheme) for s in (relation.head, relation.child))
        yield f"{_LTR_ISOLATE}  {relation.label:<{width}}  {head} → {child}{_POP}"


def _kind_colour(relation: Relation, scheme: Scheme) -> str:
    return scheme.relations.get(relation.label, Label(relation.label)).colour


def _colour(label: str, scheme: Scheme) -> str:
    return scheme.labels.get(label, Label(label)).colour
