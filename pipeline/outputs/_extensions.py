"""What feedgen cannot write once a document, as extensions of it: one for Atom, one for RSS.

Deleted entries (RFC 6721), feed history (RFC 5005), podcast:guid of the podcast namespace, and the
namespaces of entries (`_entries`). Must not choose, order or word anything. feedgen makes
extensions without arguments and calls their `extend_…` methods; whoever registers them sets `feed`.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID, uuid5

# By this name, because feedgen.util uses lxml.etree without importing it (feedgen 1.0.0).
from feedgen.entry import xml_elem

from pipeline.outputs._items import Feed
from pipeline.views.talk import stamp

MEDIA = "http://search.yahoo.com/mrss/"
"""Namespace of Media RSS."""

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
"""Namespace of deleted entries (RFC 6721)."""

HISTORY = "http://purl.org/syndication/history/1.0"
"""Namespace of feed history (RFC 5005)."""

ATOM = "http://www.w3.org/2005/Atom"
"""Namespace of Atom, whose links RSS borrows."""

DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
"""Namespace of Dublin Core, which names authors without a mail address in RSS."""

PODCAST = "https://podcastindex.org/namespace/1.0"
"""Namespace of the podcast elements."""

_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


class Element(Protocol):
    """What is used of an element of lxml, which comes without types."""

    text: str | None

    def __getitem__(self, index: int) -> Element: ...


class AtomExtension:
    """What stands once in an Atom document."""

    def __init__(self) -> None:
        self.feed: Feed | None = None

    def extend_ns(self) -> dict[str, str]:
        """Return the prefixes of namespaces; validators warn of those that they do not know."""
        at = {"at": TOMBSTONES} if self.feed and self.feed.tombstones else {}
        return {"media": MEDIA, **at, **_history(self.feed)}

    def extend_atom(self, root: Element) -> Element:
        """Mark an archive page; name the entries that left, which readers may then forget."""
        if self.feed and self.feed.page:
            _add(root, f"{{{HISTORY}}}archive")
        for feed_id, when in self.feed.tombstones if self.feed else ():
            _add(root, f"{{{TOMBSTONES}}}deleted-entry", ref=feed_id, when=stamp(when))
        return root


def _history(feed: Feed | None) -> dict[str, str]:
    return {"fh": HISTORY} if feed and feed.page else {}


class RssExtension:
    """What stands once in an RSS document."""

    def __init__(self) -> None:
        self.feed: Feed | None = None

    def extend_ns(self) -> dict[str, str]:
        """Return the prefixes of namespaces."""
        return {"dc": DUBLIN_CORE, "media": MEDIA, "podcast": PODCAST, **_history(self.feed)}

    def extend_rss(self, root: Element) -> Element:
        """Give the channel the identity that podcast directories know it by, and its history."""
        if self.feed:
            if self.feed.page:
                _add(root[0], f"{{{HISTORY}}}archive")
            # feedgen writes the link to itself only.
            for relation, address in self.feed.links("rss.xml"):
                _add(root[0], f"{{{ATOM}}}link", href=address, rel=relation)
            _add(root[0], f"{{{PODCAST}}}guid", text=podcast_guid(first_address(self.feed.id)))
        return root


def first_address(feed_id: str) -> str:
    """Return where a feed's RSS file was at first, without the scheme, from its tag: URI.

    That is made of the site's authority and the event's first id, and stays when the site moves or
    the event gets another id.
    """
    _, authority, path = feed_id.split(":", 2)
    folder = "" if path == "_all" else f"{path}/"
    return f"{authority.partition(',')[0]}/{folder}rss.xml"


def podcast_guid(address: str) -> str:
    """Return the podcast:guid of the feed whose first address, without the scheme, this is.

    A UUID of version 5 that is kept for life, also where the feed moves
    (podcasting2.org/podcast-namespace/tags/guid).
    """
    return str(uuid5(_PODCASTS, address))


def _add(parent: Element, name: str, *, text: str | None = None, **attributes: str) -> Element:
    made: Element = xml_elem(name, parent, **attributes)
    made.text = text
    return made
