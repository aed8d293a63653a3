from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.errors import PublishError
from pipeline.model import Want
from pipeline.service.runner import Runner
from pipeline.web.limits import Bucket, Buckets
from pipeline.web.triggers import KEYS_KEPT, KeyTaken, TooOften, Triggers
from tests.web.asking import Passes


@pytest.fixture
def passes() -> Passes:
    return Passes()


@pytest.fixture
def runner(passes: Passes) -> Iterator[Runner]:
    made = Runner(passes)
    yield made
    made.stop()


def eager(runner: Runner) -> Triggers:
    """Triggers that never say that it is too often."""
    return Triggers(runner, rate=Buckets(Bucket(size=10_000, every_s=0.0)))


def test_the_same_key_is_the_same_run(runner: Runner, passes: Passes) -> None:
    triggers = eager(runner)
    first = triggers.ask(Want(), key="a")
    first.result(30)
    assert triggers.ask(Want(), key="a") is first
    triggers.ask(Want(), key="b").result(30)
    triggers.ask(Want(), key=None).result(30)
    assert len(passes.wants) == 3


def test_a_key_is_for_one_wish(runner: Runner, passes: Passes) -> None:
    triggers = eager(runner)
    triggers.ask(Want(), key="a").result(30)
    with pytest.raises(KeyTaken):
        triggers.ask(Want(offline=True), key="a")
    assert passes.wants == [Want()]


def test_a_key_whose_run_failed_may_be_tried_again(runner: Runner, passes: Passes) -> None:
    triggers = eager(runner)
    passes.error = PublishError("no space")
    triggers.ask(Want(), key="a").exception(30)
    passes.error = None
    assert triggers.ask(Want(), key="a").result(30) is passes.report


def test_keys_are_forgotten_in_the_end(runner: Runner, passes: Passes) -> None:
    triggers = eager(runner)
    for number in range(KEYS_KEPT + 1):
        triggers.ask(Want(), key=str(number)).result(30)
    triggers.ask(Want(), key="1").result(30)
    triggers.ask(Want(), key="0").result(30)
    assert len(passes.wants) == KEYS_KEPT + 2


def test_too_many_runs_have_to_wait(runner: Runner, passes: Passes) -> None:
    triggers = Triggers(runner, rate=Buckets(Bucket(size=2, every_s=60.0), clock=lambda: 0.0))
    for _ in range(2):
        triggers.ask(Want(), key=None).result(30)
    with pytest.raises(TooOften) as raised:
        triggers.ask(Want(), key=None)
    assert (raised.value.wait_s, len(passes.wants)) == (60.0, 2)
