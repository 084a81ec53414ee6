from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl
from liwa.annotations.gold import read_gold
from liwa.errors import LiwaError
from liwa.scheme import load_scheme
from liwa.scoring.errors import list_errors
from liwa.scoring.report import read_curve, report
from liwa.scoring.scorefile import ScoreFile
from tests.conftest import Run
from tests.gold import gold
from tests.scoring.score_files import GOLDS, plain, predictions, score_data, scores, write

SCHEME = load_scheme()
VOID = {"meta", "br", "rect", "line", "circle", "polygon", "polyline"}


class Page(HTMLParser):
    """The tags of a page, balanced, its attributes, and its text by the tag around it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[tuple[str, str]] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append((self.open[-1] if self.open else "", data))


def full_data(rate: float) -> dict[str, Any]:
    """Return a score file with everything that one may hold."""
    rates = {"precision": 0.5, "recall": 0.5, "f1": 0.5, "tp": 1, "fp": 1, "fn": 1, "support": 2}
    spread = {"values": [0.5, 0.7], "mean": 0.6, "deviation": 0.1, "interval": [0.4, 0.8]}
    return {
        **score_data(rate),
        "alignment_lost": 2,
        "missing": ["x"],
        "confusion": {"UNIT": {"UNIT": 3, "none": 1}, "none": {"UNIT": 2}},
        "relations": {"end_to_end": {"micro": rates, "types": {"NEAR": rates}}},
        "leakage": {"known": True, "passages": 50, "exact": 1, "near": 4, "mentions": 90, "seen": 45, "surfaces": 0},
        "slices": {"outlet": {"<b>النهار</b>": {**rates, "f1_interval": [0.1, 0.9], "small": True}}},
        "seeds": {"models": ["a", "b"], "micro": {"f1": spread}, "labels": {"UNIT": {"f1": spread}}},
    }


def full(rate: float = 0.3, name: str = "s.json") -> ScoreFile:
    return ScoreFile.from_dict(full_data(rate), name)


def page(*files: ScoreFile, **more: Any) -> str:
    return report(files, names=[file.name for file in files], scheme=SCHEME, **more)


def headings(shown: str) -> list[str]:
    return re.findall(r"<h2><bdi>(.*?)</bdi></h2>", shown)


def test_the_page_is_balanced_and_needs_no_network_no_script_and_no_other_file() -> None:
    for shown in (page(full()), page(full(), scores(0.1)), page(ScoreFile.from_dict(plain({}), "s"))):
        found = Page(shown)
        assert not {"script", "link", "img", "iframe"} & {tag for tag, _, _ in found.attributes}
        assert not {"src", "href", "onclick"} & {name for _, name, _ in found.attributes}
        assert not re.search(r"url\(|@import", shown)
        assert ("html", "lang", "en") in found.attributes


def test_every_section_stands_that_the_file_has_figures_for_and_no_other() -> None:
    assert headings(page(full())) == [
        "Spans", "Relations, end to end", "Caveats", "Several seeds", "Errors", "Confusion", "Partial schemes",
        "Slices", "Leakage", "How it was measured",
    ]  # fmt: skip
    assert headings(page(ScoreFile.from_dict(plain({}), "s"))) == ["Spans", "Leakage", "How it was measured"]


def test_figures_are_those_of_the_file() -> None:
    cells = [text for tag, text in Page(page(full())).text if tag in ("td", "bdi")]
    micro = full_data(0.3)["spans"]["micro"]
    assert f"{100 * micro['f1']:.1f}" in cells
    assert f"[{100 * micro['f1_interval'][0]:.1f}, {100 * micro['f1_interval'][1]:.1f}]" in cells
    assert {"60.0", "10.0", "[40.0, 80.0]", "50.0, 70.0", "small", "8.0"} <= {*cells}
    assert "2 gold spans were lost" in page(full())


def test_the_confusion_table_is_shaded_by_the_share_of_the_row_and_wrong_cells_otherwise() -> None:
    shown = page(full())
    assert '<td class="heat" style="--v:0.75">3</td><td class="heat wrong" style="--v:0.25">1</td>' in shown
    assert '<td class="heat wrong" style="--v:1.00">2</td><td class="heat" style="--v:0.00"></td>' in shown


def test_what_is_not_known_of_training_is_said() -> None:
    unknown = ScoreFile.from_dict({**score_data(0.3), "leakage": {"known": False}}, "s")
    assert "Unknown: nothing is known of the training part" in page(unknown)


def test_names_values_and_controls_cannot_break_the_page() -> None:
    shown = page(full(name="<script>\u202ealert</script>"))
    Page(shown)
    assert "<script" not in shown
    assert "<b>النهار" not in shown
    assert "\u202e" not in shown


def test_several_files_are_side_by_side_and_compared_where_the_test_set_is_the_same() -> None:
    shown = page(scores(0.6, "before"), scores(0.1, "after"))
    assert "after against before" in headings(shown)
    assert "after is better than before by" in shown
    assert "different test sets" not in shown
    other = ScoreFile.from_dict({**score_data(0.1), "test": "another"}, "other")
    shown = page(scores(0.6, "before"), other)
    assert "other against before" not in headings(shown)
    assert "measured on different test sets" in shown


def test_examples_show_gold_marked_right_to_left_and_what_was_predicted(tmp_path: Path) -> None:
    right = gold("سطر أول.\nوصل [العقيد](RANK) [بشار كمال](PERSON) أمس.")
    person = right.spans[1]
    found = replace(right, spans=(right.spans[0], person._replace(end=person.end - 5)))
    jsonl.write(tmp_path / "e.jsonl", list_errors([right], [found]))
    shown = page(full(), errors=read_gold([str(tmp_path / "e.jsonl")]))
    assert headings(shown)[-2] == "Examples of errors"
    assert '<div lang="ar" dir="rtl">' in shown
    assert re.findall(r'<mark data-label="(\w+)"[^>]*>([^<]*)</mark>', shown) == [
        ("RANK", "العقيد"), ("PERSON", "بشار كمال"),
    ]  # fmt: skip
    said = re.findall(r'<bdi class="said" lang="ar">([^<]*)</bdi> <bdi class="type">(\w+)</bdi>', shown)
    assert said == [("بشار كمال", "PERSON"), ("بشار", "PERSON")]
    assert "<li>boundary: gold" in shown


def test_a_prediction_over_the_border_of_a_paragraph_is_shown_as_far_as_it_goes() -> None:
    row = gold("سطر أول.\nوصل [العقيد](RANK).")
    errors = [{"kind": "spurious", "gold": None, "predicted": {"start": 4, "end": 12, "label": "UNIT"}}]
    part = row.within(row.ranges[0]._replace(start=9))
    shown = page(full(), errors=[replace(part, meta={"errors": errors})])
    assert '<bdi class="said" lang="ar">وصل</bdi>' in shown


def test_broken_error_lists_are_refused() -> None:
    for span in ({"start": "x", "end": 2}, {"start": 1}, [1, 2], "span"):
        row = replace(gold("نص"), meta={"errors": [{"kind": "label", "gold": span}]}, where="e.jsonl:1")
        with pytest.raises(LiwaError, match=r"e.jsonl:1: expected a span with start and end"):
            page(full(), errors=[row])


def points() -> list[dict[str, Any]]:
    return [
        {"share": 0.5, "articles": 12, "words": 1300, "spans": 48, "scores": score_data(0.6)},
        {"share": 1, "articles": 24, "words": 2600, "spans": 96, "scores": score_data(0.2)},
    ]


def test_a_learning_curve_is_drawn_and_tabled(tmp_path: Path) -> None:
    shown = page(full(), curve=read_curve(write(tmp_path / "curve.json", points())))
    assert "Learning curve" in headings(shown)
    assert "<title>F1 by words of training text</title>" in shown
    assert "<th scope=row><bdi>50 %</bdi></th><td>12</td><td>1,300</td><td>48</td>" in shown


@pytest.mark.parametrize("data", [{}, [], {"points": []}, [{}], [1], {"share": 1}, [{**points()[0], "scores": {}}]])
def test_what_is_no_curve_is_refused(tmp_path: Path, data: Any) -> None:
    with pytest.raises(LiwaError, match="expected"):
        read_curve(write(tmp_path / "curve.json", data))


def test_the_command_writes_a_page(liwa: Run, tmp_path: Path) -> None:
    for name, rate in (("a", 0.6), ("b", 0.2)):
        write(tmp_path / f"{name}.json", score_data(rate))
    jsonl.write(tmp_path / "errors.jsonl", list_errors(GOLDS, predictions(0.6)))
    write(tmp_path / "curve.json", points())
    inputs = ("a.json", "b.json", "--errors", "errors.jsonl", "--curve", "curve.json", "--examples", "3")
    done = liwa("report", *inputs, "-o", "r.html", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "page: r.html\n")
    shown = (tmp_path / "r.html").read_text(encoding="utf-8")
    Page(shown)
    assert shown.count('<figure class="example">') == 3
    assert "b against a" in headings(shown)


def test_an_empty_error_list_is_no_examples(liwa: Run, tmp_path: Path) -> None:
    jsonl.write(tmp_path / "errors.jsonl", list_errors(GOLDS, GOLDS))
    scored = write(tmp_path / "s.json", score_data(0))
    done = liwa("report", scored, "--errors", tmp_path / "errors.jsonl", "-o", tmp_path / "r.html")
    assert done.returncode == 0, done.stderr
    assert "Examples of errors" not in headings((tmp_path / "r.html").read_text(encoding="utf-8"))


def test_bad_input_is_one_line_and_leaves_no_page(liwa: Run, tmp_path: Path) -> None:
    good = write(tmp_path / "good.json", score_data(0.3))
    newer = write(tmp_path / "newer.json", {**score_data(0.3), "version": 99})
    for args, said in (
        ((newer,), "expected version 1 or earlier"),
        ((good, "--curve", good), "expected the points of a learning curve"),
        ((good, "--errors", tmp_path / "none.jsonl"), "none.jsonl"),
    ):
        done = liwa("report", *args, "-o", tmp_path / "r.html")
        assert done.returncode == 2, done.stderr
        (line,) = done.stderr.splitlines()
        assert said in line
        assert not (tmp_path / "r.html").exists()
