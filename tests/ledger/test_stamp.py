from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pipeline.ledger import Stamped, is_backlog, know, stamp
from pipeline.model import (
    Entry,
    Event,
    Installation,
    Ledger,
    Recording,
    Release,
    SeenVideo,
    Standing,
    WatchRow,
)
from tests.builders import NOW, entry, event, published, video

TAG = "recaps.example.org,2031"
LATER = NOW + timedelta(days=3)


def out(number: int, **more: object) -> Entry:
    """Return an entry that has a recording and was never stamped."""
    made = replace(entry(number, sequence=1), release=None)
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def stamped(
    *entries: Entry,
    ledger: Ledger | None = None,
    installation: Installation | None = None,
    now: datetime = NOW,
    backlog: bool = False,
    **event_fields: object,
) -> Stamped:
    return stamp(
        published(*entries, **event_fields),
        ledger or Ledger(),
        installation or Installation(),
        now=now,
        tag=TAG,
        backlog=backlog,
    )


def dates(result: Stamped) -> dict[str, datetime | None]:
    return {talk: row.released for talk, row in result.ledger.talks.items()}


def test_stamp_gives_a_new_talk_the_runs_clock_a_feed_id_and_the_next_number() -> None:
    result = stamped(out(1), entry(2), installation=Installation(sequence=7))
    row = result.ledger.talks["talk-1"]
    assert (row.feed_id, row.released, row.updated, row.sequence) == (
        "tag:recaps.example.org,2031:teaconf-2031/talk-1",
        NOW,
        NOW,
        8,
    )
    assert (result.released, result.installation.sequence) == (("talk-1",), 8)
    assert [one.released for one in result.published.entries] == [NOW, None]


def test_stamp_changes_nothing_the_second_time() -> None:
    once = stamped(out(1), out(2))
    again = stamped(out(1), out(2), ledger=once.ledger, installation=once.installation, now=LATER)
    assert (again.ledger, again.installation, again.released) == (
        once.ledger,
        once.installation,
        (),
    )


def test_stamp_moves_updated_and_nothing_else_when_the_title_changes() -> None:
    once = stamped(out(1))
    again = stamped(out(1, title="A better title"), ledger=once.ledger, now=LATER)
    old, new = once.ledger.talks["talk-1"], again.ledger.talks["talk-1"]
    assert new == replace(old, updated=LATER, digest=new.digest)
    assert new.digest != old.digest


def test_stamp_does_not_move_updated_for_a_new_summary_or_thumbnail() -> None:
    once = stamped(out(1))
    recordings = tuple(replace(one, image="img/1.jpg") for one in out(1).recordings)
    same = out(1, summary="Something else.", tags=("tea",), recordings=recordings)
    assert stamped(same, ledger=once.ledger, now=LATER).ledger == once.ledger


def test_stamp_keeps_the_date_when_a_mirror_joins() -> None:
    once = stamped(out(1))
    mirror = Recording(key="vimeo:1", url="https://vimeo.com/1", role="alternative")
    again = stamped(out(1, recordings=(*out(1).recordings, mirror)), ledger=once.ledger, now=LATER)
    assert (dates(again), again.ledger.talks["talk-1"].updated) == ({"talk-1": NOW}, LATER)


def test_stamp_keeps_the_entry_of_a_talk_whose_recording_is_gone() -> None:
    once = stamped(out(1))
    recordings = tuple(replace(one, available=False) for one in out(1).recordings)
    gone = out(1, standing=Standing.UNAVAILABLE, recordings=recordings)
    again = stamped(gone, ledger=once.ledger, now=LATER)
    back = stamped(out(1), ledger=again.ledger, now=LATER + timedelta(days=1))
    assert (dates(again), again.removed) == ({"talk-1": NOW}, ())
    assert (dates(back), back.released) == ({"talk-1": NOW}, ())


def test_stamp_takes_an_unlinked_talk_out_and_releases_it_again_under_the_same_id() -> None:
    once = stamped(out(1), out(2))
    unlinked = stamped(
        entry(1), out(2), ledger=once.ledger, installation=once.installation, now=LATER
    )
    feed_id = once.ledger.talks["talk-1"].feed_id
    row = unlinked.ledger.talks["talk-1"]
    assert (row.feed_id, row.released, row.sequence, row.deleted) == (feed_id, None, None, LATER)
    assert unlinked.removed == ("talk-1",)
    assert unlinked.published.tombstones == ((feed_id, LATER),)

    much_later = LATER + timedelta(days=9)
    again = stamped(
        out(1),
        out(2),
        ledger=unlinked.ledger,
        installation=unlinked.installation,
        now=much_later,
    )
    row = again.ledger.talks["talk-1"]
    assert (row.feed_id, row.released, row.sequence, row.deleted) == (feed_id, much_later, 3, None)


def test_stamp_notes_of_a_talk_that_came_back_as_it_was_when_it_had_left() -> None:
    once = stamped(out(1), out(2))
    gone = stamped(ledger=once.ledger, now=LATER)
    back = stamped(
        out(1), out(2, title="Another"), ledger=gone.ledger, now=LATER + timedelta(days=1)
    )
    rows = back.ledger.talks
    assert [rows[talk].left for talk in ("talk-1", "talk-2")] == [LATER, None]


def test_stamp_takes_a_withdrawn_talk_out_though_it_is_no_entry_any_more() -> None:
    once = stamped(out(1), out(2))
    again = stamped(out(2), ledger=once.ledger, now=LATER)
    assert again.removed == ("talk-1",)
    assert again.ledger.talks["talk-1"].deleted == LATER


def test_stamp_dates_an_undated_backlog_of_an_old_event_by_its_last_day() -> None:
    result = stamped(out(1), out(2), backlog=True, start=date(2030, 5, 17), end=date(2030, 5, 18))
    last_day = datetime(2030, 5, 18, tzinfo=UTC)
    assert dates(result) == {"talk-1": last_day, "talk-2": last_day}
    assert [row.sequence for row in result.ledger.talks.values()] == [1, 2]


def test_stamp_dates_an_undated_backlog_of_a_young_event_by_the_runs_clock() -> None:
    assert dates(stamped(out(1), backlog=True)) == {"talk-1": NOW}


def backlog_of(*platform_dates: datetime) -> Ledger:
    keys = {number: f"vid{number:08d}" for number in range(1, len(platform_dates) + 1)}
    return Ledger(
        videos={
            f"youtube:{keys[number]}": SeenVideo(video=video(keys[number], platform_date=when))
            for number, when in enumerate(platform_dates, start=1)
        }
    )


def test_stamp_dates_a_backlog_by_the_platform_and_numbers_it_by_date() -> None:
    early, late = NOW - timedelta(days=9), NOW - timedelta(days=2)
    result = stamped(out(1), out(2), backlog=True, ledger=backlog_of(late, early))
    assert dates(result) == {"talk-2": early, "talk-1": late}
    assert {talk: row.sequence for talk, row in result.ledger.talks.items()} == {
        "talk-2": 1,
        "talk-1": 2,
    }


def test_stamp_never_dates_after_the_runs_clock() -> None:
    ahead = backlog_of(NOW + timedelta(minutes=4))
    assert dates(stamped(out(1), backlog=True, ledger=ahead)) == {"talk-1": NOW}


def test_stamp_ignores_the_platforms_date_outside_a_backlog() -> None:
    old = backlog_of(NOW - timedelta(days=40))
    assert dates(stamped(out(1), ledger=old)) == {"talk-1": NOW}


SEEN = Ledger(watches={"list": WatchRow(first_good=NOW)})
COMPLETE = Ledger(watches={"list": WatchRow(first_good=NOW, first_complete=NOW)})
ANCIENT = event(start=date(2029, 5, 17), end=date(2029, 5, 18))


def backlogs(one: Event) -> list[bool]:
    pairs = ((Ledger(), SEEN), (SEEN, SEEN), (SEEN, COMPLETE), (COMPLETE, COMPLETE))
    return [is_backlog(before, after, one, NOW) for before, after in pairs]


def test_is_backlog_holds_in_the_first_good_look_of_a_young_event() -> None:
    assert backlogs(event()) == [True, False, False, False]


def test_is_backlog_holds_in_the_first_complete_look_of_an_old_event_too() -> None:
    assert backlogs(ANCIENT) == [True, False, True, False]


def test_is_backlog_does_not_hold_before_any_list_was_read() -> None:
    assert is_backlog(Ledger(), Ledger(), ANCIENT, NOW) is False


def test_is_backlog_holds_until_something_is_released_where_nothing_is_watched() -> None:
    row = Release(feed_id="tag:x", released=NOW, updated=NOW, digest="", sequence=1)
    alone = event(watches=())
    released = Ledger(talks={"talk-1": row})
    assert [is_backlog(one, one, alone, NOW) for one in (Ledger(), released)] == [True, False]


def test_know_moves_the_newest_stamp_only_when_something_changed() -> None:
    first = know(Installation(), "teaconf-2031", NOW, changed=False)
    assert first == Installation(events={"teaconf-2031": NOW}, newest=NOW)
    assert know(first, "teaconf-2031", LATER, changed=False) == first
    assert know(first, "teaconf-2031", LATER, changed=True).newest == LATER


def test_know_forgets_the_former_id_of_a_renamed_event() -> None:
    first = know(Installation(), "tea-2031", NOW, changed=True)
    renamed = know(first, "teaconf-2031", LATER, changed=False, former=("tea-2031",))
    assert renamed.events == {"teaconf-2031": LATER}
