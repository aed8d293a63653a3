from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from pipeline.model import FeedLink
from pipeline.selection import feeds_collection
from tests.builders import SITE
from tests.outputs.samples import HOSTILE, files

LINKS = (
    FeedLink(kind="all", title="Recaps", path=""),
    FeedLink(kind="series", title="tea", path="series/tea/"),
    FeedLink(kind="track", title="Tea: Green", path="tea/tracks/green/", home="tea/"),
)


def outlines(links: tuple[FeedLink, ...]) -> list[dict[str, str]]:
    (body,) = files("opml", feeds_collection(links, SITE)).values()
    root = ElementTree.fromstring(body)  # noqa: S314 - our own bytes
    return [one.attrib for one in root.iter("outline")]


def test_opml_lists_every_feed_with_its_page() -> None:
    url = "https://recaps.example.org/"
    titles = ("Recaps", "tea", "Tea: Green")
    feeds = ("atom.xml", "series/tea/atom.xml", "tea/tracks/green/atom.xml")
    assert outlines(LINKS) == [
        {
            "type": "rss",
            "text": title,
            "title": title,
            "xmlUrl": f"{url}{feed}",
            "htmlUrl": f"{url}{home}",
        }
        for title, feed, home in zip(titles, feeds, ("", "", "tea/"), strict=True)
    ]


def test_opml_says_whose_feeds_it_lists_and_not_when() -> None:
    (body,) = files("opml", feeds_collection((), replace(SITE, title="Tea & Cups"))).values()
    assert body.decode() == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<opml version="2.0">\n'
        "  <head>\n    <title>Tea &amp; Cups</title>\n  </head>\n"
        "  <body />\n"
        "</opml>\n"
    )


def test_opml_titles_survive_every_hostile_character_once() -> None:
    links = tuple(FeedLink(kind="event", title=text, path="x/") for text in HOSTILE)
    assert [one["text"] for one in outlines(links)] == list(HOSTILE)
