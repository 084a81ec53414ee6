from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import liwa
from liwa import jsonl
from liwa.annotations.rows import to_row
from liwa.annotations.standoff import to_standoff
from liwa.dataset import features
from liwa.errors import LiwaError
from liwa.records import Article
from tests.gold import gold, story

WHOLE = gold(story(1), "s1", date="2020-01-31", outlet="وكالة")
PLAIN = gold("لا شيء هنا", "s2")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    jsonl.write(tmp_path / "train.jsonl", [to_row(WHOLE), to_row(PLAIN)])
    jsonl.write(tmp_path / "dev.jsonl", [to_row(PLAIN)])
    jsonl.write(tmp_path / "test.jsonl", [to_row(WHOLE)])
    jsonl.write(tmp_path / "split.jsonl", [{"article": "s1"}])
    return tmp_path


def test_a_split_folder_gives_its_parts_with_the_same_features(folder: Path) -> None:
    data = liwa.load(folder)
    assert {name: part.num_rows for name, part in data.items()} == {"train": 2, "dev": 1, "test": 1}
    assert all(part.features == features(["date", "group", "outlet"]) for part in data.values())


def test_spans_point_into_the_text(folder: Path) -> None:
    row = liwa.load(folder)["train"][0]
    assert [row["text"][s["start"] : s["end"]] for s in row["spans"]] == [WHOLE.surface(s) for s in WHOLE.spans]
    assert [s["label"] for s in row["spans"]] == [s.label for s in WHOLE.spans]
    assert row["relations"][0]["head"] in row["spans"]
    assert {r["label"] for r in row["relations"]} == {"HOLDS_RANK", "BASED_AT"}
    assert row["ranges"] == [{"start": 0, "end": len(row["text"])}]


def test_empty_lists_stay_lists_and_dates_strings(folder: Path) -> None:
    first, second = liwa.load(folder / "train.jsonl")["train"]
    assert second["spans"] == second["relations"] == []
    assert first["meta"] == {"date": "2020-01-31", "group": "", "outlet": "وكالة"}
    assert second["meta"] == {"date": "", "group": "", "outlet": ""}


def test_a_part_without_any_span_has_the_features_too(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "gold.jsonl", [to_row(PLAIN)])
    data = liwa.load([tmp_path / "gold.jsonl"])["train"]
    assert data.features == features(["group"])
    assert data[0]["spans"] == []


def test_a_passage_counts_from_its_own_start(tmp_path: Path) -> None:
    whole = gold("سطر أول\n[هاني](PERSON) هنا", "s")
    jsonl.write(tmp_path / "gold.jsonl", [to_row(whole.within(whole.ranges[0]._replace(start=8)))])
    row = liwa.load(tmp_path / "gold.jsonl")["train"][0]
    assert (row["start"], row["spans"]) == (8, [{"start": 0, "end": 4, "label": "PERSON"}])


def test_standoff_gold_has_its_text_where_that_is_named(tmp_path: Path) -> None:
    jsonl.write(tmp_path / "gold.jsonl", [to_standoff(WHOLE, Article("s1", WHOLE.text or ""))])
    jsonl.write(tmp_path / "texts.jsonl", [{"id": "s1", "text": WHOLE.text}])
    assert liwa.load(tmp_path / "gold.jsonl")["train"][0]["text"] is None
    data = liwa.load(tmp_path / "gold.jsonl", texts=[str(tmp_path / "texts.jsonl")])
    assert data["train"][0]["text"] == WHOLE.text


def test_meta_that_is_no_string_is_json(tmp_path: Path) -> None:
    row = to_row(PLAIN)
    row["meta"] |= {"page": 3, "duplicate_of": {"article": "لواء"}}
    jsonl.write(tmp_path / "gold.jsonl", [row])
    assert liwa.load(tmp_path / "gold.jsonl")["train"][0]["meta"] == {
        "duplicate_of": '{"article":"لواء"}',
        "group": "",
        "page": "3",
    }


def test_wrong_gold_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match="cannot read"):
        liwa.load(tmp_path / "none.jsonl")


def test_nothing_lands_in_a_cache_and_nothing_is_fetched(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    script = (
        "import socket, sys, liwa\n"
        "socket.socket.connect = socket.getaddrinfo = lambda *a, **k: sys.exit('network')\n"
        "data = liwa.load(sys.argv[1])\n"
        "assert data['train'].cache_files == [] and data['train'].map(lambda row: row).num_rows == 2\n"
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "XDG_"))}
    done = subprocess.run(
        [sys.executable, "-c", script, folder], env={**kept, "HOME": str(home)}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert [p for p in home.rglob("*") if p.is_file()] == []


def test_public_names_are_those_of_their_modules() -> None:
    from liwa.records import Article, Gold, Relation, Span
    from liwa.scheme import Scheme, load_scheme

    public = (liwa.Article, liwa.Gold, liwa.Relation, liwa.Span, liwa.Scheme, liwa.load_scheme)
    assert public == (Article, Gold, Relation, Span, Scheme, load_scheme)
    assert set(liwa.__all__) == set(dir(liwa))
    assert all(hasattr(liwa, name) for name in liwa.__all__)
    assert not hasattr(liwa, "nothing")


def test_importing_liwa_imports_nothing_heavy() -> None:
    script = "import sys, liwa.cli.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert {"spacy", "datasets", "numpy", "datasketch", "trafilatura", "srsly"} & set(loaded) == set()


def test_spacy_documents_have_entities_relations_and_masks(tmp_path: Path) -> None:
    half = gold("وصل [بشار](PERSON) اليوم. وغادر كمال أمس.", "h", ranges=((0, 15),))
    jsonl.write(tmp_path / "gold.jsonl", [to_row(WHOLE), to_row(half)])
    first, second = liwa.load(tmp_path / "gold.jsonl").to_spacy()["train"]
    assert [(e.start_char, e.end_char, e.label_) for e in first.ents] == list(WHOLE.spans)
    assert [label for _, _, label in liwa.relations_of(first)] == [r.label for r in WHOLE.relations]
    assert first.user_data["liwa"]["article"] == "s1"
    assert {t.text: t.ent_iob_ for t in second}["كمال"] == ""


def test_spacy_documents_know_their_texts_and_tokens(tmp_path: Path) -> None:
    import spacy

    jsonl.write(tmp_path / "standoff.jsonl", [to_standoff(WHOLE, Article("s1", WHOLE.text or ""))])
    with pytest.raises(LiwaError, match=r"article s1 has no text\. Name the articles with texts="):
        liwa.load(tmp_path / "standoff.jsonl").to_spacy()
    jsonl.write(tmp_path / "clitic.jsonl", [to_row(gold("مر ب[الوادي](BASE)", "c"))])
    data = liwa.load(tmp_path / "clitic.jsonl")
    assert data.to_spacy()["train"][0].ents[0].text == "الوادي"
    with pytest.raises(LiwaError, match="c: BASE 4-10 begins or ends inside a token"):
        data.to_spacy(spacy.blank("xx"))


def test_pandas_tables_have_a_line_a_row_a_span_and_a_relation(folder: Path) -> None:
    data = liwa.load(folder)
    rows, spans, relations = (data.to_pandas(table) for table in ("rows", "spans", "relations"))
    assert list(rows["split"]) == ["train", "train", "dev", "test"]
    assert list(rows["meta.date"]) == ["2020-01-31", "", "", "2020-01-31"]
    assert list(spans["text"])[:4] == [WHOLE.surface(span) for span in WHOLE.spans]
    assert len(spans) == 2 * len(WHOLE.spans)
    first = relations.iloc[0]
    assert (first.article, first.label, first.head_text) == ("s1", "HOLDS_RANK", WHOLE.surface(WHOLE.spans[1]))
    assert list(liwa.load(folder / "dev.jsonl").to_pandas("relations").columns) == list(relations.columns)


def test_offsets_in_tables_are_those_of_the_article(tmp_path: Path) -> None:
    whole = gold("سطر أول\n[هاني](PERSON) هنا", "s")
    jsonl.write(tmp_path / "gold.jsonl", [to_row(whole.within(whole.ranges[0]._replace(start=8)))])
    data = liwa.load(tmp_path / "gold.jsonl")
    assert data.to_pandas("spans")[["start", "end"]].to_numpy().tolist() == [[8, 12]]
    assert data.to_golds()["train"][0].spans == whole.spans
