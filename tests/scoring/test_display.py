from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from liwa import jsonl
from liwa.annotations.rows import to_row
from liwa.annotations.standoff import to_standoff
from liwa.records import Article
from liwa.scheme import load_scheme
from liwa.scoring.display import to_html, to_terminal
from tests.conftest import Run
from tests.gold import gold

ARTICLE = gold(
    "زار [اللواء](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1) مقر [فرقة المهام](UNIT) (CJTF-3) في 12 مايو.\n"
    "<b>سطر</b> & آخر"
)


class Text(HTMLParser):
    """The text of the paragraphs of a page, as a reader would copy it."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.paragraphs = False, [""]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "p":
            self.inside = True
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.paragraphs[-1] += data


def page() -> str:
    return "".join(to_html([ARTICLE], load_scheme()))


def test_the_page_holds_the_exact_text_and_no_label_in_it() -> None:
    reader = Text()
    reader.feed(page())
    assert "\n".join(reader.paragraphs[1:]) == ARTICLE.text


def test_every_span_is_marked_with_its_label() -> None:
    text = "".join(re.findall("<p .*</p>", page()))
    marks = re.findall(r'<mark data-label="(\w+)"[^>]*>([^<]*)</mark>', text)
    assert marks == [(s.label, ARTICLE.surface(s)) for s in ARTICLE.spans]


def test_the_page_needs_nothing_else() -> None:
    assert not re.search(r"(src|href|url)\s*[=(]", page())
    assert 'dir="rtl"' in page()


def test_direction_controls_in_a_text_cannot_act() -> None:
    hostile = gold("قبل \u202e[عكس](UNIT)\u2066 بعد\x1b[31m")
    for shown in ("".join(to_html([hostile], load_scheme())), to_terminal(hostile, load_scheme())):
        assert "\u202e" not in shown
        assert "\x1b[31m" not in shown
        assert "\ufffd" in shown


def test_the_terminal_isolates_every_paragraph_and_span() -> None:
    shown = to_terminal(ARTICLE, load_scheme())
    assert shown.count("\u2067") + shown.count("\u2066") == shown.count("\u2069")
    assert shown.splitlines()[1].startswith("\u2067")


def test_the_terminal_lists_relations_from_left_to_right() -> None:
    two = gold("[اللواء](RANK 1) [سامي](PERSON HOLDS_RANK:1 COMMANDS:2) [الفرقة](UNIT 2)")
    plain = re.sub(r"\x1b\[[\d;]*m", "", to_terminal(two, load_scheme()))
    assert plain.splitlines()[2:] == [
        "\u2066  HOLDS_RANK  [\u2067سامي\u2069]\u2066PERSON\u2069 → [\u2067اللواء\u2069]\u2066RANK\u2069\u2069",
        "\u2066  COMMANDS    [\u2067سامي\u2069]\u2066PERSON\u2069 → [\u2067الفرقة\u2069]\u2066UNIT\u2069\u2069",
    ]


def test_a_paragraphs_relations_are_drawn_over_the_mentions_that_they_link() -> None:
    row = re.search(r'<div class="arcs" dir="auto".*', page())
    assert row
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", row[0]) == ["اللواء", "سامي الدوري"]
    assert re.findall(r'<bdi class="type"[^>]*>([^<]*)</bdi>', row[0]) == ["HOLDS_RANK"]
    assert row[0].count("<svg") == row[0].count("inset-inline-start") == 1
    assert page().count('class="arcs"') == 1
    assert "<script" not in page()


def test_relations_that_no_paragraph_draws_are_listed_unfolded() -> None:
    far = gold("[اللواء](RANK 1) هنا\n[سامي](PERSON HOLDS_RANK:1) هناك")
    assert 'class="arcs"' not in (shown := "".join(to_html([far], load_scheme())))
    assert '<details open><summary dir="ltr">relations: 1</summary><ul><li><bdi>سامي</bdi>' in shown
    assert "<details><summary" in page()
    assert "<details" not in "".join(to_html([gold("بلا علاقة")], load_scheme()))


def test_nothing_of_a_text_or_a_type_is_mark_up() -> None:
    hostile = gold("[<b>](RANK 1) [<i>](PERSON <u>:1)")
    shown = "".join(to_html([hostile], load_scheme()))
    assert not re.search("<[biu]>", shown)
    assert ">&lt;u&gt;</bdi>" in shown


def test_a_span_of_a_part_of_an_article_is_marked_at_its_place() -> None:
    part = gold("سطر\nمع [بشار](PERSON)").within(ARTICLE.ranges[0]._replace(start=4, end=11))
    assert ">بشار</mark>" in "".join(to_html([part], load_scheme()))


def test_unannotated_paragraphs_are_dimmed() -> None:
    half = gold("فقرة أولى\nفقرة ثانية", ranges=((0, 9),))
    assert "".join(to_html([half], load_scheme())).count("class=unread") == 1


def test_rows_without_texts_are_counted_and_refused_where_there_are_no_others(liwa: Run, tmp_path: Path) -> None:
    bare = to_standoff(ARTICLE, Article(ARTICLE.article, ARTICLE.text or ""))
    jsonl.write(tmp_path / "bare.jsonl", [bare, bare])
    jsonl.write(tmp_path / "mixed.jsonl", [bare, to_row(gold("مع [بشار](PERSON)", "b"))])
    done = liwa("show", tmp_path / "bare.jsonl", "--html", tmp_path / "page.html")
    said = "liwa: found no text for any of 2 rows. Name the articles with --texts\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert not (tmp_path / "page.html").exists()
    done = liwa("show", tmp_path / "mixed.jsonl", "--limit", "1")
    assert (done.returncode, done.stderr) == (0, "1 rows left out for want of texts: --texts\n")
    assert "بشار" in done.stdout


def test_a_limit_below_0_is_a_usage_error(liwa: Run, tmp_path: Path) -> None:
    jsonl.write(tmp_path / "gold.jsonl", [to_row(ARTICLE)])
    done = liwa("show", tmp_path / "gold.jsonl", "--limit", "-3")
    assert done.returncode == 2
    assert "'--limit'" in done.stderr
