"""What a simulation of active learning shows, as a table and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from liwa.errors import LiwaError
from liwa.estimates import Estimate
from liwa.scoring.savings import SIZES, Comparison, Saving
from liwa.tables import markdown, percent

_NAMES: Final = {
    "random": "random order",
    "total": "most doubt",
    "cost": "most doubt a word",
    "diverse": "doubt a word, diverse",
}


def table(found: Comparison) -> list[str]:
    """Return Markdown: a row for each way and step of random order, with what the way saves of articles and words."""
    head = ["way", "random order", "F1", *(cell for size in SIZES for cell in (f"{size} saved", "95 %", "reached"))]
    rows = []
    for way, by_size in found.savings.items():
        steps = zip(*(by_size[size] for size in SIZES), strict=True)
        for articles, words in steps:
            sizes = f"{articles.size:.0f} articles, {words.size:.0f} words"
            rows.append([_named(way), sizes, percent(articles.f1.value), *_cells(articles), *_cells(words)])
    return markdown(head, rows)


def gains(found: Comparison) -> list[str]:
    """Return Markdown: the mean difference of F1 to random order, in points, at as many articles and as many words."""
    head = ["way", *(cell for size in SIZES for cell in (f"F1 at as many {size}", "95 %"))]
    rows = []
    for way, by_size in found.gain.items():
        cells = [cell for size in SIZES for cell in (_signed(by_size[size].value), _interval(by_size[size]))]
        rows.append([_named(way), *cells])
    return markdown(head, rows)


def draw(found: Comparison, path: Path) -> None:
    """Write a picture: F1 by articles and by words, a line a way, with the interval of random order as a band.

    Needs the extra ``plots``; LiwaError without it.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise LiwaError("pictures need matplotlib", hint="Run pip install 'liwa[plots]'") from None
    figure = Figure(figsize=(9, 4), layout="constrained")
    for axes, size in zip(figure.subplots(1, 2, sharey=True), SIZES, strict=True):
        for number, (way, curve) in enumerate(found.curves.items()):
            f1 = [100 * (one.value or 0) for one in curve.f1]
            colour = "black" if not number else f"C{number - 1}"
            axes.plot(curve.sizes[size], f1, marker="o", markersize=3, color=colour, label=_named(way))
            if not number:
                low, high = ([100 * (getattr(one, end) or 0) for one in curve.f1] for end in ("low", "high"))
                axes.fill_between(curve.sizes[size], low, high, color="black", alpha=0.1, linewidth=0)
        axes.set(xlabel=f"{size} annotated", xlim=(0, None))
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("F1 on the test part, %")
    figure.axes[0].legend(loc="lower right", title="band: 95 % of random order")
    figure.savefig(path, dpi=150)


def _named(way: str) -> str:
    return _NAMES.get(way, way)


def _cells(saving: Saving) -> list[str]:
    low, high = saving.share.low, saving.share.high
    interval = "n/a" if low is None or high is None else f"{100 * low:.0f} to {100 * high:.0f} %"
    return [f"{100 * (saving.share.value or 0):.0f} %", interval, f"{100 * saving.reached:.0f} %"]


def _interval(found: Estimate) -> str:
    return f"{_signed(found.low)} to {_signed(found.high)}"


def _signed(value: float | None) -> str:
    return "n/a" if value is None else f"{100 * value:+.1f}"
