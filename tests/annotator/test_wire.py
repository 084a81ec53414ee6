"""What of the page's files goes over the wire."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest

from liwa.annotator.pages import PAGE
from liwa.annotator.wire import file, lean, sent

SCRIPTS = sorted(PAGE.rglob("*.js"))


TOKEN = re.compile(r"""/\*(?s:.*?)\*/|//.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""")
"""A comment or a string of JavaScript, near enough."""


def test_comments_stay_behind_and_lines_keep_their_numbers() -> None:
    script = (
        '/** What.\n * @param {x} y */\nconst u = "http://a"; // b\n  // c\nx(/** @type {any} */ (y), 3 /* 4 */);\n'
    )
    assert lean(script, ".js") == '\n\nconst u = "http://a"; // b\n\nx( (y), 3 /* 4 */);\n'
    assert lean("a { /* b\n */ c: d }", ".css") == "a { \n c: d }"
    assert lean("<!-- /* a */ -->", ".html") == "<!-- /* a */ -->"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(PAGE)))
def test_no_string_of_a_script_is_taken_for_a_comment(script: Path) -> None:
    strings = [s for s in TOKEN.findall(script.read_text(encoding="utf-8")) if not s.startswith("/")]
    assert [s for s in strings if lean(s, ".js") != s] == []


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.js"
    path.write_text("1", encoding="utf-8")
    first = file(path)
    assert file(path) is first
    path.write_text("2", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    second = file(path)
    assert (second.body, gzip.decompress(second.zipped)) == (b"2", b"2")
    assert second.tag != first.tag


def test_a_body_is_known_by_its_tag() -> None:
    assert sent(b"a", ".css") == sent(b"a", ".css")
    assert sent(b"a", ".css").type == "text/css; charset=utf-8"
