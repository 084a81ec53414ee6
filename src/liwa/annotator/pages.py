"""What needs no token: the page itself, its modules and styles, and the guidelines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from liwa.annotator import wire
from liwa.annotator.joined import scripts

if TYPE_CHECKING:
    from starlette.requests import Request

PAGE: Final = Path(__file__).parent / "page"
"""The folder of the page: HTML, CSS and JavaScript."""


def page_file(request: Request) -> Response:
    """Answer with a file of the page; ``/`` is its index."""
    name = request.path_params.get("name", "index.html")
    if name.endswith(".js") and (script := scripts(PAGE).get(name)):
        return _fresh(request, script)
    file = _file(name)
    if file is None:
        return Response("there is no such page\n", 404, media_type="text/plain")
    return _fresh(request, wire.file(file))


def guidelines_page(request: Request) -> Response:
    """Answer with the guidelines of the application."""
    return _fresh(request, wire.sent(request.app.state.guidelines(), ".html"))


def guidelines_style(request: Request) -> Response:
    """Answer with the style sheet of the guidelines."""
    return _fresh(request, wire.sent(request.app.state.guidelines_style(), ".css"))


def _file(name: str) -> Path | None:
    """Return a file of the page by its name, None for anything outside its folder or of another kind."""
    file = PAGE / name
    try:
        served = file.suffix in wire.TYPES and file.is_file() and file.resolve().is_relative_to(PAGE.resolve())
    except OSError:  # such as a name that is too long for one
        return None
    return file if served else None


def _fresh(request: Request, sent: wire.Sent) -> Response:
    """Answer with a body, or only with the news that the browser's copy is still the same."""
    headers = {"cache-control": "no-cache", "etag": sent.tag, "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == sent.tag:
        return Response(None, 304, headers)
    headers["content-type"] = sent.type
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(sent.body, 200, headers)
    return Response(sent.zipped, 200, {**headers, "content-encoding": "gzip"})
