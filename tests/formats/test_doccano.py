"""doccano: its rows out and in, and its own server code as the judge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liwa.errors import LiwaError
from liwa.findings import stop
from liwa.formats import registry
from liwa.formats.base import Settings
from liwa.formats.losses import Losses
from liwa.records import Gold, Relation, Span
from tests.formats.peers import peer
from tests.gold import gold

FORMAT = registry.get("doccano")
TEXT = "🙂 وصل سامي إلى اللواء"
PERSON, UNIT = Span(6, 10, "PERSON"), Span(15, 21, "UNIT")
ENTITIES = [
    {"id": 11, "label": "PERSON", "start_offset": 7, "end_offset": 11},
    {"id": 12, "label": "UNIT", "start_offset": 16, "end_offset": 22},
]


def read(folder: Path, *rows: Any) -> list[Gold]:
    file = folder / "all.jsonl"
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text("\n".join(lines), encoding="utf-8")
    return list(FORMAT.read(file, stop))


def write(path: Path, *golds: Gold) -> Path:
    FORMAT.write(golds, path, Losses(), Settings())
    return path


def test_an_export_counts_utf_16_units_and_its_other_fields_are_meta(tmp_path: Path) -> None:
    relations = [{"id": 1, "from_id": 11, "to_id": 12, "type": "COMMANDS"}]
    row = {"id": 1, "text": TEXT, "outlet": "x", "entities": ENTITIES, "relations": relations, "Comments": []}
    (found,) = read(tmp_path, row)
    assert (found.spans, found.relations) == ((PERSON, UNIT), (Relation(PERSON, UNIT, "COMMANDS"),))
    assert found.meta == {"outlet": "x"}


@pytest.mark.parametrize("name", ["label", "labels"])
def test_a_project_without_relations_has_triples(tmp_path: Path, name: str) -> None:
    rows = {"id": 1, "text": TEXT, name: [[7, 11, "PERSON"]]}, {"id": 2, "text": "نص", name: []}
    found = read(tmp_path, *rows)
    assert [g.spans for g in found] == [(PERSON,), ()]
    assert registry.guess(tmp_path / "all.jsonl") is FORMAT


def test_every_row_has_the_same_keys(tmp_path: Path) -> None:
    """Its table of rows fills what is lacking with NaN, which is no JSON."""
    file = write(tmp_path / "a.jsonl", gold("[سامي](PERSON)", outlet="x"), gold("نص", article="b", ranges=((0, 1),)))
    assert {tuple(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()} == {
        ("text", "entities", "relations", "meta")
    }


def entity(**more: Any) -> dict[str, Any]:
    return {"text": TEXT, "entities": [{**ENTITIES[0], **more}, ENTITIES[1]]}


def linked(**more: Any) -> dict[str, Any]:
    return {"text": TEXT, "entities": ENTITIES, "relations": [{"from_id": 11, "to_id": 12, "type": "X", **more}]}


BAD = {
    "broken JSON": ("{", "expected a JSON object, found broken JSON"),
    "no text": ({"entities": []}, "expected a row with a text, found"),
    "no list": ({"text": TEXT, "entities": 3}, "expected entities to be a list, found 3"),
    "no entity": ({"text": TEXT, "entities": [3]}, "expected an entity, found 3"),
    "half a character": (entity(start_offset=1), "expected UTF-16 offsets in the text, found [1, 11]"),
    "beyond the text": (entity(end_offset=99), "expected UTF-16 offsets in the text, found [7, 99]"),
    "no offsets": (entity(start_offset=None), "expected UTF-16 offsets in the text, found [None, 11]"),
    "no label": (entity(label=""), "expected a label, found ''"),
    "an overlap": (entity(end_offset=18), "UNIT 15-21 overlaps PERSON 6-17"),
    "an unknown entity": (linked(to_id=99), "expected a relation between ids of entities, found"),
    "no relation": ({**linked(), "relations": [3]}, "expected a relation between ids of entities, found 3"),
    "no type": (linked(type=None), "expected a relation with a label, found"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_the_line_and_what_was_expected(tmp_path: Path, name: str) -> None:
    broken, message = BAD[name]
    with pytest.raises(LiwaError) as caught:
        read(tmp_path, {"text": "نص", "entities": []}, broken)
    assert message in str(caught.value) and "all.jsonl:2" in str(caught.value)
    assert caught.value.hint


REQUIREMENTS = ["doccano==1.8.4", "marshmallow<4", "numpy<2", "setuptools<81"]
"""The server as it is published, with what it needs of the versions of its day."""

SERVER = """
import os, sys
from importlib.util import find_spec

sys.path.insert(0, find_spec("backend").submodule_search_locations[0])
os.environ.update(DJANGO_SETTINGS_MODULE="config.settings.development", DATABASE_URL="sqlite:///:memory:")
import django

django.setup()
from django.core.management import call_command

call_command("migrate", verbosity=0)
from data_export.models import ExportedExample
from data_export.pipeline.dataset import Dataset
from data_export.pipeline.factories import create_comment, create_formatter, create_labels, create_writer
from data_export.pipeline.services import ExportApplicationService
from data_import.datasets import RelationExtractionDataset
from data_import.pipeline.parsers import JSONLParser
from data_import.pipeline.readers import FileName, Reader
from django.contrib.auth import get_user_model
from projects.models import SequenceLabelingProject

ours, theirs = sys.argv[1:]
user = get_user_model().objects.create(username="a")
project = SequenceLabelingProject.objects.create(
    name="p", description="", created_by=user, project_type="SequenceLabeling", use_relation=True,
    collaborative_annotation=True,
)
reader = Reader([FileName(full_path=ours, generated_name=ours, upload_name=ours)], JSONLParser(encoding="utf-8"))
imported = RelationExtractionDataset(reader, project)
imported.save(user)
assert not imported.errors, imported.errors
examples = ExportedExample.objects.filter(project=project)
exported = Dataset(examples, create_labels(project, examples), create_comment(examples))
ExportApplicationService(exported, create_formatter(project, "JSONL"), create_writer("JSONL")).export(theirs)
"""


@pytest.mark.slow
def test_what_is_written_passes_its_own_server(tmp_path: Path) -> None:
    marked = "🙂 وصل [سامي](PERSON COMMANDS:1)\r\nإلى [اللواء](UNIT 1) و[قائدٌ](RANK)"
    golds = [
        gold(marked, article="خبر/١", outlet="x"),
        gold("[س](PERSON X:1) [ص](UNIT 1)", article="b", ranges=((0, 3),)),
    ]
    ours = write(tmp_path / "a.doccano.jsonl", *golds)
    theirs = tmp_path / "theirs.jsonl"
    peer(REQUIREMENTS, SERVER, ours, theirs)
    assert registry.guess(theirs) is FORMAT
    assert list(FORMAT.read(theirs, stop)) == golds
