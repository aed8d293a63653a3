"""A decision and its file: written once, read back, kept beside every other."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.dataset.decisions import after, decider, named, render_decision
from pipeline.dataset.folder import FolderStore
from pipeline.model import Decision, Verb
from tests.workspace import REPOSITORY, Workspace, bytes_below

WHEN = datetime(2031, 5, 20, 13, 0, tzinfo=UTC)
LINK = Decision(
    id="", time=WHEN, verb=Verb.LINK, by="Ada: #1", video="youtube:-qRUsuevKj4", talk="brewing-tea"
)


def test_named_is_the_time_and_a_short_hash_of_the_bytes() -> None:
    digest = hashlib.sha256(render_decision(LINK)).hexdigest()
    assert named(LINK).id == f"20310520T130000Z-{digest[:6]}"


def test_render_decision_holds_what_was_decided_and_no_more() -> None:
    assert render_decision(LINK).decode() == (
        "time: '2031-05-20T13:00:00Z'\nverb: link\nby: 'Ada: #1'\n"
        "video: youtube:-qRUsuevKj4\ntalk: brewing-tea\n"
    )


@pytest.mark.parametrize("verb", Verb)
def test_store_reads_back_what_it_wrote(tmp_path: Path, verb: Verb) -> None:
    word = Decision(
        id="",
        time=WHEN,
        verb=verb,
        by="Ada",
        video="youtube:tea00000001",
        talk="teaconf-2031/brewing-tea",
        speaker="Grace “No” Sample",
        event="teaconf-2031",
        watch="list",
        announcement="2031-05-20",
        undoes="20310520T120000Z-0a1b2c",
        reason="yes: 12:30 #1",
    )
    store = FolderStore(tmp_path)
    written, path = store.decide(word)
    assert store.barred()[1] == (written,)
    assert path == tmp_path / "decisions" / f"{written.id}.yaml"


def test_store_dates_the_later_word_later_within_one_second(tea: Workspace) -> None:
    store = FolderStore(tea.root / "data")
    words = [
        store.decide(replace(LINK, talk=talk), event_id="teaconf-2031")[0]
        for talk in ("porcelain", "brewing-tea", "porcelain")
    ]
    assert [one.time - WHEN for one in words] == [timedelta(seconds=number) for number in range(3)]
    assert store.open("teaconf-2031").decisions == tuple(words)


def test_store_dates_a_word_for_all_events_after_that_of_any_event(tea: Workspace) -> None:
    store = FolderStore(tea.root / "data")
    store.decide(LINK, event_id="teaconf-2031")
    shared, _ = store.decide(replace(LINK, verb=Verb.WITHDRAW))
    assert shared.time == WHEN + timedelta(seconds=1)


def test_store_never_changes_a_decision(tea: Workspace) -> None:
    store = FolderStore(tea.root / "data")
    folder = tea.event_folder / "decisions"
    store.decide(LINK, event_id="teaconf-2031")
    before = bytes_below(folder)
    store.decide(LINK, event_id="teaconf-2031")
    kept = bytes_below(folder)
    assert (len(kept), {path: kept[path] for path in before}) == (2, before)


def test_after_goes_by_names_that_tell_a_time_and_by_no_others() -> None:
    names = ("20310520T125959Z-0a1b2c", "from-ada", "99999999T999999Z-0a1b2c")
    later = after(LINK, ["20310520T140000Z-0a1b2c"])
    assert [after(LINK, names), later] == [
        LINK,
        replace(LINK, time=datetime(2031, 5, 20, 14, 0, 1, tzinfo=UTC)),
    ]


def test_decisions_of_several_processes_at_once_are_all_kept(tea: Workspace) -> None:
    script = (
        "import os, sys\n"
        "from pipeline.cli import main\n"
        "for number in range(4):\n"
        "    try:\n"
        "        main(['ignore', f'{sys.argv[2]}{number:05d}', '--event', 'teaconf-2031',\n"
        "              '-q', '-C', sys.argv[1]])\n"
        "    except SystemExit as ended:\n"
        "        assert ended.code == 0, ended.code\n"
    )
    rows = [
        f"{{id: {name}{number:05d}, title: Any}}"
        for name in ("one---", "two---", "tri---")
        for number in range(4)
    ]
    tea.list_videos(*rows)
    tea.pass_()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tea.root), name],
            cwd=REPOSITORY,
            stderr=subprocess.PIPE,
        )
        for name in ("one---", "two---", "tri---")
    ]
    errors = [each.communicate()[1] for each in running]
    kept = FolderStore(tea.root / "data").open("teaconf-2031").decisions
    assert ([each.returncode for each in running], errors) == ([0, 0, 0], [b"", b"", b""])
    assert sorted(one.video or "" for one in kept) == sorted(
        f"youtube:{name}{number:05d}"
        for name in ("one---", "two---", "tri---")
        for number in range(4)
    )


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine on which nobody told git a name."""
    monkeypatch.delenv("RECAP_USER", raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "absent"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LOGNAME", "login-name")
    return monkeypatch


def test_decider_is_recap_user_before_anybody_else(
    nobody: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nobody.setenv("RECAP_USER", "  Ada\nExample ")
    assert decider(tmp_path) == "Ada Example"


def test_decider_is_the_name_that_git_knows(nobody: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n  name = Grace Sample\n", encoding="utf-8")
    nobody.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert decider(tmp_path) == "Grace Sample"


@pytest.mark.parametrize("path", [None, ""])
def test_decider_is_the_login_name_without_git_or_its_name(
    nobody: pytest.MonkeyPatch, tmp_path: Path, path: str | None
) -> None:
    if path is not None:
        nobody.setenv("PATH", path)
    assert decider(tmp_path) == "login-name"
