from __future__ import annotations

from pipeline.looking.recall import Recall
from pipeline.state.database import Look, Recalled, State


def row(failures: int) -> Recalled:
    return Recalled(look=Look(failures=failures))


def stored(state: State, count: int) -> list[str]:
    """Store a look of each of `count` events; return their ids."""
    names = [f"conf-{number}" for number in range(count)]
    looks = {f"{name}/list": Look(failures=number) for number, name in enumerate(names, start=1)}
    state.commit(looks=looks, validators={})
    return names


def test_recall_returns_each_event_its_own_rows() -> None:
    with State.in_memory() as state:
        names = stored(state, 300)
        recall = Recall(state)
        recall.expect(names)
        found = [recall.take(name) for name in names]
    assert found == [{f"conf-{number}/list": row(number + 1)} for number in range(300)]


def test_recall_knows_events_that_were_not_announced() -> None:
    with State.in_memory() as state:
        stored(state, 2)
        recall = Recall(state)
        recall.expect(["conf-0"])
        assert [recall.take("conf-1"), recall.take("conf-0"), recall.take("new")] == [
            {"conf-1/list": row(2)},
            {"conf-0/list": row(1)},
            {},
        ]
