from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from liwa import jsonl
from liwa.annotations import rules
from liwa.annotations.gold import load_gold, merge, read_gold
from liwa.annotations.rows import to_row
from liwa.annotations.standoff import to_standoff
from liwa.annotations.texts import Texts, article_of, attach, is_proved
from liwa.errors import LiwaError
from liwa.findings import Finding
from liwa.passages import paragraphs
from liwa.records import Article, Gold, Range, Span, union
from tests.gold import gold
from tests.strategies import golds

MARKED = "عنوان الخبر\n[العميد](RANK 1) [هاني](PERSON HOLDS_RANK:1) 🙂 هنا\nثم وصل إلى [معسكر النخيل](BASE).\n"
WHOLE = gold(MARKED, "liwa-1")
TEXT = WHOLE.text or ""
ARTICLE = Article("liwa-1", TEXT)


def passages(of: Gold = WHOLE) -> list[Gold]:
    return [of.within(Range(r.start + of.start, r.end + of.start)) for r in paragraphs(of.text or "")]


def write(path: Path, rows: Iterable[Any]) -> Path:
    jsonl.write(path, rows)
    return path


@pytest.fixture
def texts(tmp_path: Path) -> list[str]:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "liwa-1.txt").write_bytes(TEXT.encode())
    return [str(tmp_path / "texts")]


@pytest.fixture
def standoff(tmp_path: Path) -> Path:
    return write(tmp_path / "standoff.jsonl", [to_standoff(WHOLE, ARTICLE)])


def test_both_forms_and_marks_are_read_from_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    write(folder / "a" / "inline.jsonl.gz", map(to_row, passages()))
    write(folder / "b.jsonl", [to_standoff(WHOLE, ARTICLE)])
    (folder / "liwa-1.mark").write_bytes(MARKED.encode())
    (folder / "notes.txt").write_text("no gold")
    for name in ("split.jsonl", "manifest.jsonl", "tasks.rejects.jsonl"):
        write(folder / name, [{"no": "gold"}])
    found = list(read_gold([folder]))
    assert found == [*passages(), replace(WHOLE, text=None), WHOLE]
    assert [Path(g.where).name for g in found] == [
        "inline.jsonl.gz:1", "inline.jsonl.gz:2", "inline.jsonl.gz:3", "b.jsonl:1", "liwa-1.mark:1",
    ]  # fmt: skip


def test_a_folder_without_gold_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match="found no gold in the folder"):
        list(read_gold(tmp_path))


BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("name", "content"), [("a.jsonl", b""), ("a.jsonl", b"\n \n"), ("a.jsonl", BOM), ("a.mark", b""), ("a.mark", BOM)]
)
def test_an_empty_file_is_an_error_with_a_remedy(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LiwaError, match=rf"{name}: expected .*, found an empty file\. Name a file"):
        list(read_gold(tmp_path / name))


def test_a_broken_line_stops_a_strict_reader_and_not_a_check(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "أول"}\n{"text":\n[]\n{"text": "رابع"}\n', encoding="utf-8")
    with pytest.raises(LiwaError, match=r"a\.jsonl:2: expected a JSON object, found broken JSON"):
        list(read_gold(file))
    findings: list[Finding] = []
    assert [g.text for g in read_gold(file, report=findings.append)] == ["أول", "رابع"]
    assert [(f.rule, f.where) for f in findings] == [(rules.BROKEN_ROW, f"{file}:{n}") for n in (2, 3)]


def test_a_wrong_mark_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.mark").write_text("[هاني](PERSON COMMANDS:7)", encoding="utf-8")
    with pytest.raises(LiwaError, match=r"a\.mark:1.*COMMANDS:7 in the mark at offset 0 points to no mark"):
        list(read_gold(tmp_path / "a.mark"))


def test_marks_keep_line_ends_and_drop_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.mark").write_bytes(b"\xef\xbb\xbf" + "سطر\r\n[هاني](PERSON)".encode())
    (found,) = read_gold(tmp_path / "a.mark")
    assert (found.text, found.spans) == ("سطر\r\nهاني", (Span(5, 9, "PERSON"),))


@pytest.mark.parametrize("name", ["liwa-1.txt", "other-name.txt", "many.jsonl", "other.jsonl", "liwa-1.txt.gz"])
def test_the_text_is_found_by_id_or_by_sha256(tmp_path: Path, standoff: Path, name: str) -> None:
    source = tmp_path / name
    if ".txt" in name:
        with jsonl.open_output(source) as out:
            out.write(TEXT)
    else:
        article = {"text": TEXT, **({"id": "liwa-1"} if name == "many.jsonl" else {})}
        write(source, [{"text": "مقال آخر"}, article])
    assert list(read_gold(standoff, texts=[str(source)])) == [WHOLE]


def test_the_right_text_wins_over_another_of_the_same_id() -> None:
    texts = Texts([Article("liwa-1", "x"), Article("b", TEXT)])
    assert texts.find(WHOLE) == Article("b", TEXT)
    assert texts.find(replace(WHOLE, sha256="f" * 64)) == Article("liwa-1", "x")
    assert texts.find(replace(WHOLE, sha256="")) == Article("liwa-1", "x")
    assert texts.find(replace(WHOLE, sha256="f" * 64, article="c")) is None


@pytest.mark.parametrize("at", range(0, len(TEXT), 7))
@pytest.mark.parametrize("instead", ["", "ّ", "xy"])
def test_a_text_that_differs_by_one_code_point_is_refused(tmp_path: Path, at: int, instead: str) -> None:
    (tmp_path / "liwa-1.txt").write_bytes((TEXT[:at] + instead + TEXT[at + 1 :]).encode())
    forms = {
        "inline.jsonl": (map(to_row, passages()), r"liwa-1"),
        "standoff.jsonl": ([to_standoff(WHOLE, ARTICLE)], r"liwa-1: the text differs first between"),
        "whole.jsonl": ([to_row(WHOLE)], rf"liwa-1@{at}: the row has"),
    }
    for name, (rows, said) in forms.items():
        if name == "whole.jsonl" and TEXT[at : at + 1] == TEXT[at + 1 : at + 2]:
            continue
        with pytest.raises(LiwaError, match=said):
            list(read_gold(write(tmp_path / name, list(rows)), texts=[str(tmp_path / "liwa-1.txt")]))


def test_an_article_that_goes_on_is_another() -> None:
    findings: list[Finding] = []
    assert attach(WHOLE, Article("liwa-1", TEXT + "."), findings.append) is None
    assert [(f.rule, f.start) for f in findings] == [(rules.TEXT_DIFFERS, len(TEXT))]


def test_a_passage_of_another_article_is_refused_though_it_stands_there() -> None:
    findings: list[Finding] = []
    assert attach(passages()[0], Article("liwa-1", TEXT + "."), findings.append) is None
    assert "is the same, but the article has another SHA-256" in findings[0].message


def test_a_row_without_sha256_is_proved_by_its_passage() -> None:
    findings: list[Finding] = []
    bare = replace(passages()[1], sha256="")
    assert attach(bare, ARTICLE, findings.append) == passages()[1]
    assert attach(replace(bare, start=bare.start + 1), ARTICLE, findings.append) is None
    assert [f.rule for f in findings] == [rules.TEXT_DIFFERS]


def test_a_passage_that_was_altered_is_refused_though_its_sha256_is_right() -> None:
    findings: list[Finding] = []
    first = passages()[0]
    assert attach(replace(first, text=f"ع{first.text}"[:-1]), ARTICLE, findings.append) is None
    assert [(f.rule, f.start) for f in findings] == [(rules.TEXT_DIFFERS, 1)]


def test_ranges_beyond_the_article_are_reported() -> None:
    findings: list[Finding] = []
    bare = replace(WHOLE, text=None, ranges=(Range(0, len(TEXT) + 1),))
    assert attach(bare, ARTICLE, findings.append) is None
    assert [f.rule for f in findings] == [rules.BAD_OFFSETS]


def test_an_article_id_that_comes_twice_is_refused(tmp_path: Path, standoff: Path, texts: list[str]) -> None:
    again = write(tmp_path / "again.jsonl", [{"id": "liwa-1", "text": "غيره"}])
    with pytest.raises(LiwaError, match="liwa-1"):
        list(read_gold(standoff, texts=[*texts, str(again)]))


def test_gold_without_its_article_is_read_without_text_and_not_loaded(standoff: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.jsonl", [{"text": "غيره"}])
    assert [g.text for g in read_gold(standoff, texts=[str(other)])] == [None]
    with pytest.raises(LiwaError, match="found no text of article liwa-1"):
        list(load_gold(standoff, texts=[str(other)]))


def test_is_proved() -> None:
    assert is_proved(WHOLE)
    assert not is_proved(replace(WHOLE, text=None))
    assert not any(is_proved(part) for part in passages())
    assert article_of(WHOLE, Texts()) == ARTICLE
    with pytest.raises(LiwaError, match="only a part of it"):
        article_of(passages()[0], Texts())


def test_passages_of_an_article_merge_into_it() -> None:
    merged, other = merge([*passages(), gold("غيره", "b")])
    assert (merged.spans, merged.relations) == (WHOLE.spans, WHOLE.relations)
    assert merged.ranges == tuple(paragraphs(TEXT))
    assert (merged.text, merged.start) == (TEXT.rstrip("\n"), 0)
    assert other.article == "b"


@given(golds())
def test_merging_loses_nothing(of: Gold) -> None:
    parts = passages(of)
    for merged in merge(parts):
        assert set(merged.spans) == {s for p in parts for s in p.spans}
        assert set(merged.relations) == {r for p in parts for r in p.relations}
        assert all(merged.surface(s) == of.surface(s) for s in merged.spans)
        assert merged.ranges == union(r for p in parts for r in p.ranges)


def test_what_no_row_holds_is_filled_so_that_offsets_hold() -> None:
    first, _, last = passages()
    (merged,) = merge([last, first])
    assert merged.text is not None
    assert [merged.surface(s) for s in merged.spans] == ["معسكر النخيل"]
    assert set(merged.text[first.end : last.start]) == {"\n"}


def test_merged_meta_is_what_all_rows_say() -> None:
    parts = [replace(p, meta={"outlet": "x", "page": n}) for n, p in enumerate(passages())]
    assert merge(parts)[0].meta == {"outlet": "x"}


def test_a_repeated_answer_merges_and_a_contradiction_is_refused() -> None:
    part = passages()[1]
    assert merge([part, part])[0].spans == part.spans
    for other in (replace(part, relations=()), replace(part, spans=part.spans[:1], relations=())):
        with pytest.raises(LiwaError, match="article liwa-1 is annotated twice at 12-29, and not alike"):
            merge([part, other])


def test_rows_of_two_texts_under_one_id_are_refused() -> None:
    with pytest.raises(LiwaError, match="article a has another text here"):
        merge([gold("أول", "a"), gold("ثان", "a")])


def test_a_row_without_sha256_merges_with_those_that_have_it() -> None:
    first, second, third = passages()
    assert merge([replace(first, sha256=""), second, third])[0].sha256 == WHOLE.sha256
