from __future__ import annotations

import math
import threading
import time

import pytest
import responses

from pipeline.errors import FetchError
from pipeline.fetch import HttpFetch, Traffic, host_of
from pipeline.fetch.traffic import Watchdog
from tests.builders import NOW
from tests.fetch.asking import URL
from tests.fetch.clocks import FakeClock


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://lists.example.org/a", "lists.example.org"),
        ("https://www.example.org/a", "example.org"),
        ("https://tea:sesame@Example.org:8443/", "example.org:8443"),
        ("//example.org", "example.org"),
        ("https://[half", ""),
        ("nonsense", ""),
    ],
)
def test_host_is_what_the_gap_counts_by(url: str, host: str) -> None:
    assert host_of(url) == host


def test_pace_leaves_the_gap_between_requests_to_one_host() -> None:
    clock = FakeClock()
    traffic = Traffic(gap_s=2.0, clock=clock)
    times = []
    for host in ("a", "b", "a", "a"):
        traffic.pace(f"https://{host}.example.org/")
        times.append(clock.time)
    traffic.close()
    assert times == [100.0, 100.0, 102.0, 104.0]


def test_pace_does_not_wait_without_a_gap() -> None:
    clock = FakeClock()
    traffic = Traffic(clock=clock)
    traffic.pace(URL)
    traffic.pace(URL)
    traffic.close()
    assert clock.time == 100.0


def test_admit_takes_the_turn_of_the_next_request() -> None:
    clock = FakeClock()
    traffic = Traffic(gap_s=2.0, clock=clock)
    found = [traffic.admit("a.example.org"), traffic.admit("a.example.org")]
    traffic.pace("https://a.example.org/1")
    found.append(clock.time)
    traffic.pace("https://a.example.org/2")
    found.append(clock.time)
    traffic.close()
    assert found == [0.0, 2.0, 100.0, 102.0]


def test_a_redirect_waits_for_the_gap_as_well(mocked: responses.RequestsMock) -> None:
    clock = FakeClock()
    traffic = Traffic(gap_s=3.0, clock=clock)
    mocked.get(URL, status=302, headers={"Location": f"{URL}?page=1"})
    mocked.get(f"{URL}?page=1", body=b"[1]")
    with HttpFetch(now=NOW, traffic=traffic) as fetch:
        fetch.get(URL)
    traffic.close()
    assert clock.time == 103.0


def test_nothing_is_fetched_once_the_run_has_ended() -> None:
    traffic = Traffic()
    traffic.close()
    with HttpFetch(now=NOW, traffic=traffic) as fetch, pytest.raises(FetchError) as caught:
        fetch.get(URL)
    assert caught.value.message == (
        f"{URL} was not fetched: the run was ended; the next one fetches it"
    )


def test_watchdog_cuts_the_call_whose_time_is_over() -> None:
    watchdog, cut = Watchdog(), threading.Event()
    with watchdog.watching(time.monotonic(), cut.set):
        assert cut.wait(5)
    watchdog.close()


def test_watchdog_leaves_a_call_alone_that_ended_in_time() -> None:
    watchdog, cut, other = Watchdog(), threading.Event(), threading.Event()
    with watchdog.watching(time.monotonic() + 0.05, cut.set):
        pass
    with watchdog.watching(time.monotonic() + 0.1, other.set):
        assert other.wait(5)
    watchdog.close()
    assert not cut.is_set()


def test_watchdog_cuts_what_runs_when_it_is_closed() -> None:
    watchdog, cuts = Watchdog(), list[str]()
    with watchdog.watching(math.inf, lambda: cuts.append("running")):
        watchdog.close()
    with watchdog.watching(math.inf, lambda: cuts.append("late")):
        pass
    assert cuts == ["running", "late"]


def test_no_thread_is_left_of_a_fetch() -> None:
    before = threading.active_count()
    with HttpFetch(now=NOW) as fetch, pytest.raises(FetchError):
        fetch.get("http://127.0.0.1:9/")
    assert threading.active_count() == before
