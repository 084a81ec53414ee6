from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations.rows import task, to_row
from liwa.annotations.standoff import to_standoff
from liwa.cli.convert import convert
from liwa.errors import LiwaError
from liwa.formats import registry
from liwa.records import Article, Range
from tests.conftest import Run
from tests.gold import gold, story, write

WHOLE = gold(story(1), "s1", date="2020-01-31")
HALF = gold("وصل [سامي](PERSON) اليوم.\nوغادر [كمال](PERSON) أمس.", "s2", ranges=((0, 15),))


@pytest.fixture
def rows(tmp_path: Path) -> str:
    return str(write(tmp_path / "gold.jsonl", [WHOLE, HALF.within(Range(0, 15))]))


def test_the_last_line_counts_what_came_in_went_out_and_was_lost(rows: str, tmp_path: Path, liwa: Run) -> None:
    done = liwa("convert", rows, "-o", tmp_path / "a.conll", "--losses", tmp_path / "losses.jsonl")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line == (
        "prodigy: 2 documents, 5 spans, 2 relations; conll: 2 documents, 5 spans, 0 relations; lost: "
        "2 relations, 1 meta, 2 article (conll cannot hold it), 2 text (CoNLL does not keep white space), "
        "1 place (conll knows whole documents only)"
    )
    lost = [row for _, row in jsonl.read(tmp_path / "losses.jsonl")]
    assert len(lost) == 8
    assert not {word for row in lost for word in str(row).split()} & {*(WHOLE.text or "").split()}


def test_a_strict_conversion_that_loses_anything_writes_nothing(rows: str, tmp_path: Path, liwa: Run) -> None:
    (tmp_path / "a.conll").write_text("old")
    done = liwa("convert", rows, "-o", tmp_path / "a.conll", "--strict", "--losses", tmp_path / "losses.jsonl")
    assert (done.returncode, (tmp_path / "a.conll").read_text()) == (1, "old")
    assert "; conll: nothing written; lost: 2 relations" in done.stderr
    assert len(list(jsonl.read(tmp_path / "losses.jsonl"))) == 8
    assert convert(rows, output=str(tmp_path / "a.spacy"), strict=True).written


def test_stdin_and_stdout(rows: str, liwa: Run) -> None:
    done = liwa("convert", "-", "-o", "-", "--to", "prodigy", input=Path(rows).read_text(encoding="utf-8"))
    assert (done.returncode, done.stdout) == (0, Path(rows).read_text(encoding="utf-8"))
    broken = liwa("convert", "-", "-o", "-", "--to", "prodigy", "--from", "conll", input="قال\n")
    assert (broken.returncode, broken.stdout) == (2, "")
    assert broken.stderr.startswith("liwa: -:1: expected a token and a tag, found one column. ")


def test_nothing_is_left_behind_by_an_error(rows: str, tmp_path: Path) -> None:
    with Path(rows).open("a", encoding="utf-8") as file:
        file.write('{"text": "نص", "spans": 7, "answer": "accept"}\n')
    before = sorted(tmp_path.iterdir())
    for name in ("out.jsonl", "out.spacy", "out.conll"):
        with pytest.raises(LiwaError, match=r"gold\.jsonl:3 .*expected spans to be a list, found 7"):
            convert(rows, output=str(tmp_path / name))
    with pytest.raises(LiwaError, match="expected spans to be a list"):
        convert(rows, output=str(tmp_path / "brat"), to="brat")
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_must_be_new_or_empty(rows: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert convert(rows, output=str(tmp_path / "out"), to="brat").written_documents == 2
    assert (tmp_path / "out" / "annotation.conf").is_file()
    for output, to, message in (
        ("out", "brat", "the folder is not empty"),
        ("gold.jsonl", "brat", "brat is a folder, found a file"),
        ("out", "conll", "expected a file to write, found a folder"),
    ):
        with pytest.raises(LiwaError, match=message):
            convert(rows, output=str(tmp_path / output), to=to)
    with pytest.raises(LiwaError, match="brat is a folder, found a file"):
        convert(rows, output="-", to="brat")
    with pytest.raises(LiwaError, match="cannot write"):
        convert(rows, output="/proc/none/a.jsonl")


def test_the_mode_of_a_file_stays_and_a_device_is_written_to(rows: str, tmp_path: Path) -> None:
    (tmp_path / "a.spacy").touch(0o600)
    convert(rows, output=str(tmp_path / "a.spacy"))
    assert (tmp_path / "a.spacy").stat().st_mode & 0o777 == 0o600
    assert convert(rows, output="/dev/null", to="conll").written


def test_texts_give_places_and_white_space_back(rows: str, tmp_path: Path) -> None:
    jsonl.write(tmp_path / "texts.jsonl", [{"id": g.article, "text": g.text} for g in (WHOLE, HALF)])
    texts = [str(tmp_path / "texts.jsonl")]
    for to in ("conll", "brat"):
        convert(rows, output=str(tmp_path / to), to=to)
        done = convert(str(tmp_path / to), output=str(tmp_path / f"{to}.jsonl"), texts=texts)
        assert done.losses.count("place") == 0
        back = {g.article: g for g in registry.get("prodigy").read(tmp_path / f"{to}.jsonl", lambda finding: None)}
        assert back["s1"].text == WHOLE.text
        assert back["s2"].start == 0
        assert back["s2"].sha256 == HALF.sha256
        assert {a: g.spans for a, g in back.items()} == {"s1": WHOLE.spans, "s2": HALF.spans[:1]}


def test_an_id_that_a_format_holds_stays_as_it_is(rows: str, tmp_path: Path) -> None:
    jsonl.write(tmp_path / "texts.jsonl", [{"id": "another-name", "text": WHOLE.text}])
    convert(rows, output=str(tmp_path / "a.jsonl"), texts=[str(tmp_path / "texts.jsonl")])
    assert next(jsonl.read(tmp_path / "a.jsonl"))[1]["meta"]["article"] == "s1"


def test_a_document_of_no_article_is_counted(rows: str, tmp_path: Path) -> None:
    jsonl.write(tmp_path / "texts.jsonl", [{"id": "other", "text": "غير ذلك"}])
    convert(rows, output=str(tmp_path / "a.conll"))
    done = convert(str(tmp_path / "a.conll"), output=str(tmp_path / "b.jsonl"), texts=[str(tmp_path / "texts.jsonl")])
    assert str(done).endswith("lost: 2 place (no single place in --texts has its text)")


def test_another_text_of_that_id_is_an_error(rows: str, tmp_path: Path) -> None:
    convert(rows, output=str(tmp_path / "brat"), to="brat")
    jsonl.write(tmp_path / "texts.jsonl", [{"id": "s1", "text": f"{WHOLE.text} وأكثر"}])
    with pytest.raises(LiwaError, match="the article goes on after code point"):
        convert(str(tmp_path / "brat"), output=str(tmp_path / "a.jsonl"), texts=[str(tmp_path / "texts.jsonl")])


def test_standoff_rows_need_their_texts(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "a.jsonl", [to_standoff(WHOLE, Article("s1", WHOLE.text or ""))])
    with pytest.raises(LiwaError, match=r"found no text of article s1\. Name the folder or file .* with --texts"):
        convert(str(tmp_path / "a.jsonl"), output=str(tmp_path / "a.conll"))


def test_tasks_stay_tasks_and_are_counted_where_that_cannot_be_said(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "tasks.jsonl", [task("قال كمال", {"article": "a", "start": 0, "end": 8})])
    done = convert(str(tmp_path / "tasks.jsonl"), output=str(tmp_path / "again.jsonl"), strict=True)
    assert done.written
    assert (tmp_path / "again.jsonl").read_text() == (tmp_path / "tasks.jsonl").read_text()
    done = convert(str(tmp_path / "tasks.jsonl"), output=str(tmp_path / "brat"), to="brat")
    assert done.losses.count("answers") == 1


def test_rows_that_were_not_accepted_are_counted(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "a.jsonl", [to_row(WHOLE), {**to_row(HALF), "answer": "reject"}])
    done = convert(str(tmp_path / "a.jsonl"), output=str(tmp_path / "b.jsonl"))
    assert str(done).endswith("prodigy: 1 documents, 4 spans, 2 relations; lost: 1 not-accepted (the answer is reject)")


def test_what_another_tool_said_of_rows_comes_along_only_into_rows(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "a.jsonl", [{**to_row(WHOLE), "_session_id": "س"}])
    assert not convert(str(tmp_path / "a.jsonl"), output=str(tmp_path / "b.jsonl")).losses
    assert next(jsonl.read(tmp_path / "b.jsonl"))[1]["_session_id"] == "س"
    lost = convert(str(tmp_path / "a.jsonl"), output=str(tmp_path / "b.spacy")).losses
    assert [(loss.kind, loss.what) for loss in lost] == [("fields", "_session_id")]


def test_binary_goes_to_stdout(rows: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    convert(rows, output="-", to="parquet")
    assert isinstance(out.buffer, io.BytesIO)
    assert out.buffer.getvalue()[:4] == b"PAR1"


def test_standoff_rows_are_one_an_article_and_tell_no_title(tmp_path: Path) -> None:
    titled = gold(story(2), "s3", title="عنوان", outlet="وكالة")
    parts = [titled.within(Range(0, 30)), titled.within(Range(30, titled.end))]
    source = str(write(tmp_path / "a.jsonl", parts))
    jsonl.write(tmp_path / "texts.jsonl", [{"id": "s3", "text": titled.text}])
    done = convert(source, output=str(tmp_path / "b.standoff.jsonl"), texts=[str(tmp_path / "texts.jsonl")])
    assert (done.documents, done.written_documents) == (2, 1)
    assert [(loss.kind, loss.what, loss.why) for loss in done.losses] == [("meta", "title", "it quotes the text")]
    ((_, row),) = jsonl.read(tmp_path / "b.standoff.jsonl")
    assert (row["article"], row["meta"], row["ranges"]) == ("s3", {"outlet": "وكالة"}, [[0, titled.end]])
    part = str(write(tmp_path / "part.jsonl", parts[:1]))
    with pytest.raises(LiwaError, match="article s3 is not at hand, only a part of it"):
        convert(part, output=str(tmp_path / "c.standoff.jsonl"))
