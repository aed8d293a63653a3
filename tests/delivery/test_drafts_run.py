"""Drafts at a newsletter tool at the level of whole passes: one, whatever came in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.state.database import State
from tests.delivery.tools import TOKEN, Listmonk, serving_listmonk
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
