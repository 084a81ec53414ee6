"""Responses of JSON."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response


def reply(data: Any, status: int = 200) -> Response:
    """Return data as a response of JSON that no cache keeps; half a surrogate pair goes out as its escape."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Response(body, status, {"cache-control": "no-store", "content-type": "application/json"})


def problem(status: int, message: str, **more: Any) -> Response:
    """Return what is wrong with a request, in one line, as ``error``."""
    return reply({"error": message, **more}, status)
