"""The service as a process of its own: it publishes what comes out, and ends when asked to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.model import Decision, Mend, Verb, Want
from pipeline.service.jobs import Service
from tests.workspace import EVENT, PORCELAIN, REPOSITORY, TEA, UNTITLED, Workspace

PATIENCE_S = 30.0
"""Far more than a pass takes; only a service that does not work uses it up."""

EAGER = EVENT.replace("path: videos.yaml", "path: videos.yaml, every: 1 second")


@contextmanager
def serving(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline", "serve", "--tick", "0.2", "--no-server"),
            *("-C", str(workspace.root)),
        ],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def eventually(holds: Callable[[], bool]) -> bool:
    """Wait for another process to make something true."""
    pause, end = threading.Event(), time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if holds():
            return True
        pause.wait(0.05)
    return False


def titles(root: Path) -> set[str]:
    try:
        items = json.loads((root / "feeds" / "feed.json").read_text("utf-8"))["items"]
    except FileNotFoundError:
        return set()
    return {item["title"] for item in items}


@pytest.fixture
def eager(tea: Workspace) -> Workspace:
    tea.write("data/teaconf-2031/event.yaml", EAGER)
    tea.list_videos(TEA)
    return tea


def test_serve_publishes_what_is_added_to_the_list_and_survives_being_killed(
    eager: Workspace,
) -> None:
    first, second = "Brewing Tea at Scale", "Porcelain in Production"
    with serving(eager) as process:
        assert eventually(lambda: titles(eager.root) == {first})
        eager.list_videos(TEA, PORCELAIN)
        assert eventually(lambda: titles(eager.root) == {first, second})
        process.send_signal(signal.SIGKILL)
    eager.list_videos(TEA, PORCELAIN, UNTITLED)
    with serving(eager):
        assert eventually(lambda: titles(eager.root) == {first, second, "Whistling Kettles"})


def test_serve_takes_an_edit_over_though_no_list_is_due(eager: Workspace) -> None:
    rarely = EAGER.replace("1 second", "9 weeks")
    eager.write("data/teaconf-2031/event.yaml", rarely)
    with serving(eager):
        assert eventually(lambda: titles(eager.root) == {"Brewing Tea at Scale"})
        eager.write("data/teaconf-2031/event.yaml", rarely.replace("Tea at Scale", "Tea, Slowly"))
        assert eventually(lambda: titles(eager.root) == {"Brewing Tea, Slowly"})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_within_ten_seconds_of_a_signal(eager: Workspace, number: int) -> None:
    with serving(eager) as process:
        assert eventually(lambda: bool(titles(eager.root)))
        process.send_signal(number)
        out, _ = process.communicate(timeout=10)
    assert (process.returncode, out.splitlines()[-1]) == (0, "Ended.")


INTERRUPTED = """
import signal, sys, threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from pipeline.config import load_config
from pipeline.service.jobs import serve

lines = 0

def inside(frame, event, arg):
    global lines
    lines += event == "line"
    if lines == 2:  # the lock of what the main thread waits for is held there
        sys.settrace(None)
        signal.raise_signal(signal.SIGTERM)
    return inside

@contextmanager
def watched(service):
    wait = threading.Event.wait.__code__
    sys.settrace(lambda frame, *_: inside if frame.f_code is wait else None)
    yield

sys.exit(serve(load_config(Path()), tick_s=15, say=print, warn=print, beside=watched))
"""


def test_serve_ends_though_the_signal_comes_while_a_lock_is_held(eager: Workspace) -> None:
    result = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        cwd=eager.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "Ended.")


def test_service_has_not_ended_while_it_clears_away(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> None:
        begun.set()
        assert go_on.wait(PATIENCE_S)

    monkeypatch.setattr("pipeline.service.upkeep.clear", slow)
    service = Service(tea.config, say=print, warn=print)
    worker = threading.Thread(target=service.clear_away)
    worker.start()
    assert begun.wait(PATIENCE_S)
    service.stop()
    during = service.ended(0)
    go_on.set()
    assert (during, service.ended(PATIENCE_S)) == (False, True)
    worker.join()


def test_serve_says_what_is_broken_once_and_that_all_is_well_again(eager: Workspace) -> None:
    with serving(eager) as process:
        assert eventually(lambda: bool(titles(eager.root)))
        eager.write("data/teaconf-2031/event.yaml", EAGER.replace("start:", "begin:"))
        status = eager.root / "feeds" / "status.json"
        assert eventually(status.exists)
        assert eventually(lambda: "event.yaml:3" in status.read_text("utf-8"))
        eager.write("data/teaconf-2031/event.yaml", EAGER)
        assert eventually(lambda: "event.yaml:3" not in status.read_text("utf-8"))
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=10)
    assert out.count("unknown key 'begin'") == 1
    assert out.count("all is well again") == 1


def test_a_one_off_beside_a_service_publishes_or_says_who_holds_the_lock(eager: Workspace) -> None:
    command = [sys.executable, "-m", "pipeline", "publish", "-q", "-C", str(eager.root)]
    with serving(eager) as process:
        assert eventually(lambda: bool(titles(eager.root)))
        for _ in range(3):
            result = subprocess.run(
                command, cwd=REPOSITORY, capture_output=True, text=True, check=False
            )
            assert result.returncode in (0, 75), result.stderr
            assert result.returncode == 0 or str(process.pid) in result.stderr
    assert titles(eager.root) == {"Brewing Tea at Scale"}


def test_a_run_that_is_asked_for_sees_what_was_changed_a_moment_ago(eager: Workspace) -> None:
    rarely = EAGER.replace("1 second", "9 weeks")
    eager.write("data/teaconf-2031/event.yaml", rarely)
    service = Service(eager.config, say=lambda _: None, warn=lambda *_: None)
    for _ in range(3):
        service.tick()
    eager.write("data/teaconf-2031/event.yaml", rarely.replace("Tea at Scale", "Tea, Slowly"))
    service.runner.publish(Want(offline=True))
    service.stop()
    assert titles(eager.root) == {"Brewing Tea, Slowly"}


def test_a_line_of_what_is_wrong_has_the_ids_of_what_it_speaks_of(eager: Workspace) -> None:
    warned: list[Mapping[str, str]] = []
    service = Service(
        eager.config, say=lambda _: None, warn=lambda _, ids: warned.append(dict(ids))
    )
    eager.write("data/teaconf-2031/videos.yaml", "videos: [")
    eager.write("data/cupconf-2031/event.yaml", "id: cupconf-2031\n")
    service.tick()
    service.stop()
    ids = {"event": "teaconf-2031", "watch": "file-videos"}
    assert [warned[0], warned[-1]] == [{"event": "cupconf-2031"}, ids]


def test_a_service_goes_on_when_a_clock_that_ran_ahead_is_mended(eager: Workspace) -> None:
    right, ahead = eager.now, eager.now + timedelta(days=9000)
    moments = [ahead, right, right + timedelta(hours=1)]
    service = Service(
        eager.config, say=lambda _: None, warn=lambda *_: None, clock=lambda: moments[0]
    )
    service.tick()
    moments.pop(0)
    eager.list_videos(TEA, PORCELAIN)
    service.tick()
    stopped = titles(eager.root)
    mend = Mend(since=ahead, until=ahead, at=right)
    FolderStore(eager.root / "data").decide(
        Decision(id="", time=right, verb=Verb.MEND_CLOCK, by="Ada", mend=mend)
    )
    moments.pop(0)
    service.tick()
    service.stop()
    assert (stopped, titles(eager.root)) == (
        {"Brewing Tea at Scale"},
        {"Brewing Tea at Scale", "Porcelain in Production"},
    )
