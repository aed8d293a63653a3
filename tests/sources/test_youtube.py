from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, FetchError, SourceError
from pipeline.model import Completeness, Cue, Known, Listing, Video
from pipeline.sources.youtube import (
    YouTubeSource,
    parse_address,
    parse_channel_id,
    parse_feed,
)
from pipeline.sources.yt_dlp import Extract
from tests.builders import video, watch
from tests.sources.case import Case
from tests.sources.fakes import FakeFetch
from tests.sources.youtube_api import FakeApi, fact, facts, items, row

Find = Callable[[], Extract | None]
SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures"
CHANNEL = "UCteateateateateateateat"
PLAYLIST = "PLteaconf2031recordings"
FEED = f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"
ENTRY = """
 <entry>
  <id>yt:video:tea00000001</id>
  <yt:videoId>tea00000001</yt:videoId>
  <title>Brewing Tea</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=tea00000001"/>
  <author><name>TeaConf</name></author>
  <published>2031-05-20T09:30:00+00:00</published>
  <media:group>
   <media:thumbnail url="https://i.example.org/1.jpg" width="480" height="360"/>
   <media:description>https://example.org/talk &lt;!DOCTYPE&gt;
0:00 Intro
1:00 Tea
2:00 End</media:description>
  </media:group>
 </entry>"""
TEA = video(
    title="Brewing Tea",
    channel="TeaConf",
    platform_date=datetime(2031, 5, 20, 9, 30, tzinfo=UTC),
    thumbnail="https://i.example.org/1.jpg",
    anchors=("https://example.org/talk",),
    cues=(
        Cue(start=timedelta(0), label="Intro"),
        Cue(start=timedelta(minutes=1), label="Tea"),
        Cue(start=timedelta(minutes=2), label="End"),
    ),
)


def feed(*entries: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
        f"<title>TeaConf</title>{''.join(entries)}</feed>"
    ).encode()


def window(*videos: Video, skipped: tuple[str, ...] = ()) -> Listing:
    return Listing(videos=videos, completeness=Completeness.WINDOW, window=15, skipped=skipped)


ASKED = "https://www.googleapis.com/youtube/v3"
ITEMS = (
    f"{ASKED}/playlistItems?part=snippet,contentDetails,status&playlistId={PLAYLIST}&maxResults=50"
)
CASES = {
    "youtube": Case("youtube", {"url": FEED, "way": "feed"}, FEED, feed(ENTRY, ENTRY)),
    "youtube-api": Case(
        "youtube",
        {"url": f"https://www.youtube.com/playlist?list={PLAYLIST}"},
        ITEMS,
        items(row("tea00000001"), row("tea00000002"), row("tea00000003", "Private video")),
        others={
            f"{ASKED}/videos?part=snippet,contentDetails,status,liveStreamingDetails"
            "&id=tea00000001,tea00000002": facts(fact("tea00000001"), fact("tea00000002"))
        },
        secrets={"YOUTUBE_API_KEY": "an-invented-key"},
        conditional=False,
    ),
}


def source(*, key: str | None = None, find: Find = lambda: None, **options: str) -> YouTubeSource:
    return YouTubeSource(
        watch(kind="youtube", options=options), folder=Path(), secret=lambda _: key, find=find
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"https://www.youtube.com/playlist?list={PLAYLIST}", ("playlist_id", PLAYLIST)),
        (
            f"https://www.youtube.com/watch?v=tea00000001&list={PLAYLIST}&index=2",
            ("playlist_id", PLAYLIST),
        ),
        (f"youtube.com/playlist?list={PLAYLIST}", ("playlist_id", PLAYLIST)),
        (f"https://m.youtube.com/channel/{CHANNEL}/videos", ("channel_id", CHANNEL)),
        ("https://www.youtube.com/user/TeaConf", ("user", "TeaConf")),
        ("https://www.youtube.com/@TeaConf/videos", ("page", "@TeaConf")),
        ("https://www.youtube.com/c/TeaConf", ("page", "c/TeaConf")),
        (FEED, ("channel_id", CHANNEL)),
        (
            f"https://www.youtube.com/feeds/videos.xml?playlist_id={PLAYLIST}",
            ("playlist_id", PLAYLIST),
        ),
        ("https://www.youtube.com/feeds/videos.xml?user=TeaConf", ("user", "TeaConf")),
    ],
)
def test_parse_address_reads_what_is_pasted(url: str, expected: tuple[str, str]) -> None:
    assert parse_address(url) == expected


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://vimeo.com/1", "is no address of YouTube"),
        ("https://[::1", "is no web address"),
        ("https://www.youtube.com/watch?v=tea00000001", "is one video, not a list"),
        ("https://www.youtube.com/shorts/tea00000001", "is one video, not a list"),
        ("https://www.youtube.com/playlist?list=WL", "is made for one viewer or is cut off"),
        ("https://www.youtube.com/watch?v=a&list=RDtea00000001", "is made for one viewer"),
        ("https://www.youtube.com/channel/UCshort", "names no playlist or channel"),
        ("https://www.youtube.com/", "names no playlist or channel"),
        ("https://www.youtube.com/@", "names no playlist or channel"),
        ("https://www.youtube.com/feeds/videos.xml", "names no playlist or channel"),
    ],
)
def test_parse_address_says_what_to_paste_instead(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_address(url)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "`url` is missing; paste the playlist's or channel's address"),
        ({"url": FEED, "way": "yt_dlp"}, "way: 'yt_dlp' is not known; did you mean 'yt-dlp'?"),
        (
            {"url": FEED, "way": "?"},
            "way: '?' is not known; write one of auto, api, yt-dlp, feed",
        ),
        (
            {"url": FEED, "way": "yt-dlp", "base": "http://127.0.0.1:8080"},
            "way: yt-dlp asks YouTube itself; leave `base` out",
        ),
        ({"ulr": FEED}, "kind 'youtube' has no option 'ulr'; did you mean 'url'?"),
        (
            {"url": "https://vimeo.com/1"},
            (
                "url: 'https://vimeo.com/1' is no address of YouTube; "
                "paste the playlist's or channel's"
            ),
        ),
        (
            {"url": FEED, "base": "localhost"},
            (
                "base: 'localhost' is no web address; "
                "paste it from the browser, with https:// in front"
            ),
        ),
    ],
)
def test_youtube_source_refuses_wrong_options(options: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        YouTubeSource(watch(kind="youtube", options=options), folder=Path(), secret=lambda _: None)
    assert str(caught.value) == f"watch list 'list': {message}"


def test_youtube_source_reads_the_feed() -> None:
    assert source(url=FEED).videos(FakeFetch({FEED: feed(ENTRY)}), Known()) == window(TEA)


def test_youtube_source_passes_on_that_nothing_changed() -> None:
    listing = source(url=FEED).videos(FakeFetch({FEED: None}), Known())
    assert listing == Listing(completeness=Completeness.WINDOW, window=15, unchanged=True)


def test_youtube_source_looks_at_another_base() -> None:
    base = "http://127.0.0.1:8080"
    fetch = FakeFetch({f"{base}/feeds/videos.xml?playlist_id={PLAYLIST}": feed(ENTRY)})
    looking = source(url=f"{base}/playlist?list={PLAYLIST}", base=f"{base}/")
    assert looking.videos(fetch, Known()) == window(TEA)


def test_youtube_source_finds_the_channel_of_a_handle() -> None:
    page = "https://www.youtube.com/@TeaConf"
    canonical = f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">'
    fetch = FakeFetch({page: canonical.encode(), FEED: feed(ENTRY)})
    assert source(url=page).videos(fetch, Known()) == window(TEA)
    # A page that has "not changed" would come without its text.
    assert fetch.asked == [(page, {"Cache-Control": "no-cache"}), (FEED, {})]


def test_youtube_source_passes_on_that_the_list_is_not_there() -> None:
    with pytest.raises(FetchError, match="404"):
        source(url=FEED).videos(FakeFetch({}), Known())


def test_youtube_source_asks_the_api_where_there_is_a_key() -> None:
    api = FakeApi(PLAYLIST, 2)
    listing = source(key="an-invented-key\n", url=f"youtube.com/playlist?list={PLAYLIST}").videos(
        api, Known()
    )
    assert [one.key for one in listing.videos] == ["youtube:tea00000001", "youtube:tea00000002"]
    assert api.headers == [{"X-goog-api-key": "an-invented-key", "Cache-Control": "no-cache"}] * 2


def test_youtube_source_asks_yt_dlp_where_there_is_no_key() -> None:
    asked: list[str] = []

    def extract(url: str) -> bytes:
        asked.append(url)
        return b'{"entries": [{"ie_key": "Youtube", "id": "tea00000001"}]}'

    listing = source(url=FEED, find=lambda: extract).videos(FakeFetch({}), Known())
    assert listing == Listing(videos=(video(title=None),))
    assert asked == [f"https://www.youtube.com/channel/{CHANNEL}"]


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (
            f"https://www.youtube.com/watch?v=tea00000001&list={PLAYLIST}",
            f"https://www.youtube.com/playlist?list={PLAYLIST}",
        ),
        ("https://m.youtube.com/user/TeaConf/videos", "https://www.youtube.com/user/TeaConf"),
        ("youtube.com/@TeaConf", "https://www.youtube.com/@TeaConf"),
        ("youtube.com/c/TeaConf", "https://www.youtube.com/c/TeaConf"),
    ],
)
def test_youtube_source_names_the_list_to_yt_dlp(url: str, asked: str) -> None:
    def extract(address: str) -> bytes:
        raise SourceError(address)

    with pytest.raises(SourceError) as caught:
        source(url=url, find=lambda: extract).videos(FakeFetch({}), Known())
    assert str(caught.value) == asked


def never(url: str) -> bytes:
    raise AssertionError(url)


def test_youtube_source_reads_the_feed_where_that_is_wanted() -> None:
    looking = source(url=FEED, way="feed", key="an-invented-key", find=lambda: never)
    assert looking.videos(FakeFetch({FEED: feed(ENTRY)}), Known()) == window(TEA)


def test_youtube_source_sends_yt_dlp_to_no_server_that_stands_in() -> None:
    base = "http://127.0.0.1:8080"
    fetch = FakeFetch({f"{base}/feeds/videos.xml?channel_id={CHANNEL}": feed(ENTRY)})
    looking = source(url=FEED, base=base, find=lambda: never)
    assert looking.videos(fetch, Known()) == window(TEA)


@pytest.mark.parametrize(
    ("way", "message"),
    [
        (
            "api",
            (
                f"https://www.youtube.com/channel/{CHANNEL} cannot be read with `way: api`: there "
                "is no key; set YOUTUBE_API_KEY in the environment, or write `way: auto`"
            ),
        ),
        (
            "yt-dlp",
            (
                f"the list https://www.youtube.com/channel/{CHANNEL} cannot be read: yt-dlp is "
                "not installed; install it: pip install 'recap-pipeline[yt-dlp]'"
            ),
        ),
    ],
)
def test_youtube_source_says_what_a_way_lacks(way: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        source(url=FEED, way=way).videos(FakeFetch({FEED: feed(ENTRY)}), Known())
    assert str(caught.value) == message


UPLOADS = "UUteateateateateateateat"


@pytest.mark.parametrize(
    ("url", "by"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}", f"id={CHANNEL}"),
        ("https://www.youtube.com/user/TeaConf", "forUsername=TeaConf"),
        ("https://www.youtube.com/@TeaConf", "forHandle=@TeaConf"),
        ("https://www.youtube.com/c/TeaConf", f"id={CHANNEL}"),
    ],
)
def test_youtube_source_asks_the_api_for_the_uploads_of_a_channel(url: str, by: str) -> None:
    page = f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">'
    api = FakeApi(UPLOADS, 1, pages={"https://www.youtube.com/c/TeaConf": page.encode()})
    assert len(source(url=url, key="k").videos(api, Known()).videos) == 1
    assert f"channels?part=contentDetails&{by}" in api.asked


def test_youtube_source_takes_260_videos_over_6_pages_whole() -> None:
    api = FakeApi(PLAYLIST, 260)
    listing = source(url=f"youtube.com/playlist?list={PLAYLIST}", key="k").videos(api, Known())
    assert [one.key for one in listing.videos] == [f"youtube:tea{n:08}" for n in range(1, 261)]
    assert (listing.completeness, api.count("playlistItems")) == (Completeness.COMPLETE, 6)


KNOWN = Known(keys=frozenset(f"youtube:tea{n:08}" for n in range(60, 261)), whole=False)


def test_youtube_source_stops_at_the_first_known_page_of_a_channel() -> None:
    api = FakeApi(UPLOADS, 260)
    listing = source(url=FEED, key="k").videos(api, KNOWN)
    assert [one.key for one in listing.videos] == [f"youtube:tea{n:08}" for n in range(1, 101)]
    assert (listing.completeness, listing.window) == (Completeness.WINDOW, None)
    assert (api.count("playlistItems"), api.count("videos")) == (2, 2)


@pytest.mark.parametrize(
    ("playlist", "known"),
    [(PLAYLIST, KNOWN), (UPLOADS, Known(keys=KNOWN.keys)), ("UULPteateateateateateateat", KNOWN)],
)
def test_youtube_source_reads_to_the_end_what_is_wanted_whole_or_has_no_order(
    playlist: str, known: Known
) -> None:
    api = FakeApi(playlist, 260)
    listing = source(url=f"youtube.com/playlist?list={playlist}", key="k").videos(api, known)
    assert (len(listing.videos), listing.completeness) == (260, Completeness.COMPLETE)


def test_youtube_source_asks_an_api_that_stands_in() -> None:
    api = FakeApi(PLAYLIST, 1, base="http://127.0.0.1:8080")
    looking = source(
        url=f"youtube.com/playlist?list={PLAYLIST}", key="k", api="http://127.0.0.1:8080/"
    )
    assert len(looking.videos(api, Known()).videos) == 1


FULLER = (
    "to see the whole list set YOUTUBE_API_KEY, or install yt-dlp "
    "(pip install 'recap-pipeline[yt-dlp]'), or give the list a `fallback:`"
)


def dated(*days: int) -> bytes:
    return feed(
        *(
            f"<entry><yt:videoId>tea{day:08}</yt:videoId>"
            f"<published>2031-05-{day:02}T09:30:00+00:00</published></entry>"
            for day in days
        )
    )


def test_youtube_source_says_at_a_first_look_that_a_full_feed_may_hide_more() -> None:
    fetch = FakeFetch({FEED: dated(*range(15, 0, -1))})
    assert source(url=FEED).videos(fetch, Known()).notes == (
        f"the feed shows 15 videos, and the list may have more; {FULLER}",
    )
    known = Known(keys=frozenset(("youtube:tea00000001",)))
    assert source(url=FEED).videos(fetch, known).notes == ()


def test_youtube_source_says_nothing_of_a_feed_that_is_not_full() -> None:
    fetch = FakeFetch({FEED: dated(*range(14, 0, -1))})
    assert source(url=FEED).videos(fetch, Known()).notes == ()


def test_youtube_source_says_each_time_that_a_full_feed_hides_the_newest() -> None:
    fetch = FakeFetch({FEED: dated(*range(1, 16))})
    known = Known(keys=frozenset(("youtube:tea00000001",)))
    assert source(url=FEED).videos(fetch, known).notes == (
        f"the feed shows 15 videos, oldest first: not what is added last; {FULLER}",
    )


def test_parse_feed_is_not_moved_by_statistics() -> None:
    churned = ENTRY.replace(
        "</media:group>",
        '<media:community><media:statistics views="7"/></media:community></media:group>'
        "<updated>2031-06-01T00:00:00+00:00</updated>",
    )
    assert parse_feed(feed(churned)) == parse_feed(feed(ENTRY))


def test_parse_feed_keeps_the_order_of_the_list() -> None:
    assert [one.key for one in parse_feed(dated(3, 9, 1)).videos] == [
        "youtube:tea00000003",
        "youtube:tea00000009",
        "youtube:tea00000001",
    ]


OTHER = "UCotherotherotherother00"


@pytest.mark.parametrize(
    "page",
    [
        f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
        (
            '<link rel="alternate" type="application/rss+xml" title="RSS" href="'
            f'https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}">'
        ),
        f'{{"channelId":"{OTHER}","externalId":"{CHANNEL}"}}',
        f'<meta itemprop="channelId" content="{CHANNEL}">',
        f'<meta itemprop="identifier" content="{CHANNEL}">',
    ],
)
def test_parse_channel_id_finds_the_pages_own_channel(page: str) -> None:
    assert parse_channel_id(b"<html>" + page.encode()) == CHANNEL


@pytest.mark.parametrize("page", [b"", b"Before you continue", f'"channelId":"{OTHER}"'.encode()])
def test_parse_channel_id_says_what_to_paste_instead(page: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        parse_channel_id(page, where="https://www.youtube.com/@TeaConf")
    assert str(caught.value) == (
        "https://www.youtube.com/@TeaConf does not tell the channel's id; open it in a browser, "
        "choose Share channel, Copy channel ID, and watch https://www.youtube.com/channel/UC…"
    )


def test_parse_feed_takes_an_entry_without_title_and_date() -> None:
    bare = "<entry><yt:videoId>tea00000001</yt:videoId></entry>"
    assert parse_feed(feed(bare)) == window(video(title=None))


def test_parse_feed_takes_an_entry_with_a_broken_date_and_image() -> None:
    odd = (
        "<entry><yt:videoId>tea00000001</yt:videoId><published>soon</published>"
        '<media:group><media:thumbnail url="data:x"/></media:group></entry>'
    )
    assert parse_feed(feed(odd)) == window(video(title=None))


@pytest.mark.parametrize("name", ["", "tea", "vimeo:1", "https://youtu.be/tea00000002"])
def test_parse_feed_skips_an_entry_without_an_id(name: str) -> None:
    bad = f"<entry><yt:videoId>{name}</yt:videoId><title>Tea</title></entry>"
    assert parse_feed(feed(bad, ENTRY)) == window(
        TEA, skipped=("entry 1: it has no usable yt:videoId",)
    )


def test_parse_feed_keeps_the_first_of_a_video_that_is_listed_twice() -> None:
    again = ENTRY.replace("Brewing Tea", "Again")
    assert parse_feed(feed(ENTRY, again)) == window(TEA)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"<!doctype html><title>404", "it is a web page"),
        (b"<html><p>Not found</p></html>", "its root is <html>, not an Atom <feed>"),
        (b"<feed/>", "its root is <feed>, not an Atom <feed>"),
        (feed(), "it holds no videos"),
        (feed("<entry/>"), "it holds no videos"),
        (feed(ENTRY)[:-20], "it is broken XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + feed(ENTRY), "it is a web page, or XML with"),
        (feed(ENTRY).decode().encode("utf-16"), "it is not UTF-8"),
        (feed(ENTRY).replace(b"Tea", b"&tea;"), "it is broken XML"),
    ],
)
def test_parse_feed_takes_what_is_no_feed_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_feed(body)


def test_parse_feed_is_not_fooled_by_a_named_encoding() -> None:
    body = feed(ENTRY).replace(b'encoding="UTF-8"', b'encoding="UTF-7"')
    assert parse_feed(body) == window(TEA)


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("channel_2017.xml", 15, "youtube:lR-w1h5ONOY"),
        ("channel_google_2015.xml", 15, "youtube:5shykyfmb28"),
        ("playlist_blender_2026.xml", 4, "youtube:u9lj-c29dxI"),
    ],
)
def test_parse_feed_reads_real_feeds(name: str, count: int, first: str) -> None:
    listing = parse_feed(real(f"youtube-atom/{name}"))
    assert (len(listing.videos), listing.videos[0].key, listing.skipped) == (count, first, ())
    assert all(one.title and one.platform_date and one.channel for one in listing.videos)


def test_parse_feed_reads_a_real_feed_of_ids_alone() -> None:
    assert parse_feed(real("youtube-atom/truncated_FeedKit.xml")) == window(
        video("51QO4pavK3A", None), video("j1HGOY32s2Y", None)
    )


@pytest.mark.parametrize(
    "name",
    [
        "youtube-atom/channel_notavailable_404.html",
        "generic-feeds/qemu.atom",
        "generic-feeds/phpxml.rss",
        "websub/youtube_deleted_entry.xml",
    ],
)
def test_parse_feed_takes_other_real_documents_for_unknown(name: str) -> None:
    with pytest.raises(SourceError):
        parse_feed(real(name))


def real(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path.read_bytes()


def test_parse_feed_is_full_also_with_a_video_twice() -> None:
    entries = [ENTRY.replace("tea00000001", f"tea{number:08}") for number in range(14)]
    twice = parse_feed(feed(*entries, entries[0]))
    assert (len(twice.videos), twice.window) == (14, 14)
    assert parse_feed(feed(*entries)).window == 15
