from __future__ import annotations

import json

from liwa.scoring.evaluate import evaluate
from liwa.scoring.tables import to_brief, to_json, to_markdown, to_text
from liwa.tables import percent
from tests.gold import gold

SCORES = evaluate(
    [gold("وصل [العقيد](RANK) [بشار](PERSON)")], [gold("وصل [العقيد](RANK) بشار")], labels=["PERSON", "RANK", "BASE"]
)


def test_text_has_one_line_a_label_and_the_micro_average() -> None:
    lines = to_text(SCORES).splitlines()
    table = {line.split()[0]: line.split()[1:] for line in lines[2:7] if not line.startswith("-")}
    assert table == {
        "PERSON": ["n/a", "0.0", "0.0", "n/a", "0", "0", "1", "1"],
        "RANK": ["100.0", "100.0", "100.0", "n/a", "1", "0", "0", "1"],
        "BASE": ["n/a", "n/a", "n/a", "n/a", "0", "0", "0", "0"],
        "micro": ["100.0", "50.0", "66.7", "n/a", "1", "0", "1", "2"],
    }
    assert len({len(line) for line in lines[:7]}) == 1


def test_brief_is_the_first_table_alone() -> None:
    brief = to_brief(SCORES).splitlines()
    assert brief == to_text(SCORES).splitlines()[: len(brief)]
    assert not any(line.startswith("errors") for line in brief)


def test_markdown_says_the_same() -> None:
    assert "| micro | 100.0 | 50.0 | 66.7 | n/a | 1 | 0 | 1 | 2 |" in to_markdown(SCORES).splitlines()


def test_json_is_versioned_and_writes_undefined_rates_as_null() -> None:
    data = json.loads(to_json(SCORES))
    assert (data["format"], data["version"]) == ("liwa-scores", 1)
    assert data["spans"]["labels"]["BASE"]["f1"] is None
    assert data["spans"]["micro"]["f1"] == 2 / 3 or abs(data["spans"]["micro"]["f1"] - 2 / 3) < 1e-9


def test_masked_missing_and_unknown_are_said() -> None:
    scores = evaluate([gold("خبر", "x"), gold("خبر", "y")], [gold("خبر", "x"), gold("خبر", "z")])
    assert "1 articles lack a prediction, their spans are misses: y" in to_text(scores)
    assert "1 predicted articles are not in the gold and were left out: z" in to_text(scores)


def test_percent() -> None:
    assert percent(None) == "n/a"
    assert percent(0.12345) == "12.3"
