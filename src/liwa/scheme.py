"""The annotation scheme: labels of spans and signatures of relations, read from a TOML file.

Nothing else in liwa knows the name of a label.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from liwa.errors import LiwaError
from liwa.resources import resource

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Label:
    """A span label: its name, a colour (``#rrggbb``), a key, and names and help for people."""

    name: str
    colour: str = "#888888"
    key: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    help: str = ""


@dataclass(frozen=True)
class RelationType(Label):
    """A relation type with its signature: the labels that its head and its child may have."""

    head: tuple[str, ...] = ()
    child: tuple[str, ...] = ()

    def allows(self, head: str, child: str) -> bool:
        """Say whether the type may link spans with these labels, in this direction."""
        return head in self.head and child in self.child


@dataclass(frozen=True)
class Scheme:
    """Labels and relation types by name, in the order of the file."""

    name: str
    version: str
    labels: Mapping[str, Label]
    relations: Mapping[str, RelationType] = field(default_factory=dict)

    def legal(self, head: str, child: str) -> list[str]:
        """Return the relation types that may link spans with these labels, in this direction."""
        return [name for name, kind in self.relations.items() if kind.allows(head, child)]

    def to_dict(self) -> dict[str, Any]:
        """Return the scheme as JSON-ready data; `from_dict` reads it back."""
        return {
            "name": self.name,
            "version": self.version,
            "labels": [_plain(label) for label in self.labels.values()],
            "relations": [_plain(kind) for kind in self.relations.values()],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "scheme") -> Scheme:
        """Build a scheme from the data of a TOML or JSON file, or raise LiwaError saying what is wrong."""
        labels = {e["name"]: Label(**e) for e in _entries(data, "labels", Label, where)}
        kinds = {e["name"]: _relation(e, labels, where) for e in _entries(data, "relations", RelationType, where)}
        if not labels:
            raise LiwaError("a scheme needs at least one [[labels]] entry, found none", where=where)
        return cls(str(data.get("name", "")), str(data.get("version", "")), labels, kinds)


def load_scheme(path: str | Path | None = None) -> Scheme:
    """Read a scheme from a TOML file, or the default scheme that comes with liwa."""
    file = resource("scheme.toml") if path is None else Path(path)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LiwaError(f"cannot read the scheme: {error}", where=str(file), hint="Name a TOML file") from None
    return Scheme.from_dict(data, str(file))


def _plain(label: Label) -> dict[str, Any]:
    return {key: list(v) if isinstance(v, tuple) else v for key, v in vars(label).items() if v}


def _entries(data: Mapping[str, Any], key: str, kind: type[Label], where: str) -> list[dict[str, Any]]:
    entries = data.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise LiwaError(f"expected a list of tables under [[{key}]]", where=where)
    known = set(kind.__dataclass_fields__)
    seen: set[str] = set()
    for entry in entries:
        name = entry.get("name")
        if not isinstance(name, str) or not name or name.split() != [name]:
            raise LiwaError(f"an entry of [[{key}]] needs a name without white space, found {name!r}", where=where)
        if name in seen:
            raise LiwaError(f"[[{key}]] names {name} twice", where=where, hint="Keep one entry a name")
        if unknown := set(entry) - known:
            raise LiwaError(f"{name} has unknown keys {sorted(unknown)}", where=where, hint=f"Use {sorted(known)}")
        _require_types(entry, where)
        seen.add(name)
    return entries


def _require_types(entry: Mapping[str, Any], where: str) -> None:
    for key, value in entry.items():
        if key not in ("head", "child") and not isinstance(value, dict if key == "title" else str):
            expected = "a table" if key == "title" else "a string"
            raise LiwaError(f"{entry['name']}: expected {expected} for {key}, found {value!r}", where=where)


def _relation(entry: dict[str, Any], labels: Mapping[str, Label], where: str) -> RelationType:
    ends = {side: entry.get(side, []) for side in ("head", "child")}
    for side, names in ends.items():
        if not (isinstance(names, list) and names and all(name in labels for name in map(str, names))):
            found = names or "none"
            raise LiwaError(
                f"relation {entry['name']}: {side} must list labels of the scheme, found {found}",
                where=where,
                hint=f"The labels are {', '.join(labels)}",
            )
    return RelationType(**{**entry, **{side: tuple(names) for side, names in ends.items()}})
