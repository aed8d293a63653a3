"""Archive pages that are printed while their events are at hand, before shared feeds are due."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from pipeline.errors import OutputError
from pipeline.model import Artifact, Collection, Site
from pipeline.stages import printing
from pipeline.stages.memory import Memory
from pipeline.stages.printing import Printer
from pipeline.stages.spool import Spool
from tests.subscriber import walk
from tests.test_feed_history import conference, conferences, print_, unsynced
from tests.workspace import bytes_below

__all__ = ["unsynced"]


def test_archive_pages_are_printed_while_their_events_are_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(Printer, "_published", lambda _, event_id: read.append(event_id))
    print_(tmp_path, conferences(1000, each=5), light=True)
    assert (read, len(walk(tmp_path / "feeds", "feed.json"))) == ([], 10)


class HalfPagesFail:
    """An output of the archive pages of all events that are full."""

    def render(self, given: Collection, site: Site) -> tuple[Artifact, ...]:
        if given.kind != "all" or given.page is None:
            return ()
        if len(given.entries) < 100:
            raise OutputError(f"only {len(given.entries)} of {site.title}")
        return (Artifact(path=f"archive/{given.page}.txt", body=b"full"),)


def test_a_page_that_cannot_be_printed_ahead_is_no_failure_where_it_can_be_at_last(
    tmp_path: Path,
) -> None:
    numbers = ((1, 51), (101, 221), (51, 101))
    events = [conference(at, *range(*each), series=None) for at, each in enumerate(numbers)]
    memory = Memory()
    memory.renderers = (HalfPagesFail(),)
    print_(tmp_path, events, memory=memory)
    assert (tmp_path / "feeds/archive/1.txt").read_bytes() == b"full"


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("late", [3, 40, 600])
def test_pages_printed_ahead_have_the_bytes_of_those_printed_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, late: int
) -> None:
    """The later some talks are released, the less do numbers follow the events."""
    random = Random(seed)  # noqa: S311 - the same every time
    numbers = sorted(range(1, 601), key=lambda number: number + random.choice((0, 0, 0, late)))
    events = [
        conference(at, *numbers[at * 20 : at * 20 + 20], series=random.choice(("tea", None)))
        for at in range(30)
    ]
    monkeypatch.setattr(printing, "_LENT", 8)
    used = 0

    def taken(spool: Spool, inputs: str) -> tuple[Artifact, ...]:
        nonlocal used
        found = get(spool, inputs)
        used += any("archive/" in one.path for one in found)
        return found

    get = Spool.get
    monkeypatch.setattr(Spool, "get", taken)
    print_(tmp_path / "ahead", events, light=True)
    monkeypatch.setattr(Spool, "get", lambda *_: ())
    print_(tmp_path / "last", events, light=True)
    assert bytes_below(tmp_path / "ahead/feeds") == bytes_below(tmp_path / "last/feeds")
    assert used > 0 or late > 3
