from __future__ import annotations

import threading
from functools import partial

import pytest

from pipeline.errors import FetchError
from pipeline.fetch import Traffic
from pipeline.looking.hosts import Hosts, Turns
from tests.fetch.clocks import FakeClock


def no_gap(host: str) -> float:
    del host
    return 0.0


def turns(*jobs: tuple[str, str], connections: int = 2) -> Turns[str]:
    made: Turns[str] = Turns(connections=connections)
    for host, job in jobs:
        made.add(host, job)
    return made


def drained(made: Turns[str]) -> list[object]:
    """Take turns until there is none to take."""
    found: list[object] = []
    while isinstance(turn := made.take(no_gap), tuple):
        found.append(turn[1])
    return [*found, turn]


def test_turns_go_from_host_to_host() -> None:
    made = turns(("a", "a1"), ("a", "a2"), ("b", "b1"), ("c", "c1"), connections=9)
    assert drained(made) == ["a1", "b1", "c1", "a2", None]


def test_turns_keep_to_the_connections_of_a_host() -> None:
    made = turns(("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"))
    first = drained(made)
    made.done("a")
    assert (first, drained(made)) == (["a1", "b1", "a2", None], ["a3", None])


def test_turns_pass_over_a_host_that_was_asked_a_moment_ago() -> None:
    made = turns(("a", "a1"), ("b", "b1"), ("c", "c1"))
    waits = {"a": 0.8, "b": 0.0, "c": 0.5}
    found = [made.take(waits.__getitem__) for _ in range(2)]
    waits["a"] = 0.0
    found.append(made.take(waits.__getitem__))
    assert found == [("b", "b1"), 0.5, ("a", "a1")]


def test_turns_take_in_what_comes_later() -> None:
    made = turns(("a", "a1"), connections=1)
    found = [made.take(no_gap)]
    made.add("a", "a2")
    found.append(made.take(no_gap))
    made.done("a")
    found.append(made.take(no_gap))
    assert found == [("a", "a1"), None, ("a", "a2")]


def test_turns_forget_what_waits() -> None:
    made = turns(("a", "a1"), ("a", "a2"), ("b", "b1"))
    assert (made.clear(), drained(made)) == (["a1", "a2", "b1"], [None])


def test_a_slow_host_delays_no_other() -> None:
    hosts, slow = Hosts(Traffic(), workers=3, connections=2), threading.Event()
    stuck = [hosts.ask("slow", lambda: slow.wait(5)) for _ in range(10)]
    found = [hosts.ask("quick", partial(int, number)) for number in range(5)]
    assert [each.result(timeout=5) for each in found] == [0, 1, 2, 3, 4]
    slow.set()
    assert all(each.result(timeout=5) for each in stuck)
    hosts.close()


def test_an_error_is_raised_where_the_result_is_read() -> None:
    hosts = Hosts(Traffic(), workers=1, connections=1)
    failed = hosts.ask("a", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        failed.result(timeout=5)
    hosts.close()


def test_closing_drops_what_waits_and_leaves_no_thread() -> None:
    before = threading.active_count()
    traffic, begun = Traffic(gap_s=3600), threading.Event()
    hosts = Hosts(traffic, workers=1, connections=1)

    def work() -> None:
        begun.set()
        for _ in range(3):
            traffic.pace("https://a.example.org/")

    running, waiting = hosts.ask("b.example.org", work), hosts.ask("b.example.org", work)
    begun.wait(5)
    hosts.close()
    with pytest.raises(FetchError, match="the run was ended"):
        running.result(timeout=5)
    assert (waiting.cancelled(), threading.active_count()) == (True, before)


def test_the_gap_of_a_host_is_waited_for_between_two_lists() -> None:
    clock = FakeClock()
    traffic = Traffic(gap_s=2.0, clock=clock)
    hosts = Hosts(traffic, workers=1, connections=4)
    moments = [hosts.ask("a.example.org", clock.now) for _ in range(4)]
    found = [each.result(timeout=5) for each in moments]
    hosts.close()
    assert found == [100.0, 102.0, 104.0, 106.0]
