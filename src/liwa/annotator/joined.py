"""The modules of the page as they are sent: joined into one script, which is one request instead of fifty.

The script holds each module as a function that is run when it is first needed. The address of a module still serves
it, by taking it from there, so that modules that are fetched later, and other pages, share what is loaded already.
Only what our modules use of the language is known here; `JoinError` is raised for anything else.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from liwa.annotator.wire import Sent, lean, sent

ENTRY: Final = "main.js"
"""The module with which the page starts; joined are those that it imports, and those that they import."""

NAME: Final = "all.js"
"""What the joined script is called."""

_IMPORT: Final = re.compile(r'^import (?:\{([^}]*)\}|\* as (\w+)) from "(\.[^"]+)";$', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?:default |(?=(?:async function|function|class|const) (\w+)))", re.MULTILINE)
_LEFT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_SPACE: Final = re.compile(r"^\s+", re.MULTILINE)

# A hint to browsers that know it: functions are compiled while the script is on its way, not when they are called.
_HINT: Final = "//# allFunctionsCalledOnLoad\n"
_NEED: Final = """const made = new Map();
export default function need(name) {
  if (!made.has(name)) made.set(name, modules[name]());
  return made.get(name);
}
"""


class JoinError(Exception):
    """A module says something in a way that cannot be joined."""


class Module(NamedTuple):
    """A module without its imports and exports: its source, what it imports, and the names it exports."""

    source: str
    imports: tuple[str, ...]
    exports: tuple[str, ...]


def scripts(page: Path) -> Mapping[str, Sent]:
    """Return the joined script and what the address of each joined module serves, by name; anew after a change."""
    files = sorted(page.rglob("*.js"))
    return _scripts(page, tuple((f.relative_to(page).as_posix(), f.stat().st_mtime_ns) for f in files))


def joined(modules: Mapping[str, Module]) -> str:
    """Return the script that holds modules, each under its name."""
    functions = [f'"{name}": (() => {{\n{m.source}\nreturn {_object(m.exports)};\n}}),' for name, m in modules.items()]
    return _HINT + _NEED + _SPACE.sub("", "const modules = {\n" + "\n".join(functions) + "\n};\n")


def reached(page: Path, names: Collection[str]) -> Mapping[str, Module]:
    """Return the modules that the entry imports, itself first; ``names`` are those that there are."""
    modules: dict[str, Module] = {}
    waiting = [ENTRY] if ENTRY in names else []
    while waiting:
        name = waiting.pop()
        modules[name] = parsed(lean((page / name).read_text(encoding="utf-8"), ".js"), name)
        waiting += [found for found in modules[name].imports if found not in modules]
    return modules


def parsed(source: str, name: str) -> Module:
    """Return a module of a name, such as ``relations/arcs.js``, or raise JoinError."""
    imports = tuple(_resolved(found[3], name) for found in _IMPORT.finditer(source))
    exports = tuple(found[1] or "default" for found in _EXPORT.finditer(source))
    body = _IMPORT.sub(lambda found: _needed(found, name), source)
    body = _EXPORT.sub(lambda found: "" if found[1] else "const _default = ", body)
    if left := _LEFT.search(body):
        raise JoinError(f"{name}: {left[0]}")
    return Module(body, imports, exports)


def stub(name: str, module: Module) -> str:
    """Return a module that takes what another exports from the joined script."""
    named = ", ".join(export for export in module.exports if export != "default")
    default = f'export default need("{name}").default;\n' if "default" in module.exports else ""
    return f'import need from "/page/{NAME}";\nexport const {{ {named} }} = need("{name}");\n{default}'


@lru_cache(maxsize=4)
def _scripts(page: Path, stamps: tuple[tuple[str, int], ...]) -> Mapping[str, Sent]:
    modules = reached(page, {name for name, _ in stamps})
    written = {NAME: joined(modules), **{name: stub(name, module) for name, module in modules.items()}}
    return {name: sent(script.encode(), ".js") for name, script in written.items()}


def _object(exports: tuple[str, ...]) -> str:
    return "{ " + ", ".join("default: _default" if name == "default" else name for name in exports) + " }"


def _needed(found: re.Match[str], name: str) -> str:
    names, namespace, path = found.groups()
    target = namespace or "{" + names.replace(" as ", ": ") + "}"
    return f'const {target} = need("{_resolved(path, name)}");'


def _resolved(path: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
