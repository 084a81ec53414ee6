"""Hostile tasks are shown harmlessly: nothing in a text runs, and nothing in it reaches beyond its paragraph."""

from __future__ import annotations

from typing import Any

import pytest

from liwa.annotations.rows import task, to_row
from liwa.records import Gold, Range, Span, sha256
from tests.annotator.conftest import Serve
from tests.annotator.page.conftest import NewPage
from tests.annotator.page.desk import Desk

SCRIPT = '<script>window.ran = 1</script><img src=x onerror="window.ran = 2"> ${window.ran = 3} &lt;b&gt; اللواء'
TURNED = "قال \u202eاللواء\u2066 83\u2067 abc ثم\u200f انتهى\nوهذا سطر سليم بعده"
CONTROLS = "قاعدة\x00 ال\x1b[31mسدرة\x07\ufffe\ufeff \x85جديد\u2028سطر \x1cآخر 🏴\U000e0067\U000e0062\U000e007f"


def alone(text: str, **meta: Any) -> dict[str, Any]:
    return dict(task(text, {"article": f"h{len(text)}", "sha256": sha256(text), "start": 0, "end": len(text), **meta}))


@pytest.fixture
def hostile(serve: Serve, new_page: NewPage) -> Desk:
    rows = [alone(text, title=SCRIPT, outlet=SCRIPT) for text in (SCRIPT, TURNED, CONTROLS)]
    return Desk(new_page(), serve(rows)).open()


def test_nothing_in_a_text_runs(hostile: Desk) -> None:
    page = hostile
    said: list[str] = []
    page.page.on("console", lambda message: said.append(message.text))
    assert page.run("() => document.querySelector('#text p').textContent") == SCRIPT
    assert page.page.locator("#title").text_content() == SCRIPT
    page.label("<img src=x", "4").label("اللواء", "3").press("f")
    page.page.keyboard.type("<script>window.ran = 4</script>")
    page.press("Escape").saved().press("j")
    page.page.get_by_role("dialog").get_by_text("<script>").first.wait_for()
    page.press("Escape", "/")
    page.page.keyboard.type("<script>")
    page.press("Escape")
    assert page.page.evaluate("window.ran") is None
    assert page.page.locator("#text img, #text script, #panel img, #panel script").count() == 0
    assert not [text for text in said if "Content Security Policy" in text]
    assert page.spans == [("<img src=x", "BASE"), ("اللواء", "UNIT")]


def test_overrides_of_direction_stay_in_their_paragraph_and_are_said(hostile: Desk) -> None:
    page = hostile.press("i").at("سليم")
    assert "3 characters that change its direction" in str(page.page.locator("#notice").text_content())
    assert (
        page.run("() => [...document.querySelectorAll('#text p')].map(p => getComputedStyle(p).unicodeBidi)")
        == ["isolate"] * 2
    )
    page.label("اللواء", "3").label("سطر سليم", "4")
    script = "app => app.doc.spans.map(s => app.text.boxesOf(s).length)"
    assert all(n >= 1 for n in page.run(script))
    page.press("Enter").saved()
    state = page.server.get("tasks/" + page.server.get("tasks")["tasks"][1]["id"])["state"]
    assert [s["text"] for s in state["spans"]] == ["اللواء", "سطر سليم"]
    # What stands beside the text is not turned round either.
    page.press("b")
    assert page.run("() => [...document.querySelectorAll('#spans bdi')].length") == 2


def test_control_characters_keep_every_offset(hostile: Desk) -> None:
    page = hostile.press("i").at("سليم").press("i").at("قاعدة")
    assert page.text == CONTROLS
    for surface in ["سدرة", "جديد", "سطر", "آخر"]:
        page.label(surface, "4")
    assert [s for s, _ in page.spans] == ["سدرة", "جديد", "سطر", "آخر"]
    page.saved()
    state = page.server.get(f"tasks/{page.task}")["state"]
    assert [CONTROLS[s["start"] : s["end"]] for s in state["spans"]] == ["سدرة", "جديد", "سطر", "آخر"]


def many(size: int, spans: int, unit: str = "اللواء 83 ", line: int = 80) -> dict[str, Any]:
    """Return a task of about a number of code points with spans over the first words of its units."""
    text = "".join(unit + ("\n" if i % line == line - 1 else "") for i in range(size // len(unit)))
    starts = [i for i in range(len(text)) if text.startswith("اللواء", i)][:spans]
    found = tuple(Span(start, start + 6, "UNIT") for start in starts)
    return to_row(Gold("many", sha256(text), (Range(0, len(text)),), found, text=text), answer=None)


def test_ten_thousand_spans_can_be_worked_on(serve: Serve, new_page: NewPage) -> None:
    page = Desk(new_page(), serve([many(110_000, 10_000)]))
    page.page.set_default_timeout(60_000)
    page.open()
    assert page.run("app => app.doc.spans.length") == 10_000
    page.press("Tab", "1").saved()
    state = page.server.get(f"tasks/{page.task}")["state"]
    assert [s["label"] for s in state["spans"][:2]] == ["PERSON", "UNIT"]
    assert page.page.locator("#spans li").count() <= 400


@pytest.mark.slow
@pytest.mark.parametrize("line", [80, 10**9])
def test_five_megabytes_can_be_worked_on(serve: Serve, new_page: NewPage, line: int) -> None:
    page = Desk(new_page(), serve([many(3_000_000, 50, line=line)]))
    page.page.set_default_timeout(120_000)
    page.open()
    assert len(page.text.encode()) > 4_500_000
    page.press("Tab", "1").saved()
    assert page.run("app => app.doc.spans[0].label") == "PERSON"
