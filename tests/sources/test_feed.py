from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, FetchError, SourceError
from pipeline.model import Completeness, Cue, Known, Listing, Video
from pipeline.sources import _syndication
from pipeline.sources._syndication import parse_feed
from pipeline.sources.feed import FeedSource
from tests.builders import no_secret, video, watch
from tests.sources.case import Case
from tests.sources.fakes import FakeFetch

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures"
FEED = "https://media.example.org/feeds/tea.xml"
DATE = datetime(2031, 5, 20, 9, 30, tzinfo=UTC)
ITEM = """<item><title>Brewing Tea</title><link>https://media.example.org/talks/1</link>
<guid isPermaLink="false">tea-guid-1</guid><pubDate>Tue, 20 May 2031 11:30:00 +0200</pubDate>
<enclosure url="https://cdn.example.org/1.mp4" type="video/mp4" length="9"/>
<itunes:duration>24:26</itunes:duration><itunes:image href="https://i.example.org/1.jpg"/>
<description>&lt;a href="https://slides.example.org/1"&gt;Slides&lt;/a&gt;&lt;p&gt;0:00 Intro
&lt;br&gt;1:00 Tea&lt;br&gt;2:00 End&lt;/p&gt;</description></item>"""
ENTRY = """<entry><title type="html">Brewing &amp;amp; &lt;b&gt;Tea&lt;/b&gt;</title>
<id>urn:tea:1</id><link href="../talks/1"/><published>2031-05-20T09:30:00Z</published>
<updated>2031-06-01T00:00:00Z</updated></entry>"""
TEA = Video(
    key="url:https://media.example.org/talks/1",
    url="https://media.example.org/talks/1",
    title="Brewing Tea",
    duration=timedelta(minutes=24, seconds=26),
    language="en-us",
    channel="TeaConf",
    platform_date=DATE,
    thumbnail="https://i.example.org/1.jpg",
    anchors=("tea-guid-1", "https://slides.example.org/1"),
    cues=(
        Cue(start=timedelta(0), label="Intro"),
        Cue(start=timedelta(minutes=1), label="Tea"),
        Cue(start=timedelta(minutes=2), label="End"),
    ),
)


def rss(*items: str, head: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:history="http://purl.org/syndication/history/1.0">'
        f"<channel><title>TeaConf</title><language>en-us</language>{head}{''.join(items)}"
        "</channel></rss>"
    ).encode()


def item(number: int, more: str = "") -> str:
    link = f"https://www.youtube.com/watch?v=tea{number:08}"
    return f"<item><link>{link}</link>{more}</item>"


def plain(number: int) -> Video:
    return video(f"tea{number:08}", None, language="en-us", channel="TeaConf")


def atom(*entries: str) -> bytes:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><title>TeaConf</title>'
    return f"{feed}{''.join(entries)}</feed>".encode()


def json_feed(*items: object, **more: Any) -> bytes:
    head = {"version": "https://jsonfeed.org/version/1.1", "title": "TeaConf", "language": "en"}
    return json.dumps({**head, "items": items, **more}).encode()


def entry(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": f"tea-{number}",
        "url": f"https://media.example.org/talks/{number}",
        "title": "Brewing Tea",
        "date_published": "2031-05-20T11:30:00+02:00",
        "content_html": '<a href="https://slides.example.org/1">Slides</a>',
        "image": "https://i.example.org/1.jpg",
        "attachments": [{"url": "/1.mp4", "mime_type": "video/mp4", "duration_in_seconds": 1466}],
        **more,
    }


CASES = {
    "feed-rss": Case("feed", {"url": FEED}, FEED, rss(ITEM, item(1), item(1), item(2))),
    "feed-atom": Case("feed", {"url": FEED}, FEED, atom(ENTRY, ENTRY.replace("/1", "/2"))),
    "feed-json": Case("feed", {"url": FEED}, FEED, json_feed(entry(1), entry(2))),
}


def source(**options: str) -> FeedSource:
    return FeedSource(watch(kind="feed", options=options), folder=Path(), secret=no_secret)


def look(**pages: bytes) -> Listing:
    addresses = {f"{FEED}{name.removeprefix('first')}": body for name, body in pages.items()}
    return source(url=FEED).videos(FakeFetch(dict(addresses)), Known())


def only(body: bytes) -> Video:
    (one,) = parse_feed(body, where=FEED).videos
    return one


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "`url` is missing; paste the feed's address"),
        (
            {"url": "tea.xml"},
            "url: 'tea.xml' is no web address; paste it from the browser, with https:// in front",
        ),
    ],
)
def test_source_refuses_wrong_options(options: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        source(**options)
    assert str(caught.value) == f"watch list 'list': {message}"


def test_source_takes_a_feed_for_the_newest_few() -> None:
    assert look(first=rss(ITEM, item(1))) == Listing(
        videos=(TEA, plain(1)), completeness=Completeness.WINDOW, window=2
    )


def test_source_reads_the_pages_that_follow() -> None:
    following = f'<atom:link rel="next" href="{FEED}?2"/>'
    pages: dict[str, bytes | None] = {
        FEED: rss(item(1), head=following),
        f"{FEED}?2": rss(item(2)),
    }
    fetch = FakeFetch(pages)
    assert source(url=FEED).videos(fetch, Known()) == Listing(
        videos=(plain(1), plain(2)), completeness=Completeness.WINDOW
    )
    assert fetch.asked == [(FEED, {}), (f"{FEED}?2", {"Cache-Control": "no-cache"})]


def test_source_stops_at_the_first_known_page() -> None:
    fetch = FakeFetch({FEED: rss(item(1), head='<atom:link rel="next" href="?2"/>')})
    known = Known(keys=frozenset((plain(1).key,)), whole=False)
    assert source(url=FEED).videos(fetch, known) == Listing(
        videos=(plain(1),), completeness=Completeness.WINDOW
    )


def test_source_fails_when_a_page_fails() -> None:
    with pytest.raises(FetchError, match="404"):
        look(first=rss(item(1), head='<atom:link rel="next" href="?2"/>'))


def test_source_does_not_follow_to_another_server() -> None:
    head = '<atom:link rel="next" href="https://other.example.org/tea.xml"/>'
    assert look(first=rss(item(1), head=head)).videos == (plain(1),)


def test_source_takes_a_feed_at_its_word_that_it_is_complete() -> None:
    assert look(first=rss(item(1), head="<history:complete/>")) == Listing(videos=(plain(1),))


def test_source_does_not_believe_a_damaged_feed_that_it_is_complete() -> None:
    damaged = rss(item(1), item(2).replace("</link>", ""), head="<history:complete/>")
    assert look(first=damaged).completeness is Completeness.WINDOW


def test_parse_feed_reads_atom() -> None:
    assert only(atom(ENTRY)) == Video(
        key=TEA.key,
        url=TEA.url,
        title="Brewing & Tea",
        channel="TeaConf",
        platform_date=DATE,
        anchors=("urn:tea:1",),
    )


def test_parse_feed_reads_rdf() -> None:
    body = b"""<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>TeaConf</title></channel>
    <item><title>Brewing Tea</title><link>https://media.example.org/talks/1</link>
    <dc:date>2031-05-20T11:30:00+02:00</dc:date></item></rdf:RDF>"""
    assert only(body) == Video(
        key=TEA.key, url=TEA.url, title="Brewing Tea", channel="TeaConf", platform_date=DATE
    )


def test_parse_feed_reads_json_feed() -> None:
    assert only(json_feed(entry())) == Video(
        key=TEA.key,
        url=TEA.url,
        title="Brewing Tea",
        duration=TEA.duration,
        language="en",
        channel="TeaConf",
        platform_date=DATE,
        thumbnail=TEA.thumbnail,
        anchors=("tea-1", "https://slides.example.org/1"),
    )


def test_parse_feed_follows_json_feed_to_its_next_page() -> None:
    page = parse_feed(json_feed(entry(), next_url="?2"), where=FEED)
    assert page.following == "?2"


@pytest.mark.parametrize(
    "more",
    [
        '<enclosure url="https://youtu.be/tea00000001"/>',
        '<media:content url="https://www.youtube.com/v/tea00000001?version=3"/>',
        '<media:player url="https://www.youtube.com/embed/tea00000001"/>',
    ],
)
def test_entry_is_the_platforms_video_where_it_names_one(more: str) -> None:
    found = only(rss(f"<item><link>https://media.example.org/talks/1</link>{more}</item>"))
    link = "https://media.example.org/talks/1"
    assert (found.key, found.url, found.anchors) == (plain(1).key, plain(1).url, (link,))


def test_entry_of_an_enclosure_alone_is_that_file() -> None:
    found = only(rss('<item><enclosure url="https://cdn.example.org/1.mp4"/></item>'))
    assert found.key == "url:https://cdn.example.org/1.mp4"


def test_entry_without_link_and_enclosure_is_skipped_and_named() -> None:
    page = parse_feed(rss("<item><title>Tea</title></item>", item(1)), where=FEED)
    assert (page.videos, page.skipped) == (
        (plain(1),),
        ("entry 1: it has neither a link nor an enclosure",),
    )


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://[::1", "mailto:a@example.org"])
def test_entry_with_a_link_to_no_page_is_skipped(link: str) -> None:
    page = parse_feed(rss(f"<item><link>{link}</link></item>", item(1)), where=FEED)
    assert (page.videos, len(page.skipped)) == ((plain(1),), 1)


@pytest.mark.parametrize(
    ("more", "duration"),
    [
        ("<itunes:duration>1:02:03</itunes:duration>", timedelta(hours=1, minutes=2, seconds=3)),
        ("<itunes:duration>166</itunes:duration>", timedelta(seconds=166)),
        ("<itunes:duration>soon</itunes:duration>", None),
        (
            '<media:content url="https://cdn.example.org/1.mp4" duration="166"/>',
            timedelta(seconds=166),
        ),
    ],
)
def test_entry_tells_its_length(more: str, duration: timedelta | None) -> None:
    assert only(rss(item(1, more))).duration == duration


@pytest.mark.parametrize("date", ["soon", "Tue, 99 May 2031 11:30:00 +0200", ""])
def test_entry_with_a_broken_date_stays(date: str) -> None:
    assert only(rss(item(1, f"<pubDate>{date}</pubDate>"))) == plain(1)


def test_entry_of_atom_is_not_dated_by_its_update() -> None:
    body = atom(ENTRY.replace("<published>2031-05-20T09:30:00Z</published>", ""))
    assert only(body).platform_date is None


def test_title_keeps_what_only_looks_like_markup() -> None:
    body = rss(item(1, "<title>A &lt; B, std::vector&lt;T&gt; &amp;amp; C</title>"))
    assert only(body).title == "A < B, std::vector<T> &amp; C"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16", "utf-8-sig"])
def test_parse_feed_reads_what_is_written_in(encoding: str) -> None:
    document = rss(item(1, "<title>Café</title>")).decode()
    body = document.replace('"utf-8"', f'"{encoding}"').encode(encoding)
    assert only(body).title == "Café"


def test_parse_feed_reads_a_feed_that_names_the_wrong_encoding() -> None:
    assert only(rss(item(1, "<title>Caf\xe9</title>")).decode().encode("latin-1")).title == "Café"


def test_parse_feed_reads_a_feed_that_names_an_encoding_nobody_has() -> None:
    body = rss(item(1, "<title>Tea</title>")).replace(b'"utf-8"', b'"iso-8859-99"')
    assert only(body).title == "Tea"


def test_parse_feed_reads_a_damaged_feed() -> None:
    body = rss(item(1, "<title>Tea & Cups &nbsp;</title>"), item(2))
    assert [one.key for one in parse_feed(body, where=FEED).videos] == [plain(1).key, plain(2).key]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf \n", "it is empty"),
        (b"\0", "it is no text"),
        (b"<!DOCTYPE html><html>404</html>", "it is no feed, or it was cut off"),
        (rss(ITEM)[:-20], "it is no feed, or it was cut off"),
        (rss(), "it has no entries"),
        (b"<html></rss></html>", "it is no feed that is known"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + rss(ITEM), "it declares entities of its own"),
        (
            ('<!DOCTYPE a [<!ENTITY b "c">]>' + rss(ITEM).decode()).encode("utf-16"),
            "it declares entities of its own",
        ),
        (b'{"version": "1"}', "it is JSON, but no JSON Feed"),
        (json_feed(), "it has no entries"),
        (json_feed(items={}), "it has no list of 'items'"),
        (json_feed(entry())[:-9], "it is not JSON"),
    ],
)
def test_parse_feed_takes_what_is_no_feed_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_feed(body, where=FEED)


def test_parse_feed_refuses_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_syndication, "SIZE_BYTES", 10)
    with pytest.raises(SourceError, match="it is larger than 10 bytes"):
        parse_feed(rss(ITEM), where=FEED)


@pytest.mark.parametrize(
    ("name", "count", "skipped", "first"),
    [
        ("generic-feeds/DaringFireball.atom", 47, 0, "https://daringfireball.net/"),
        ("generic-feeds/DaringFireball.rss", 46, 0, "http://recode.net/"),
        ("generic-feeds/bio.rdf", 30, 0, "http://biorxiv.org/"),
        ("generic-feeds/phpxml.rss", 20, 0, "https://www.fcutrecht.net/"),
        ("generic-feeds/qemu.atom", 10, 0, "https://media.example.org/2025/08/26/"),
        ("generic-feeds/shopify-namespace.rss", 1, 0, "https://example.com/products/1"),
        ("media-rss/atom_mediarss_reddit_1.xml", 25, 0, "https://ud.reddit.com/"),
        ("media-rss/atom_mediarss_youtube_1.xml", 1, 0, "https://www.youtube.com/watch?v="),
        ("podcast-rss/SOM.xml", 2, 0, "https://soundcloud.com/"),
        ("podcast-rss/pc20_example.xml", 3, 0, "https://example.com/podcast/ep0003"),
        ("json-feed/DaringFireball.json", 48, 0, "https://daringfireball.net/"),
        ("json-feed/invalid.json", 1, 7, "https://media.example.org/feeds/control"),
        ("json-feed/jsonfeed_spec_1.json", 1, 0, "https://jsonfeed.org/"),
        ("youtube-atom/channel_2017.xml", 15, 0, "https://www.youtube.com/watch?v=lR-w1h5ONOY"),
        ("youtube-atom/channel_google_2015.xml", 15, 0, "https://www.youtube.com/watch?v="),
    ],
)
def test_parse_feed_reads_real_feeds(name: str, count: int, skipped: int, first: str) -> None:
    page = parse_feed(real(name), where=FEED)
    assert (len(page.videos), len(page.skipped)) == (count, skipped)
    assert page.videos[0].url.startswith(first)


def test_parse_feed_reads_voctowebs_podcast() -> None:
    first, second = parse_feed(
        real("media-ccc-de/podcast_by_voctoweb_generator.rss"), where=FEED
    ).videos
    assert [first.key, second.key] == [
        "ccc:36c3-10565-what_s_left_for_private_messaging",
        second.key,
    ]
    # The conference's own id of the talk, which its programme has too.
    assert "b854982f-d696-40be-a2d2-15dc64a1f421" in first.anchors
    assert first.duration == timedelta(hours=1, seconds=3)


@pytest.mark.parametrize("name", ["podcast-rss/empty.xml", "websub/youtube_deleted_entry.xml"])
def test_parse_feed_takes_real_feeds_without_entries_for_unknown(name: str) -> None:
    with pytest.raises(SourceError, match="it has no entries"):
        parse_feed(real(name), where=FEED)


def real(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path.read_bytes()
