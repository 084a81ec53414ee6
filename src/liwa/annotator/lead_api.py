"""What the page asks of the server for a lead: statistics, and the answers so far as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse
from starlette.routing import Route

from liwa import jsonl
from liwa.annotator.api import Api
from liwa.annotator.export import LAYERS, export
from liwa.annotator.replies import problem, reply
from liwa.annotator.stats import Stats
from liwa.errors import LiwaError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


class LeadApi:
    """The endpoints for a lead."""

    def __init__(self, api: Api) -> None:
        self.store = api.store
        self.statistics = Stats(api.store, api.scheme, api.desk.handout)

    def routes(self) -> list[Route]:
        """Return the endpoints with their paths."""
        return [Route("/api/stats", self.stats), Route("/api/export", self.export)]

    def stats(self, request: Request) -> Response:
        """Reply with progress, pace and agreement."""
        return reply(self.statistics.to_dict())

    def export(self, request: Request) -> Response:
        """Reply with the answers as JSON lines, as they are read."""
        query = request.query_params
        layer = query.get("layer", LAYERS[0])
        if layer not in LAYERS:
            return problem(400, f"expected a layer of {', '.join(LAYERS)}")
        rows = export(self.store, annotator=query.get("annotator"), drafts="drafts" in query, layer=layer)
        try:
            first = next(rows, None)  # whatever is wrong is known before the response begins
        except LiwaError as error:
            return problem(400, str(error))

        def lines() -> Iterator[bytes]:
            if first is not None:
                yield f"{jsonl.dumps(first)}\n".encode()
                yield from (f"{jsonl.dumps(row)}\n".encode() for row in rows)

        name = f"{layer}.jsonl"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return StreamingResponse(lines(), 200, headers, "application/jsonl")
