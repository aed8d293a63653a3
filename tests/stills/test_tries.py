"""When a preview image that could not be had is asked for again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.state.database import State
from pipeline.stills.tries import Tries, Try, again
from tests.builders import NOW

URL = "https://i.example.org/tea.jpg"
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("failures", "hours"), [(0, 1), (1, 2), (2, 4), (7, 128), (8, 168), (10_000, 168)]
)
def test_again_waits_twice_as_long_each_time_and_a_week_at_most(failures: int, hours: int) -> None:
    last = Try(failures=failures, not_before=NOW) if failures else None

    assert again(last, NOW) == Try(failures=failures + 1, not_before=NOW + hours * HOUR)


@pytest.mark.parametrize(("asked", "waited"), [(5 * HOUR, 5 * HOUR), (HOUR / 2, HOUR)])
def test_again_waits_longer_where_the_server_asks_for_it(
    asked: timedelta, waited: timedelta
) -> None:
    assert again(None, NOW, retry_after=NOW + asked).not_before == NOW + waited


def test_tries_come_back_by_their_address() -> None:
    with State.in_memory() as state:
        tries = Tries(state)
        tries.keep({URL: again(None, NOW)}, [], now=NOW)

        assert tries.recall([URL, f"{URL}?2"]) == {URL: again(None, NOW)}


def test_tries_know_of_more_addresses_than_a_query_may_name() -> None:
    many = [f"{URL}?{number}" for number in range(1200)]
    with State.in_memory() as state:
        tries = Tries(state)
        tries.keep(dict.fromkeys(many, again(None, NOW)), [], now=NOW)

        assert sorted(tries.recall(many)) == sorted(many)


def test_tries_forget_what_was_done_and_what_is_long_past() -> None:
    with State.in_memory() as state:
        tries = Tries(state)
        tries.keep({URL: again(None, NOW), f"{URL}?2": again(None, NOW)}, [], now=NOW)
        tries.keep({}, [URL], now=NOW)
        first = list(tries.recall([URL, f"{URL}?2"]))
        tries.keep({}, [], now=NOW + timedelta(days=91))

        assert (first, tries.recall([f"{URL}?2"])) == ([f"{URL}?2"], {})


def test_tries_hold_no_address_that_anybody_can_read(tmp_path: Path) -> None:
    with State.open(tmp_path / "state.sqlite") as state:
        Tries(state).keep({URL: again(None, NOW)}, [], now=NOW)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"example.org" not in stored
