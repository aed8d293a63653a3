from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from pipeline.model import Entry
from pipeline.outputs._extensions import MEDIA
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.feeds import read_xml, root
from tests.outputs.samples import only

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
PAGE = "https://www.youtube.com/watch?v=vid00000001"

Tree = tuple[str, dict[str, str], list[Any]]


def tree(one: ElementTree.Element) -> Tree:
    """Return an element as (name, attributes, children); `media:` for the namespace."""
    name = one.tag.replace(f"{{{MEDIA}}}", "media:")
    return name, dict(one.attrib), [tree(child) for child in one]


def media(kind: str, given: Entry) -> list[Tree]:
    """Return what Media RSS says of `given` in a feed of its own."""
    item = next(one for one in root(kind, collection(published(given))).iter() if one.tag in ITEMS)
    return [tree(one) for one in item if one.tag.startswith(f"{{{MEDIA}}}")]


ITEMS = (f"{ATOM}entry", "item")


def changed(**more: object) -> Entry:
    made = entry(1, sequence=1)
    return replace(made, recordings=(replace(made.recordings[0], **more),))  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_media_of_a_page_is_a_player(kind: str) -> None:
    assert media(kind, entry(1, sequence=1)) == [
        (
            "media:content",
            {"medium": "video", "duration": "1267"},
            [("media:player", {"url": PAGE}, [])],
        )
    ]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_media_of_a_file_is_its_address_and_type(kind: str) -> None:
    url = "https://files.example.org/tea.mp4"

    assert media(kind, changed(url=url, language="de", duration=None)) == [
        ("media:content", {"url": url, "type": "video/mp4", "medium": "video", "lang": "de"}, [])
    ]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_media_of_several_renditions_is_a_group_with_a_default(kind: str) -> None:
    assert media(kind, samples.many_recordings()) == [
        (
            "media:group",
            {},
            [
                (
                    "media:content",
                    {"medium": "video", "isDefault": "true", "duration": "1267"},
                    [("media:player", {"url": PAGE}, [])],
                ),
                (
                    "media:content",
                    {"medium": "video", "isDefault": "false", "duration": "1180", "lang": "de"},
                    [("media:player", {"url": "https://vimeo.com/1"}, [])],
                ),
            ],
        )
    ]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_media_thumbnail_is_the_stored_picture(kind: str) -> None:
    url = "https://recaps.example.org/img/tea.jpg"

    assert media(kind, changed(image="img/tea.jpg"))[1:] == [("media:thumbnail", {"url": url}, [])]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_media_thumbnail_tells_its_size(kind: str) -> None:
    pictured = changed(image="img/tea.jpg", image_width=320, image_height=180)
    url = "https://recaps.example.org/img/tea.jpg"

    assert media(kind, pictured)[1:] == [
        ("media:thumbnail", {"url": url, "width": "320", "height": "180"}, [])
    ]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_media_never_loads_a_picture_from_another_host(kind: str) -> None:
    assert len(media(kind, changed(image="https://i.example.org/tea.jpg"))) == 1


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_media_of_a_vanished_recording_is_nothing(kind: str) -> None:
    assert media(kind, samples.unavailable()) == []


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_no_enclosure_stands_without_a_known_length(kind: str) -> None:
    made = only(kind, collection(published(changed(url="https://files.example.org/tea.mp4"))))

    assert "enclosure" not in made


def test_atom_link_of_an_entry_says_what_it_leads_to() -> None:
    given = changed(url="https://files.example.org/tea.mp4", language="de")
    links = root("atom", collection(published(given))).findall(f"{ATOM}entry/{ATOM}link")

    assert [link.attrib for link in links] == [
        {
            "href": "https://files.example.org/tea.mp4",
            "rel": "alternate",
            "hreflang": "de",
        }
    ]


def test_atom_link_never_claims_a_type_that_readers_do_not_follow() -> None:
    given = collection(published(changed(url="https://files.example.org/tea.mp4")))

    assert [row.link for row in read_xml("atom", given)] == ["https://files.example.org/tea.mp4"]


def test_atom_entry_names_its_language_where_the_feed_has_another() -> None:
    given = published(entry(1, sequence=1), entry(2, sequence=2, language="de"))
    entries = root("atom", collection(given)).findall(f"{ATOM}entry")

    assert [one.get(f"{XML}lang") for one in entries] == ["de", None]
