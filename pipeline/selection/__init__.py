"""Which entries stand in which feed, page and archive page, and what a group's inputs hash to.

    history    which numbers the subscription document holds, which its archive pages
    topics     what feeds that cross events are about, and the path of each
    places     what has to be known of an event without opening it
    index      the places of all events: what shared feeds are made of, and what changed
    documents  collections: entries chosen and in order

Shared feeds show a part of the events only: an `Index` says which events that part comes from, so
that nobody has to read the others. The rules stand in docs/design/feeds.md. Pure.
"""

from pipeline.selection.documents import (
    ALL,
    FEEDS,
    all_collection,
    event_collections,
    feeds_collection,
    inputs_hash,
    shared_collection,
)
from pipeline.selection.index import INDEX_SIZE, Document, Index, group_id
from pipeline.selection.places import EPOCH, Place, parse_place, place
from pipeline.selection.topics import topic_slug

__all__ = [
    "ALL",
    "EPOCH",
    "FEEDS",
    "INDEX_SIZE",
    "Document",
    "Index",
    "Place",
    "all_collection",
    "event_collections",
    "feeds_collection",
    "group_id",
    "inputs_hash",
    "parse_place",
    "place",
    "shared_collection",
    "topic_slug",
]
