"""Who is refused, and that nothing a browser or a log gets to see betrays the token."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from liwa.annotator.listener import hosts_of, listen
from liwa.annotator.security import CSP, HEADERS, LARGEST_BODY
from liwa.errors import LiwaError
from tests.annotator.conftest import Serve
from tests.annotator.local import AUTHORISED, HOST, TOKEN, Local
from tests.annotator.serving import submission

JSON = {**AUTHORISED, "Content-Type": "application/json"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"bearer {TOKEN}"},
        {"Authorization": TOKEN},
        {"Cookie": f"token={TOKEN}"},
        {"Authorization": "Bearer ق".encode()},
    ],
)
def test_endpoints_need_the_token(project: Local, headers: dict[str, str]) -> None:
    for method, path in (("GET", "session"), ("GET", "tasks"), ("POST", "tasks/x/answer"), ("GET", "no-such")):
        refused = project.ask(method, f"/api/{path}", headers=headers)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert project.ask("GET", f"/api/session?token={TOKEN}").status_code == 401


def test_pages_need_no_token(project: Local) -> None:
    assert {project.ask("GET", path).status_code for path in ("/", "/page/main.js")} == {200}


def test_guidelines_need_the_token(project: Local) -> None:
    assert project.ask("GET", "/api/guidelines").status_code == 401
    assert project.ask("GET", "/guidelines").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", f"{HOST}.x", ""])
@pytest.mark.parametrize("path", ["/", "/api/session", "/api/guidelines"])
def test_another_host_is_refused(project: Local, host: str, path: str) -> None:
    assert project.ask("GET", path, headers={**AUTHORISED, "Host": host}).status_code == 403


def test_two_hosts_are_refused(project: Local) -> None:
    headers = [("Host", HOST), ("Host", "evil.example"), *AUTHORISED.items()]
    assert project.ask("GET", "/api/session", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", f"https://{HOST}", "http://localhost:8765", "http://127.0.0.1"]
)
def test_another_origin_is_refused(project: Local, origin: str) -> None:
    refused = project.ask("POST", "/api/tasks/x/answer", headers={**JSON, "Origin": origin}, json=submission("accept"))
    assert refused.status_code == 403


@pytest.mark.parametrize("host", [HOST, "localhost:8765", "LOCALHOST:8765"])
def test_the_page_of_either_name_may_ask(project: Local, host: str) -> None:
    headers = {**AUTHORISED, "Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    assert project.ask("GET", "/api/session", headers=headers).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_browser_says_comes_from_elsewhere_is_refused(project: Local, site: str) -> None:
    assert project.ask("GET", "/api/session", headers={**AUTHORISED, "Sec-Fetch-Site": site}).status_code == 403
    assert project.ask("GET", "/", headers={"Sec-Fetch-Site": site}).status_code == 200, "a link may lead here"


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"]
)
def test_a_body_that_a_foreign_form_could_send_is_refused(project: Local, kind: str) -> None:
    body = json.dumps(submission("accept"))
    refused = project.ask("POST", "/api/tasks/x/answer", headers={**AUTHORISED, "Content-Type": kind}, content=body)
    assert refused.status_code == 415


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"seconds": 1' + b"0" * 5000 + b"}"])
def test_broken_json_is_refused(project: Local, body: bytes) -> None:
    task = project.get("tasks/next", after=0)["id"]
    assert project.ask("POST", f"/api/tasks/{task}/answer", headers=JSON, content=body).status_code == 400


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 2**16):
        yield b" " * 2**16


def test_a_body_over_the_limit_is_refused_said_or_unsaid(project: Local) -> None:
    task = project.get("tasks/next", after=0)["id"]

    async def streamed(size: int):  # type: ignore[no-untyped-def]
        for chunk in chunks(size):
            yield chunk

    for content in (b" " * (LARGEST_BODY + 1), streamed(LARGEST_BODY + 2**17)):
        refused = project.ask("POST", f"/api/tasks/{task}/answer", headers=JSON, content=content)
        assert refused.status_code == 413
    long = {**JSON, "Content-Length": "9" * 400}
    assert project.ask("POST", f"/api/tasks/{task}/answer", headers=long, content=b"{}").status_code == 413


def test_every_response_tells_the_browser_what_is_allowed(project: Local) -> None:
    asked = [("/", {}), ("/no", {}), ("/api/session", {}), ("/api/session", AUTHORISED), ("/", {"Host": "x"})]
    for path, headers in asked:
        found = project.ask("GET", path, headers=headers).headers
        assert HEADERS.items() <= dict(found).items()
        assert not any(name.startswith("access-control") for name in found)
    script = project.ask("GET", "/page/main.js").headers
    assert (script["x-content-type-options"], script["cross-origin-resource-policy"]) == ("nosniff", "same-origin")
    assert {"script-src 'self'", "frame-ancestors 'none'"} <= set(CSP.split("; "))
    assert "unsafe" not in CSP


def test_a_fault_of_ours_is_answered_with_the_same_headers(project: Local) -> None:
    def broken(language: str) -> list[str]:
        raise ZeroDivisionError("within")

    project.app.state.guidelines = broken
    with pytest.raises(ZeroDivisionError):  # for the log
        project.ask("GET", "/api/guidelines", headers=AUTHORISED)
    found = project.ask("GET", "/api/guidelines", faults=False, headers=AUTHORISED)
    assert found.status_code == 500
    assert "within" not in found.text
    assert HEADERS.items() <= dict(found.headers).items()


def test_the_log_names_what_was_refused_and_no_token(project: Local, capsys: pytest.CaptureFixture[str]) -> None:
    project.ask("GET", f"/api/session?token={TOKEN}", headers={"Authorization": f"Basic {TOKEN}"})
    project.ask("GET", "/api/%1b[31m%0anew-line", headers=AUTHORISED | {"Host": f"{'x' * 500}"})
    said = capsys.readouterr().err
    assert said.splitlines()[0] == "refused 'GET' '/api/session': 401"
    assert said.splitlines()[1].startswith("refused 'GET' '/api/\\x1b[31m\\nnew-line': 403, Host 'xxx")
    assert len(said.splitlines()) == 2
    assert len(said) < 400
    assert TOKEN not in said


def test_the_token_is_on_stdout_alone_and_new_at_every_start(serve: Serve) -> None:
    server = serve()
    first = server.token
    assert len(first) >= 43
    server.client.get("/api/session", headers={"Authorization": "Bearer wrong"})
    server.get("session", token=first)
    server.restart()
    assert server.token != first
    assert "401" in server.said
    assert first not in server.said
    assert server.token not in server.said


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org", "", "8.8.8.8"])
def test_only_the_loopback_interface_is_listened_on(host: str) -> None:
    with pytest.raises(LiwaError, match="expected a loopback address"):
        listen(host, 0)


def test_a_taken_port_is_an_error_that_names_the_option() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LiwaError, match=f"127.0.0.1:{port}: cannot listen: .*--port"):
            listen("127.0.0.1", port)


def test_names_of_the_server() -> None:
    with listen("localhost", 0) as listener:
        address, hosts = hosts_of(listener)
        port = listener.getsockname()[1]
        assert address == f"http://127.0.0.1:{port}"
        assert hosts == {f"{name}:{port}": f"http://{name}:{port}" for name in ("127.0.0.1", "localhost")}


def test_names_of_a_server_behind_a_proxy() -> None:
    with listen("127.0.0.1", 0) as listener:
        address, hosts = hosts_of(listener, "https://Annotate.example.org/")
        assert address == hosts["annotate.example.org"] == "https://annotate.example.org"
        assert len(hosts) == 3
        assert hosts_of(listener, "http://192.168.1.5:8000")[1]["192.168.1.5:8000"] == "http://192.168.1.5:8000"


@pytest.mark.parametrize("url", ["example.org", "ftp://x", "https://", "https://x/path", "https://a:b@x", "http://x:y"])
def test_what_is_no_address_of_a_page(url: str) -> None:
    with listen("127.0.0.1", 0) as listener, pytest.raises(LiwaError, match="--address: expected an address of http"):
        hosts_of(listener, url)


def test_a_server_that_listens_everywhere_is_told_its_name() -> None:
    with listen("0.0.0.0", 0, everywhere=True) as listener:
        with pytest.raises(LiwaError, match="expected the address of a server"):
            hosts_of(listener)
        assert hosts_of(listener, "http://10.0.0.1")[0] == "http://10.0.0.1"


def test_a_store_is_for_its_owner_alone(tmp_path: Path, project: Local) -> None:
    assert (tmp_path / "annotations.db").stat().st_mode & 0o077 == 0
