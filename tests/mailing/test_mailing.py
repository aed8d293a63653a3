"""Drafts on their way at the level of whole passes: what leaves, once, and what waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import mailing
from pipeline.commands.terminal import connect
from pipeline.dataset.folder import FolderStore
from pipeline.model import Decision, Verb
from pipeline.sending.delivering import Delivered
from pipeline.sending.letters import Letters
from pipeline.state.database import State
from tests.workspace import CONFIG, PORCELAIN, START, TEA, Workspace

MAIL = """\
announce: {when: each, quiet: 0m}
mail:
  from: TeaConf <recaps@example.org>
  to:
    - {kind: folder, path: out, to: list@example.org%s}
"""


def posted(work: Workspace) -> list[str]:
    """Return the names of the mails in the folder that stands in for a mail server."""
    return sorted(path.name for path in (work.root / "out").glob("*.eml"))


def texts(work: Workspace) -> str:
    return "".join(path.read_text() for path in (work.root / "out").glob("*.eml"))


def configure(work: Workspace, options: str = "") -> None:
    work.write("config.yaml", CONFIG + MAIL % options)


def deliver(
    work: Workspace, insist: tuple[str, ...] = (), *, event_id: str = "teaconf-2031"
) -> Delivered:
    config = work.config
    return mailing.deliver(
        config,
        (event_id,),
        store=FolderStore(config.data),
        state=work.state,
        connect=connect(config, work.now),
        now=work.now,
        insist=insist,
    )


def decide(work: Workspace, verb: Verb, announcement: str) -> None:
    work.now += timedelta(seconds=1)
    word = Decision(id="", time=work.now, verb=verb, by="Ada", announcement=announcement)
    FolderStore(work.root / "data").decide(word, event_id="teaconf-2031")


@pytest.fixture
def work(tea: Workspace) -> Workspace:
    """A workspace whose first look found nothing, so that what comes next is no backlog."""
    configure(tea)
    tea.list_videos()
    tea.pass_()
    tea.now += timedelta(hours=1)
    tea.list_videos(TEA)
    return tea


def test_a_draft_that_nobody_approved_stays_a_draft(work: Workspace) -> None:
    made = work.pass_()
    assert (posted(work), made.delivered) == ([], ())


def test_an_approved_draft_leaves_once(work: Workspace) -> None:
    work.pass_()
    decide(work, Verb.APPROVE, "2031-05-20")
    made = work.pass_()
    again = work.pass_()
    assert made.delivered == ("teaconf-2031/2031-05-20 at folder: 1 letter sent",)
    assert (len(posted(work)), again.delivered) == (1, ())


def test_what_is_auto_leaves_without_being_approved(work: Workspace) -> None:
    configure(work, ", auto: true")
    work.pass_()
    assert len(posted(work)) == 1
    assert "state: sent" in (work.event_folder / "recordings.yaml").read_text()


def test_what_comes_after_a_mail_is_the_next_one(work: Workspace) -> None:
    configure(work, ", auto: true")
    work.pass_()
    work.now += timedelta(hours=1)
    work.list_videos(TEA, PORCELAIN)
    made = work.pass_()
    assert made.delivered == ("teaconf-2031/2031-05-20-2 at folder: 1 letter sent",)
    assert len(posted(work)) == 2


def test_a_state_that_does_not_know_an_announcement_asks(work: Workspace) -> None:
    configure(work, ", auto: true")
    work.pass_(deliver=False)
    work.state = State.in_memory()
    told = deliver(work)
    assert posted(work) == []
    assert "does not know this announcement" in told.warnings[0]
    assert "`recap mail send teaconf-2031/2031-05-20`" in told.warnings[0]


def test_a_person_may_insist_on_what_is_held(work: Workspace) -> None:
    configure(work, ", auto: true")
    work.pass_(deliver=False)
    work.state = State.in_memory()
    told = deliver(work, insist=("teaconf-2031/2031-05-20 at folder",))
    assert (len(posted(work)), told.warnings) == (1, ())


def test_an_approval_of_yesterday_asks_again(work: Workspace) -> None:
    work.pass_(deliver=False)
    decide(work, Verb.APPROVE, "2031-05-20")
    work.now += timedelta(days=1, seconds=1)
    told = deliver(work)
    assert posted(work) == []
    assert "late by more than a day" in told.warnings[0]


def test_letters_that_slept_for_long_are_held(work: Workspace) -> None:
    configure(work, ", auto: true")
    (work.root / "out").write_text("in the way")
    work.pass_()
    (work.root / "out").unlink()
    work.now += timedelta(days=1, hours=7)
    told = deliver(work)
    assert posted(work) == []
    assert "late by over a day" in told.warnings[0]


def test_a_mail_is_not_sent_again_where_the_ledger_was_set_back(work: Workspace) -> None:
    configure(work, ", auto: true")
    work.pass_(deliver=False)
    before = (work.event_folder / "recordings.yaml").read_bytes()
    deliver(work)
    first = texts(work)
    for path in (work.root / "out").iterdir():
        path.unlink()
    (work.event_folder / "recordings.yaml").write_bytes(before)
    told = deliver(work)
    assert first
    assert (posted(work), told.sent) == ([], ())
    assert "state: sent" in (work.event_folder / "recordings.yaml").read_text()


def test_a_withdrawal_cleans_what_is_stored_of_a_mail(work: Workspace) -> None:
    configure(work, ", auto: true")
    work.list_videos(TEA, PORCELAIN)
    (work.root / "out").write_text("in the way")
    work.pass_()
    word = Decision(id="", time=work.now, verb=Verb.WITHDRAW, by="Ada", talk="porcelain")
    FolderStore(work.root / "data").decide(word, event_id="teaconf-2031")
    work.pass_(deliver=False)
    letters = Letters(work.state)
    stored = [letters.get(one.key) for one in letters.listed()]
    (work.root / "out").unlink()
    deliver(work)
    assert [one and one.is_bare for one in stored] == [True]
    assert "Brewing" in texts(work)
    assert "Porcelain" not in texts(work)


def test_a_letter_that_was_put_off_leaves_with_the_next_daily_run(work: Workspace) -> None:
    configure(work, ", auto: true")
    (work.root / "out").write_text("in the way")
    work.pass_()
    (work.root / "out").unlink()
    work.now += timedelta(days=1, hours=2)
    work.pass_()
    assert len(posted(work)) == 1


def test_a_lost_state_asks_even_where_letters_were_on_their_way(work: Workspace) -> None:
    configure(work, ", auto: true")
    (work.root / "out").write_text("in the way")
    work.pass_()
    (work.root / "out").unlink()
    work.state = State.in_memory()
    told = deliver(work)
    assert posted(work) == []
    assert "does not know this announcement" in told.warnings[0]


def test_a_restored_state_does_not_send_what_the_ledger_calls_sent(
    work: Workspace, tmp_path: Path
) -> None:
    configure(work, ", auto: true")
    work.state = State.open(tmp_path / "state.sqlite")
    (work.root / "out").write_text("in the way")
    work.pass_()
    (work.root / "out").unlink()
    work.state.close()
    backup = (tmp_path / "state.sqlite").read_bytes()
    work.now += timedelta(hours=1)
    work.state = State.open(tmp_path / "state.sqlite")
    work.pass_()
    work.state.close()
    sent = posted(work)
    for path in (work.root / "out").iterdir():
        path.unlink()
    (tmp_path / "state.sqlite").write_bytes(backup)
    work.now += timedelta(hours=1)
    work.state = State.open(tmp_path / "state.sqlite")
    work.pass_()
    told = deliver(work)
    work.state.close()
    assert (len(sent), posted(work), told.sent) == (1, [], ())


def test_several_recipients_need_a_state_that_lasts(tea: Workspace, tmp_path: Path) -> None:
    recipients = tmp_path / "people.txt"
    recipients.write_text("a@example.org\nb@example.org\n")
    tea.write(
        "config.yaml",
        CONFIG
        + "announce: {when: each, quiet: 0m}\n"
        + "mail:\n  from: recaps@example.org\n  unsubscribe: mailto:leave@example.org\n  to:\n"
        + f"    - {{kind: smtp, host: 127.0.0.1, port: 9, tls: none, recipients: '{recipients}',"
        + " auto: true}\n",
    )
    tea.list_videos(TEA)
    made = tea.pass_()
    assert tea.now == START
    assert "several recipients need a state that lasts" in made.warnings[0]
