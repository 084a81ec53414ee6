"""The guidelines as a tree that the page builds elements of: Markdown in, no HTML out, examples as they will be seen.

A fenced example line such as ``[العميد](RANK 1) [هاني](PERSON HOLDS_RANK:1)`` becomes marked text, as far as its labels
are the scheme's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from liwa.scheme import Scheme

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

Node = str | list[Any]
"""A text, or an element: its tag, its attributes by name, and then the nodes that it holds."""

Guidelines = Mapping[str, str]
"""Markdown by language, such as ``en``; the first stands in for a language that is not there."""

_MARK: Final = re.compile(r"\[([^\[\]\n]*)\]\(([^\s()]+)([^()\n]*)\)")
_ELSEWHERE: Final = ("http:", "https:")


def said_in(guidelines: Guidelines, language: str) -> str:
    """Return the guidelines in a language, or in the first that they are in."""
    return guidelines.get(language) or next(iter(guidelines.values()))


def tree(markdown: str, scheme: Scheme) -> list[Node]:
    """Return Markdown as nodes; HTML in it is text, a picture is what it is called.

    Of attributes there are ``href`` to elsewhere, ``start`` of a list, and ``label``: which of the scheme's a mark has.
    """
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return list(_inside(SyntaxTreeNode(parser.parse(markdown)), list(scheme.labels)))


def _inside(node: SyntaxTreeNode, names: Sequence[str]) -> Iterator[Node]:
    for child in node.children:
        yield from filter(None, _nodes(child, names))


def _nodes(node: SyntaxTreeNode, names: Sequence[str]) -> Iterator[Node]:
    """Yield what stands for a node of Markdown, which may be what it holds."""
    if node.type in ("fence", "code_block"):
        yield _example(node.content, names) or ["pre", {}, ["code", {}, node.content]]
    elif node.type in ("text", "image"):
        yield node.content
    elif node.type == "softbreak":
        yield "\n"
    elif node.type == "code_inline":
        yield ["code", {}, node.content]
    elif node.tag and not (node.is_nested and node.hidden):
        yield [node.tag, _attributes(node), *_inside(node, names)]
    else:
        yield from _inside(node, names)


def _attributes(node: SyntaxTreeNode) -> dict[str, Any]:
    known: dict[str, Any] = {name: node.attrs[name] for name in ("href", "start") if name in node.attrs}
    if not str(known.get("href", "https:")).startswith(_ELSEWHERE):
        del known["href"]
    return known


def _example(content: str, names: Sequence[str]) -> Node | None:
    """Return fenced lines as marked text, None where nothing in them is marked."""
    if not any(match[2] in names for match in _MARK.finditer(content)):
        return None
    return ["figure", {}, *(["p", {}, *filter(None, _marked(line, names))] for line in content.splitlines())]


def _marked(line: str, names: Sequence[str]) -> Iterator[Node]:
    """Yield a line, with its marks as elements."""
    position = 0
    for match in _MARK.finditer(line):
        text, label, links = match.groups()
        if label in names:
            yield line[position : match.start()]
            yield ["mark", {"label": names.index(label)}, text, ["small", {}, label + links]]
            position = match.end()
    yield line[position:]
