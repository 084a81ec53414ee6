from __future__ import annotations

import gzip
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liwa import jsonl
from liwa.errors import LiwaError

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FLOATS = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | FLOATS | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
ROWS = st.dictionaries(TEXT, VALUES, max_size=5)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_a_row_survives(row: dict[str, Any]) -> None:
    line = jsonl.dumps(row)
    assert "\n" not in line
    assert jsonl.parse(line, "") == row == json.loads(line)


def test_arabic_stays_readable_and_slashes_plain() -> None:
    assert jsonl.dumps({"text": "لواء/فريق 🙂"}) == '{"text":"لواء/فريق 🙂"}'


def test_a_float_keeps_all_its_digits() -> None:
    assert jsonl.dumps({"score": 0.12345678901234566}) == '{"score":0.12345678901234566}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_not_written(value: float) -> None:
    with pytest.raises(ValueError):
        jsonl.dumps({"score": value})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text":', "broken JSON"),
        ('{"a": NaN}', "broken JSON"),
        ('{"a": Infinity}', "broken JSON"),
        ('{"a": 1e999}', "broken JSON"),
        ('{"a": 1} {"a": 2}', "broken JSON"),
        ("[1]", "found list"),
        ("null", "found NoneType"),
        ('"text"', "found str"),
        (r'{"a": "\ud800"}', "half of a surrogate pair"),
        ("[" * 5000, "broken JSON"),
    ],
)
def test_a_line_that_is_no_row_is_named(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"ok": 1}\n\n' + line + "\n", encoding="utf-8")
    with pytest.raises(LiwaError, match=rf"a\.jsonl:3: .*{said}") as caught:
        list(jsonl.read(file))
    assert caught.value.hint


def test_an_escaped_pair_of_surrogates_is_one_code_point() -> None:
    assert jsonl.parse(r'{"a": "\ud83d\ude42"}', "") == {"a": "🙂"}


def test_byte_order_mark_blank_lines_and_gzip(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(b'\xef\xbb\xbf{"a": 1}\r\n  \n{"a": 2}'))
    assert list(jsonl.read(file)) == [(f"{file}:1", {"a": 1}), (f"{file}:3", {"a": 2})]


def test_wrong_encoding_says_where(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"a": 1}\n' + '{"text": "لواء"}'.encode("cp1256"))
    with pytest.raises(LiwaError, match=r"a\.jsonl:2: expected utf-8, found byte 0xe1 at byte 10"):
        list(jsonl.read(file))


@pytest.mark.parametrize("name", ["none.jsonl", "folder", "broken.jsonl.gz", "cut.jsonl.gz", "no.jsonl.gz"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    zipped = gzip.compress(b'{"a": 1}\n' * 1000)
    (tmp_path / "broken.jsonl.gz").write_bytes(zipped[:20] + b"\xff\xff\xff" + zipped[23:])
    (tmp_path / "cut.jsonl.gz").write_bytes(zipped[:-12])
    (tmp_path / "no.jsonl.gz").write_bytes(b'{"a": 1}')
    with pytest.raises(LiwaError, match=f"{name}: cannot read"):
        list(jsonl.read(tmp_path / name))


def test_a_line_too_long_for_any_article_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"a": 1}\n{"a": "' + b"x" * jsonl.MAX_LINE + b'"}\n')
    with pytest.raises(LiwaError, match=r"a\.jsonl:2: expected a line of at most 64 MB"):
        list(jsonl.read(file))


@pytest.mark.parametrize("name", ["new/a.jsonl", "new/a.jsonl.gz"])
def test_rows_are_written_and_counted(tmp_path: Path, name: str) -> None:
    rows = [{"text": "لواء"}, {"text": "🙂"}]
    assert jsonl.write(tmp_path / name, rows) == 2
    assert [row for _, row in jsonl.read(tmp_path / name)] == rows
    assert [p.name for p in (tmp_path / "new").iterdir()] == [Path(name).name]


def test_zipped_output_does_not_depend_on_the_time(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        jsonl.write(tmp_path / name, [{"a": 1}])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_an_error_leaves_the_old_file_and_nothing_new(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    jsonl.write(target, [{"old": 1}])

    def rows() -> Any:
        yield {"new": 1}
        raise LiwaError("stopped")

    with pytest.raises(LiwaError, match="stopped"):
        jsonl.write(target, rows())
    assert [row for _, row in jsonl.read(target)] == [{"old": 1}]
    assert list(tmp_path.iterdir()) == [target]


def test_a_replaced_file_keeps_its_mode_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    target, plain = tmp_path / "a.jsonl", tmp_path / "b"
    plain.touch()
    jsonl.write(target, [])
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    target.chmod(0o640)
    jsonl.write(target, [])
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_target_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for target in (tmp_path / "file" / "a.jsonl", tmp_path):
        with pytest.raises(LiwaError, match="cannot write"):
            jsonl.write(target, [{"a": 1}])


def test_stdout_is_utf8_in_every_locale(capfd: pytest.CaptureFixture[str]) -> None:
    with jsonl.open_output("-") as out:
        out.write("لواء\n")
    assert capfd.readouterr().out == "لواء\n"
    assert sys.stdout.encoding.lower() == "utf-8"


def test_a_link_is_followed_and_a_named_pipe_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    jsonl.write(tmp_path / "link", [{"a": 1}])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text(encoding="utf-8") == '{"a":1}\n'
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True)
    jsonl.write(tmp_path / "pipe", [{"a": 2}])
    assert reader.communicate(timeout=30)[0] == '{"a":2}\n'
    assert (tmp_path / "pipe").is_fifo()
