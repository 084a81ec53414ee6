from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.scoring.compare import MICRO, MOVED, compare
from liwa.scoring.compare_tables import to_json, to_markdown, to_text
from liwa.scoring.counts import Counts
from liwa.scoring.scorefile import ScoreFile
from tests.conftest import Run
from tests.scoring.score_files import GOLDS, plain, predictions, score_data, scores, write

BEFORE, AFTER = scores(0.6, "before.json"), scores(0.2, "after.json", seed=1)


def file(by_article: dict[str, dict[str, Counts]], test: str = "t") -> ScoreFile:
    return ScoreFile.from_dict(plain(by_article, test), f"{test}.json")


def test_rates_are_those_of_the_score_files_and_the_difference_is_second_less_first() -> None:
    lines = compare(BEFORE, AFTER).tables["spans"].lines
    assert list(lines) == ["PERSON", "RANK", "UNIT", "BASE", MICRO]
    for label, line in lines.items():
        for of, found in line.differences.items():
            a, b = (side.table("spans")[label or "micro"][of] for side in (BEFORE, AFTER))
            assert [found.a, found.b] == pytest.approx([a, b])
            assert found.change.value == pytest.approx(b - a)
            assert found.change.low is not None
            assert found.change.low <= b - a <= (found.change.high or -1)
        assert line.support == 24 * (4 if label == MICRO else 1)


def test_a_clear_difference_is_significant_and_none_is_not() -> None:
    clear, none = (compare(BEFORE, side).tables["spans"].lines[MICRO].differences["f1"] for side in (AFTER, BEFORE))
    assert clear.p is not None
    assert clear.p < 0.001
    assert (none.p, none.change) == (1, (0, 0, 0))
    assert "after.json is better than before.json by" in to_text(compare(BEFORE, AFTER))
    assert "before.json is worse than after.json by" in to_text(compare(AFTER, BEFORE))
    assert "no significant difference of before.json and before.json (p 1.000)" in to_text(compare(BEFORE, BEFORE))


def test_p_values_of_labels_are_adjusted_for_their_number_and_that_of_all_is_not() -> None:
    lines = compare(BEFORE, AFTER).tables["spans"].lines
    ps = {label: (line.differences["f1"].p or 0, line.differences["f1"].adjusted or 0) for label, line in lines.items()}
    smallest = min(p for label, (p, _) in ps.items() if label != MICRO)
    assert min(adjusted for label, (_, adjusted) in ps.items() if label != MICRO) == pytest.approx(4 * smallest)
    assert ps[MICRO][0] == ps[MICRO][1]


def test_one_seed_gives_the_same_report() -> None:
    first, again, other = (to_json(compare(BEFORE, AFTER, seed=seed)) for seed in (0, 0, 1))
    assert first == again != other


def test_the_articles_that_moved_most_come_first() -> None:
    a = file({"x": {"A": Counts(4, 0, 1)}, "y": {"A": Counts(0, 3, 3)}, "z": {"A": Counts(1, 1, 0)}})
    b = file({"x": {"A": Counts(3, 2, 2)}, "y": {"A": Counts(3, 0, 0)}, "z": {"A": Counts(1, 1, 0)}})
    moved = compare(a, b).tables["spans"].moved
    assert [(m.article, m.errors) for m in moved] == [("y", -6), ("x", 3)]
    many = {f"{n:02}": {"A": Counts(0, n, 0)} for n in range(MOVED + 5)}
    none = {article: {"A": Counts()} for article in many}
    assert [m.errors for m in compare(file(none), file(many)).tables["spans"].moved] == [*range(MOVED + 4, 4, -1)]


def test_a_label_that_only_one_side_names_has_no_difference() -> None:
    a, b = file({"x": {"A": Counts(1, 0, 0)}}), file({"x": {"A": Counts(1, 0, 0), "B": Counts(0, 2, 0)}})
    f1 = compare(a, b).tables["spans"].lines["B"].differences["f1"]
    assert (f1.a, f1.b, f1.change.value, f1.p, f1.adjusted) == (None, 0, None, None, None)
    assert re.search(r"^B +0 +n/a +0.0 +n/a +n/a +n/a +n/a$", to_text(compare(a, b)), re.MULTILINE)


def test_relations_are_compared_where_both_have_them() -> None:
    found = {"x": {"A": Counts(1, 0, 0)}}
    by_type = {"x": {"R": [1, 1, 1]}}
    a, b = (ScoreFile.from_dict(plain(found, relations_by_article=r), "s") for r in (by_type, {"x": {"R": [2, 0, 0]}}))
    assert list(compare(a, b).tables["relations"].lines) == ["R", MICRO]
    assert list(compare(a, file(found)).tables) == ["spans"]


def test_two_test_sets_are_refused() -> None:
    with pytest.raises(LiwaError, match=r"^u.json: measured on the test set u, and t.json on t"):
        compare(file({"x": {}}), file({"x": {}}, test="u"))


def test_files_without_what_it_takes_are_refused() -> None:
    for side in (file({"x": {}}, test=""), file({})):
        with pytest.raises(LiwaError, match="expected the test set's fingerprint and counts by article"):
            compare(file({"x": {}}), side)


def test_counts_that_disagree_on_the_gold_are_refused() -> None:
    with pytest.raises(LiwaError, match="article x has other gold spans"):
        compare(file({"x": {"A": Counts(1, 0, 1)}}), file({"x": {"A": Counts(1, 0, 2)}}))


def test_json_is_versioned_and_markdown_is_a_table() -> None:
    data = json.loads(to_json(compare(BEFORE, AFTER)))
    assert (data["format"], data["version"], data["articles"]) == ("liwa-comparison", 1, 24)
    assert {"a", "b", "difference", "interval", "p", "p_adjusted"} == set(data["spans"]["labels"]["RANK"]["f1"])
    shown = to_markdown(compare(BEFORE, AFTER)).splitlines()
    assert "| spans | gold | before.json F1 | after.json F1 | difference | 95 % | p | p Holm |" in shown


def test_the_command_reads_score_files_and_scores_predictions_itself(liwa: Run, tmp_path: Path) -> None:
    jsonl.write(tmp_path / "gold.jsonl", map(to_row, GOLDS))
    for name, rate in (("a", 0.6), ("b", 0.2)):
        write(tmp_path / f"{name}.json", score_data(rate))
        jsonl.write(tmp_path / f"{name}.jsonl", map(to_row, predictions(rate)))
    files = liwa("compare", "a.json", "b.json", cwd=tmp_path)
    both = liwa("compare", "a.jsonl", "b.jsonl", "--gold", "gold.jsonl", cwd=tmp_path)
    assert (files.returncode, files.stderr) == (0, "")
    assert "b is better than a by" in files.stdout
    assert both.stdout.split("\n\nrelations")[0].startswith(files.stdout.splitlines()[0])
    assert json.loads(liwa("compare", "a.json", "b.json", "--format", "json", cwd=tmp_path).stdout)


def test_bad_input_is_one_line(liwa: Run, tmp_path: Path) -> None:
    good = write(tmp_path / "good.json", score_data(0.3))
    other = write(tmp_path / "other.json", {**score_data(0.3), "test": "another"})
    (tmp_path / "nan.json").write_text('{"format": NaN}')
    for bad, said in ((other, "measured on the test set another"), ("none", "cannot read"), ("nan.json", "NaN")):
        done = liwa("compare", good, bad, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert said in line
