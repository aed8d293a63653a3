"""Mails that were on their way when something changed: taken back, withdrawn, set back, lost."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.mailing import Casebook
from pipeline.mailing.marking import Marker
from pipeline.model import Decision, Verb
from pipeline.sending.letters import Letters
from pipeline.state.database import State
from tests.mailing.test_mailing import configure, decide, deliver, posted, texts
from tests.workspace import EVENT, PORCELAIN, TEA, Workspace

DAY = "2031-05-20"


@pytest.fixture
def work(tea: Workspace) -> Workspace:
    """A workspace whose first look found nothing, so that what comes next is no backlog."""
    configure(tea)
    tea.list_videos()
    tea.pass_()
    tea.now += timedelta(hours=1)
    tea.list_videos(TEA)
    return tea


def say(work: Workspace, verb: Verb, **more: str) -> Decision:
    work.now += timedelta(seconds=1)
    word = Decision(id="", time=work.now, verb=verb, by="Ada", **more)  # type: ignore[arg-type] # all given are text
    return FolderStore(work.root / "data").decide(word, event_id="teaconf-2031")[0]


def put_off(work: Workspace) -> Decision:
    """Approve the draft, and let its letter be put off."""
    work.pass_()
    word = say(work, Verb.APPROVE, announcement=DAY)
    (work.root / "out").write_text("in the way")
    work.pass_()
    (work.root / "out").unlink()
    work.now += timedelta(hours=1)
    return word


def test_an_announcement_nobody_knows_holds_the_next_one_too(work: Workspace) -> None:
    configure(work, ", auto: true")
    work.pass_(deliver=False)
    work.state = State.in_memory()
    work.pass_()
    work.list_videos(TEA, PORCELAIN)
    work.now += timedelta(hours=1)
    made = work.pass_()
    assert posted(work) == []
    assert "does not know this announcement" in made.warnings[0]


def test_what_was_withdrawn_is_out_of_a_mail_before_any_run(work: Workspace) -> None:
    work.list_videos(TEA, PORCELAIN)
    work.pass_()
    decide(work, Verb.APPROVE, DAY)
    say(work, Verb.WITHDRAW, talk="porcelain")
    deliver(work)
    assert ("Brewing" in texts(work), "Porcelain" in texts(work)) == (True, False)


def test_what_was_withdrawn_is_out_of_a_letter_that_was_put_off(work: Workspace) -> None:
    work.list_videos(TEA, PORCELAIN)
    put_off(work)
    say(work, Verb.WITHDRAW, talk="porcelain")
    deliver(work)
    assert ("Brewing" in texts(work), "Porcelain" in texts(work)) == (True, False)


def test_what_is_withheld_is_out_of_a_letter_that_was_put_off(work: Workspace) -> None:
    work.list_videos(TEA, PORCELAIN)
    put_off(work)
    path = work.event_folder / "event.yaml"
    body = path.read_text()
    path.write_text(
        body.replace("  - id: porcelain\n", "  - id: porcelain\n    expectation: withheld\n")
    )
    work.pass_()
    assert ("tea00000001" in texts(work), "por00000001" in texts(work)) == (True, False)


def test_an_approval_that_was_taken_back_holds_the_letter(work: Workspace) -> None:
    word = put_off(work)
    say(work, Verb.UNDO, undoes=word.id)
    work.pass_()
    assert posted(work) == []


def test_a_skip_that_was_taken_back_asks(work: Workspace) -> None:
    put_off(work)
    word = say(work, Verb.SKIP, announcement=DAY)
    work.pass_()
    say(work, Verb.UNDO, undoes=word.id)
    made = work.pass_()
    assert posted(work) == []
    assert "it was let be, and is open again" in made.warnings[0]


def test_a_mail_without_any_recording_to_watch_waits(work: Workspace) -> None:
    work.pass_()
    work.list_videos(TEA.replace("}", ", access: private}"))
    work.now += timedelta(hours=1)
    work.pass_()
    decide(work, Verb.APPROVE, DAY)
    made = work.pass_()
    assert posted(work) == []
    assert "none of the recordings that it tells of can be watched" in made.warnings[0]


def test_data_that_was_set_back_is_noticed_by_the_name_of_what_was_sent(work: Workspace) -> None:
    configure(work, ", auto: true")
    shutil.copytree(work.root / "data", work.root / "backup")
    work.pass_()
    shutil.rmtree(work.root / "data")
    shutil.copytree(work.root / "backup", work.root / "data")
    work.list_videos(TEA, PORCELAIN)
    work.now += timedelta(hours=1)
    made = work.pass_()
    assert len(posted(work)) == 1
    assert any("data/ was set back since" in line for line in made.warnings)


def test_what_was_withdrawn_and_let_back_is_not_called_corrected(work: Workspace) -> None:
    configure(work, ", auto: true")
    work.pass_()
    say(work, Verb.WITHDRAW, talk="brewing-tea")
    work.pass_()
    work.now += timedelta(hours=1)
    say(work, Verb.UNWITHDRAW, talk="brewing-tea")
    work.pass_()
    assert (len(posted(work)), "orrected" in texts(work)) == (2, False)


def test_data_that_was_set_back_for_days_asks(work: Workspace) -> None:
    configure(work, ", auto: true")
    shutil.copytree(work.root / "data", work.root / "backup")
    work.pass_()
    shutil.rmtree(work.root / "data")
    shutil.copytree(work.root / "backup", work.root / "data")
    work.now += timedelta(days=3)
    made = work.pass_()
    assert len(posted(work)) == 1
    assert "data/ was set back since this state made an announcement" in made.warnings[0]


def test_a_mail_that_failed_for_everybody_is_said_by_every_run(work: Workspace) -> None:
    configure(work, ", auto: true")
    (work.root / "out").write_text("in the way")
    work.pass_()
    letters = Letters(work.state)
    (stuck,) = letters.listed(stages=["planned"])
    letters.take(stuck.key, now=work.now)
    letters.failed(stuck.key, now=work.now, detail="550 no")
    work.now += timedelta(hours=1)
    (line,) = work.pass_().warnings
    assert line == (
        f"mail teaconf-2031/{DAY} at folder has failed: 550 no. Mend that and run `recap mail "
        f"send teaconf-2031/{DAY}`, or skip it"
    )


def test_a_state_from_before_a_mail_was_on_its_way_asks(work: Workspace, tmp_path: Path) -> None:
    configure(work, ", auto: true")
    work.state.close()
    work.state = State.open(tmp_path / "state.sqlite")
    work.pass_(deliver=False)
    work.state.close()
    backup = (tmp_path / "state.sqlite").read_bytes()
    work.state = State.open(tmp_path / "state.sqlite")
    deliver(work)
    work.state.close()
    ledger = work.event_folder / "recordings.yaml"
    ledger.write_text(ledger.read_text().replace("state: sent", "state: leaving"))
    shutil.rmtree(work.root / "out")
    (tmp_path / "state.sqlite").write_bytes(backup)
    work.state = State.open(tmp_path / "state.sqlite")
    told = deliver(work)
    assert posted(work) == []
    assert "has none of its letters (a backup?)" in told.warnings[0]


def test_what_a_person_sent_unapproved_leaves_though_a_talk_was_withdrawn(
    work: Workspace,
) -> None:
    work.list_videos(TEA, PORCELAIN)
    work.pass_()
    (work.root / "out").write_text("in the way")
    deliver(work, insist=(f"teaconf-2031/{DAY} at folder",))
    (work.root / "out").unlink()
    say(work, Verb.WITHDRAW, talk="porcelain")
    work.now += timedelta(hours=1)
    work.pass_()
    assert ("Brewing" in texts(work), "Porcelain" in texts(work)) == (True, False)


def test_an_approval_that_was_taken_back_holds_the_letter_while_others_leave(
    work: Workspace,
) -> None:
    word = put_off(work)
    say(work, Verb.UNDO, undoes=word.id)
    deliver(work, event_id="cupconf-2031")
    assert posted(work) == []


@pytest.mark.parametrize("left", ["announcements: []", "announcements: ["])
def test_a_ledger_that_changed_under_a_mail_is_said(work: Workspace, left: str) -> None:
    work.pass_()
    store = FolderStore(work.root / "data")
    (case,) = Casebook(work.config, store).open("teaconf-2031")
    (work.event_folder / "recordings.yaml").write_text(left)
    marker = Marker(config=work.config, store=store, now=work.now)
    assert not marker.mark(case, "leaving")
    (line,) = marker.warnings
    assert line.startswith(f"mail teaconf-2031/{DAY} at folder could not be marked: ")


def rename(work: Workspace) -> None:
    """Give the event another id, as people do: folder, `id:` and `was:`."""
    work.event_folder.rename(work.root / "data" / "kettleconf-2031")
    body = EVENT.replace("id: teaconf-2031", "id: kettleconf-2031\nwas: [teaconf-2031]")
    work.write("data/kettleconf-2031/event.yaml", body)


def test_a_renamed_event_sends_nothing_again(work: Workspace) -> None:
    configure(work, ", auto: true")
    work.pass_(deliver=False)
    unmarked = (work.event_folder / "recordings.yaml").read_bytes()
    deliver(work)
    (work.event_folder / "recordings.yaml").write_bytes(unmarked)
    rename(work)
    work.now += timedelta(hours=1)
    made = work.pass_()
    label = "kettleconf-2031/2031-05-20 at folder"
    told = deliver(work, insist=(label,), event_id="kettleconf-2031")
    assert (made.warnings, told.warnings, len(posted(work))) == ((), (), 1)


def test_a_renamed_event_sends_what_was_put_off(work: Workspace) -> None:
    put_off(work)
    rename(work)
    made = work.pass_()
    assert made.delivered == (f"kettleconf-2031/{DAY} at folder: 1 letter sent",)


def test_a_target_that_is_named_no_more_is_said(work: Workspace) -> None:
    work.pass_()
    decide(work, Verb.APPROVE, DAY)
    configure(work, ", id: news")
    made = work.pass_()
    assert "config.yaml names no target 'folder' any more" in made.warnings[0]
