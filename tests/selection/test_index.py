from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import FeedLink, PublishedEvent, Site, Speaker, Standing
from pipeline.selection import INDEX_SIZE, Index, Place, parse_place, place, shared_collection
from pipeline.selection.places import Share, Topic
from tests.builders import NOW, SITE, entry, event, published

ALL_KINDS = replace(SITE, speakers=True, tags=True)


def conference(number: int, *sequences: int, **more: Any) -> PublishedEvent:
    name, day = f"conf-{number}", date(2031, 1, 1) + timedelta(days=number // 2)
    entries = tuple(entry(one, sequence=one, event_id=name) for one in sequences)
    return PublishedEvent(
        event=event(id=name, name=name, start=day, end=day, **more), entries=entries
    )


def index_of(*events: PublishedEvent, site: Site = SITE) -> Index:
    made = Index()
    for each in events:
        made.put(place(each, site))
    return made


def known(index: Index) -> Index:
    index.take()
    return index


def test_place_says_what_shared_feeds_have_to_know() -> None:
    cancelled = replace(entry(4), standing=Standing.CANCELLED)
    talks = (entry(1, sequence=2), entry(2), entry(3, sequence=105), cancelled)
    made = place(replace(published(*talks, series="teaconf"), tombstones=(("tag:x", NOW),)), SITE)
    assert made == Place(
        id="teaconf-2031",
        name="TeaConf 2031",
        end=date(2031, 5, 18),
        talks=3,
        out=2,
        to_come=1,
        series="teaconf",
        shares=(
            Share(page=2, numbers=(105,), digest=made.shares[0].digest),
            Share(page=1, numbers=(2,), digest=made.shares[1].digest),
        ),
        tombstones=(("tag:x", NOW),),
    )


def test_place_has_topics_where_the_site_has_feeds_of_them() -> None:
    made = place(published(entry(1, sequence=7, tags=("Tea", "tea", "Cups"))), ALL_KINDS)
    assert (made.kinds, made.topics) == (
        ("speaker", "tag"),
        (
            Topic(kind="speaker", name="Speaker 1", numbers=(7,)),
            Topic(kind="tag", name="Cups", numbers=(7,)),
            Topic(kind="tag", name="Tea", numbers=(7,)),
        ),
    )


def test_parse_place_gives_back_what_a_row_holds() -> None:
    one = published(entry(1, sequence=2, track="a", tags=("Tea",)), entry(2, track="b"), series="t")
    made = place(replace(one, tombstones=(("tag:x", NOW),)), ALL_KINDS)
    assert parse_place("teaconf-2031", made.plain(), ALL_KINDS) == made


def test_parse_place_refuses_what_is_no_place() -> None:
    plain = place(published(entry(1, sequence=2)), SITE).plain()
    broken = [{**plain, key: 1.5} for key in plain]
    broken += [{}, {**plain, "tombstones": [["tag:x", "2031-05-20T12:00:00"]]}]
    assert [parse_place("teaconf-2031", each, SITE) for each in broken] == [None] * len(broken)


def test_parse_place_refuses_a_row_of_a_time_without_these_kinds() -> None:
    plain = place(published(entry(1, sequence=2)), SITE).plain()
    assert parse_place("teaconf-2031", plain, ALL_KINDS) is None


def test_index_counts_talks_and_forgets_them_with_their_event() -> None:
    index = index_of(conference(1, 1, 2), conference(2, 3), conference(1, 1))
    counts = [(len(index), index.talks, index.out, index.unsettled)]
    index.retain({"conf-1"})
    counts.append((len(index), index.talks, index.out, index.unsettled))
    assert (counts, "conf-2" in index) == ([(2, 2, 2, 0), (1, 1, 1, 0)], False)


def test_page_of_all_shows_the_latest_events_and_those_of_the_newest_entries() -> None:
    old = conference(0, 999)
    index = index_of(old, *(conference(number) for number in range(1, INDEX_SIZE + 3)))
    shown = index.shown(SITE)
    assert (len(shown), "conf-0" in shown, "conf-1" in shown) == (INDEX_SIZE + 1, True, False)


def test_index_notes_the_feeds_and_pages_that_a_change_concerns() -> None:
    one, other = conference(1, 1, 105, series="tea"), conference(2, 2, 106, series="cups")
    index = known(index_of(one, other))
    retitled = replace(one.entries[0], title="Else")
    index.put(place(replace(one, entries=(retitled, one.entries[1])), SITE))
    assert index.take() == ({"": {1}, "series/tea/": {1}}, False)


def test_index_notes_a_new_feed_for_the_list_of_all() -> None:
    index = known(index_of(conference(1, 1)))
    index.put(place(conference(1, 1, series="tea"), SITE))
    assert index.take() == ({"": set(), "series/tea/": {1}}, True)


def test_index_that_saw_nothing_new_has_nothing_to_tell() -> None:
    index = known(index_of(conference(1, 1)))
    index.put(place(conference(1, 1), SITE))
    assert index.take() == ({}, False)


def test_index_in_doubt_counts_everything_as_changed() -> None:
    index = known(index_of(conference(1, 1, 105, series="tea")))
    index.doubt()
    assert index.take() == ({"": {1, 2}, "series/tea/": {1, 2}}, True)


def test_a_feed_is_gone_with_its_last_event() -> None:
    index = known(index_of(conference(1, 1, series="tea")))
    index.remove("conf-1")
    assert (index.has("series/tea/"), index.has("")) == (False, True)
    assert index.take() == ({"": {1}, "series/tea/": {1}}, True)


def test_tombstones_of_a_feed_are_the_newest_of_its_events() -> None:
    dead = [(f"tag:{number}", NOW + timedelta(hours=number)) for number in range(60)]
    one = replace(conference(1, 1, series="tea"), tombstones=tuple(dead))
    other = replace(conference(2, 2), tombstones=(("tag:new", NOW + timedelta(days=9)),))
    index = index_of(one, other)
    assert index.current("", SITE).tombstones == (*dead[-49:], other.tombstones[0])
    assert index.current("series/tea/", SITE).tombstones == tuple(dead[-50:])


def test_feeds_are_listed_all_first_then_series_events_with_tracks_and_topics() -> None:
    tracked = published(
        entry(1, sequence=1, track="Green", tags=("Tea",)), entry(2, track="Black"), series="tea"
    )
    index = index_of(tracked, site=replace(SITE, tags=True))
    home = "teaconf-2031/"
    assert index.listed(SITE) == (
        FeedLink(kind="all", title="Recaps", path=""),
        FeedLink(kind="series", title="tea", path="series/tea/"),
        FeedLink(kind="event", title="TeaConf 2031", path=home, home=home),
        FeedLink(kind="track", title="TeaConf 2031: Black", path=f"{home}tracks/black/", home=home),
        FeedLink(kind="track", title="TeaConf 2031: Green", path=f"{home}tracks/green/", home=home),
        FeedLink(kind="tag", title="Tea", path="tags/tea/"),
    )


def test_a_document_of_a_topic_holds_its_entries_alone() -> None:
    tea = Speaker(name="Ada Example")
    talks = [entry(n, sequence=n, speakers=(tea,) if n % 2 else ()) for n in range(1, 6)]
    one = published(*talks)
    index = index_of(one, site=ALL_KINDS)
    made = shared_collection(index.current("speakers/ada-example/", ALL_KINDS), [one], ALL_KINDS)
    assert [each.talk_id for each in made.entries] == ["talk-5", "talk-3", "talk-1"]
    assert (made.title, made.feed_id) == (
        "Ada Example",
        "tag:recaps.example.org,2031:speakers/ada-example",
    )


events = st.lists(st.sets(st.integers(1, 320), max_size=60), max_size=9).map(
    lambda found: [
        conference(at, *sorted(one.difference(*found[:at]))) for at, one in enumerate(found)
    ]
)


def walked(index: Index, shown: list[PublishedEvent], site: Site) -> list[list[str]]:
    """Return the ids of each document from the current one back."""
    document = index.current("", site)
    found = [document]
    while document.before:
        document = index.archive("", document.before, site)
        found.append(document)
    by_id = {one.event.id: one for one in shown}
    return [
        [
            entry.key
            for entry in shared_collection(
                each, [by_id[one] for one in each.event_ids], site
            ).entries
        ]
        for each in found
    ]


@given(events, st.integers(1, 60))
def test_walking_back_finds_every_entry_once_but_for_the_newest_archive(
    shown: list[PublishedEvent], size: int
) -> None:
    current, *pages = walked(index_of(*shown), shown, replace(SITE, feed_size=size))
    every = {one.key for each in shown for one in each.entries}
    archived = [key for page in pages for key in page]
    assert {*current, *archived} == every
    assert len(archived) == len({*archived})


@given(events, st.integers(1, 60))
def test_pages_are_those_that_the_walk_finds(shown: list[PublishedEvent], size: int) -> None:
    index, site = index_of(*shown), replace(SITE, feed_size=size)
    found, document = [], index.current("", site)
    while document.before:
        found.append(document.before)
        document = index.archive("", document.before, site)
    assert tuple(reversed(found)) == index.pages("", site)


@given(events, events)
def test_an_index_does_not_depend_on_how_it_came_about(
    before: list[PublishedEvent], after: list[PublishedEvent]
) -> None:
    moved, fresh = known(index_of(*before)), index_of(*after)
    for one in after:
        moved.put(place(one, SITE))
    moved.retain({one.event.id for one in after})
    assert [moved.pages("", SITE), moved.current("", SITE), moved.listed(SITE)] == [
        fresh.pages("", SITE),
        fresh.current("", SITE),
        fresh.listed(SITE),
    ]
