"""Readers that poll while runs publish get whole files of one run, and get one each time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

from tests.workspace import CONFIG, EVENT, REPOSITORY, Workspace

ROUNDS = int(os.environ.get("RECAP_ROUNDS", "20"))
"""Runs that publish; `make torture` has 1,000."""

TALKS = 12
EVENT_HEAD = EVENT.partition("talks:")[0]


def retitled(number: int) -> str:
    """Return event.yaml, every talk of which is told as in round `number`."""
    rows = "".join(
        f"  - id: talk-{index}\n    title: Talk {index} of round {number}.\n"
        f"    speakers: [Ada Example]\n    recordings: ['youtube:rdr{index:08}']\n"
        f"    summary: |\n      What was poured in round {number}. {'Tea. ' * 200}\n"
        for index in range(TALKS)
    )
    return f"{EVENT_HEAD}talks:\n{rows}"


def parse_html(body: bytes) -> None:
    assert body.startswith(b"<!doctype html>"), body[:40]
    assert body.endswith(b"</html>\n"), body[-40:]


PARSERS: dict[str, Callable[[bytes], object]] = {
    "atom.xml": ElementTree.fromstring,
    "rss.xml": ElementTree.fromstring,
    "feed.json": json.loads,
    "index.html": parse_html,
}


@dataclass(slots=True)
class Reader:
    """Reads files again and again; `torn` says what was wrong, `seen` how many rounds came by."""

    paths: tuple[Path, ...]
    reads: int = 0
    torn: list[str] = field(default_factory=list)
    seen: dict[Path, set[bytes]] = field(default_factory=dict)

    def poll(self, over: threading.Event) -> None:
        while not over.wait(0.001):  # leaves the other process its share
            for path in self.paths:
                self.read(path)

    def read(self, path: Path) -> None:
        self.reads += 1
        try:
            body = path.read_bytes()
            PARSERS[path.name](body)
        except (OSError, ValueError, SyntaxError, AssertionError) as error:
            self.torn.append(f"{path.name}: {error!r}")
            return
        rounds = set(re.findall(rb"round (\d+)\.", body))
        if len(rounds) > 1:
            self.torn.append(f"{path.name} tells of rounds {sorted(rounds)}")
        self.seen.setdefault(path, set()).update(rounds)


def publish(tea: Workspace, number: int) -> None:
    """Publish round `number` as people do: in a process of its own."""
    now = (tea.now + timedelta(minutes=number)).isoformat()
    tea.write("data/teaconf-2031/event.yaml", retitled(number))
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "publish", "-q", "-C", str(tea.root), "--now", now],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def files_of(feeds: Path, folders: Iterable[str]) -> tuple[Path, ...]:
    return tuple(feeds / folder / name for folder in folders for name in PARSERS)


def test_a_reader_that_polls_during_runs_gets_whole_files_of_one_run(tea: Workspace) -> None:
    tea.write("config.yaml", CONFIG)
    tea.list_videos(*(f"{{id: rdr{index:08}, title: Film {index}}}" for index in range(TALKS)))
    publish(tea, 0)
    reader = Reader(files_of(tea.root / "feeds", ("", "teaconf-2031")))
    over = threading.Event()
    polling = threading.Thread(target=reader.poll, args=(over,))
    polling.start()
    try:
        for number in range(1, ROUNDS + 1):
            publish(tea, number)
    finally:
        over.set()
        polling.join()
    assert reader.torn == []
    assert reader.reads > ROUNDS * len(reader.paths)
    told = [path for path in reader.paths if path != tea.root / "feeds" / "index.html"]
    assert min(len(reader.seen[path]) for path in told) > ROUNDS // 2
