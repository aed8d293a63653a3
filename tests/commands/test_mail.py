"""`recap mail` as a person types it."""

from __future__ import annotations

import email
import json
from datetime import timedelta

import pytest

from tests.commands.person import Person
from tests.workspace import CONFIG, PORCELAIN, TEA

DRAFT = "teaconf-2031/2031-05-20"
PROMPTLY = CONFIG + "announce: {when: each, quiet: 0m}\n"


@pytest.fixture
def ada(person: Person) -> Person:
    """Ada, with the opening draft, which tells of one talk."""
    person.tea.write("config.yaml", PROMPTLY)
    return person


def test_mail_list_says_what_each_draft_waits_for(ada: Person) -> None:
    assert ada.says("mail", "list") == [
        f"{DRAFT} → draft: 1 talk, to be pasted: `recap mail preview`, then `recap mail sent`"
    ]


def test_mail_list_as_json_names_the_talks(ada: Person) -> None:
    code, out, _ = ada.recap("mail", "list", "--json")
    drafts = json.loads(out)["drafts"]
    assert code == 0
    assert [(one["draft"], one["kind"], one["talks"]) for one in drafts] == [
        (DRAFT, "backlog", ["brewing-tea"])
    ]


def test_mail_preview_shows_the_mail_as_text(ada: Person) -> None:
    lines = ada.says("mail", "preview")
    assert lines[0].startswith("Subject: 1 recording is already out")
    assert any("Brewing Tea at Scale" in line for line in lines)


def test_mail_preview_writes_a_message_that_reads_back(ada: Person) -> None:
    path = ada.tea.root / "draft.eml"
    ada.says("mail", "preview", DRAFT, "--as", "eml", "--out", str(path))
    parsed = email.message_from_bytes(path.read_bytes())
    kinds = [part.get_content_type() for part in parsed.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_mail_sent_closes_a_draft_and_undo_opens_it_again(ada: Person) -> None:
    ada.says("mail", "sent", "teaconf-2031")
    after = ada.says("mail", "list")
    ada.says("undo")
    assert after == ["No drafts are open."]
    assert len(ada.says("mail", "list")) == 1


def test_mail_skip_closes_a_draft(ada: Person) -> None:
    ada.says("mail", "skip")
    assert ada.says("mail", "list") == ["No drafts are open."]


def test_mail_approve_is_a_decision_on_the_announcement(ada: Person) -> None:
    _, out, _ = ada.recap("mail", "approve", "2031-05-20")
    assert out.startswith(f"{DRAFT} may go, by Ada. Written to ")
    assert "verb: approve" in ada.decisions()[0]
    assert "announcement: '2031-05-20'" in ada.decisions()[0]


def test_mail_approve_says_that_a_draft_to_paste_goes_nowhere_by_itself(ada: Person) -> None:
    code, _, err = ada.recap("mail", "approve")
    assert code == 0
    assert f"{DRAFT} goes nowhere by itself" in err


def test_mail_draft_announces_what_waits(person: Person) -> None:
    person.tea.write("config.yaml", CONFIG + "announce: manual\n")
    person.says("mail", "skip")
    person.tea.list_videos(TEA, PORCELAIN)
    person.tea.pass_()
    before = person.says("mail", "list")
    person.says("mail", "draft", "teaconf-2031")
    person.publish()
    assert before == ["No drafts are open."]
    assert person.says("mail", "list")[0].startswith(f"{DRAFT}-2 → draft: 1 talk")


def test_mail_draft_decides_nothing_where_nothing_waits(ada: Person) -> None:
    assert ada.says("mail", "draft", "teaconf-2031") == [
        "Nothing waits in teaconf-2031, so nothing was decided."
    ]
    assert ada.decisions() == []


def test_mail_names_the_open_drafts_where_none_is_meant(ada: Person) -> None:
    code, _, err = ada.recap("mail", "approve", "cupconf")
    assert (code, err) == (
        2,
        f"recap: 'cupconf' is no open draft; open drafts: {DRAFT}\n",
    )


def test_mail_send_without_a_target_says_how_to_go_on(ada: Person) -> None:
    code, _, err = ada.recap("mail", "send")
    assert code == 1
    assert "config.yaml names nothing under `mail.to`" in err


def test_mail_send_sends_a_draft_that_nobody_approved(ada: Person) -> None:
    ada.tea.write(
        "config.yaml",
        PROMPTLY + "mail:\n  from: recaps@example.org\n  to:\n"
        "    - {kind: folder, path: out, to: list@example.org}\n",
    )
    ada.tea.later(minutes=5)
    ada.says("mail", "skip")
    ada.tea.list_videos(TEA, PORCELAIN)
    ada.tea.pass_()
    ada.tea.now += timedelta(minutes=1)
    assert ada.says("mail", "send") == [f"{DRAFT}-2 at folder: 1 letter sent"]
    assert len(list((ada.tea.root / "out").glob("*.eml"))) == 1


def test_mail_test_needs_a_mail_server(ada: Person) -> None:
    code, _, err = ada.recap("mail", "test", "ada@example.org")
    assert code == 2
    assert "no mail server is named under `mail.to`" in err
