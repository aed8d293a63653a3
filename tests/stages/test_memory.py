from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pipeline.model import Expectation, Ledger, PublishedEvent, SeenVideo, WatchReport
from pipeline.selection import EPOCH, Index, place
from pipeline.stages.memory import Memory, Note, Trouble, wake
from tests.builders import NOW, SITE, entry, event, talk, video

MARK = ((1, 2, 3), None, None, (4, 5, 6))
HOUR = timedelta(hours=1)


def begun(memory: Memory, *, grounds: str = "g", surroundings: str = "s") -> bool:
    return memory.begin(grounds, surroundings)


def lived(*, whole: bool = True) -> Memory:
    """Return a memory after one pass that ended well."""
    memory = Memory()
    begun(memory)
    memory.note("tea", Note(mark=MARK, inputs="1", wake=NOW + HOUR))
    memory.end("s", whole=whole)
    return memory


def test_memory_is_kept_while_its_grounds_hold() -> None:
    memory = lived()
    assert (begun(memory), memory.whole, memory.doubtful, list(memory.notes)) == (
        True,
        True,
        False,
        ["tea"],
    )


def test_memory_is_empty_when_its_grounds_changed() -> None:
    memory = lived()
    assert (begun(memory, grounds="h"), memory.whole, memory.notes) == (False, False, {})


def test_memory_doubts_when_another_process_was_at_work() -> None:
    memory = lived()
    assert (begun(memory, surroundings="t"), memory.whole, memory.doubtful) == (True, True, True)


def test_memory_of_a_pass_that_did_not_end_is_empty() -> None:
    memory = lived()
    begun(memory)
    assert (begun(memory), memory.notes) == (False, {})


def test_awake_are_the_events_whose_time_has_come() -> None:
    memory = lived()
    memory.note("cup", Note(mark=MARK, inputs="1", wake=NOW))
    memory.note("cake", Note(mark=MARK, inputs="1"))
    times = (NOW - HOUR, NOW, NOW + HOUR)
    assert [memory.awake(when) for when in times] == [(), ("cup",), ("cup", "tea")]


def test_a_new_note_replaces_the_old_time() -> None:
    memory = lived()
    memory.note("tea", Note(mark=MARK, inputs="1", wake=NOW + 2 * HOUR))
    early = memory.awake(NOW + HOUR)
    memory.note("tea", None)
    assert (early, memory.awake(NOW + 9 * HOUR)) == ((), ())


def test_an_event_sleeps_while_files_and_outputs_stay_and_its_time_has_not_come() -> None:
    memory = lived()
    other = (*MARK[:-1], None)
    memory.note("cup", Note(mark=MARK, inputs="1", failing=True))
    found = [
        memory.sleeps("tea", mark=MARK, inputs="1", now=NOW),
        memory.sleeps("tea", mark=other, inputs="1", now=NOW),
        memory.sleeps("tea", mark=MARK, inputs=None, now=NOW),
        memory.sleeps("tea", mark=MARK, inputs="1", now=NOW + HOUR),
        memory.sleeps("cup", mark=MARK, inputs="1", now=NOW),
        memory.sleeps("new", mark=MARK, inputs="1", now=NOW),
    ]
    assert found == [True, False, False, False, False, False]


def test_a_saved_ledger_changes_its_own_part_of_the_mark_only() -> None:
    memory = lived()
    memory.saved("tea", ((9, 9, 9), None, None, (7, 8, 9)))
    assert memory.notes["tea"].mark == (*MARK[:-1], (7, 8, 9))


def test_trouble_is_remembered_until_the_event_is_well() -> None:
    memory = Memory()
    trouble = Trouble(watches=(WatchReport(key="tea/list", error="no answer"),))
    memory.trouble("tea", trouble)
    kept = dict(memory.troubles)
    memory.trouble("tea", Trouble())
    assert (kept, memory.troubles) == ({"tea": trouble}, {})


def test_shown_events_that_no_page_needs_are_let_go() -> None:
    memory = Memory(index=Index())
    assert memory.index is not None
    for number in range(700):
        day = date(2029, 1, 1) + timedelta(days=number)
        name = f"conf-{number}"
        one = PublishedEvent(
            event=event(id=name, start=day, end=day), entries=(entry(1, event_id=name),)
        )
        memory.index.put(place(one, SITE))
        memory.show(one, SITE)
    assert memory.shown.keys() >= memory.index.shown(SITE)
    assert len(memory.shown) < 400


def test_wake_is_the_next_look() -> None:
    watches = [WatchReport(key="tea/a", next_look=NOW + HOUR), WatchReport(key="tea/b")]
    found = [wake(event(), Ledger(), each, now=NOW) for each in (watches[:1], watches, [])]
    assert found == [NOW + HOUR, EPOCH, None]


def test_wake_is_the_end_of_an_embargo_in_the_zone_of_the_event() -> None:
    held = talk(expectation=Expectation.EMBARGOED, embargo=date(2031, 6, 1))
    end = datetime(2031, 5, 31, 22, 0, tzinfo=UTC)
    found = [wake(event(held), Ledger(), [], now=now) for now in (NOW, end)]
    assert found == [end, None]


def test_wake_is_the_moment_from_which_an_upload_counts_as_public() -> None:
    ahead = video(platform_date=NOW + HOUR)
    ledger = Ledger(videos={ahead.key: SeenVideo(video=ahead)})
    assert wake(event(), ledger, [], now=NOW) == NOW + HOUR - timedelta(minutes=5)
    past = replace(ahead, platform_date=NOW - HOUR)
    ledger = Ledger(videos={past.key: SeenVideo(video=past)})
    assert wake(event(), ledger, [], now=NOW) is None


def test_wake_is_the_next_announcement() -> None:
    times = (NOW + HOUR, NOW)
    found = [wake(event(), Ledger(), [], now=NOW, announces=when) for when in times]
    assert found == [NOW + HOUR, None]


BESIDE = {"cup": MARK}


def asking() -> Memory:
    """Return a memory of an event in one of whose videos another has a stake."""
    memory = lived()
    memory.note("tea", Note(mark=MARK, inputs="1", beside=BESIDE))
    memory.note("cup", Note(mark=MARK, inputs="1"))
    return memory


def test_an_event_sleeps_while_those_that_have_a_stake_in_it_do() -> None:
    found = [
        asking().sleeps("tea", mark=MARK, inputs="1", now=NOW, beside=beside)
        for beside in (BESIDE, {"cup": (*MARK[:-1], None)}, {})
    ]
    assert found == [True, False, False]


def test_an_event_wakes_when_one_that_has_a_stake_in_it_is_saved() -> None:
    memory = asking()
    memory.saved("cup", MARK)
    assert (memory.awake(NOW), memory.beside("tea"), memory.beside("cup")) == (
        ("tea",),
        ("cup",),
        (),
    )


def test_an_event_that_asks_no_longer_is_not_woken() -> None:
    memory = asking()
    memory.note("tea", Note(mark=MARK, inputs="1"))
    memory.saved("cup", MARK)
    assert memory.awake(NOW) == ()
