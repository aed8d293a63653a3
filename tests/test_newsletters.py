"""Newsletter programs that mail what a feed shows: every release once, whatever came between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.outputs.feeds import Row, parse_json
from tests.workspace import CONFIG, START, Workspace

EVENT = """\
id: teaconf-2031
name: TeaConf 2031
start: 2031-05-17
end: 2031-05-18
timezone: Europe/Berlin
watch:
  - {kind: file, path: videos.yaml}
talks:
  - {id: brewing-tea, title: Brewing Tea at Scale, speakers: [Ada Example]}
  - {id: porcelain, title: Porcelain in Production, speakers: [Grace Sample]}
  - {id: kettles, title: Whistling Kettles Considered Harmful, speakers: [Alan Specimen]}
  - {id: spoons, title: Spoons without Borders, speakers: [Bo Sample]}
"""
TALKS = ("brewing-tea", "porcelain", "kettles", "spoons")

TEA = "{id: tea00000001, title: Brewing Tea at Scale - Ada Example}"
TEA_AGAIN = "{id: tea00000002, title: 'Brewing Tea at Scale - Ada Example (better sound)'}"
PORCELAIN = "{id: por00000001, title: Porcelain in Production - Grace Sample%s}"
PRIVATE = PORCELAIN % ", access: private, published: 2031-05-23"
PUBLIC = PORCELAIN % ", published: 2031-05-23"
KETTLES = (
    "{id: ket00000001, title: Whistling Kettles Considered Harmful - Alan Specimen, "
    "published: 2031-05-30}"
)
HALLWAY = "{id: hal00000001, title: In the hallway, published: 2031-05-25}"

STEP = timedelta(hours=12)
DAYS = 30


@dataclass
class Weekly:
    """Mails the items that are dated after its last mailing."""

    last: datetime = START
    mailed: list[str] = field(default_factory=list)

    def poll(self, rows: list[Row], now: datetime) -> None:
        """Mail, once a week."""
        if now - self.last >= timedelta(days=7):
            self.mailed += [row.id for row in rows if row.published > self.last]
            self.last = now


@dataclass
class Finder:
    """Mails what it has not seen before, and passes over what is older than a day by then."""

    seen: set[str] = field(default_factory=set)
    mailed: list[str] = field(default_factory=list)

    def poll(self, rows: list[Row], now: datetime) -> None:
        """Mail what is new."""
        fresh = [row for row in rows if row.id not in self.seen]
        self.mailed += [row.id for row in fresh if now - row.published <= timedelta(days=1)]
        self.seen |= {row.id for row in fresh}


def happen(made: Workspace, day: int) -> None:
    """Change the world as it changed on that day."""
    match day:
        case 2:
            made.list_videos(TEA)
        case 3:
            made.list_videos(TEA, PRIVATE)
        case 5:
            made.list_videos(TEA, PRIVATE, HALLWAY)
        case 8:  # The list cannot be read for five days.
            made.write("data/teaconf-2031/videos.yaml", "<html>502 Bad Gateway</html>")
        case 13:
            made.list_videos(TEA, PRIVATE, HALLWAY, KETTLES)
        case 17:  # What was private for two weeks keeps its platform's date.
            made.list_videos(TEA, PUBLIC, HALLWAY, KETTLES)
        case 20:  # A new upload of the same talk, and the programme's title is corrected.
            made.list_videos(TEA, TEA_AGAIN, PUBLIC, HALLWAY, KETTLES)
            better = EVENT.replace("Porcelain in", "Fine Porcelain in")
            made.write("data/teaconf-2031/event.yaml", better)
        case 22:
            made.write("config.yaml", CONFIG.replace("//recaps.", "//elsewhere."))
        case 25:  # A person finds out what the video of day 5 is.
            made.write(
                "data/teaconf-2031/decisions/20310614T130000Z-0a1b2c.yaml",
                "verb: link\nvideo: youtube:hal00000001\ntalk: spoons\n"
                "by: Ada\ntime: 2031-06-14T13:00:00Z\n",
            )


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> tuple[Weekly, Finder]:
    """Both programs after thirty days of two passes each."""
    made = Workspace(tmp_path_factory.mktemp("newsletters"))
    made.write("config.yaml", CONFIG)
    made.write("data/teaconf-2031/event.yaml", EVENT)
    made.list_videos("{id: tra00000001, title: Trailer of TeaConf 2031}")
    weekly, finder = Weekly(), Finder()
    for day in range(DAYS):
        happen(made, day)
        for _ in range(timedelta(days=1) // STEP):
            made.pass_()
            rows = shown(made.root)
            weekly.poll(rows, made.now)
            finder.poll(rows, made.now)
            made.now += STEP
    made.state.close()
    made.state.close()
    return weekly, finder


def shown(root: Path) -> list[Row]:
    """Return what the feed of all events shows."""
    return parse_json((root / "feeds" / "feed.json").read_bytes())


def ids(*talks: str) -> list[str]:
    return sorted(f"tag:recaps.example.org,2031:teaconf-2031/{talk}" for talk in talks)


def test_a_tool_that_mails_what_is_dated_after_its_last_mailing_mails_each_release_once(
    tools: tuple[Weekly, Finder],
) -> None:
    weekly, _ = tools

    assert sorted(weekly.mailed) == ids(*TALKS)


def test_a_tool_that_skips_what_is_old_when_found_mails_each_release_once(
    tools: tuple[Weekly, Finder],
) -> None:
    _, finder = tools

    assert sorted(finder.mailed) == ids(*TALKS)


def test_nothing_but_the_releases_ever_looked_new(tools: tuple[Weekly, Finder]) -> None:
    _, finder = tools

    assert sorted(finder.seen) == ids(*TALKS)
