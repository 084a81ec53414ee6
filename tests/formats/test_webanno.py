"""WebAnno TSV 3.3: what is written, what is read of INCEpTION's files, and its peers' readers and writers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.formats import registry
from liwa.formats.base import Settings
from liwa.formats.losses import Losses
from liwa.records import Gold, Relation, Span
from tests.gold import gold

TSV = registry.get("webanno")
HEADER = "#FORMAT=WebAnno TSV 3.3\n"
ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"


def written(folder: Path, *golds: Gold) -> tuple[dict[str, str], Losses]:
    losses = Losses()
    TSV.write(golds, folder / "out", losses, Settings())
    return {file.stem: file.read_bytes().decode() for file in (folder / "out").iterdir()}, losses


def read(folder: Path, text: str, findings: list[Finding] | None = None) -> Gold:
    file = folder / "نص.tsv"
    file.write_bytes(text.encode())
    (found,) = TSV.read(file, stop if findings is None else findings.append)
    return found


def test_offsets_are_utf_16_units_and_a_span_of_several_rows_has_a_number(tmp_path: Path) -> None:
    marked = "🙂 [اللواء](RANK 1) [سامي الدوري](PERSON HOLDS_RANK:1)\r\nوصل [قا](UNIT)ئد"
    files, losses = written(tmp_path, gold(marked, article="خبر/١"))
    assert files == {
        "خبر%2F١": f"{HEADER}#T_SP=custom.Span|label\n#T_RL=custom.Relation|label|BT_custom.Span\n\n"
        "\n#Text=🙂 اللواء سامي الدوري\\r\n"
        "1-1\t0-2\t🙂\t_\t_\t_\t\n"
        "1-2\t3-9\tاللواء\tRANK\tHOLDS\\_RANK\t1-3[1_0]\t\n"
        "1-3\t10-14\tسامي\tPERSON[1]\t_\t_\t\n"
        "1-4\t15-21\tالدوري\tPERSON[1]\t_\t_\t\n"
        "\n#Text=وصل قائد\n"
        "2-1\t23-26\tوصل\t_\t_\t_\t\n"
        "2-2\t27-31\tقائد\t_\t_\t_\t\n"
        "2-2.1\t27-29\tقا\tUNIT\t_\t_\t\n"
    }
    assert not losses


def test_a_layer_that_nothing_uses_is_not_declared(tmp_path: Path) -> None:
    files, _ = written(tmp_path, gold("وصل [سامي](PERSON)", article="a"), gold("لا أسماء هنا", article="b"))
    assert "#T_SP" in files["a"] and "#T_RL" not in files["a"]
    assert files["b"].splitlines()[:3] == [HEADER.strip(), "", ""]


@pytest.mark.parametrize("text", ["  وصل", "\n\nوصل", "وصل\n\n \n ثم\t\tغادر \n\n", " \n ", "_|[\\]*->;\x0b\x00 \x1f"])
def test_a_text_comes_back_with_all_its_white_space(tmp_path: Path, text: str) -> None:
    files, _ = written(tmp_path, gold("a").within(gold("a").ranges[0]), Gold("x", "", (), text=text))
    assert read(tmp_path, files["x"]).text == text


def test_a_span_that_ends_in_white_space_is_lost_with_its_relations(tmp_path: Path) -> None:
    base = gold("سامي قائد اللواء")
    person, unit = Span(0, 5, "PERSON"), Span(10, 16, "UNIT")
    links = (Relation(person, unit, "COMMANDS"),)
    _, losses = written(tmp_path, Gold("a", base.sha256, base.ranges, (person, unit), links, base.text))
    assert [(loss.kind, loss.start, loss.what) for loss in losses] == [
        ("spans", 0, "PERSON"),
        ("relations", 0, "COMMANDS"),
    ]


def test_columns_stacks_and_layers_of_an_inception_project(tmp_path: Path) -> None:
    findings: list[Finding] = []
    found = read(
        tmp_path,
        f"{HEADER}#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue\n"
        f"#T_SP={ENTITY}|identifier|value\n#T_SP=webanno.custom.Base|\n"
        f"#T_CH=de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink|referenceType|referenceRelation\n"
        f"#T_RL=webanno.custom.Relation|kind|BT_{ENTITY}\n\n\n"
        "#Sentence.id=s1\n#Text=قاد سامي اللواء\n"
        "1-1\t0-3\tقاد\tVERB\t_\t_\t_\t_\t_\t_\t_\t\n"
        "1-2\t4-8\tسامي\tPROPN\t*\tPERSON\t_\tpr[1]\t*->1-1\t_\t_\t\n"
        "1-3\t9-15\tاللواء\tNOUN\tQ1[2]\tUNIT\\_X[2]\t_\t_\t_\tPART\\_OF|COMMANDS\t1-4[3_2]|1-2[0_2]\t\n"
        "\n#Text=الثالث في القاعدة\n"
        "1-4\t16-22\tالثالث\t_\t*[3]\tUNIT[3]\t_\t_\t_\t_\t_\t\n"
        "2-2\t23-25\tفي\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
        "2-3\t26-33\tالقاعدة\t_\t_\t_\t*\t_\t_\t_\t_\t\n",
        findings,
    )
    person, first, second = Span(4, 8, "PERSON"), Span(9, 15, "UNIT_X"), Span(16, 22, "UNIT")
    assert found.text == "قاد سامي اللواء\nالثالث في القاعدة"
    assert found.spans == (person, first, second, Span(26, 33, "Base"))
    assert found.relations == (Relation(person, first, "COMMANDS"), Relation(second, first, "PART_OF"))
    assert {f.rule.name for f in findings} == {"left-out"}
    assert [f.message.split(",")[0] for f in findings] == [
        "the layer de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS",
        "the layer de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink",
        f"the feature identifier of {ENTITY}",
    ]


BODY = "#T_SP=custom.Span|label\n#T_RL=custom.Relation|label|BT_custom.Span\n\n\n#Text=🙂 سامي قائد\n"
ROWS = "1-1\t0-2\t🙂\t_\t_\t_\t\n1-2\t3-7\tسامي\tPERSON\t_\t_\t\n"
BAD = {
    "another format": ("1-1\t0-4\tTest\n", "نص.tsv:1: expected #FORMAT=WebAnno TSV 3.3, found '1-1"),
    "an old version": ("#FORMAT=WebAnno TSV 2.0\n", "نص.tsv:1: expected #FORMAT=WebAnno TSV 3.3, found"),
    "no layer": (f"{HEADER}#T_XX=a|b\n\n\n", "نص.tsv:2 نص: expected a layer, found '#T_XX"),
    "too few columns": (f"{HEADER}{BODY}1-1\t0-2\t🙂\t_\n", "نص.tsv:7 نص: expected 6 columns"),
    "no offsets": (f"{HEADER}{BODY}1-1\tx\t🙂\t_\t_\t_\t\n", "نص.tsv:7 نص: expected 6 columns with offsets"),
    "code points": (f"{HEADER}{BODY}1-1\t0-1\t🙂\t_\t_\t_\t\n", "نص.tsv:7 نص: expected UTF-16 offsets in the text"),
    "another token": (f"{HEADER}{BODY}{ROWS}1-3\t7-11\tقائد\t_\t_\t_\t\n", "نص.tsv:9 نص@6: found 'قائد' where"),
    "beyond the text": (f"{HEADER}{BODY}1-1\t0-99\t🙂\t_\t_\t_\t\n", "نص.tsv:7 نص: expected UTF-16 offsets"),
    "no such row": (f"{HEADER}{BODY}{ROWS}1-3\t8-12\tقائد\tX\tR\t1-9\t\n", "نص.tsv:9 نص: expected the row of a custom"),
    "no such number": (f"{HEADER}{BODY}{ROWS}1-3\t8-12\tقائد\tX\tR\t1-2[7_0]\t\n", "نص.tsv:9 نص: expected the row of"),
    "no reference": (f"{HEADER}{BODY}{ROWS}1-3\t8-12\tقائد\tX\tR\tx\t\n", "نص.tsv:9 نص: expected the row of"),
    "an overlap": (f"{HEADER}{BODY}1-1\t0-2\t🙂\tA|B\t_\t_\t\n", "نص.tsv:7 نص@0: B 0-1 overlaps A 0-1"),
    "an empty span": (f"{HEADER}{BODY}{ROWS}1-2.1\t5-5\t\tA\t_\t_\t\n", "نص.tsv:9 نص: expected a span of some text"),
    "a sentence inside another": (
        f"{HEADER}{BODY}{ROWS}\n#Text=قائد\n2-1\t5-9\tقائد\t_\t_\t_\t\n",
        "نص.tsv:11 نص: the sentence begins at 5",
    ),
    "slots": (
        f"{HEADER}#T_SP=webanno.custom.Frame|value|ROLE_webanno.custom.Frame:args_webanno.custom.Link|uima.tcas.Annotation"
        "\n\n\n#Text=قاد\n1-1\t0-3\tقاد\tX\targ\t1-1\t\n",
        "نص.tsv:6 نص: the slots of webanno.custom.Frame, which link more than two spans",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_the_line_and_what_was_expected(tmp_path: Path, name: str) -> None:
    text, message = BAD[name]
    with pytest.raises(LiwaError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)
    assert caught.value.hint


def test_sentences_that_do_not_touch_have_a_line_feed_and_spaces_between_them(tmp_path: Path) -> None:
    rows = "#Text=قاد\n2-1\t{}\tقاد\t_\t_\t_\t\n"
    body = f"{HEADER}{BODY}{ROWS}\n"
    assert read(tmp_path, body + rows.format("12-15")).text == "🙂 سامي قائدقاد"
    assert read(tmp_path, body + rows.format("13-16")).text == "🙂 سامي قائد\nقاد"
    assert read(tmp_path, body + rows.format("15-18")).text == "🙂 سامي قائد\n  قاد"


def test_a_reference_without_a_number_is_to_the_first_span_of_its_row(tmp_path: Path) -> None:
    findings: list[Finding] = []
    row = "1-3\t8-12\tقائد\tX\tR\t1-1\t\n"
    found = read(tmp_path, f"{HEADER}{BODY}1-1\t0-2\t🙂\tA[1]|B[2]\t_\t_\t\n{row}", findings)
    assert found.relations == (Relation(Span(0, 1, "A"), Span(7, 11, "X"), "R"),)
    assert [f.rule.name for f in findings] == ["overlap"]


def test_a_file_with_windows_line_ends_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEADER}{BODY}{ROWS}".replace("\n", "\r\n")).spans == (Span(2, 6, "PERSON"),)


def test_what_web_anno_tsv_writes_is_read(tmp_path: Path) -> None:
    peer = pytest.importorskip("web_anno_tsv")
    module = pytest.importorskip("web_anno_tsv.web_anno_tsv")
    text = "🙂 وصل سامي الدوري"
    tokens = [module.Span(text[a:b], a, b, True) for a, b in ((0, 1), (2, 5), (6, 10), (11, 17))]
    labels = [peer.Annotation("SIGN", "🙂", 0, 1), peer.Annotation("PERSON", "سامي الدوري", 6, 17)]
    file = tmp_path / "a.tsv"
    with peer.open_web_anno_tsv(str(file), "w") as out:
        out.write(module.AnnotatedSentence(text, tokens, labels))
    (found,) = TSV.read(file, stop)
    assert (found.text, found.spans) == (text, (Span(0, 1, "SIGN"), Span(6, 17, "PERSON")))


def test_webanno2spacy_reads_the_relations_that_are_written(tmp_path: Path) -> None:
    peer = pytest.importorskip("webanno2spacy")
    import spacy

    marked = "قاد [سامي](PERSON COMMANDS:1) [اللواء](UNIT 1) طويلا"
    files, _ = written(tmp_path, gold(marked, article="a"))
    rows = csv.reader(files["a"].splitlines(), delimiter="\t", quotechar='"')
    doc = peer.convert_rows(spacy.blank("ar"), gold(marked).text, rows)
    assert dict(doc._.rel) == {(9, 4): {"COMMANDS": 1.0}}, "the child's offset, then the head's"
