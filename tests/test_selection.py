from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from pipeline.model import PublishedEvent
from pipeline.selection import EPOCH, all_collection, event_collection, inputs_hash
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
    made = all_collection([CUPS, TEA], SITE)
    assert [one.key for one in made.entries] == [
        "teaconf-2031/talk-3",
        "cupconf-2030/talk-1",
        "teaconf-2031/talk-1",
    ]
    assert [one.event.id for one in made.events] == ["teaconf-2031", "cupconf-2030"]
    assert (made.path, made.updated, made.tombstones) == ("", NOW, (("tag:x", NOW),))


def test_all_collection_of_nothing_is_dated_by_the_epoch() -> None:
    assert all_collection([], SITE).updated == EPOCH


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
