from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, Entities
from spacy.training.converters.conll_ner_to_docs import conll_ner_to_docs

from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.formats.base import Settings
from liwa.formats.columns import spans_of
from liwa.formats.conll import FORMAT, read, write
from liwa.formats.losses import Losses
from liwa.records import Gold, Range, Span
from tests.gold import gold

STORY = gold(
    "زار [اللواء](RANK) [سامي الدوري](PERSON)  🙂 ب[قاعدة الوادي](BASE).\r\n\r\nوغادر [سا](PERSON)[مي](RANK)\tأمس."
)
LINES = [
    *("-DOCSTART- -X- O O", ""),
    *("زار -X- O O", "اللواء -X- O B-RANK", "سامي -X- O B-PERSON", "الدوري -X- O I-PERSON", "🙂 -X- O O"),
    *("ب -X- O O", "قاعدة -X- O B-BASE", "الوادي -X- O I-BASE", ". -X- O O", ""),
    *("و -X- O O", "غادر -X- O O", "سامي -X- O O", "أمس -X- O O", ". -X- O O", ""),
]


def read_text(path: Path, text: str) -> list[Gold]:
    path.write_text(text, encoding="utf-8", newline="")
    return list(read(path, stop))


def test_a_token_a_line_a_blank_line_a_paragraph(tmp_path: Path) -> None:
    losses = Losses()
    assert write([STORY], tmp_path / "a.conll", losses, Settings()) == 1
    assert (tmp_path / "a.conll").read_text(encoding="utf-8").splitlines() == LINES
    why = "it begins or ends inside a token"
    assert [(loss.kind, loss.why, loss.what) for loss in losses] == [
        ("spans", why, "PERSON"),
        ("spans", why, "RANK"),
        ("text", "CoNLL does not keep white space", ""),
    ]


def test_a_document_without_a_word_is_lost(tmp_path: Path) -> None:
    losses = Losses()
    blank = gold(" \n")
    assert write([blank], tmp_path / "a.conll", losses, Settings()) == 0
    assert str(losses) == "1 text (it has no words)"


def test_spacys_converter_reads_ours(tmp_path: Path) -> None:
    write([STORY, gold("قال [كمال](PERSON)")], tmp_path / "a.conll", Losses(), Settings())
    text = (tmp_path / "a.conll").read_text(encoding="utf-8")
    docs = conll_ner_to_docs(text, no_print=True)  # type: ignore[no-untyped-call]
    theirs = [[(e.text, e.label_) for e in doc.ents] for doc in docs]
    ours = [[(g.surface(s), s.label) for s in g.spans] for g in read(tmp_path / "a.conll", stop)]
    assert theirs == ours
    assert len(ours) == 2


@pytest.mark.parametrize("separator", ["\t", " ", "  "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_two_columns_or_more_tabs_or_spaces(tmp_path: Path, separator: str, end: str) -> None:
    rows = [("قال", "VB", "O"), ("كمال", "NN", "B-PERSON"), ("الدوري", "NN", "I-PERSON")]
    for columns in (rows, [(token, tag) for token, _, tag in rows]):
        (one,) = read_text(tmp_path / "a.conll", end.join(separator.join(row) for row in columns) + end)
        assert (one.text, one.spans) == ("قال كمال الدوري", (Span(4, 15, "PERSON"),))


def test_documents_begin_at_docstart_or_are_sentences(tmp_path: Path) -> None:
    sentences = "قال O\n\nكمال B-PERSON\n\n"
    assert [g.text for g in read_text(tmp_path / "a.iob", sentences)] == ["قال", "كمال"]
    marked = f"-DOCSTART- O\n\n{sentences}-DOCSTART- O\n\nهنا O\n"
    assert [(g.text, g.where) for g in read_text(tmp_path / "a.iob", marked)] == [
        ("قال\nكمال", f"{tmp_path}/a.iob:3"),
        ("هنا", f"{tmp_path}/a.iob:9"),
    ]


def test_columns_between_and_comments_are_noted(tmp_path: Path) -> None:
    notes: list[Finding] = []
    (tmp_path / "a.conll").write_text("# id 7 lang=ar\nقال VB O\nهنا RB O\n", encoding="utf-8")
    assert len(list(read(tmp_path / "a.conll", notes.append))) == 1
    assert [(n.rule.id, n.message) for n in notes] == [("F101", "a comment"), ("F101", "columns between token and tag")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("كمال", "expected a token and a tag, found one column"),
        ("كمال PERSON", "expected a tag such as O or B-LABEL in the last column, found 'PERSON'"),
        ("كمال B-", "expected a tag such as O or B-LABEL in the last column, found 'B-'"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(LiwaError) as error:
        read_text(tmp_path / "a.conll", f"قال O\n{line}\n")
    assert (error.value.message, error.value.where) == (message, f"{tmp_path}/a.conll:2")


@given(st.lists(st.sampled_from(["O", *(f"{mark}-{label}" for mark in "BIES" for label in ("X", "Y"))]), max_size=8))
def test_tags_are_read_as_the_conll_evaluation_does(tags: list[str]) -> None:
    assert found(tags) == [(label, start, end) for label, start, end in get_entities(tags)]


@given(st.lists(st.tuples(st.sampled_from("XYO"), st.integers(1, 3), st.booleans()), max_size=6))
def test_each_scheme_says_the_same_spans(runs: list[tuple[str, int, bool]]) -> None:
    for scheme, single, last in ((IOB2, "B", "I"), (IOBES, "S", "E"), (BILOU, "U", "L")):
        tags = [tag for label, length, _ in runs for tag in tagged(label, length, single, last)]
        assert found(tags) == [(e.tag, e.start, e.end - 1) for e in Entities([tags], scheme).entities[0]]


def test_the_first_scheme_marks_a_beginning_only_between_neighbours() -> None:
    tags = ["I-X", "I-X", "B-X", "O", "I-Y", "I-X"]
    assert found(tags) == [(e.tag, e.start, e.end - 1) for e in Entities([tags], IOB1).entities[0]]


def tagged(label: str, length: int, single: str, last: str) -> list[str]:
    if label == "O":
        return ["O"] * length
    return [f"{single}-{label}"] if length == 1 else [f"B-{label}", *[f"I-{label}"] * (length - 2), f"{last}-{label}"]


def found(tags: list[str]) -> list[tuple[str, int, int]]:
    """Return label, first and last token of each span, as seqeval says them."""
    return [(s.label, s.start, s.end - 1) for s in spans_of(tags, [Range(i, i + 1) for i in range(len(tags))])]


def test_the_guess_needs_tags_in_every_line() -> None:
    assert FORMAT.guess("قال O\nكمال B-PERSON\n".encode(), Path("a"))
    assert not FORMAT.guess("قال كمال\nهنا O\n".encode(), Path("a.conll"))
    assert not FORMAT.guess(b"-DOCSTART-\n", Path("a.conll"))
