"""Label Studio: a folder with ``tasks.json``, which it imports, and ``config.xml``, the labelling interface.

Reads such a folder and the JSON that Label Studio exports. Offsets are code points, as the editor of version 1.23
counts; where another counts otherwise, the text that each region quotes says so.
Source: Label Studio's guide, "Label Studio JSON format of annotated tasks" and "Relations tag".
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from liwa import jsonl
from liwa.annotations.parse import Parser, Report, shown
from liwa.annotations.rules import ANNOTATED_TWICE, BAD_RELATION, BAD_SPAN, NOT_ACCEPTED
from liwa.formats.arrays import values
from liwa.formats.base import FEATURES, Format, Settings, documents, unanswered
from liwa.formats.inline import gold_of, local, meta_of
from liwa.formats.losses import Losses
from liwa.formats.rules import BAD_FILE, LEFT_OUT
from liwa.records import Gold, Span
from liwa.scheme import Label, Scheme

TASKS: Final = "tasks.json"
CONFIG: Final = "config.xml"

_FROM: Final = "label"
_TO: Final = "text"
_STYLE: Final = ".htx-text, .lsf-htx-richtext { white-space: pre-wrap; unicode-bidi: plaintext; text-align: start; }"


def read(path: Path, report: Report) -> Iterator[Gold]:
    """Yield one gold a task of a file, or of the .json files of a folder, from its one annotation, else a prediction.

    A task with several annotations gives the one that is marked as ground truth.
    """
    for file in documents(path, ".json"):
        for where, task in values(file):
            if gold := _gold(task, where, report):
                yield gold


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write a task a gold, one a line, and the labelling interface with the labels of the scheme and of the gold."""
    path.mkdir()
    used = _Labels(settings.scheme)
    count = 0
    with jsonl.open_output(path / TASKS) as out:
        out.write("[")
        for gold in golds:
            out.write((",\n" if count else "\n") + jsonl.dumps(_task(count + 1, gold)))
            used.add(gold)
            count += 1
        out.write("\n]\n")
    with jsonl.open_output(path / CONFIG) as out:
        out.write(used.config())
    return count


class _Labels:
    """The labels and relation types of a scheme, and those that gold has beside them."""

    def __init__(self, scheme: Scheme) -> None:
        self._labels: dict[str, Label] = dict(scheme.labels)
        self._types: dict[str, Label] = dict(scheme.relations)

    def add(self, gold: Gold) -> None:
        """Take in the labels of one gold."""
        for span in gold.spans:
            self._labels.setdefault(span.label, Label(span.label))
        for relation in gold.relations:
            self._types.setdefault(relation.label, Label(relation.label))

    def config(self) -> str:
        """Return the XML of the labelling interface."""
        view = ET.Element("View")
        ET.SubElement(view, "Style").text = _STYLE
        types = ET.SubElement(view, "Relations")
        for name in self._types:
            ET.SubElement(types, "Relation", value=name)
        labels = ET.SubElement(view, "Labels", name=_FROM, toName=_TO)
        for name, label in self._labels.items():
            keys = {"hotkey": label.key} if label.key else {}
            ET.SubElement(labels, "Label", {"value": name, "background": label.colour, **keys})
        ET.SubElement(view, "Text", name=_TO, value="$text")
        ET.indent(view)
        return ET.tostring(view, encoding="unicode") + "\n"


def _task(number: int, gold: Gold) -> dict[str, Any]:
    spans, relations = local(gold)
    ids = {span: f"span-{number}" for number, span in enumerate(spans, 1)}
    result = [_region(span, name, gold.text or "") for span, name in ids.items()]
    result += [
        {"type": "relation", "from_id": ids[head], "to_id": ids[child], "direction": "right", "labels": [label]}
        for head, child, label in relations
    ]
    data = {"text": gold.text, "meta": meta_of(gold)}
    if unanswered(gold):
        return {"id": number, "data": data, "predictions": [{"result": result}]}
    # An import without the key would make it the ground truth, and that would outweigh what people answer later.
    return {"id": number, "data": data, "annotations": [{"id": number, "result": result, "ground_truth": False}]}


def _region(span: Span, name: str, text: str) -> dict[str, Any]:
    value = {"start": span.start, "end": span.end, "text": text[span.start : span.end], "labels": [span.label]}
    return {"id": name, "from_name": _FROM, "to_name": _TO, "type": "labels", "value": value}


def _gold(task: Any, where: str, report: Report) -> Gold | None:
    parser = Parser(report, where)
    data = task.get("data") if isinstance(task, Mapping) else None
    text = _text(data) if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or text is None:
        parser.complain(BAD_FILE, f"expected a task with data and one text in it, found {shown(task)}")
        return None
    own = data.get("meta") if isinstance(data.get("meta"), Mapping) else {}
    meta = {**{key: value for key, value in data.items() if key not in ("meta", text)}, **(own or {})}
    found = _result(task, parser)
    if found is None:
        return None
    result, answered = found
    spans = _spans(result, parser)
    links = _links(result, spans, parser)
    return gold_of(data[text], meta, spans.values(), links, where=where, report=report, answered=answered)


def _text(data: Mapping[str, Any]) -> str | None:
    """Return the key of the text that was annotated: ``text``, or that of the only string."""
    strings = [key for key, value in data.items() if isinstance(value, str)]
    if "text" in strings:
        return "text"
    return strings[0] if len(strings) == 1 else None


def _result(task: Mapping[str, Any], parser: Parser) -> tuple[list[Any], bool] | None:
    """Return the regions and relations of the task, and whether a person made them; None where it was skipped."""
    done = [a for a in parser.listed(task.get("annotations"), "annotations") if isinstance(a, Mapping)]
    kept = [a for a in done if not a.get("was_cancelled")]
    if done and not kept:
        parser.complain(NOT_ACCEPTED, "the task was skipped")
        return None
    truth = [a for a in kept if a.get("ground_truth")] if len(kept) > 1 else kept
    if done and len(truth) != 1:
        parser.complain(ANNOTATED_TWICE, f"expected one annotation or ground truth of the task, found {len(kept)}")
        return None
    if others := len(kept) - len(truth):
        parser.complain(LEFT_OUT, f"{others} annotations beside the ground truth")
    made = truth or [p for p in parser.listed(task.get("predictions"), "predictions") if isinstance(p, Mapping)][:1]
    return (parser.listed(made[0].get("result"), "result") if made else []), bool(truth)


def _spans(result: Sequence[Any], parser: Parser) -> dict[str, dict[str, Any]]:
    """Return the spans of a result by the ids of their regions."""
    found: dict[str, dict[str, Any]] = {}
    for number, region in enumerate(result):
        if not isinstance(region, Mapping) or not isinstance(region.get("value", {}), Mapping):
            parser.complain(BAD_SPAN, f"expected a region, found {shown(region)}")
        elif region.get("type") == "labels":
            value = region.get("value", {})
            labels = value.get("labels")
            if not isinstance(labels, list) or len(labels) != 1:
                parser.complain(BAD_SPAN, f"expected a region with one label, found {shown(labels)}")
                continue
            name = str(region.get("id", f"#{number}"))
            found[name] = {"start": value.get("start"), "end": value.get("end"), "label": labels[0]}
            if isinstance(value.get("text"), str):
                found[name]["text"] = value["text"]
        elif region.get("type") != "relation":
            parser.complain(LEFT_OUT, f"a result of type {shown(region.get('type'))}")
    return found


def _links(
    result: Sequence[Any], spans: Mapping[str, Mapping[str, Any]], parser: Parser
) -> Iterator[Mapping[str, Any]]:
    """Yield the relations of a result, from the one that its arrow leaves; one a label."""
    for link in result:
        if not isinstance(link, Mapping) or link.get("type") != "relation":
            continue
        ends = [str(link.get("from_id")), str(link.get("to_id"))]
        direction = link.get("direction", "right")
        labels = link.get("labels") or []
        if lacking := [end for end in ends if end not in spans]:
            parser.complain(BAD_RELATION, f"expected the id of a text region, found {shown(lacking[0])}")
        elif direction not in ("right", "left"):
            parser.complain(BAD_RELATION, f"expected direction right or left, found {shown(direction)}")
        elif not isinstance(labels, list) or not labels:
            parser.complain(BAD_RELATION, f"expected a relation with a label, found {shown(link.get('labels'))}")
        else:
            head, child = ends if direction == "right" else reversed(ends)
            yield from ({"head_span": spans[head], "child_span": spans[child], "label": label} for label in labels)


def _guess(head: bytes, path: Path) -> bool:
    if path.is_dir():
        files = sorted(path.glob("*.json"))
        head = files[0].read_bytes()[: 2**20] if files else b""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return (
        start.startswith(b"[")
        and any(key in start for key in (b'"annotations"', b'"predictions"'))
        and any(key in start for key in (b'"data"', b'"result"'))
    )


FORMAT: Final = Format(
    name="labelstudio",
    title="Label Studio JSON",
    unit="code points",
    holds=frozenset(FEATURES) - {"fields"},
    guess=_guess,
    read=read,
    write=write,
    folder=True,
)
