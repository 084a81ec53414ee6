from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liwa import jsonl
from liwa.annotations import lines, rows
from liwa.annotations import tasks as stage
from liwa.annotations.gold import read_gold
from liwa.annotations.tasks import Passage, Rewrite, Settings, make, mark, tasks
from liwa.cli import tasks as cli
from liwa.corpus.sketches import words
from liwa.passages import UNITS
from liwa.records import Article
from tests.conftest import Run
from tests.strategies import texts

HEADLINE = "تعيين قائد جديد للواء المشاة الثامن في المنطقة الشرقية"
STATEMENT = (
    "أعلنت قيادة المنطقة الشرقية أن العميد الركن حازم القصاب تسلم قيادة اللواء الثامن من العميد رياض منصور "
    "في معسكر التلال، وأن كتيبة الإسناد باقية في المعسكر حتى نهاية التمرين."
)
FIRST = Article(
    "a",
    f"{HEADLINE}\n\n{STATEMENT}\r\n  تابعونا على تويتر \n{HEADLINE}.\nقال: تم الأمر. ثم غادر.",
    {"outlet": "صحيفة"},
    "g1",
)
SECOND = Article("b", f"خبر آخر\n{STATEMENT.replace('حتى نهاية', 'قبل بداية')}\n")


def pieces(article: Article, **options: Any) -> Iterator[tuple[int, int, str]]:
    for passage in tasks([article], **options):
        row = passage.row
        meta = row if passage.reason else row["meta"]
        assert row["text"] == article.text[meta["start"] : meta["end"]]
        assert (meta["article"], meta["sha256"]) == (article.id, article.sha256)
        yield meta["start"], meta["end"], passage.reason


@settings(deadline=None)  # the first call imports
@given(texts(alphabet="ابل و.؟!\n\r\t\u2028\x1c #@*٣د:🙂\u0301\u00a0"), st.sampled_from(UNITS), st.booleans())
def test_tasks_rejects_and_white_space_tile_the_article(text: str, unit: str, boilerplate: bool) -> None:
    position = 0
    for start, end, reason in pieces(Article("x", text), unit=unit, boilerplate=boilerplate):
        assert position <= start < end
        assert not text[position:start].strip()
        assert boilerplate or not reason
        position = end
    assert not text[position:].strip()


def written(text: str, meta: dict[str, str]) -> str:
    return lines.head(text, meta) + lines.tail(text, lines.analyse(text))


@given(
    texts() | st.text(st.sampled_from('وبلد %"\\{}\n'), max_size=30),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
)
def test_a_line_is_what_rows_would_write(text: str, meta: dict[str, str]) -> None:
    if any("\ud800" <= c <= "\udfff" for c in text + "".join(meta) + "".join(meta.values())):
        return
    assert written(text, meta) == jsonl.dumps(rows.task(text, meta))


@given(texts())
def test_words_are_those_of_a_sketch(text: str) -> None:
    assert lines.words(lines.analyse(text)) == words(text)


@pytest.mark.parametrize(
    "text", ["كتيبة " * 2**13 + "وبغداد", "كتيبة  وبغداد", " كتيبة", "كتيبة ", "كتيبة\n \u200fوبغداد"]
)
def test_long_and_oddly_spaced_lines_too(text: str) -> None:
    assert written(text, {}) == jsonl.dumps(rows.task(text, {}))


def test_paragraph_tasks() -> None:
    found = list(tasks([FIRST]))
    assert [p.reason for p in found] == ["", "", "follow-us", "repeats-headline", ""]
    row = found[1].row
    assert row["text"] == STATEMENT
    assert row["meta"] == {
        "outlet": "صحيفة",
        "article": "a",
        "sha256": FIRST.sha256,
        "start": len(HEADLINE) + 2,
        "end": len(HEADLINE) + 2 + len(STATEMENT),
        "unit": "paragraph",
        "group": "g1",
    }
    assert found[2].row.keys() == {"article", "sha256", "start", "end", "text", "reason"}


def test_sentence_tasks_name_their_paragraph() -> None:
    *_, first, second = (p.row for p in tasks([FIRST], unit="sentence"))
    assert (first["text"], second["text"]) == ("قال: تم الأمر.", "ثم غادر.")
    assert second["meta"]["paragraph"] == [first["meta"]["start"], second["meta"]["end"]]


def test_article_tasks() -> None:
    [found] = tasks([FIRST], unit="article")
    assert found.row["text"] == FIRST.text


def test_keeping_boilerplate() -> None:
    assert [p.reason for p in tasks([FIRST], boilerplate=False)] == [""] * 5


def test_source_does_not_hide_the_place() -> None:
    [found] = tasks([Article("a", "نص", {"start": "9", "article": "b", "unit": "x"})])
    assert found.row["meta"] | {"sha256": ""} == {
        "start": 0,
        "end": 2,
        "article": "a",
        "unit": "paragraph",
        "sha256": "",
    }


@pytest.mark.parametrize("unit", ["paragraph", "sentence"])
def test_near_duplicates_are_marked(unit: str) -> None:
    found = list(tasks([FIRST, SECOND], unit=unit))
    [marked] = [p for p in found if is_marked(p)]
    original = next(p.row for p in found if p.row["text"] == STATEMENT)
    mark = marked.row["meta"]["duplicate_of"]
    assert {key: mark[key] for key in ("article", "start", "end")} == {
        key: original["meta"][key] for key in ("article", "start", "end")
    }
    assert 0.6 <= mark["similarity"] < 1
    assert marked.row["meta"]["article"] == "b"
    expected = {k: v for k, v in marked.row.items() if k != "meta"}
    assert expected == {k: v for k, v in rows.task(marked.row["text"], {}).items() if k != "meta"}
    assert not any(is_marked(p) for p in tasks([FIRST, SECOND], unit=unit, duplicates=False))


def is_marked(passage: Passage) -> bool:
    return "duplicate_of" in passage.row.get("meta", {})


def shout(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A stage that rewrites tasks."""
    return [{**row, "note": row["text"][:5], "spans": [{"start": 0, "end": 1, "label": "حرف"}]} for row in found]


def test_a_stage_may_rewrite_tasks() -> None:
    plain = [json.loads(line) for line in made().splitlines()]
    rewritten = [json.loads(line) for line in made(shout).splitlines()]
    assert rewritten == shout(plain)
    assert sum("duplicate_of" in row["meta"] for row in rewritten) == 1


def made(rewrite: Rewrite | None = None) -> bytes:
    """Make tasks, with a mark in the one that nearly repeats another."""
    result = make(Settings(rewrite=rewrite), [FIRST, SECOND])
    return result.marked([(1, mark(result.places[0], 0.9))])


def test_unknown_unit() -> None:
    with pytest.raises(ValueError, match="expected a unit of paragraph, sentence, article, found page"):
        next(tasks([FIRST], unit="page"))


def test_reading_streams() -> None:
    """The first task comes before the second article is read."""

    def articles() -> Iterator[Article]:
        yield FIRST
        raise AssertionError("read too far")

    next(tasks(articles()))


def write(folder: Path, *articles: Article) -> Path:
    path = folder / "articles.jsonl"
    jsonl.write(path, ({"id": a.id, "text": a.text, "group": a.group, **a.source} for a in articles))
    return path


def load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_counts_and_files(tmp_path: Path) -> None:
    source, out = write(tmp_path, FIRST, SECOND), tmp_path / "out" / "tasks.v1.jsonl"
    counts = cli.tasks([str(source)], str(out))
    assert cli.summary(counts) == ("2 articles, 5 tasks, 2 rejects (1 follow-us, 1 repeats-headline), 1 near-duplicate")
    assert len(load(out)) == 5
    assert [row["reason"] for row in load(tmp_path / "out" / "tasks.rejects.v1.jsonl")] == [
        "follow-us",
        "repeats-headline",
    ]
    jsonl.write(out, ({**row, "answer": "accept"} for row in load(out)))
    assert [g.article for g in read_gold([out])] == ["a", "a", "a", "b", "b"]


def test_summary_of_one() -> None:
    source = Counter({"articles": 1, "tasks": 1})
    assert cli.summary(source) == "1 article, 1 task, 0 rejects, 0 near-duplicates"


def test_units_of_the_option() -> None:
    assert tuple(unit.value for unit in cli.Unit) == UNITS


def test_the_command(liwa: Run, tmp_path: Path) -> None:
    source = write(tmp_path, FIRST)
    ran = liwa("tasks", source, "--unit", "sentence", "--rejects", tmp_path / "no.jsonl", "--workers", 2)
    assert ran.returncode == 0
    assert ran.stderr.splitlines() == [
        "1 article, 4 tasks, 2 rejects (1 follow-us, 1 repeats-headline), 0 near-duplicates"
    ]
    assert [json.loads(line)["meta"]["unit"] for line in ran.stdout.splitlines()] == ["sentence"] * 4
    assert len(load(tmp_path / "no.jsonl")) == 2
    piped = liwa("tasks", "-", "--keep-boilerplate", "--no-duplicates", input=source.read_text(encoding="utf-8"))
    assert len(piped.stdout.splitlines()) == 5
    assert "Example: liwa tasks" in liwa("tasks", "--help").stdout


@pytest.mark.parametrize("workers", [1, 2])
def test_after_an_error_the_old_files_stand(liwa: Run, tmp_path: Path, workers: int) -> None:
    source = write(tmp_path, *(Article(str(n), f"نص الخبر رقم {n} " * 500) for n in range(30)))
    with source.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    out = tmp_path / "out.jsonl"
    out.write_text("old", encoding="utf-8")
    ran = liwa("tasks", source, "-o", out, "--workers", workers)
    assert ran.returncode == 2
    assert [line.partition(": expected")[0] for line in ran.stderr.splitlines()] == [f"liwa: {source}:31"]
    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["articles.jsonl", "out.jsonl"]


def test_a_reject_is_no_task() -> None:
    assert Passage("{}", "tags").row == {}


def test_an_article_that_cannot_be_worked_on_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(article: Article, *rest: Any) -> Any:
        if "تعثر" in article.text:
            raise RuntimeError("cannot walk")
        return place(article, *rest)

    place = stage._place
    monkeypatch.setattr(stage, "_place", stumble)
    articles = [Article(f"a{n}", "تعثر الخبر" if n == 3 else f"خبر رقم {n}") for n in range(6)]
    source, out = write(tmp_path, *articles), tmp_path / "out.jsonl"
    counts = cli.tasks([str(source)], str(out))
    assert cli.summary(counts) == "6 articles, 5 tasks, 1 reject (1 failed), 0 near-duplicates"
    assert [row["meta"]["article"] for row in load(out)] == ["a0", "a1", "a2", "a4", "a5"]
    [row] = load(tmp_path / "out.rejects.jsonl")
    assert row == {"where": f"{source}:4", "reason": "failed", "error": "RuntimeError: cannot walk"}


def test_what_is_no_article_is_set_aside_where_that_is_wanted(tmp_path: Path) -> None:
    source, out = write(tmp_path, Article("a", "خبر أول"), Article("b", "خبر ثان")), tmp_path / "out.jsonl"
    first, second = source.read_bytes().splitlines()
    source.write_bytes(b"\n".join([first, b"{broken", second, b'{"text": "\xff"}']))
    counts = cli.tasks([str(source)], str(out), keep_going=True)
    assert cli.summary(counts) == "4 articles, 2 tasks, 2 rejects (2 failed), 0 near-duplicates"
    rows = load(tmp_path / "out.rejects.jsonl")
    assert [(row["where"], row["reason"]) for row in rows] == [(f"{source}:{n}", "failed") for n in (2, 4)]
    assert rows[1]["error"] == "expected utf-8, found byte 0xff at byte 10"
