from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.ledger import drafts, left_behind, mark_target, unheard
from pipeline.merging import standing
from pipeline.model import (
    Announcement,
    Decision,
    Ledger,
    OpenDraft,
    Release,
    TargetState,
    Verb,
)
from tests.builders import NOW

DAY = timedelta(days=1)
OPEN = TargetState(state="draft")
SENT = TargetState(state="sent")


def told(number: int, *talks: str, **more: object) -> Announcement:
    """Return the announcement of day `number`."""
    values = {"talks": talks or (f"talk-{number}",), "targets": {"draft": OPEN}, **more}
    return Announcement(id=f"day-{number}", time=NOW + number * DAY, **values)  # type: ignore[arg-type]  # fields by name


def ledger(*announcements: Announcement, **released: datetime | None) -> Ledger:
    """Return a ledger whose talks were released before, but for those given by `talk_N=`."""
    talks = {talk: NOW for one in announcements for talk in one.talks}
    dates = {**talks, **{name.replace("_", "-"): when for name, when in released.items()}}
    return Ledger(
        announcements=announcements,
        talks={
            talk: Release(feed_id=talk, released=when, updated=NOW, digest="", sequence=1)
            for talk, when in dates.items()
        },
    )


def word(verb: Verb, number: int | None, **more: object) -> Decision:
    at = NOW + timedelta(days=99)
    values = {"announcement": f"day-{number}" if number else None, **more}
    return Decision(id=f"{verb}-{number}", time=at, verb=verb, by="Ada", **values)  # type: ignore[arg-type]  # fields by name


def parts(found: tuple[OpenDraft, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.id, one.announcements) for one in found]


def test_open_announcements_are_one_draft_named_by_the_newest() -> None:
    assert drafts(ledger(told(1), told(2, "talk-4", "talk-3")), ()) == (
        OpenDraft(
            target="draft",
            id="day-2",
            time=NOW + 2 * DAY,
            announcements=("day-1", "day-2"),
            talks=("talk-1", "talk-4", "talk-3"),
        ),
    )


def test_there_is_a_draft_at_each_target_that_was_configured_then() -> None:
    both = {"draft": OPEN, "list": OPEN}
    found = drafts(ledger(told(1), told(2, targets=both)), ())
    assert [(one.target, one.announcements) for one in found] == [
        ("draft", ("day-1", "day-2")),
        ("list", ("day-2",)),
    ]


@pytest.mark.parametrize("state", ["sent", "skipped"])
def test_what_the_machine_sent_or_skipped_is_no_draft(state: str) -> None:
    over = TargetState(state=state)  # type: ignore[arg-type]  # a Literal
    found = drafts(ledger(told(1, targets={"draft": over}), told(2)), ())
    assert parts(found) == [("day-2", ("day-2",))]


@pytest.mark.parametrize("verb", [Verb.SENT, Verb.SKIP])
def test_a_word_takes_in_the_older_announcements(verb: Verb) -> None:
    found = drafts(ledger(told(1), told(2), told(3)), (word(verb, 2),))
    assert parts(found) == [("day-3", ("day-3",))]


def test_an_approval_parts_what_comes_later_from_the_draft() -> None:
    found = drafts(ledger(told(1), told(2), told(3)), (word(Verb.APPROVE, 2),))
    assert [(one.id, one.announcements, one.approved) for one in found] == [
        ("day-2", ("day-1", "day-2"), NOW + 99 * DAY),
        ("day-3", ("day-3",), None),
    ]


def test_a_later_word_leaves_an_approved_draft_alone() -> None:
    words = (word(Verb.APPROVE, 1), word(Verb.SKIP, 2))
    assert parts(drafts(ledger(told(1), told(2)), words)) == [("day-1", ("day-1",))]


def test_a_word_on_one_target_leaves_the_others() -> None:
    both = {"draft": OPEN, "list": OPEN}
    found = drafts(ledger(told(1, targets=both)), (word(Verb.SKIP, 1, target="draft"),))
    assert [one.target for one in found] == ["list"]


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.SENT, Verb.SKIP])
def test_a_word_that_was_taken_back_leaves_the_draft_as_it_was(verb: Verb) -> None:
    said = word(verb, 1)
    undo = Decision(id="z", time=said.time + DAY, verb=Verb.UNDO, by="Ada", undoes=said.id)
    one = ledger(told(1), told(2))
    assert drafts(one, standing((said, undo))) == drafts(one, ())


def test_a_draft_that_was_edited_at_its_tool_parts_what_comes_later() -> None:
    edited = {"draft": TargetState(state="edited", draft="17", body_sha256="aa")}
    made = {"draft": TargetState(state="draft", draft="18")}
    rows = (told(1, targets=edited), told(2, targets=edited), told(3, targets=made), told(4))
    found = drafts(ledger(*rows), ())
    assert [(one.announcements, one.edited, one.known, one.body_sha256) for one in found] == [
        (("day-1", "day-2"), True, "17", "aa"),
        (("day-3", "day-4"), False, "18", None),
    ]


def test_a_draft_whose_edit_was_taken_back_stays_beside_a_second_one() -> None:
    first, second = (TargetState(state="draft", draft=name) for name in ("17", "18"))
    rows = (told(1, targets={"draft": first}), told(2, targets={"draft": second}), told(3))
    found = drafts(ledger(*rows), ())
    assert [(one.announcements, one.known) for one in found] == [
        (("day-1",), "17"),
        (("day-2", "day-3"), "18"),
    ]


def at_tool(state: str, *taken_back: str, **released: datetime | None) -> Ledger:
    """Return a ledger with a draft of two talks at a tool, some of them taken back on day 50."""
    row = TargetState(state=state, draft="17")  # type: ignore[arg-type]  # a Literal
    one = ledger(told(1, "talk-1", "talk-2", targets={"list": row}), **released)
    gone = {
        talk: replace(one.talks[talk], released=None, deleted=NOW + 50 * DAY) for talk in taken_back
    }
    return replace(one, talks={**one.talks, **gone})


def test_an_edited_draft_may_still_tell_of_what_was_taken_back() -> None:
    (one,) = drafts(at_tool("edited", "talk-2"), ())
    assert (one.talks, one.taken_back) == (("talk-1",), ("talk-2",))
    (line,) = left_behind((one,))
    assert line == (
        "the mail day-1 at list may still tell of talk-2, which was taken back since: look there "
        "and take it out, and say `recap mail sent` or `recap mail skip` when it is done with"
    )


def test_a_draft_that_is_renewed_tells_of_nothing_that_was_taken_back() -> None:
    (one,) = drafts(at_tool("draft", "talk-2"), ())
    assert (one.talks, one.taken_back, left_behind((one,))) == (("talk-1",), (), ())


@pytest.mark.parametrize("verb", [Verb.SENT, Verb.SKIP])
def test_a_draft_at_a_tool_is_open_again_where_a_talk_is_taken_back(verb: Verb) -> None:
    early = replace(word(verb, 1), time=NOW + 49 * DAY)
    (one,) = drafts(at_tool("draft", "talk-2"), (early,))
    assert (one.id, one.talks, one.taken_back) == ("day-1", ("talk-1",), ("talk-2",))
    assert drafts(at_tool("draft", "talk-2"), (early, word(verb, 1))) == ()


@pytest.mark.parametrize("state", ["sent", "skipped", "leaving"])
def test_what_has_left_is_not_open_again_where_a_talk_is_taken_back(state: str) -> None:
    assert drafts(at_tool(state, "talk-2"), (replace(word(Verb.SENT, 1), time=NOW),)) == ()


def test_a_talk_that_came_back_as_it_was_is_not_taken_back() -> None:
    rows = at_tool("edited", talk_2=NOW + 60 * DAY)
    back = replace(rows.talks["talk-2"], left=NOW + 50 * DAY)
    (other,) = drafts(rows, ())
    (same,) = drafts(replace(rows, talks={**rows.talks, "talk-2": back}), ())
    assert (other.taken_back, same.taken_back) == (("talk-2",), ())


def test_a_talk_that_is_taken_back_for_the_second_time_is_taken_back() -> None:
    rows = at_tool("edited", "talk-2")
    again = replace(rows.talks["talk-2"], left=NOW + 20 * DAY)
    (one,) = drafts(replace(rows, talks={**rows.talks, "talk-2": again}), ())
    assert one.taken_back == ("talk-2",)


def test_two_edited_drafts_stay_two() -> None:
    rows = [
        told(number, targets={"draft": TargetState(state="edited", draft=str(number))})
        for number in (1, 2)
    ]
    assert parts(drafts(ledger(*rows), ())) == [("day-1", ("day-1",)), ("day-2", ("day-2",))]


def test_a_talk_that_was_taken_back_is_told_no_more() -> None:
    (one,) = drafts(ledger(told(1, "talk-1", "talk-2"), talk_1=None), ())
    assert one.talks == ("talk-2",)


def test_a_talk_that_was_released_again_is_told_by_the_later_announcement_only() -> None:
    rows = (told(1, "talk-1", "talk-2"), told(5, "talk-1"))
    words = (word(Verb.APPROVE, 1),)
    found = drafts(ledger(*rows, talk_1=NOW + 4 * DAY), words)
    assert [(one.talks, one.corrected) for one in found] == [(("talk-2",), ()), (("talk-1",), ())]


def test_a_draft_that_tells_nothing_any_more_is_none() -> None:
    assert drafts(ledger(told(1), talk_1=None), ()) == ()


def test_an_emptied_draft_at_a_tool_is_still_to_be_dealt_with() -> None:
    held = {"draft": TargetState(state="draft", draft="17")}
    (one,) = drafts(ledger(told(1, targets=held), talk_1=None), ())
    assert (one.talks, one.known) == ((), "17")


def test_a_closing_recap_without_new_talks_is_a_draft() -> None:
    (one,) = drafts(Ledger(announcements=(replace(told(1, kind="closing"), talks=()),)), ())
    assert (one.kind, one.talks) == ("closing", ())


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (("batch", "closing", "backlog"), "closing"),
        (("batch", "backlog"), "backlog"),
        (("batch",), "batch"),
    ],
)
def test_a_draft_is_of_the_kind_that_says_most(made: tuple[str, ...], kind: str) -> None:
    rows = (told(number, kind=each) for number, each in enumerate(made, 1))
    assert [one.kind for one in drafts(ledger(*rows), ())] == [kind]


@pytest.mark.parametrize(
    ("row", "words"),
    [({"draft": SENT}, ()), ({"draft": OPEN}, (word(Verb.SENT, 1),))],
)
def test_what_a_mail_told_before_is_a_correction(
    row: dict[str, TargetState], words: tuple[Decision, ...]
) -> None:
    rows = (told(1, targets=row), told(5, "talk-1", "talk-2"))
    (one,) = drafts(ledger(*rows, talk_1=NOW + 4 * DAY), words)
    assert (one.talks, one.corrected) == (("talk-1", "talk-2"), ("talk-1",))


def test_what_came_back_as_it_was_is_no_correction() -> None:
    rows = ledger(told(1, targets={"draft": SENT}), told(5, "talk-1"), talk_1=NOW + 4 * DAY)
    back = replace(rows.talks["talk-1"], left=NOW + 3 * DAY)
    (one,) = drafts(replace(rows, talks={"talk-1": back}), ())
    assert (one.talks, one.corrected) == (("talk-1",), ())


def test_what_no_mail_told_is_no_correction() -> None:
    rows = (told(1), told(5, "talk-1"))
    (one,) = drafts(ledger(*rows, talk_1=NOW + 4 * DAY), (word(Verb.SKIP, 1),))
    assert one.corrected == ()


def test_mark_target_writes_what_a_delivery_did_to_the_named_ones_only() -> None:
    one = ledger(told(1), told(2), told(3))
    made = mark_target(one, ("day-1", "day-2"), "draft", state="draft", draft="17")
    sent = mark_target(made, ("day-2",), "draft", state="sent", body_sha256="aa")
    assert [each.targets["draft"] for each in sent.announcements] == [
        TargetState(state="draft", draft="17"),
        TargetState(state="sent", draft="17", body_sha256="aa"),
        TargetState(state="draft"),
    ]


@pytest.mark.parametrize(("name", "target"), [("day-2", "draft"), ("day-1", "list")])
def test_mark_target_refuses_what_the_ledger_does_not_have(name: str, target: str) -> None:
    with pytest.raises(KeyError, match=f"no announcement '{name}' at the target '{target}'"):
        mark_target(ledger(told(1)), (name,), target, state="sent")


def test_unheard_words_are_told() -> None:
    words = (
        word(Verb.SENT, 1),
        word(Verb.SENT, 2),
        word(Verb.SKIP, 1, target="lits"),
        word(Verb.APPROVE, None),
        word(Verb.LINK, None),
    )
    end = "take it back with `recap undo` and say it again"
    assert unheard(ledger(told(1)), words) == (
        (
            "decision sent-2 (sent) speaks of the announcement 'day-2', which this event does not "
            f"have; {end}"
        ),
        (
            "decision skip-1 (skip) speaks of the target 'lits', which announcement 'day-1' does "
            f"not go to (it goes to draft); {end}"
        ),
        f"decision approve-None (approve) names no announcement; {end}",
    )
