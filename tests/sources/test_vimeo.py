from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.model import Access, Completeness, Known, Listing, Video
from pipeline.sources.vimeo import FIELDS, Place, VimeoSource, parse_address, parse_page
from tests.builders import no_secret, watch
from tests.sources.case import Case
from tests.sources.fakes import FakeFetch

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "vimeo"
SECRETS = {"VIMEO_TOKEN": "tea-token"}
SHOWCASE = "https://vimeo.com/showcase/2031"
QUERY = urlencode({"per_page": "100", "fields": FIELDS})
ALBUM = f"https://api.vimeo.com/albums/2031/videos?{QUERY}"
PERSON = f"https://api.vimeo.com/users/teaconf/videos?{QUERY}&sort=date&direction=desc"
CHANNEL_FEED = "https://vimeo.com/channels/teaconf/videos/rss"
SENT = {"Authorization": "bearer tea-token", "Accept": "application/vnd.vimeo.*+json;version=3.4"}
RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>Vimeo / TeaConf</title>
<item><title>Brewing Tea</title><link>https://vimeo.com/20310001</link>
<pubDate>Tue, 20 May 2031 05:30:00 -0400</pubDate>
<enclosure url="https://vimeo.com/moogaloop.swf?clip_id=20310001" length="1"/>
<media:content><media:player url="https://vimeo.com/moogaloop.swf?clip_id=20310001"/>
<media:thumbnail url="https://i.example.org/1.jpg"/></media:content></item>
<item><title>Pouring Tea</title><link>https://vimeo.com/20310002</link></item>
</channel></rss>"""


def row(number: int = 20310001, **more: Any) -> dict[str, Any]:
    return {
        "uri": f"/videos/{number}",
        "name": "Brewing Tea",
        "description": "https://slides.example.org/1",
        "duration": 1466,
        "language": "en-US",
        "created_time": "2031-05-19T08:00:00+00:00",
        "release_time": "2031-05-20T09:30:00+00:00",
        "status": "available",
        "type": "video",
        "privacy": {"view": "anybody"},
        "pictures": {
            "sizes": [{"link": "https://i.example.org/s"}, {"link": "https://i.example.org/l"}]
        },
        "user": {"name": "TeaConf"},
        **more,
    }


def body(*data: object, following: str | None = None) -> bytes:
    return json.dumps({"total": 9, "data": data, "paging": {"next": following}}).encode()


def tea(number: int = 20310001, **more: Any) -> Video:
    values: dict[str, Any] = {
        "title": "Brewing Tea",
        "duration": timedelta(minutes=24, seconds=26),
        "language": "en-US",
        "channel": "TeaConf",
        "platform_date": datetime(2031, 5, 20, 9, 30, tzinfo=UTC),
        "thumbnail": "https://i.example.org/l",
        "anchors": ("https://slides.example.org/1",),
    }
    return Video(key=f"vimeo:{number}", url=f"https://vimeo.com/{number}", **{**values, **more})


CASES = {
    "vimeo": Case("vimeo", {"url": SHOWCASE}, ALBUM, body(row(1), row(2)), secrets=SECRETS),
    "vimeo-feed": Case(
        "vimeo", {"url": "https://vimeo.com/channels/teaconf"}, CHANNEL_FEED, RSS.encode()
    ),
}


def source(*, secrets: dict[str, str] | None = None, **options: str) -> VimeoSource:
    made = watch(kind="vimeo", options=options)
    return VimeoSource(made, folder=Path(), secret=secrets.get if secrets else no_secret)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (SHOWCASE, Place(api="/albums/2031/videos")),
        ("vimeo.com/album/2031", Place(api="/albums/2031/videos")),
        (
            "https://vimeo.com/channels/teaconf",
            Place(api="/channels/teaconf/videos", feed="/channels/teaconf/videos/rss"),
        ),
        (
            "https://vimeo.com/groups/teaconf/videos",
            Place(api="/groups/teaconf/videos", feed="/groups/teaconf/videos/rss"),
        ),
        (
            "https://vimeo.com/teaconf/videos",
            Place(api="/users/teaconf/videos", feed="/teaconf/videos/rss", newest_first=True),
        ),
        (
            "https://vimeo.com/user2031",
            Place(api="/users/2031/videos", feed="/user2031/videos/rss", newest_first=True),
        ),
    ],
)
def test_parse_address_reads_what_is_pasted(url: str, expected: Place) -> None:
    assert parse_address(url) == expected


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://example.org/1", "is no address of Vimeo"),
        ("https://[::1", "is no web address"),
        ("https://vimeo.com/20310001", "names no list"),
        ("https://vimeo.com/showcase/2031/video/20310001", "names no list"),
        ("https://vimeo.com/channels/teaconf/20310001", "names no list"),
        ("https://vimeo.com/", "names no list"),
    ],
)
def test_parse_address_says_what_to_paste_instead(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_address(url)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "`url` is missing; paste the showcase's or channel's address"),
        (
            {"url": "https://example.org/1"},
            "url: 'https://example.org/1' is no address of Vimeo; paste the showcase's",
        ),
    ],
)
def test_source_refuses_wrong_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        source(**options)
    assert str(caught.value) == f"watch list 'list': {message}"


def test_source_reads_every_page_with_the_token_in_a_header() -> None:
    second = f"https://api.vimeo.com/albums/2031/videos?{QUERY}&page=2"
    following = second.removeprefix("https://api.vimeo.com")
    fetch = FakeFetch({ALBUM: body(row(1), following=following), second: body(row(2))})
    listing = source(secrets=SECRETS, url=SHOWCASE).videos(fetch, Known())
    assert listing == Listing(videos=(tea(1), tea(2)))
    assert fetch.asked == [
        (ALBUM, {**SENT, "Cache-Control": "no-cache"}),
        (second, {**SENT, "Cache-Control": "no-cache"}),
    ]


def test_source_stops_at_the_first_known_page_of_a_person() -> None:
    fetch = FakeFetch({PERSON: body(row(2), row(1), following="/users/teaconf/videos?page=2")})
    known = Known(keys=frozenset(("vimeo:1",)), whole=False)
    listing = source(secrets=SECRETS, url="https://vimeo.com/teaconf").videos(fetch, known)
    assert listing == Listing(videos=(tea(2), tea(1)), completeness=Completeness.WINDOW)
    assert fetch.asked == [(PERSON, SENT)]


def test_source_does_not_carry_the_token_to_another_server() -> None:
    fetch = FakeFetch({ALBUM: body(row(1), following="https://other.example.org/videos?page=2")})
    with pytest.raises(SourceError, match="is on another server"):
        source(secrets=SECRETS, url=SHOWCASE).videos(fetch, Known())


def test_source_reads_the_public_feed_without_a_token() -> None:
    fetch = FakeFetch({CHANNEL_FEED: RSS.encode()})
    listing = source(url="https://vimeo.com/channels/teaconf").videos(fetch, Known())
    brewing = Video(
        key="vimeo:20310001",
        url="https://vimeo.com/20310001",
        title="Brewing Tea",
        channel="Vimeo / TeaConf",
        platform_date=datetime(2031, 5, 20, 9, 30, tzinfo=UTC),
        thumbnail="https://i.example.org/1.jpg",
    )
    pouring = Video(
        key="vimeo:20310002",
        url="https://vimeo.com/20310002",
        title="Pouring Tea",
        channel="Vimeo / TeaConf",
    )
    assert listing == Listing(videos=(brewing, pouring), completeness=Completeness.WINDOW, window=2)


def test_source_says_that_a_showcase_needs_a_token() -> None:
    with pytest.raises(SourceError, match="a showcase has no public feed; set VIMEO_TOKEN in"):
        source(url=SHOWCASE).videos(FakeFetch({}), Known())


def test_source_looks_at_another_base() -> None:
    base = "http://127.0.0.1:8080"
    fetch = FakeFetch({ALBUM.replace("https://api.vimeo.com", base): body(row())})
    looking = source(secrets=SECRETS, url=f"{base}/showcase/2031", base=f"{base}/")
    assert looking.videos(fetch, Known()) == Listing(videos=(tea(),))


@pytest.mark.parametrize(
    ("more", "access"),
    [
        ({"privacy": {"view": "unlisted"}}, Access.UNLISTED),
        ({"privacy": {"view": "disable"}}, Access.UNLISTED),
        ({"privacy": {"view": "password"}}, Access.PRIVATE),
        ({"privacy": {"view": "nobody"}}, Access.PRIVATE),
        ({"privacy": {"view": "contacts"}}, Access.PRIVATE),
        ({"privacy": {"view": "users"}}, Access.MEMBERS),
        ({"status": "transcoding"}, Access.UPCOMING),
        ({"type": "live", "live": {"status": "streaming"}}, Access.LIVE),
        ({"type": "live", "live": {"status": "ready"}}, Access.UPCOMING),
        ({"type": "live", "live": {"status": "done"}}, Access.PUBLIC),
    ],
)
def test_parse_page_lists_who_can_watch(more: dict[str, Any], access: Access) -> None:
    assert parse_page(body(row(**more))).videos == (tea(access=access),)


def test_parse_page_takes_a_list_without_videos() -> None:
    assert parse_page(body()).videos == ()


def test_parse_page_takes_a_video_of_few_words() -> None:
    only = {
        "uri": "/videos/20310001:abc",
        "privacy": {"view": "anybody"},
        "created_time": "2031-05-20T09:30:00Z",
        "pictures": {"base_link": "https://i.example.org/b"},
    }
    assert parse_page(body(only)).videos == (
        Video(
            key=tea().key,
            url=tea().url,
            platform_date=tea().platform_date,
            thumbnail="https://i.example.org/b",
        ),
    )


def test_parse_page_skips_and_names_what_it_cannot_use() -> None:
    page = parse_page(body(row(uri="/users/1"), row(privacy={"view": "moon"}), row()))
    assert (page.videos, page.skipped) == (
        (tea(),),
        ("video 1: it has no usable uri", "video 2: privacy.view 'moon' is not known"),
    )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b'{"error": "You must provide a valid token"}', "it has no list of 'data'"),
        (body(row())[:-9], "it is not JSON"),
    ],
)
def test_parse_page_takes_what_is_no_list_for_unknown(answer: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_page(answer)


def test_parse_page_reads_the_real_fields() -> None:
    path = SHARED / "clip_MOCKVALUES.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    # Every value but the numbers is a placeholder there, also the uri.
    clip = {**json.loads(path.read_bytes()), "uri": "/videos/20310001"}
    assert parse_page(body(clip)).videos == (
        Video(
            key=tea().key, url=tea().url, title="mock_video_name", duration=timedelta(seconds=2479)
        ),
    )
