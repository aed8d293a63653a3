from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.cadence import (
    RECHECK,
    freshness_budget,
    interval,
    is_fresh,
    is_settled,
    longest_rest,
    next_look,
)
from pipeline.model import Event, Expectation, Ledger, Release, SeenVideo, Watch, WatchRow
from tests.builders import NOW, event, talk, video, watch

DAY = timedelta(days=1)
ENDED = datetime(2031, 5, 18, tzinfo=UTC)


def seen(*moments: datetime, first_good: datetime | None = None) -> Ledger:
    """Return a ledger whose list showed a new video at each of `moments`."""
    rows = {}
    for number, moment in enumerate(moments):
        one = video(f"tea{number:08d}")
        rows[one.key] = SeenVideo(video=one, watches=("list",), first_seen=moment)
    return Ledger(videos=rows, watches={"list": WatchRow(first_good=first_good or ENDED)})


def step(one: Event, at: datetime, *, of: Watch | None = None, ledger: Ledger | None = None) -> Any:
    return interval(one, watch=of or watch(), ledger=ledger or Ledger(), now=at)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (-30 * DAY, timedelta(minutes=30)),
        (35 * DAY, timedelta(minutes=30)),
        (36 * DAY, timedelta(hours=6)),
        (121 * DAY, DAY),
        (401 * DAY, 7 * DAY),
    ],
)
def test_interval_grows_with_the_events_age(age: timedelta, expected: timedelta) -> None:
    assert step(event(talk()), ENDED + age) == expected


def test_interval_is_what_every_says() -> None:
    ledger = seen(NOW, first_good=NOW - DAY)
    assert step(event(), NOW, of=watch(every=timedelta(hours=2)), ledger=ledger) == timedelta(
        hours=2
    )


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(), timedelta(minutes=10)),
        (timedelta(minutes=119), timedelta(minutes=10)),
        (timedelta(hours=2), timedelta(minutes=30)),
    ],
)
def test_interval_is_short_while_uploads_come_in(ago: timedelta, expected: timedelta) -> None:
    ledger = seen(NOW - ago, first_good=NOW - DAY)
    assert step(event(), NOW, ledger=ledger) == expected


def test_interval_takes_a_first_look_for_no_burst() -> None:
    assert step(event(), NOW, ledger=seen(NOW, first_good=NOW)) == timedelta(minutes=30)


def test_interval_counts_only_what_the_list_itself_showed() -> None:
    ledger = seen(NOW, first_good=NOW - DAY)
    assert step(event(), NOW, of=watch("other"), ledger=ledger) == timedelta(minutes=30)


def test_interval_of_a_settled_event_is_the_recheck() -> None:
    assert step(event(), ENDED + 121 * DAY, ledger=seen(ENDED)) == RECHECK


def released(ledger: Ledger, talk_id: str) -> Ledger:
    row = Release(feed_id="tag:x", released=NOW, updated=NOW, digest="", sequence=1)
    return Ledger(videos=ledger.videos, watches=ledger.watches, talks={talk_id: row})


def test_an_event_is_settled_when_it_is_old_quiet_and_nothing_is_awaited() -> None:
    old, quiet = ENDED + 121 * DAY, seen(ENDED)
    awaited, kept = talk(), talk(expectation=Expectation.NOT_RECORDED)
    embargoed = talk(expectation=Expectation.EMBARGOED)
    found = [
        is_settled(event(awaited), ledger=released(quiet, awaited.id), now=old),
        is_settled(event(kept), ledger=quiet, now=old),
        is_settled(event(awaited), ledger=quiet, now=old),
        is_settled(event(embargoed), ledger=quiet, now=old),
        is_settled(event(kept), ledger=seen(old - 89 * DAY), now=old),
        is_settled(event(kept), ledger=seen(old - 90 * DAY), now=old),
        is_settled(event(kept), ledger=quiet, now=old - DAY),
        is_settled(event(kept), ledger=Ledger(), now=old),
    ]
    assert found == [True, True, False, False, False, True, False, False]


def test_an_event_is_fresh_for_five_weeks() -> None:
    assert [is_fresh(event(), ENDED + age * DAY) for age in (-9, 35, 36)] == [True, True, False]


def test_next_look_is_now_for_a_list_never_tried() -> None:
    assert next_look("a/b", DAY, last_try=None) is None


def test_next_look_spreads_lists_within_a_tenth_of_the_interval() -> None:
    looks = {next_look(f"a/{n}", DAY, last_try=NOW) or NOW for n in range(50)}
    assert NOW + 0.9 * DAY <= min(looks) < max(looks) <= NOW + DAY
    assert len(looks) == 50


def longest(failures: int, step: timedelta, *, fresh: bool) -> timedelta:
    """Return the longest wait of many lists, rounded to minutes."""
    waits = [
        (next_look(f"a/{n}", step, last_try=NOW, failures=failures, fresh=fresh) or NOW) - NOW
        for n in range(300)
    ]
    assert min(waits) >= max(waits) / 2
    assert len(set(waits)) > 250
    return timedelta(minutes=round(max(waits).total_seconds() / 60))


@pytest.mark.parametrize(
    ("step", "fresh", "minutes"),
    [
        (timedelta(minutes=30), True, [5, 10, 20, 40, 60, 60]),
        (timedelta(minutes=30), False, [5, 10, 20, 40, 60, 60]),
        (timedelta(hours=6), False, [5, 10, 20, 40, 80, 360]),
        (timedelta(days=7), False, [5, 10, 20, 40, 80, 1439]),
    ],
)
def test_next_look_backs_off_with_jitter_but_never_gives_up(
    step: timedelta, fresh: bool, minutes: list[int]
) -> None:
    found = [longest(count, step, fresh=fresh) for count in (1, 2, 3, 4, 5, 99)]
    assert [one / timedelta(minutes=1) for one in found] == minutes


def test_longest_rest_is_an_hour_while_the_event_is_fresh() -> None:
    assert [longest_rest(fresh=fresh) for fresh in (True, False)] == [timedelta(hours=1), DAY]


def test_freshness_budget_is_a_day_or_four_intervals() -> None:
    assert [freshness_budget(step) for step in (timedelta(minutes=30), 7 * DAY)] == [DAY, 28 * DAY]
