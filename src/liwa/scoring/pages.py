"""The parts of a page of figures: its style, sections, tables, and what of a text may stand in HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Final

from liwa.scoring import display, plots

STYLE: Final = f"""{display.COLOURS}
:root {{ --line: #d9d3c5; --s0: #2b6cb0; --s1: #c05621; --s2: #2f855a; --s3: #805ad5; --s4: #b83280; --s5: #5f6c7d; }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ --line: #3a3b40; --s0: #63a4e8; --s1: #ed9a5a; --s2: #68c495;
  --s3: #b39af0; --s4: #f08ac3; --s5: #a3b0c2; }} }}
* {{ box-sizing: border-box; }}
body {{ background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Noto Sans Arabic", sans-serif;
  max-width: 60rem; margin: 0 auto; padding: 1rem; }}
h1 {{ font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; }}
h2 {{ font-size: 1.25rem; line-height: 1.3; margin: 2.2rem 0 .4rem; border-block-end: 1px solid var(--line);
  overflow-wrap: anywhere; }}
h3 {{ font-size: 1rem; margin: 1.4rem 0 .3rem; }}
p, ul {{ margin: .4rem 0; max-width: 46rem; }} ul {{ padding-inline-start: 1.2rem; }}
.note {{ color: var(--faint); font-size: .9rem; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; margin: .4rem 0; }}
th, td {{ padding: .2rem .55rem; text-align: end; white-space: nowrap; border-block-end: 1px solid var(--line); }}
th:first-child {{ text-align: start; }} thead th {{ color: var(--faint); font-weight: 600; vertical-align: bottom; }}
tbody th {{ font-weight: 400; }} tr.total th, tr.total td {{ font-weight: 700; }}
table.words td {{ text-align: start; white-space: normal; overflow-wrap: anywhere; }}
tr.field th {{ padding-block-start: .8rem; font-weight: 700; }}
td.heat {{ background: color-mix(in srgb, var(--s0) calc(var(--v) * 55%), transparent); }}
td.heat.wrong {{ background: color-mix(in srgb, var(--s1) calc(var(--v) * 80%), transparent); }}
figure {{ margin: .8rem 0; }} figcaption {{ color: var(--faint); font-size: .9rem; }}
figure.example {{ border-inline-start: 3px solid var(--line); padding-inline-start: .8rem; }}
figure.example p {{ font: 1.15rem/2.2 {display.FONT}; margin: .2rem 0; overflow-wrap: anywhere; max-width: none; }}
figure.example bdi.said {{ font: 1.05rem/1.8 {display.FONT}; }}
{display.MARKS}{plots.STYLE}
@media (max-width: 34rem) {{ table {{ font-size: .8rem; }} th, td {{ padding: .2rem .3rem; }}
  th:first-child {{ padding-inline-start: 0; }} th {{ white-space: normal; }} }}
@media print {{ :root {{ --paper: #fff; }} svg.plot {{ max-width: 26rem; }}
  body {{ max-width: none; font-size: 10pt; padding: 0; }}
  h2, h3, h2 + .note {{ break-after: avoid; }}
  .scroll {{ overflow: visible; }} tr, figure, svg {{ break-inside: avoid; }} mark, td.heat, svg * {{
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }} }}
"""


def escape(text: str) -> str:
    """Return text as HTML, with control and direction characters made visible."""
    return html.escape(display.visible(text))


def isolated(text: str) -> str:
    """Return text as HTML whose direction does not touch what is around it."""
    return f"<bdi>{escape(text)}</bdi>"


def page(title: str, parts: Iterable[str]) -> str:
    """Return a whole page that needs no other file, no network and no script."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    start = f'<!doctype html>\n<html lang="en" dir="ltr"><head>{head}{view}</head>\n<body><main>'
    return "\n".join([start, *parts, "</main></body></html>"]) + "\n"


def heading(text: str, level: int = 2) -> str:
    """Return a heading."""
    return f"<h{level}>{isolated(text)}</h{level}>"


def paragraph(text: str, *, note: bool = False) -> str:
    """Return a paragraph of plain text; a note is smaller and fainter."""
    return f"<p{' class=note' if note else ''}>{escape(text)}</p>"


def items(texts: Iterable[str]) -> str:
    """Return a list of plain texts, or nothing where there are none."""
    listed = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{listed}</ul>" if listed else ""


def table(
    title: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, totals: int = 0, words: bool = False
) -> str:
    """Return a table that scrolls where the screen is too narrow: a name and figures a row.

    title: for those who cannot see it. totals: how many of the last rows are sums. words: the cells hold words.
    """
    lines = [f"<th scope=row>{isolated(name)}</th>{_cells(cells)}" for name, *cells in rows]
    first = len(lines) - totals
    body = "".join(f"<tr{' class=total' if i >= first else ''}>{line}</tr>\n" for i, line in enumerate(lines))
    return framed(title, f"{header(head)}<tbody>{body}</tbody>", kind="words" if words else "")


def header(cells: Iterable[str]) -> str:
    """Return the head of a table."""
    return f"<thead><tr>{''.join(f'<th scope=col>{isolated(cell)}</th>' for cell in cells)}</tr></thead>"


def framed(title: str, inner: str, *, kind: str = "") -> str:
    """Return the rows of a table in a frame that the keyboard can scroll."""
    named = f' class="{kind}"' if kind else ""
    frame = f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(title)}">'
    return f"{frame}<table{named}>{inner}</table></div>"


def _cells(cells: Iterable[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in cells)
