from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.cadence import freshness_budget, interval, next_look
from tests.builders import NOW, event, watch

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "step"),
    [
        (-30 * DAY, timedelta(minutes=30)),
        (35 * DAY, timedelta(minutes=30)),
        (36 * DAY, timedelta(hours=6)),
        (121 * DAY, DAY),
        (401 * DAY, 7 * DAY),
    ],
)
def test_interval_grows_with_the_events_age(age: timedelta, step: timedelta) -> None:
    ended = datetime(2031, 5, 18, tzinfo=UTC)
    assert interval(event(), watch(), ended + age) == step


def test_interval_is_what_every_says() -> None:
    assert interval(event(), watch(every=timedelta(hours=2)), NOW) == timedelta(hours=2)


def test_next_look_is_now_for_a_list_never_tried() -> None:
    assert next_look("a/b", DAY, last_try=None) is None


def test_next_look_spreads_lists_within_a_tenth_of_the_interval() -> None:
    looks = {next_look(f"a/{n}", DAY, last_try=NOW) or NOW for n in range(50)}
    assert NOW + 0.9 * DAY <= min(looks) < max(looks) <= NOW + DAY
    assert len(looks) == 50


def test_next_look_backs_off_after_failures_but_never_beyond_the_interval() -> None:
    waits = [
        (next_look("a/b", DAY, last_try=NOW, failures=count) or NOW) - NOW
        for count in (1, 2, 3, 99)
    ]
    assert [round(wait / waits[0]) for wait in waits] == [1, 2, 4, 288]


def test_freshness_budget_is_a_day_or_four_intervals() -> None:
    assert [freshness_budget(step) for step in (timedelta(minutes=30), 7 * DAY)] == [DAY, 28 * DAY]
