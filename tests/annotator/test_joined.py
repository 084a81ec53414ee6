"""The modules of the page joined into one script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from liwa.annotator import wire
from liwa.annotator.joined import NAME, JoinError, parsed, reached, scripts
from liwa.annotator.pages import PAGE

NAMES = {file.relative_to(PAGE).as_posix() for file in PAGE.rglob("*.js")}
MODULES = reached(PAGE, NAMES)


def write(folder: Path, **modules: str) -> Path:
    for name, source in modules.items():
        file = folder / f"{name.replace('__', '/')}.js"
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return folder


def test_imports_become_needs_and_exports_are_returned() -> None:
    source = """import { a, b as c } from "../x.js";
import * as all from "./y.js";
import {
  d,
} from "./z.js";
/** Text. */
export const one = a;
export async function two() {}
export class Three {}
export default { c };
const four = "import { no } from this";
"""
    module = parsed(source, "folder/name.js")
    assert module.imports == ("x.js", "folder/y.js", "folder/z.js")
    assert module.exports == ("one", "two", "Three", "default")
    assert 'const { a, b: c } = need("x.js");' in module.source
    assert 'const all = need("folder/y.js");' in module.source
    assert "const _default = { c };" in module.source
    assert 'const four = "import { no } from this";' in module.source
    assert not re.search(r"^(import|export)\b", module.source, re.MULTILINE)


@pytest.mark.parametrize(
    "source",
    ['import "./x.js";', 'import x from "./x.js";', "export { a };", 'export * from "./x.js";', "export let a = 1;"],
)
def test_what_cannot_be_joined_is_refused(source: str) -> None:
    with pytest.raises(JoinError, match="name"):
        parsed(source, "name.js")


def test_a_change_is_seen(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        main='import { a } from "./inner/a.js";\n',
        inner__a="export const a = 1;\n",
        other="export const b = 2;\n",
    )
    first = scripts(folder)
    assert first.keys() == {NAME, "main.js", "inner/a.js"}
    assert b'"inner/a.js"' in first[NAME].body
    assert first["inner/a.js"].body.endswith(b'export const { a } = need("inner/a.js");\n')
    assert scripts(folder)[NAME] is first[NAME]
    write(tmp_path, main='import { b } from "./other.js";\nb();\n')
    assert scripts(folder).keys() == {NAME, "main.js", "other.js"}


def test_the_modules_of_the_page_import_each_other_without_a_circle() -> None:
    left = {name: set(module.imports) for name, module in MODULES.items()}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert not left


def test_modules_that_are_fetched_later_are_named_from_where_the_joined_script_is() -> None:
    for name, module in MODULES.items():
        assert "/" not in name or "import(" not in module.source, f"{name}: import later from a module in {PAGE} itself"


def test_browsers_are_told_to_compile_the_joined_script_on_its_way() -> None:
    assert scripts(PAGE)[NAME].body.startswith(b"//# allFunctionsCalledOnLoad\n")


def test_the_page_stays_light() -> None:
    files = [wire.file(PAGE / name) for name in ("index.html", "style.css", "relations/relations.css", "strings-ar.js")]
    sizes = [len(sent.zipped) for sent in [*files, scripts(PAGE)[NAME]]]
    assert sum(sizes) < 55_000, "with headers and the first task, 60 kB on the wire"
