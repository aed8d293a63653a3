"""What every test stands on: no network but loopback, folders of one's own, nothing left open."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.state.database import State
from tests.workspace import Workspace, camp_workspace, tea_workspace

_CONNECT = socket.socket.connect


def _loopback_only(self: socket.socket, address: object) -> None:
    host = address[0] if isinstance(address, tuple) else "127.0.0.1"
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a test reached for the network: {address}")
    _CONNECT(self, address)  # type: ignore[arg-type]  # whatever the caller gave


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close what a test holds in memory; Python 3.13 warns of a database that nobody closed.

    Databases on the disk are left to whoever opened them, so that one left open is noticed.
    """
    opened: list[State] = []
    make = State.in_memory

    def noted() -> State:
        opened.append(make())
        return opened[-1]

    monkeypatch.setattr(State, "in_memory", noted)
    yield
    for state in opened:
        state.close()


@pytest.fixture
def tea(tmp_path: Path) -> Iterator[Workspace]:
    """A small invented event whose list shows nothing yet."""
    made = tea_workspace(tmp_path)
    yield made
    made.state.close()


@pytest.fixture
def camp(tmp_path: Path) -> Iterator[Workspace]:
    """The shipped dataset, as a fresh clone has it."""
    made = camp_workspace(tmp_path)
    yield made
    made.state.close()
