from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from liwa import jsonl
from liwa.errors import LiwaError
from liwa.findings import FORMATS, Finding, Rule, breaches, counts, stop

ERROR = Rule("X1", "broken", "error", "Mend it")
NOTE = Rule("X2", "odd", "note", "Look at it")
FINDINGS = [
    Finding(ERROR, "found <a> & | \x00 عميد", "f.jsonl:3", "a-1", 4, 9),
    Finding(NOTE, "two\nlines", "f.jsonl:4"),
]


def test_text_says_place_rule_and_remedy() -> None:
    first, *_, last = FORMATS["text"](FINDINGS, "2 rows").splitlines()
    assert first == "f.jsonl:3 a-1@4-9: error X1 broken: found <a> & | \x00 عميد. Mend it"
    assert last == "1 error, 1 note; 2 rows"


def test_json_is_flat() -> None:
    data = jsonl.parse(FORMATS["json"](FINDINGS, "2 rows"), "")
    assert data["summary"] == "2 rows"
    assert data["findings"][0] == {
        "id": "X1", "name": "broken", "level": "error", "hint": "Mend it", "message": FINDINGS[0].message,
        "where": "f.jsonl:3", "article": "a-1", "start": 4, "end": 9,
    }  # fmt: skip


def test_markdown_has_one_table_row_a_finding() -> None:
    lines = FORMATS["markdown"](FINDINGS, "2 rows").splitlines()
    assert lines[0] == "**1 error, 1 note**; 2 rows"
    assert len(lines) == 6
    assert "& \\| " in lines[4]
    assert FORMATS["markdown"]([], "0 rows").splitlines() == ["**no findings**; 0 rows"]


@pytest.mark.parametrize("findings", [FINDINGS, []])
def test_junit_is_xml_that_counts_failures(findings: list[Finding]) -> None:
    suite = ET.fromstring(FORMATS["junit"](findings, "2 rows").encode())
    assert suite.get("failures") == str(len(suite.findall("testcase/failure"))) == str(int(bool(findings)))
    assert suite.get("tests") == str(len(suite.findall("testcase"))) == str(max(1, len(findings)))


def test_only_errors_fail_a_check_and_stop_a_reader() -> None:
    assert breaches(FINDINGS)
    assert not breaches(FINDINGS[1:])
    assert counts([]) == "no findings"
    stop(FINDINGS[1])
    with pytest.raises(LiwaError, match=r"^f\.jsonl:3 a-1@4: found"):
        stop(FINDINGS[0])


def test_annotations_are_workflow_commands_with_what_would_break_them_escaped() -> None:
    odd = Finding(Rule("X3", "50%", "warning", "Do it"), "a, b: 100 %\nc", "d:e,f.jsonl:12")
    error, note, warning, last = FORMATS["annotations"]([*FINDINGS, odd], "2 rows").splitlines()
    assert error == "::error file=f.jsonl,line=3,title=X1 broken::a-1: found <a> & | \x00 عميد. Mend it"
    assert note == "::notice file=f.jsonl,line=4,title=X2 odd::two%0Alines. Look at it"
    assert warning == "::warning file=d%3Ae%2Cf.jsonl,line=12,title=X3 50%25::a, b: 100 %25%0Ac. Do it"
    assert last == "1 error, 1 warning, 1 note; 2 rows"
    assert FORMATS["annotations"]([Finding(ERROR, "m")], "").startswith("::error title=X1 broken::m. Mend it\n")
