from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl
from liwa.corpus.read import read_articles
from liwa.errors import LiwaError
from liwa.records import Article, sha256

TEXT = "وصل العقيد نادر الشمري إلى ثكنة الوادي.\r\n\r\n«تم الأمر» 🙂 e\u0301\n"
PARAGRAPH = "تفقد قائد الكتيبة التاسعة مخازن الثكنة الشمالية وتحدث مع الجنود عن سير التدريب الشتوي في الجبال. "


def read(*sources: Path, **options: Any) -> list[Article]:
    return list(read_articles(map(str, sources), **options))


def test_text_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "a.b.txt"
    path.write_bytes(TEXT.encode())
    assert read(path) == [Article("a.b", TEXT)]


def test_only_the_byte_order_mark_goes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf\xef\xbb\xbf" + TEXT.encode())
    assert read(tmp_path)[0].text == "\ufeff" + TEXT


def test_windows_1256_only_when_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("سطر\nاللواء العاشر".encode("windows-1256"))
    with pytest.raises(LiwaError, match=r"a\.txt:1: expected utf-8, found byte 0xd3 at byte 0\. .*--encoding"):
        read(path)
    assert read(path, encoding="windows-1256")[0].text == "سطر\nاللواء العاشر"


def test_bad_byte_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("سطر\nسطر".encode() + b"\n\xff")
    with pytest.raises(LiwaError, match=r"a\.txt:3: expected utf-8, found byte 0xff"):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-16", "no-such", "hex"])
def test_unknown_encoding(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(LiwaError, match=f"extends ASCII, found {encoding}"):
        read(tmp_path, encoding=encoding)


def test_jsonl_keeps_source_and_does_not_glue_the_title(tmp_path: Path) -> None:
    row = {
        "text": "نص الخبر",
        "title": "العنوان",
        "license": "CC-BY-4.0",
        "note": "left out",
        "group": 7,
        "source": {"outlet": "صحيفة", "page": 3, "front": True, "inner": {"x": 1}},
        "meta": {"url": "https://example.org/1", "desk": "محلي", "none": None},
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    expected = {
        "title": "العنوان",
        "licence": "CC-BY-4.0",
        "outlet": "صحيفة",
        "page": "3",
        "front": "true",
        "url": "https://example.org/1",
        "desk": "محلي",
    }
    assert read(tmp_path) == [Article(sha256("نص الخبر")[:12], "نص الخبر", expected, "7")]


def test_source_string_names_the_outlet(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": 5, "text": "نص", "source": "صحيفة"}', encoding="utf-8")
    assert read(tmp_path) == [Article("5", "نص", {"outlet": "صحيفة"})]


@pytest.mark.parametrize(("ending", "separator"), [("csv", ","), ("tsv", "\t")])
def test_tables(tmp_path: Path, ending: str, separator: str) -> None:
    lines = [["id", "text", "date"], ["x", '"سطر أول\r\nقال ""نعم"""', "2020-01-31"], ["y", "نص", ""]]
    body = "".join(separator.join(line) + "\n" for line in lines)
    (tmp_path / f"a.{ending}").write_text("\ufeff" + body, encoding="utf-8", newline="")
    assert read(tmp_path) == [Article("x", 'سطر أول\r\nقال "نعم"', {"date": "2020-01-31"}), Article("y", "نص")]


def test_page_gives_text_and_records_the_extractor(tmp_path: Path) -> None:
    page = (
        "<html><head><title>عنوان الصفحة</title><meta property='og:title' content='عنوان الصفحة'></head><body>"
        f"<nav>الرئيسية</nav><article><p>{PARAGRAPH * 3}</p><p>{PARAGRAPH * 2}</p></article></body></html>"
    )
    (tmp_path / "p.html").write_text(page, encoding="utf-8")
    [article] = read(tmp_path)
    assert article.id == "p"
    assert PARAGRAPH.strip() in article.text
    assert "الرئيسية" not in article.text
    assert article.source["extractor"].startswith("trafilatura 2")
    assert article.source["title"] == "عنوان الصفحة"


def test_html_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    (tmp_path / "p.html").write_text("<p>نص</p>", encoding="utf-8")
    with pytest.raises(LiwaError, match=r"pip install liwa\[html\]"):
        read(tmp_path)


def test_gzip_and_folders_are_read_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "1.txt").write_text("أول", encoding="utf-8")
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress("ثالث".encode()))
    (tmp_path / "b" / "2.jsonl.gz").write_bytes(gzip.compress('{"id": "2", "text": "ثان"}'.encode()))
    (tmp_path / "photo.png").write_bytes(b"")
    (tmp_path / "README").write_bytes(b"")
    assert [(a.id, a.text) for a in read(tmp_path)] == [("1", "أول"), ("2", "ثان"), ("c", "ثالث")]
    assert "left out: 1 .png, 1 README" in capsys.readouterr().err


def test_stdin_is_jsonl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO('{"id": "s", "text": "نص"}'.encode())))
    assert [a.id for a in read_articles(["-"])] == ["s"]


def put(name: str, content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def twice(folder: Path) -> Path:
    (folder / "x").mkdir()
    put("x/a.txt", b"x")(folder)
    put("a.txt", b"x")(folder)
    return folder


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing file": (lambda folder: folder / "no.txt", r"no\.txt: cannot read: No such file"),
    "missing folder": (lambda folder: folder / "no", r"no: expected \.txt, .* found no ending\. .*exists"),
    "unknown ending": (put("a.pdf", b"x"), r"a\.pdf: expected \.txt, .* found \.pdf\. Rename"),
    "empty folder": (lambda folder: folder, "found no articles in the folder"),
    "empty text": (put("a.txt", b" \n"), r"a\.txt: expected an article, found no text"),
    "empty jsonl": (put("a.jsonl", b"\n"), r"a\.jsonl: expected articles, found an empty file"),
    "empty csv": (put("a.csv", b""), r"a\.csv: expected articles, found an empty file"),
    "header alone": (put("a.csv", b"id,text\n"), r"a\.csv: expected articles, found an empty file"),
    "broken json": (put("a.jsonl", b'{"text": "x"}\n{"text": \n'), r"a\.jsonl:2: .*broken JSON"),
    "no text key": (put("a.jsonl", b'{"body": "x"}'), r"a\.jsonl:1: expected an article in text, found the keys body"),
    "text is a list": (put("a.jsonl", b'{"text": ["x"]}'), r"a\.jsonl:1: expected an article in text"),
    "blank article": (
        put("a.jsonl", b'{"text": "x"}\n{"text": " "}'),
        r"a\.jsonl:2: expected an article, found no text",
    ),
    "odd id": (put("a.jsonl", b'{"text": "x", "id": true}'), r"a\.jsonl:1: expected an id"),
    "no text column": (put("a.csv", b"id,body\n1,x\n"), r"a\.csv:1: expected a column text, found id, body"),
    "surplus field": (put("a.csv", b"id,text\n1,x\n2,y,z\n"), r"a\.csv:3: .*found 1 more"),
    "open quote": (put("a.csv", b'id,text\n1,"x\n'), r"a\.csv:2: expected a table"),
    "table in 1256": (put("a.csv", "text\nنص".encode("windows-1256")), r"a\.csv:2: expected utf-8"),
    "no page": (put("a.html", b"<html><body></body></html>"), r"a\.html: found no article text on the page"),
    "empty page": (put("a.html", b""), r"a\.html: found no article text on the page"),
    "no gzip": (put("a.txt.gz", b"x"), r"a\.txt\.gz: cannot read"),
    "cut gzip": (put("a.txt.gz", gzip.compress(b"x" * 999)[:20]), r"a\.txt\.gz: cannot read"),
    "damaged gzip": (put("a.txt.gz", gzip.compress(b"abc" * 999)[:12] + b"\xff" * 20), r"a\.txt\.gz: cannot read"),
    "ids in a file": (put("a.jsonl", b'{"id":1,"text":"x"}\n{"id":"1","text":"y"}'), r":2: the article id 1 .*jsonl:1"),
    "ids of files": (twice, r"a\.txt: the article id a was read before, from .*a\.txt"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line(name: str, tmp_path: Path) -> None:
    make, message = BAD[name]
    with pytest.raises(LiwaError, match=message) as error:
        read(make(tmp_path))
    assert "\n" not in str(error.value)
    assert error.value.hint or "JSON" in str(error.value)


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.html"])
def test_a_line_too_long(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 2**20)
    (tmp_path / name).write_bytes(b"text\n" * (name == "a.csv") + b"x" * (2**20 + 1))
    with pytest.raises(LiwaError, match=r"of at most 1 MB, found a longer one"):
        read(tmp_path)
