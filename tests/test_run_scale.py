"""Passes that remember: the same bytes as without a memory, and only what changed is looked at."""

from __future__ import annotations

import json
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.commands.terminal import fetch_maker
from pipeline.errors import DatasetError
from pipeline.model import RunReport, Want
from pipeline.run import publish
from pipeline.stages.memory import Memory
from tests.workspace import (
    CONFIG,
    EVENT,
    PORCELAIN,
    TEA,
    UNTITLED,
    Workspace,
    bytes_below,
    files_below,
)

EVENTS = ("cakeconf-2031", "cupconf-2031", "teaconf-2031")
ROWS = (TEA, PORCELAIN, UNTITLED)
EAGER = EVENT.replace("path: videos.yaml", "path: videos.yaml, every: 1 hour")


def pass_(workspace: Workspace, memory: Memory | None, **want: object) -> RunReport:
    return publish(
        workspace.config,
        now=workspace.now,
        state=workspace.state,
        open_fetch=fetch_maker(workspace.config, workspace.now),
        want=Want(**want),  # type: ignore[arg-type]  # fields by name
        memory=memory,
    )


def event(name: str, *, title: str = "Brewing Tea at Scale") -> str:
    renamed = EAGER.replace("teaconf-2031", name).replace("TeaConf 2031", name)
    day = 11 + EVENTS.index(name)
    return renamed.replace("Brewing Tea at Scale", title).replace("2031-05-17", f"2031-05-{day}")


def show(workspace: Workspace, name: str, count: int) -> None:
    """Let the list of an event show the first `count` videos, under ids of its own."""
    rows = [row.replace("0000000", f"00000{EVENTS.index(name)}0") for row in ROWS[:count]]
    workspace.write(f"data/{name}/videos.yaml", f"videos: [{', '.join(rows)}]\n")


def three_events(root: Path) -> Workspace:
    made = Workspace(root)
    made.write("config.yaml", CONFIG)
    for name in EVENTS:
        made.write(f"data/{name}/event.yaml", event(name))
        show(made, name, 1)
    return made


@pytest.fixture
def three(tmp_path: Path) -> Workspace:
    return three_events(tmp_path)


def ended(workspace: Workspace) -> dict[str, bytes]:
    data = bytes_below(workspace.root / "data", leave_out=())
    return data | bytes_below(workspace.root / "feeds")


def test_a_due_pass_takes_only_the_events_whose_time_has_come(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory, due=True)
    three.write("data/cupconf-2031/event.yaml", event("cupconf-2031").replace("hour", "day"))
    memory.recheck()
    pass_(three, memory, due=True)
    show(three, "teaconf-2031", 2)
    three.later(hours=1)
    made = pass_(three, memory, due=True)
    assert [one.id for one in made.events] == ["cakeconf-2031", "teaconf-2031"]
    assert made.events[1].released == ("Porcelain in Production (Grace Sample)",)


def test_a_due_pass_does_not_see_an_edit_until_files_are_compared_again(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory)
    three.write("data/cupconf-2031/event.yaml", event("cupconf-2031", title="Else"))
    assert pass_(three, memory, due=True).events == ()
    memory.recheck()
    assert [one.id for one in pass_(three, memory, due=True).events] == ["cupconf-2031"]


def test_a_pass_over_all_sees_an_edit_without_being_asked_to_compare(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory)
    three.write("data/cupconf-2031/event.yaml", event("cupconf-2031", title="Else"))
    assert [one.id for one in pass_(three, memory).events] == list(EVENTS)


@pytest.mark.parametrize("path", ["data/no-publish.yaml", "config.yaml"])
def test_a_change_that_concerns_all_events_makes_all_be_taken(three: Workspace, path: str) -> None:
    memory = Memory()
    pass_(three, memory)
    body = "talks: [cupconf-2031/brewing-tea]\n" if "publish" in path else CONFIG + "  title: Tea\n"
    three.write(path, body)
    assert [one.id for one in pass_(three, memory, due=True).events] == list(EVENTS)


def test_files_that_were_deleted_from_feeds_come_back(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory)
    before = ended(three)
    three.drop("feeds/cupconf-2031")
    memory.recheck()
    pass_(three, memory, due=True)
    assert ended(three) == before


def test_a_new_event_is_seen_by_the_next_due_pass(three: Workspace) -> None:
    memory = Memory()
    three.drop("data/cupconf-2031")
    pass_(three, memory)
    three.write("data/cupconf-2031/event.yaml", event("cupconf-2031"))
    show(three, "cupconf-2031", 1)
    assert [one.id for one in pass_(three, memory, due=True).events] == ["cupconf-2031"]


def test_an_embargo_ends_by_the_clock_alone(three: Workspace) -> None:
    held = event("cupconf-2031").replace("every: 1 hour", "every: 9 weeks")
    held = held.replace(
        "    speakers: [Grace Sample]",
        "    speakers: [Grace Sample]\n    expectation: {embargoed: 2031-05-22}",
    )
    three.write("data/cupconf-2031/event.yaml", held)
    show(three, "cupconf-2031", 2)
    memory = Memory()
    pass_(three, memory)
    three.later(days=3)
    made = pass_(three, memory, due=True)
    released = {one.id: one.released for one in made.events}
    assert released["cupconf-2031"] == ("Porcelain in Production (Grace Sample)",)


def test_what_is_broken_is_said_after_every_pass_until_it_is_mended(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory)
    three.write("data/cupconf-2031/event.yaml", event("cupconf-2031").replace("start", "begin"))
    memory.recheck()
    said = [pass_(three, memory, due=True).problems for _ in range(2)]
    three.write("data/cupconf-2031/event.yaml", event("cupconf-2031"))
    memory.recheck()
    said.append(pass_(three, memory, due=True).problems)
    assert [len(each) for each in said] == [2, 2, 0]


def test_a_pass_of_another_process_in_between_is_not_lost(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory)
    for name in ("cupconf-2031", "cakeconf-2031"):
        show(three, name, 2)
        three.later(minutes=1)
        pass_(three, None if name == "cupconf-2031" else memory, events=(name,))
    items = json.loads((three.root / "feeds" / "feed.json").read_text("utf-8"))["items"]
    assert [one["id"].partition(":teaconf")[0].rpartition(":")[2] for one in items[:2]] == [
        "cakeconf-2031/porcelain",
        "cupconf-2031/porcelain",
    ]


def test_a_pass_that_fails_is_forgotten(three: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    pass_(three, memory)
    show(three, "cupconf-2031", 2)
    three.later(hours=2)

    def full(*_: object, **__: object) -> None:
        raise DatasetError(())

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.state.database.State.commit", full)
        with pytest.raises(DatasetError):
            pass_(three, memory, due=True)
    assert not (three.root / "feeds/.recap/staging").exists()
    pass_(three, memory, due=True)
    items = json.loads((three.root / "feeds" / "feed.json").read_text("utf-8"))["items"]
    assert len(items) == 4


def test_sequence_numbers_follow_the_first_day_then_the_id(three: Workspace) -> None:
    late = event("cakeconf-2031").replace("2031-05-11", "2031-05-16")
    three.write("data/cakeconf-2031/event.yaml", late)
    pass_(three, Memory())
    numbers = {
        name: three.ledger(name)["talks"]["brewing-tea"]["sequence"] for name in sorted(EVENTS)
    }
    assert numbers == {"cupconf-2031": 1, "teaconf-2031": 2, "cakeconf-2031": 3}


def test_status_keeps_what_it_said_of_events_that_were_not_taken(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory)
    show(three, "cupconf-2031", 3)
    pass_(three, memory, events=("cupconf-2031",))
    found = json.loads((three.root / "feeds" / "status.json").read_text("utf-8"))
    assert found["totals"] == {
        "events": 3,
        "talks": 9,
        "out": 5,
        "events_with_recordings_to_come": 2,
    }
    assert sorted(one["id"] for one in found["events"]) == ["cakeconf-2031", "teaconf-2031"]
    assert found["watches"] == []


def test_a_warm_pass_with_nothing_to_do_touches_no_file_but_the_status(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory)
    before = files_below(three.root / "feeds", leave_out=("status.json", "status.html"))
    pass_(three, memory, due=True)
    assert files_below(three.root / "feeds", leave_out=("status.json", "status.html")) == before


def test_a_kept_event_whose_talks_cannot_be_read_is_named_and_left_out(three: Workspace) -> None:
    pass_(three, None)
    (three.root / "feeds/cupconf-2031/talks.json").write_text("{", encoding="utf-8")
    made = pass_(three, None, events=("teaconf-2031",))
    assert "feeds/cupconf-2031/talks.json cannot be read" in made.warnings[0]
    shared = (three.root / "feeds/feed.json").read_text("utf-8")
    assert [f"{name}/brewing-tea" in shared for name in EVENTS] == [True, False, True]


def test_a_chosen_pass_after_feeds_were_lost_publishes_every_event(three: Workspace) -> None:
    pass_(three, None)
    before = ended(three)
    three.drop("feeds")
    pass_(three, None, events=("teaconf-2031",))
    assert ended(three) == before


def test_an_unknown_event_costs_the_memory_nothing(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory)
    with pytest.raises(DatasetError, match="there is no event 'teaconf-2013'"):
        pass_(three, memory, events=("teaconf-2013",))
    assert pass_(three, memory, due=True).events == ()


def test_a_broken_event_whose_files_are_gone_is_left_out_as_without_a_memory(
    three: Workspace,
) -> None:
    memory = Memory()
    pass_(three, memory)
    three.write("data/cupconf-2031/event.yaml", event("cupconf-2031").replace("start", "begin"))
    three.drop("feeds/cupconf-2031")
    pass_(three, memory)
    assert "cupconf-2031" not in (three.root / "feeds/feed.json").read_text("utf-8")


def test_a_dry_run_leaves_the_memory_as_it_was(three: Workspace) -> None:
    memory = Memory()
    pass_(three, memory)
    show(three, "cupconf-2031", 2)
    three.later(hours=1)
    outs = [pass_(three, memory, due=True, dry_run=dry).events[1].released for dry in (True, False)]
    assert outs == [("Porcelain in Production (Grace Sample)",)] * 2


names = st.sampled_from(EVENTS)
steps = st.one_of(
    st.tuples(st.just("show"), names, st.integers(0, 3)),
    st.tuples(st.just("edit"), names, st.sampled_from(["Brewing Tea at Scale", "Tea, Slowly"])),
    st.tuples(st.just("break"), names, st.just("")),
    st.tuples(st.just("withhold"), names, st.booleans()),
    st.tuples(st.just("lose"), names, st.just("")),
    st.tuples(st.just("retire"), names, st.just("")),
)
wants = st.sampled_from(["all", "due", "offline", "cupconf-2031", "teaconf-2031"])


def tell(workspace: Workspace, what: str, name: str, how: object) -> None:
    file = f"data/{name}/event.yaml"
    barred = f"talks: [{name}/brewing-tea]\n" if how else "talks: []\n"
    match what:
        case "show":
            show(workspace, name, int(str(how)))
        case "edit":
            workspace.write(file, event(name, title=str(how)))
        case "break":
            workspace.write(file, event(name).replace("start:", "begin:"))
        case "withhold":
            workspace.write("data/no-publish.yaml", barred)
        case "lose":
            workspace.drop(f"feeds/{name}")
        case "retire":
            workspace.drop(f"data/{name}")


def wanted(want: str) -> dict[str, object]:
    return {"events": (want,)} if "-" in want else {} if want == "all" else {want: True}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(steps, wants, st.booleans()), min_size=1, max_size=6))
def test_any_passes_with_and_without_a_memory_arrive_at_the_same_bytes(
    story: list[tuple[tuple[str, str, object], str, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        warm, cold, memory = three_events(Path(one)), three_events(Path(other)), Memory()
        for step, want, from_elsewhere in story:
            for workspace in (warm, cold):
                tell(workspace, *step)
                workspace.later(minutes=47)
            memory.recheck()
            ends = []
            for workspace, kept in ((warm, None if from_elsewhere else memory), (cold, None)):
                try:
                    pass_(workspace, kept, **wanted(want))
                except DatasetError as error:
                    message = error.message  # both workspaces refuse alike, or neither does
                    assert "there is no event" in message or "was published" in message
                ends.append(ended(workspace))
            assert ends[0] == ends[1]
        warm.state.close()
        cold.state.close()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(names, st.integers(0, 3), st.integers(1, 90)), min_size=1, max_size=8))
def test_due_passes_that_compare_no_file_arrive_at_the_same_bytes(
    arrivals: list[tuple[str, int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        warm, cold, memory = three_events(Path(one)), three_events(Path(other)), Memory()
        for name, count, minutes in arrivals:
            for workspace, kept in ((warm, memory), (cold, None)):
                show(workspace, name, count)
                workspace.now += timedelta(minutes=minutes)
                pass_(workspace, kept, due=True)
            assert ended(warm) == ended(cold)
        warm.state.close()
        cold.state.close()
