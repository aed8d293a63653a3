"""What every newsletter tool keeps to, whatever its kind: one draft, and a person's word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline import plugins
from pipeline.delivery._drafts import digest
from pipeline.errors import ConfigError
from pipeline.model import Draft, DraftTool, Placed
from tests.builders import NOW, no_secret
from tests.delivery.tools import (
    DRAFT,
    TOKEN,
    Buttondown,
    Listmonk,
    Row,
    Tool,
    buttondown,
    connect,
    listmonk,
    serving_buttondown,
    serving_listmonk,
)

NEXT = replace(DRAFT, html="<p>Tea and porcelain.</p>", text="Both.\n", markdown="# Both\n")
NOTES = {"tags", "attribs", "metadata"}
LATER = replace(NEXT, id=DRAFT.id.replace("05-12", "05-13"), subject="3 new recordings")


@dataclass(slots=True)
class Desk:
    """A tool that runs, and what speaks to it."""

    tool: Tool
    make: Callable[..., DraftTool]
    sent: tuple[str, ...]

    def put(self, draft: Draft, after: Placed | None = None) -> Placed:
        """Put a draft there, knowing what an earlier result said."""
        known, sha256 = (after.known, after.body_sha256) if after else (None, None)
        return self.make().put(replace(draft, known=known, body_sha256=sha256))

    @property
    def only(self) -> Row:
        """Return what the tool holds: one."""
        (row,) = self.tool.rows
        return row


def at_listmonk(stack: ExitStack) -> Desk:
    tool: Listmonk = stack.enter_context(serving_listmonk())
    sent = ("running", "paused", "finished")
    return Desk(tool, lambda **more: listmonk(tool, **more), sent)


def at_buttondown(stack: ExitStack) -> Desk:
    tool: Buttondown = stack.enter_context(serving_buttondown())
    sent = ("about_to_send", "in_flight", "throttled", "paused", "resending", "sent")
    return Desk(tool, lambda **more: buttondown(tool, **more), sent)


DESKS = {"listmonk": at_listmonk, "buttondown": at_buttondown}


@pytest.fixture(params=DESKS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def desk(kind: str) -> Iterator[Desk]:
    with ExitStack() as stack:
        yield DESKS[kind](stack)


def test_every_kind_that_keeps_drafts_is_held_to_this() -> None:
    keeping = {
        kind
        for kind in plugins.BUILT_IN["delivery"]
        if hasattr(plugins.load("delivery", kind), "put")
    }
    assert keeping == set(DESKS)


def test_put_makes_one_draft_and_sends_nothing(desk: Desk) -> None:
    made = desk.put(DRAFT)
    assert (desk.only["subject"], desk.only["status"]) == (DRAFT.subject, "draft")
    assert made == Placed(result="draft", known=str(desk.only["id"]), body_sha256=made.body_sha256)
    assert made.body_sha256


def test_put_again_writes_nothing(desk: Desk) -> None:
    made = desk.put(DRAFT)
    assert desk.put(DRAFT, made) == made
    assert desk.tool.wrote() == ["POST"]


def test_what_is_only_scheduled_is_left_alone_and_not_sent(desk: Desk) -> None:
    made = desk.put(DRAFT)
    desk.only["status"] = "scheduled"
    assert desk.put(LATER, made) == replace(made, result="edited")
    desk.only["status"] = "draft"
    assert desk.put(LATER, made).result == "draft"


def test_a_scheduled_draft_whose_making_was_never_recorded_is_found(desk: Desk) -> None:
    desk.put(DRAFT)
    desk.only["status"] = "scheduled"
    assert desk.put(DRAFT).result == "edited"
    assert len(desk.tool.rows) == 1


def test_put_renews_the_draft_where_its_texts_changed(desk: Desk) -> None:
    made = desk.put(DRAFT)
    renewed = desk.put(LATER, made)
    assert (renewed.result, renewed.known) == ("draft", made.known)
    assert renewed.body_sha256 != made.body_sha256
    assert desk.only["subject"] == LATER.subject


def test_a_renewed_draft_is_found_by_what_it_holds_now(desk: Desk) -> None:
    renewed = desk.put(LATER, desk.put(DRAFT))
    assert desk.put(LATER) == renewed


def test_a_draft_whose_texts_stay_is_found_by_its_newest_announcement(desk: Desk) -> None:
    made = desk.put(DRAFT)
    desk.put(replace(DRAFT, id=LATER.id), made)
    assert desk.put(replace(DRAFT, id=LATER.id)) == made
    assert len(desk.tool.rows) == 1


def test_a_note_that_a_person_removed_is_made_again(desk: Desk) -> None:
    made = desk.put(DRAFT)
    removed = {key: type(desk.only[key])() for key in NOTES & desk.only.keys()}
    noted = {key: desk.only[key] for key in removed}
    desk.only.update(removed)
    assert desk.put(DRAFT, replace(made, body_sha256=None)) == made
    assert {key: desk.only[key] for key in removed} == noted


def test_a_state_that_was_lost_makes_no_second_draft(desk: Desk) -> None:
    made = desk.put(DRAFT)
    assert desk.put(DRAFT) == made
    assert desk.tool.wrote() == ["POST"]


def test_a_lost_state_still_tells_its_own_draft_from_an_edited_one(desk: Desk) -> None:
    desk.put(DRAFT)
    assert desk.put(NEXT).result == "draft"
    assert len(desk.tool.rows) == 1


def test_a_crash_between_making_and_recording_gives_one_draft(desk: Desk) -> None:
    desk.tool.break_after = "POST"
    broken = desk.put(DRAFT)
    made = desk.put(DRAFT)
    assert (broken.result, made.result) == ("retry", "draft")
    assert made.known == str(desk.only["id"])


def test_a_crash_between_renewing_and_recording_is_no_edit(desk: Desk, kind: str) -> None:
    made = desk.put(DRAFT)
    desk.tool.break_after = {"listmonk": "PUT", "buttondown": "PATCH"}[kind]
    broken = desk.put(NEXT, made)
    again = desk.put(replace(NEXT, subject="4 new recordings"), made)
    assert (broken.result, again.result) == ("retry", "draft")


@pytest.mark.parametrize("what", ["subject", "body"])
def test_a_draft_that_a_person_edited_is_left_alone(desk: Desk, what: str) -> None:
    made = desk.put(DRAFT)
    desk.only[what] += " by hand"
    there = dict(desk.only)
    assert desk.put(NEXT, made) == Placed(
        result="edited", known=made.known, body_sha256=made.body_sha256
    )
    assert desk.only == there


def test_an_edited_draft_is_left_alone_after_the_state_was_lost(desk: Desk) -> None:
    made = desk.put(DRAFT)
    desk.only["body"] += " by hand"
    assert desk.put(DRAFT) == Placed(result="edited", known=made.known)


def test_what_comes_after_an_edited_draft_is_a_second_one(desk: Desk) -> None:
    made = desk.put(DRAFT)
    desk.only["body"] += " by hand"
    second = desk.put(LATER)
    assert second.result == "draft"
    assert second.known != made.known


def test_line_ends_and_outer_space_are_no_edit(desk: Desk) -> None:
    made = desk.put(DRAFT)
    desk.only["body"] = desk.only["body"].replace("\n", "\r\n") + "\r\n"
    assert desk.put(DRAFT, made) == made


def test_what_was_sent_there_counts_as_sent(desk: Desk) -> None:
    made = desk.put(DRAFT)
    found = set()
    for status in desk.sent:
        desk.only["status"] = status
        found.add(desk.put(NEXT, made))
    assert found == {Placed(result="sent", known=made.known)}
    assert desk.tool.wrote() == ["POST"]


def test_what_was_sent_there_is_known_after_the_state_was_lost(desk: Desk) -> None:
    made = desk.put(DRAFT)
    desk.only["status"] = desk.sent[-1]
    assert desk.put(NEXT) == Placed(result="sent", known=made.known)


def test_a_copy_that_was_sent_counts_as_sent(desk: Desk) -> None:
    desk.put(DRAFT)
    copy = {**desk.only, "status": desk.sent[-1]}
    copy["id"] = 99 if isinstance(copy["id"], int) else "em_copy"
    desk.tool.rows.append(copy)
    assert desk.put(DRAFT) == Placed(result="sent", known=str(copy["id"]))


def test_a_draft_that_was_deleted_is_not_made_again(desk: Desk) -> None:
    made = desk.put(DRAFT)
    desk.tool.rows.clear()
    assert desk.put(NEXT, made) == Placed(result="deleted", known=made.known)
    assert desk.tool.rows == []


def test_a_status_that_nobody_knows_is_for_a_person(desk: Desk) -> None:
    made = desk.put(DRAFT)
    desk.only["status"] = "steeping"
    placed = desk.put(NEXT, made)
    assert placed.result == "failed"
    assert placed.detail.endswith(f"{made.known} is steeping there; look at it")


def test_a_tool_that_asks_for_patience_is_asked_again_when_it_says(desk: Desk) -> None:
    desk.tool.refuse = (429, {"detail": "Too Many Requests"}, {"Retry-After": "90"})
    placed = desk.put(DRAFT)
    assert (placed.result, placed.retry_after) == ("retry", NOW + timedelta(seconds=90))


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_of_the_server_is_tried_again(desk: Desk, status: int) -> None:
    desk.tool.refuse = (status, {}, {})
    assert desk.put(DRAFT).result == "retry"


def test_a_server_that_cannot_be_reached_is_tried_again(kind: str) -> None:
    with ExitStack() as stack:
        gone = DESKS[kind](stack)
    assert gone.put(DRAFT).result == "retry"


def test_a_wrong_token_is_for_a_person_and_never_shown(desk: Desk) -> None:
    placed = desk.make(token="hush-wrong-2031").put(DRAFT)  # noqa: S106  # invented
    assert placed.result == "failed"
    assert "the server answers 403 (“invalid API credentials”)" in placed.detail
    assert "hush" not in placed.detail


def test_a_token_that_the_server_repeats_is_not_shown(desk: Desk) -> None:
    desk.tool.refuse = (401, {"detail": f"what is {TOKEN}?"}, {})
    placed = desk.put(DRAFT)
    assert "(“what is ***?”)" in placed.detail


def test_a_known_draft_is_not_taken_for_deleted_where_nobody_may_look(desk: Desk) -> None:
    made = desk.put(DRAFT)
    desk.tool.refuse = (403, {"message": "permission denied"}, {})
    assert desk.put(DRAFT, made).result == "failed"


def test_an_address_that_answers_no_json_is_for_a_person(desk: Desk) -> None:
    desk.tool.refuse = (200, ["a", "page"], {})  # type: ignore[assignment]  # as a wrong server may
    placed = desk.put(DRAFT)
    assert placed.result == "failed"
    assert "answers something else than this API does" in placed.detail


def test_a_secret_that_is_not_set_is_said(kind: str) -> None:
    with ExitStack() as stack, pytest.raises(ConfigError, match="is not set; set "):
        DESKS[kind](stack).make(token="").put(DRAFT)


def test_a_secret_with_a_line_end_is_refused_unseen(kind: str) -> None:
    with ExitStack() as stack, pytest.raises(ConfigError) as caught:
        DESKS[kind](stack).make(token="hush\nhush").put(DRAFT)  # noqa: S106  # invented
    assert "holds a character that no key has" in caught.value.message
    assert "hush" not in caught.value.message


def test_a_secret_written_into_the_configuration_is_refused_unseen(desk: Desk) -> None:
    with pytest.raises(ConfigError) as caught:
        desk.make(secret="hush hush")  # noqa: S106  # invented
    assert "is the name of an environment variable" in caught.value.message
    assert "hush" not in caught.value.message


def test_an_unknown_option_is_refused_by_its_name(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="no option 'teapot'"):
        desk.make(teapot="x")


def test_an_option_that_is_no_text_is_refused(kind: str, desk: Desk) -> None:
    with pytest.raises(ConfigError, match=f"`secret:` of {kind} is text"):
        desk.make(secret={"a": "b"})


def test_making_one_reads_no_secret_and_connects_nowhere(kind: str) -> None:
    def never(*_: object) -> Any:
        raise AssertionError("too early")

    options = {"url": "https://lists.example.org", "user": "recaps", "lists": "3"}
    given = options if kind == "listmonk" else {}
    made = plugins.load("delivery", kind)(given, secret=never, connect=never)
    assert isinstance(made, DraftTool)


def test_a_kind_without_options_says_what_it_needs() -> None:
    with pytest.raises(ConfigError, match="`url:` of listmonk is its address"):
        plugins.load("delivery", "listmonk")({}, secret=no_secret, connect=connect)


def test_digest_is_of_each_text_by_itself() -> None:
    assert digest(("a", "bc")) != digest(("ab", "c"))


def test_digest_knows_no_editor_mode() -> None:
    assert digest(("a", "<!-- buttondown-editor-mode: fancy -->b")) == digest(("a", "b"))
