from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from pipeline.ledger import announce, fresh, next_announcement
from pipeline.ledger.announcing import slot_after
from pipeline.model import (
    Announcement,
    Decision,
    Entry,
    Ledger,
    Plan,
    PublishedEvent,
    Release,
    Standing,
    TargetState,
    Verb,
)
from tests.builders import NOW, entry, published

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DRAFT = {"draft": TargetState(state="draft")}
BERLIN = ZoneInfo("Europe/Berlin")


def out(number: int, released: datetime = NOW, **more: object) -> Entry:
    """Return an entry that was released then."""
    made = entry(number, sequence=number)
    assert made.release
    return replace(made, release=replace(made.release, released=released), **more)  # type: ignore[arg-type]  # fields by name


def told(*talks: str, at: datetime = NOW, **more: object) -> Announcement:
    values = {"id": f"told-{at:%m%dT%H%M}", "kind": "batch", "targets": DRAFT, **more}
    return Announcement(time=at, talks=talks, **values)  # type: ignore[arg-type]  # fields by name


def word(at: datetime = NOW) -> Decision:
    return Decision(id=f"{at:%Y%m%dT%H%M%SZ}-tea", time=at, verb=Verb.ANNOUNCE, by="Ada")


def announced(
    one: PublishedEvent,
    ledger: Ledger | None = None,
    *,
    plan: Plan | None = None,
    words: tuple[Decision, ...] = (),
    targets: tuple[str, ...] = ("draft",),
    now: datetime = NOW,
    backlog: tuple[str, ...] = (),
) -> tuple[Announcement, ...]:
    """Return what a run at `now` announces."""
    before = ledger or Ledger()
    after = announce(
        one, before, plan or Plan(), words=words, targets=targets, now=now, backlog=backlog
    )
    return after.announcements[len(before.announcements) :]


def due(
    one: PublishedEvent,
    ledger: Ledger | None = None,
    *,
    plan: Plan | None = None,
    words: tuple[Decision, ...] = (),
) -> datetime | None:
    return next_announcement(one, ledger or Ledger(), plan or Plan(), words=words)


def kinds(made: tuple[Announcement, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.talks) for one in made]


OPEN = entry(9)
"""A talk that is still awaited, so that nothing is settled."""


def test_announce_makes_a_batch_with_a_draft_at_each_target() -> None:
    one = published(out(2), out(1), OPEN)
    assert announced(one, targets=("list", "tool"), now=NOW + 2 * HOUR) == (
        Announcement(
            id="2031-05-20",
            time=NOW + 2 * HOUR,
            talks=("talk-2", "talk-1"),
            kind="batch",
            targets={"list": TargetState(state="draft"), "tool": TargetState(state="draft")},
        ),
    )


def test_announce_names_a_second_one_of_the_day_with_a_number() -> None:
    before = (told("talk-1", id="2031-05-20"), told("talk-2", id="2031-05-20-2"))
    made = announced(
        published(out(3, NOW + HOUR), OPEN), Ledger(announcements=before), now=NOW + 3 * HOUR
    )
    assert [one.id for one in made] == ["2031-05-20-3"]


def test_announce_takes_the_day_of_the_events_zone() -> None:
    late = datetime(2031, 5, 20, 23, 0, tzinfo=UTC)
    one = published(out(1, late - 2 * HOUR), OPEN)
    assert [made.id for made in announced(one, now=late)] == ["2031-05-21"]


def test_announce_makes_none_where_nothing_waits() -> None:
    one = published(out(1), OPEN)
    before = Ledger(announcements=(told("talk-1"),))
    assert announced(one, before, words=(word(NOW + HOUR),), now=NOW + DAY) == ()
    assert announced(published(OPEN), words=(word(),), now=NOW + DAY) == ()


def test_announce_the_second_time_changes_nothing() -> None:
    one = published(out(1), OPEN)
    (made,) = announced(one, now=NOW + 2 * HOUR)
    assert announced(one, Ledger(announcements=(made,)), now=NOW + 2 * HOUR) == ()


def test_announce_each_waits_until_nothing_came_for_a_while() -> None:
    one = published(out(1), out(2, NOW + HOUR), OPEN)
    moments = [NOW + 3 * HOUR - timedelta(seconds=1), NOW + 3 * HOUR]
    assert [len(announced(one, now=when)) for when in moments] == [0, 1]


def test_announce_each_waits_a_day_at_most_however_uploads_trickle() -> None:
    trickle = [out(number, NOW + number * HOUR) for number in range(1, 25)]
    assert due(published(*trickle, OPEN)) == NOW + 25 * HOUR


@pytest.mark.parametrize(
    ("plan", "moment"),
    [
        (Plan(when="daily"), datetime(2031, 5, 21, 7, 0, tzinfo=UTC)),
        (Plan(when="daily", at=time(14, 0)), datetime(2031, 5, 21, 12, 0, tzinfo=UTC)),
        (Plan(when="daily", at=time(14, 1)), datetime(2031, 5, 20, 12, 1, tzinfo=UTC)),
        (Plan(when="weekly"), datetime(2031, 5, 22, 7, 0, tzinfo=UTC)),
        (Plan(when="weekly", weekday=1), datetime(2031, 5, 27, 7, 0, tzinfo=UTC)),
        (Plan(when="every", count=2), NOW + HOUR),
        (Plan(when="every", count=3), None),
        (Plan(when="manual"), None),
    ],
)
def test_announcements_come_by_the_plan(plan: Plan, moment: datetime | None) -> None:
    # 20 May 2031 is a Tuesday, and noon UTC is 14:00 in Berlin.
    one = published(out(1), out(2, NOW + HOUR), entry(8, standing=Standing.EMBARGOED))
    assert due(one, plan=plan) == moment


def test_a_slot_that_no_run_met_is_made_up_for_once() -> None:
    one = published(out(1), out(2, NOW + 4 * DAY), OPEN)
    plan = Plan(when="daily")
    late = announced(one, plan=plan, now=NOW + 4 * DAY)
    assert kinds(late) == [("batch", ("talk-1", "talk-2"))]
    assert announced(one, Ledger(announcements=late), plan=plan, now=NOW + 9 * DAY) == ()


def test_a_word_makes_what_waits_due_at_once_in_every_mode() -> None:
    one = published(out(1), OPEN)
    modes = ("each", "daily", "weekly", "every", "complete", "manual")
    made = [
        announced(one, plan=Plan(when=mode, count=5), words=(word(),))  # type: ignore[arg-type]  # a Literal
        for mode in modes
    ]
    assert [kinds(each) for each in made] == [[("batch", ("talk-1",))]] * len(modes)


def test_a_word_is_heard_once() -> None:
    one = published(out(1), out(2, NOW + 2 * HOUR), OPEN)
    before = Ledger(announcements=(told("talk-1", at=NOW + HOUR),))
    assert due(one, before, plan=Plan(when="manual"), words=(word(NOW + HOUR),)) is None
    assert due(one, before, plan=Plan(when="manual"), words=(word(NOW + 3 * HOUR),)) == (
        NOW + 3 * HOUR
    )


def test_a_talk_that_cannot_be_seen_now_is_told_when_it_is_back() -> None:
    hidden = published(out(1, standing=Standing.UNAVAILABLE), out(2), OPEN)
    first = announced(hidden, now=NOW + DAY)
    assert kinds(first) == [("batch", ("talk-2",))]
    back = announced(
        published(out(1), out(2), OPEN), Ledger(announcements=first), now=NOW + 2 * DAY
    )
    assert kinds(back) == [("batch", ("talk-1",))]


def test_a_talk_that_is_released_again_is_told_again() -> None:
    before = Ledger(announcements=(told("talk-1", "talk-2"),))
    one = published(out(1, NOW + DAY), out(2), OPEN)
    assert kinds(announced(one, before, now=NOW + 2 * DAY)) == [("batch", ("talk-1",))]


# The first look.


def test_the_backlog_of_a_young_event_is_told_at_once() -> None:
    one = published(out(1, NOW - 2 * DAY), OPEN)
    made = announced(one, plan=Plan(when="weekly"), backlog=("talk-1",))
    assert [(each.kind, each.talks, each.targets) for each in made] == [
        ("backlog", ("talk-1",), DRAFT)
    ]


def test_the_backlog_of_an_event_that_was_silent_for_long_does_not_close_it() -> None:
    days = {"start": date(2031, 2, 27), "end": date(2031, 2, 28)}
    one = published(out(1, NOW - 80 * DAY), OPEN, **days)
    made = announced(one, backlog=("talk-1",))
    assert kinds(made) == [("backlog", ("talk-1",))]
    assert due(one, Ledger(announcements=made)) == NOW + 60 * DAY


def test_the_backlog_of_a_young_event_waits_where_the_plan_is_to_wait() -> None:
    one = published(out(1), OPEN)
    modes = ("complete", "manual")
    made = [announced(one, plan=Plan(when=mode), backlog=("talk-1",)) for mode in modes]  # type: ignore[arg-type]  # a Literal
    assert made == [(), ()]


OLD = {"start": date(2031, 1, 17), "end": date(2031, 1, 18)}


def test_the_backlog_of_an_old_event_is_told_to_nobody() -> None:
    one = published(out(1, NOW - 90 * DAY), OPEN, **OLD)
    made = announced(one, backlog=("talk-1",))
    assert made == (
        Announcement(
            id="2031-05-20",
            time=NOW,
            talks=("talk-1",),
            kind="backlog",
            targets={"draft": TargetState(state="skipped")},
        ),
    )
    later = Ledger(announcements=made)
    assert (announced(one, later, now=NOW + 999 * DAY), due(one, later)) == ((), None)


def test_what_an_old_event_releases_beside_its_backlog_is_told() -> None:
    one = published(out(1, NOW - 90 * DAY), out(2, NOW - DAY), OPEN, **OLD)
    made = announced(one, backlog=("talk-1",))
    assert kinds(made) == [("backlog", ("talk-1",)), ("batch", ("talk-2",))]
    assert [each.id for each in made] == ["2031-05-20", "2031-05-20-2"]


def test_the_backlog_of_an_old_event_is_told_where_a_person_asked() -> None:
    one = published(out(1, NOW - 90 * DAY), OPEN, **OLD)
    made = announced(one, backlog=("talk-1",), words=(word(),))
    assert [(each.kind, each.targets) for each in made] == [("backlog", DRAFT)]


def test_a_complete_backlog_is_the_closing_recap_itself() -> None:
    one = published(out(1), entry(2, standing=Standing.NOT_RECORDED))
    made = announced(one, backlog=("talk-1",))
    assert kinds(made) == [("closing", ("talk-1",))]
    assert announced(one, Ledger(announcements=made), now=NOW + 999 * DAY) == ()


# The closing recap.


def test_the_closing_recap_takes_the_place_of_the_last_batch() -> None:
    one = published(out(1), out(2, NOW + HOUR), entry(3, standing=Standing.CANCELLED))
    before = Ledger(announcements=(told("talk-1"),))
    assert due(one, before) == NOW + 3 * HOUR
    made = announced(one, before, now=NOW + 3 * HOUR)
    assert kinds(made) == [("closing", ("talk-2",))]


def test_the_closing_recap_comes_when_what_was_awaited_will_not_come() -> None:
    one = published(out(1), entry(2, standing=Standing.LOST))
    before = Ledger(announcements=(told("talk-1"),))
    assert kinds(announced(one, before, now=NOW + HOUR)) == [("closing", ())]


def test_the_closing_recap_comes_after_a_long_silence() -> None:
    one = published(out(1), OPEN)
    before = Ledger(announcements=(told("talk-1", at=NOW + HOUR),))
    plan = Plan(close_after=30 * DAY)
    assert due(one, before, plan=plan) == NOW + 30 * DAY
    assert kinds(announced(one, before, plan=plan, now=NOW + 30 * DAY)) == [("closing", ())]


def test_the_silence_begins_no_earlier_than_the_end_of_the_event() -> None:
    early = datetime(2031, 1, 5, tzinfo=UTC)
    one = published(out(1, early), OPEN)
    before = Ledger(announcements=(told("talk-1", at=early),))
    assert due(one, before) == datetime(2031, 5, 19, tzinfo=UTC) + 60 * DAY


def test_the_silence_begins_anew_when_a_talk_is_taken_back() -> None:
    row = Release(
        feed_id="a", released=None, updated=NOW, digest="", sequence=None, deleted=NOW + DAY
    )
    before = Ledger(announcements=(told("talk-1"),), talks={"talk-1": row})
    assert due(published(entry(1), OPEN), before) == NOW + 61 * DAY


def test_the_silence_begins_when_a_backlog_was_found() -> None:
    one = published(out(1, NOW - 2 * DAY), OPEN)
    before = Ledger(announcements=(told("talk-1", kind="backlog"),))
    assert due(one, before) == NOW + 60 * DAY


def test_an_embargo_keeps_the_closing_recap_waiting() -> None:
    one = published(out(1), entry(2, standing=Standing.EMBARGOED), OPEN)
    assert due(one, Ledger(announcements=(told("talk-1"),))) is None


def test_the_closing_recap_takes_in_what_too_few_talks_waited_for() -> None:
    one = published(out(1), OPEN)
    plan = Plan(when="every", count=5)
    assert kinds(announced(one, plan=plan, now=NOW + 60 * DAY)) == [("closing", ("talk-1",))]


def test_the_closing_recap_of_a_plan_that_waits_for_it_tells_everything() -> None:
    plan = Plan(when="complete")
    assert announced(published(out(1), OPEN), plan=plan, now=NOW + DAY) == ()
    one = published(out(1), out(2, NOW + DAY))
    assert kinds(announced(one, plan=plan, now=NOW + DAY)) == [("closing", ("talk-1", "talk-2"))]


def test_what_comes_after_the_closing_recap_is_told_as_it_comes() -> None:
    one = published(out(1), out(2, NOW + DAY))
    before = Ledger(announcements=(told("talk-1", kind="closing"),))
    plan = Plan(when="complete")
    assert due(one, before, plan=plan) == NOW + DAY + 2 * HOUR
    made = announced(one, before, plan=plan, now=NOW + 2 * DAY)
    assert kinds(made) == [("batch", ("talk-2",))]


def test_a_manual_plan_closes_when_a_person_asks_and_all_is_settled() -> None:
    plan = Plan(when="manual")
    one = published(out(1))
    assert announced(one, plan=plan, now=NOW + 999 * DAY) == ()
    assert kinds(announced(one, plan=plan, words=(word(),))) == [("closing", ("talk-1",))]


def test_a_complete_archive_is_recapped_when_a_person_asks() -> None:
    one = published(out(1, NOW - 90 * DAY), **OLD)
    silent = {"draft": TargetState(state="skipped")}
    before = Ledger(announcements=(told("talk-1", kind="backlog", targets=silent),))
    assert announced(one, before, now=NOW + DAY) == ()
    made = announced(one, before, words=(word(NOW + HOUR),), now=NOW + DAY)
    assert kinds(made) == [("closing", ())]


def test_an_event_that_shows_nothing_is_never_closed() -> None:
    assert due(published(entry(1, standing=Standing.LOST), OPEN)) is None
    assert due(published(entry(1, standing=Standing.LOST)), words=(word(),)) is None


# What counts as new.


def test_nothing_is_said_of_new_talks_before_the_first_announcement() -> None:
    silent = told("talk-1", kind="backlog", targets={"draft": TargetState(state="skipped")})
    one = published(out(1), out(2, NOW + HOUR))
    assert [fresh(one, Ledger()), fresh(one, Ledger(announcements=(silent,)))] == [None, None]


def test_new_are_the_talks_of_the_latest_announcement_and_those_released_after_it() -> None:
    before = Ledger(announcements=(told("talk-1"), told("talk-3", "talk-2", at=NOW + DAY)))
    one = published(out(1), out(2), out(3), out(4, NOW + 2 * DAY), OPEN)
    assert fresh(one, before) == ("talk-2", "talk-3", "talk-4")


@pytest.mark.parametrize("kind", ["backlog", "closing"])
def test_what_an_opening_announcement_tells_is_new_since_nothing(kind: str) -> None:
    before = Ledger(announcements=(told("talk-1", kind=kind),))
    one = published(out(1), out(2, NOW + HOUR))
    assert fresh(one, before) == ("talk-2",)


# Slots and the clocks that people put forward and back.


@pytest.mark.parametrize(
    ("zone", "after", "at", "slot"),
    [
        # Berlin skips 02:00 to 03:00 on 30 March 2031, and has 02:00 to 03:00 twice on 26 October.
        ("Europe/Berlin", "2031-03-29T12:00Z", time(2, 30), "2031-03-30T01:00Z"),
        ("Europe/Berlin", "2031-03-30T01:00Z", time(2, 30), "2031-03-31T00:30Z"),
        ("Europe/Berlin", "2031-03-29T12:00Z", time(3, 0), "2031-03-30T01:00Z"),
        ("Europe/Berlin", "2031-10-25T12:00Z", time(2, 30), "2031-10-26T00:30Z"),
        ("Europe/Berlin", "2031-10-26T00:30Z", time(2, 30), "2031-10-27T01:30Z"),
        # New York skips 02:00 to 03:00 on 9 March 2031, and has 01:00 to 02:00 twice on 2 November.
        ("America/New_York", "2031-03-08T12:00Z", time(2, 15), "2031-03-09T07:00Z"),
        ("America/New_York", "2031-11-01T12:00Z", time(1, 15), "2031-11-02T05:15Z"),
        ("America/New_York", "2031-11-02T05:15Z", time(1, 15), "2031-11-03T06:15Z"),
        # Lord Howe moves by half an hour, at 02:00 on 5 October 2031 and on 6 April.
        ("Australia/Lord_Howe", "2031-10-04T02:00Z", time(2, 15), "2031-10-04T15:30Z"),
        ("Australia/Lord_Howe", "2031-10-04T02:00Z", time(2, 30), "2031-10-04T15:30Z"),
        ("Australia/Lord_Howe", "2031-04-05T02:00Z", time(1, 45), "2031-04-05T14:45Z"),
        ("Australia/Lord_Howe", "2031-04-05T14:45Z", time(1, 45), "2031-04-06T15:15Z"),
    ],
)
def test_a_slot_that_is_skipped_or_comes_twice_runs_once(
    zone: str, after: str, at: time, slot: str
) -> None:
    plan = Plan(when="daily", at=at)
    found = slot_after(datetime.fromisoformat(after), plan, ZoneInfo(zone))
    assert found == datetime.fromisoformat(slot)


def test_weekly_slots_are_a_week_apart_on_the_clock_of_the_place() -> None:
    plan, moment, found = Plan(when="weekly", weekday=6, at=time(9, 0)), NOW, []
    for _ in range(30):
        moment = slot_after(moment, plan, BERLIN)
        found.append(moment.astimezone(BERLIN))
    assert {(one.weekday(), one.hour, one.minute) for one in found} == {(6, 9, 0)}
    days = [one.date() for one in found]
    assert {later - earlier for earlier, later in pairwise(days)} == {7 * DAY}
