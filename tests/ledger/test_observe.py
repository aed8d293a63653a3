from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.ledger import close_gaps, observe, overflows
from pipeline.model import (
    Access,
    Completeness,
    Decision,
    Gap,
    Ledger,
    Listing,
    Misses,
    SeenVideo,
    Verb,
    Video,
    WatchRow,
)
from tests.builders import NOW, video

HOURS = timedelta(hours=1)


def listing(*names: str, **more: object) -> Listing:
    videos = tuple(video(name, title=f"Title of {name}") for name in names)
    return replace(Listing(videos=videos), **more)  # type: ignore[arg-type]  # fields by name


def after(*looks: tuple[datetime, Listing]) -> Ledger:
    ledger = Ledger()
    for now, shown in looks:
        ledger = observe(ledger, {"list": shown}, now).ledger
    return ledger


def test_observe_makes_a_row_of_a_video_it_never_saw() -> None:
    seen = observe(Ledger(), {"list": listing("a0000000001")}, NOW)
    assert seen.new == ("youtube:a0000000001",)
    assert seen.ledger == Ledger(
        videos={
            "youtube:a0000000001": SeenVideo(
                video=video("a0000000001", title="Title of a0000000001"),
                watches=("list",),
                first_seen=NOW,
                first_public=NOW,
            )
        },
        watches={"list": WatchRow(first_good=NOW, first_complete=NOW)},
    )


def test_observe_learns_nothing_from_the_same_look_again() -> None:
    ledger = after((NOW, listing("a0000000001")))
    assert observe(ledger, {"list": listing("a0000000001")}, NOW + HOURS).ledger == ledger


def test_observe_rounds_to_whole_seconds_so_that_a_second_look_is_equal() -> None:
    shown = Listing(videos=(video(duration=timedelta(seconds=61.4)),))
    ledger = after((NOW, shown))
    assert ledger.videos["youtube:tea00000001"].video.duration == timedelta(seconds=61)
    assert observe(ledger, {"list": shown}, NOW + HOURS).ledger == ledger


def test_observe_keeps_what_a_later_look_does_not_know() -> None:
    full = Listing(videos=(video(duration=timedelta(minutes=20), channel="Tea"),))
    bare = Listing(videos=(video(title=None),))
    assert after((NOW, full), (NOW + HOURS, bare)) == after((NOW, full))


def test_observe_hides_a_video_at_once_when_its_row_says_private() -> None:
    ledger = after(
        (NOW, listing("a0000000001")),
        (NOW + HOURS, Listing(videos=(video("a0000000001", title=None, access=Access.PRIVATE),))),
    )
    row = ledger.videos["youtube:a0000000001"]
    assert (row.video.access, row.video.title, row.gone) == (
        Access.PRIVATE,
        "Title of a0000000001",
        None,
    )


def test_observe_does_not_call_an_upcoming_video_public() -> None:
    shown = Listing(videos=(video(platform_date=NOW + timedelta(hours=3)),))
    assert after((NOW, shown)).videos["youtube:tea00000001"].first_public is None


def test_observe_marks_gone_after_three_misses_over_48_hours() -> None:
    rest = listing("a0000000001", "b0000000001")
    ledger = after((NOW, listing("a0000000001", "b0000000001", "c0000000001")))
    gone = {}
    for hours in (1, 6, 13, 26, 50):
        ledger = observe(ledger, {"list": rest}, NOW + hours * HOURS).ledger
        gone[hours] = ledger.videos["youtube:c0000000001"].gone
    assert gone == {1: None, 6: None, 13: None, 26: None, 50: NOW + 50 * HOURS}


def test_observe_counts_at_most_one_miss_in_12_hours() -> None:
    rest = listing("a0000000001", "b0000000001")
    ledger = after(
        (NOW, listing("a0000000001", "b0000000001", "c0000000001")),
        (NOW + HOURS, rest),
        (NOW + 2 * HOURS, rest),
        (NOW + 14 * HOURS, rest),
    )
    assert ledger.videos["youtube:c0000000001"].misses == Misses(
        first=NOW + HOURS, count=2, latest=NOW + 14 * HOURS
    )


def test_observe_learns_nothing_where_the_server_says_unchanged() -> None:
    ledger = after(
        (NOW, listing("a0000000001", "b0000000001", "c0000000001")),
        (NOW + HOURS, listing("a0000000001", "b0000000001")),
    )
    same = {"list": Listing(unchanged=True)}
    assert observe(ledger, same, NOW + 60 * HOURS).ledger == ledger


def test_observe_counts_no_miss_while_another_list_may_still_show_the_video() -> None:
    both = listing("a0000000001", "b0000000001")
    ledger = observe(Ledger(), {"list": both, "other": both}, NOW).ledger
    moved = {"list": listing("a0000000001")}
    assert observe(ledger, moved, NOW + HOURS).ledger == ledger
    lacked = observe(ledger, {**moved, "other": listing("a0000000001")}, NOW + HOURS).ledger
    assert lacked.videos["youtube:b0000000001"].misses
    former = observe(ledger, moved, NOW + HOURS, lists={"list"}).ledger
    assert former.videos["youtube:b0000000001"].misses


def test_observe_keeps_a_gap_open_where_a_complete_look_is_not_believed() -> None:
    full = [f"v000000000{number}" for number in range(4)]
    ledger = after((NOW, window(*full)))
    assert ledger.watches["list"].gap
    for doubtful in (listing(full[0]), listing(*full, skipped=("row 5: it has no id",))):
        seen = observe(ledger, {"list": doubtful}, NOW + HOURS).ledger
        assert seen.watches["list"].gap == ledger.watches["list"].gap


def test_observe_forgets_misses_when_the_video_is_back() -> None:
    whole = listing("a0000000001", "b0000000001")
    ledger = after((NOW, whole), (NOW + HOURS, listing("a0000000001")), (NOW + 2 * HOURS, whole))
    assert ledger == after((NOW, whole))


def test_observe_takes_nothing_from_a_look_that_shows_too_little() -> None:
    whole = listing("a0000000001", "b0000000001", "c0000000001")
    ledger = after((NOW, whole))
    for hours in (13, 26, 60):
        seen = observe(ledger, {"list": listing("a0000000001")}, NOW + hours * HOURS)
        assert seen.ledger == ledger
        assert seen.notes == (
            "list shows 1 of 3 videos it showed before: too few to believe the rest is gone",
        )


def test_observe_takes_nothing_from_an_empty_look() -> None:
    ledger = after((NOW, listing("a0000000001")))
    seen = observe(ledger, {"list": Listing()}, NOW + 60 * HOURS)
    assert (seen.ledger, seen.notes) == (
        ledger,
        ("list shows nothing, where it showed 1: not trusted",),
    )


def test_observe_counts_no_absence_where_a_row_could_not_be_read() -> None:
    ledger = after((NOW, listing("a0000000001", "b0000000001")))
    damaged = listing("a0000000001", skipped=("row 2 has no id",))
    assert observe(ledger, {"list": damaged}, NOW + 60 * HOURS).ledger == ledger


def test_observe_counts_no_absence_where_another_list_shows_the_video() -> None:
    both = observe(
        Ledger(),
        {"one": listing("a0000000001", "b0000000001"), "two": listing("b0000000001")},
        NOW,
    ).ledger
    later = {"one": listing("a0000000001"), "two": listing("b0000000001")}
    assert observe(both, later, NOW + 60 * HOURS).ledger == both


def window(*names: str) -> Listing:
    return listing(*names, completeness=Completeness.WINDOW, window=2)


def test_observe_opens_a_gap_when_a_full_window_shows_nothing_it_knew() -> None:
    ledger = after(
        (NOW, window("b0000000001")),
        (NOW + HOURS, window("c0000000001", "d0000000001")),
    )
    assert ledger.watches["list"].gap == Gap(after=NOW, before=NOW + HOURS)


def test_observe_opens_no_gap_when_the_window_overlaps() -> None:
    ledger = after(
        (NOW, window("b0000000001")),
        (NOW + HOURS, window("b0000000001", "c0000000001")),
    )
    assert ledger.watches["list"] == WatchRow(first_good=NOW)


def test_observe_says_that_a_first_look_may_have_missed_older_videos() -> None:
    ledger = after((NOW, window("a0000000001", "b0000000001")))
    assert ledger.watches["list"].gap == Gap(after=None, before=NOW)


def test_observe_closes_a_gap_with_a_complete_look() -> None:
    ledger = after(
        (NOW, window("a0000000001", "b0000000001")),
        (NOW + HOURS, listing("a0000000001", "b0000000001")),
    )
    assert ledger.watches["list"] == WatchRow(first_good=NOW, first_complete=NOW + HOURS)


def test_video_is_public_within_five_minutes_of_the_platforms_clock() -> None:
    soon = Video(key="url:x", url="https://example.org/", platform_date=NOW + timedelta(minutes=5))
    assert [soon.is_public(NOW), soon.is_public(NOW - timedelta(seconds=1))] == [True, False]


def test_overflows_not_where_a_first_window_reaches_back_beyond_the_event() -> None:
    old = video("a0000000001", platform_date=NOW - 100 * HOURS)
    shown = replace(window("b0000000001"), videos=(video("b0000000001"), old))
    assert not overflows(shown, (), since=NOW - 99 * HOURS)
    assert overflows(shown, (), since=NOW - 101 * HOURS)


def test_overflows_not_at_a_first_look_of_a_list_whose_window_is_unknown() -> None:
    assert not overflows(replace(window("a0000000001"), window=None), ())


def test_overflows_where_a_list_of_unknown_window_shows_nothing_known() -> None:
    assert overflows(replace(window("a0000000001"), window=None), {"youtube:b0000000001"})


def test_overflows_not_where_the_list_is_complete() -> None:
    assert not overflows(listing("a0000000001"), {"youtube:b0000000001"})


GAPPED = Ledger(watches={"list": WatchRow(first_good=NOW, gap=Gap(after=None, before=NOW))})


def closing(when: datetime, watch_id: str = "list") -> Decision:
    return Decision(id="d1", time=when, verb=Verb.CLOSE_GAP, by="Ada", watch=watch_id)


def test_close_gaps_closes_what_a_person_closed_afterwards() -> None:
    assert close_gaps(GAPPED, [closing(NOW + HOURS)]) == Ledger(
        watches={"list": WatchRow(first_good=NOW)}
    )


def test_close_gaps_leaves_a_gap_that_came_after_the_word() -> None:
    assert close_gaps(GAPPED, [closing(NOW - HOURS)]) == GAPPED


def test_close_gaps_leaves_the_gap_of_another_list() -> None:
    assert close_gaps(GAPPED, [closing(NOW + HOURS, "other")]) == GAPPED
