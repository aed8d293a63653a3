from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.model import Access, Completeness, Known, Listing, Video
from pipeline.sources.peertube import PeerTubeSource, parse_address, parse_page
from pipeline.text import video_key
from tests.builders import no_secret, watch
from tests.sources.case import Case
from tests.sources.fakes import FakeFetch

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "peertube"
HOST = "https://tube.example.org"
CHANNEL = f"{HOST}/api/v1/video-channels/teaconf/videos"
PLAYLIST = f"{HOST}/api/v1/video-playlists/jBgfUTRfgk6cfMY8wbT1mp/videos?start=0&count=100"


def page_of(start: int) -> str:
    return f"{CHANNEL}?start={start}&count=100&sort=-publishedAt&nsfw=both"


def uuid(number: int) -> str:
    return f"0b6e3a1c-7ea0-4c00-8000-{number:012}"


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "uuid": uuid(number),
        "url": f"{HOST}/videos/watch/{uuid(number)}",
        "name": f"Brewing Tea {number}",
        "language": {"id": "en", "label": "English"},
        "privacy": {"id": 1, "label": "Public"},
        "truncatedDescription": "Slides: https://slides.example.org/1 and https://exam...",
        "duration": 1466,
        "previewPath": "/lazy-static/previews/1.jpg",
        "publishedAt": "2031-05-20T09:30:00.123Z",
        "isLive": False,
        "channel": {"name": "teaconf", "displayName": "TeaConf"},
        **more,
    }


def body(*data: object, total: int | None = None) -> bytes:
    return json.dumps({"total": len(data) if total is None else total, "data": data}).encode()


def tea(number: int = 1, **more: Any) -> Video:
    values: dict[str, Any] = {
        "title": f"Brewing Tea {number}",
        "duration": timedelta(minutes=24, seconds=26),
        "language": "en",
        "channel": "TeaConf",
        "platform_date": datetime(2031, 5, 20, 9, 30, tzinfo=UTC),
        "thumbnail": f"{HOST}/lazy-static/previews/1.jpg",
        "anchors": ("https://slides.example.org/1",),
    }
    return Video(
        key=f"peertube:tube.example.org/{uuid(number)}",
        url=f"{HOST}/videos/watch/{uuid(number)}",
        **{**values, **more},
    )


CASES = {
    "peertube": Case("peertube", {"url": f"{HOST}/c/teaconf"}, page_of(0), body(row(1), row(2))),
    "peertube-playlist": Case(
        "peertube",
        {"url": f"{HOST}/w/p/jBgfUTRfgk6cfMY8wbT1mp"},
        PLAYLIST,
        body({"position": 1, "type": 0, "video": row(1)}, {"position": 2, "video": row(2)}),
    ),
}


def source(**options: str) -> PeerTubeSource:
    return PeerTubeSource(watch(kind="peertube", options=options), folder=Path(), secret=no_secret)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/c/teaconf", "video-channels/teaconf"),
        ("/c/teaconf@other.example.org/videos", "video-channels/teaconf@other.example.org"),
        ("/video-channels/teaconf", "video-channels/teaconf"),
        ("/a/ada/video-channels", "accounts/ada"),
        ("/accounts/ada", "accounts/ada"),
        ("/w/p/jBgfUTRfgk6cfMY8wbT1mp", "video-playlists/jBgfUTRfgk6cfMY8wbT1mp"),
        (f"/videos/watch/playlist/{uuid(1)}", f"video-playlists/{uuid(1)}"),
        (f"/api/v1/video-playlists/{uuid(1)}/videos", f"video-playlists/{uuid(1)}"),
        ("/api/v1/accounts/ada/videos?start=0", "accounts/ada"),
    ],
)
def test_parse_address_reads_what_is_pasted(path: str, expected: str) -> None:
    assert parse_address(f"{HOST}{path}") == expected


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/w/1VgjonnHfSDcRY5iYcHt1C", "is one video, not a list"),
        (f"/videos/watch/{uuid(1)}", "is one video, not a list"),
        ("/@teaconf", "may be an account or a channel"),
        ("/", "names no channel, account or playlist"),
        ("/c/", "names no channel, account or playlist"),
        ("/c/tea%2fconf", "names no channel, account or playlist"),
    ],
)
def test_parse_address_says_what_to_paste_instead(path: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_address(f"{HOST}{path}")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "`url` is missing; paste the address of the channel, account or playlist"),
        (
            {"url": "teaconf"},
            "url: 'teaconf' is no web address; paste it from the browser, with https:// in front",
        ),
    ],
)
def test_source_refuses_wrong_options(options: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        source(**options)
    assert str(caught.value) == f"watch list 'list': {message}"


PAGES = {
    page_of(start): body(*(row(one) for one in range(start, min(start + 100, 260))), total=260)
    for start in (0, 100, 200)
}


def test_source_reads_every_page() -> None:
    listing = source(url=f"{HOST}/c/teaconf").videos(FakeFetch(dict(PAGES)), Known())
    assert listing == Listing(videos=tuple(tea(number) for number in range(260)))


def test_source_stops_at_the_first_known_page() -> None:
    fetch = FakeFetch(dict(PAGES))
    known = Known(keys=frozenset((tea(150).key,)), whole=False)
    listing = source(url=f"{HOST}/c/teaconf").videos(fetch, known)
    assert listing == Listing(
        videos=tuple(tea(number) for number in range(200)), completeness=Completeness.WINDOW
    )
    assert fetch.asked == [(page_of(0), {}), (page_of(100), {"Cache-Control": "no-cache"})]


def test_source_reads_a_playlist_to_its_end() -> None:
    known = Known(keys=frozenset((tea(1).key,)), whole=False)
    second = PLAYLIST.replace("start=0", "start=1")
    pages: dict[str, bytes | None] = {
        PLAYLIST: body(row(1), total=2),
        second: body(row(2), total=2),
    }
    listing = source(url=f"{HOST}/w/p/jBgfUTRfgk6cfMY8wbT1mp").videos(FakeFetch(pages), known)
    assert listing == Listing(videos=(tea(1), tea(2)))


def test_source_looks_at_another_base() -> None:
    base = "http://127.0.0.1:8080"
    fetch = FakeFetch({page_of(0).replace(HOST, base): body(row())})
    listing = source(url=f"{HOST}/c/teaconf", base=f"{base}/").videos(fetch, Known())
    assert [one.key for one in listing.videos] == [tea().key]


def test_parse_page_takes_a_channel_without_videos() -> None:
    assert parse_page(body(), where=page_of(0)).videos == ()


def test_source_takes_a_page_that_is_empty_before_the_end_for_unknown() -> None:
    fetch = FakeFetch({page_of(0): body(row(), total=2), page_of(1): body(total=2)})
    with pytest.raises(SourceError, match="it shows 1 of the 2 that it says it has"):
        source(url=f"{HOST}/c/teaconf").videos(fetch, Known())


@pytest.mark.parametrize(
    "address",
    [
        "https://video.example.org/w/1VgjonnHfSDcRY5iYcHt1C",
        "https://video.example.org/videos/watch/076fdbf7-5a70-4edc-87c6-cead149ed848",
    ],
)
def test_key_is_that_of_the_address_on_the_videos_own_server(address: str) -> None:
    (one,) = parse_page(body(row(url=address)), where=page_of(0)).videos
    key = "peertube:video.example.org/076fdbf7-5a70-4edc-87c6-cead149ed848"
    assert (one.key, video_key(address)) == (key, key)


def test_parse_page_takes_a_video_of_an_id_alone() -> None:
    (one,) = parse_page(body({"uuid": uuid(1).upper()}), where=page_of(0)).videos
    assert one == Video(key=tea().key, url=tea().url)


def test_parse_page_takes_a_video_whose_address_names_none_by_its_id() -> None:
    address = "https://www.youtube.com/watch?v="
    (one,) = parse_page(body({"uuid": uuid(1), "url": address}), where=page_of(0)).videos
    assert one.key == f"peertube:www.youtube.com/{uuid(1)}"


@pytest.mark.parametrize(
    ("more", "access"),
    [
        ({"privacy": {"id": 2}}, Access.UNLISTED),
        ({"privacy": {"id": 3}}, Access.PRIVATE),
        ({"privacy": {"id": 4}}, Access.MEMBERS),
        ({"privacy": {"id": 5}}, Access.MEMBERS),
        ({"privacy": None}, Access.PUBLIC),
        ({"isLive": True}, Access.LIVE),
        ({"isLive": True, "state": {"id": 4}}, Access.UPCOMING),
        ({"isLive": True, "privacy": {"id": 3}}, Access.PRIVATE),
        ({"state": {"id": 1}}, Access.PUBLIC),
        ({"state": {"id": 2}, "waitTranscoding": False}, Access.PUBLIC),
        ({"state": {"id": 2}, "waitTranscoding": True}, Access.UPCOMING),
        ({"state": {"id": 3}}, Access.UPCOMING),
    ],
)
def test_parse_page_lists_who_can_watch(more: dict[str, Any], access: Access) -> None:
    assert parse_page(body(row(**more)), where=page_of(0)).videos == (tea(access=access),)


def test_parse_page_finds_the_image_of_newer_servers() -> None:
    images = [
        {"fileUrl": "https://s.example.org/1.jpg"},
        {"fileUrl": "https://s.example.org/2.jpg"},
    ]
    page = parse_page(body(row(previewPath=None, thumbnails=images)), where=page_of(0))
    assert page.videos == (tea(thumbnail="https://s.example.org/2.jpg"),)


def test_parse_page_skips_and_names_what_it_cannot_use() -> None:
    page = parse_page(
        body(
            {"position": 1, "type": 2, "video": None},
            row(privacy={"id": 9}),
            row(url=None, uuid="tea"),
            row(),
        ),
        where=page_of(0),
    )
    assert (page.videos, page.skipped) == (
        (tea(),),
        (
            "video 1: the playlist does not say which it is: it is private",
            "video 2: privacy 9 is not known",
            "video 3: it has no usable uuid",
        ),
    )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b'{"error": "Video channel not found"}', "it has no list of 'data'"),
        (b'{"data": []}', "it does not say how many videos there are"),
        (body(row())[:-9], "it is not JSON"),
    ],
)
def test_parse_page_takes_what_is_no_list_for_unknown(answer: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_page(answer)


@pytest.mark.parametrize(("name", "start"), [("p1", 0), ("p2", 12)])
def test_parse_page_reads_real_pages(name: str, start: int) -> None:
    path = SHARED / f"channel_lqdn_videos_{name}.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    page = parse_page(path.read_bytes(), where=f"https://framatube.org/x?start={start}&count=12")
    assert (len(page.videos), page.rows, page.total, page.skipped) == (12, 12, 589, ())
    assert page.following == f"?start={start + 12}&count=12"
    assert all(one.key.startswith("peertube:video.lqdn.fr/") for one in page.videos)
    assert all(one.title and one.duration and one.platform_date for one in page.videos)
