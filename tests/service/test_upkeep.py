from __future__ import annotations

import os
from datetime import timedelta

import pytest

from pipeline.errors import BusyError
from pipeline.files.lock import hold
from pipeline.service.upkeep import Cleared, clear
from pipeline.state.database import Look, State
from tests.workspace import TEA, Workspace

DAY = timedelta(days=1)
NAMED, GONE, RECENT = "a" * 64, "b" * 64, "c" * 64


def cleared(tea: Workspace) -> Cleared | None:
    config = tea.config
    with State.open(config.state / "state.sqlite") as state:
        return clear(config, state=state, now=tea.now)


def picture(tea: Workspace, digest: str, *, age: timedelta) -> None:
    folder = tea.root / ".recap" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    moment = (tea.now - age).timestamp()
    (folder / f"{digest}.png").write_bytes(b"")
    os.utime(folder / f"{digest}.png", (moment, moment))


def test_clear_removes_old_pictures_that_no_ledger_names(tea: Workspace) -> None:
    tea.write("data/teaconf-2031/recordings.yaml", f"videos: {{x: {{image_sha256: {NAMED}}}}}\n")
    picture(tea, NAMED, age=90 * DAY)
    picture(tea, GONE, age=90 * DAY)
    picture(tea, RECENT, age=DAY)
    made = cleared(tea)
    left = sorted(path.stem for path in (tea.root / ".recap" / "images").iterdir())
    assert (made and made.pictures, left) == (1, [NAMED, RECENT])


def test_clear_gives_back_the_room_of_deleted_rows(tea: Workspace) -> None:
    config = tea.config
    with State.open(config.state / "state.sqlite") as state:
        for _ in range(3):
            state.add_run(
                started=tea.now, finished=tea.now, exit_code=0, report={"x": "tea" * 200_000}
            )
        with state.transaction() as connection:
            connection.exec_driver_sql("DELETE FROM runs")
        # What was written stands in the log beside the file until then.
        with state.durable() as connection:
            connection.exec_driver_sql("DELETE FROM runs")
    made = cleared(tea)
    assert made is not None
    assert (config.state / "state.sqlite").stat().st_size < 300_000
    assert made.size_bytes > 1_000_000


def test_clear_is_done_once_a_day(tea: Workspace) -> None:
    first = cleared(tea)
    tea.later(hours=23)
    second = cleared(tea)
    tea.later(hours=1)
    third = cleared(tea)
    assert [one is None for one in (first, second, third)] == [False, True, False]


def test_clear_is_done_when_the_clock_was_set_back(tea: Workspace) -> None:
    cleared(tea)
    tea.later(days=-9)
    assert cleared(tea) is not None


def test_clear_leaves_a_run_that_is_under_way_alone(tea: Workspace) -> None:
    config = tea.config
    note = config.state / "holder.json"
    with hold(config.data, holder=note, now=tea.now), pytest.raises(BusyError):
        cleared(tea)
    assert cleared(tea) is not None


def test_clear_changes_nothing_that_is_published(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    before = {path: path.read_bytes() for path in tea.root.glob("[!.]*/**/*") if path.is_file()}
    cleared(tea)
    assert {path: path.read_bytes() for path in before} == before
    assert len(before) > 10


LOOKED = (
    "teaconf-2031/file-videos",
    "teaconf-2031/gone",
    "teaconf-2031/:programme",
    "cupconf-2031/list",
    "potconf-2031/list",
    ":notify/team",
)


def known(tea: Workspace, *, tried: timedelta) -> set[str]:
    """Note looks that were `tried` so long ago, clear away, and return those that are known."""
    looks = dict.fromkeys(LOOKED, Look(last_try=tea.now - tried))
    validators = {key: {"https://example.org/": ("etag", None)} for key in LOOKED}
    with State.open(tea.config.state / "state.sqlite") as state:
        state.commit(looks=looks, validators=validators)
    cleared(tea)
    with State.open(tea.config.state / "state.sqlite") as state:
        left = {key for key in LOOKED if state.validators(key)}
        assert left == {*state.tries()} - {":upkeep"}
    return left


def test_clear_forgets_lists_that_no_event_names_any_more(tea: Workspace) -> None:
    tea.write("data/cupconf-2031/event.yaml", "id: [")
    assert known(tea, tried=91 * DAY) == {*LOOKED} - {"teaconf-2031/gone", "potconf-2031/list"}


def test_clear_keeps_what_is_known_of_lists_for_some_time(tea: Workspace) -> None:
    assert known(tea, tried=90 * DAY) == {*LOOKED}
