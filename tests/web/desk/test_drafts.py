"""Drafts of mails in the browser: looked at, and what is said of them written as shown."""

from __future__ import annotations

import html
import re

import pytest

from pipeline.sending.letters import Letters
from pipeline.state.database import State
from tests.commands.person import OPEN_EVENT
from tests.web.desk.conftest import EVENT, MAIL, Sitting, files_shown
from tests.workspace import CONFIG

DRAFTS = f"{EVENT}/drafts"
NAME = "2031-05-20"


def test_drafts_shows_the_subject_and_the_mail_in_a_frame(desk: Sitting) -> None:
    page = desk.get(DRAFTS).text
    assert '<h1 dir="auto">1 recording is already out' in page
    frame = re.search(r'<iframe class="mail" sandbox [^>]*src="([^"]+)"', page)
    assert frame is not None
    assert html.unescape(frame[1]) == f"{DRAFTS}/mail?draft={NAME}&target=folder"


def test_a_mail_in_its_frame_may_do_nothing(desk: Sitting) -> None:
    found = desk.get(f"{DRAFTS}/mail?draft={NAME}&target=folder")
    policy = found.headers["content-security-policy"]
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert "Brewing Tea at Scale" in found.text
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("frame-ancestors 'self'; sandbox")


@pytest.mark.parametrize(
    ("form", "kind"),
    [("text", "text/plain; charset=utf-8"), ("eml", "message/rfc822")],
)
def test_a_mail_can_be_taken_elsewhere(desk: Sitting, form: str, kind: str) -> None:
    found = desk.get(f"{DRAFTS}/mail?draft={NAME}&target=folder&as={form}")
    assert (found.status, found.headers["content-type"]) == (200, kind)


def test_a_mail_of_a_draft_that_is_not_open_is_none(desk: Sitting) -> None:
    found = desk.get(f"{DRAFTS}/mail?draft=2031-01-01&target=folder")
    assert (found.status, "that draft is not open any more" in found.text) == (404, True)


def test_another_draft_than_the_one_that_was_asked_for_is_not_shown_silently(
    desk: Sitting,
) -> None:
    words = "That draft is not open any more; this is how it stands now."
    asked = [f"?draft={name}&target=folder" for name in (NAME, "2031-01-01")]
    assert [words in desk.get(f"{DRAFTS}{query}").text for query in asked] == [False, True]


@pytest.mark.parametrize(("verb", "number"), [("approve", 0), ("sent", 1), ("skip", 2)])
def test_what_is_said_of_a_draft_is_the_file_that_was_shown(
    desk: Sitting, verb: str, number: int
) -> None:
    page = desk.get(DRAFTS)
    found = desk.send(page, DRAFTS, verb=verb)
    assert (found.status, list(desk.decisions().items())) == (303, [files_shown(page)[number]])
    assert f"verb: {verb}\n" in files_shown(page)[number][1]


def test_an_approved_draft_leaves_with_the_next_pass(desk: Sitting) -> None:
    desk.send(desk.get(DRAFTS), DRAFTS, verb="approve")
    desk.tea.later(minutes=1)
    desk.served.runner.publish(desk.served.passes.wants[0])
    assert len(list((desk.tea.root / "out").glob("*.eml"))) == 1


def test_an_approval_is_undone_from_the_same_page(desk: Sitting) -> None:
    desk.send(desk.get(DRAFTS), DRAFTS, verb="approve")
    page = desk.get(DRAFTS)
    shown = files_shown(page)[-1]
    found = desk.send(page, EVENT, form="undo")
    assert found.headers["location"].startswith(f"{DRAFTS}?done=")
    assert list(desk.decisions().items())[-1] == shown
    assert "If you approve" in desk.get(DRAFTS).text


def test_a_draft_whose_mail_changed_is_shown_again(desk: Sitting) -> None:
    page = desk.get(DRAFTS)
    renamed = OPEN_EVENT.replace("Brewing Tea at Scale", "Brewing Tea for All")
    desk.tea.write("data/teaconf-2031/event.yaml", renamed)
    desk.served.runner.publish(desk.served.passes.wants[0])
    found = desk.send(page, DRAFTS, verb="approve")
    assert (found.status, desk.decisions()) == (409, {})
    assert "Nothing was written." in found.text


def test_a_draft_that_was_settled_meanwhile_is_not_approved(desk: Sitting) -> None:
    page = desk.get(DRAFTS)
    desk.send(page, DRAFTS, verb="sent")
    before = desk.decisions()
    found = desk.send(page, DRAFTS, verb="approve")
    assert (found.status, desk.decisions()) == (409, before)
    assert "that draft is not open any more" in found.text


def test_a_draft_that_a_person_pastes_is_not_approved(desk: Sitting) -> None:
    desk.tea.write("config.yaml", CONFIG + MAIL.partition("mail:")[0])
    desk.served.config = desk.tea.config
    desk.send(desk.get(DRAFTS), DRAFTS, verb="skip")
    desk.tea.list_videos()
    assert 'value="approve"' not in desk.get(DRAFTS).text


def test_skipping_lets_go_of_letters_that_were_planned(desk: Sitting) -> None:
    desk.send(desk.get(DRAFTS), DRAFTS, verb="skip")
    with State.open(desk.tea.root / ".recap" / "state.sqlite") as state:
        assert Letters(state).counts().total() == 0
    assert "No drafts are open" in desk.get(DRAFTS).text
