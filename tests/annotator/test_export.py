"""What an export says, that Prodigy's users know it, and that `liwa gold` reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liwa import jsonl, markup
from liwa.annotations.check import check
from liwa.annotations.gold import load_gold
from liwa.annotations.rows import to_row
from liwa.errors import LiwaError
from liwa.scheme import Scheme, load_scheme
from tests.annotator.conftest import Serve
from tests.annotator.invented import invented, paragraphs
from tests.annotator.local import Local, spans_of
from tests.conftest import Run
from tests.gold import gold, story

PERSON, RANK, UNIT, BASE = "PERSON", "RANK", "UNIT", "BASE"

BOTH_STORES = True


def annotate(project: Local, number: int, **more: Any) -> dict[str, Any]:
    """Answer the first paragraph of a story as its marks say, and return the row it should become."""
    known = gold(story(number))
    name = project.ids[2 * number]
    text = project.get(f"tasks/{name}")["text"]
    spans = [{**span._asdict(), "text": text[span.start : span.end]} for span in known.spans]
    relations = [{"head": r.head[:2], "child": r.child[:2], "label": r.label} for r in known.relations]
    assert project.send(name, "accept", spans=spans, relations=relations, **more).status_code == 200
    return to_row(known)


def test_rows_are_what_gold_makes_of_the_same_annotation(project: Local) -> None:
    expected = annotate(project, 0)
    (row,) = project.exported()
    assert [{k: v for k, v in s.items() if k not in ("text", "type")} for s in row["spans"]] == expected["spans"]
    assert [{k: v for k, v in r.items() if k != "color"} for r in row["relations"]] == expected["relations"]
    task = invented()[0]
    assert all(row[key] == task[key] for key in ("text", "meta", "_input_hash", "_task_hash"))
    assert row["spans"][0]["text"] == row["text"][row["spans"][0]["start"] : row["spans"][0]["end"]]
    assert {row[key] for key in ("_view_id", "_annotator_id", "_session_id", "answer")} == {
        "relations",
        "tester",
        f"{project.store.place.name}-tester",
        "accept",
    }
    assert isinstance(row["_timestamp"], int)
    assert "draft" not in row


def test_relations_name_the_last_tokens_of_their_spans(project: Local) -> None:
    annotate(project, 1)
    (row,) = project.exported()
    by_end = {token["end"]: token["id"] for token in row["tokens"]}
    assert len(row["relations"]) == 2
    for relation in row["relations"]:
        for side in ("head", "child"):
            assert relation[side] == by_end[relation[f"{side}_span"]["end"]] == relation[f"{side}_span"]["token_end"]


def test_gold_check_finds_nothing_and_gold_load_reads_it(project: Local, place: str, liwa: Run) -> None:
    for number in range(4):
        annotate(project, number)
        project.send(project.ids[2 * number + 1], "accept")
    out = project.folder / "answers.jsonl"
    done = liwa("annotations", "export", place, "-o", out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "8 rows written\n")
    texts = project.folder / "texts"
    texts.mkdir()
    for number in range(4):
        (texts / f"s{number:02}.txt").write_text(markup.parse(story(number)).text, encoding="utf-8", newline="")
    checked = liwa("gold", "check", out, "--texts", texts)
    assert checked.returncode == 0
    assert checked.stdout.startswith("no findings; 8 rows of 4 articles, 16 spans, 8 relations; 0 rows not verified")
    loaded = list(load_gold([str(out)]))
    assert [g.spans for g in loaded[::2]] == [gold(story(n)).spans for n in range(4)]
    assert [g.relations for g in loaded[::2]] == [gold(story(n)).relations for n in range(4)]


def test_the_last_answer_wins_and_the_others_stay_in_the_history(project: Local) -> None:
    name = project.ids[0]
    for base, answer in enumerate(["accept", "reject", "ignore"]):
        assert project.send(name, answer, base=base).status_code == 200
    assert [row["answer"] for row in project.exported()] == ["ignore"]


def test_rows_come_in_the_order_of_the_tasks_with_every_answer(project: Local) -> None:
    for position, answer in ((7, "reject"), (2, "ignore"), (5, "accept")):
        project.send(project.ids[position], answer)
    rows = project.exported()
    assert [row["answer"] for row in rows] == ["ignore", "accept", "reject"]
    assert [row["text"] for row in rows] == [invented()[n]["text"] for n in (2, 5, 7)]


def test_answers_to_tasks_of_an_earlier_file_come_last(project: Local) -> None:
    for name in project.ids:
        project.send(name, "accept")
    rows = invented()
    project.feed(rows[:1:-1])
    assert [row["text"] for row in project.exported()] == [row["text"] for row in [*rows[:1:-1], *rows[:2]]]


def test_an_answer_is_of_the_whole_passage(tmp_path: Path) -> None:
    row = paragraphs("كتيبة الفهد هنا", "a")[0]
    row["meta"]["ranges"] = [[0, 5]]
    project = Local(tmp_path, [row])
    project.send(project.ids[0], spans=spans_of(row["text"], ("هنا", BASE)))
    (out,) = project.exported()
    assert "ranges" not in out["meta"]
    project.store.close()


def test_comment_and_flag_are_kept(project: Local) -> None:
    project.send(project.ids[0], flagged=True, comment="سطر\nآخر \0 \ud83d")
    project.send(project.ids[1])
    first, second = project.exported()
    assert (first["flagged"], first["comment"]) == (True, "سطر\nآخر \0 \ufffd")
    assert not {"flagged", "comment"} & set(second)


def test_drafts_are_written_when_asked_for_and_are_no_gold(project: Local) -> None:
    text = invented()[0]["text"]
    project.send(project.ids[0], None, spans=spans_of(text, ("اللواء", RANK)))
    project.send(project.ids[1], "accept")
    project.send(project.ids[1], None, base=1, comment="later")
    assert [row["answer"] for row in project.exported()] == ["accept"]
    draft, answer, later = project.exported(drafts=True)
    assert ("answer" in draft, draft["draft"], len(draft["spans"])) == (False, True, 1)
    assert ("draft" in answer, later["comment"]) == (False, "later")
    out = project.folder / "drafts.jsonl"
    jsonl.write(out, [draft])
    assert "unanswered" in {finding.rule.name for finding in check([str(out)], load_scheme()).findings}


def test_one_annotator_or_all(project: Local) -> None:
    project.send(project.ids[0], "accept")
    other = project.store.annotator("other")
    assert [row["_annotator_id"] for row in project.exported()] == ["tester"]
    assert project.exported(annotator="other") == []
    assert other != project.annotator
    with pytest.raises(LiwaError, match=r"no annotator nobody. The annotators are tester, other"):
        project.exported(annotator="nobody")


def test_a_scheme_without_relations_is_another_view(tmp_path: Path) -> None:
    scheme = Scheme.from_dict({"labels": [{"name": PERSON}]})
    project = Local(tmp_path, invented(1), scheme=scheme)
    text = invented()[0]["text"]
    project.send(project.ids[0], spans=spans_of(text, ("سامي الدوري", PERSON)))
    (row,) = project.exported()
    assert row["_view_id"] == "ner_manual"
    assert "relations" not in row
    assert set(row["spans"][0]) == {"start", "end", "token_start", "token_end", "label"}
    assert set(row["tokens"][0]) == {"text", "start", "end", "id", "ws"}
    project.store.close()


def test_what_else_a_row_says_is_kept_and_what_an_older_answer_said_is_not(tmp_path: Path) -> None:
    row = paragraphs("كتيبة الفهد هنا", "a")[0]
    spans = [{"start": 0, "end": 11, "label": UNIT, "source": "model", "score": 0.25}]
    old = {"answer": "reject", "flagged": True, "comment": "old", "_timestamp": 1, "accept": [], "draft": True}
    project = Local(tmp_path, [{**row, **old, "spans": spans, "mine": {"deep": [1]}}])
    project.send(project.ids[0], spans=spans_of(row["text"], ("كتيبة الفهد", UNIT)))
    (out,) = project.exported()
    assert (out["mine"], out["answer"], out["spans"][0]["source"]) == ({"deep": [1]}, "accept", "model")
    assert not {"flagged", "comment", "draft"} & set(out)
    assert out["_timestamp"] > 1
    project.store.close()


def test_a_row_without_hashes_gets_those_of_its_stream(tmp_path: Path) -> None:
    full = paragraphs("كتيبة الفهد هنا", "a")[0]
    project = Local(tmp_path, [{"text": full["text"], "meta": full["meta"]}])
    project.send(project.ids[0], spans=spans_of(full["text"], ("كتيبة الفهد", UNIT)))
    (out,) = project.exported()
    assert (out["_input_hash"], out["_task_hash"]) == (full["_input_hash"], full["_task_hash"])
    project.store.close()


def test_a_span_that_no_tokens_make_is_written_without_them(project: Local) -> None:
    text = invented()[0]["text"]
    project.send(project.ids[0], spans=[{"start": 6, "end": 8, "label": PERSON, "text": text[6:8]}])
    (row,) = project.exported()
    assert set(row["spans"][0]) == {"start", "end", "label", "text", "type"}


def test_an_export_while_the_server_runs_is_whole_and_atomic(serve: Serve, liwa: Run, tmp_path: Path) -> None:
    server = serve()
    for task in server.get("tasks")["tasks"][:3]:
        server.send(task["id"], "accept")
    out = tmp_path / "answers.jsonl"
    out.write_text("old\n", encoding="utf-8")
    failed = liwa("annotations", "export", server.store, "-o", out, "--annotator", "nobody")
    assert (failed.returncode, out.read_text(encoding="utf-8")) == (2, "old\n")
    assert liwa("annotations", "export", server.store, "-o", out).returncode == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
    assert "تفقد" in out.read_text(encoding="utf-8")
    assert server.send(server.get("tasks/next", after=0)["id"]).status_code == 200


def test_an_export_of_what_is_no_store_is_one_line(liwa: Run, tmp_path: Path) -> None:
    done = liwa("annotations", "export", tmp_path / "no.db")
    assert done.returncode == 2
    assert done.stderr == f"liwa: {tmp_path}/no.db: there is no such store. Name one that liwa annotate made\n"


@pytest.mark.shared
def test_keys_are_those_of_prodigys_own_exports(shared: Path, project: Local) -> None:
    annotate(project, 0)
    (row,) = project.exported()
    theirs = [row for _, row in jsonl.read(shared / "prodigy" / "relations.jsonl")]
    known = {key for other in theirs for key in other}
    assert known <= set(row)
    assert set(row) - known == {"_is_binary", "_annotator_id", "_timestamp"}
    for part in ("tokens", "spans", "relations"):
        keys = {frozenset(item) for other in theirs for item in other[part]}
        assert {frozenset(item) for item in row[part]} == keys
        kinds = {(key, type(value)) for other in theirs for item in other[part] for key, value in item.items()}
        assert {(key, type(value)) for item in row[part] for key, value in item.items()} == kinds
    ends = {frozenset(r[side]) for other in theirs for r in other["relations"] for side in ("head_span", "child_span")}
    assert {frozenset(r[side]) for r in row["relations"] for side in ("head_span", "child_span")} == ends


@pytest.mark.shared
def test_prodigys_exports_go_through_the_page_and_out_again(shared: Path, tmp_path: Path) -> None:
    rows = [row for _, row in jsonl.read(shared / "prodigy" / "relations.jsonl")][:40]
    labels = sorted({span["label"] for row in rows for span in row["spans"]})
    kinds = sorted({relation["label"] for row in rows for relation in row["relations"]})
    scheme = Scheme.from_dict(
        {
            "labels": [{"name": label} for label in labels],
            "relations": [{"name": kind, "head": labels, "child": labels} for kind in kinds],
        }
    )
    project = Local(tmp_path, rows, scheme=scheme)
    for name in project.ids:
        task = project.get(f"tasks/{name}")
        assert project.send(name, spans=task["spans"], relations=task["relations"]).status_code == 200
    new = {"_is_binary", "_annotator_id", "_timestamp", "_session_id", "meta"}
    by_text = {row["text"]: row for row in rows}
    for row in project.exported():
        old = by_text[row["text"]]
        assert row["meta"].items() >= old["meta"].items()
        for key in set(row) - new:
            assert comparable(row[key]) == comparable(old[key]), key
    project.store.close()


def comparable(value: Any) -> Any:
    """Return a value of a row without colours, which are the scheme's, and without the order of lists."""
    if isinstance(value, dict):
        return {key: comparable(inner) for key, inner in value.items() if key != "color"}
    if isinstance(value, list):
        return sorted(map(comparable, value), key=lambda item: sorted(map(str, item.items())))
    return value
