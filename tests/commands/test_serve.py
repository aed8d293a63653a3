"""`recap serve` as people start it: where it is reached, and when it refuses."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests
from click.testing import CliRunner

from pipeline.cli import recap
from pipeline.commands import serve as module
from pipeline.web.server import bind
from tests.service.test_jobs import eventually
from tests.web.asking import SIGNED, TOKEN
from tests.workspace import REPOSITORY, TEA, Workspace

PATIENCE_S = 30


@contextmanager
def started(tea: Workspace, *options: str, **environment: str) -> Iterator[tuple[str, int]]:
    """Start the service with a free port, yield its address and process, and end it politely."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline", "serve", "--tick", "0.2", "--port", "0"),
            *("-C", str(tea.root)),
            *options,
        ],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = ""
        for line in process.stdout:
            if found := re.search(r"Serving at (\S+)", line):
                address = found[1]
                break
        yield address, process.pid
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=10)
        assert (process.returncode, out.splitlines()[-1]) == (0, "Ended.")
    finally:
        process.kill()
        process.communicate()


def ready(address: str) -> Callable[[], bool]:
    return lambda: requests.get(f"{address}readyz", timeout=PATIENCE_S).status_code == 200


def test_serve_gives_out_what_it_publishes_and_takes_triggers(tea: Workspace) -> None:
    tea.list_videos(TEA)
    with started(tea) as (address, _):
        assert eventually(ready(address))
        feed = requests.get(f"{address}atom.xml", timeout=PATIENCE_S)
        made = requests.post(f"{address}api/publish", timeout=PATIENCE_S)
        healthy = requests.get(f"{address}healthz", timeout=PATIENCE_S)
    assert "Brewing Tea at Scale" in feed.text
    assert (made.status_code, made.json()["events"][0]["out"]) == (200, 1)
    assert (healthy.status_code, healthy.json()["health"]) == (200, "green")


def test_serve_ends_in_time_while_a_reader_holds_on(tea: Workspace) -> None:
    tea.list_videos(TEA)
    with started(tea) as (address, _), requests.Session() as reader:
        assert eventually(ready(address))
        assert reader.get(f"{address}atom.xml", timeout=PATIENCE_S).status_code == 200


def test_serve_lets_others_in_with_a_token(tea: Workspace) -> None:
    with started(tea, "--host", "0.0.0.0", RECAP_TOKEN=TOKEN) as (address, _):  # noqa: S104
        near = address.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        without = requests.get(f"{near}api/runs", timeout=PATIENCE_S)
        with_token = requests.get(f"{near}api/runs", headers=SIGNED, timeout=PATIENCE_S)
    assert (without.status_code, with_token.status_code) == (401, 200)


def refused(tea: Workspace, *options: str) -> tuple[int, str]:
    """Return the exit code and the words of a service that does not start."""
    result = subprocess.run(
        [sys.executable, "-m", "pipeline", "serve", "-C", str(tea.root), *options],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return result.returncode, result.stderr


def test_serve_refuses_an_open_address_without_a_token(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECAP_TOKEN", raising=False)
    code, words = refused(tea, "--host", "0.0.0.0", "--port", "0")  # noqa: S104
    assert (code, "set RECAP_TOKEN or RECAP_TOKEN_FILE" in words) == (2, True)
    assert not (tea.root / "feeds").exists()


def test_serve_refuses_a_port_that_is_taken(tea: Workspace) -> None:
    with bind("127.0.0.1", 0) as bound:
        code, words = refused(tea, "--port", str(bound.getsockname()[1]))
    assert (code, "cannot be opened" in words) == (2, True)


def only_schedules(monkeypatch: pytest.MonkeyPatch, tea: Workspace, *options: str) -> str:
    """Return what is said by a service whose scheduler is left out."""
    seen: list[object] = []

    def run(_config: object, *, beside: object, **_: object) -> int:
        seen.append(beside)
        return 0

    monkeypatch.setattr("pipeline.service.jobs.serve", run)
    result = CliRunner().invoke(recap, ["serve", "-C", str(tea.root), *options])
    from pipeline.service.jobs import alone

    assert (result.exit_code, seen) == (0, [alone])
    return result.output


def test_serve_only_schedules_where_it_is_asked_to(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = only_schedules(monkeypatch, tea, "--no-server")
    assert said == "Only scheduling: --no-server.\n"


def test_serve_only_schedules_without_the_extra_and_says_so(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "uvicorn" else object())
    said = only_schedules(monkeypatch, tea)
    assert said == (
        "Only scheduling: the server is not installed; "
        "`pip install 'recap-pipeline[server]'` adds it.\n"
    )
