from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.model import Completeness, Cue, Known, Listing, Video
from pipeline.sources.media_ccc_de import (
    MediaCccDeSource,
    parse_acronym,
    parse_address,
    parse_events,
)
from tests.builders import no_secret, watch
from tests.sources.case import Case
from tests.sources.fakes import FakeFetch

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "media-ccc-de"
CONFERENCE = "https://api.media.ccc.de/public/conferences/teaconf31"
RECENT = "https://api.media.ccc.de/public/events/recent"
GUID = "0b6e3a1c-7ea0-5c00-8000-000000000001"


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "guid": GUID,
        "title": f"Brewing Tea {number}",
        "slug": f"teaconf31-{number}-brewing_tea",
        "link": "https://programme.example.org/talk/1/",
        "description": "0:00 Intro\n1:00 Tea\n2:00 End https://slides.example.org/1",
        "original_language": "deu",
        "release_date": "2031-05-20T00:00:00.000+02:00",
        "date": "2031-05-17T09:30:00.000+02:00",
        "length": 1466,
        "poster_url": "https://static.example.org/1.jpg",
        "frontend_link": f"https://media.ccc.de/v/teaconf31-{number}-brewing_tea",
        "conference_title": "TeaConf 2031",
        **more,
    }


def body(*events: object) -> bytes:
    return json.dumps({"acronym": "teaconf31", "events": list(events)}).encode()


TEA = Video(
    key="ccc:teaconf31-1-brewing_tea",
    url="https://media.ccc.de/v/teaconf31-1-brewing_tea",
    title="Brewing Tea 1",
    duration=timedelta(minutes=24, seconds=26),
    language="de",
    channel="TeaConf 2031",
    platform_date=datetime(2031, 5, 20, tzinfo=UTC),
    thumbnail="https://static.example.org/1.jpg",
    anchors=(
        GUID,
        "teaconf31-1-brewing_tea",
        "https://programme.example.org/talk/1/",
        "https://slides.example.org/1",
    ),
    cues=(
        Cue(start=timedelta(0), label="Intro"),
        Cue(start=timedelta(minutes=1), label="Tea"),
        Cue(start=timedelta(minutes=2), label="End https://slides.example.org/1"),
    ),
)
CASES = {
    "media-ccc-de": Case(
        "media-ccc-de", {"conference": "teaconf31"}, CONFERENCE, body(row(1), row(2))
    ),
    "media-ccc-de-recent": Case(
        "media-ccc-de", {"url": "https://media.ccc.de/recent"}, RECENT, body(row(1), row(2))
    ),
}


def source(**options: str) -> MediaCccDeSource:
    made = watch(kind="media-ccc-de", options=options)
    return MediaCccDeSource(made, folder=Path(), secret=no_secret)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://media.ccc.de/c/teaconf31", "conferences/teaconf31"),
        ("media.ccc.de/c/TeaConf_31/", "conferences/TeaConf_31"),
        (CONFERENCE, "conferences/teaconf31"),
        ("https://media.ccc.de/b/conferences/teaconf/2031", "b/conferences/teaconf/2031"),
        ("https://media.ccc.de/recent", "events/recent"),
        (RECENT, "events/recent"),
    ],
)
def test_parse_address_reads_what_is_pasted(url: str, expected: str) -> None:
    assert parse_address(url) == expected


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://vimeo.com/1", "is no address of media.ccc.de"),
        ("https://[::1", "is no web address"),
        ("https://media.ccc.de/v/teaconf31-1-brewing_tea", "is one recording, not a list"),
        ("https://media.ccc.de/", "names no conference"),
        ("https://media.ccc.de/c/", "names no conference"),
    ],
)
def test_parse_address_says_what_to_paste_instead(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_address(url)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "write either `url: https://media.ccc.de/c/…` or `conference: ACRONYM`, one of them"),
        (
            {"conference": "../tea"},
            (
                "conference: '../tea' is no acronym; write the word that stands after /c/ in the "
                "conference's address"
            ),
        ),
        (
            {"url": "https://vimeo.com/1"},
            "url: 'https://vimeo.com/1' is no address of media.ccc.de; paste the conference's",
        ),
    ],
)
def test_source_refuses_wrong_options(options: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        source(**options)
    assert str(caught.value) == f"watch list 'list': {message}"


def test_source_reads_a_conference_whole() -> None:
    fetch = FakeFetch({CONFERENCE: body(row())})
    assert source(conference="teaconf31").videos(fetch, Known()) == Listing(videos=(TEA,))


def test_source_reads_the_recent_ones_as_a_window() -> None:
    listing = source(url=RECENT).videos(FakeFetch({RECENT: body(row())}), Known())
    assert listing == Listing(videos=(TEA,), completeness=Completeness.WINDOW, window=100)


def test_source_finds_the_acronym_of_a_page() -> None:
    conferences = "https://api.media.ccc.de/public/conferences"
    rows = [{"acronym": "other", "slug": "conferences/other"}, {"acronym": "x"}]
    rows.append({"acronym": "teaconf31", "slug": "conferences/teaconf/2031"})
    fetch = FakeFetch(
        {conferences: json.dumps({"conferences": rows}).encode(), CONFERENCE: body(row())}
    )
    looking = source(url="https://media.ccc.de/b/conferences/teaconf/2031")
    assert looking.videos(fetch, Known()) == Listing(videos=(TEA,))
    # A list that has "not changed" would come without its text.
    assert fetch.asked == [(conferences, {"Cache-Control": "no-cache"}), (CONFERENCE, {})]


def test_source_looks_at_another_base() -> None:
    base = "http://127.0.0.1:8080"
    fetch = FakeFetch({f"{base}/public/conferences/teaconf31": body(row())})
    looking = source(url=f"{base}/c/teaconf31", base=f"{base}/")
    assert looking.videos(fetch, Known()) == Listing(videos=(TEA,))


def test_parse_acronym_says_what_to_paste_instead() -> None:
    with pytest.raises(SourceError, match="no conference has the page /b/conferences/tea"):
        parse_acronym(b'{"conferences": []}', folder="conferences/tea")


def test_parse_events_takes_a_conference_without_recordings() -> None:
    assert parse_events(body()) == Listing()


def test_parse_events_takes_an_event_of_an_address_alone() -> None:
    only = {"frontend_link": "https://media.ccc.de/v/teaconf31-1-brewing_tea", "length": 0}
    key = "ccc:teaconf31-1-brewing_tea"
    assert parse_events(body(only)).videos == (Video(key=key, url=TEA.url),)


def test_parse_events_does_not_take_a_home_page_for_a_talks() -> None:
    listing = parse_events(body(row(link="https://teaconf.example.org/", description=None)))
    assert listing.videos[0].anchors == (GUID, "teaconf31-1-brewing_tea")


def test_parse_events_keeps_the_address_on_another_server() -> None:
    address = "https://media.example.org/v/brewing"
    listing = parse_events(body(row(frontend_link=address)))
    assert (listing.videos[0].key, listing.videos[0].url) == (f"url:{address}", address)


def test_parse_events_skips_and_names_what_it_cannot_use() -> None:
    assert parse_events(body(row(frontend_link="soon"), None, row())) == Listing(
        videos=(TEA,),
        skipped=(
            "event 1: it has no usable frontend_link",
            "event 2: it has no usable frontend_link",
        ),
    )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b'{"error": "not found"}', "it has no list of 'events'"),
        (b'{"events": {}}', "it has no list of 'events'"),
        (body({}), "none of its 1 events can be used"),
        (body(row())[:-20], "it is not JSON"),
    ],
)
def test_parse_events_takes_what_is_no_conference_for_unknown(answer: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_events(answer)


@pytest.mark.parametrize(
    ("name", "count", "language"), [("conference_36c3", 270, "de"), ("events_recent", 100, "de")]
)
def test_parse_events_reads_real_lists(name: str, count: int, language: str) -> None:
    listing = parse_events(real(f"{name}.json"))
    assert (len(listing.videos), listing.skipped) == (count, ())
    assert {one.language for one in listing.videos} == {"en", language}
    assert all(
        one.key.startswith("ccc:") and one.platform_date and one.duration and len(one.anchors) > 1
        for one in listing.videos
    )


def test_parse_acronym_reads_the_real_list() -> None:
    assert parse_acronym(real("conferences.json"), folder="congress/2019") == "36c3"


def real(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path.read_bytes()
