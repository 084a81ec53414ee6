"""Relations as arcs over a row of mentions: a CSS grid of native text with inline SVG curves, and no script.

Each mention has two columns, so that the line between them is its middle whatever its width; an arc is an item of the
grid from middle to middle. The grid follows the direction of the text, from right to left for Arabic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

STYLE: Final = """
.arcs { display: grid; justify-content: start; overflow: auto hidden; margin: .2rem 0 1rem;
  padding: .7rem .4rem .4rem; user-select: none; line-height: 1.7; }
.arcs > .arc { position: relative; color: var(--c); }
.arcs svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.arcs path { fill: none; stroke: currentColor; stroke-width: 1.4px; vector-effect: non-scaling-stroke; }
.arcs i { position: absolute; bottom: -.1rem; border: .26rem solid transparent; border-bottom: 0;
  border-top: .45rem solid currentColor; margin-inline: -.26rem; }
.arcs .type { justify-self: center; align-self: start; transform: translateY(-50%); background: var(--paper);
  color: var(--ink); padding: .1rem .25rem; white-space: nowrap; }
.arcs > div:not(.arc) { padding: .15rem .5rem 0; text-align: center; font-size: 1rem; }
"""
"""How arcs look; needs the colours of a page."""

_CURVE: Final = (
    '<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
    '<path d="M0 100C0-33 100-33 100 100"/></svg>'
)


class Arc(NamedTuple):
    """A directed link between two mentions of a row, by their places in it; label, colour: as HTML may hold them."""

    head: int
    child: int
    label: str
    colour: str

    @property
    def lines(self) -> tuple[int, int]:
        """The lines of the grid between which it runs: the middles of its mentions, or the sides of its only one."""
        first, last = sorted((self.head, self.child))
        return (2 * first + 1, 2 * first + 3) if first == last else (2 * first + 2, 2 * last + 2)


def draw(mentions: Sequence[str], arcs: Sequence[Arc]) -> str:
    """Return a row of mentions (HTML) with its arcs above; the types of arcs stand on top of every line."""
    levels = _levels(arcs)
    height = max(levels, default=0)
    tops = [height - level + 1 for level in levels]
    curves = [_curve(arc, top, height + 1) for arc, top in zip(arcs, tops, strict=True)]
    types = [_type(arc, top) for arc, top in zip(arcs, tops, strict=True)]
    cells = (
        f'<div style="grid-area:{height + 1}/{2 * i + 1}/auto/span 2">{cell}</div>' for i, cell in enumerate(mentions)
    )
    rows = f"grid-template-rows:repeat({height},1.8rem) auto"
    return f'<div class="arcs" dir="auto" style="{rows}">{"".join([*curves, *types, *cells])}</div>\n'


def _curve(arc: Arc, top: int, bottom: int) -> str:
    first, last = arc.lines
    side = "start" if arc.child < arc.head else "end"
    return (
        f'<div class="arc" style="grid-area:{top}/{first}/{bottom}/{last};--c:{arc.colour}">{_CURVE}'
        f'<i style="inset-inline-{side}:0"></i></div>'
    )


def _type(arc: Arc, top: int) -> str:
    first, last = arc.lines
    return f'<bdi class="type" style="grid-area:{top}/{first}/auto/{last}">{arc.label}</bdi>'


def _levels(arcs: Sequence[Arc]) -> list[int]:
    """Return how high each arc stands, from 1: over every shorter one with which it shares a part of the row."""
    levels: dict[int, int] = {}
    for i in sorted(range(len(arcs)), key=lambda i: (arcs[i].lines[1] - arcs[i].lines[0], i)):
        first, last = arcs[i].lines
        below = [levels[j] for j in levels if arcs[j].lines[0] < last and first < arcs[j].lines[1]]
        levels[i] = max(below, default=0) + 1
    return [levels[i] for i in range(len(arcs))]
