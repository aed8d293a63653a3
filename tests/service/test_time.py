"""The service through sleeps, clock changes and restarts: every slot once, none twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.ledger.announcing import slot_after
from pipeline.service.clockwork import Clockwork
from pipeline.service.jobs import Service, jobs
from pipeline.state.database import State
from pipeline.written import plans
from tests.ticking import Time, time
from tests.workspace import CONFIG, START, Workspace

__all__ = ["time"]

TICK = timedelta(minutes=30)
PLAN = "daily 02:15"
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
NIGHTS = {
    "Europe/Berlin": ("2031-03-30", "2031-10-26"),
    "America/New_York": ("2031-03-09", "2031-11-02"),
    "Australia/Lord_Howe": ("2031-10-05", "2031-04-06"),
}
"""When clocks go forward and back; Lord Howe's by half an hour."""

DATASET = """\
id: teaconf-2031
name: TeaConf 2031
start: {day}
timezone: {zone}
announce: {plan}
watch:
  - {{kind: file, path: videos.yaml}}
talks:
"""


class Desk:
    """A service at work on a workspace by the test's clock, and what it said."""

    def __init__(self, tea: Workspace, time: Time) -> None:
        self.said: list[str] = []
        self.warned: list[str] = []
        self._tea, self._time = tea, time
        self._service = self._made()

    def _made(self) -> Service:
        return Service(
            self._tea.config,
            say=self.said.append,
            warn=lambda line, _: self.warned.append(line),
            clock=self._time,
        )

    def start(self) -> Clockwork:
        """Start it; what ran before is gone, as after a kill."""
        self.end()
        self._service = self._made()
        return self._time.started(jobs(self._service, tick=TICK))

    def end(self) -> None:
        """End its threads."""
        self._service.stop()
        assert self._service.ended(30)


@pytest.fixture
def desk(tea: Workspace, time: Time) -> Iterator[Desk]:
    with ExitStack() as ends:
        made = Desk(tea, time)
        ends.callback(made.end)
        yield made


def video(number: int) -> str:
    return f"{{id: cup{number:08}, title: Cup number {number} of tea, length: '20:0{number}'}}"


def told(tea: Workspace) -> list[datetime]:
    """Return when each announcement was made, after that of what the first look found."""
    opening, *rows = FolderStore(tea.config.data).ledger("teaconf-2031").announcements
    assert (opening.kind, opening.talks) == ("backlog", ("cup-0",))
    return [row.time for row in rows]


def prepare(tea: Workspace, *, zone: str, plan: str, day: str = "2031-05-17") -> None:
    talks = "".join(f"  - {{id: cup-{n}, title: Cup number {n} of tea}}\n" for n in range(9))
    body = DATASET.format(zone=zone, plan=plan, day=day) + talks
    tea.write("data/teaconf-2031/event.yaml", body)
    tea.list_videos(video(0))


@pytest.mark.parametrize(("zone", "night"), [(z, night) for z in ZONES for night in NIGHTS[z]])
def test_service_announces_once_a_night_while_clocks_change(
    tea: Workspace, time: Time, desk: Desk, zone: str, night: str
) -> None:
    prepare(tea, zone=zone, plan=PLAN, day=night)
    changed = datetime.fromisoformat(f"{night}T23:00").replace(tzinfo=ZoneInfo(zone))
    time.now = (changed - timedelta(days=3)).astimezone(UTC)
    desk.start()
    time.turn()
    slots = []
    for number in (1, 2, 3):
        tea.list_videos(*(video(each) for each in range(number + 1)))
        slots.append(slot_after(time.now, plans.parse_plan(PLAN), ZoneInfo(zone)))
        time.passes(step=TICK, hours=5)
        time.now = (changed - timedelta(days=3 - number)).astimezone(UTC)
    late = [made - slot for made, slot in zip(told(tea), slots, strict=True)]
    assert all(timedelta() <= one < TICK for one in late), late
    assert desk.warned == []


def test_service_makes_up_once_for_three_days_of_sleep(
    tea: Workspace, time: Time, desk: Desk
) -> None:
    prepare(tea, zone="Europe/Berlin", plan="daily 09:00")
    desk.start()
    time.turn()
    tea.list_videos(video(0), video(1))
    time.passes(step=TICK, hours=1)
    time.jumps(days=3)
    time.turn()
    awake = time.now
    time.passes(step=3 * TICK, days=1)
    assert told(tea) == [awake]


@pytest.mark.parametrize("slot", ["13:30", "14:30", "15:30"])
def test_service_announces_once_though_the_clock_is_set_back_an_hour(
    tea: Workspace, time: Time, desk: Desk, slot: str
) -> None:
    prepare(tea, zone="UTC", plan=f"daily {slot}")
    made = desk.start()
    time.turn()
    tea.list_videos(video(0), video(1))
    time.passes(step=TICK, hours=2)  # until 14:00; the first slot is over by then
    time.jumps(hours=-1)
    made.set_right()
    time.turn()
    time.passes(step=TICK, hours=4)
    time.passes(step=6 * TICK, days=1)
    assert told(tea) == [datetime.fromisoformat(f"2031-05-20T{slot}Z")]


def test_service_that_is_restarted_again_and_again_neither_asks_nor_announces_twice(
    tea: Workspace, time: Time, desk: Desk
) -> None:
    prepare(tea, zone="UTC", plan="daily 12:40")
    looked: set[datetime | None] = set()
    for number in range(45):
        desk.start()
        time.turn()
        if number == 1:
            tea.list_videos(video(0), video(1))
        with State.open(tea.root / ".recap" / "state.sqlite") as state:
            looked.add(state.look("teaconf-2031/file-videos").last_try)
        time.jumps(minutes=1)
    assert told(tea) == [START + timedelta(minutes=40)]
    # Every half hour, and ten minutes after something new.
    assert looked == {START + timedelta(minutes=minutes) for minutes in (0, 29, 39)}


def test_service_takes_a_changed_configuration_over(tea: Workspace, time: Time, desk: Desk) -> None:
    tea.list_videos()
    desk.start()
    time.turn()
    tea.write("config.yaml", CONFIG.replace("url:", "title: Tea, recorded\n  url:"))
    time.passes(step=TICK, minutes=30)
    assert "Tea, recorded" in (tea.root / "feeds" / "feed.json").read_text("utf-8")


def test_service_keeps_the_old_configuration_where_the_new_one_is_bad_and_says_why(
    tea: Workspace, time: Time, desk: Desk
) -> None:
    tea.write("config.yaml", CONFIG.replace("url:", "title: Tea, recorded\n  url:"))
    desk.start()
    time.turn()
    tea.write("config.yaml", CONFIG.replace("url:", "tilte: Tea\n  url:"))
    time.passes(step=TICK, minutes=30)
    tea.write("config.yaml", CONFIG.replace("url:", "title: Kettles, recorded\n  url:"))
    time.passes(step=TICK, minutes=30)
    assert desk.warned == [
        "config.yaml:3:3: site.tilte: unknown key 'tilte'; did you mean 'title'?",
        "config.yaml: the configuration that was read before this change stays until it is mended",
    ]
    assert desk.said[-1] == "all is well again"
    assert "Kettles, recorded" in (tea.root / "feeds" / "feed.json").read_text("utf-8")


def test_service_clears_away_once_a_day(tea: Workspace, time: Time, desk: Desk) -> None:
    desk.start()
    time.turn()
    time.passes(step=TICK, minutes=30)
    folder = tea.root / ".recap" / "images"
    folder.mkdir(parents=True)
    (folder / f"{'0' * 64}.png").write_bytes(b"")
    time.passes(step=timedelta(hours=1), hours=20)
    kept = list(folder.iterdir())
    time.jumps(days=60)
    time.turn()
    assert (len(kept), list(folder.iterdir())) == (1, [])
