"""Label Studio: tasks and labelling interface out, its exports in, and its own SDK as the judge."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.formats import registry
from liwa.formats.base import Settings, unanswered
from liwa.formats.losses import Losses
from liwa.records import Gold, Relation, Span
from liwa.scheme import Scheme
from tests.formats.peers import peer
from tests.gold import gold

FORMAT = registry.get("labelstudio")
TEXT = "🙂 وصل سامي إلى اللواء"
SCHEME = Scheme.from_dict(
    {
        "labels": [{"name": "PERSON", "colour": "#123456", "key": "p"}, {"name": "UNIT"}],
        "relations": [{"name": "COMMANDS", "head": ["PERSON"], "child": ["UNIT"]}],
    }
)


def region(name: str, start: int, end: int, label: str, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": [label]}
    return {"id": name, "from_name": "ner", "to_name": "text", "type": "labels", "value": value, **more}


def link(head: str, child: str, **more: Any) -> dict[str, Any]:
    ends = {"type": "relation", "from_id": head, "to_id": child}
    return {**ends, "direction": "right", "labels": ["COMMANDS"], **more}


REGIONS = [region("a", 6, 10, "PERSON"), region("b", 15, 21, "UNIT")]
PERSON, UNIT = Span(6, 10, "PERSON"), Span(15, 21, "UNIT")


def task(*result: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a task as Label Studio exports it."""
    done = {"id": 3, "completed_by": 1, "was_cancelled": False, "ground_truth": False, "result": list(result)}
    return {"id": 7, "annotations": [done], "drafts": [], "predictions": [], "data": {"text": TEXT}, **more}


def read(folder: Path, *tasks: Any, findings: list[Finding] | None = None) -> list[Gold]:
    file = folder / "export.json"
    file.write_text("[\n" + ",\n".join(json.dumps(t, ensure_ascii=False) for t in tasks) + "\n]", encoding="utf-8")
    assert registry.guess(file) is FORMAT
    return list(FORMAT.read(file, stop if findings is None else findings.append))


def write(folder: Path, *golds: Gold) -> Path:
    path = folder / "labelstudio"
    FORMAT.write(golds, path, Losses(), Settings(scheme=SCHEME))
    return path


def test_an_export_gives_spans_and_relations_by_the_ids_of_its_regions(tmp_path: Path) -> None:
    (found,) = read(tmp_path, task(*REGIONS, link("a", "b"), data={"text": TEXT, "outlet": "x", "meta": {"date": "y"}}))
    assert (found.text, found.spans, found.relations) == (TEXT, (PERSON, UNIT), (Relation(PERSON, UNIT, "COMMANDS"),))
    assert (found.article, found.meta) == (found.sha256[:12], {"outlet": "x", "date": "y"})


def test_an_arrow_to_the_left_has_its_head_at_its_end_and_each_label_is_a_relation(tmp_path: Path) -> None:
    (found,) = read(tmp_path, task(*REGIONS, link("a", "b", direction="left", labels=["A", "B"])))
    assert found.relations == (Relation(UNIT, PERSON, "A"), Relation(UNIT, PERSON, "B"))


def test_a_text_under_another_name_is_found(tmp_path: Path) -> None:
    (found,) = read(tmp_path, task(*REGIONS, data={"news": TEXT, "page": 3}))
    assert (found.text, found.meta) == (TEXT, {"page": 3})


def test_what_nobody_answered_is_a_prediction_and_comes_back_as_one(tmp_path: Path) -> None:
    made = replace(gold("وصل [سامي](PERSON)"), extra={"_task_hash": 1})
    folder = write(tmp_path, made)
    (row,) = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    assert "annotations" not in row and len(row["predictions"][0]["result"]) == 1
    findings: list[Finding] = []
    (found,) = FORMAT.read(folder, findings.append)
    assert found == made and unanswered(found)
    assert [f.rule.name for f in findings] == ["unanswered"]


def test_of_several_annotations_the_ground_truth_is_taken(tmp_path: Path) -> None:
    one, other = task(*REGIONS)["annotations"][0], {"result": [], "ground_truth": False}
    findings: list[Finding] = []
    (found,) = read(tmp_path, task(annotations=[{**one, "ground_truth": True}, other]), findings=findings)
    assert found.spans == (PERSON, UNIT)
    assert [f.message for f in findings] == ["1 annotations beside the ground truth"]
    with pytest.raises(LiwaError, match=r"export.json:2: expected one annotation or ground truth .* found 2"):
        read(tmp_path, task(annotations=[one, other]))


def test_a_skipped_task_and_results_of_other_kinds_are_noted(tmp_path: Path) -> None:
    findings: list[Finding] = []
    skipped = task(annotations=[{"was_cancelled": True, "result": []}])
    choice = {"id": "c", "type": "choices", "value": {"choices": ["x"]}}
    (found,) = read(tmp_path, skipped, task(REGIONS[0], choice), findings=findings)
    assert found.spans == (PERSON,)
    assert [(f.rule.name, f.where.rpartition(":")[2]) for f in findings] == [("not-accepted", "2"), ("left-out", "3")]


BAD = {
    "no task": ("x", "export.json:3: expected a task with data and one text in it, found 'x'"),
    "no data": ({"id": 1}, "export.json:3: expected a task with data and one text in it"),
    "two texts": (task(data={"a": "x", "b": "y"}), "export.json:3: expected a task with data and one text"),
    "no region": (task({**REGIONS[0], "value": 3}), "export.json:3: expected a region, found"),
    "two labels": (task({**REGIONS[0], "value": {"labels": ["A", "B"]}}), "export.json:3: expected a region with one"),
    "no label": (task({**REGIONS[0], "value": {"start": 0, "end": 1}}), "export.json:3: expected a region with one"),
    "no offsets": (task({**REGIONS[0], "value": {"labels": ["A"]}}), "expected integers, found start=None"),
    "UTF-16 offsets": (
        task(region("a", 6, 10, "A") | {"value": {**REGIONS[0]["value"], "start": 7, "end": 11}}),
        "@7: ",
    ),
    "an overlap": (task(*REGIONS, region("c", 8, 12, "UNIT")), "@8: UNIT 8-12 overlaps PERSON 6-10"),
    "an unknown region": (task(*REGIONS, link("a", "z")), "export.json:3: expected the id of a text region, found 'z'"),
    "two directions": (task(*REGIONS, link("a", "b", direction="bi")), "expected direction right or left, found 'bi'"),
    "no type": (task(*REGIONS, link("a", "b", labels=[])), "export.json:3: expected a relation with a label"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_the_line_and_what_was_expected(tmp_path: Path, name: str) -> None:
    broken, message = BAD[name]
    with pytest.raises(LiwaError) as caught:
        read(tmp_path, task(), broken)
    assert message in str(caught.value) and "export.json:3" in str(caught.value)
    assert caught.value.hint


def test_the_interface_has_the_labels_of_the_scheme_and_of_the_gold(tmp_path: Path) -> None:
    view = ET.parse(write(tmp_path, gold('[سامي](PERSON ال"<ـ:1) [س](رتبة 1)')) / "config.xml").getroot()
    assert [label.attrib for label in view.iter("Label")] == [
        {"value": "PERSON", "background": "#123456", "hotkey": "p"},
        {"value": "UNIT", "background": "#888888"},
        {"value": "رتبة", "background": "#888888"},
    ]
    assert [kind.get("value") for kind in view.iter("Relation")] == ["COMMANDS", 'ال"<ـ']
    text = view.find("Text")
    assert text is not None and (text.get("name"), text.get("value")) == ("text", "$text")


def test_what_is_imported_is_no_ground_truth(tmp_path: Path) -> None:
    (row,) = json.loads((write(tmp_path, gold("[سامي](PERSON)")) / "tasks.json").read_text(encoding="utf-8"))
    assert row["annotations"][0]["ground_truth"] is False


SDK = """
import json, sys
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

ours, theirs = sys.argv[1:]
config = open(ours + "/config.xml", encoding="utf-8").read()
interface = LabelInterface(config)
interface.validate()
for task in json.load(open(ours + "/tasks.json", encoding="utf-8")):
    for annotation in task["annotations"]:
        assert interface.validate_annotation(annotation), annotation
Converter(config, ours).convert_to_conll2003(ours + "/tasks.json", theirs, is_dir=False)

text = "\U0001f642 سامي واللواء"
control = interface.get_control("label")
person, unit = control.label(label="PERSON", start=2, end=6), control.label(label="UNIT", start=8, end=14)
person.add_relation(unit, "right", ["COMMANDS"])
result = [person._dict(), unit._dict(), *person._dict_relations()]
task = {"id": 1, "data": {"text": text}, "annotations": [{"id": 1, "result": result}]}
json.dump([task], open(theirs + "/made.json", "w"))
"""


@pytest.mark.slow
def test_its_own_sdk_accepts_and_converts_what_is_written_and_what_it_makes_is_read(tmp_path: Path) -> None:
    first = gold("🙂 وصل [سامي الدوري](PERSON COMMANDS:1)\r\nإلى [اللواء](UNIT 1)", article="خبر")
    theirs = tmp_path / "theirs"
    peer(["label-studio-sdk==2.1.2"], SDK, write(tmp_path, first, gold("نص", article="b")), theirs)
    lines = (theirs / "result.conll").read_text(encoding="utf-8").splitlines()
    tags = [tuple(line.split(" -X- _ ")) for line in lines if " -X- _ " in line]
    assert [tag for tag in tags if tag[1] != "O"] == [
        ("سامي", "B-PERSON"),
        ("الدوري", "I-PERSON"),
        ("اللواء", "B-UNIT"),
    ]
    (made,) = FORMAT.read(theirs / "made.json", stop)
    person, unit = Span(2, 6, "PERSON"), Span(8, 14, "UNIT")
    assert (made.spans, made.relations) == ((person, unit), (Relation(person, unit, "COMMANDS"),))
