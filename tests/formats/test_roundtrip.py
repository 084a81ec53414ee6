"""Every registered format, there and back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from liwa import jsonl
from liwa.corpus.read import read_articles
from liwa.formats import registry
from liwa.formats.base import UNITS, Settings
from liwa.formats.convert import convert
from liwa.records import Gold
from tests.formats.roundtrip import HOLDS, documents, there_and_back

ROOT = Path(__file__).parents[2]
NAMES = registry.names()


def test_every_registered_format_has_its_round_trip() -> None:
    assert set(NAMES) == set(HOLDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_format_says_what_it_holds(name: str) -> None:
    format = registry.get(name)
    assert format.holds == HOLDS[name].holds
    assert "spans" in format.holds
    assert format.unit in UNITS


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_there_and_back_is_the_identity_less_the_losses(name: str, data: st.DataObject) -> None:
    compare(name, data.draw(documents(whole=HOLDS[name].whole)))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_there_and_back_many_times(name: str, data: st.DataObject) -> None:
    compare(name, data.draw(documents(whole=HOLDS[name].whole)))


def compare(name: str, golds: list[Gold]) -> None:
    case = HOLDS[name]
    with TemporaryDirectory() as folder:
        back, expected, _ = there_and_back(registry.get(name), golds, Path(folder) / case.name)
    wanted = [gold for gold in map(case.read_back, expected) if gold]
    assert sorted(back, key=lambda g: g.article) == sorted(wanted, key=lambda g: g.article)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_only_its_own_guess_knows_a_file(name: str, data: st.DataObject) -> None:
    golds: list[Gold] = data.draw(documents(whole=HOLDS[name].whole))
    assume(any((gold.text or "").strip() for gold in golds))
    with TemporaryDirectory() as folder:
        path = Path(folder) / HOLDS[name].name
        there_and_back(registry.get(name), golds, path)
        assert registry.guess(path).name == name


@pytest.fixture(scope="module")
def corpus() -> Settings:
    return Settings(articles=list(read_articles([str(ROOT / "corpus" / "articles")])))


@pytest.mark.parametrize("name", NAMES)
def test_the_corpus_comes_back_from_every_format(name: str, corpus: Settings, tmp_path: Path) -> None:
    format, standoff = registry.get(name), registry.get("standoff")
    first, there, back = (tmp_path / n for n in ("first.jsonl", HOLDS[name].name, "back.jsonl"))
    source = ROOT / "annotations" / "gold" / "project.jsonl"
    convert(source, standoff, str(first), standoff, corpus)
    done = convert(source, standoff, str(there), format, corpus)
    assert (done.documents, done.written_documents, done.losses.count("spans")) == (66, 66, 0)
    assert done.losses.count("relations") == (0 if "relations" in format.holds else done.relations)
    again = convert(there, registry.guess(there), str(back), standoff, corpus)
    assert (again.source, again.documents) == (name, 66)
    assert rows(back, format.holds) == rows(first, format.holds)


def rows(path: Path, holds: frozenset[str]) -> dict[str, dict[str, object]]:
    """Return the stand-off rows of a file by article, less what a format does not hold."""
    lacking = {"relations", "meta"} - holds
    return {row["article"]: {k: v for k, v in row.items() if k not in lacking} for _, row in jsonl.read(path)}
