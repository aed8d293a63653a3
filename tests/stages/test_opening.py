from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load_config
from pipeline.dataset.folder import FolderStore
from pipeline.looking import Lookout, fetch_maker
from pipeline.model import Event, Ledger, Want
from pipeline.stages import opening
from pipeline.stages.opening import Opening
from pipeline.state.database import State
from tests.builders import NOW, no_secret
from tests.workspace import CONFIG, Workspace

SERIES = CONFIG + "series:\n  teaconf:\n    watch: [{kind: file, path: shared.yaml}]\n"


class Recording(Lookout):
    """Notes what it is told, in order."""

    def __init__(self, root: Path, state: State) -> None:
        super().__init__(
            state=state,
            open_fetch=fetch_maker(load_config(root), NOW),
            secret=no_secret,
            now=NOW,
        )
        self.told: list[str] = []

    def survey(self, event: Event, ledger: Ledger, *, folder: Path, due: bool) -> None:
        self.told.append(f"survey {event.id}")
        super().survey(event, ledger, folder=folder, due=due)

    def plan(self, event: Event, ledger: Ledger, *, folder: Path, due: bool) -> None:
        self.told.append(f"plan {event.id}")
        super().plan(event, ledger, folder=folder, due=due)

    def ask(self) -> None:
        self.told.append("ask")
        super().ask()

    def rest(self, event: Event) -> None:
        self.told.append(f"rest {event.id}")
        super().rest(event)


def workspace(root: Path, count: int) -> list[str]:
    made = Workspace(root)
    made.write("config.yaml", SERIES)
    made.write("data/shared.yaml", "videos: []\n")
    names = [f"c{number}" for number in range(count)]
    for name in names:
        series = "\nseries: teaconf" if name in ("c1", "c4") else ""
        body = f"id: {name}\nname: Conf\nstart: 2031-05-17{series}\n"
        made.write(f"data/{name}/event.yaml", body)
    return names


def taken(root: Path, names: list[str], **want: object) -> list[str]:
    """Return what the lookout was told and, in between, which event was yielded."""
    config = load_config(root)
    store = FolderStore(config.data, lists=config.lists)
    with State.in_memory() as state, Recording(root, state) as lookout:
        made = Opening(store, lookout, config=config, want=Want(**want))  # type: ignore[arg-type]  # fields by name
        for turn in made.turns(names):
            lookout.told.append(f"take {turn.event_id}")
        return lookout.told


def test_events_are_opened_ahead_but_never_more_than_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "WINDOW", 4)
    names = [name for name in workspace(tmp_path, 7) if name not in ("c1", "c4")]
    assert taken(tmp_path, names) == [
        *("plan c0", "plan c2", "plan c3", "plan c5", "ask"),
        *("take c0", "take c2", "plan c6", "ask"),
        *("take c3", "ask", "take c5", "ask", "take c6", "ask"),
    ]


def test_events_that_hold_much_are_opened_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = workspace(tmp_path, 2)
    for name in names:
        path = tmp_path / "data" / name / "event.yaml"
        path.write_text(path.read_text() + "talks: [{id: a, title: A}, {id: b, title: B}]\n")
    monkeypatch.setattr(opening, "WEIGHT", 2)
    told = [one for one in taken(tmp_path, names) if "survey" not in one]
    assert told == ["plan c0", "ask", "take c0", "plan c1", "ask", "take c1", "ask"]


def test_needs_of_a_series_are_heard_before_any_list_is_asked(tmp_path: Path) -> None:
    assert taken(tmp_path, workspace(tmp_path, 5))[:2] == ["survey c1", "survey c4"]


def test_no_look_is_planned_offline_or_for_others_than_the_chosen_events(tmp_path: Path) -> None:
    names = workspace(tmp_path, 2)
    found = [taken(tmp_path, names, offline=True), taken(tmp_path, names, events=("c0",))]
    plans = [[one for one in told if one.startswith(("plan", "rest", "survey"))] for told in found]
    assert plans == [["rest c0", "rest c1"], ["plan c0", "rest c1"]]


def test_a_broken_event_has_its_turn_with_what_is_wrong(tmp_path: Path) -> None:
    workspace(tmp_path, 1)
    (tmp_path / "data/c0/event.yaml").write_text("id: c0\n")
    config = load_config(tmp_path)
    with State.in_memory() as state, Recording(tmp_path, state) as lookout:
        made = Opening(FolderStore(config.data), lookout, config=config, want=Want())
        found = [(turn.opened, len(turn.problems), turn.weight) for turn in made.turns(["c0"])]
    assert found == [(None, 2, 0)]
