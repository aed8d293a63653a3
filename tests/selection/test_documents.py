from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import PublishedEvent, Standing
from pipeline.selection import (
    EPOCH,
    INDEX_SIZE,
    all_collection,
    event_collections,
    inputs_hash,
    shared_collection,
)
from tests.builders import NOW, SITE, entry, event, published
from tests.selection.test_index import conference, index_of

TEA = published(entry(1, sequence=2), entry(2), entry(3, sequence=5))
CUPS = PublishedEvent(
    event=event(id="cupconf-2030", start=date(2030, 1, 1), end=date(2030, 1, 2)),
    entries=(entry(1, sequence=3, event_id="cupconf-2030"),),
    tombstones=(("tag:x", NOW),),
)


def test_event_has_the_released_entries_highest_sequence_first() -> None:
    (made,) = event_collections(TEA, SITE)
    assert [one.talk_id for one in made.entries] == ["talk-3", "talk-1"]
    assert (made.id, made.path, made.kind, made.feed_id) == (
        "teaconf-2031",
        "teaconf-2031/",
        "event",
        "tag:recaps.example.org,2031:teaconf-2031",
    )


def test_event_keeps_its_feed_id_through_a_rename() -> None:
    renamed = replace(TEA, event=replace(TEA.event, was=("tea-2031", "tea-31")))
    assert event_collections(renamed, SITE)[0].feed_id == "tag:recaps.example.org,2031:tea-2031"


def test_event_is_dated_by_the_last_day_while_nothing_is_out() -> None:
    (made,) = event_collections(published(entry(1)), SITE)
    assert made.updated == datetime(2031, 5, 18, tzinfo=UTC)


def test_event_of_many_talks_has_archive_pages_each_linked_to_the_one_before() -> None:
    talks = [entry(number, sequence=number) for number in range(1, 251)]
    made = event_collections(published(*talks), SITE)
    assert [(one.page, one.before, len(one.entries)) for one in made] == [
        (None, 2, 50),
        (1, None, 100),
        (2, 1, 100),
    ]


def test_event_has_a_feed_for_each_of_several_tracks() -> None:
    talks = [entry(n, sequence=n, track="Green" if n % 2 else "Black") for n in range(1, 5)]
    whole, *tracks = event_collections(published(*talks), SITE)
    assert [(one.path, one.title, [each.position for each in one.entries]) for one in tracks] == [
        ("teaconf-2031/tracks/black/", "TeaConf 2031: Black", [4, 2]),
        ("teaconf-2031/tracks/green/", "TeaConf 2031: Green", [3, 1]),
    ]
    assert [one.feed_id for one in tracks] == [
        f"{whole.feed_id}/tracks/black",
        f"{whole.feed_id}/tracks/green",
    ]
    assert {one.home for one in (whole, *tracks)} == {"teaconf-2031/"}


def test_tombstones_stand_in_the_current_document_and_not_for_what_came_back() -> None:
    back = TEA.entries[0].release
    assert back
    dead = ((back.feed_id, NOW), ("tag:x", NOW + timedelta(hours=1)))
    old = (("tag:y", NOW),)
    talks = [entry(number, sequence=number) for number in range(1, 151)]
    made = event_collections(replace(published(*talks), tombstones=old), SITE)
    assert [one.tombstones for one in made] == [old, ()]
    assert event_collections(replace(TEA, tombstones=dead), SITE)[0].tombstones == dead[1:]


def test_a_page_is_dated_by_its_own_entries() -> None:
    talks = [entry(number, sequence=number) for number in range(1, 151)]
    changed = NOW + timedelta(days=30)
    first = talks[0]
    assert first.release
    talks[0] = replace(first, release=replace(first.release, updated=changed))
    current, page = event_collections(published(*talks), SITE)
    assert (current.updated < changed, page.updated) == (True, changed)


def test_all_mixes_events_by_sequence_and_lists_the_latest_event_first() -> None:
    document = index_of(CUPS, TEA).current("", SITE)
    made = all_collection(document, [CUPS, TEA], SITE, known=2)
    assert [one.key for one in made.entries] == [
        "teaconf-2031/talk-3",
        "cupconf-2030/talk-1",
        "teaconf-2031/talk-1",
    ]
    assert [one.event.id for one in made.events] == ["teaconf-2031", "cupconf-2030"]
    assert (made.path, made.updated, made.tombstones) == ("", NOW, (("tag:x", NOW),))


def test_all_of_nothing_is_dated_by_the_epoch() -> None:
    made = all_collection(index_of().current("", SITE), [], SITE, known=0)
    assert (made.updated, made.entries) == (EPOCH, ())


def test_page_of_all_lists_the_latest_events_and_counts_the_others() -> None:
    events = [conference(number) for number in range(INDEX_SIZE + 3)]
    made = all_collection(index_of().current("", SITE), events, SITE, known=len(events))
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
        events.append(conference(number, *sorted(wanted - taken)))
        taken |= wanted
    index = index_of(*events)
    shown = [one for one in events if one.event.id in index.shown(site)]
    document = index.current("", site)
    made = [all_collection(document, each, site, known=len(events)) for each in (shown, events)]
    assert made[0] == made[1]


def test_inputs_hash_changes_with_entries_site_templates_and_version() -> None:
    made = event_collections(TEA, SITE)[0]
    other = event_collections(published(entry(1, sequence=2, title="Else")), SITE)[0]
    hashes = {
        inputs_hash(made, SITE, templates="t", version="1"),
        inputs_hash(made, SITE, templates="u", version="1"),
        inputs_hash(made, SITE, templates="t", version="2"),
        inputs_hash(made, replace(SITE, title="Else"), templates="t", version="1"),
        inputs_hash(other, SITE, templates="t", version="1"),
    }
    assert len(hashes) == 5
    assert inputs_hash(made, SITE, templates="t", version="1") in hashes


def test_inputs_hash_changes_with_lengths_days_and_titles_of_any_characters() -> None:
    """The last two are no JSON; neither may be taken for another, nor end a run."""
    one = entry(1, sequence=2)
    shorter = replace(one.recordings[0], duration=timedelta(minutes=21))
    others = (
        replace(one, recordings=(shorter,)),
        replace(one, day=date(2031, 5, 18)),
        replace(one, title="\ud800"),
        replace(one, title="\ud801"),
    )
    hashes = {
        inputs_hash(event_collections(published(each), SITE)[0], SITE, templates="t", version="1")
        for each in (one, *others)
    }
    assert len(hashes) == 5


def test_all_is_dirty_when_a_talk_comes_out_but_not_when_notes_of_an_old_one_change() -> None:
    site = replace(SITE, feed_size=1)
    later = conference(9, 109)

    def hashed(old: PublishedEvent) -> str:
        document = index_of(old, later).current("", site)
        made = all_collection(document, [old, later], site, known=2)
        return inputs_hash(made, site, templates="t", version="1")

    old = conference(1, 3)
    noted = replace(old, entries=(replace(old.entries[0], summary="Else"),))
    gone = replace(old, entries=(replace(old.entries[0], standing=Standing.UNAVAILABLE),))
    assert [hashed(noted) == hashed(old), hashed(gone) == hashed(old)] == [True, False]


def test_a_document_is_dirty_when_an_entry_of_it_changes_and_no_other() -> None:
    def hashed(*events: PublishedEvent) -> list[str]:
        index = index_of(*events)
        documents = (index.archive("", 1, SITE), index.current("", SITE))
        return [inputs_hash(each, SITE, templates="t", version="1") for each in documents]

    old, new = conference(1, *range(1, 101)), conference(2, *range(101, 152))
    noted = replace(old, entries=(replace(old.entries[0], summary="Else"), *old.entries[1:]))
    assert [a == b for a, b in zip(hashed(old, new), hashed(noted, new), strict=True)] == [
        False,
        True,
    ]


def test_an_archive_page_of_all_is_made_of_the_events_that_it_names() -> None:
    old, new = conference(1, 1, 7), conference(2, *range(101, 152))
    document = index_of(old, new).archive("", 1, SITE)
    made = shared_collection(document, [old], SITE)
    assert (document.event_ids, [one.key for one in made.entries], made.page, made.before) == (
        frozenset({"conf-1"}),
        ["conf-1/talk-7", "conf-1/talk-1"],
        1,
        None,
    )
