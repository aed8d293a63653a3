"""When jobs run, by a clock that sleeps, jumps and is set back."""

from __future__ import annotations

import threading
from datetime import timedelta

from pipeline.service.clockwork import Clockwork, Job
from pipeline.service.jobs import now
from tests.ticking import Time, time
from tests.workspace import START

__all__ = ["time"]

MINUTE = timedelta(minutes=1)


def counted(time: Time, ran: list[timedelta], **more: timedelta) -> tuple[Job, ...]:
    return (Job(id="one", run=lambda: ran.append(time.now - START), every=5 * MINUTE, **more),)


def test_clockwork_runs_a_job_at_once_and_then_every_so_often(time: Time) -> None:
    ran: list[timedelta] = []
    time.started(counted(time, ran))
    time.turn()
    time.passes(minutes=11)
    assert ran == [0 * MINUTE, 5 * MINUTE, 10 * MINUTE]


def test_clockwork_waits_before_a_first_run_that_has_to(time: Time) -> None:
    ran: list[timedelta] = []
    time.started(counted(time, ran, first=2 * MINUTE))
    time.turn()
    time.passes(minutes=8)
    assert ran == [2 * MINUTE, 7 * MINUTE]


def test_clockwork_does_once_what_three_days_of_sleep_missed(time: Time) -> None:
    ran: list[timedelta] = []
    time.started(counted(time, ran))
    time.turn()
    time.jumps(days=3, minutes=1)
    time.turn()
    time.passes(minutes=6)
    asleep = timedelta(days=3)
    assert ran == [0 * MINUTE, asleep + MINUTE, asleep + 5 * MINUTE]


def test_clockwork_goes_on_when_the_clock_is_set_back_an_hour(time: Time) -> None:
    ran: list[timedelta] = []
    made = time.started(counted(time, ran))
    time.turn()
    time.jumps(hours=-1)
    made.set_right()
    time.turn()
    time.passes(minutes=6)
    assert ran == [0 * MINUTE, -60 * MINUTE, -55 * MINUTE]


def test_clockwork_leaves_jobs_alone_while_the_clock_goes_on(time: Time) -> None:
    ran: list[timedelta] = []
    made = time.started(counted(time, ran))
    time.turn()
    for _ in range(7):
        made.set_right()
        time.passes(minutes=1)
    assert ran == [0 * MINUTE, 5 * MINUTE]


def test_clockwork_hurries_a_job_that_is_asked_for(time: Time) -> None:
    ran: list[timedelta] = []
    made = time.started(counted(time, ran))
    time.turn()
    time.passes(minutes=1)
    made.hurry("one")
    time.turn()
    assert (ran, made.next_run("one")) == ([0 * MINUTE, MINUTE], START + 6 * MINUTE)


def test_clockwork_spreads_the_runs_of_a_job_with_jitter(time: Time) -> None:
    ran: list[timedelta] = []
    made = time.started(counted(time, ran, jitter=MINUTE))
    turns = set()
    for _ in range(20):
        time.turn()
        turns.add(made.next_run("one"))
        time.passes(minutes=7)
    assert len(turns) == 20


def test_clockwork_knows_no_turn_of_a_job_that_is_not_there(time: Time) -> None:
    assert time.started(counted(time, [])).next_run("two") is None


def test_clockwork_runs_in_threads_of_its_own_until_it_is_stopped() -> None:
    ran = threading.Event()
    made = Clockwork((Job(id="one", run=ran.set, every=MINUTE),), clock=now)
    made.start()
    assert ran.wait(30)
    made.stop(wait=True)
    assert made.next_run("one") is None
