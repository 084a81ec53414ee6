"""Examples of errors in their text, for a report: gold marked in the paragraph, and under it what was predicted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from liwa.errors import LiwaError
from liwa.records import Gold, Range, clip
from liwa.scheme import Scheme
from liwa.scoring.display import to_paragraphs
from liwa.scoring.pages import escape, heading, isolated, paragraph


def examples(errors: Iterable[Gold], scheme: Scheme) -> Iterator[str]:
    """Yield a section with a figure a row of an error list; nothing where there is none."""
    figures = [_figure(row, scheme) for row in errors]
    if figures:
        yield heading("Examples of errors")
        yield paragraph("The marks are gold; below each paragraph stands what was predicted otherwise.", note=True)
        yield from figures


def _figure(row: Gold, scheme: Scheme) -> str:
    listed = "".join(_error(row, error) for error in row.meta.get("errors") or () if isinstance(error, Mapping))
    caption = f'<figcaption dir="ltr">{isolated(row.article)} {row.start}–{row.end}</figcaption>'
    text = f'<div lang="ar" dir="rtl">{"".join(to_paragraphs(row, scheme))}</div>'
    return f'<figure class="example">{caption}{text}<ul>{listed}</ul></figure>'


def _error(row: Gold, error: Mapping[str, Any]) -> str:
    sides = ((side, error.get(side)) for side in ("gold", "predicted"))
    shown = " · ".join(f"{side} {_span(row, span)}" for side, span in sides if span)
    return f"<li>{escape(str(error.get('kind', 'error')))}: {shown}</li>"


def _span(row: Gold, span: Any) -> str:
    """Return the surface and the label of a span, the surface in a direction of its own."""
    try:
        place = clip([Range(int(span["start"]), int(span["end"]))], Range(row.start, row.end))
        surface = "".join(map(row.surface, place))
    except (KeyError, TypeError, ValueError):
        hint = "Name the error list of liwa evaluate --errors"
        raise LiwaError(f"expected a span with start and end, found {span}", where=row.where, hint=hint) from None
    label = f'<bdi class="type">{escape(str(span.get("label", "")))}</bdi>'
    return f'<bdi class="said" lang="ar">{escape(surface)}</bdi> {label}'
