"""A recap's folder in a temporary place, and passes over it with a clock of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from pipeline.commands.terminal import fetch_maker
from pipeline.config import Config, load_config
from pipeline.model import RunReport, Want
from pipeline.run import publish
from pipeline.state.database import State

REPOSITORY = Path(__file__).parent.parent
STATUS = ("status.json", "status.html")
"""The files that say when somebody last looked; all others follow from the data."""

CAMP = "container-camp-sf-2016"
START = datetime(2031, 5, 20, 12, 0, tzinfo=UTC)

CONFIG = "site:\n  tag: recaps.example.org,2031\n  url: https://recaps.example.org/\n"

EVENT = """\
id: teaconf-2031
name: TeaConf 2031
start: 2031-05-17
end: 2031-05-18
timezone: Europe/Berlin
watch:
  - {kind: file, path: videos.yaml}
talks:
  - id: brewing-tea
    title: Brewing Tea at Scale
    speakers: [{name: Ada Example, role: Brewer, affiliation: Teapot}]
  - id: porcelain
    title: Porcelain in Production
    speakers: [Grace Sample]
  - id: untitled
    speakers: [Alan Specimen]
"""

TEA = "{id: tea00000001, title: Brewing Tea at Scale - Ada Example, length: '21:10'}"
PORCELAIN = "{id: por00000001, title: Porcelain in Production - Grace Sample, length: '30:00'}"
UNTITLED = "{id: unt00000001, title: Whistling Kettles - Alan Specimen, length: '12:34'}"


@dataclass(slots=True)
class Workspace:
    """`now` is the clock of the next pass; `state` is kept between passes unless dropped."""

    root: Path
    now: datetime = START
    # Looked up when it is called, for conftest.py closes what it returns.
    state: State = field(default_factory=lambda: State.in_memory())  # noqa: PLW0108
    wait_s: float = 0.0

    @property
    def config(self) -> Config:
        return load_config(self.root)

    @property
    def event_folder(self) -> Path:
        return self.root / "data" / "teaconf-2031"

    def write(self, path: str, body: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(body, encoding="utf-8")

    def list_videos(self, *rows: str) -> None:
        """Let the watch list of teaconf-2031 show `rows`."""
        body = "videos:\n" + "".join(f"  - {row}\n" for row in rows) if rows else "videos: []\n"
        self.write("data/teaconf-2031/videos.yaml", body)

    def pass_(self, **want: object) -> RunReport:
        """Run one pass."""
        return publish(
            self.config,
            now=self.now,
            state=self.state,
            open_fetch=fetch_maker(self.config, self.now),
            want=Want(**want),  # type: ignore[arg-type]  # fields by name
            wait_s=self.wait_s,
        )

    def later(self, **more: float) -> None:
        """Let time pass."""
        self.now += timedelta(**more)

    def forget(self) -> None:
        """Lose the state, as a fresh checkout does."""
        self.state.close()
        self.state = State.in_memory()

    def drop(self, *folders: str) -> None:
        """Delete folders below the root."""
        for folder in folders:
            shutil.rmtree(self.root / folder, ignore_errors=True)

    def ledger(self, event_id: str = "teaconf-2031") -> dict[str, dict[str, dict[str, object]]]:
        """Return recordings.yaml as plain values."""
        path = self.root / "data" / event_id / "recordings.yaml"
        loaded: dict[str, dict[str, dict[str, object]]] = yaml.safe_load(path.read_text("utf-8"))
        return loaded

    def links(self, event_id: str = "teaconf-2031") -> dict[str, str]:
        """Return video key to talk id of every automatic link in the ledger."""
        found = {}
        for key, row in self.ledger(event_id)["videos"].items():
            match = row["match"]
            assert isinstance(match, dict)
            if match["verdict"] == "auto":
                found[key] = match["talk"]
        return found


def tea_workspace(root: Path, *rows: str) -> Workspace:
    """Return a small invented event whose list shows `rows`."""
    made = Workspace(root)
    made.write("config.yaml", CONFIG)
    made.write("data/teaconf-2031/event.yaml", EVENT)
    made.list_videos(*rows)
    return made


def camp_workspace(root: Path) -> Workspace:
    """Return a copy of the shipped dataset, as a fresh clone has it."""
    made = Workspace(root)
    shutil.copy(REPOSITORY / "config.yaml", root / "config.yaml")
    folder = root / "data" / CAMP
    folder.mkdir(parents=True)
    for name in ("event.yaml", "videos.yaml"):
        shutil.copy(REPOSITORY / "data" / CAMP / name, folder / name)
    return made


def files_below(folder: Path, *, leave_out: Iterable[str] = ()) -> dict[str, tuple[bytes, int]]:
    """Return path to bytes and mtime of every file below `folder`."""
    skip = set(leave_out)
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() not in skip
    }


def bytes_below(folder: Path, *, leave_out: Iterable[str] = STATUS) -> dict[str, bytes]:
    """Return path to bytes of every file below `folder`, those of `STATUS` apart."""
    return {path: body for path, (body, _) in files_below(folder, leave_out=leave_out).items()}
