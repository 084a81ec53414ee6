from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from liwa import jsonl
from liwa.annotations.rows import to_row
from tests.conftest import Run
from tests.gold import gold, story

BAD = Path(__file__).parent / "annotations" / "bad"
OTHER = Path(__file__).parent / "data" / "other.toml"
COMMANDS = ("tasks", "gold", "split", "train", "evaluate", "predict", "show")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    jsonl.write(tmp_path / "good.jsonl", [to_row(gold(story(n), f"s{n}")) for n in range(3)])
    return tmp_path / "good.jsonl"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    for number in range(3):
        with jsonl.open_output(tmp_path / "articles" / f"s{number}.txt") as out:
            out.write(gold(story(number)).text or "")
    return tmp_path / "articles"


def test_help_answers_in_half_a_second(liwa: Run) -> None:
    """Of processor time, which other work on the machine does not stretch as it does the clock's."""

    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert liwa("--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    assert min(seconds() for _ in range(3)) < 0.5


def test_help_names_every_command_and_each_ends_in_an_example(liwa: Run) -> None:
    said = liwa("--help").stdout
    assert all(command in said for command in COMMANDS)
    for command in (["gold", "check"], ["gold", "load"]):
        assert f"Example: liwa {' '.join(command)}" in liwa(*command, "--help").stdout


def test_no_command_and_a_wrong_one_are_usage_errors(liwa: Run) -> None:
    assert liwa("nothing").returncode == liwa("gold", "check").returncode == 2
    assert liwa("gold", "check", "x", "--format", "pdf").returncode == 2


def test_good_gold_exits_0_and_says_what_was_read(liwa: Run, good: Path) -> None:
    done = liwa("gold", "check", good)
    assert done.returncode == 0, done.stderr
    expected = "no findings; 3 rows of 3 articles, 12 spans, 6 relations; 0 rows not verified for want of texts\n"
    assert done.stdout == expected


def test_errors_exit_1_with_place_and_remedy(liwa: Run) -> None:
    done = liwa("gold", "check", BAD / "unknown-label.jsonl")
    assert done.returncode == 1
    first = done.stdout.splitlines()[0]
    assert first.startswith(f"{BAD}/unknown-label.jsonl:1 ")
    assert "@4-10: error G301 unknown-label: expected PERSON, RANK, UNIT, BASE, found GRADE. Use a label" in first


def test_notes_and_warnings_exit_0_and_required_texts_1(liwa: Run) -> None:
    assert liwa("gold", "check", BAD / "text-missing.jsonl").returncode == 0
    assert liwa("gold", "check", BAD / "hash-differs.jsonl").returncode == 0
    assert liwa("gold", "check", BAD / "text-missing.jsonl", "--require-texts").returncode == 1
    texts = ("--texts", BAD / "texts", "--require-texts")
    assert liwa("gold", "check", BAD / "text-missing.jsonl", *texts).returncode == 0
    assert liwa("gold", "check", BAD / "text-differs.jsonl", *texts).returncode == 1


@pytest.mark.parametrize(("form", "start"), [("json", "{"), ("markdown", "**1 error**"), ("junit", "<?xml")])
def test_findings_have_four_forms(liwa: Run, tmp_path: Path, form: str, start: str) -> None:
    done = liwa("gold", "check", BAD / "overlap.jsonl", "--format", form, "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert (tmp_path / "out").read_text(encoding="utf-8").startswith(start)


def test_another_scheme(liwa: Run, tmp_path: Path) -> None:
    jsonl.write(tmp_path / "gold.jsonl", [to_row(gold("[العميد](GRADE) [هاني](NAME)"))])
    assert liwa("gold", "check", tmp_path / "gold.jsonl", "--scheme", OTHER).returncode == 0
    assert liwa("gold", "check", tmp_path / "gold.jsonl").returncode == 1


def test_gold_goes_through_the_standoff_form_and_back(liwa: Run, good: Path, articles: Path, tmp_path: Path) -> None:
    standoff, back = tmp_path / "standoff.jsonl", tmp_path / "back.jsonl"
    assert liwa("gold", "load", good, "--standoff", "-o", standoff, "--texts", articles).stderr == "3 rows written\n"
    assert "تفقد" not in standoff.read_text(encoding="utf-8")
    assert liwa("gold", "load", standoff, "--texts", articles, "-o", back).returncode == 0
    assert back.read_text(encoding="utf-8") == good.read_text(encoding="utf-8")


def test_stdin_and_stdout_in_any_locale(liwa: Run, good: Path) -> None:
    rows = good.read_text(encoding="utf-8")
    done = liwa("gold", "load", "-", input=rows, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert (done.returncode, done.stdout) == (0, rows)


def test_rows_left_out_are_counted(liwa: Run) -> None:
    done = liwa("gold", "load", BAD / "not-accepted.jsonl")
    assert done.stderr == "1 rows written; 1 rows left out that were not accepted\n"


def spans(start: object, end: object) -> bytes:
    return json.dumps({"text": "abc", "spans": [{"start": start, "end": end, "label": "X"}]}).encode()


INPUTS = {
    "missing": (None, "cannot read"),
    "empty": (b"", "found an empty file"),
    "broken": (b'{"text": "a"}\n{"text":', ":2: expected a JSON object, found broken JSON"),
    "nan": (b'{"text": "abc", "spans": [{"start": NaN, "end": 2, "label": "X"}]}', ":1: expected a JSON object"),
    "encoding": ('{"text": "لواء"}'.encode("cp1256"), ":1: expected utf-8, found byte"),
    "long": (b'{"text": "' + b"x" * 70_000_000 + b'"}\n', ":1: expected a line of at most 64 MB"),
    "zip": (gzip.compress(b'{"text": "a"}')[:-9], "cannot read"),
    "list": (b"[]", ":1: expected a JSON object, found list"),
    "float": (spans(1.0, 2), "expected integers, found start=1.0"),
    "true": (spans(True, 2), "expected integers, found start=True"),
    "string": (spans("1", 2), "expected integers, found start='1'"),
    "range": (spans(1, 4), "expected 0 <= start < end <= 3"),
}


@pytest.mark.parametrize("name", [*INPUTS, "overlap", "bad-relation", "text-differs"])
def test_bad_input_is_one_line_and_leaves_no_output(liwa: Run, tmp_path: Path, name: str) -> None:
    content, said = INPUTS.get(name, (b"", ""))
    file = tmp_path / f"{name}.jsonl{'.gz' * (name == 'zip')}"
    if name not in INPUTS:
        file = BAD / f"{name}.jsonl"
    elif content is not None:
        file.write_bytes(content)
    done = liwa("gold", "load", file, "-o", tmp_path / "out" / "out.jsonl", "--texts", BAD / "texts")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"liwa: {file}")
    assert said in line
    assert not list(tmp_path.glob("out/*"))


def test_a_fault_of_our_own_exits_3_without_a_traceback(liwa: Run, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import srsly\nsrsly.ujson.loads = None\n")
    done = liwa("gold", "check", BAD / "overlap.jsonl", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 3
    assert "a fault of liwa itself: TypeError" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_broken_pipe_is_no_fault(liwa: Run, good: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    row = json.loads(good.read_text(encoding="utf-8").splitlines()[0])
    jsonl.write(tmp_path / "many.jsonl", (row | {"text": row["text"], "mine": n} for n in range(2000)))
    command = [sys.executable, "-m", "liwa", "gold", "load", str(tmp_path / "many.jsonl")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() in (0, 1)


def test_a_reader_that_has_read_enough_is_no_error(articles: Path) -> None:
    command = f"{sys.executable} -m liwa tasks {articles}; echo $? >&2"
    done = subprocess.run(["sh", "-c", f"({command}) | true"], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] in {"0", "141"}
    assert "Traceback" not in done.stderr


def test_a_usage_error_is_one_line(liwa: Run) -> None:
    done = liwa("split", "--nonsense")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "split: No such option: --nonsense" in line
    assert line.endswith("split --help")
