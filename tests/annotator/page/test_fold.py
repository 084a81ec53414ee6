"""Search in any spelling: the browser folds as `liwa.arabic.orthography` does, and knows where letters came from."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from liwa.arabic.orthography import fold
from tests.annotator.page.test_offsets import STRANGE, as_sent

FOLDS = """async (sent) => {
  const { foldChar, folded, find } = await import("/page/fold.js");
  const fold = (text) => ({ ...folded(text), parts: [...text].map((c) => foldChar(c)) });
  return JSON.stringify(JSON.parse(sent).map(fold));
}"""


def test_every_character_folds_as_in_python(modules: Page) -> None:
    points = [p for p in [*range(0x10000), *range(0x1EE00, 0x1EF00)] if not 0xD800 <= p <= 0xDFFF]
    script = """async (points) => {
      const { foldChar } = await import("/page/fold.js");
      return points.map((p) => foldChar(String.fromCodePoint(p)));
    }"""
    found = modules.evaluate(script, points)
    wrong = [(hex(p), got, fold(chr(p))) for p, got in zip(points, found, strict=True) if got != fold(chr(p))]
    assert wrong == []


def test_letters_are_found_where_they_came_from(modules: Page) -> None:
    texts = st.text(st.sampled_from(STRANGE + "أإٱىگ٠۵ـﻻﷺ\u064b\u0651"), max_size=30).map(as_sent)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(texts, min_size=4, max_size=12))
    def check(batch: list[str]) -> None:
        found = json.loads(modules.evaluate(FOLDS, json.dumps(batch)))
        for text, got in zip(batch, found, strict=True):
            assert got["parts"] == [fold(char) for char in text]
            assert len(got["from"]) == len(got["to"]) == len(got["text"].encode("utf-16-le", "surrogatepass")) // 2
            for unit, (start, end) in enumerate(zip(got["from"], got["to"], strict=True)):
                assert 0 <= start < end <= len(text)
                assert all(fold(char) == "" for char in text[start + 1 : end]), unit
            assert got["from"] == sorted(got["from"])

    check()


def test_what_reads_the_same_is_found(modules: Page) -> None:
    script = """async ([text, needle]) => {
      const { find, folded } = await import("/page/fold.js");
      return find(folded(text), needle).map((r) => [r.start, r.end]);
    }"""
    text = "😀 أحمد وإحمد وآحمد، أَحْمَدُ ـ احـمـد ﺃﺣﻤﺪ Ahmad AHMAD"
    found = [text[start:end] for start, end in modules.evaluate(script, [text, "احمد"])]
    assert found == ["أحمد", "إحمد", "آحمد", "أَحْمَدُ", "احـمـد", "ﺃﺣﻤﺪ"]
    assert [text[s:e] for s, e in modules.evaluate(script, [text, "ahmad"])] == ["Ahmad", "AHMAD"]
    assert modules.evaluate(script, [text, " "]) == []
    assert modules.evaluate(script, [text, "\u0651"]) == []
