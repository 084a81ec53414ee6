"""The socket of the server, and the names by which a browser may call it."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from liwa.errors import LiwaError

PORTS = {"http": 80, "https": 443}
"""The ports that a browser leaves out."""


def is_loopback(host: str) -> bool:
    """Say whether a host can only be called from this machine; a name, other than localhost, is taken not to be."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int, *, everywhere: bool = False) -> socket.socket:
    """Return a socket that listens on an address; LiwaError for what is none, and where the port is taken.

    port: 0 for any that is free. everywhere: whether others than the loopback addresses will do.
    """
    if not is_loopback(host) and not everywhere:
        hint = "Give people tokens with liwa annotations add, or name 127.0.0.1 and reach it through ssh -L"
        raise LiwaError(f"expected a loopback address, found {host}", where="--host", hint=hint)
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        hint = "Name one of this machine, and the name that people use with --address"
        raise LiwaError(f"expected an address in digits, found {host}", where="--host", hint=hint) from None
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    # Named, since asyncio only turns Nagle's delay of 40 ms off where the protocol says TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((str(address), port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        hint = "Stop the other server, or name another port with --port"
        raise LiwaError(f"cannot listen: {error.strerror}", where=f"{host}:{port}", hint=hint) from None
    return listener


def hosts_of(listener: socket.socket, public: str | None = None) -> tuple[str, dict[str, str]]:
    """Return the URL of a server, and every name by which a browser may call it, each with the origin of its page.

    public: the URL by which people call it, where that is another, such as a proxy's. Raises LiwaError for what is no
    URL, and where there is none though the socket listens on every address.
    """
    address, port = listener.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    names = [shown, "localhost"]
    hosts = [f"{name}:{port}" for name in names] + (names if port == PORTS["http"] else [])
    origins = {host: f"http://{host}" for host in hosts}
    if public is None:
        if ipaddress.ip_address(address).is_unspecified:
            hint = f"Name what people will open, such as --address http://192.168.1.5:{port}"
            raise LiwaError("expected the address of a server that listens everywhere", where="--address", hint=hint)
        return f"http://{hosts[0]}", origins
    host, origin = _public(public)
    return origin, {**origins, host: origin}


def _public(url: str) -> tuple[str, str]:
    """Return the Host and the origin that a browser sends to a URL."""
    try:
        parts = urlsplit(url)
        default = PORTS[parts.scheme]
        name = parts.hostname or ""
        port = parts.port or default
    except (ValueError, KeyError):
        name = ""
    if not name or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        hint = "Name a host alone, such as https://annotate.example.org"
        raise LiwaError(f"expected an address of http or https, found {url}", where="--address", hint=hint)
    name = f"[{name}]" if ":" in name else name
    host = name if port == default else f"{name}:{port}"
    return host, f"{parts.scheme}://{host}"
