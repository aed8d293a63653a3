"""What feedgen cannot write, as extensions of it: for Atom, for RSS, and for the entries of both.

Media RSS 1.5.1 (rssboard.org/media-rss), deleted entries (RFC 6721), feed history (RFC 5005),
podcast:guid of the podcast namespace, and what feedgen 1.0.0 drops of Atom: an entry's language,
and what a link leads to. Must not choose, order or word anything. feedgen makes
extensions without arguments and calls their `extend_…` methods; whoever registers them sets `feed`
and `item`.
"""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID, uuid5

# By this name, because feedgen.util uses lxml.etree without importing it (feedgen 1.0.0).
from feedgen.entry import xml_elem

from pipeline.outputs._items import Feed, Item
from pipeline.outputs._media import Rendition
from pipeline.views.talk import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class Element(Protocol):
    """What is used of an element of lxml, which comes without types."""

    text: str | None

    def __getitem__(self, index: int) -> Element: ...

    def __iter__(self) -> Iterator[Element]: ...

    def set(self, key: str, value: str) -> None:
        """Set an attribute."""


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


class Entry:
    """One item as feedgen adds it to a feed. What feedgen's own entries check and copy on the way
    takes longer than the rest of the feed, and their RSS dates set the process's locale.
    """

    def __init__(self, item: Item) -> None:
        self._item = item

    def register_extension(self, *_: object) -> None:
        """Take no extension: all that stands in an entry is written here."""

    def atom_entry(self) -> Element:
        """Return the item as an entry of Atom."""
        item = self._item
        entry: Element = xml_elem("entry")
        if item.foreign:
            entry.set(_LANGUAGE, item.language)
        _add(entry, "id", text=item.id)
        _add(entry, "title", text=item.title)
        _add(entry, "updated", text=item.updated.isoformat())
        for one in item.authors:
            author = _add(entry, "author")
            _add(author, "name", text=one.name)
            if one.url:
                _add(author, "uri", text=one.url)
        _add(entry, "content", text=item.html or None, type="html")
        # No type: feedparser 6 takes the id for the link where the alternate is not HTML.
        language = item.media[0].language if item.media else None
        spoken = {"hreflang": language} if language else {}
        _add(entry, "link", href=item.link, rel="alternate", **spoken)
        if item.summary:
            _add(entry, "summary", text=item.summary)
        for category in item.categories:
            _add(entry, "category", term=category)
        _add(entry, "published", text=item.published.isoformat())
        _add_media(entry, item)
        return entry

    def rss_entry(self) -> Element:
        """Return the item as an item of RSS."""
        item = self._item
        entry: Element = xml_elem("item")
        _add(entry, "title", text=item.title)
        _add(entry, "link", text=item.link)
        _add(entry, "description", text=item.html)
        _add(entry, "guid", text=item.id, isPermaLink="false")
        for category in item.categories:
            _add(entry, "category", text=category)
        _add(entry, "pubDate", text=format_datetime(item.published))
        for one in item.authors:
            _add(entry, f"{{{DUBLIN_CORE}}}creator", text=one.name)
        _add_media(entry, item)
        return entry


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


def _add_media(parent: Element, item: Item) -> None:
    """Write the renditions, in a group where there are several, and the picture of the talk."""
    several = len(item.media) > 1
    within = _add(parent, f"{{{MEDIA}}}group") if several else parent
    for number, one in enumerate(item.media):
        default = {"isDefault": "true" if number == 0 else "false"} if several else {}
        _add_content(within, one, **default)
    if item.image:
        sides = {"width": item.image.width, "height": item.image.height}
        known = {name: str(pixels) for name, pixels in sides.items() if pixels}
        _add(within, f"{{{MEDIA}}}thumbnail", url=item.image.url, **known)


def _add_content(parent: Element, one: Rendition, **more: str) -> None:
    told = {
        "url": one.url if one.type else None,
        "type": one.type,
        "medium": one.medium,
        **more,
        "duration": str(one.seconds) if one.seconds else None,
        "lang": one.language,
    }
    content = _add(
        parent, f"{{{MEDIA}}}content", **{name: value for name, value in told.items() if value}
    )
    if not one.type:
        _add(content, f"{{{MEDIA}}}player", url=one.url)


def _add(parent: Element, name: str, *, text: str | None = None, **attributes: str) -> Element:
    made: Element = xml_elem(name, parent, **attributes)
    made.text = text
    return made
