"""The one place that knows the feedgen library: a Feed as the bytes of Atom and RSS files.

Must not choose, order or word anything. Written for feedgen 1.0.0, whose defaults are undone here:
entries are prepended, dates are the present moment, RSS authors without mail address vanish (their
names go to dc:creator), and the last link of a feed becomes the RSS channel's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Lock

from feedgen.feed import FeedGenerator

from pipeline import __version__
from pipeline.errors import OutputError
from pipeline.outputs._extensions import AtomExtension, Entry, RssExtension
from pipeline.outputs._items import Feed

ATOM = "atom.xml"
"""Name of the Atom file in a collection's folder."""

RSS = "rss.xml"
"""Name of the RSS file in a collection's folder."""

# The elements of RSS that hold plain text. Readers that take them for HTML leave hexadecimal
# references alone (rssboard.org/rss-profile#data-types-characterdata); to XML it is the same.
_PLAIN = re.compile(rb"<(?:title|category|dc:creator)>[^<]*<")

# feedgen sets the process's locale and puts it back for each date of RSS; two threads at it at
# once would leave the wrong one behind.
_LOCALE = Lock()


def atom(feed: Feed) -> bytes:
    """Return `feed` as Atom (RFC 4287). Raises OutputError where a text cannot stand in XML."""
    return _write(feed, ATOM, lambda made: made.atom_str(pretty=True))


def rss(feed: Feed) -> bytes:
    """Return `feed` as RSS 2.0. Raises OutputError where a text cannot stand in XML."""
    return _write(feed, RSS, lambda made: _PLAIN.sub(_refer, made.rss_str(pretty=True)))


def _write(feed: Feed, file: str, serialise: Callable[[FeedGenerator], bytes]) -> bytes:
    with _LOCALE:
        try:
            return serialise(_generator(feed, file))
        except ValueError as error:
            raise OutputError(
                f"{feed.address(file)} cannot be written: {error}; a text of the dataset holds a "
                "character that XML forbids, so clean it in event.yaml"
            ) from error


def _refer(plain: re.Match[bytes]) -> bytes:
    return plain[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def _generator(feed: Feed, file: str) -> FeedGenerator:
    made = FeedGenerator()
    of_atom = file == ATOM
    extension = AtomExtension if of_atom else RssExtension
    made.register_extension("recap", extension, atom=of_atom, rss=not of_atom)
    made.recap.feed = feed
    made.id(feed.id)
    made.title(feed.title)
    made.subtitle(feed.description)
    made.description(feed.description)
    made.language(feed.language)
    made.updated(feed.updated)
    made.generator("recap-pipeline", version=__version__)
    kind = "application/atom+xml" if file == ATOM else "application/rss+xml"
    made.link(href=feed.address(file), rel="self", type=kind)
    for relation, address in feed.links(file):
        made.link(href=address, rel=relation, **({} if relation == "hub" else {"type": kind}))
    made.link(href=feed.home, rel="alternate", type="text/html")
    for item in feed.items:
        made.add_entry(Entry(item), order="append")
    return made
