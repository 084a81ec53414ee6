"""Languages, keys, settings, themes, names for screen readers."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import liwa.annotator
from tests.annotator.page.conftest import OpenDesk
from tests.annotator.page.desk import Desk
from tests.annotator.page.tables import require_both

PAGE = Path(liwa.annotator.__file__).parent / "page"
SOURCES = {f.relative_to(PAGE).as_posix(): f.read_text(encoding="utf-8") for f in PAGE.rglob("*.js")}
OWN = {name: source for name, source in SOURCES.items() if "/" not in name}
"""The modules of the page itself; relations, review and the lead's view have tests of their own."""


def strings(page: Desk) -> dict[str, dict[str, str]]:
    script = "async (language) => (await import(`/page/strings-${language}.js`)).default"
    return {language: dict(page.page.evaluate(script, language)) for language in ("en", "ar")}


def test_both_languages_say_everything(desk: OpenDesk) -> None:
    require_both(strings(desk()))


def test_numbers_of_things_have_the_plurals_of_each_language(desk: OpenDesk) -> None:
    page = desk()
    numbers = [0, 1, 2, 3, 10, 11, 99, 100, 103, 1234]
    said = "(app, work, numbers) => numbers.map((n) => app.t('n_spans', { n }))"
    others = [0, 2, 3, 10, 11, 99, 100, 103, "1,234"]
    assert sorted(page.run(said, numbers)) == sorted(["1 span", *(f"{n} spans" for n in others)])
    page.press("l").page.wait_for_function("() => document.documentElement.lang === 'ar'")
    assert page.run(said, numbers) == [
        "لا مقاطع",
        "مقطع واحد",
        "مقطعان",
        "3 مقاطع",
        "10 مقاطع",
        "11 مقطعًا",
        "99 مقطعًا",
        "100 مقطع",
        "103 مقاطع",
        "1,234 مقطعًا",
    ]
    page.press("l").page.wait_for_function("() => document.documentElement.lang === 'en'")


def test_every_string_that_is_asked_for_is_there(desk: OpenDesk) -> None:
    tables = strings(desk())
    index = (PAGE / "index.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'data-(?:t|name)="(\w+)"', index))
    for source in OWN.values():
        asked |= set(re.findall(r'\bt\("(\w+)"', source)) | set(re.findall(r'group: "(\w+)"', source))
    assert len(asked) > 40
    assert asked - tables["en"].keys() == set()


def test_the_interface_changes_its_language_and_direction(desk: OpenDesk) -> None:
    page = desk("marked")
    assert page.run("() => [document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    page.press("l").page.wait_for_function("() => document.documentElement.lang === 'ar'")
    assert page.run("() => document.documentElement.dir") == "rtl"
    assert page.button("قبول").is_visible()
    assert "شخص" in page.page.locator("#labels").inner_text()
    assert page.page.locator(".span b").first.text_content() == "رتبة"
    assert page.page.get_by_role("option").first.text_content() == "اللواءرتبة · مقترح"
    # Nothing is left in English but the name of the article.
    assert re.findall(r"[A-Za-z]{3,}", page.page.locator("body").inner_text()) == ["marked"]
    page.press("l").page.wait_for_function("() => document.documentElement.lang === 'en'")
    assert page.button("Accept").is_visible()


def test_the_language_is_that_of_the_browser_and_what_was_chosen_is_kept(desk: OpenDesk) -> None:
    page = desk(locale="ar-IQ")
    assert page.run("() => document.documentElement.lang") == "ar"
    page.press("l").page.reload()
    assert page.ready().run("() => document.documentElement.lang") == "en"


def test_help_shows_every_key_in_both_languages(desk: OpenDesk) -> None:
    page = desk().press("Shift+?")
    dialog = page.page.get_by_role("dialog", name="Keys and help")
    shown = dialog.inner_text()
    for name in [
        "Person",
        "Unit",
        "Undo",
        "Accept",
        "Search",
        "Guidelines",
        "Snap to words",
        "Next span",
        "holds rank",
    ]:
        assert name in shown
    listed = page.run("app => app.keys.commands.filter(c => c.group).map(c => app.t(c.label ?? c.id))")
    assert all(name in shown for name in listed)
    page.press("Escape")
    assert dialog.count() == 0
    assert page.run("() => document.activeElement.id") == "task"
    page.press("l", "h")
    assert "تراجع" in page.page.get_by_role("dialog").inner_text()
    page.press("Escape")


def test_no_key_stands_for_two_commands(desk: OpenDesk) -> None:
    page = desk()
    commands = page.run("app => app.keys.commands.map(c => [c.id, c.codes, Boolean(c.when)])")
    taken: dict[str, str] = {}
    for name, codes, _ in commands:
        for code in codes:
            assert taken.setdefault(code, name) == name or {name, taken[code]} <= set(page.run(CONTEXTS)), (
                code,
                name,
                taken[code],
            )


CONTEXTS = "app => app.keys.commands.filter(c => c.when).map(c => c.id)"


def test_the_keys_of_a_scheme_win_and_the_command_is_moved_to_shift(desk: OpenDesk) -> None:
    page = desk()
    script = """async () => {
      const { Keys } = await import("/page/keys.js");
      const keys = new Keys(new Set(["KeyP"]));
      const ran = [];
      keys.register({ id: "propagate", code: "KeyP", run: () => void ran.push("propagate") });
      keys.register({ id: "label", code: "KeyP", scheme: true, run: () => void ran.push("label") });
      for (const shiftKey of [false, true])
        keys.handle(new KeyboardEvent("keydown", { code: "KeyP", key: "ح", shiftKey, cancelable: true }));
      return ran;
    }"""
    assert page.page.evaluate(script) == ["label", "propagate"]


def test_keys_do_nothing_while_somebody_writes(desk: OpenDesk) -> None:
    page = desk().label("سامي", "1").press("f")
    page.page.keyboard.type("12x3 b")
    page.press("Enter", "Backspace")
    assert page.spans == [("سامي", "PERSON")]
    assert page.run("app => [app.doc.flagged, app.doc.comment]") == [True, "12x3 b"]
    page.press("Escape")
    assert page.run("() => document.activeElement.id") == "task"
    page.button("Flagged").click()
    assert page.run("app => app.doc.flagged") is False


def test_typing_a_comment_is_one_step(desk: OpenDesk) -> None:
    page = desk().press("f")
    page.page.keyboard.type("abc")
    page.press("Escape", "Control+z")
    assert page.run("app => [app.doc.flagged, app.doc.comment]") == [True, ""]


def test_settings_by_mouse(desk: OpenDesk) -> None:
    page = desk()
    page.button("Settings").click()
    dialog = page.page.get_by_role("dialog", name="Settings")
    before = page.run("() => parseFloat(getComputedStyle(document.querySelector('#text p')).fontSize)")
    dialog.get_by_role("button", name="Larger").click()
    assert page.run("() => parseFloat(getComputedStyle(document.querySelector('#text p')).fontSize)") > before
    dialog.get_by_role("button", name="Dark").click()
    assert page.run("() => document.documentElement.dataset.theme") == "dark"
    dialog.get_by_role("button", name="Off").click()
    assert page.run("app => app.settings.snap") is False
    dialog.get_by_role("button", name="العربية").click()
    page.page.get_by_role("button", name="إغلاق").click()
    assert page.page.get_by_role("dialog").count() == 0


def test_the_guidelines_are_one_key_away(desk: OpenDesk) -> None:
    page = desk().press("g")
    dialog = page.page.get_by_role("dialog", name="Guidelines")
    dialog.get_by_role("heading", level=1).wait_for()
    page.press("PageDown").page.wait_for_function("() => document.activeElement.scrollTop > 0")
    # The keys are the page's again at once.
    page.press("g", "ArrowLeft", "1")
    assert (page.page.locator("dialog[open]").count(), len(page.spans)) == (0, 1)
    page.press("g")
    dialog.get_by_role("button", name="Close").click()
    page.button("Guidelines").click()
    dialog.get_by_role("heading", level=1).wait_for()
    page.press("Escape", "ArrowLeft", "2")
    assert (page.page.locator("dialog[open]").count(), len(page.spans)) == (0, 2)


def test_the_guidelines_follow_the_language_of_the_page(desk: OpenDesk) -> None:
    page = desk(locale="ar").press("g")
    heading = page.page.get_by_role("dialog").get_by_role("heading", level=1)
    heading.wait_for()
    assert heading.inner_text().startswith("دليل")
    assert page.run("() => getComputedStyle(document.querySelector('.reading table')).direction") == "rtl"
    page.press("Escape", "l", "g").page.get_by_role("heading", name="liwa annotation guidelines").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_examples_of_the_guidelines_have_the_colours_of_their_labels(desk: OpenDesk, scheme: Any) -> None:
    page = desk(color_scheme=scheme).press("g")
    marks = page.page.locator("dialog mark.l0")
    marks.first.wait_for()
    assert marks.first.locator("small").text_content() == "PERSON"
    colours = "(node) => [getComputedStyle(node).borderBottomColor, getComputedStyle(node).color]"
    line, words = marks.first.evaluate(colours)
    label = page.run("() => getComputedStyle(document.querySelector('#labels .l0'), '::before').backgroundColor")
    assert (line, line != words) == (label, True)


def test_of_the_guidelines_only_what_they_may_be_made_of_is_built(desk: OpenDesk) -> None:
    page = desk(locale="en-US")
    tree = [
        ["h1", {}, "Rules"],
        ["script", {}, "globalThis.ran = 1"],
        ["p", {"onclick": "globalThis.ran = 2", "innerHTML": "<b>x</b>"}, "<i>نص</i>"],
        ["p", {}, ["a", {"href": "javascript:ran = 3"}, "near"], ["a", {"href": "https://example.org/"}, "far"]],
        ["iframe", {"src": "/"}],
    ]
    page.page.route("**/api/guidelines?*", lambda route: route.fulfill(json=tree))
    page.press("g").page.get_by_role("heading", name="Rules").wait_for()
    inside = page.page.locator(".reading")
    assert inside.inner_text().split() == ["Rules", "<i>نص</i>", "nearfar"]
    assert inside.locator("script, iframe, i, b, [onclick]").count() == 0
    assert [a.get_attribute("href") for a in inside.locator("a").all()] == [None, "https://example.org/"]
    assert inside.locator("a").last.get_attribute("rel") == "noopener noreferrer"


def test_every_control_has_a_name_and_every_icon_button_a_tip(desk: OpenDesk) -> None:
    page = desk("marked").click("سامي الدوري")
    script = """() => [...document.querySelectorAll(
        `button, input, textarea, [role=listbox], [role=group], [role=toolbar], [tabindex='0']`)]
      .filter((n) => n.offsetParent && !n.closest('[aria-hidden=true]'))
      .filter((n) => !(n.getAttribute("aria-label") || n.textContent.trim())).map((n) => n.outerHTML)"""
    assert page.run(script) == []
    assert page.run("() => [...document.querySelectorAll('.tools button')].every(b => b.title.includes('('))")
    snapshot = page.page.locator("body").aria_snapshot()
    for name in [
        'listbox "Spans"',
        'group "Text to annotate"',
        'button "Accept"',
        'button "Label as Person"',
        "status",
    ]:
        assert name in snapshot, name


def test_what_has_the_focus_is_seen(desk: OpenDesk) -> None:
    page = desk("marked")
    seen = set()
    for _ in range(40):
        page.press("Tab")
        found = page.run("""() => { const n = document.activeElement, s = getComputedStyle(n);
          const name = n.id || n.textContent.trim().slice(0, 20) || n.ariaLabel;
          return [name, s.outlineStyle !== "none" || n.id === "task"] }""")
        assert found[1] or page.run("() => document.activeElement === document.body"), found
        seen.add(found[0])
    assert {"task", "spans", "flag", "comment"} <= seen
    assert {"Accept", "Reject"} <= seen


def test_what_is_wrong_with_saving_can_be_read_on_a_phone(desk: OpenDesk) -> None:
    page = desk(viewport={"width": 360, "height": 700}, has_touch=True)
    page.run("(app, work) => work.queue.onstatus({ name: 'stopped', n: 1 })")
    status = page.page.locator("#status")
    box = status.bounding_box()
    assert box and (box["x"], box["width"]) == (0, 360)
    assert status.evaluate("(node) => node.scrollHeight <= node.clientHeight")
    assert page.run("() => document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_both_themes(desk: OpenDesk, scheme: Any) -> None:
    page = desk("marked", color_scheme=scheme)
    page.press("Escape")
    script = """() => {
      const parse = (c) => c.match(/[\\d.]+/g).slice(0, 3).map(Number);
      const linear = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      const light = (c) => { const [r, g, b] = parse(c).map(linear);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b };
      const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
        return (x + 0.05) / (y + 0.05) };
      const ground = (n) => { for (; n; n = n.parentElement) { const c = getComputedStyle(n).backgroundColor;
        if (!/, 0\\)$|^transparent/.test(c) && !c.startsWith("color")) return c }
        return getComputedStyle(document.body).backgroundColor };
      return ["#text p", "#after p", ".span b", "#spans small", "#status", "#panel h2", "#labels .label",
        "#answers .main", "#position", "kbd"]
        .map((s) => [s, document.querySelector(s)]).filter(([, n]) => n)
        .map(([s, n]) => [s, contrast(getComputedStyle(n).color, ground(n))]);
    }"""
    measured = dict(page.run(script))
    assert len(measured) >= 9
    assert {name: ratio for name, ratio in measured.items() if ratio < 4.5} == {}


def test_labels_of_any_scheme_are_readable(desk: OpenDesk) -> None:
    script = """async () => {
      const { readable, contrast, parse } = await import("/page/colours.js");
      const out = [];
      for (const hex of ["#ffff00", "#000000", "#ffffff", "#2f6fb3", "#f00", "nonsense"])
        for (const [dark, paper] of [[false, "#fffdf9"], [true, "#1b1e22"]])
          out.push(contrast(parse(readable(hex, dark)), parse(paper)));
      return out;
    }"""
    assert min(desk().page.evaluate(script)) >= 4.5


def test_selected_words_are_read_out(desk: OpenDesk) -> None:
    page = desk().label("سامي الدوري", "1").select("الركن").press("ArrowLeft")
    assert page.said == "سامي الدوري, Person"
    page.press("ArrowLeft")
    assert page.said == "😀"


def test_the_index_holds_no_script_and_no_style() -> None:
    index = (PAGE / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script[^>]*>", index) == ['<script type="module" src="/page/main.js">']
    assert " style=" not in index
    assert not re.search(r"\son\w+=", index)


def test_modules_are_short_and_documented() -> None:
    for name, source in OWN.items():
        assert source.startswith("// @ts-check\n/**"), name
        assert len(source.splitlines()) <= 400, name
        for before, line in pairwise(source.splitlines()):
            if line.startswith("export ") and not line.startswith("export {"):
                assert before.rstrip().endswith("*/"), f"{name}: {line}"


DANGER = re.compile(r"(?:inner|outer)HTML\s*\+?=|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc")


@pytest.mark.parametrize("name", SOURCES)
def test_text_is_never_html(name: str) -> None:
    assert not DANGER.search(SOURCES[name])
