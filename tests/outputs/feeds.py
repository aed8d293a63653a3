"""Readers of the three feed formats that give the same plain rows, for comparing."""

from __future__ import annotations

import json
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

import feedparser

from pipeline.model import Collection, Site
from tests.builders import SITE
from tests.outputs.samples import only


@dataclass(frozen=True)
class Row:
    """What a feed reader knows of one item."""

    id: str
    title: str
    link: str
    published: datetime
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    html: str


def read_json(given: Collection, site: Site = SITE) -> list[Row]:
    return parse_json(only("jsonfeed", given, site))


def parse_json(body: str | bytes) -> list[Row]:
    return [
        Row(
            id=item["id"],
            title=item["title"],
            link=item["url"],
            published=datetime.fromisoformat(item["date_published"]),
            authors=tuple(author["name"] for author in item["authors"]),
            tags=tuple(item.get("tags", ())),
            html=item["content_html"],
        )
        for item in json.loads(body)["items"]
    ]


def root(kind: str, given: Collection, site: Site = SITE) -> ElementTree.Element:
    return ElementTree.fromstring(only(kind, given, site))  # noqa: S314 - our own bytes


def read_xml(kind: str, given: Collection, site: Site = SITE) -> list[Row]:
    # Markup in titles is shown, not run: the tests compare characters, so no sanitising.
    feed = feedparser.parse(
        only(kind, given, site), sanitize_html=False, resolve_relative_uris=False
    )
    assert not feed.bozo
    return [
        Row(
            id=entry.id,
            title=entry.title,
            link=entry.link,
            published=datetime.fromtimestamp(timegm(entry.published_parsed), UTC),
            authors=tuple(author.name for author in entry.authors),
            tags=tuple(tag.term for tag in entry.get("tags", ())),
            html=entry.content[0].value if "content" in entry else entry.summary,
        )
        for entry in feed.entries
    ]
