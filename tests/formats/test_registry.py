from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from liwa.errors import LiwaError
from liwa.formats import registry
from liwa.formats.base import FEATURES, Format, article_id, documents, file_name, whole
from liwa.formats.conll import FORMAT as CONLL
from liwa.records import Span

PLUGIN = replace(CONLL, name="plugin", suffixes=(".plug",), guess=lambda head, path: head.startswith(b"plug"))
TWIN = replace(PLUGIN, name="twin")
FAKE = "liwa.formats.registry.entry_points"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    registry.get.cache_clear()
    yield
    registry.get.cache_clear()


def plug_in(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    """Let there be plug-ins, name by value, beside liwa's own formats."""
    more = [EntryPoint(name, f"{__name__}:{value}", registry.GROUP) for name, value in values.items()]
    real = metadata.entry_points

    def entry_points(group: str, name: str = "") -> list[EntryPoint]:
        return [e for e in (*real(group=group), *more) if name in ("", e.name)]

    monkeypatch.setattr(FAKE, entry_points)


def test_a_plug_in_is_found_by_name_and_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, plugin="PLUGIN", twin="TWIN")
    assert registry.get("plugin") is PLUGIN
    assert {"plugin", "conll"} <= set(registry.names())
    (tmp_path / "a").write_bytes(b"plug")
    with pytest.raises(LiwaError, match=r"a: the file could be plugin or twin\. Name it with --from: plugin, twin"):
        registry.guess(tmp_path / "a")
    with pytest.raises(LiwaError, match=r"cannot tell the format from \.plug\. Name it with --to: plugin, twin"):
        registry.by_suffix(Path("a.plug"))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("NOTHING", "cannot load the format plugin: .*NOTHING"),
        ("CONLL", "is no liwa format of the name plugin"),
        ("FAKE", "is no liwa format of the name plugin"),
    ],
)
def test_a_broken_plug_in_is_named(value: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, plugin=value)
    with pytest.raises(LiwaError, match=f"{message}.*Install or remove its plug-in"):
        registry.get("plugin")


def test_an_unknown_name_and_unknown_content_list_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match=r"expected a format, found 'word'\. Use one of brat, conll, "):
        registry.get("word")
    (tmp_path / "a.conll").write_text("نص بلا وسوم\n", encoding="utf-8")
    with pytest.raises(LiwaError, match=r"the file has the content of no known format\. Name it with --from: brat, "):
        registry.guess(tmp_path / "a.conll")
    with pytest.raises(LiwaError, match=r"the folder has the content of no known format"):
        registry.guess(tmp_path)
    with pytest.raises(LiwaError, match=r"nothing: expected a file or folder, found none"):
        registry.guess(tmp_path / "nothing")
    with pytest.raises(LiwaError, match=r"cannot tell the format from a name without a suffix"):
        registry.by_suffix(Path("out"))


def test_the_longest_suffix_counts() -> None:
    assert registry.by_suffix(Path("a.jsonl")).name == "prodigy"
    assert registry.by_suffix(Path("a.standoff.jsonl")).name == "standoff"


def test_a_zipped_file_is_guessed_by_what_is_in_it(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write('{"text": "نص"}\n')
    assert registry.guess(tmp_path / "a.jsonl.gz").name == "prodigy"


@pytest.mark.parametrize("article", ["a", "خبر ١", "x/y", "1%2F", ".hidden", "a:3-9", 'q"?', "tab\there", "نقطة."])
def test_an_id_is_a_files_name_and_back(article: str, tmp_path: Path) -> None:
    name = file_name(article)
    (tmp_path / f"{name}.txt").touch()
    assert [article_id(file.name.removesuffix(".txt")) for file in tmp_path.glob("*.txt")] == [article]


def test_files_of_a_folder_are_sorted_and_one_stands_for_itself(tmp_path: Path) -> None:
    for name in ("b.x", "a.x", "c.y"):
        (tmp_path / name).touch()
    assert [file.name for file in documents(tmp_path, ".x")] == ["a.x", "b.x"]
    assert documents(tmp_path / "c.y", ".x") == [tmp_path / "c.y"]


def test_spans_of_a_whole_text_are_checked_each_at_its_line() -> None:
    found: list[str] = []
    spans = {Span(0, 3, "X"): "f:1", Span(2, 5, "Y"): "f:2", Span(4, 6, "Z"): "f:3", Span(5, 9, "W"): "f:4"}
    gold = whole("سبعةxy", spans, where="f:0", report=lambda f: found.append(f"{f.where} {f.rule.id}"), lines=spans)
    assert gold.spans == (Span(0, 3, "X"), Span(4, 6, "Z"))
    assert found == ["f:2 G104", "f:4 G103"]


def test_the_document_has_every_format_with_what_it_holds() -> None:
    document = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    rows = [line for line in document.splitlines() if line.startswith("| ") and line.count("|") == 6]
    formats = [_row(registry.get(name)) for name in registry.names()]
    assert rows[2:] == formats, "\n".join(["write:", *formats])
    features = [f"| {name} | {meaning} |" for name, meaning in FEATURES.items()]
    assert "\n".join(features) in document, "\n".join(["write:", *features])


def _row(format: Format) -> str:
    out = " ".join(f"`{suffix}`" for suffix in format.suffixes) or "folder"
    lacking = ", ".join(sorted(FEATURES.keys() - format.holds)) or "–"
    return f"| `{format.name}` | {format.title} | {out} | {format.unit} | {lacking} |"
