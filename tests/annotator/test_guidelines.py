"""The guidelines as a page: harmless, readable in both directions, examples as marked text."""

from __future__ import annotations

import re

from liwa.annotator.guidelines import page, style
from liwa.resources import resource
from liwa.scheme import Scheme, load_scheme
from tests.annotator.local import Local

SCHEME = load_scheme()


def fenced(*lines: str) -> str:
    return page("\n".join(["```text", *lines, "```"]), SCHEME)


def test_they_are_served_with_their_style(project: Local) -> None:
    served = project.ask("GET", "/guidelines")
    assert served.headers["content-type"] == "text/html; charset=utf-8"
    assert '<h1 dir="auto">Rules</h1>' in served.text
    css = project.ask("GET", "/guidelines.css")
    assert (css.status_code, css.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert 'href="/guidelines.css"' in served.text


def test_html_in_them_is_text() -> None:
    made = page("قاعدة <b>أولى</b>\n\n<script>x</script>\n\n[a](javascript:x) ![b](data:text/html,x)\n", SCHEME)
    assert '<p dir="auto">قاعدة &lt;b&gt;أولى&lt;/b&gt;</p>' in made
    assert not re.search(r"<script|<b>|href=.javascript|src=.data", made)


def test_examples_are_shown_as_marks() -> None:
    made = fenced("✓ زار [العميد](RANK 1) [هاني](PERSON HOLDS_RANK:1) <هنا>")
    assert "✓ زار <mark" in made
    assert '<mark class="label-1">العميد<small dir="ltr">RANK 1</small></mark> <mark class="label-0">هاني<small' in made
    assert "PERSON HOLDS_RANK:1</small></mark> &lt;هنا&gt;</p>" in made
    assert "<pre>" not in made
    assert "&lt;b&gt;نص<small" in fenced("[<b>نص](UNIT &)")


def test_what_marks_no_label_of_the_scheme_stays_code() -> None:
    made = fenced("[نص](TREE) <b>", "x = y[0](1)")
    assert "<pre>" in made
    assert "[نص](TREE) &lt;b&gt;" in made
    assert '<mark class="label-2">لواء' in fenced("[نص](TREE) [لواء](UNIT)")


def test_links_to_elsewhere_open_apart() -> None:
    made = page("[a](https://example.org) [b](#b)", SCHEME)
    assert 'href="https://example.org" target="_blank" rel="noopener noreferrer"' in made
    assert '<a href="#b">' in made


def test_labels_have_the_colours_of_the_scheme() -> None:
    assert "mark.label-0 { --label: #2f6fb3; }" in style(SCHEME)
    hostile = Scheme.from_dict({"labels": [{"name": "A", "colour": "red; } body { display: none"}]})
    assert "display: none" not in style(hostile)


def test_the_projects_own_guidelines_lose_no_example() -> None:
    source = resource("GUIDELINES.md").read_text(encoding="utf-8")
    made = page(source, SCHEME)
    inside = re.findall(r"```text\n(.*?)```", source, re.DOTALL)
    marks = sum(len(re.findall(r"\]\((?:PERSON|RANK|UNIT|BASE)\b", block)) for block in inside)
    assert made.count("<mark ") == marks > 300
