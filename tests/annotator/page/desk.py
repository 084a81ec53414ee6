"""The page in a browser, as an annotator uses it: by keys, by mouse, by touch."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Locator, Page

from tests.annotator.serving import Server

READY: Final = "() => globalThis.liwa && !document.body.classList.contains('loading')"
SAVED: Final = "() => document.getElementById('status').className === 'saved'"


class Desk:
    """A page of a server. Offsets are code points of the text of the task that is open."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server

    def open(self) -> Desk:
        """Load the address that the command printed, and wait until the page can be used."""
        self.page.goto(self.server.page)
        return self.ready()

    def ready(self) -> Desk:
        """Wait until the page can be used."""
        self.page.wait_for_function(READY)
        return self

    def begin(self, task: str) -> Desk:
        """Go to a task, with the settings of a first visit."""
        script = """async (app, work, id) => {
          document.querySelector("dialog")?.close();
          sessionStorage.removeItem("liwa-article");
          Object.assign(app.settings, { language: "en", theme: "auto", size: 22, snap: true });
          liwa.apply();
          app.armed = null;
          app.announce("");
          await work.visit(id);
          app.host.focus({ preventScroll: true });
        }"""
        self.run(script, task)
        return self

    def at(self, words: str) -> Desk:
        """Wait for a task whose text has some words."""
        self.page.wait_for_function("words => liwa.app.task.text.includes(words)", arg=words)
        return self

    def run(self, script: str, *args: Any) -> Any:
        """Return what a function of JavaScript returns for the page's app, its work and the arguments."""
        return self.page.evaluate(f"(args) => ({script})(liwa.app, liwa.work, ...args)", list(args))

    def press(self, *keys: str) -> Desk:
        """Press keys, by their physical names, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    @property
    def text(self) -> str:
        """The text of the task that is open."""
        return str(self.run("app => app.task.text"))

    @property
    def task(self) -> str:
        """The id of the task that is open."""
        return str(self.run("app => app.task.id"))

    @property
    def spans(self) -> list[tuple[str, str]]:
        """The spans of the document: their characters and labels."""
        return [(s, label) for s, label in self.run("app => app.doc.spans.map(s => [app.surface(s), s.label])")]

    @property
    def origins(self) -> list[str]:
        """For each span, whether it is as it came or a person has touched it."""
        return list(self.run("app => app.doc.spans.map(s => s.origin)"))

    @property
    def selected(self) -> str | None:
        """The characters that are selected, be they a span or not."""
        script = "app => { const w = app.selection.span ?? app.selection.range; return w && app.surface(w) }"
        return None if (found := self.run(script)) is None else str(found)

    @property
    def span(self) -> str | None:
        """The characters of the selected span, None where no span is selected."""
        found = self.run("app => app.selection.span && app.surface(app.selection.span)")
        return None if found is None else str(found)

    @property
    def status(self) -> str:
        """The state of saving."""
        return str(self.page.locator("#status").get_attribute("class"))

    @property
    def said(self) -> str:
        """What a screen reader was told last."""
        return str(self.page.locator("#live").text_content()).strip()

    def saved(self) -> Desk:
        """Wait until all is stored."""
        self.page.wait_for_function(SAVED)
        return self

    def range_of(self, surface: str, nth: int = 0) -> tuple[int, int]:
        """Return where the text holds some characters for the nth time."""
        start = -1
        for _ in range(nth + 1):
            start = self.text.index(surface, start + 1)
        return start, start + len(surface)

    def place(self, start: int, end: int | None = None) -> dict[str, float]:
        """Return the client rectangle of a range on its first line: what the browser itself says."""
        script = """(app, work, start, end) => {
          const paragraph = app.text.paragraphs[app.text.paragraphOf(start)];
          const range = document.createRange();
          range.setStart(paragraph.node, app.offsets.toUnits(start) - paragraph.from);
          range.setEnd(paragraph.node, app.offsets.toUnits(end) - paragraph.from);
          const { left, top, right, bottom } = range.getClientRects()[0];
          return { left, top, right, bottom };
        }"""
        return dict(self.run(script, start, start + 1 if end is None else end))

    def middle(self, start: int, end: int | None = None) -> tuple[float, float]:
        """Return the middle of a range's first rectangle, in the window."""
        at = self.place(start, end)
        return (at["left"] + at["right"]) / 2, (at["top"] + at["bottom"]) / 2

    def click(self, surface: str, nth: int = 0, *, letter: int = 0) -> Desk:
        """Click on a letter of some characters."""
        start, _ = self.range_of(surface, nth)
        self.page.mouse.click(*self.middle(start + letter))
        return self

    def drag(self, first: str, last: str | None = None, nth: int = 0) -> Desk:
        """Select by mouse: from the middle of the first letter of some characters to that of the last of others."""
        start, end = self.range_of(first, nth)
        if last is not None:
            end = self.text.index(last, start) + len(last)
        # Past the middle of the last letter, so that the browser selects it too.
        x, y = self.middle(end - 1)
        leftwards = x - 0.3 * (x - self.place(end - 1)["left"])
        return self.sweep(self.middle(start), (leftwards if self.direction(start) == "rtl" else 2 * x - leftwards, y))

    def sweep(self, start: tuple[float, float], end: tuple[float, float]) -> Desk:
        """Move the mouse with its button down from a place of the window to another."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=4)
        self.page.mouse.up()
        return self

    def direction(self, point: int) -> str:
        """Return the direction of the paragraph around an offset."""
        return str(self.run("(app, work, p) => app.text.paragraphs[app.text.paragraphOf(p)].dir", point))

    def select(self, surface: str, nth: int = 0) -> Desk:
        """Select characters by program, where a test is about something else."""
        start, end = self.range_of(surface, nth)
        self.run("(app, work, start, end) => app.select({ range: { start, end } })", start, end)
        return self

    def label(self, surface: str, key: str, nth: int = 0) -> Desk:
        """Label characters by a key."""
        return self.select(surface, nth).press(key)

    def button(self, name: str, *, exact: bool = True) -> Locator:
        """Return the button of a name, as a screen reader knows it."""
        return self.page.get_by_role("button", name=name, exact=exact)
