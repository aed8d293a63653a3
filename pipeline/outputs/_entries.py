"""Items as entries of Atom and items of RSS, with Media RSS 1.5.1 (rssboard.org/media-rss).

As text, for feedgen's own entries check and copy what takes longer than the rest of the feed, drop
an entry's language and what a link leads to, and set the process's locale for each date of RSS.
Must not choose, order or word anything. The prefixes `dc` and `media` are those that the documents
declare (`_extensions`).

What is said of a talk is the same in every feed, but for the name of its event. So an item is
written once, in three parts, with the event's category and line between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.utils import format_datetime
from functools import lru_cache

from pipeline.model.same import Same
from pipeline.outputs._items import KEPT, Feed, Item
from pipeline.outputs._media import Rendition
from pipeline.outputs._xml import attributes, escaped, lines, quoted

_Parts = tuple[str, str, str]

_ATOM_DEPTH = 2
_RSS_DEPTH = 3


def atom_entries(feed: Feed) -> str:
    """Return the entries of an Atom document, in their order."""
    return _joined(feed, _atom, _atom_categories)


def rss_items(feed: Feed) -> str:
    """Return the items of an RSS document, in their order."""
    return _joined(feed, _rss, _rss_categories)


def _joined(
    feed: Feed, parts: Callable[[Same[Item]], _Parts], categories: Callable[[str], str]
) -> str:
    texts: list[str] = []
    for item in feed.items:
        before, between, after = parts(Same(item))
        event = feed.event_category(item)
        texts += (before, categories(event) if event else "", between)
        texts += (escaped(feed.lead(item)), after)
    return "".join(texts)


@lru_cache(maxsize=KEPT)
def _atom(given: Same[Item]) -> _Parts:
    item = given.value
    language = {"xml:lang": item.language} if item.foreign else {}
    told = lines(_of_atom(item), depth=_ATOM_DEPTH)
    return (
        f"  <entry{attributes(**language)}>\n{told}",
        f'{_atom_categories(*item.categories)}    <content type="html">',
        f"{escaped(item.html)}</content>\n  </entry>\n",
    )


def _of_atom(item: Item) -> Iterator[str]:
    yield f"<id>{escaped(item.id)}</id>"
    yield f"<title>{escaped(item.title)}</title>"
    yield f"<updated>{item.updated.isoformat()}</updated>"
    for one in item.authors:
        yield "<author>"
        yield f"  <name>{escaped(one.name)}</name>"
        if one.url:
            yield f"  <uri>{escaped(one.url)}</uri>"
        yield "</author>"
    # No type: feedparser 6 takes the id for the link where the alternate is not HTML.
    spoken = item.media[0].language if item.media else None
    yield f'<link href="{quoted(item.link)}" rel="alternate"{attributes(hreflang=spoken)}/>'
    if item.summary:
        yield f"<summary>{escaped(item.summary)}</summary>"
    yield f"<published>{item.published.isoformat()}</published>"
    yield from _media(item)


def _atom_categories(*names: str) -> str:
    return lines([f'<category term="{quoted(name)}"/>' for name in names], depth=_ATOM_DEPTH)


@lru_cache(maxsize=KEPT)
def _rss(given: Same[Item]) -> _Parts:
    item = given.value
    told = lines(_of_rss(item), depth=_RSS_DEPTH)
    return (
        f"    <item>\n{told}",
        f"{_rss_categories(*item.categories)}      <description>",
        f"{escaped(item.html)}</description>\n    </item>\n",
    )


def _of_rss(item: Item) -> Iterator[str]:
    yield f"<title>{plain(item.title)}</title>"
    yield f"<link>{escaped(item.link)}</link>"
    yield f'<guid isPermaLink="false">{escaped(item.id)}</guid>'
    yield f"<pubDate>{format_datetime(item.published)}</pubDate>"
    for one in item.authors:
        yield f"<dc:creator>{plain(one.name)}</dc:creator>"
    yield from _media(item)


def _rss_categories(*names: str) -> str:
    return lines([f"<category>{plain(name)}</category>" for name in names], depth=_RSS_DEPTH)


def plain(text: str) -> str:
    """Return plain text as it stands in RSS, with references that all readers leave alone.

    Those that take such texts for HTML do so with hexadecimal ones
    (rssboard.org/rss-profile#data-types-characterdata); to XML it is the same.
    """
    return escaped(text).replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;")


def _media(item: Item) -> Iterator[str]:
    """Yield the renditions, in a group where there are several, and the picture of the talk."""
    if len(item.media) > 1:
        yield "<media:group>"
        yield from [f"  {line}" for line in _renditions(item)]
        yield "</media:group>"
    else:
        yield from _renditions(item)


def _renditions(item: Item) -> Iterator[str]:
    defaults = ("true", *["false"] * len(item.media)) if len(item.media) > 1 else (None,)
    for one, default in zip(item.media, defaults, strict=False):
        yield from _content(one, default)
    if image := item.image:
        width, height = (str(pixels) if pixels else None for pixels in (image.width, image.height))
        yield f"<media:thumbnail{attributes(url=image.url, width=width, height=height)}/>"


def _content(one: Rendition, default: str | None) -> Iterator[str]:
    told = attributes(
        url=one.url if one.type else None,
        type=one.type,
        medium=one.medium,
        isDefault=default,
        duration=str(one.seconds) if one.seconds else None,
        lang=one.language,
    )
    if one.type:
        yield f"<media:content{told}/>"
    else:
        yield f"<media:content{told}>"
        yield f'  <media:player url="{quoted(one.url)}"/>'
        yield "</media:content>"
