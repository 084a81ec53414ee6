"""The guidelines as a page of their own: Markdown in, HTML out, with examples as the annotators will see them.

A fenced example line such as ``[العميد](RANK 1) [هاني](PERSON HOLDS_RANK:1)`` is shown as marked text, each line in the
direction of its letters, as far as its labels are the scheme's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liwa.scheme import Scheme

if TYPE_CHECKING:
    from markdown_it.token import Token

_BLOCKS: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "blockquote"))
_MARK: Final = re.compile(r"\[([^\[\]\n]*)\]\(([^\s()]+)([^()\n]*)\)")

_DOCUMENT: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guidelines</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/guidelines.css">
</head>
<body>
<main>
{}</main>
</body>
</html>
"""


def page(markdown: str, scheme: Scheme) -> str:
    """Return Markdown as a document of HTML: HTML in it is shown, not run, and each block has its own direction."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    for token in tokens:
        _direct(token)
        for child in token.children or ():
            _direct(child)
            _open_apart(child)
        if token.type == "fence" and (example := _example(token.content, scheme)):
            token.type, token.content = "html_block", example
    return _DOCUMENT.format(parser.renderer.render(tokens, parser.options, {}))


def style(scheme: Scheme) -> str:
    """Return the style sheet of the page, with a colour for each label."""
    plain = Path(__file__).with_name("guidelines.css").read_text(encoding="utf-8")
    return plain + "".join(
        f"mark.label-{number} {{ --label: {label.colour}; }}\n"
        for number, label in enumerate(scheme.labels.values())
        if re.fullmatch("#[0-9a-fA-F]{3,8}", label.colour)
    )


def _direct(token: Token) -> None:
    """Let a block, or a piece of code, have the direction of its first letter."""
    if (token.nesting == 1 and token.tag in _BLOCKS) or token.type == "code_inline":
        token.attrSet("dir", "auto")


def _open_apart(token: Token) -> None:
    """Let a link to elsewhere open in a tab of its own, which knows nothing of this one."""
    if token.type == "link_open" and str(token.attrGet("href")).startswith(("http:", "https:")):
        token.attrSet("target", "_blank")
        token.attrSet("rel", "noopener noreferrer")


def _example(content: str, scheme: Scheme) -> str:
    """Return fenced lines as marked text, "" where nothing in them is marked."""
    names = list(scheme.labels)
    if not any(match[2] in names for match in _MARK.finditer(content)):
        return ""
    lines = "".join(f'<p dir="auto">{_marked(line, names)}</p>\n' for line in content.splitlines())
    return f'<div class="example">\n{lines}</div>\n'


def _marked(line: str, names: Sequence[str]) -> str:
    """Return a line with its marks as HTML."""
    parts: list[str] = []
    position = 0
    for match in _MARK.finditer(line):
        text, label, links = match.groups()
        if label in names:
            note = f'<small dir="ltr">{escape(label + links)}</small>'
            mark = f'<mark class="label-{names.index(label)}">{escape(text)}{note}</mark>'
            parts += [escape(line[position : match.start()]), mark]
            position = match.end()
    return "".join([*parts, escape(line[position:])])
