"""The guard before the application: who may ask, from where, with how large a body, and what a browser may do with it.

Sources: OWASP Cheat Sheet Series, "Cross-Site Request Forgery Prevention" and "HTTP Headers"; W3C, "Content Security
Policy Level 3"; Fetch Metadata Request Headers. The Host is checked because of DNS rebinding: a foreign page whose
name is made to point to this machine comes with its own Host.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from liwa.annotator.people import LEAD, Person
from liwa.progress import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY: Final = 4 * 2**20
"""Bytes: 10,000 spans and relations in a text of 5 MB need half of it."""

CSP: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Final = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""Sent with every response but scripts and styles."""

_RESOURCES: Final = ("text/javascript", "text/css")
_RESOURCE_HEADERS: Final = {name: HEADERS[name] for name in ("x-content-type-options", "cross-origin-resource-policy")}
"""The others mean nothing for scripts and styles, and would weigh a third of the page."""

_WRITES: Final = ("POST", "PUT")
_BEARER: Final = "Bearer "
_LEADS: Final = ("/api/stats", "/api/export", "/api/review")
_OTHER_PAGE: Final = "requests from other pages are refused"


class TooLargeError(Exception):
    """A request has a body of more than `LARGEST_BODY` bytes."""


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered: an HTTP status, what its sender is told, and what else is logged."""

    status: int
    error: str
    detail: str = ""


class Guard:
    """ASGI middleware that lets through what the page of this very server asks for, and refuses the rest.

    hosts: the values of Host that are this server, each with the origin of its page; who: says whose token it is that
    every request below ``/api/`` must bear, or why it is nobody's; log: takes a line for each refusal, which never
    holds a token. The application finds the person in the scope, as ``person``.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Mapping[str, str],
        who: Callable[[str], Person | str],
        log: Callable[[str], None] = say,
    ) -> None:
        self.app = app
        self.hosts = {host.lower(): origin.lower() for host, origin in hosts.items()}
        self.who = who
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on; either way the response has the `HEADERS`."""
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                kind = sent.get("content-type", "").partition(";")[0]
                sent.update(_RESOURCE_HEADERS if kind in _RESOURCES else HEADERS)
            await send(message)

        headers, path = Headers(scope=scope), scope["path"]
        refusal = self._foreign(headers, path)
        if not refusal and path.startswith("/api/"):
            refusal = await self._unknown(headers, scope) or _unfit_body(headers, scope["method"])
        if refusal:
            await self._refuse(refusal, scope, receive, send_with_headers)
            return
        try:
            await self.app(scope, _bounded(receive), send_with_headers)
        except TooLargeError:
            await self._refuse(_TOO_LARGE, scope, receive, send_with_headers)

    async def _unknown(self, headers: Headers, scope: Scope) -> Refusal | None:
        """Return why whoever asks is refused, and note in the scope who it is where there is no reason."""
        said = headers.get("authorization", "")
        token = said.removeprefix(_BEARER) if said.startswith(_BEARER) else ""
        person = await run_in_threadpool(self.who, token)
        if isinstance(person, str):
            return Refusal(401, "the token is missing or wrong; open the address that you were given", person)
        if person.role != LEAD and scope["path"].startswith(_LEADS):
            return Refusal(403, "this is for leads only", f"asked by {person.name!r}")
        scope["person"] = person
        return None

    def _foreign(self, headers: Headers, path: str) -> Refusal | None:
        host, origin = headers.get("host", "").lower(), headers.get("origin")
        if len(headers.getlist("host")) != 1 or host not in self.hosts:
            return Refusal(403, "this server has another name", f"Host {host!r}")
        if origin is not None and origin.lower() != self.hosts[host]:
            return Refusal(403, _OTHER_PAGE, f"Origin {origin!r}")
        site = headers.get("sec-fetch-site", "none") if path.startswith("/api/") else "none"
        if site not in ("same-origin", "none"):
            return Refusal(403, _OTHER_PAGE, f"Sec-Fetch-Site {site!r}")
        return None

    async def _refuse(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"][:100]
        detail = f", {refusal.detail[:100]}" if refusal.detail else ""
        self.log(f"refused {scope['method'][:10]!r} {path!r}: {refusal.status}{detail}")
        headers = {"www-authenticate": "Bearer"} if refusal.status == 401 else {"connection": "close"}
        await JSONResponse({"error": refusal.error}, refusal.status, headers)(scope, receive, send)


_TOO_LARGE: Final = Refusal(413, f"expected a body of at most {LARGEST_BODY} bytes")


def _unfit_body(headers: Headers, method: str) -> Refusal | None:
    if method not in _WRITES:
        return None
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return Refusal(415, "expected a body of application/json", f"Content-Type {kind!r}")
    length = headers.get("content-length", "0")
    return _TOO_LARGE if not length.isdecimal() or int(length[:12]) > LARGEST_BODY else None


def _bounded(receive: Receive) -> Receive:
    """Return a receiver that stops at the largest body, whatever its length was said to be."""
    size = 0

    async def receive_some() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_BODY:
            raise TooLargeError
        return message

    return receive_some
