"""What a measurement was made with: versions, machine, config and data, so that it can be made again."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liwa.training.carried import unit_of

if TYPE_CHECKING:
    from spacy.language import Language

PACKAGES: Final = ("liwa", "spacy", "thinc", "numpy", "datasketch", "nervaluate")


def surroundings() -> dict[str, Any]:
    """Return the versions of Python and of the packages that take part, and the kind of machine; no name of it."""
    versions = {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}
    machine = {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()}
    return {"versions": versions, "machine": machine}


def of_model(nlp: Language) -> dict[str, Any]:
    """Return a pipeline's unit of prediction, its name, the fingerprint of its config without paths, and its seed."""
    config = nlp.config.copy()
    config["paths"] = {}
    training, system = (config.get(section, {}).get("seed") for section in ("training", "system"))
    return {
        "unit": unit_of(nlp),
        "pipeline": f"{nlp.meta.get('lang')}_{nlp.meta.get('name')} {nlp.meta.get('version')}",
        "config": hashlib.sha256(config.to_str(interpolate=False).encode("utf-8")).hexdigest()[:16],
        "training_seed": system if isinstance(training, str) else training,
    }


def of_split(gold: str | Path) -> Mapping[str, str]:
    """Return the SHA-256 of the assignment that ``liwa split`` wrote beside a gold file, if there is one."""
    assignment = Path(gold).parent / "split.jsonl"
    return {"split": hashlib.sha256(assignment.read_bytes()).hexdigest()} if assignment.is_file() else {}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
