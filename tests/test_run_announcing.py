from __future__ import annotations

import json
from datetime import datetime, timedelta

from pipeline.commands.terminal import fetch_maker
from pipeline.dataset.folder import FolderStore
from pipeline.model import Decision, TargetState, Verb, Want
from pipeline.run import publish
from pipeline.stages.memory import Memory
from tests.workspace import CAMP, CONFIG, PORCELAIN, START, TEA, UNTITLED, Workspace

EVENT = "teaconf-2031"


def told(space: Workspace, event_id: str = EVENT) -> list[tuple[str, datetime, tuple[str, ...]]]:
    rows = FolderStore(space.config.data).ledger(event_id).announcements
    return [(one.kind, one.time, one.talks) for one in rows]


def test_a_run_announces_a_backlog_and_later_what_waited(tea: Workspace) -> None:
    tea.list_videos(TEA)
    first = tea.pass_().events[0]
    tea.list_videos(TEA, PORCELAIN)
    tea.later(hours=3)
    second = tea.pass_().events[0]
    tea.later(hours=3)
    third = tea.pass_().events[0]
    assert told(tea) == [
        ("backlog", START, ("brewing-tea",)),
        ("batch", START + timedelta(hours=6), ("porcelain",)),
    ]
    label = "Porcelain in Production (Grace Sample)"
    assert [one.announced for one in (first, second, third)] == [
        ("Brewing Tea at Scale (Ada Example)",),
        (),
        (label,),
    ]
    assert [draft.id for draft in third.drafts] == ["2031-05-20-2"]


def test_a_run_over_an_archive_announces_nothing(camp: Workspace) -> None:
    made = camp.pass_().events[0]
    rows = FolderStore(camp.config.data).ledger(CAMP).announcements
    assert [(one.kind, one.targets) for one in rows] == [
        ("backlog", {"draft": TargetState(state="skipped")})
    ]
    assert (made.announced, made.drafts) == ((), ())


def test_a_run_follows_the_plan_of_the_event_over_that_of_the_installation(tea: Workspace) -> None:
    tea.write("config.yaml", CONFIG + "announce: manual\n")
    tea.list_videos(TEA)
    tea.pass_()
    assert told(tea) == []
    body = (tea.event_folder / "event.yaml").read_text() + "announce: every 1\n"
    (tea.event_folder / "event.yaml").write_text(body)
    tea.later(hours=1)
    tea.pass_()
    assert told(tea) == [("batch", START + timedelta(hours=1), ("brewing-tea",))]


def test_a_run_makes_a_draft_at_each_mail_target(tea: Workspace) -> None:
    to = "mail: {to: [{kind: folder, id: one, path: a}, {kind: folder, id: two, path: b}]}\n"
    tea.write("config.yaml", CONFIG + to)
    tea.list_videos(TEA)
    tea.pass_(deliver=False)
    (one,) = FolderStore(tea.config.data).ledger(EVENT).announcements
    assert sorted(one.targets) == ["one", "two"]


def test_a_word_on_an_announcement_that_there_is_not_is_told(tea: Workspace) -> None:
    tea.list_videos(TEA)
    word = Decision(id="", time=START, verb=Verb.SENT, by="Ada", announcement="2031-05-21")
    FolderStore(tea.config.data).decide(word, event_id=EVENT)
    (event,) = tea.pass_().events
    (note,) = event.notes
    assert "speaks of the announcement '2031-05-21', which this event does not have" in note


def test_what_counts_as_new_stands_in_talks_json(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    tea.list_videos(TEA, UNTITLED)
    tea.later(hours=3)
    tea.pass_()
    whole = json.loads((tea.root / "feeds" / EVENT / "talks.json").read_text("utf-8"))
    assert whole["fresh"] == ["untitled"]


def test_an_event_that_sleeps_wakes_for_its_announcement(tea: Workspace) -> None:
    memory = Memory()

    def due_pass() -> int:
        made = publish(
            tea.config,
            now=tea.now,
            state=tea.state,
            open_fetch=fetch_maker(tea.config, tea.now),
            want=Want(due=True),
            memory=memory,
        )
        return len(made.events)

    tea.write("config.yaml", CONFIG + "announce: {when: each, quiet: 10m}\n")
    event = (tea.event_folder / "event.yaml").read_text()
    slow = event.replace("path: videos.yaml", "path: videos.yaml, every: 6 hours")
    (tea.event_folder / "event.yaml").write_text(slow)
    tea.list_videos(TEA)
    due_pass()
    tea.list_videos(TEA, PORCELAIN)
    tea.later(hours=7)
    due_pass()
    tea.later(minutes=10)
    assert (due_pass(), [kind for kind, _, _ in told(tea)]) == (1, ["backlog", "batch"])
    tea.later(minutes=10)
    assert due_pass() == 0
