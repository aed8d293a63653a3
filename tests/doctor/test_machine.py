from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.doctor import machine
from pipeline.doctor.finding import broken, ok, warn
from pipeline.files.lock import hold
from tests.builders import NOW
from tests.workspace import Workspace

Usage = namedtuple("Usage", "total used free")
SECOND = timedelta(seconds=1)


def test_folders_that_are_not_there_will_be_made(tea: Workspace) -> None:
    assert list(machine.folders(tea.config)) == [
        ok("folder data", "can be written to"),
        ok("folder feeds", "will be made"),
        ok("folder .recap", "will be made"),
    ]


def test_a_folder_that_cannot_be_written_to_is_broken(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    found = next(machine.folders(tea.config))
    assert found == broken(
        "folder data",
        f"{tea.root / 'data'} cannot be written to: Read-only file system",
        do="mend its rights, or run as the user that owns it",
    )


def test_folders_are_left_as_they_were(tea: Workspace) -> None:
    before = sorted(tea.root.rglob("*"))
    list(machine.folders(tea.config))
    assert sorted(tea.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("free", "level"), [(10**12, "ok"), (499_000_000, "warn"), (49_000_000, "broken")]
)
def test_room_is_judged_by_what_is_free(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))
    assert machine.room(tea.config).level == level


def test_versions_are_told() -> None:
    found = machine.versions()
    assert (found.level, f"SQLite {sqlite3.sqlite_version}" in found.words) == ("ok", True)


def test_an_old_sqlite_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    assert machine.versions().level == "broken"


def test_a_state_that_is_not_there_is_in_order(tmp_path: Path) -> None:
    assert machine.database(tmp_path / "state.sqlite").level == "ok"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("body", "level"), [(b"", "ok"), (b"no database at all" * 99, "broken")])
def test_a_state_is_judged_by_whether_it_can_be_read(
    tmp_path: Path, body: bytes, level: str
) -> None:
    (tmp_path / "state.sqlite").write_bytes(body)
    assert machine.database(tmp_path / "state.sqlite").level == level
    assert (tmp_path / "state.sqlite").read_bytes() == body


def test_a_lock_that_nobody_holds_is_free_though_a_note_is_left(tea: Workspace) -> None:
    with hold(tea.config.data, holder=tea.config.state / "holder.json", now=NOW):
        pass
    assert machine.lock(tea.config, NOW) == ok("lock", "free")


@pytest.mark.parametrize(("hours", "level"), [(0.5, "ok"), (2, "warn")])
def test_a_lock_that_is_held_for_long_is_worth_a_look(
    tea: Workspace, hours: float, level: str
) -> None:
    with hold(tea.config.data, holder=tea.config.state / "holder.json", now=NOW):
        found = machine.lock(tea.config, NOW + timedelta(hours=hours))
    assert (found.level, "2031-05-20T12:00:00Z" in found.words) == (level, True)


def test_a_lock_whose_holder_left_no_note_is_held(tea: Workspace) -> None:
    note = tea.config.state / "holder.json"
    with hold(tea.config.data, holder=note, now=NOW):
        note.write_text(json.dumps({}), encoding="utf-8")
        found = machine.lock(tea.config, NOW)
    assert (found.level, "another run is at work" in found.words) == ("ok", True)


def test_no_data_is_no_lock(tea: Workspace) -> None:
    tea.drop("data")
    assert machine.lock(tea.config, NOW) == ok("lock", "there is no data/ yet")


@pytest.mark.parametrize(("off", "level"), [(60, "ok"), (-61, "warn"), (301, "broken")])
def test_the_clock_is_judged_by_what_a_server_says(off: int, level: str) -> None:
    found = machine.clock(NOW, dates=[("example.org", NOW + off * SECOND)])
    assert (found.level, f"{abs(off)} s from what example.org says" in found.words) == (level, True)


def test_the_clock_is_right_where_one_server_says_so() -> None:
    dates = [("wrong.example.org", NOW + timedelta(days=9)), ("right.example.org", NOW)]
    assert machine.clock(NOW, dates=dates) == ok(
        "clock", "2031-05-20T12:00:00Z, 0 s from what right.example.org says"
    )


def test_the_clock_is_not_judged_where_nobody_was_asked() -> None:
    assert machine.clock(NOW, dates=[]).level == "ok"


def test_what_a_person_should_look_at_is_worse_than_what_is_in_order() -> None:
    from pipeline.doctor import worst

    found = [ok("a", ""), warn("b", "", do=""), ok("c", "")]
    assert (worst([]), worst(found), worst([*found, broken("d", "", do="")])) == (
        "ok",
        "warn",
        "broken",
    )
