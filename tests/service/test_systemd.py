from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.service.systemd import Manager


@dataclass(slots=True)
class Seconds:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


class Listener:
    """A service manager's end of the socket."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)

    def heard(self) -> list[str]:
        found = []
        while True:
            try:
                found.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return found

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[tuple[Listener, str]]:
    made = Listener(str(tmp_path / "notify"))
    yield made, str(tmp_path / "notify")
    made.close()


def test_manager_is_told_how_the_process_stands(manager: tuple[Listener, str]) -> None:
    listener, address = manager
    told = Manager({"NOTIFY_SOCKET": address}, monotonic=Seconds())
    told.ready()
    told.reloading()
    told.status("all\nis well")
    told.stopping()
    assert listener.heard() == [
        "READY=1",
        "RELOADING=1\nMONOTONIC_USEC=100000000",
        "STATUS=all is well",
        "STOPPING=1",
    ]


def test_manager_gets_signs_of_life_twice_as_often_as_it_asks(
    manager: tuple[Listener, str],
) -> None:
    listener, address = manager
    time = Seconds()
    told = Manager({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "10000000"}, monotonic=time)
    heard = []
    for _ in range(12):
        told.live()
        heard.append(len(listener.heard()))
        time.now += 1
    assert heard == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]


@pytest.mark.parametrize(
    "asked", [{}, {"WATCHDOG_USEC": "often"}, {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}]
)
def test_manager_gets_no_sign_of_life_that_it_did_not_ask_this_process_for(
    manager: tuple[Listener, str], asked: dict[str, str]
) -> None:
    listener, address = manager
    Manager({"NOTIFY_SOCKET": address, **asked}, monotonic=Seconds()).live()
    assert listener.heard() == []


def test_manager_is_told_at_an_address_without_a_file() -> None:
    name = f"recap-test-{os.getpid()}"
    listener = Listener(f"\0{name}")
    try:
        Manager({"NOTIFY_SOCKET": f"@{name}"}).ready()
        assert listener.heard() == ["READY=1"]
    finally:
        listener.close()


def test_manager_that_is_gone_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Manager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready()
    assert "not told 'READY=1': No such file or directory" in caplog.text


def test_nobody_is_told_where_there_is_no_manager(caplog: pytest.LogCaptureFixture) -> None:
    Manager({}).ready()
    assert caplog.records == []
