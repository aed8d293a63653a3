"""Drafts at a newsletter tool at the level of whole passes: one, whatever came in between."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.mailing import Casebook, standing
from pipeline.model import Verb
from pipeline.state.database import State
from tests.delivery.tools import TOKEN, Listmonk, serving_listmonk
from tests.mailing.test_doubts import say
from tests.mailing.test_mailing import decide, deliver
from tests.workspace import CONFIG, PORCELAIN, TEA, Workspace

MAIL = """\
fetch: {{private_addresses: true}}
announce: {{when: each, quiet: 0m}}
mail:
  from: TeaConf <recaps@example.org>
  to:
    - {{kind: listmonk, url: '{url}', user: recaps, lists: '3'}}
"""


@pytest.fixture
def tool() -> Iterator[Listmonk]:
    with serving_listmonk() as running:
        yield running


@pytest.fixture
def work(tea: Workspace, tool: Listmonk, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose first look found nothing, so that what comes next is no backlog."""
    monkeypatch.setenv("LISTMONK_TOKEN", TOKEN)
    tea.write("config.yaml", CONFIG + MAIL.format(url=tool.url))
    tea.list_videos()
    tea.pass_()
    tea.now += timedelta(hours=2)
    tea.list_videos(TEA)
    return tea


def ledger(work: Workspace) -> Path:
    return work.event_folder / "recordings.yaml"


def back_up(work: Workspace) -> None:
    shutil.copytree(work.root / "data", work.root / "backup")


def set_back(work: Workspace) -> None:
    """Restore data/ as it was."""
    shutil.rmtree(work.root / "data")
    shutil.copytree(work.root / "backup", work.root / "data")


def later(work: Workspace, *videos: str) -> tuple[str, ...]:
    """Make a pass two hours later; return what it says was delivered."""
    work.now += timedelta(hours=2)
    work.list_videos(*videos)
    return work.pass_().delivered


def test_a_draft_grows_with_what_comes(work: Workspace, tool: Listmonk) -> None:
    first = work.pass_().delivered
    second = later(work, TEA, PORCELAIN)
    (row,) = tool.rows
    assert (first, second) == (
        ("teaconf-2031/2031-05-20 at listmonk: its draft is there",),
        ("teaconf-2031/2031-05-20-2 at listmonk: its draft is there",),
    )
    assert row["status"] == "draft"
    assert "Porcelain in Production" in row["body"]


def test_a_pass_that_brings_nothing_writes_nothing(work: Workspace, tool: Listmonk) -> None:
    work.pass_()
    assert later(work, TEA) == ()
    assert tool.wrote() == ["POST"]


def test_a_draft_whose_making_was_never_recorded_is_found(work: Workspace, tool: Listmonk) -> None:
    tool.break_after = "POST"
    broken = work.pass_()
    assert later(work, TEA) == ("teaconf-2031/2031-05-20 at listmonk: its draft is there",)
    assert (len(broken.warnings), len(tool.rows)) == (1, 1)


def test_a_state_and_a_ledger_that_were_set_back_make_no_second_draft(
    work: Workspace, tool: Listmonk
) -> None:
    work.pass_(deliver=False)
    before = ledger(work).read_bytes()
    later(work, TEA)
    ledger(work).write_bytes(before)
    work.state.close()
    work.state = State.in_memory()
    assert later(work, TEA) == ("teaconf-2031/2031-05-20 at listmonk: its draft is there",)
    assert len(tool.rows) == 1


def test_a_draft_that_was_never_recorded_is_found_when_it_has_grown(
    work: Workspace, tool: Listmonk
) -> None:
    tool.break_after = "POST"
    work.pass_()
    later(work, TEA, PORCELAIN)
    (row,) = tool.rows
    assert "Porcelain in Production" in row["body"]


def test_what_comes_after_a_person_edited_a_draft_is_a_second_one(
    work: Workspace, tool: Listmonk
) -> None:
    work.pass_()
    tool.rows[0]["body"] += "<p>Hello!</p>"
    later(work, TEA, PORCELAIN)
    later(work, TEA, PORCELAIN)
    first, second = tool.rows
    assert "Hello!" in first["body"]
    assert ("por00000001" in first["body"], "por00000001" in second["body"]) == (False, True)


def test_what_comes_after_a_draft_was_sent_there_is_a_second_one(
    work: Workspace, tool: Listmonk
) -> None:
    work.pass_()
    tool.rows[0]["status"] = "finished"
    later(work, TEA, PORCELAIN)
    later(work, TEA, PORCELAIN)
    first, second = tool.rows
    assert ("por00000001" in first["body"], "por00000001" in second["body"]) == (False, True)
    assert second["status"] == "draft"


def test_an_edit_that_was_taken_back_leaves_two_drafts(work: Workspace, tool: Listmonk) -> None:
    work.pass_()
    written = tool.rows[0]["body"]
    tool.rows[0]["body"] += "<p>Hello!</p>"
    later(work, TEA, PORCELAIN)
    later(work, TEA, PORCELAIN)
    tool.rows[0]["body"] = written
    later(work, TEA, PORCELAIN)
    later(work, TEA, PORCELAIN)
    made = FolderStore(work.root / "data").ledger("teaconf-2031").announcements
    kept = [one.targets["listmonk"] for one in made]
    assert [(one.state, one.draft) for one in kept] == [("draft", "1"), ("draft", "2")]
    assert len(tool.rows) == 2


def test_data_that_was_set_back_on_the_day_of_a_mail_asks(work: Workspace, tool: Listmonk) -> None:
    back_up(work)
    work.pass_()
    tool.rows[0]["status"] = "finished"
    later(work, TEA)
    set_back(work)
    work.list_videos(TEA, PORCELAIN)
    work.now += timedelta(hours=2)
    (line,) = work.pass_().warnings
    assert line == (
        "mail teaconf-2031/2031-05-20 at listmonk is held: data/ was set back since this state "
        "made an announcement of the same, which may have been sent. Look, then `recap mail send "
        "teaconf-2031/2031-05-20` sends it, and `recap mail sent teaconf-2031/2031-05-20` says "
        "that it has gone out"
    )
    assert "state: draft" in ledger(work).read_text()


def test_data_that_was_set_back_days_ago_asks_before_a_draft_is_made(
    work: Workspace, tool: Listmonk
) -> None:
    back_up(work)
    work.pass_()
    tool.rows[0]["status"] = "finished"
    later(work, TEA)
    set_back(work)
    work.now += timedelta(days=3)
    made = work.pass_()
    assert "data/ was set back" in made.warnings[0]
    assert len(tool.rows) == 1


def test_a_person_lets_a_draft_go_after_data_was_set_back(work: Workspace, tool: Listmonk) -> None:
    back_up(work)
    work.pass_()
    set_back(work)
    work.now += timedelta(days=3)
    work.pass_()
    deliver(work, insist=("teaconf-2031/2031-05-23 at listmonk",))
    again = work.pass_()
    assert (len(tool.rows), again.warnings) == (2, ())


def test_a_draft_does_not_grow_by_what_was_announced_before_data_was_set_back(
    work: Workspace, tool: Listmonk
) -> None:
    work.pass_()
    back_up(work)
    later(work, TEA, PORCELAIN)
    set_back(work)
    work.list_videos(TEA, PORCELAIN)
    work.now += timedelta(days=3)
    made = work.pass_()
    assert "data/ was set back" in made.warnings[0]
    assert tool.wrote() == ["POST", "PUT"]


def test_a_mail_that_was_sent_there_and_that_nobody_knows_asks(
    work: Workspace, tool: Listmonk
) -> None:
    back_up(work)
    work.pass_()
    tool.rows[0]["status"] = "finished"
    later(work, TEA)
    set_back(work)
    work.forget()
    work.list_videos(TEA, PORCELAIN)
    work.now += timedelta(hours=2)
    (line,) = work.pass_().warnings
    assert work.pass_().warnings == (line,)
    assert line == (
        "mail teaconf-2031/2031-05-20 at listmonk was sent there, and neither data/ nor the state "
        "in .recap/ knows of it, so it may have told something else. Look what it told, and say "
        "`recap mail sent teaconf-2031/2031-05-20` where that was all"
    )
    assert "state: draft" in ledger(work).read_text()


def soon(work: Workspace, *videos: str) -> None:
    """Make a pass over what is due ten minutes later, with a look at the list."""
    work.now += timedelta(minutes=10)
    work.list_videos(*videos)
    work.pass_(deliver=False)
    work.pass_(due=True)


def test_a_withdrawal_does_not_wait_an_hour_for_the_draft(work: Workspace, tool: Listmonk) -> None:
    work.list_videos(TEA, PORCELAIN)
    work.pass_()
    say(work, Verb.WITHDRAW, talk="porcelain")
    work.pass_(due=True)
    (row,) = tool.rows
    assert ("Brewing" in row["body"], "Porcelain" in row["body"]) == (True, False)


def test_a_draft_grows_at_once(work: Workspace, tool: Listmonk) -> None:
    work.pass_()
    soon(work, TEA, PORCELAIN)
    (row,) = tool.rows
    assert "por00000001" in row["body"]


def test_a_draft_of_which_nothing_changed_is_asked_for_once_an_hour(
    work: Workspace, tool: Listmonk
) -> None:
    work.pass_()
    before = len(tool.asked)
    soon(work, TEA)
    within = len(tool.asked)
    work.now += timedelta(hours=1)
    work.pass_(due=True)
    assert (within - before, tool.asked[within:]) == (0, [("GET", "/api/campaigns/1")])


def test_an_edited_draft_that_holds_a_withdrawn_talk_is_said(
    work: Workspace, tool: Listmonk
) -> None:
    work.list_videos(TEA, PORCELAIN)
    work.pass_()
    tool.rows[0]["body"] += "<p>Hello!</p>"
    later(work, TEA, PORCELAIN)
    say(work, Verb.WITHDRAW, talk="porcelain")
    (event,) = work.pass_().events
    assert event.alerts == (
        (
            "the mail 2031-05-20 at listmonk may still tell of porcelain, which was taken back "
            "since: look there and take it out, and say `recap mail sent` or `recap mail skip` "
            "when it is done with"
        ),
    )
    (case,) = Casebook(work.config, FolderStore(work.root / "data")).open("teaconf-2031")
    assert standing(case, {}) == (
        "may still tell of porcelain: look there, then `recap mail sent` or `recap mail skip`"
    )


def test_a_draft_that_was_skipped_is_cleaned_of_a_withdrawn_talk(
    work: Workspace, tool: Listmonk
) -> None:
    work.list_videos(TEA, PORCELAIN)
    work.pass_()
    decide(work, Verb.SKIP, "2031-05-20")
    work.pass_()
    say(work, Verb.WITHDRAW, talk="porcelain")
    (event,) = work.pass_().events
    (row,) = tool.rows
    assert ("Brewing" in row["body"], "Porcelain" in row["body"]) == (True, False)
    assert len(event.alerts) == 1
    decide(work, Verb.SKIP, "2031-05-20")
    (event,) = work.pass_().events
    assert event.alerts == ()


def test_a_withdrawal_cleans_the_draft_of_an_event_that_cannot_be_read(
    work: Workspace, tool: Listmonk
) -> None:
    work.list_videos(TEA, PORCELAIN)
    work.pass_()
    (work.event_folder / "event.yaml").write_text("talks: [")
    say(work, Verb.WITHDRAW, talk="porcelain")
    work.pass_()
    (row,) = tool.rows
    assert ("Brewing" in row["body"], "Porcelain" in row["body"]) == (True, False)


def test_a_draft_that_was_sent_and_never_recorded_does_not_swallow_what_came_since(
    work: Workspace, tool: Listmonk
) -> None:
    tool.break_after = "POST"
    work.pass_()
    tool.rows[0]["status"] = "finished"
    first = later(work, TEA, PORCELAIN)
    later(work, TEA, PORCELAIN)
    assert first == ("teaconf-2031/2031-05-20-2 at listmonk: it was sent there",)
    assert ["por00000001" in row["body"] for row in tool.rows] == [False, True]


def test_a_draft_that_is_not_at_its_tool_yet_asks_nobody_for_approval(work: Workspace) -> None:
    work.pass_(deliver=False)
    (case,) = Casebook(work.config, FolderStore(work.root / "data")).open("teaconf-2031")
    assert standing(case, {}) == "to be made at its tool by the next run"
    decide(work, Verb.APPROVE, "2031-05-20")
    (case,) = Casebook(work.config, FolderStore(work.root / "data")).open("teaconf-2031")
    assert standing(case, {}) == "to be made at its tool by the next run"


def test_a_draft_that_tells_of_nothing_any_more_is_said(work: Workspace, tool: Listmonk) -> None:
    work.pass_()
    say(work, Verb.WITHDRAW, talk="brewing-tea")
    (line,) = work.pass_().warnings
    assert "Brewing" not in tool.rows[0]["body"]
    assert line == (
        "mail teaconf-2031/2031-05-20 at listmonk tells of nothing that can be watched now, so it "
        "is not to be sent there as it is; `recap mail skip teaconf-2031/2031-05-20` lets it be"
    )
