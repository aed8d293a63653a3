from __future__ import annotations

from xml.etree import ElementTree

from pipeline.model import Collection
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.samples import only


def channel(given: Collection) -> ElementTree.Element:
    found = ElementTree.fromstring(only("rss", given)).find("channel")  # noqa: S314 - our own bytes
    assert found is not None
    return found


def test_rss_channel_says_what_it_is_and_when_it_changed() -> None:
    made = channel(collection(samples.thirteen()))

    assert {
        name: made.findtext(name) for name in ("title", "link", "lastBuildDate", "pubDate")
    } == {
        "title": "TeaConf 2031",
        "link": "https://recaps.example.org/teaconf-2031/",
        "lastBuildDate": "Thu, 22 May 2031 09:30:00 +0000",
        "pubDate": None,
    }


def test_rss_guid_is_the_feed_id_and_no_permalink() -> None:
    guid = channel(collection(published(entry(1, sequence=1)))).find("item/guid")

    assert guid is not None
    assert (guid.text, guid.attrib) == (
        "tag:recaps.example.org,2031:teaconf-2031/talk-1",
        {"isPermaLink": "false"},
    )


def test_rss_links_to_itself() -> None:
    link = channel(collection(samples.thirteen())).find("{http://www.w3.org/2005/Atom}link")

    assert link is not None
    assert link.attrib == {
        "href": "https://recaps.example.org/teaconf-2031/rss.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }
