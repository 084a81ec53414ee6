"""What is drawn of relations, read from the page."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, NamedTuple

from tests.annotator.page.desk import Desk


class Box(NamedTuple):
    """A rectangle of the window, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, slack: float = 0.5) -> bool:
        """Say whether two rectangles overlap by more than a slack."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > slack and down > slack

    def near(self, x: float, y: float, slack: float = 2.0) -> bool:
        """Say whether a point lies inside, or on the edge."""
        return self.left - slack <= x <= self.right + slack and self.top - slack <= y <= self.bottom + slack


class Word(NamedTuple):
    """A word of the text, or of the article around it, with one of its client rectangles; start: code point or -1."""

    start: int
    box: Box


class Arc(NamedTuple):
    """An arc as it is drawn.

    key: of its relation; corners: from the head to the child; tip: of the arrowhead; dot: at its head; name: the box of
    its label, None where there was no room.
    """

    key: str
    corners: list[tuple[float, float]]
    tip: tuple[float, float]
    dot: tuple[float, float]
    name: Box | None

    @property
    def ends(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The ranges of head and child."""
        head, child = (tuple(map(int, end.split("-"))) for end in self.key.split(" ")[:2])
        return (head[0], head[1]), (child[0], child[1])

    @property
    def segments(self) -> list[Box]:
        """The straight parts, corners not rounded: the drawn line lies within them."""
        ends = pairwise(self.corners)
        return [Box(min(a, c), min(b, d), max(a, c), max(b, d)) for (a, b), (c, d) in ends]


WORDS: Final = """(app) => {
  const out = [];
  const add = (node, at) => {
    for (const found of node.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      for (const r of range.getClientRects()) out.push([at(found.index), r.left, r.top, r.right, r.bottom]);
    }
  };
  for (const p of app.text.paragraphs) add(p.node, (unit) => app.offsets.toPoints(p.from + unit));
  for (const p of document.querySelectorAll(".context p")) add(p.firstChild, () => -1);
  return out;
}"""

ARCS: Final = """(app) => {
  const { left, top } = app.host.getBoundingClientRect();
  const moved = (x, y) => [x + left, y + top];
  return [...document.querySelectorAll(".arc")].map((arc) => {
    // M, L and the control points of Q are the corners; the ends of Q lie between them.
    const parts = arc.querySelector(".line").getAttribute("d").match(/[MLQ][^MLQ]*/g);
    const numbers = parts.map((part) => [part[0], ...part.slice(1).trim().split(/\\s+/).map(Number)]);
    const corner = ([kind], k) => kind !== "L" || k === parts.length - 1;
    const corners = numbers.filter(corner).map(([, x, y]) => moved(x, y));
    const tip = arc.querySelector("path.tip").getAttribute("d").slice(1).split(/[L ]/).map(Number);
    const { cx, cy } = arc.querySelector("circle");
    const name = arc.querySelector(".name:not(.hidden) rect")?.getBoundingClientRect();
    return [
      arc.dataset.key, corners, moved(tip[0], tip[1]), moved(cx.baseVal.value, cy.baseVal.value),
      name ? [name.left, name.top, name.right, name.bottom] : null,
    ];
  });
}"""


class Drawn(Desk):
    """A page whose arcs can be read."""

    @property
    def arcs(self) -> list[Arc]:
        """The arcs that are drawn: those in sight, and somewhat above and below."""
        found = self.run(ARCS)
        return [Arc(k, [(x, y) for x, y in c], (*t,), (*d,), n and Box(*n)) for k, c, t, d, n in found]

    @property
    def words(self) -> list[Word]:
        """The words on the page, with their client rectangles."""
        return [Word(start, Box(*box)) for start, *box in self.run(WORDS)]

    @property
    def relations(self) -> list[tuple[str, str, str]]:
        """The relations of the document: head, type, child."""
        script = "app => app.doc.relations.map(r => [app.surface(r.head), r.label, app.surface(r.child)])"
        return [(head, label, child) for head, label, child in self.run(script)]

    @property
    def lit(self) -> list[str]:
        """Keys of the arcs that are highlighted."""
        return list(self.run("() => [...document.querySelectorAll('.arc.on')].map(a => a.dataset.key)"))

    @property
    def chosen(self) -> str | None:
        """The words of the row of the list that is chosen."""
        rows = self.page.locator("#relation-list .current .relation")
        return rows.inner_text().replace("\n", " ") if rows.count() else None

    def boxes(self, start: int, end: int) -> list[Box]:
        """The boxes that the page draws for a range, in the window."""
        script = """(app, work, start, end) => {
          const { left, top } = app.host.getBoundingClientRect();
          const corners = ({ x, y, width, height }) => [left + x, top + y, left + x + width, top + y + height];
          return app.text.boxesOf({ start, end }).map(corners);
        }"""
        return [Box(*box) for box in self.run(script, start, end)]

    def press(self, *keys: str) -> Drawn:
        """Press keys, by their physical names, one after the other."""
        super().press(*keys)
        return self

    def click(self, surface: str, nth: int = 0, *, letter: int = 0) -> Drawn:
        """Click on a letter of some characters."""
        super().click(surface, nth, letter=letter)
        return self

    def saved(self) -> Drawn:
        """Wait until all is stored."""
        super().saved()
        return self

    def resize(self, width: int, height: int) -> Drawn:
        """Give the window a size, and wait until all is laid out and drawn anew."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_function("width => innerWidth === width", arg=width)
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return self

    def pick(self, surface: str, nth: int = 0) -> Drawn:
        """Select a span by program."""
        start, end = self.range_of(surface, nth)
        self.run("(app, work, start, end) => app.select({ span: { start, end } })", start, end)
        assert self.span == surface
        return self

    def through_words(self) -> list[tuple[Any, ...]]:
        """Return what is wrong: parts of arcs and labels that lie on words."""
        words = self.words
        return [found for arc in self.arcs for found in _faults(arc, words)]


def _faults(arc: Arc, words: list[Word]) -> list[tuple[Any, ...]]:
    own = [w for w in words if any(start <= w.start < end for start, end in arc.ends)]
    last = len(arc.segments) - 1
    out: list[tuple[Any, ...]] = []
    for k, segment in enumerate(arc.segments):
        # The first and last part touch the box of their own span, which is less high than the font's rectangle.
        others = [w for w in words if w not in own] if k in (0, last) else words
        grown = Box(segment.left - 0.7, segment.top - 0.7, segment.right + 0.7, segment.bottom + 0.7)
        out += [(arc.key, k, segment, w) for w in others if grown.meets(w.box)]
    if arc.name:
        out += [(arc.key, "name", arc.name, w) for w in words if arc.name.meets(w.box)]
    return out
