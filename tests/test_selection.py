from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import PublishedEvent, Standing
from pipeline.selection import (
    EPOCH,
    INDEX_SIZE,
    Index,
    Place,
    all_collection,
    event_collection,
    inputs_hash,
    parse_place,
    place,
)
from tests.builders import NOW, SITE, entry, event, published

TEA = published(entry(1, sequence=2), entry(2), entry(3, sequence=5))
CUPS = PublishedEvent(
    event=event(id="cupconf-2030", start=date(2030, 1, 1), end=date(2030, 1, 2)),
    entries=(entry(1, sequence=3, event_id="cupconf-2030"),),
    tombstones=(("tag:x", NOW),),
)


def test_event_collection_has_the_released_entries_highest_sequence_first() -> None:
    made = event_collection(TEA, SITE)
    assert [one.talk_id for one in made.entries] == ["talk-3", "talk-1"]
    assert (made.id, made.path, made.feed_id) == (
        "teaconf-2031",
        "teaconf-2031/",
        "tag:recaps.example.org,2031:teaconf-2031",
    )


def test_event_collection_keeps_its_feed_id_through_a_rename() -> None:
    renamed = replace(TEA, event=replace(TEA.event, was=("tea-2031", "tea-31")))
    assert event_collection(renamed, SITE).feed_id == "tag:recaps.example.org,2031:tea-2031"


def test_event_collection_is_dated_by_the_last_day_while_nothing_is_out() -> None:
    assert event_collection(published(entry(1)), SITE).updated == datetime(2031, 5, 18, tzinfo=UTC)


def test_all_collection_mixes_events_by_sequence_and_lists_the_latest_event_first() -> None:
    made = all_collection([CUPS, TEA], SITE, known=2, updated=NOW)
    assert [one.key for one in made.entries] == [
        "teaconf-2031/talk-3",
        "cupconf-2030/talk-1",
        "teaconf-2031/talk-1",
    ]
    assert [one.event.id for one in made.events] == ["teaconf-2031", "cupconf-2030"]
    assert (made.path, made.updated, made.tombstones) == ("", NOW, (("tag:x", NOW),))


def test_index_of_nothing_is_dated_by_the_epoch() -> None:
    assert Index().updated == EPOCH


def test_inputs_hash_changes_with_entries_site_templates_and_version() -> None:
    made = event_collection(TEA, SITE)
    other = event_collection(published(entry(1, sequence=2, title="Else")), SITE)
    hashes = {
        inputs_hash(made, SITE, templates="t", version="1"),
        inputs_hash(made, SITE, templates="u", version="1"),
        inputs_hash(made, SITE, templates="t", version="2"),
        inputs_hash(made, replace(SITE, title="Else"), templates="t", version="1"),
        inputs_hash(other, SITE, templates="t", version="1"),
    }
    assert len(hashes) == 5
    assert inputs_hash(made, SITE, templates="t", version="1") in hashes


def numbered(number: int, *sequences: int) -> PublishedEvent:
    name, day = f"conf-{number}", date(2031, 1, 1) + timedelta(days=number // 2)
    entries = [entry(one, sequence=one, event_id=name) for one in sequences]
    return PublishedEvent(event=event(id=name, start=day, end=day), entries=tuple(entries))


def index_of(*events: PublishedEvent) -> Index:
    made = Index()
    for each in events:
        made.put(place(each))
    return made


def test_place_says_what_the_collection_of_all_has_to_know() -> None:
    cancelled = replace(entry(4), standing=Standing.CANCELLED)
    made = place(published(entry(1, sequence=2), entry(2), entry(3, sequence=5), cancelled))
    newest = NOW - timedelta(days=10) + timedelta(hours=5)
    assert made == Place(
        id="teaconf-2031",
        end=date(2031, 5, 18),
        sequence=5,
        updated=newest,
        talks=3,
        out=2,
        to_come=1,
    )
    assert parse_place("teaconf-2031", made.plain()) == made


def test_parse_place_refuses_what_is_no_place() -> None:
    plain = place(TEA).plain()
    broken = [{**plain, key: "?"} for key in plain]
    broken += [{}, {**plain, "updated": "2031-05-20T12:00:00"}]
    assert [parse_place("teaconf-2031", each) for each in broken] == [None] * len(broken)


def test_index_counts_talks_and_forgets_them_with_their_event() -> None:
    index = index_of(TEA, CUPS, replace(TEA, entries=TEA.entries[:1]))
    counts = [(len(index), index.talks, index.out, index.unsettled)]
    index.retain({"teaconf-2031"})
    counts.append((len(index), index.talks, index.out, index.unsettled))
    assert counts == [(2, 2, 2, 0), (1, 1, 1, 0)]
    assert "cupconf-2030" not in index


def test_page_of_all_lists_the_latest_events_and_counts_the_others() -> None:
    events = [numbered(number) for number in range(INDEX_SIZE + 3)]
    made = all_collection(events, SITE, known=len(events), updated=NOW)
    assert (len(made.events), made.older) == (INDEX_SIZE, 3)
    assert made.events[0].event.id == f"conf-{INDEX_SIZE + 2}"


@given(
    st.lists(st.sets(st.integers(1, 999), max_size=4), max_size=12),
    st.integers(1, 6),
)
def test_events_that_the_index_does_not_show_change_nothing(
    sequences: list[set[int]], size: int
) -> None:
    site = replace(SITE, feed_size=size)
    taken: set[int] = set()
    events = []
    for number, wanted in enumerate(sequences):
        events.append(numbered(number, *sorted(wanted - taken)))
        taken |= wanted
    index = index_of(*events)
    shown = [one for one in events if one.event.id in index.shown(site)]
    made = [all_collection(each, site, known=len(events), updated=NOW) for each in (shown, events)]
    assert made[0] == made[1]


def test_all_is_dirty_when_a_talk_comes_out_but_not_when_notes_of_an_old_one_change() -> None:
    site = replace(SITE, feed_size=1)
    later = numbered(9, 9)

    def hashed(old: PublishedEvent) -> str:
        made = all_collection([old, later], site, known=2, updated=NOW)
        return inputs_hash(made, site, templates="t", version="1")

    old = numbered(1, 3)
    noted = replace(old, entries=(replace(old.entries[0], summary="Else"),))
    gone = replace(old, entries=(replace(old.entries[0], standing=Standing.UNAVAILABLE),))
    assert [hashed(noted) == hashed(old), hashed(gone) == hashed(old)] == [True, False]
