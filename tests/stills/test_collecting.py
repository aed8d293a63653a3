"""The pictures of one pass: which are asked for, how many, for how long, and what is noted."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from pipeline.errors import FetchError
from pipeline.fetch import HttpFetch, Traffic, Validators
from pipeline.looking import Lookout
from pipeline.merging import Rulings
from pipeline.model import (
    Barred,
    Installation,
    Ledger,
    PublishedEvent,
    Recording,
    Response,
    SeenVideo,
    Standing,
    Want,
)
from pipeline.passage import Passed
from pipeline.state.database import State
from pipeline.stills import Stills, parse_picture
from pipeline.stills.collecting import Limits
from tests.builders import NOW, entry, no_secret, published, video
from tests.stills.pictures import png

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Images:
    """A server of preview images without a network; each answer takes `takes_s` of its clock.

    It answers nothing before `gate` is open.
    """

    failures: dict[str, FetchError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    takes_s: float = 0.0
    seconds: float = 0.0
    gate: threading.Event | None = None

    @contextmanager
    def open(
        self, validators: Mapping[str, Validators], traffic: Traffic | None = None
    ) -> Iterator[HttpFetch]:
        del validators, traffic
        yield cast("HttpFetch", self)

    def get(self, url: str, *, headers: Mapping[str, str], size_bytes: int) -> Response:
        del headers, size_bytes
        self.asked.append(url)
        self.seconds += self.takes_s
        if self.gate:
            self.gate.wait()
        if url in self.failures:
            raise self.failures[url]
        return Response(url=url, status=200, body=png(text=url.encode()), headers={})

    def clock(self) -> float:
        return self.seconds


@dataclass(slots=True)
class Run:
    """Passes over one event; `ledger` is what the last one saved."""

    folder: Path
    state: State
    images: Images = field(default_factory=Images)
    now: datetime = NOW
    per_run: int = 40
    budget_s: float = 20.0

    @contextmanager
    def stills(self, **want: object) -> Iterator[Stills]:
        with Lookout(
            state=self.state, open_fetch=self.images.open, secret=no_secret, now=self.now
        ) as lookout:
            yield Stills(
                lookout=lookout,
                state=self.state,
                feeds=self.folder / "feeds",
                cache=self.folder / "images",
                want=Want(**want),  # type: ignore[arg-type]  # fields by name
                now=self.now,
                limits=Limits(
                    per_run=self.per_run, budget_s=self.budget_s, clock=self.images.clock
                ),
            )

    def fill(self, passed: Passed, **want: object) -> Passed:
        with self.stills(**want) as stills:
            filled = stills.fill(passed, before=passed.ledger)
            stills.commit()
        return filled


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with State.in_memory() as state:
        yield Run(tmp_path, state)


def passed(count: int = 1) -> Passed:
    """Return an event of which `count` talks are out, each with a preview image."""
    return _passed(*(_out(number) for number in range(1, count + 1)))


def _out(number: int) -> tuple[PublishedEvent, SeenVideo]:
    one = entry(number, sequence=number)
    name = one.recordings[0].key.removeprefix("youtube:")
    row = SeenVideo(video=video(name, thumbnail=address(number)))
    return published(one), row


def _passed(*parts: tuple[PublishedEvent, SeenVideo]) -> Passed:
    entries = tuple(one for event, _ in parts for one in event.entries)
    rows = {row.video.key: row for _, row in parts}
    return Passed(
        published=published(*entries),
        ledger=Ledger(videos=rows),
        installation=Installation(),
        rulings=Rulings(barred=Barred()),
    )


def address(number: int) -> str:
    return f"https://i.example.org/{number}.png"


def named(made: Passed) -> list[str | None]:
    return [row.image for _, row in sorted(made.ledger.videos.items())]


def test_fill_names_the_picture_in_the_ledger_and_in_the_recording(run: Run) -> None:
    made = run.fill(passed())
    picture = parse_picture(png(text=address(1).encode()))
    assert picture is not None
    (row,) = made.ledger.videos.values()
    (recording,) = made.published.entries[0].recordings

    assert (row.image, row.image_sha256) == (picture.path, picture.sha256)
    assert (row.image_width, row.image_height) == (320, 180)
    assert recording == replace(
        passed().published.entries[0].recordings[0],
        image=picture.path,
        image_width=320,
        image_height=180,
    )
    assert (run.folder / "images" / picture.name).read_bytes() == png(text=address(1).encode())


def test_fill_asks_for_nothing_where_every_picture_is_kept(run: Run) -> None:
    first = run.fill(passed())
    run.images.asked.clear()

    assert (run.fill(first), run.images.asked) == (first, [])


@pytest.mark.parametrize(
    "want", [{"offline": True}, {"dry_run": True}, {"events": ("cupconf-2031",)}], ids=str
)
def test_fill_asks_for_nothing_where_no_list_is_looked_at(
    run: Run, want: dict[str, object]
) -> None:
    assert (run.fill(passed(), **want), run.images.asked) == (passed(), [])


def test_fill_passes_over_talks_that_are_not_released_and_recordings_that_are_not_first(
    run: Run,
) -> None:
    (event, row) = _out(1)
    waiting = replace(event.entries[0], release=None)
    second = replace(event.entries[0].recordings[0], key="vimeo:1", role="alternative")
    both = replace(event.entries[0], recordings=(*event.entries[0].recordings, second))
    mirror = SeenVideo(video=replace(row.video, key="vimeo:1", thumbnail=address(9)))

    run.fill(_passed((published(waiting), row)))
    run.fill(_passed((published(both), row), (published(), mirror)))

    assert run.images.asked == [address(1)]


def test_fill_passes_over_a_recording_that_is_unavailable(run: Run) -> None:
    (event, row) = _out(1)
    gone: Recording = replace(event.entries[0].recordings[0], available=False)
    entry_ = replace(event.entries[0], standing=Standing.UNAVAILABLE, recordings=(gone,))

    run.fill(_passed((published(entry_), row)))

    assert run.images.asked == []


def test_fill_asks_for_so_many_and_the_next_run_goes_on(run: Run) -> None:
    run.per_run = 2
    counts = []
    made = passed(5)
    for _ in range(4):
        made = run.fill(made)
        counts.append((len(run.images.asked), named(made).count(None)))

    assert counts == [(2, 3), (4, 1), (5, 0), (5, 0)]


def test_fill_counts_the_pictures_of_all_events_of_a_run(run: Run) -> None:
    run.per_run = 3
    with run.stills() as stills:
        for _ in range(2):
            stills.fill(passed(2), before=Ledger())

    assert len(run.images.asked) == 3


def test_fill_waits_for_so_long_and_the_next_run_goes_on(run: Run) -> None:
    run.budget_s, run.images.takes_s = 1.0, 1.0
    with run.stills() as stills:
        stills.fill(passed(), before=Ledger())
        second = stills.fill(passed(), before=Ledger())
    run.images.takes_s = 0.0
    again = run.fill(passed())

    assert (named(second), named(again) == [None], len(run.images.asked)) == ([None], False, 2)


def test_a_server_that_answers_nothing_in_time_is_left_alone_for_an_hour(run: Run) -> None:
    run.budget_s, run.images.gate = 0.001, threading.Event()
    with run.stills() as stills:
        made = stills.fill(passed(), before=Ledger())
        moment = stills.sooner("teaconf-2031", None)
        run.images.gate.set()

    assert (made, moment) == (passed(), NOW + HOUR)


def test_a_picture_that_cannot_be_had_is_asked_for_again_after_an_hour(run: Run) -> None:
    run.images.failures[address(1)] = FetchError("503")
    asked = []
    for minutes in (0, 59, 60, 179, 180):
        run.now = NOW + timedelta(minutes=minutes)
        assert run.fill(passed()) == passed()
        asked.append(len(run.images.asked))

    assert asked == [1, 1, 2, 2, 3]


def test_runs_that_remember_nothing_do_not_ask_for_the_same_few_for_ever(run: Run) -> None:
    run.per_run = 1
    run.images.failures.update((address(number), FetchError("503")) for number in (1, 2, 3))
    for hour in range(24):
        with State.in_memory() as run.state:
            run.now = NOW + hour * HOUR
            run.fill(passed(3))

    assert {*run.images.asked} == {address(1), address(2), address(3)}


def test_a_picture_that_came_after_all_is_forgotten_as_a_failure(run: Run) -> None:
    run.images.failures[address(1)] = FetchError("503")
    run.fill(passed())
    run.images.failures.clear()
    run.now += HOUR
    run.fill(passed())
    run.images.failures[address(1)] = FetchError("503")
    run.fill(passed())
    run.now += HOUR
    run.fill(passed())

    assert len(run.images.asked) == 4


def test_sooner_is_when_something_may_be_asked_for(run: Run) -> None:
    run.images.failures[address(1)] = FetchError("503")
    with run.stills() as stills:
        stills.fill(passed(), before=Ledger())
        failing = [stills.sooner("teaconf-2031", one) for one in (None, NOW, NOW + 2 * HOUR)]
    run.images.failures.clear()
    run.now += HOUR
    with run.stills() as stills:
        stills.fill(passed(), before=Ledger())
        whole = [stills.sooner("teaconf-2031", one) for one in (None, NOW)]

    assert (failing, whole) == ([NOW + HOUR, NOW, NOW + HOUR], [None, NOW])


def test_a_lost_picture_that_the_server_says_is_gone_leaves_the_ledger(run: Run) -> None:
    made = run.fill(passed())
    for path in (run.folder / "images").iterdir():
        path.unlink()
    run.images.failures[address(1)] = FetchError("404", status=404)

    assert run.fill(made) == passed()


def test_a_lost_picture_that_cannot_be_had_now_stays_named(run: Run) -> None:
    made = run.fill(passed())
    for path in (run.folder / "images").iterdir():
        path.unlink()
    run.images.failures[address(1)] = FetchError("503", status=503)

    assert run.fill(made) == made


def test_a_picture_that_no_ledger_names_any_more_is_kept_no_longer(run: Run) -> None:
    made = run.fill(passed())
    with run.stills() as stills:
        stills.fill(_passed(), before=made.ledger)
        before = len(list((run.folder / "images").iterdir()))
        stills.commit()

    assert (before, list((run.folder / "images").iterdir())) == (1, [])
