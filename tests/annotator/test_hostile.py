"""Texts that someone made to do harm, or that are only very large."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest

from liwa.annotations.rows import task
from tests.annotator.invented import paragraphs
from tests.annotator.local import AUTHORISED, Local

TEXTS = {
    "script": "</script><script>alert(1)</script><img src=x onerror=alert(2)> لواء",
    "bidi": "\u202eلواء\u2066 abc \u202c\u2069\u200f\u061c",
    "control": "".join(map(chr, range(32))) + "\x7f\x85\u2028\u2029\ufffe\ufeff لواء",
    "emoji": "👨‍👩‍👧 لواء 🇸🇦",
    "marks": "ل" + "\u064b" * 2000,
    "one long word": "ل" * 100_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_goes_in_and_out_unchanged(tmp_path: Path, name: str) -> None:
    text = TEXTS[name]
    project = Local(tmp_path, [task(text, {"title": text[:50]})])
    (row,) = project.get("tasks")["tasks"]
    full = project.ask("GET", f"/api/tasks/{row['id']}", headers=AUTHORISED)
    assert full.headers["content-type"] == "application/json"
    assert full.json()["text"] == text
    assert row["title"] == text[:50]
    span = {"start": 0, "end": len(text), "label": "UNIT", "text": text}
    assert project.send(row["id"], spans=[span], comment=text[:2000]).status_code == 200
    (out,) = project.exported()
    assert (out["text"], out["spans"][0]["text"], out["comment"]) == (text, text, text[:2000])
    project.store.close()


def test_ten_thousand_spans_are_taken_in_one_body(tmp_path: Path) -> None:
    text = "لواء النخيل " * 10_000
    spans = [{"start": n * 12, "end": n * 12 + 11, "label": "UNIT", "text": "لواء النخيل"} for n in range(10_000)]
    ends = [[span["start"], span["end"]] for span in spans]
    relations = [{"head": a, "child": b, "label": "PART_OF"} for a, b in pairwise(ends)]
    project = Local(tmp_path, [{"text": text, "spans": spans}])
    (name,) = project.ids
    began = time.perf_counter()
    assert len(project.get(f"tasks/{name}")["spans"]) == 10_000
    sent = project.send(name, spans=spans, relations=relations)
    assert sent.status_code == 200, sent.text
    state = project.get(f"tasks/{name}")["state"]
    assert (len(state["spans"]), len(state["relations"])) == (10_000, 9_999)
    assert time.perf_counter() - began < 20, "quadratic time takes minutes"
    project.store.close()


@pytest.mark.parametrize(
    "word", [pytest.param("لواء", marks=pytest.mark.slow), "لواء" * 200], ids=["short words", "long words"]
)
def test_a_text_of_five_megabytes_is_served_and_answered(tmp_path: Path, word: str) -> None:
    count = 2_900_000 // (len(word) + 1)
    text = f"{word} " * count  # 2.9 million code points, over 5 MB of UTF-8
    project = Local(tmp_path, [{"text": text, "meta": {"title": "long"}}])
    (name,) = project.ids
    assert project.get(f"tasks/{name}")["text"] == text
    span = {"start": len(text) - len(word) - 1, "end": len(text) - 1, "label": "UNIT", "text": word}
    assert project.send(name, spans=[span]).status_code == 200
    (row,) = project.exported()
    assert row["tokens"][row["spans"][0]["token_end"]]["end"] == span["end"]
    project.store.close()


def test_an_article_of_many_passages_is_sent_in_part(tmp_path: Path) -> None:
    rows = paragraphs("\n".join("كلمة " * 400 + str(n) for n in range(200)), "long")
    project = Local(tmp_path, rows)
    middle = project.get(f"tasks/{project.ids[100]}")
    for side, end in (("before", 0), ("after", -1)):
        assert 40 < len(middle[side]) < 60
        assert middle[side][end]["gap"]
        assert sum(len(passage["text"]) for passage in middle[side]) <= 100_000
    assert not middle["before"][-1]["gap"]
    project.store.close()
