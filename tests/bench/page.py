"""The annotation page beside Label Studio and Potato on the same texts, in turns in one run, in real Chromium.

python -m tests.bench.page [--rounds N] [--only NAME]

start: seconds from the command to the first answer with status 200. wire: bytes that the browser received until the
page was usable, headers included, with an empty cache. usable: seconds from the page's address to a text that one can
label. memory: of the server and its children then, in megabytes. The last row is the page under a text of 27,000
characters with 700 spans and 400 relations.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from liwa.annotations.gold import read_gold
from liwa.annotations.rows import to_row
from liwa.annotations.tasks import tasks
from liwa.corpus.read import read_articles
from tests.bench.annotators import ANNOTATORS, LIWA, Annotator, Texts
from tests.bench.row import Row

ROOT: Final = Path(__file__).parents[2]
CHROMIUM: Final = os.environ.get("LIWA_CHROMIUM") or "/usr/bin/chromium"
PATIENCE: Final = 180.0
"""Seconds that a peer may take to start or to show its page."""

GOALS: Final = "goals of liwa: start under 1.5 s, wire under 60 kB, usable under 0.3 s, the long text under 0.6 s"

WATCH: Final = """(selector) => {
  const look = () => {
    if (document.querySelector(selector)) window.benchUsable = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""


@dataclass(frozen=True)
class Figures:
    """What one round measured: seconds, bytes, seconds, megabytes."""

    start: float
    wire: float
    usable: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="the name of one annotator")
    options = parser.parse_args()
    found = rounds([one for one in ANNOTATORS if options.only in (None, one.name)], options.rounds)
    sys.stdout.write("\n".join(table(found)) + f"\n\n{GOALS}\n")


def rows() -> Iterator[Row]:
    found = rounds(ANNOTATORS, 1)
    for one in ANNOTATORS:
        if one is not LIWA:
            [ours], [theirs] = found[LIWA.name], found[one.name]
            made_with = "python -m tests.bench page"
            yield Row("page: seconds until a text can be labelled", one.name, ours.usable, theirs.usable, made_with)
            yield Row("page: kilobytes received until then", one.name, ours.wire / 1e3, theirs.wire / 1e3, made_with)


def rounds(chosen: Sequence[Annotator], count: int) -> dict[str, list[Figures]]:
    """Return what was measured of some annotators, in turns."""
    texts, long = usual(), [long_text()]
    found: dict[str, list[Figures]] = {}
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        for _ in range(count):
            for annotator in chosen:
                found.setdefault(annotator.name, []).append(measured(annotator, texts, browser))
            if LIWA in chosen:
                found.setdefault("liwa, the long text", []).append(measured(LIWA, long, browser))
        browser.close()
    return found


def usual() -> Texts:
    """Return the paragraphs of the project's articles as tasks."""
    return [passage.row for passage in tasks(read_articles([str(ROOT / "corpus" / "articles")])) if not passage.reason]


def long_text() -> dict[str, Any]:
    """Return a task of 27,000 code points, 700 spans and 400 relations: gold of the project, one after the other."""
    text, spans, relations = "", [], []
    for gold in read_gold([str(ROOT / "annotations/gold/project.jsonl")], texts=_library()):
        row = to_row(gold)
        at = len(text)
        move = {"start": at, "end": at}
        spans += [_moved(span, move) for span in row["spans"]]
        for relation in row.get("relations", ()):
            ends = {side: _moved(relation[side], move) for side in ("head_span", "child_span")}
            relations.append({"label": relation["label"], **ends})
        text += row["text"] + "\n\n"
    text = text[:27_000]
    spans = [span for span in spans if span["end"] <= len(text)][:700]
    kept = {(span["start"], span["end"]) for span in spans}
    ends_kept = [r for r in relations if all((r[s]["start"], r[s]["end"]) in kept for s in ("head_span", "child_span"))]
    from liwa.annotations.rows import task

    row = task(text, {"article": "long", "start": 0, "end": len(text)})
    return {**row, "spans": spans, "relations": ends_kept[:400]}


def _library() -> Any:
    from liwa.annotations.texts import Texts as Library

    return Library.read([str(ROOT / "corpus" / "articles")])


def _moved(span: dict[str, Any], by: dict[str, int]) -> dict[str, Any]:
    return {"start": span["start"] + by["start"], "end": span["end"] + by["end"], "label": span["label"]}


def measured(annotator: Annotator, texts: Texts, browser: Browser) -> Figures:
    """Start an annotator on texts, open its page once, and stop it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        annotator.prepare(folder, texts)
        with running(annotator, folder) as (process, address, start):
            wire, usable = opened(annotator, browser, address, folder)
            return Figures(start, wire, usable, memory(process.pid))


@contextmanager
def running(annotator: Annotator, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    """Run an annotator; yield its process, its address, and the seconds until that answered."""
    port = free_port()
    command = annotator.command(folder, port)
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLLECT_ANALYTICS": "False"}
    with (folder / "said").open("wb") as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdout=said, stderr=said, start_new_session=True, env=environment
        )
    try:
        while not answers(address):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"{annotator.name} does not answer:\n{(folder / 'said').read_text()[-2000:]}")
            time.sleep(0.01)
        yield process, address, time.perf_counter() - began
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(address: str) -> bool:
    """Say whether an address answers with 200, redirections followed."""
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def opened(annotator: Annotator, browser: Browser, address: str, folder: Path) -> tuple[float, float]:
    """Open the page with an empty cache; return the bytes received and the seconds until it was usable."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.add_init_script(f"({WATCH})({annotator.usable!r})")
        received = Received(page)
        annotator.open_at(page, address, folder)
        page.wait_for_selector(annotator.usable, state="attached")
        usable = float(page.evaluate("window.benchUsable")) / 1000
        page.wait_for_timeout(500)
        return received.until(usable), usable


class Received:
    """What a page receives from now on: the bytes of each reply, with the second at which it was there."""

    def __init__(self, page: Page) -> None:
        self.replies: list[tuple[float, float]] = []
        self.opened = 0.0
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", self._request)
        devtools.on("Network.loadingFinished", lambda e: self.replies.append((e["timestamp"], e["encodedDataLength"])))

    def _request(self, event: dict[str, Any]) -> None:
        if event.get("type") == "Document":
            self.opened = event["timestamp"]

    def until(self, usable: float) -> float:
        """Return the bytes that were there some seconds after the last document was asked for."""
        return float(sum(size for at, size in self.replies if at <= self.opened + usable))


def memory(process: int) -> float:
    """Return the resident megabytes of a process and its children."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    family = {process}
    while more := {pid for pid, parent, _ in rows if parent in family} - family:
        family |= more
    return sum(size for pid, _, size in rows if pid in family) / 1024


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def table(found: dict[str, list[Figures]]) -> Iterator[str]:
    """Yield the lines of a Markdown table: medians, and for peers how many times liwa's figure that is."""
    yield "| annotator | start s | wire kB | usable s | memory MB |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    medians = {
        name: [statistics.median(f) for f in zip(*map(astuple, rows), strict=True)] for name, rows in found.items()
    }
    ours = medians.get("liwa")
    for name, (start, wire, usable, size) in medians.items():
        cells = [f"{start:.2f}", f"{wire / 1000:.0f}", f"{usable:.2f}", f"{size:.0f}"]
        if ours and name not in ("liwa", "liwa, the long text"):
            cells = [f"{c} ({v / o:.1f}x)" for c, v, o in zip(cells, (start, wire, usable, size), ours, strict=True)]
        yield f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
