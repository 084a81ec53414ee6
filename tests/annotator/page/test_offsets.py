"""Code points and UTF-16 units: the browser's table says the same as Python."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from tests.strategies import ALPHABET

STRANGE = ALPHABET + "\ud800\udfff\U0001f469\U0001f3fd\u202e\x00\x1b"

TABLE = """async (texts) => {
  const { Offsets } = await import("/page/offsets.js");
  return texts.map((text) => {
    const offsets = new Offsets(text);
    const points = [...Array(offsets.length + 1).keys()];
    const units = [...Array(text.length + 1).keys()];
    return {
      length: offsets.length,
      units: points.map((p) => offsets.toUnits(p)),
      points: units.map((u) => offsets.toPoints(u)),
      slices: points.map((p) => offsets.slice(p, Math.min(p + 3, offsets.length))),
    };
  });
}"""


def as_sent(text: str) -> str:
    """Return a text as JSON carries it: two surrogates that happen to fit are one character."""
    return str(json.loads(json.dumps(text)))


def expected(text: str) -> dict[str, Any]:
    sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    units = [sum(sizes[:point]) for point in range(len(text) + 1)]
    inverse = [max(p for p, unit in enumerate(units) if unit <= u) for u in range(units[-1] + 1)]
    slices = [text[p : p + 3] for p in range(len(text) + 1)]
    return {"length": len(text), "units": units, "points": inverse, "slices": slices}


def test_the_table_equals_python(modules: Page) -> None:
    texts = st.text(st.sampled_from(STRANGE), max_size=40) | st.text(st.characters(), max_size=30)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(texts.map(as_sent), min_size=8, max_size=24))
    def check(batch: list[str]) -> None:
        # Texts go and come as JSON strings, so that lone surrogates survive the way to the browser.
        script = f"async (sent) => JSON.stringify(await ({TABLE})(JSON.parse(sent)))"
        found = json.loads(modules.evaluate(script, json.dumps(batch)))
        assert found == [expected(text) for text in batch]

    check()


def test_a_span_that_quotes_other_characters_is_found(modules: Page) -> None:
    script = """async ([text, spans]) => {
      const { Offsets } = await import("/page/offsets.js");
      const wrong = new Offsets(text).firstWrong(spans);
      return wrong ? spans.indexOf(wrong) : null;
    }"""
    text = "😀 اللواء 83"
    good = {"start": 2, "end": 8, "text": "اللواء"}
    assert modules.evaluate(script, [text, [good]]) is None
    for start, end, said in [(3, 9, "اللواء"), (2, 2, ""), (-1, 2, None), (0, 99, None), (1.5, 2, None)]:
        bad = {"start": start, "end": end} | ({"text": said} if said is not None else {})
        assert modules.evaluate(script, [text, [good, bad]]) == 1, bad
