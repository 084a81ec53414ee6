"""What needs no token: the page itself, its modules and styles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.background import BackgroundTask
from starlette.responses import Response

from liwa.annotator import wire
from liwa.annotator.joined import scripts

if TYPE_CHECKING:
    from starlette.requests import Request

PAGE: Final = Path(__file__).parent / "page"
"""The folder of the page: HTML, CSS and JavaScript."""

_INDEX: Final = "index.html"


def page_file(request: Request) -> Response:
    """Answer with a file of the page; ``/`` is its index, after which the script that it asks for is made."""
    name = request.path_params.get("name", _INDEX)
    if name.endswith(".js") and (script := scripts(PAGE).get(name)):
        return _fresh(request, script)
    file = _file(name)
    if file is None:
        return Response("there is no such page\n", 404, media_type="text/plain")
    response = _fresh(request, wire.file(file))
    if name == _INDEX:
        response.background = BackgroundTask(scripts, PAGE)
    return response


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
