"""W3C Web Annotation: pages out and in, and Apache Annotator as the judge of the offsets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liwa.errors import LiwaError
from liwa.findings import Finding, stop
from liwa.formats import registry
from liwa.formats.base import Settings
from liwa.formats.losses import Losses
from liwa.records import Gold, Relation, Span, sha256
from tests.formats.peers import node_peer
from tests.gold import gold

FORMAT = registry.get("webannotation")
CONTEXT = {"@context": "http://www.w3.org/ns/anno.jsonld"}
TEXT = "🙂 وصل سامي إلى اللواء، ثم غادر سامي"
PERSON, UNIT = Span(6, 10, "PERSON"), Span(15, 21, "UNIT")


def position(start: Any, end: Any) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def quoted(exact: Any, **around: str) -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": exact, **around}


def span(name: str, selector: Any, body: Any = "PERSON", **more: Any) -> dict[str, Any]:
    tag = {"type": "TextualBody", "value": body, "purpose": "tagging"} if isinstance(body, str) else body
    target = {"source": "خبر.txt", "selector": selector}
    return {**CONTEXT, "id": name, "type": "Annotation", "body": tag, "target": target, **more}


def link(*ends: Any, body: Any = "COMMANDS", **more: Any) -> dict[str, Any]:
    tag = {"type": "TextualBody", "value": body, "purpose": "tagging"}
    return {
        **CONTEXT,
        "id": "r",
        "type": "Annotation",
        "motivation": "linking",
        "body": tag,
        "target": list(ends),
        **more,
    }


ONE, OTHER = span("#a", position(6, 10)), span("#b", position(15, 21), "UNIT")


def read(folder: Path, value: Any, findings: list[Finding] | None = None) -> Gold:
    (folder / "خبر.txt").write_bytes(TEXT.encode())
    file = folder / "a.jsonld"
    lines = ",\n".join(json.dumps(v, ensure_ascii=False) for v in value) if isinstance(value, list) else ""
    file.write_text(f"[\n{lines}\n]" if lines else json.dumps(value, ensure_ascii=False), encoding="utf-8")
    assert registry.guess(file) is FORMAT
    (found,) = FORMAT.read(file, stop if findings is None else findings.append)
    return found


def write(folder: Path, *golds: Gold) -> Path:
    FORMAT.write(golds, folder / "out", Losses(), Settings())
    return folder / "out"


EXPECTED = ((PERSON, UNIT), (Relation(PERSON, UNIT, "COMMANDS"),))


@pytest.mark.parametrize(
    "value",
    [
        [ONE, OTHER, link("#a", "#b")],
        [link({"id": "#a"}, {"id": "#b"}), OTHER, ONE],
        {**CONTEXT, "type": "AnnotationPage", "items": [ONE, OTHER, link("#a", "#b")]},
        {
            **CONTEXT,
            "type": "AnnotationCollection",
            "first": {"type": "AnnotationPage", "items": [ONE, OTHER], "next": {"items": [link("#a", "#b")]}},
        },
    ],
)
def test_annotations_pages_and_collections_are_read(tmp_path: Path, value: Any) -> None:
    found = read(tmp_path, value)
    assert (found.spans, found.relations) == EXPECTED
    assert (found.article, found.sha256, found.text) == ("خبر", sha256(TEXT), TEXT)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (quoted("اللواء"), UNIT),
        ([quoted("اللواء"), {"type": "FragmentSelector", "value": "x"}], UNIT),
        (quoted("سامي", prefix="وصل ", suffix=" إلى"), PERSON),
        (quoted("سامي", prefix="غادر "), Span(31, 35, "PERSON")),
        ([position(6, 10), quoted("سامي")], PERSON),
    ],
)
def test_a_quote_selects_its_one_place(tmp_path: Path, selector: Any, expected: Span) -> None:
    assert read(tmp_path, [span("#a", selector, expected.label)]).spans == (expected,)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "TextualBody", "value": "PERSON"},
        [{"type": "TextualBody", "value": "PERSON", "purpose": ["classifying"]}],
    ],
)
def test_a_body_without_a_purpose_has_that_of_the_annotation(tmp_path: Path, body: Any) -> None:
    assert read(tmp_path, [span("#a", position(6, 10), body, motivation="tagging")]).spans == (PERSON,)
    assert read(tmp_path, [{**ONE, "body": None, "bodyValue": "PERSON"}]).spans == (PERSON,)


def test_comments_and_annotations_of_no_text_are_noted(tmp_path: Path) -> None:
    note = {"type": "TextualBody", "value": "نعم", "purpose": "commenting"}
    findings: list[Finding] = []
    other = {"id": "#c", "type": "Annotation", "body": note, "target": "https://example.org/"}
    assert read(tmp_path, [{**ONE, "body": [ONE["body"], note]}, other], findings).spans == (PERSON,)
    assert [(f.rule.name, f.where.rpartition(":")[2]) for f in findings] == [("left-out", "2"), ("left-out", "3")]


BAD = {
    "no annotation": (3, "a.jsonld:3: expected an annotation, found 3"),
    "no selector": (span("#b", {"type": "SvgSelector"}), "a.jsonld:3: expected a selector of a position or a quote"),
    "no integers": (span("#b", position("1", None)), "expected integers, found start='1' end=None"),
    "beyond the text": (span("#b", position(15, 99)), "expected 0 <= start < end <= 35, found 15 and 99"),
    "UTF-16 offsets": (span("#b", [position(16, 22), quoted("اللواء")]), "@16: the row's text has other characters"),
    "an overlap": (span("#b", position(8, 12), "UNIT"), "@8: UNIT 8-12 overlaps PERSON 6-10"),
    "a quote of no place": (span("#b", quoted("قائد")), "a.jsonld:3: expected one place for a quote of 4 code points"),
    "a quote of two places": (span("#b", quoted("سامي")), "code points, found several"),
    "no tag": (span("#b", position(15, 21), []), "a.jsonld:3: expected one tag as the body of '#b', found 0"),
    "two tags": (span("#b", position(15, 21), [ONE["body"]] * 2), "expected one tag as the body of '#b', found 2"),
    "an unknown end": (link("#a", "#z"), "a.jsonld:3: expected the ids of two annotations of a text as targets"),
    "one end": (link("#a"), "a.jsonld:3: expected the ids of two annotations of a text as targets, found ['#a']"),
    "three ends": (link("#a", "#a", "#a"), "expected the ids of two annotations of a text as targets"),
    "no type": (link("#a", "#a", body=None), "a.jsonld:3: expected one tag as the body of 'r', found 0"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_the_line_and_what_was_expected(tmp_path: Path, name: str) -> None:
    broken, message = BAD[name]
    with pytest.raises(LiwaError) as caught:
        read(tmp_path, [ONE, broken])
    assert message in str(caught.value)
    assert caught.value.hint


def test_a_text_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    target = {"source": "https://example.org/news/%D8%A3.txt", "selector": position(0, 1)}
    with pytest.raises(LiwaError, match=r"a.jsonld:1: found no text of .*Put it into the folder .* as أ.txt"):
        read(tmp_path, [{**ONE, "target": target}])


def test_what_is_written_has_the_terms_of_the_model(tmp_path: Path) -> None:
    folder = write(tmp_path, gold("🙂 [سامي](PERSON COMMANDS:1)\r\n[اللواء](UNIT 1)", article="خبر/١"))
    page = json.loads((folder / "خبر%2F١.jsonld").read_text(encoding="utf-8"))
    assert (folder / "خبر%2F١.txt").read_bytes().decode() == "🙂 سامي\r\nاللواء"
    assert (page["@context"], page["type"]) == (CONTEXT["@context"], "AnnotationPage")
    first, second, third = page["items"]
    assert first["target"]["selector"] == [position(2, 6), quoted("سامي", prefix="🙂 ", suffix="\r\nاللواء")]
    assert (third["motivation"], third["target"]) == ("linking", [first["id"], second["id"]])
    assert [item["body"]["value"] for item in page["items"]] == ["PERSON", "UNIT", "COMMANDS"]


def test_a_text_that_begins_with_a_byte_order_mark_keeps_it(tmp_path: Path) -> None:
    made = gold("\ufeff[سامي](PERSON)")
    assert list(FORMAT.read(write(tmp_path, made), stop)) == [made]


MATCHER = """
import { readFileSync } from "node:fs";
import { createTextPositionSelectorMatcher, createTextQuoteSelectorMatcher, describeTextPosition }
  from "@apache-annotator/dom";
import { JSDOM } from "jsdom";

const folder = process.argv[2];
const { document, Node, NodeFilter, Range } = new JSDOM("<pre></pre>").window;
Object.assign(globalThis, { document, Node, NodeFilter, Range });
const scope = document.querySelector("pre");
scope.textContent = readFileSync(`${folder}/a.txt`, "utf-8");
const page = JSON.parse(readFileSync(`${folder}/a.jsonld`, "utf-8"));
const found = [];
for (const item of page.items.filter((item) => item.motivation === "tagging")) {
  const [position, quote] = item.target.selector;
  for await (const range of createTextPositionSelectorMatcher(position)(scope)) {
    const described = await describeTextPosition(range, scope);
    let quotes = 0;
    for await (const other of createTextQuoteSelectorMatcher(quote)(scope))
      quotes += other.toString() === range.toString() && other.startOffset === range.startOffset;
    found.push([range.toString(), described.start, described.end, quotes]);
  }
}
console.log(JSON.stringify(found));
"""


@pytest.mark.slow
def test_apache_annotator_selects_the_same_words_and_describes_them_alike(tmp_path: Path) -> None:
    made = gold("🙂 وصل [سامي](PERSON)\nإلى 👨\u200d👩 [قائدٌ](UNIT) و[سامي](PERSON)")
    packages = ["@apache-annotator/dom@0.2.0", "@apache-annotator/selector@0.2.0", "jsdom@24"]
    found = json.loads(node_peer(packages, MATCHER, write(tmp_path, made)))
    assert found == [[made.surface(s), s.start, s.end, 1] for s in made.spans]
