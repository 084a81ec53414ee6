"""The guidelines as a tree: nothing in it is HTML, examples are marked text."""

from __future__ import annotations

import json
import re
from typing import Any

from liwa.annotator.guidelines import tree
from liwa.resources import resource
from liwa.scheme import load_scheme
from tests.annotator.local import Local

SCHEME = load_scheme()


def made(markdown: str) -> list[Any]:
    return tree(markdown, SCHEME)


def fenced(*lines: str) -> list[Any]:
    return made("\n".join(["```text", *lines, "```"]))


def found(nodes: Any, tag: str) -> list[Any]:
    """Return all elements of a tag."""
    if isinstance(nodes, str):
        return []
    inside = nodes[2:] if nodes and isinstance(nodes[0], str) else nodes
    here = [nodes] if inside is not nodes and nodes[0] == tag else []
    return here + [one for node in inside for one in found(node, tag)]


def test_they_are_served(project: Local) -> None:
    assert project.get("guidelines") == [["h1", {}, "Rules"], ["p", {}, "قاعدة <b>أولى</b>"]]


def test_they_are_served_in_the_language_of_the_page_where_there_is_one(project: Local) -> None:
    assert project.get("guidelines", language="ar") == [["h1", {}, "القواعد"]]
    assert project.get("guidelines", language="fr") == project.get("guidelines")


def test_html_in_them_is_text() -> None:
    nodes = made("قاعدة <b>أولى</b>\n\n<script>x</script>\n\n[a](javascript:x) ![b](data:text/html,x)\n")
    assert nodes == [
        ["p", {}, "قاعدة <b>أولى</b>"],
        ["p", {}, "<script>x</script>"],
        ["p", {}, "[a](javascript:x) ![b](data:text/html,x)"],
    ]


def test_what_markdown_has() -> None:
    nodes = made("# A\n\n- *b*\n- **c**\n\n3. `d`\n\n| e |\n| --- |\n| f |\n\n> g\n> h\n\n---\n\n    i\n\n![j](k.png)")
    assert nodes[:3] == [
        ["h1", {}, "A"],
        ["ul", {}, ["li", {}, ["em", {}, "b"]], ["li", {}, ["strong", {}, "c"]]],
        ["ol", {"start": 3}, ["li", {}, ["code", {}, "d"]]],
    ]
    assert nodes[3] == [
        *("table", {}, ["thead", {}, ["tr", {}, ["th", {}, "e"]]]),
        ["tbody", {}, ["tr", {}, ["td", {}, "f"]]],
    ]
    assert nodes[4:] == [
        ["blockquote", {}, ["p", {}, "g", "\n", "h"]],
        ["hr", {}],
        ["pre", {}, ["code", {}, "i\n"]],
        ["p", {}, "j"],
    ]


def test_examples_are_shown_as_marks() -> None:
    assert fenced("✓ زار [العميد](RANK 1) [هاني](PERSON HOLDS_RANK:1) <هنا>", "[<b>نص](UNIT &)") == [
        [
            *("figure", {}),
            [
                *("p", {}, "✓ زار "),
                ["mark", {"label": 1}, "العميد", ["small", {}, "RANK 1"]],
                " ",
                ["mark", {"label": 0}, "هاني", ["small", {}, "PERSON HOLDS_RANK:1"]],
                " <هنا>",
            ],
            ["p", {}, ["mark", {"label": 2}, "<b>نص", ["small", {}, "UNIT &"]]],
        ]
    ]


def test_what_marks_no_label_of_the_scheme_stays_code() -> None:
    assert fenced("[نص](TREE) <b>", "x = y[0](1)") == [["pre", {}, ["code", {}, "[نص](TREE) <b>\nx = y[0](1)\n"]]]
    (mark,) = found(fenced("[نص](TREE) [لواء](UNIT)"), "mark")
    assert mark[1:3] == [{"label": 2}, "لواء"]


def test_links_lead_to_elsewhere_alone() -> None:
    nodes = made("[a](https://example.org) [b](#b) [c](../c.md)")
    assert [link[1] for link in found(nodes, "a")] == [{"href": "https://example.org"}, {}, {}]


def test_the_projects_own_guidelines_lose_no_example_and_no_words() -> None:
    source = resource("GUIDELINES.md").read_text(encoding="utf-8")
    nodes = made(source)
    inside = re.findall(r"```text\n(.*?)```", source, re.DOTALL)
    marks = sum(len(re.findall(r"\]\((?:PERSON|RANK|UNIT|BASE)\b", block)) for block in inside)
    assert len(found(nodes, "mark")) == marks > 300
    shown = json.dumps(nodes, ensure_ascii=False)
    assert set(re.findall(r"[\w]{3,}", source)) - {"text"} <= set(re.findall(r"[\w]{3,}", shown))
