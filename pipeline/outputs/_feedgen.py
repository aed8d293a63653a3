"""The one place that knows the feedgen library: a Feed as the bytes of Atom and RSS files.

Must not choose, order or word anything. feedgen writes the document, in which the entries stand
last; they are put in as text (`_entries`). Written for feedgen 1.0.0, whose defaults are undone
here: dates are the present moment, and the last link of a feed becomes the RSS channel's.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from feedgen.feed import FeedGenerator

from pipeline import __version__
from pipeline.errors import OutputError
from pipeline.outputs._entries import atom_entries, plain, rss_items
from pipeline.outputs._extensions import AtomExtension, RssExtension
from pipeline.outputs._items import Feed
from pipeline.outputs._xml import encoded, escaped

ATOM = "atom.xml"
"""Name of the Atom file in a collection's folder."""

RSS = "rss.xml"
"""Name of the RSS file in a collection's folder."""

# feedgen sets the process's locale and puts it back for a date of RSS; two threads at it at
# once would leave the wrong one behind.
_LOCALE = Lock()


def atom(feed: Feed) -> bytes:
    """Return `feed` as Atom (RFC 4287). Raises OutputError where a text cannot stand in XML."""
    return _write(feed, ATOM, _atom)


def rss(feed: Feed) -> bytes:
    """Return `feed` as RSS 2.0. Raises OutputError where a text cannot stand in XML."""
    return _write(feed, RSS, _rss)


def _atom(feed: Feed) -> bytes:
    around: bytes = _generator(feed, ATOM).atom_str(pretty=True)
    return _with(around, b"</feed>", atom_entries(feed))


def _rss(feed: Feed) -> bytes:
    with _LOCALE:
        around: str = _generator(feed, RSS).rss_str(pretty=True).decode()
    title = f"<title>{escaped(feed.title)}</title>"
    around = around.replace(title, f"<title>{plain(feed.title)}</title>", 1)
    return _with(around.encode(), b"  </channel>", rss_items(feed))


def _with(around: bytes, end: bytes, entries: str) -> bytes:
    """Return a document with its entries before `end`, its last tag of that name."""
    head, found, tail = around.rpartition(end)
    if not found:
        raise OutputError(
            f"this version of feedgen writes no {end.decode().strip()} on a line of its own; "
            "install one below 2, and please report this"
        )
    return b"".join((head, encoded(entries), end, tail))


def _write(feed: Feed, file: str, written: Callable[[Feed], bytes]) -> bytes:
    try:
        return written(feed)
    except ValueError as error:
        raise OutputError(
            f"{feed.address(file)} cannot be written: {error}; a text of the dataset holds a "
            "character that XML forbids, so clean it in event.yaml"
        ) from error


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
    return made
