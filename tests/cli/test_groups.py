from __future__ import annotations

import json
from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations.rows import to_row
from liwa.cli.groups import groups
from liwa.cli.split import split
from liwa.corpus.groups import groups as find
from liwa.errors import LiwaError
from liwa.records import sha256
from tests.conftest import Run
from tests.corpus.test_groups import related
from tests.gold import gold

TEXTS = related(50)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    jsonl.write(path, ({"id": name, "text": text} for name, text in TEXTS.items()))
    return path


def test_the_command(liwa: Run, source: Path, tmp_path: Path) -> None:
    ran = liwa("groups", source, "-o", tmp_path / "groups.jsonl", "--workers", 2)
    found = find(TEXTS)
    assert ran.stderr == f"50 articles, {len(set(found.values()))} groups\n"
    rows = [json.loads(line) for line in (tmp_path / "groups.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows == [{"id": n, "sha256": sha256(TEXTS[n]), "group": g} for n, g in found.items()]
    assert liwa("groups", source).stdout == (tmp_path / "groups.jsonl").read_text(encoding="utf-8")


def test_splitting_by_groups_that_were_found_before(source: Path, tmp_path: Path) -> None:
    jsonl.write(tmp_path / "gold.jsonl", (to_row(gold(text, name)) for name, text in TEXTS.items()))
    groups([str(source)], str(tmp_path / "groups.jsonl"))
    plain = split([str(tmp_path / "gold.jsonl")], output=tmp_path / "plain")
    known = split([str(tmp_path / "gold.jsonl")], output=tmp_path / "known", groups=tmp_path / "groups.jsonl")
    assert plain == known
    assert (tmp_path / "plain" / "split.jsonl").read_bytes() == (tmp_path / "known" / "split.jsonl").read_bytes()
    jsonl.write(tmp_path / "groups.jsonl", [{"id": "a000", "group": "a000"}])
    with pytest.raises(LiwaError, match=r"article a001 is in no group\. Run liwa groups on all articles"):
        split([str(tmp_path / "gold.jsonl")], output=tmp_path / "lacking", groups=tmp_path / "groups.jsonl")
    jsonl.write(tmp_path / "groups.jsonl", [{"id": "a000"}])
    with pytest.raises(LiwaError, match=r"groups\.jsonl:1: expected an id and a group, found id"):
        split([str(tmp_path / "gold.jsonl")], output=tmp_path / "broken", groups=tmp_path / "groups.jsonl")
