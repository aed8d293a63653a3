from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipeline.errors import FetchError
from pipeline.fetch import is_public
from pipeline.fetch.line import Line
from pipeline.fetch.traffic import Watchdog
from tests.fetch.server import serving


@contextmanager
def calling(url: str, *, timeout_s: float = 1.0) -> Iterator[Line]:
    watchdog = Watchdog()
    line = Line(timeout_s=timeout_s, allow_private=False, watchdog=watchdog)
    try:
        with line.call(url):
            yield line
    finally:
        watchdog.close()


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_is_public_holds_for_the_open_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104  # an address to refuse, not to listen on
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_is_public_fails_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("inner", "expected"), [("127.0.0.1", False), ("10.0.0.1", False), ("93.184.215.14", True)]
)
@pytest.mark.parametrize("form", ["::ffff:{}", "64:ff9b::{}"])
def test_is_public_looks_inside_wrapped_addresses(form: str, inner: str, expected: bool) -> None:
    assert is_public(form.format(inner)) is expected


def test_is_public_looks_inside_6to4() -> None:
    assert not is_public("2002:7f00:1::")


def test_dial_judges_the_address_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.215.14", "127.0.0.1"])

    def rebinding(_: str, port: int, **__: object) -> list[object]:
        row = (socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))
        return [row]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    connected: list[tuple[str, int]] = []

    class Recording(socket.socket):
        def connect(self, address: tuple[str, int], /) -> None:  # type: ignore[override]  # the stub allows any address
            connected.append(address)
            raise OSError(111, "Connection refused")

    monkeypatch.setattr(socket, "socket", Recording)
    with calling("http://rebind.example.org/") as line, pytest.raises(FetchError):
        line.dial("rebind.example.org", 80)
    assert connected == [("93.184.215.14", 80)]


def test_dial_passes_over_private_addresses_among_public_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving() as server:
        port = server.server_address[1]
        rows = [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 1, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
        monkeypatch.setattr("pipeline.fetch.line.is_public", lambda one: one == "127.0.0.1")
        with calling("http://both.example.org/", timeout_s=5) as line:
            sock = line.dial("both.example.org", 1)
            peer = sock.getpeername()
            sock.close()
    assert peer == ("127.0.0.1", port)


def test_dial_says_that_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with (
        calling("http://nowhere.example.org/") as line,
        pytest.raises(FetchError) as caught,
    ):
        line.dial("nowhere.example.org", 80)
    assert str(caught.value) == (
        "http://nowhere.example.org/ could not be fetched: the name nowhere.example.org cannot be "
        "resolved; check the address, and that this machine is online"
    )


def test_remaining_is_refused_when_the_time_is_over() -> None:
    with (
        calling("http://slow.example.org/", timeout_s=0.0) as line,
        pytest.raises(FetchError, match="no whole answer"),
    ):
        line.remaining_s()
