"""The service as a manager such as systemd sees it: what it is told, and when it is asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fetch.server import Server, answer, serving
from tests.service.test_jobs import EAGER, PATIENCE_S, eventually
from tests.service.test_systemd import Listener
from tests.workspace import CONFIG, REPOSITORY, TEA, Workspace

LOCAL = "fetch: {private_addresses: true}\n"


@contextmanager
def managed(tea: Workspace, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline", "serve", "--tick", "0.2", "--no-server"),
            *("-C", str(tea.root)),
        ],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[tuple[Listener, str]]:
    address = str(tmp_path / "n")
    made = Listener(address)
    yield made, address
    made.close()


class Hearing:
    """What the manager hears, word by word."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._heard: list[str] = []

    def until(self, word: str) -> str:
        """Wait for the next message that begins with `word`, and drop those before it."""
        pause, end = threading.Event(), time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self._heard += self._listener.heard()
            while self._heard:
                one = self._heard.pop(0)
                if one.startswith(word):
                    return one
            pause.wait(0.02)
        raise AssertionError(f"not heard: {word}")


def test_serve_tells_its_manager_how_it_stands(
    tea: Workspace, listener: tuple[Listener, str]
) -> None:
    manager, address = Hearing(listener[0]), listener[1]
    tea.write("data/teaconf-2031/event.yaml", EAGER)
    tea.list_videos(TEA)
    with managed(tea, NOTIFY_SOCKET=address, WATCHDOG_USEC="400000") as process:
        manager.until("READY=1")
        manager.until("WATCHDOG=1")
        assert "all is well" in manager.until("STATUS=Last pass")
        process.send_signal(signal.SIGHUP)
        manager.until("RELOADING=1\nMONOTONIC_USEC=")
        manager.until("READY=1")
        process.send_signal(signal.SIGTERM)
        manager.until("STOPPING=1")
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_serve_reloads_on_sighup_and_keeps_the_old_where_the_new_is_bad(tea: Workspace) -> None:
    tea.write("data/teaconf-2031/event.yaml", EAGER)
    tea.list_videos(TEA)
    feed = tea.root / "feeds" / "feed.json"
    with managed(tea) as process:
        assert eventually(feed.exists)
        tea.write("config.yaml", CONFIG + "  title: Tea, recorded\n")
        process.send_signal(signal.SIGHUP)
        assert eventually(lambda: "Tea, recorded" in feed.read_text("utf-8"))
        tea.write("config.yaml", CONFIG + "  tilte: Tea, recorded\n")
        process.send_signal(signal.SIGHUP)
        assert process.stderr is not None
        told = [json.loads(process.stderr.readline()) for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    assert [one["level"] for one in told] == ["warning"] * 3
    assert any("unknown key 'tilte'" in one["message"] for one in told)
    assert "Tea, recorded" in feed.read_text("utf-8")


@pytest.fixture
def monitor() -> Iterator[Server]:
    with serving() as running:
        running.routes = dict.fromkeys(("/p/tea/start", "/p/tea", "/p/tea/fail"), answer(b"OK"))
        yield running


def test_serve_gives_signs_of_life_and_says_when_things_go_wrong(
    tea: Workspace, monitor: Server
) -> None:
    tea.write("config.yaml", CONFIG + LOCAL + f"service: {{heartbeat: '{monitor.url}/p/tea'}}\n")
    tea.write("data/teaconf-2031/event.yaml", EAGER)
    tea.list_videos(TEA)
    with managed(tea):
        assert eventually(lambda: len(monitor.posted) == 2)
        tea.write("data/teaconf-2031/event.yaml", EAGER.replace("start:", "begin:"))
        assert eventually(lambda: len(monitor.posted) == 3)
    assert [path for path, _, _ in monitor.posted] == ["/p/tea/start", "/p/tea", "/p/tea/fail"]
    assert b"to mend" in monitor.posted[2][2]


def test_serve_takes_the_monitors_address_from_a_file_and_never_shows_it(
    tea: Workspace, tmp_path: Path
) -> None:
    tea.write("secret", "http://127.0.0.1:9/hush\n")
    tea.write("config.yaml", CONFIG + LOCAL)
    tea.write("data/teaconf-2031/event.yaml", EAGER)
    with managed(tea, RECAP_HEARTBEAT_FILE=str(tmp_path / "secret")) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
    assert "no sign of life was given" in json.loads(line)["message"]
    assert "hush" not in line + out + err
