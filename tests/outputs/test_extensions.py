from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.outputs import _extensions
from pipeline.outputs._extensions import PODCAST, TOMBSTONES
from tests.builders import NOW, SITE, collection, published
from tests.outputs import samples
from tests.outputs.feeds import root
from tests.outputs.samples import only


def test_atom_lists_deleted_entries_with_their_moment() -> None:
    gone = (("tag:recaps.example.org,2031:teaconf-2031/tea", NOW), ("tag:gone", NOW))
    found = root("atom", collection(published(), tombstones=gone)).findall(
        f"{{{TOMBSTONES}}}deleted-entry"
    )

    assert [one.attrib for one in found] == [
        {"ref": "tag:recaps.example.org,2031:teaconf-2031/tea", "when": "2031-05-20T12:00:00Z"},
        {"ref": "tag:gone", "when": "2031-05-20T12:00:00Z"},
    ]


def test_rss_has_no_deleted_entries() -> None:
    gone = (("tag:gone", NOW - timedelta(days=1)),)

    assert "tag:gone" not in only("rss", collection(published(), tombstones=gone))


@pytest.mark.parametrize(
    ("address", "guid"),
    [
        # The examples of podcasting2.org/podcast-namespace/tags/guid.
        ("podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
    ],
)
def test_podcast_guid_is_the_one_that_the_namespace_documents(address: str, guid: str) -> None:
    assert _extensions.podcast_guid(address) == guid


@pytest.mark.parametrize(
    ("feed_id", "address"),
    [
        ("tag:recaps.example.org,2031:_all", "recaps.example.org/rss.xml"),
        ("tag:recaps.example.org,2031:teaconf-2031", "recaps.example.org/teaconf-2031/rss.xml"),
        (
            "tag:recaps.example.org,2031:series/teaconf",
            "recaps.example.org/series/teaconf/rss.xml",
        ),
    ],
)
def test_first_address_is_what_the_feed_id_was_made_of(feed_id: str, address: str) -> None:
    assert _extensions.first_address(feed_id) == address


def test_rss_channel_has_one_podcast_guid() -> None:
    found = root("rss", collection(samples.thirteen())).findall(f"channel/{{{PODCAST}}}guid")

    assert [one.text for one in found] == [
        _extensions.podcast_guid("recaps.example.org/teaconf-2031/rss.xml")
    ]


def test_podcast_guid_stays_when_the_site_moves() -> None:
    given = collection(samples.thirteen())
    site = replace(SITE, url="https://elsewhere.example.org/recaps/")
    moved = root("rss", given, site)

    assert moved.findtext(f"channel/{{{PODCAST}}}guid") == root("rss", given).findtext(
        f"channel/{{{PODCAST}}}guid"
    )
