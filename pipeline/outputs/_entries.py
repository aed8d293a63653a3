"""One item as an entry of Atom or an item of RSS, with Media RSS 1.5.1 (rssboard.org/media-rss).

As text, for feedgen's own entries check and copy what takes longer than the rest of the feed, drop
an entry's language and what a link leads to, and set the process's locale for each date of RSS.
Must not choose, order or word anything. The prefixes `dc` and `media` are those that the documents
declare (`_extensions`).
"""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import format_datetime
from functools import lru_cache

from pipeline.outputs._items import KEPT, Feed, Item
from pipeline.outputs._media import Rendition
from pipeline.outputs._xml import element, escaped, parent
from pipeline.views.same import Same

_ATOM_DEPTH = 1
_RSS_DEPTH = 2


def atom_entries(feed: Feed) -> str:
    """Return the entries of an Atom document, in their order."""
    return "".join([f"  {_atom_entry(feed, item)}\n" for item in feed.items])


def rss_items(feed: Feed) -> str:
    """Return the items of an RSS document, in their order."""
    return "".join([f"    {_rss_item(feed, item)}\n" for item in feed.items])


def _atom_entry(feed: Feed, item: Item) -> str:
    told, categories, content = _atom_parts(Same(item))
    event = feed.event_category(item)
    category = (element("category", term=event),) if event else ()
    whole = f'<content type="html">{escaped(feed.lead(item))}{content}</content>'
    language = {"xml:lang": item.language} if item.foreign else {}
    lines = (*told, *category, *categories, whole)
    return parent("entry", lines, depth=_ATOM_DEPTH, **language)


# The feeds of an event and those of all say the same of a talk.
@lru_cache(maxsize=KEPT)
def _atom_parts(given: Same[Item]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return what an entry says in every feed: its elements, categories, and content, escaped."""
    item = given.value
    categories = tuple(element("category", term=category) for category in item.categories)
    return tuple(_of_atom(item)), categories, escaped(item.html)


def _of_atom(item: Item) -> Iterator[str]:
    yield element("id", item.id)
    yield element("title", item.title)
    yield element("updated", item.updated.isoformat())
    for one in item.authors:
        uri = (element("uri", one.url),) if one.url else ()
        yield parent("author", (element("name", one.name), *uri), depth=_ATOM_DEPTH + 1)
    # No type: feedparser 6 takes the id for the link where the alternate is not HTML.
    spoken = item.media[0].language if item.media else None
    told = {"hreflang": spoken} if spoken else {}
    yield element("link", href=item.link, rel="alternate", **told)
    if item.summary:
        yield element("summary", item.summary)
    yield element("published", item.published.isoformat())
    yield from _media(item, depth=_ATOM_DEPTH + 1)


def _rss_item(feed: Feed, item: Item) -> str:
    told, categories, content = _rss_parts(Same(item))
    event = feed.event_category(item)
    category = (plain(element("category", event)),) if event else ()
    whole = f"<description>{escaped(feed.lead(item))}{content}</description>"
    return parent("item", (*told, *category, *categories, whole), depth=_RSS_DEPTH)


@lru_cache(maxsize=KEPT)
def _rss_parts(given: Same[Item]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return what an item says in every feed: its elements, categories, and content, escaped."""
    item = given.value
    categories = tuple(plain(element("category", category)) for category in item.categories)
    return tuple(_of_rss(item)), categories, escaped(item.html)


def _of_rss(item: Item) -> Iterator[str]:
    yield plain(element("title", item.title))
    yield element("link", item.link)
    yield element("guid", item.id, isPermaLink="false")
    yield element("pubDate", format_datetime(item.published))
    for one in item.authors:
        yield plain(element("dc:creator", one.name))
    yield from _media(item, depth=_RSS_DEPTH + 1)


def plain(made: str) -> str:
    """Return an element of RSS that holds plain text, with references that all readers leave alone.

    Those that take such texts for HTML do so with hexadecimal ones
    (rssboard.org/rss-profile#data-types-characterdata); to XML it is the same.
    """
    return made.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;")


def _media(item: Item, *, depth: int) -> Iterator[str]:
    """Return the renditions, in a group where there are several, and the picture of the talk."""
    if len(item.media) > 1:
        yield parent("media:group", _renditions(item, depth=depth + 1), depth=depth)
    else:
        yield from _renditions(item, depth=depth)


def _renditions(item: Item, *, depth: int) -> Iterator[str]:
    several = len(item.media) > 1
    for number, one in enumerate(item.media):
        default = {"isDefault": "true" if number == 0 else "false"} if several else {}
        yield _content(one, default, depth=depth)
    if item.image:
        sides = {"width": item.image.width, "height": item.image.height}
        known = {name: str(pixels) for name, pixels in sides.items() if pixels}
        yield element("media:thumbnail", url=item.image.url, **known)


def _content(one: Rendition, default: dict[str, str], *, depth: int) -> str:
    told = {
        "url": one.url if one.type else None,
        "type": one.type,
        "medium": one.medium,
        **default,
        "duration": str(one.seconds) if one.seconds else None,
        "lang": one.language,
    }
    known = {name: value for name, value in told.items() if value}
    if one.type:
        return element("media:content", **known)
    player = element("media:player", url=one.url)
    return parent("media:content", (player,), depth=depth, **known)
