from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model import Notice
from pipeline.sending.outbox import Outbox
from pipeline.state.database import State
from tests.builders import NOW

FAILING = Notice(kind="list", place="teaconf-2031/list", since=NOW, words="no answer")
GAP = Notice(kind="gap", place="teaconf-2031/list", since=NOW, words="few")


@pytest.fixture
def state() -> Iterator[State]:
    with State.in_memory() as opened:
        yield opened


@pytest.fixture
def outbox(state: State) -> Outbox:
    made = Outbox(state, "team")
    made.keep([FAILING, GAP])
    return made


def test_notices_come_back_as_they_were(outbox: Outbox) -> None:
    assert outbox.notices() == (GAP, FAILING)


def test_each_delivery_has_its_own(state: State, outbox: Outbox) -> None:
    Outbox(state, "other").keep([replace(FAILING, told=NOW)])
    assert Outbox(state, "other").notices() == (replace(FAILING, told=NOW),)
    assert outbox.notices() == (GAP, FAILING)


def test_keep_replaces_what_was_kept_of_the_same(outbox: Outbox) -> None:
    outbox.keep([replace(FAILING, ended=NOW)])
    assert outbox.notices() == (GAP, replace(FAILING, ended=NOW))


def test_tell_stores_that_people_know_of_it(outbox: Outbox) -> None:
    outbox.tell([FAILING], NOW)
    assert outbox.notices() == (GAP, replace(FAILING, told=NOW))


def test_tell_keeps_that_it_was_found_to_be_over_meanwhile(outbox: Outbox) -> None:
    outbox.keep([replace(FAILING, ended=NOW)])
    outbox.tell([FAILING], NOW)
    assert outbox.notices() == (GAP, replace(FAILING, ended=NOW, told=NOW))


def test_tell_forgets_what_people_know_to_be_over(outbox: Outbox) -> None:
    over = replace(FAILING, told=NOW, ended=NOW)
    outbox.keep([over])
    outbox.tell([over], NOW)
    assert outbox.notices() == (GAP,)


def test_tell_keeps_what_was_found_to_go_on_meanwhile(outbox: Outbox) -> None:
    told = replace(FAILING, told=NOW)
    outbox.keep([told])
    outbox.tell([replace(told, ended=NOW)], NOW)
    assert outbox.notices() == (GAP, told)


def test_drop_forgets(outbox: Outbox) -> None:
    outbox.drop([GAP])
    assert outbox.notices() == (FAILING,)


def test_notices_outlive_the_process(tmp_path: Path) -> None:
    for _ in range(2):
        with State.open(tmp_path / "state.sqlite") as state:
            Outbox(state, "team").keep([FAILING])
    with State.open(tmp_path / "state.sqlite") as state:
        assert Outbox(state, "team").notices() == (FAILING,)
