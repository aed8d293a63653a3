from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from pipeline.errors import BusyError, PublishError
from pipeline.model import RunReport, Want
from pipeline.service.runner import MOST_WAITING, Ended, Runner, Stopped
from tests.builders import NOW

PATIENCE_S = 30.0


class Gate:
    """A pass that goes on when it is told to; each has a report of its own."""

    def __init__(self) -> None:
        self.wants: list[Want] = []
        self.begun = threading.Semaphore(0)
        self.open = threading.Semaphore(0)
        self.reports = [RunReport(started=NOW, unchanged=number) for number in range(50)]

    def __call__(self, want: Want) -> RunReport:
        number = len(self.wants)
        self.wants.append(want)
        self.begun.release()
        assert self.open.acquire(timeout=PATIENCE_S)
        return self.reports[number]

    def wait_for_a_pass(self) -> None:
        assert self.begun.acquire(timeout=PATIENCE_S)

    def let_go(self, count: int = 1) -> None:
        self.open.release(count)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def runner(gate: Gate) -> Iterator[Runner]:
    made = Runner(gate)
    yield made
    made.stop()
    gate.let_go(100)
    assert made.ended(PATIENCE_S)


def failing(error: Exception) -> Callable[[Want], RunReport]:
    def one_pass(_: Want) -> RunReport:
        raise error

    return one_pass


def test_runner_returns_the_report_of_the_pass(runner: Runner, gate: Gate) -> None:
    gate.let_go()
    assert runner.publish(Want(offline=True)) is gate.reports[0]
    assert gate.wants == [Want(offline=True)]


def test_runner_raises_what_the_pass_raises() -> None:
    runner = Runner(failing(PublishError("no space")))
    with pytest.raises(PublishError, match="no space"):
        runner.publish(Want())
    runner.stop()


def test_wishes_that_wait_for_the_same_are_one_run(runner: Runner, gate: Gate) -> None:
    first = runner.submit(Want())
    gate.wait_for_a_pass()
    waiting = [runner.submit(Want()) for _ in range(20)]
    gate.let_go(2)
    assert first.result(PATIENCE_S) is gate.reports[0]
    assert [one.result(PATIENCE_S) for one in waiting] == [gate.reports[1]] * 20
    assert len(gate.wants) == 2


def test_a_wish_that_joins_takes_the_run_that_is_under_way(runner: Runner, gate: Gate) -> None:
    first = runner.submit(Want())
    gate.wait_for_a_pass()
    joined = [runner.submit(Want(), join=True) for _ in range(20)]
    gate.let_go()
    assert {id(one.result(PATIENCE_S)) for one in (first, *joined)} == {id(gate.reports[0])}
    assert gate.wants == [Want()]


def test_a_wish_for_something_else_never_joins(runner: Runner, gate: Gate) -> None:
    runner.submit(Want(due=True))
    gate.wait_for_a_pass()
    other = runner.submit(Want(), join=True)
    gate.let_go(2)
    assert other.result(PATIENCE_S) is gate.reports[1]


def test_different_wishes_run_in_the_order_in_which_they_came(runner: Runner, gate: Gate) -> None:
    wants = [Want(events=(name,)) for name in ("a", "b", "c")]
    futures = [runner.submit(want) for want in wants]
    gate.let_go(3)
    for future in futures:
        future.result(PATIENCE_S)
    assert gate.wants == wants


def test_runner_refuses_more_than_it_can_hold(runner: Runner, gate: Gate) -> None:
    runner.submit(Want())
    gate.wait_for_a_pass()
    for number in range(MOST_WAITING):
        runner.submit(Want(events=(f"e{number}",)))
    with pytest.raises(BusyError, match="16 runs wait already"):
        runner.submit(Want(events=("one-more",)))


def test_nobody_can_cancel_a_run_that_others_share(runner: Runner, gate: Gate) -> None:
    runner.submit(Want(due=True))
    gate.wait_for_a_pass()
    waiting = runner.submit(Want())
    assert not waiting.cancel()
    gate.let_go(2)
    assert waiting.result(PATIENCE_S) is gate.reports[1]


def test_a_stopped_runner_lets_those_who_wait_go(runner: Runner, gate: Gate) -> None:
    under_way = runner.submit(Want())
    gate.wait_for_a_pass()
    waiting = runner.submit(Want(offline=True))
    runner.stop()
    with pytest.raises(Stopped):
        waiting.result(PATIENCE_S)
    with pytest.raises(Stopped):
        runner.submit(Want())
    gate.let_go()
    assert under_way.result(PATIENCE_S) is gate.reports[0]
    assert runner.ended(PATIENCE_S)


def test_runner_has_ended_only_when_nothing_is_under_way(runner: Runner, gate: Gate) -> None:
    assert runner.ended(0)
    future = runner.submit(Want())
    assert not runner.ended(0)
    gate.let_go()
    future.result(PATIENCE_S)
    assert runner.ended(PATIENCE_S)


@pytest.mark.parametrize("want", [Want(events=("a",)), Want(dry_run=True)])
def test_latest_is_of_passes_over_all_events(runner: Runner, gate: Gate, want: Want) -> None:
    gate.let_go(2)
    runner.publish(Want(due=True))
    runner.publish(want)
    assert runner.latest is gate.reports[0]


def test_a_failure_is_remembered_until_a_pass_comes_to_a_report() -> None:
    answers: list[Exception | RunReport] = [
        PublishError("no space"),
        BusyError("another run"),
        ValueError("secret detail"),
        RunReport(started=NOW),
    ]

    def one_pass(_: Want) -> RunReport:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    runner = Runner(one_pass)
    found = []
    for _ in range(4):
        error = runner.submit(Want()).exception(PATIENCE_S)
        found.append((type(error).__name__, runner.failure))
    runner.stop()
    assert found == [
        ("PublishError", "no space"),
        ("BusyError", "no space"),
        ("ValueError", "ValueError"),
        ("NoneType", None),
    ]


def test_runner_knows_how_long_passes_take() -> None:
    clock = [0.0]
    during: list[float] = []

    def one_pass(want: Want) -> RunReport:
        clock[0] += 60
        during.append(made.busy_s)
        clock[0] += 1 if want.events else 30
        return RunReport(started=NOW)

    made = Runner(one_pass, clock=lambda: clock[0])
    after = []
    for want in (Want(), Want(events=("teaconf-2031",)), Want()):
        made.publish(want)
        after.append(made.busy_s)
    made.stop()
    assert (during, after) == ([60.0, 150.0, 150.0], [90.0, 90.0, 90.0])


def test_runner_tells_of_each_pass_that_ended() -> None:
    error = PublishError("no space")
    runner = Runner(failing(error))
    told: list[Ended] = []
    runner.listen(told.append)
    runner.submit(Want(offline=True)).exception(PATIENCE_S)
    heard = threading.Event()
    runner.listen(lambda _: heard.set())
    runner.submit(Want(offline=True)).exception(PATIENCE_S)
    assert heard.wait(PATIENCE_S)
    runner.stop()
    one = (Want(offline=True), None, error)
    assert [(each.want, each.report, each.error) for each in told] == [one, one]
    assert told[0].took_s >= 0


def test_a_listener_that_fails_stops_nothing(
    runner: Runner, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Ended] = []

    def broken(_: Ended) -> None:
        raise ValueError("of a listener")

    runner.listen(broken)
    runner.listen(told.append)
    gate.let_go()
    runner.publish(Want())
    assert runner.ended(PATIENCE_S)
    assert (len(told), "of a listener" in caplog.text) == (1, True)
