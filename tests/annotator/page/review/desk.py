"""The page of reviews in a browser, as a lead uses it."""

from __future__ import annotations

from typing import Any

from tests.annotator.page.desk import READY, Desk


class ReviewDesk(Desk):
    """A page of reviews."""

    def ready(self) -> ReviewDesk:
        """Wait until the page can be used: it goes to the view of reviews by itself."""
        self.page.wait_for_url("**/?view=review")
        self.page.wait_for_function(READY)
        return self

    def settled(self) -> ReviewDesk:
        """Wait until nothing is open."""
        self.page.wait_for_selector("#disputes h2.settled")
        return self

    def stroke(self, *keys: str) -> ReviewDesk:
        """Press keys, each when the one before has been followed."""
        for key in keys:
            before = self.run("app => JSON.stringify(app.doc.review.sides)")
            self.page.keyboard.press(key)
            changed = "before => JSON.stringify(liwa.app.doc.review.sides) !== before"
            self.page.wait_for_function(changed, arg=before)
        return self

    @property
    def sides(self) -> dict[str, Any]:
        """The sides taken so far, by decision."""
        return dict(self.run("app => app.doc.review.sides"))

    @property
    def relations(self) -> list[tuple[str, str, str]]:
        """The relations of the document: the characters of the head, the type, the characters of the child."""
        found = self.run("app => app.doc.relations.map(r => [app.surface(r.head), r.label, app.surface(r.child)])")
        return [(head, label, child) for head, label, child in found]

    @property
    def open_ones(self) -> list[str]:
        """The kinds that are open, as people read them."""
        return self.page.locator("#disputes .dispute.open .kind").all_inner_texts()

    @property
    def current(self) -> str:
        """What stands in the row of the disagreement that is looked at."""
        return self.page.locator("#disputes [aria-current]").inner_text()
