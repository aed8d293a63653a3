from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import FetchError, SourceError
from pipeline.model import Access, Completeness, Cue, Listing, Response, Video
from pipeline.sources._youtube_api import (
    MAX_PAGES,
    Api,
    Page,
    parse_items,
    parse_uploads,
    parse_videos,
)
from tests.builders import video
from tests.sources.fakes import FakeFetch
from tests.sources.youtube_api import FakeApi, answer, fact, facts, items, row, uploads

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "youtube-data-api"
PLAYLIST = "PLteaconf2031recordings"
ASKED = "https://www.googleapis.com/youtube/v3"
FIRST = (
    f"{ASKED}/playlistItems?part=snippet,contentDetails,status&playlistId={PLAYLIST}&maxResults=50"
)
FACTS = f"{ASKED}/videos?part=snippet,contentDetails,status,liveStreamingDetails&id="
TEA = video(
    title="Brewing Tea",
    duration=timedelta(minutes=24, seconds=26),
    platform_date=datetime(2031, 5, 20, 9, 30, tzinfo=UTC),
)


def listing(bodies: dict[str, bytes | None]) -> Listing:
    return Api(FakeFetch(bodies), key="k").listing(PLAYLIST)


def test_api_joins_rows_with_what_is_known_of_the_videos() -> None:
    bodies: dict[str, bytes | None] = {
        FIRST: items(row("tea00000001")),
        f"{FACTS}tea00000001": facts(fact("tea00000001")),
    }
    assert listing(bodies) == Listing(videos=(TEA,))


def test_api_keeps_hidden_rows_and_asks_nothing_about_them() -> None:
    hidden = items(
        row("tea00000001", "Private video", privacy="private"),
        row("tea00000002", "Deleted video", privacy="privacyStatusUnspecified"),
        row("tea00000003", privacy="private"),
    )
    assert listing({FIRST: hidden}) == Listing(
        videos=(
            video(title=None, access=Access.PRIVATE),
            video("tea00000002", None, access=Access.DELETED),
            video("tea00000003", None, access=Access.PRIVATE),
        )
    )


def test_api_takes_a_video_that_only_its_playlist_knows_for_private() -> None:
    bodies: dict[str, bytes | None] = {
        FIRST: items(row("tea00000002"), row("tea00000001")),
        f"{FACTS}tea00000002,tea00000001": facts(fact("tea00000001")),
    }
    assert listing(bodies).videos == (video("tea00000002", None, access=Access.PRIVATE), TEA)


def test_api_takes_silence_about_all_videos_for_unknown() -> None:
    bodies: dict[str, bytes | None] = {
        FIRST: items(row("tea00000002"), row("tea00000001")),
        f"{FACTS}tea00000002,tea00000001": facts(),
    }
    with pytest.raises(SourceError, match="it knows none of 2 videos that the playlist shows"):
        listing(bodies)


def test_api_lists_a_video_that_stands_twice_once() -> None:
    bodies: dict[str, bytes | None] = {
        FIRST: items(row("tea00000001"), following="p2"),
        f"{FIRST}&pageToken=p2": items(row("tea00000001"), row("tea00000001")),
        f"{FACTS}tea00000001": facts(fact("tea00000001")),
    }
    assert listing(bodies).videos == (TEA,)


def test_api_takes_an_empty_playlist_for_empty() -> None:
    assert listing({FIRST: items()}) == Listing()


def test_api_names_rows_that_cannot_be_read() -> None:
    bodies: dict[str, bytes | None] = {
        FIRST: items(row("tea"), row("tea00000001"), 7),
        f"{FACTS}tea00000001": facts(fact("tea00000001"), fact("")),
    }
    assert listing(bodies) == Listing(
        videos=(TEA,),
        skipped=(
            f"row 1 of {FIRST}: it has no usable videoId",
            f"row 3 of {FIRST}: it has no usable videoId",
            f"video 2 of {FACTS}tea00000001: it has no usable id",
        ),
    )


def test_api_takes_a_list_of_unreadable_rows_for_unknown() -> None:
    with pytest.raises(SourceError, match="no row can be used"):
        listing({FIRST: items(row("tea"))})


def test_api_fails_where_one_page_fails() -> None:
    with pytest.raises(FetchError):
        listing({FIRST: items(row("tea00000001"), following="p2")})


@pytest.mark.parametrize("again", ["p2", "p3"])
def test_api_leaves_a_list_whose_pages_repeat(again: str) -> None:
    bodies: dict[str, bytes | None] = {
        FIRST: items(row("tea00000001"), following="p2"),
        f"{FIRST}&pageToken=p2": items(row("tea00000001"), following=again),
    }
    with pytest.raises(SourceError, match="its pages lead in a circle"):
        listing(bodies)


def test_api_leaves_a_list_without_end() -> None:
    api = FakeApi(PLAYLIST, 50 * MAX_PAGES + 1)
    with pytest.raises(SourceError, match="it has more than 400 pages"):
        Api(api, key="k").listing(PLAYLIST)
    assert api.count("playlistItems") == MAX_PAGES


def test_api_stops_after_the_page_with_a_known_key() -> None:
    api = FakeApi(PLAYLIST, 120)
    stopped = Api(api, key="k").listing(PLAYLIST, stop_at=frozenset(("youtube:tea00000007",)))
    assert (len(stopped.videos), stopped.completeness) == (50, Completeness.WINDOW)


def test_api_that_stops_at_the_last_page_saw_the_whole_list() -> None:
    api = FakeApi(PLAYLIST, 50)
    seen = Api(api, key="k").listing(PLAYLIST, stop_at=frozenset(("youtube:tea00000007",)))
    assert seen.completeness is Completeness.COMPLETE


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "k" * 201, "schlüssel"])
def test_api_refuses_an_odd_key_without_showing_it(key: str) -> None:
    with pytest.raises(SourceError) as caught:
        Api(FakeFetch({}), key=key)
    assert str(caught.value) == (
        "the secret YOUTUBE_API_KEY holds signs that no key has, or is too long; copy it again "
        "from console.cloud.google.com, APIs & Services, Credentials"
    )


class Refusing:
    """A network in which every answer is an error."""

    def __init__(self, status: int | None) -> None:
        self.status = status

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:  # noqa: ARG002  # the seam's signature
        when = datetime(2031, 5, 21, tzinfo=UTC)
        raise FetchError("no line", status=self.status, retry_after=when)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "it does not take the key; copy YOUTUBE_API_KEY again"),
        (403, "the key's daily quota is used up (it is renewed at midnight in Los Angeles;"),
        (404, "it knows no such playlist; check in a browser"),
        (429, "it asks for patience"),
        (500, "the server has trouble"),
    ],
)
def test_api_says_what_to_do_about_an_error(status: int, advice: str) -> None:
    with pytest.raises(FetchError) as caught:
        Api(Refusing(status), key="an-invented-key").listing(PLAYLIST)
    error = caught.value
    start = f"YouTube's Data API answers {status} at {FIRST}: {advice}"
    assert error.message.startswith(start)
    assert (error.status, error.retry_after) == (status, datetime(2031, 5, 21, tzinfo=UTC))
    assert "an-invented-key" not in error.message


def test_api_passes_on_that_there_is_no_line() -> None:
    with pytest.raises(FetchError, match=r"\Ano line\Z"):
        Api(Refusing(None), key="k").listing(PLAYLIST)


def test_parse_items_leaves_the_day_of_joining_the_list_alone() -> None:
    assert parse_items(items(row("tea00000001"))) == Page(videos=(video(title=None),))


def test_parse_items_takes_a_published_video_of_that_title_for_public() -> None:
    named = row("tea00000001", "Deleted video")
    named["contentDetails"]["videoPublishedAt"] = "2031-05-20T09:30:00Z"
    assert parse_items(items(named)).videos == (video(title=None),)


def test_parse_items_reads_the_next_page() -> None:
    assert parse_items(items(row("tea00000001"), following="EAAaB1BU")).next == "EAAaB1BU"


def one(**more: Any) -> Video:
    (found,) = parse_videos(facts(fact("tea00000001", **more))).videos
    return found


def test_parse_videos_reads_all_that_is_told() -> None:
    assert one(
        snippet={
            "publishedAt": "2031-05-20T09:30:00.000Z",
            "title": " Brewing\u200b Tea ",
            "description": "https://example.org/talk\n0:00 Intro\n1:00 Tea\n2:00 End",
            "channelTitle": "TeaConf",
            "defaultLanguage": "en",
            "defaultAudioLanguage": "de-CH",
            "thumbnails": {
                "default": {"url": "https://i.example.org/small.jpg"},
                "standard": {"url": "https://i.example.org/large.jpg"},
            },
        }
    ) == video(
        title="Brewing Tea",
        duration=timedelta(minutes=24, seconds=26),
        language="de-CH",
        channel="TeaConf",
        platform_date=datetime(2031, 5, 20, 9, 30, tzinfo=UTC),
        thumbnail="https://i.example.org/large.jpg",
        anchors=("https://example.org/talk",),
        cues=(
            Cue(start=timedelta(0), label="Intro"),
            Cue(start=timedelta(minutes=1), label="Tea"),
            Cue(start=timedelta(minutes=2), label="End"),
        ),
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"snippet": {"publishedAt": "soon", "defaultAudioLanguage": "zxx", "thumbnails": []}},
        {"contentDetails": {"duration": "long"}, "snippet": None},
        {"contentDetails": {"duration": "P0D"}, "snippet": {"title": 7}},
        {"contentDetails": 7, "snippet": {"thumbnails": {"high": {"url": "data:x"}}}},
    ],
)
def test_parse_videos_keeps_a_video_with_odd_details(odd: dict[str, Any]) -> None:
    found = one(**{"contentDetails": {}, **odd})
    assert found == video(title=None)


def live(content: str, **details: str) -> dict[str, Any]:
    return {"snippet": {"liveBroadcastContent": content}, "liveStreamingDetails": details}


@pytest.mark.parametrize(
    ("more", "access"),
    [
        ({"status": {"privacyStatus": "unlisted"}}, Access.UNLISTED),
        ({"status": {"privacyStatus": "private"}}, Access.PRIVATE),
        ({"status": {"privacyStatus": "public", "uploadStatus": "rejected"}}, Access.DELETED),
        (live("upcoming", scheduledStartTime="2031-06-01T09:00:00Z"), Access.UPCOMING),
        (live("live", actualStartTime="2031-05-20T09:00:00Z"), Access.LIVE),
        (live("none", scheduledStartTime="2031-05-01T09:00:00Z"), Access.UPCOMING),
        (
            live(
                "none",
                scheduledStartTime="2031-05-20T09:00:00Z",
                actualStartTime="2031-05-20T09:01:00Z",
                actualEndTime="2031-05-20T10:00:00Z",
            ),
            Access.PUBLIC,
        ),
        ({}, Access.PUBLIC),
    ],
)
def test_parse_videos_tells_who_can_watch(more: dict[str, Any], access: Access) -> None:
    assert one(**more).access is access


def test_parse_uploads_reads_the_playlist_of_a_channel() -> None:
    assert parse_uploads(uploads("UUteateateateateateateat")) == "UUteateateateateateateat"


@pytest.mark.parametrize("body", [answer("channelListResponse"), uploads("")])
def test_parse_uploads_says_that_there_is_no_such_channel(body: bytes) -> None:
    with pytest.raises(SourceError, match="it knows no such channel; check the address"):
        parse_uploads(body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is not JSON"),
        (b"<!DOCTYPE html>", "it is not JSON"),
        (b"\xff\xfe", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (items(row("tea00000001"))[:-9], "it is not JSON"),
        (b"[]", "it is JSON of another kind"),
        (b"{}", "it is no playlistItemListResponse (it does not say what it is)"),
        (facts(), "it is no playlistItemListResponse (youtube#videoListResponse)"),
        (
            json.dumps({"error": {"code": 400, "message": "Bad Request"}}).encode(),
            "it is no playlistItemListResponse (Bad Request)",
        ),
        (answer("playlistItemListResponse"), "its `items` are no list"),
        (answer("playlistItemListResponse", items=[], nextPageToken=7), "its nextPageToken is odd"),
        (items(following="a&b"), "its nextPageToken is odd (a&b)"),
    ],
)
def test_parse_items_takes_what_is_no_page_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_items(body, where="https://api.example.org/")
    assert caught.value.message.startswith(f"https://api.example.org/ cannot be read: {why}")


def real(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path.read_bytes()


def test_parse_items_reads_the_real_pages_of_a_playlist() -> None:
    pages = [parse_items(real(f"playlist_items_paged_{number}.json")) for number in (1, 2)]
    assert [(len(page.videos), page.next is None, page.skipped) for page in pages] == [
        (10, False, ()),
        (3, True, ()),
    ]
    assert pages[1].videos[0] == video("6aSG8SdvkoU", None)


def test_parse_items_finds_the_private_ones_of_a_real_page() -> None:
    page = parse_items(real("playlistItems_private_PLBCF2DAC6FFB574DE_slice.json"))
    found = [row.access for row in page.videos]
    assert (found.count(Access.PUBLIC), found.count(Access.PRIVATE)) == (4, 3)


def test_parse_videos_reads_a_real_answer() -> None:
    page = parse_videos(real("videos_info_multi.json"))
    assert [(one.key, one.platform_date, one.language) for one in page.videos] == [
        ("youtube:D-lhorsDlUQ", datetime(2019, 3, 21, 20, 37, 49, tzinfo=UTC), "en"),
        ("youtube:ovdbrdCIP7U", datetime(2019, 9, 11, 23, 0, 5, tzinfo=UTC), "en"),
    ]


@pytest.mark.parametrize("name", ["error_response.json", "error_permission_resp.json"])
def test_parse_items_takes_a_real_error_for_unknown(name: str) -> None:
    with pytest.raises(SourceError, match="it is no playlistItemListResponse"):
        parse_items(real(name))
