"""The server on a real socket of this machine: what only shows there."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
import requests

from pipeline.errors import ConfigError
from pipeline.model import RunReport, Want
from pipeline.web.app import BODY_BYTES
from pipeline.web.guard import Door
from pipeline.web.server import ANSWER_S, Server, address_of, bind, door_of
from tests.web.asking import SIGNED, TOKEN, Passes, Served
from tests.web.conftest import FEED, Serve
from tests.workspace import Workspace

PATIENCE_S = 30


@contextmanager
def listening(served: Served) -> Iterator[str]:
    """Serve on a free port, and yield the address."""
    with bind("127.0.0.1", 0) as bound:
        died: list[bool] = []
        address = address_of(bound)
        with Server(served.app, bound, failed=lambda: died.append(True)):
            yield address
        assert died == []


def raw(address: str, *parts: bytes, pause_s: float = 0) -> bytes:
    """Send bytes as they are, and return the answer until the server hangs up.

    With a pause the parts arrive one by one, as over a slow line.
    """
    host, port = address.removeprefix("http://").removesuffix("/").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
        answer = b""
        # A server that refuses a body hangs up before it has read all of it: that resets.
        with suppress(ConnectionResetError, BrokenPipeError):
            for part in parts:
                connection.sendall(part)
                time.sleep(pause_s)
            while chunk := connection.recv(65536):
                answer += chunk
    return answer


def test_files_come_over_a_socket(served: Served) -> None:
    with listening(served) as address:
        answer = requests.get(f"{address}atom.xml", timeout=PATIENCE_S)
        head = requests.head(f"{address}atom.xml", timeout=PATIENCE_S)
    assert (answer.text, answer.headers["content-encoding"]) == (FEED, "gzip")
    assert (head.content, head.headers["content-length"]) == (
        b"",
        answer.headers["content-length"],
    )
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/../config.yaml", "/%2e%2e/config.yaml", "/..%2fconfig.yaml", "/%2e%2e%5cconfig.yaml",
     "/.recap/", "/%2erecap/", "/atom.xml%00", "/%ff%fe", "//etc/passwd"],
)  # fmt: skip
def test_a_path_never_leads_out(served: Served, tea: Workspace, path: str) -> None:
    tea.write("feeds/.recap/note", "secret")
    with listening(served) as address:
        host = address.removeprefix("http://").removesuffix("/")
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        answer = raw(address, request.encode())
    assert answer.startswith(b"HTTP/1.1 404 ")


def test_a_large_body_is_refused_by_its_length(serve: Serve) -> None:
    served = serve(token=TOKEN)
    with listening(served) as address:
        answer = requests.post(
            f"{address}api/publish",
            data=b" " * (BODY_BYTES + 1),
            headers={**SIGNED, "content-type": "application/json"},
            timeout=PATIENCE_S,
        )
    assert (answer.status_code, served.passes.wants) == (413, [])


@pytest.mark.parametrize("pause_s", [0, 0.05])
@pytest.mark.parametrize("path", ["api/publish", "desk/login"])
def test_a_large_body_is_refused_that_does_not_say_its_length(
    serve: Serve, path: str, pause_s: float
) -> None:
    served = serve(token=TOKEN)
    kind = "application/json" if path.startswith("api") else "application/x-www-form-urlencoded"
    with listening(served) as address:
        host = address.removeprefix("http://").removesuffix("/")
        head = (
            f"POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\n"
            f"Authorization: Bearer {TOKEN}\r\nTransfer-Encoding: chunked\r\n"
            "Connection: close\r\n\r\n"
        )
        # One byte too many and no end: more, and the answer may be lost in the reset that follows.
        chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
        body = [*[chunk] * (BODY_BYTES // 0x4000), b"1\r\n \r\n"]
        answer = raw(address, head.encode(), *body, pause_s=pause_s)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert served.passes.wants == []


def test_a_head_that_does_not_end_is_refused(served: Served) -> None:
    with listening(served) as address:
        answer = raw(address, b"GET / HTTP/1.1\r\nHost: " + b"a" * 65_600)
    assert answer.startswith(b"HTTP/1.1 400 ")


HEAD = b"HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HALF = (
    b"POST /desk/login "
    + HEAD
    + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\ncsrf"
)


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        (b"", 0),
        (b"GET /atom.xml " + HEAD, 0),
        (HALF, 0),
        (b"GET /atom.xml " + HEAD + b"\r\nGET /atom", 1),
        (b"GET /atom.xml " + HEAD + b"\r\n" + HALF, 1),
    ],
)
def test_a_request_that_is_not_there_in_time_is_hung_up_on(
    served: Served, monkeypatch: pytest.MonkeyPatch, sent: bytes, answers: int
) -> None:
    monkeypatch.setattr("pipeline.web.server.REQUEST_S", 0.1)
    with listening(served) as address:
        answer = raw(address, sent)
    assert answer.count(b"HTTP/1.1 ") == answers


def test_a_client_that_goes_away_in_the_middle_is_no_error(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("pipeline.web.server.REQUEST_S", 0.1)
    with listening(served) as address:
        raw(address, HALF)
    assert caplog.messages == []


def test_without_a_token_nobody_comes_in_through_a_proxy_that_says_nothing(served: Served) -> None:
    with listening(served) as address:
        found = [
            raw(address, f"GET /{path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
            for path in ("atom.xml", "desk/", "metrics", "api/runs")
        ]
    assert [answer.split()[1] for answer in found] == [b"200", b"403", b"403", b"403"]


def test_two_hosts_are_refused(served: Served) -> None:
    with listening(served) as address:
        host = address.removeprefix("http://").removesuffix("/")
        request = f"GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example.com\r\n\r\n"
        answer = raw(address, request.encode())
    assert answer.startswith(b"HTTP/1.1 4")


def test_a_hundred_calls_over_sockets_are_one_run(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_there = threading.Event()

    class Slow(Passes):
        def __call__(self, want: Want) -> RunReport:
            assert all_there.wait(PATIENCE_S)
            return super().__call__(want)

    served = serve(passes=Slow())
    submit, asked = served.runner.submit, []

    def counted(want: Want, *, join: bool = False) -> Future[RunReport]:
        future = submit(want, join=join)
        asked.append(future)
        if len(asked) == 100:
            all_there.set()
        return future

    monkeypatch.setattr(served.runner, "submit", counted)
    with listening(served) as address, ThreadPoolExecutor(100) as pool:
        calls = [
            pool.submit(requests.post, f"{address}api/publish", timeout=PATIENCE_S)
            for _ in range(100)
        ]
        answers = [call.result() for call in calls]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert served.passes.wants == [Want()]


def test_a_port_that_is_taken_says_so() -> None:
    with bind("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"127\.0\.0\.1:{port} cannot be opened: .* in use"):
            bind("127.0.0.1", port)


def test_a_body_does_not_wait_for_the_acknowledgement_of_its_head() -> None:
    with bind("127.0.0.1", 0) as bound:
        assert bound.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux has it")
def test_a_client_that_takes_nothing_of_its_answer_is_let_go_by_the_kernel() -> None:
    with bind("127.0.0.1", 0) as bound, socket.create_connection(bound.getsockname()):
        taken, _ = bound.accept()
        with taken:
            found = taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert found == ANSWER_S * 1000


@pytest.mark.parametrize("host", ["no.invalid", "no..invalid", "a" * 70])
def test_a_name_that_does_not_exist_says_so(host: str) -> None:
    with pytest.raises(ConfigError, match=f"{re.escape(host)}:8000 cannot be opened"):
        bind(host, 8000)


def test_an_address_is_open_unless_it_is_of_this_machine_alone() -> None:
    found = []
    for host in ("127.0.0.1", "localhost", "0.0.0.0"):  # noqa: S104 - nothing is served there
        with bind(host, 0) as bound:
            found.append(door_of(bound, host=host, names=("recap",)))
    assert found == [
        Door(host="127.0.0.1", names=("recap",)),
        Door(host="localhost", names=("recap",)),
        Door(host="0.0.0.0", open=True, any_address=True, names=("recap",)),  # noqa: S104
    ]
