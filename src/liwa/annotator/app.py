"""The application: pages, endpoints, compression, and the guard before them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from liwa.annotator.api import Api
from liwa.annotator.engine import complaint
from liwa.annotator.guidelines import Guidelines, said_in, tree
from liwa.annotator.lead_api import LeadApi
from liwa.annotator.pages import page_file
from liwa.annotator.people import Person
from liwa.annotator.replies import problem, reply
from liwa.annotator.review_api import ReviewApi
from liwa.annotator.security import HEADERS, Guard
from liwa.progress import say

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

SMALLEST_ZIPPED: Final = 1000
"""Bytes from which a response is compressed."""


def application(
    api: Api, *, guidelines: Guidelines, hosts: Mapping[str, str], who: Callable[[str], Person | str]
) -> Starlette:
    """Return the ASGI application that serves the page to anyone, and its endpoints to who has a token.

    guidelines: by language. hosts, who: as `liwa.annotator.security.Guard` takes them.
    """
    app = Starlette(
        routes=[
            Route("/", page_file),
            Route("/page/{name:path}", page_file),
            Route("/api/guidelines", _guidelines),
            *api.routes(),
            *LeadApi(api).routes(),
            *ReviewApi(api).routes(),
        ],
        middleware=[
            Middleware(Guard, hosts=hosts, who=who),
            Middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED, compresslevel=4),
        ],
        exception_handlers={HTTPException: _refused, DBAPIError: _unavailable, Exception: _fault},
    )
    app.router.redirect_slashes = False
    trees = cache(lambda markdown: tree(markdown, api.scheme))
    app.state.guidelines = lambda language: trees(said_in(guidelines, language))
    return app


def _guidelines(request: Request) -> Response:
    return reply(request.app.state.guidelines(request.query_params.get("language", "")))


def _refused(request: Request, exception: Any) -> Response:
    response = problem(exception.status_code, str(exception.detail).lower())
    response.headers.update(exception.headers or {})
    return response


def _unavailable(request: Request, exception: Any) -> Response:
    """Ask the page to send again later: another process locks the store, or its disk is full."""
    said = f"the store cannot be used now: {complaint(exception)}"
    say(said)
    return problem(503, said)


def _fault(request: Request, exception: Exception) -> Response:
    """Answer what we did not foresee: outside the guard, so with its headers; the log has the traceback."""
    response = problem(500, "a fault of liwa itself; the log of the server has more")
    response.headers.update(HEADERS)
    return response
