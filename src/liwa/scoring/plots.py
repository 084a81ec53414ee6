"""Plots as inline SVG: static, drawn for a narrow screen and scaled up, in the colours of the page around them.

A figure is a string with a title and a description for those who cannot see it. Sizes are in units of the view box,
which is about as wide as a phone, so that text stays readable there.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from liwa.tables import percent

WIDTH: Final = 360

STYLE: Final = """
svg.plot { display: block; width: 100%; max-width: 36rem; height: auto; font: 11px system-ui, sans-serif; }
svg.plot text { fill: var(--ink); } svg.plot .faint { fill: var(--faint); }
svg.plot line, svg.plot polyline { stroke: var(--ink); fill: none; } svg.plot line.grid { stroke: var(--line); }
svg.plot line.halo { stroke: var(--paper); stroke-width: 3.5; opacity: .75; }
svg.plot .s0 { --c: var(--s0); } svg.plot .s1 { --c: var(--s1); } svg.plot .s2 { --c: var(--s2); }
svg.plot .bold { --c: var(--ink); }
svg.plot .s3 { --c: var(--s3); } svg.plot .s4 { --c: var(--s4); } svg.plot .s5 { --c: var(--s5); }
svg.plot rect, svg.plot circle, svg.plot polygon { fill: var(--c); }
svg.plot polygon { opacity: .18; } svg.plot .thin { stroke-width: 1.5; } svg.plot .thick { stroke-width: 2.5; }
svg.plot polyline.thin, svg.plot polyline.thick { stroke: var(--c); }
"""
"""What a page must say once; it must define the colours --paper, --ink, --faint, --line, and --s0 to --s5."""

SERIES: Final = 6
"""Series that have a colour of their own; further ones begin again, with a broken line in a curve."""

_LABEL, _VALUE = 96, 42
"""Room for the names to the left of bars and for the values to the right."""
_BAR, _GAP = 14, 10
_LEFT, _TOP, _HEIGHT = 30, 10, 190
"""Room around a curve, and its height."""


class Bar(NamedTuple):
    """A rate from 0 to 1 and its interval; None where it is undefined."""

    value: float | None
    low: float | None = None
    high: float | None = None


def bars(title: str, groups: Mapping[str, Sequence[Bar]], series: Sequence[str]) -> str:
    """Return horizontal bars, a group a name, a bar a series, with whiskers for the intervals and a scale in percent.

    groups: by name, each with as many bars as there are series.
    """
    parts: list[str] = []
    y = 4
    for name, group in groups.items():
        height = _BAR * len(group)
        parts.append(_text(_LABEL - 8, y + height / 2 + 4, _short(name, 15), anchor="end"))
        for number, bar in enumerate(group):
            parts.extend(_bar(bar, y + _BAR * number, number))
        y += height + _GAP
    ticks = [_tick(share, y) for share in (0, 0.25, 0.5, 0.75, 1)]
    legend, bottom = _legend(series, y + 18) if len(series) > 1 else ([], y + 18)
    said = (f"{name}: {', '.join(_said(bar) for bar in group)}" for name, group in groups.items())
    return _figure(title, f"In percent. {'; '.join(said)}", bottom, [*ticks, *parts, *legend])


def curve(
    title: str, xs: Sequence[float], lines: Mapping[str, Sequence[Bar]], *, unit: str, bold: str = "micro"
) -> str:
    """Return rates over growing sizes, a line a name; the bold one is thick and has a band for its intervals.

    xs: sizes, such as words of training text, growing; lines: by name, each with one bar a size.
    """
    right, bottom = WIDTH - 12, _TOP + _HEIGHT
    most = max(xs, default=1) or 1
    across = [_LEFT + (right - _LEFT) * x / most for x in xs]
    parts = [_level(share) for share in (0, 0.25, 0.5, 0.75, 1)]
    parts.extend(_text(x, bottom + 14, f"{size:,.0f}", anchor="middle") for x, size in _apart(across, xs))
    parts.append(_text(right, bottom + 28, unit, anchor="end", kind="faint"))
    names = sorted(lines, key=lambda name: name == bold)
    for number, name in enumerate(names):
        parts.extend(_line(across, lines[name], number, thick=name == bold))
    legend, end = _legend(names, bottom + 40, bold)
    said = (f"{name}: {', '.join(percent(p.value) for p in points)}" for name, points in lines.items())
    sizes = ", ".join(f"{x:,.0f}" for x in xs)
    return _figure(title, f"In percent, at {sizes} {unit}. {'; '.join(said)}", end, [*parts, *legend])


def _figure(title: str, description: str, height: float, parts: Iterable[str]) -> str:
    named = f"<title>{html.escape(title)}</title><desc>{html.escape(description)}</desc>"
    box = f'viewBox="0 0 {WIDTH} {height:g}" xmlns="http://www.w3.org/2000/svg"'
    return f'<svg class="plot" role="img" direction="ltr" {box}>{named}{"".join(parts)}</svg>'


def _bar(bar: Bar, y: float, series: int) -> Iterator[str]:
    middle = y + _BAR / 2
    shown = _text(WIDTH - 2, middle + 4, percent(bar.value), anchor="end")
    if bar.value is not None:
        size = f'width="{_across(bar.value) - _LABEL:.1f}" height="{_BAR - 2}"'
        yield f'<rect class="{_colour(series)}" x="{_LABEL}" y="{y + 1:g}" {size}/>'
    if bar.low is not None and bar.high is not None:
        low, high = _across(bar.low), _across(bar.high)
        yield _segment(low, middle, high, middle, kind="halo")
        yield _segment(low, middle, high, middle)
        yield from (_segment(x, middle - 3, x, middle + 3) for x in (low, high))
    yield shown


def _across(share: float) -> float:
    return _LABEL + (WIDTH - _LABEL - _VALUE) * share


def _tick(share: float, bottom: float) -> str:
    x = _across(share)
    return _segment(x, 0, x, bottom, kind="grid") + _text(
        x, bottom + 12, f"{100 * share:g}", anchor="middle", kind="faint"
    )


def _level(share: float) -> str:
    y = _down(share)
    line = _segment(_LEFT, y, WIDTH - 12, y, kind="grid")
    return line + _text(_LEFT - 5, y + 4, f"{100 * share:g}", anchor="end", kind="faint")


def _down(share: float) -> float:
    return _TOP + _HEIGHT * (1 - share)


def _line(across: Sequence[float], points: Sequence[Bar], series: int, *, thick: bool) -> Iterator[str]:
    colour = _colour(series, bold=thick)
    known = [(x, p) for x, p in zip(across, points, strict=True) if p.value is not None]
    band = [(x, p.low, p.high) for x, p in known if p.low is not None and p.high is not None]
    if thick and len(band) > 1:
        edge = [*((x, high) for x, _, high in band), *((x, low) for x, low, _ in reversed(band))]
        yield f'<polygon class="{colour}" points="{_points(edge)}"/>'
    places = [(x, p.value or 0) for x, p in known]
    broken = ' stroke-dasharray="4 3"' if series >= SERIES and not thick else ""
    yield f'<polyline class="{colour} {"thick" if thick else "thin"}" points="{_points(places)}"{broken}/>'
    for x, share in places:
        yield f'<circle class="{colour}" cx="{x:.1f}" cy="{_down(share):.1f}" r="{3.5 if thick else 2.5}"/>'


def _points(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{_down(share):.1f}" for x, share in places)


def _apart(across: Sequence[float], sizes: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Yield the places whose figures do not run into each other, the last one always."""
    right = float("inf")
    for x, size in sorted(zip(across, sizes, strict=True), reverse=True):
        if right - x >= 44:
            yield min(x, WIDTH - 24), size
            right = x


def _legend(names: Sequence[str], top: float, bold: str = "") -> tuple[list[str], float]:
    """Return a key of the series, two a line, and where it ends."""
    parts = []
    for number, name in enumerate(names):
        x, y = (8 if number % 2 == 0 else WIDTH / 2), top + 16 * (number // 2)
        colour = _colour(number, bold=name == bold)
        parts.append(f'<rect class="{colour}" x="{x:g}" y="{y:g}" width="10" height="10"/>')
        parts.append(_text(x + 15, y + 9, _short(name, 26)))
    return parts, top + 16 * ((len(names) + 1) // 2)


def _colour(series: int, *, bold: bool = False) -> str:
    return "bold" if bold else f"s{series % SERIES}"


def _text(x: float, y: float, text: str, *, anchor: str = "start", kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{named}>{html.escape(text)}</text>'


def _segment(x1: float, y1: float, x2: float, y2: float, *, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"{named}/>'


def _short(name: str, length: int) -> str:
    """Return a name cut in its middle, where names of models and files are most alike."""
    half = (length - 1) // 2
    return name if len(name) <= length else f"{name[: length - 1 - half]}…{name[-half:]}"


def _said(bar: Bar) -> str:
    interval = "" if bar.low is None else f" ({percent(bar.low)} to {percent(bar.high)})"
    return f"{percent(bar.value)}{interval}"
