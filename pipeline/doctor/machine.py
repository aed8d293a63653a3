"""What the machine gives: folders, room, versions, the state database, the lock, the clock."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from pipeline import __version__, report
from pipeline.config import Config
from pipeline.doctor.finding import Finding, broken, ok, warn
from pipeline.errors import BusyError, PipelineError
from pipeline.files.lock import probe

ROOM_BYTES = 50_000_000
"""Room below which nothing can be written for long; below ten times that it is said in time."""

SQLITE = (3, 35)
"""The oldest SQLite: RETURNING came with 3.35 (sqlite.org/lang_returning.html)."""

LONG = timedelta(hours=1)
"""A run that holds the lock for longer is worth a look."""

OFF = timedelta(seconds=60)
WRONG = timedelta(minutes=5)
"""A clock that is wrong by more takes uploads for announced ones (docs/dataset.md), or misses
some."""


def folders(config: Config) -> Iterator[Finding]:
    """Judge the folders that are written to; each is tried with a file that never has a name."""
    for folder in (config.data, config.feeds, config.state):
        name = f"folder {_below(folder, config.root)}"
        there = next(one for one in (folder, *folder.parents) if one.exists())
        try:
            with tempfile.TemporaryFile(dir=there):
                pass
        except OSError as error:
            yield broken(
                name,
                f"{there} cannot be written to: {error.strerror}",
                do="mend its rights, or run as the user that owns it",
            )
        else:
            yield ok(name, "can be written to" if there == folder else "will be made")


def room(config: Config) -> Finding:
    """Judge how much room is left where feeds/ is."""
    there = next(one for one in (config.feeds, *config.feeds.parents) if one.exists())
    free = shutil.disk_usage(there).free
    words = f"{free // 1_000_000:,} MB are free".replace(",", " ")
    if free < ROOM_BYTES:
        return broken("room", words, do="make room: a generation is written beside the last one")
    if free < 10 * ROOM_BYTES:
        return warn("room", words, do="make room before it runs out")
    return ok("room", words)


def versions() -> Finding:
    """Judge the versions of what this program runs on."""
    words = (
        f"recap-pipeline {__version__}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )
    if sqlite3.sqlite_version_info[:2] < SQLITE:
        least = ".".join(map(str, SQLITE))
        return broken("versions", words, do=f"use a Python whose SQLite is {least} or later")
    return ok("versions", words)


def database(path: Path) -> Finding:
    """Judge the state database without changing it."""
    if not path.exists():
        return ok("state", "there is none yet; the first run makes it")
    try:
        # Not read-only: that cannot read what a killed process left in the write-ahead log.
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    if found == "ok":
        return ok("state", f"{path.name} can be read")
    return broken(
        "state",
        f"{path} cannot be read: {found}",
        do="the next run moves a damaged one aside; what is published stays, and mails that had "
        "not left wait for you",
    )


def lock(config: Config, now: datetime) -> Finding:
    """Say whether a run is under way, and whether it has been for long."""
    if not config.data.is_dir():
        return ok("lock", "there is no data/ yet")
    try:
        since = probe(config.data, holder=config.state / "holder.json")
    except BusyError as error:
        return ok("lock", f"held: {error.message}")
    except PipelineError as error:
        return broken("lock", error.message, do="move the folder to a local disk")
    if since is None:
        return ok("lock", "free")
    if now - since < LONG:
        return ok("lock", f"a run has held it since {report.plain(since)}")
    return warn(
        "lock",
        f"a run has held it since {report.plain(since)}",
        do=f"look at {config.state / 'holder.json'}: if that process hangs, end it, and the lock "
        "goes with it",
    )


def clock(now: datetime, *, dates: Iterable[tuple[str, datetime]]) -> Finding:
    """Judge the clock by what servers say the time is; `dates` come with who says so.

    The one nearest to the clock counts: a wrong server does not make a clock wrong.
    """
    told = sorted(dates, key=lambda one: abs(now - one[1]))
    if not told:
        return ok("clock", f"{report.plain(now)}; nobody was asked for the time")
    host, moment = told[0]
    off = abs(now - moment)
    words = f"{report.plain(now)}, {int(off.total_seconds())} s from what {host} says"
    if off > WRONG:
        return broken("clock", words, do="set the clock right; let the system's time service do it")
    if off > OFF:
        return warn("clock", words, do="let the system's time service set it")
    return ok("clock", words)


def _below(folder: Path, root: Path) -> str:
    return str(folder.relative_to(root)) if folder.is_relative_to(root) else str(folder)
