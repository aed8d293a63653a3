from __future__ import annotations

from xml.etree import ElementTree

from pipeline.model import Collection, Speaker
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


def test_rss_names_every_speaker_as_creator() -> None:
    speakers = (Speaker(name="Ada Example"), Speaker(name="Bo Sample"))
    made = channel(collection(published(entry(1, sequence=1, speakers=speakers))))

    assert [one.text for one in made.iter("{http://purl.org/dc/elements/1.1/}creator")] == [
        "Ada Example",
        "Bo Sample",
    ]


def test_rss_plain_text_has_hexadecimal_references_as_the_profile_wants() -> None:
    made = only("rss", collection(published(entry(1, sequence=1, title="<b> & <i>"))))

    assert "<title>&#x3C;b&gt; &#x26; &#x3C;i&gt;</title>" in made


def test_rss_description_is_the_whole_content() -> None:
    found = channel(collection(published(entry(1, sequence=1)))).findtext("item/description")

    assert (found or "").splitlines()[0] == "<p>What talk 1 is about.</p>"
