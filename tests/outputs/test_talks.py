from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import OutputError
from pipeline.model import (
    Entry,
    Event,
    Link,
    Origin,
    PublishedEvent,
    Recording,
    Release,
    Speaker,
    Standing,
)
from pipeline.outputs.talks import parse_talks
from tests.builders import collection, entry, published, talk
from tests.outputs import samples
from tests.outputs.samples import only

WORDS = st.text(max_size=8)
MAYBE = st.none() | WORDS
MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
LENGTHS = st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds))


def few(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=2).map(tuple)


SPEAKERS = st.builds(Speaker, name=WORDS, role=MAYBE, affiliation=MAYBE, also=few(WORDS), url=MAYBE)
LINKS = st.builds(Link, url=WORDS, label=WORDS)
RECORDINGS = st.builds(
    Recording,
    key=WORDS,
    url=WORDS,
    role=st.sampled_from(("primary", "alternative", "part", "cue")),
    title=MAYBE,
    duration=st.none() | LENGTHS,
    language=MAYBE,
    start=st.none() | LENGTHS,
    available=st.booleans(),
    image=MAYBE,
    image_width=st.none() | st.integers(1, 9000),
    image_height=st.none() | st.integers(1, 9000),
)
RELEASES = st.builds(
    Release,
    feed_id=WORDS,
    released=st.none() | MOMENTS,
    updated=MOMENTS,
    digest=WORDS,
    sequence=st.none() | st.integers(0, 10**6),
    deleted=st.none() | MOMENTS,
    assumed=st.booleans(),
    left=st.none() | MOMENTS,
)
ENTRIES = st.builds(
    Entry,
    event_id=WORDS,
    event_name=WORDS,
    talk_id=WORDS,
    position=st.integers(1, 500),
    standing=st.sampled_from(Standing),
    title=MAYBE,
    title_from=st.sampled_from(("programme", "upload")),
    speakers=few(SPEAKERS),
    summary=MAYBE,
    kind=WORDS,
    day=st.none() | st.dates(),
    language=WORDS,
    track=MAYBE,
    tags=few(WORDS),
    slides=few(LINKS),
    links=few(LINKS),
    recordings=few(RECORDINGS),
    release=st.none() | RELEASES,
)
EVENTS = st.builds(
    Event,
    id=st.just("teaconf-2031"),
    name=WORDS,
    start=st.dates(),
    end=st.dates(),
    timezone=WORDS,
    talks=st.just(()),
    watches=st.just(()),
    also=few(WORDS),
    short_name=MAYBE,
    series=MAYBE,
    language=WORDS,
    venue=MAYBE,
    city=MAYBE,
    country=MAYBE,
    website=MAYBE,
    recap_title=MAYBE,
    introduction=MAYBE,
    conclusion=MAYBE,
    author=MAYBE,
    was=few(WORDS),
)
PUBLISHED = st.builds(
    PublishedEvent,
    event=EVENTS,
    entries=few(ENTRIES),
    tombstones=few(st.tuples(WORDS, MOMENTS)),
    fresh=st.none() | few(WORDS),
)


@settings(max_examples=60, deadline=None)
@given(PUBLISHED)
def test_talks_read_back_as_the_same_event(one: PublishedEvent) -> None:
    assert parse_talks(only("talks", collection(one)).encode()) == one


def test_talks_read_back_with_the_same_repr() -> None:
    # What outputs are made of is hashed by its repr, which tells zone objects apart.
    one = samples.thirteen()
    back = parse_talks(only("talks", collection(one)).encode())

    assert repr(back.entries) == repr(one.entries)


def test_talks_leave_out_what_is_not_for_outputs() -> None:
    one = published(entry(1, sequence=1))
    one = replace(one, event=replace(one.event, talks=(talk(),)))
    back = parse_talks(only("talks", collection(one)).encode())

    assert (back.event.talks, back.event.watches) == ((), ())


def test_talks_have_version_and_counts_on_top() -> None:
    whole = json.loads(only("talks", collection(samples.thirteen())))

    assert list(whole)[:2] == ["version", "counts"]
    assert (whole["version"], whole["counts"]["out"], whole["counts"]["awaited"]) == (1, 9, 4)


def test_talks_write_lengths_and_moments_by_iso_8601() -> None:
    (row,) = json.loads(only("talks", collection(published(samples.released(1, 19)))))["entries"]

    assert (row["recordings"][0]["duration"], row["release"]["released"]) == (
        "PT1267S",
        "2031-05-19T09:30:00Z",
    )


def test_talks_keep_letters_and_end_in_a_line_break() -> None:
    text = only("talks", collection(published(entry(1, title="شاي"))))

    assert "شاي" in text
    assert text.endswith("}\n")


GOOD = json.loads(only("talks", collection(published(entry(1, sequence=1)))))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<!doctype html>",
        b"\xff",
        b"{}",
        b"[" * 100_000,
        json.dumps({**GOOD, "version": 2}).encode(),
        json.dumps({**GOOD, "event": {}}).encode(),
        json.dumps({**GOOD, "entries": {}}).encode(),
        json.dumps({**GOOD, "entries": [{**GOOD["entries"][0], "standing": "tea"}]}).encode(),
        json.dumps({**GOOD, "entries": [{**GOOD["entries"][0], "title_from": "tea"}]}).encode(),
        json.dumps({**GOOD, "entries": [{**GOOD["entries"][0], "day": "tea"}]}).encode(),
        json.dumps({**GOOD, "entries": [{**GOOD["entries"][0], "title": 1}]}).encode(),
        json.dumps({**GOOD, "tombstones": [["tea"]]}).encode(),
    ],
)
def test_talks_that_cannot_be_read_say_what_to_do(body: bytes) -> None:
    with pytest.raises(OutputError, match=r"talks\.json cannot be read back: .*data/"):
        parse_talks(body)


def test_talks_parse_names_a_date() -> None:
    one = published(entry(1, day=date(2031, 5, 17)))

    assert parse_talks(only("talks", collection(one)).encode()).entries == one.entries


def test_talks_does_not_tell_where_the_programme_comes_from() -> None:
    origin = Origin(kind="ical", where="https://example.org/talks.ics?token=hidden")
    made = published(entry())
    told = collection(replace(made, event=replace(made.event, origin=origin)))
    assert "hidden" not in only("talks", told)
