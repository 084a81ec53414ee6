"""The annotators that the page is measured beside: how each is installed, started and opened on the same texts.

Each lives in an environment of its own under ``build/peers``, made when it is first needed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

from liwa.scheme import load_scheme

ENVIRONMENTS: Final = Path(__file__).parents[2] / "build" / "peers"

TOKEN: Final = "0123456789" * 4
"""Of the user that Label Studio is started with, for the import of tasks."""

Texts = Sequence[dict[str, Any]]
"""Tasks as `liwa tasks` writes them: rows with a text, and perhaps with spans and relations."""


@dataclass(frozen=True)
class Annotator:
    """A program that shows tasks in a browser.

    command: the arguments that start it on a port, in a folder that holds its project. open_at: opens the page on
    which one annotates, given a new page, the address the program serves and its folder, where the file ``said`` has
    its output so far; usable: a CSS
    selector of what is there as soon as one can label.
    """

    name: str
    prepare: Callable[[Path, Texts], None]
    command: Callable[[Path, int], list[str]]
    open_at: Callable[[Page, str, Path], None]
    usable: str


def environment(package: str) -> Path:
    """Return the folder of the programs of an environment that has a package, which is installed if it is not yet."""
    home = ENVIRONMENTS / package
    programs = home / "bin"
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([programs / "pip", "install", "--quiet", package], check=True)
        (home / "ready").touch()
    return programs


def _liwa_project(folder: Path, texts: Texts) -> None:
    with (folder / "tasks.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in texts)


def _liwa_command(folder: Path, port: int) -> list[str]:
    tasks, store = str(folder / "tasks.jsonl"), str(folder / "annotations.db")
    return [sys.executable, "-m", "liwa", "annotate", tasks, "--store", store, "--port", str(port)]


def _liwa_page(page: Page, address: str, folder: Path) -> None:
    token = (folder / "said").read_text(encoding="utf-8").partition("#token=")[2].split()[0]
    page.goto(f"{address}/#token={token}", wait_until="commit")


def _studio_project(folder: Path, texts: Texts) -> None:
    labels = "".join(f'<Label value="{name}"/>' for name in load_scheme().labels)
    kinds = "".join(f'<Relation value="{name}"/>' for name in load_scheme().relations)
    (folder / "config.xml").write_text(
        f'<View><Labels name="label" toName="text">{labels}</Labels><Relations>{kinds}</Relations>'
        '<Text name="text" value="$text"/></View>',
        encoding="utf-8",
    )
    rows = [{"data": {"text": row["text"]}} for row in texts]
    (folder / "tasks.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _studio_command(folder: Path, port: int) -> list[str]:
    return [
        *(str(environment("label-studio") / "label-studio"), "start", "--no-browser"),
        *("--data-dir", str(folder / "data"), "--port", str(port), "--internal-host", "127.0.0.1"),
        *("--username", "bench@example.org", "--password", "bench-bench-bench"),
        *("--user-token", TOKEN, "--enable-legacy-api-token"),
    ]


def _studio_page(page: Page, address: str, folder: Path) -> None:
    _studio_send(address, "projects", {"title": "bench", "label_config": (folder / "config.xml").read_text("utf-8")})
    _studio_send(address, "projects/1/import", json.loads((folder / "tasks.json").read_text("utf-8")))
    page.goto(f"{address}/user/login/", wait_until="commit")
    page.fill("input[name=email]", "bench@example.org")
    page.fill("input[name=password]", "bench-bench-bench")
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url, wait_until="commit")
    page.goto(f"{address}/projects/1/data?task=1", wait_until="commit")


def _studio_send(address: str, path: str, data: Any) -> None:
    headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/api/{path}", json.dumps(data).encode(), headers)
    with urllib.request.urlopen(request, timeout=120) as reply:
        reply.read()


def _potato_project(folder: Path, texts: Texts) -> None:
    with (folder / "data.jsonl").open("w", encoding="utf-8") as out:
        for number, row in enumerate(texts):
            out.write(json.dumps({"id": str(number), "text": row["text"]}, ensure_ascii=False) + "\n")
    scheme = {
        "annotation_type": "span",
        "name": "mentions",
        "description": "Mark the mentions",
        "labels": [{"name": name} for name in load_scheme().labels],
    }
    config = {
        "annotation_task_name": "bench",
        "task_dir": ".",
        "output_annotation_dir": "output",
        "output_annotation_format": "jsonl",
        "data_files": ["data.jsonl"],
        "item_properties": {"id_key": "id", "text_key": "text"},
        "annotation_schemes": [scheme],
        "require_password": False,
        "authentication": {"method": "in_memory"},
        "user_config": {"allow_all_users": True, "users": []},
        "site_dir": "default",
    }
    (folder / "config.yaml").write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")


def _potato_command(folder: Path, port: int) -> list[str]:
    program = str(environment("potato-annotation") / "potato")
    return [program, "start", str(folder / "config.yaml"), "-p", str(port)]


def _potato_page(page: Page, address: str, folder: Path) -> None:
    page.goto(f"{address}/", wait_until="commit")
    page.fill("#login-email", "bench")
    page.click("#login-content button[type=submit]")
    page.wait_for_url("**/annotate**")


LIWA: Final = Annotator("liwa", _liwa_project, _liwa_command, _liwa_page, "body:not(.loading) #bar")
STUDIO: Final = Annotator("Label Studio", _studio_project, _studio_command, _studio_page, "[class*=htx-richtext]")
POTATO: Final = Annotator("Potato", _potato_project, _potato_command, _potato_page, "#instance-text")

ANNOTATORS: Final = (LIWA, POTATO, STUDIO)
