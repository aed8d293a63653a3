"""Collections: the entries of each feed document and page, chosen and in order.

An event's own are made of the event; shared ones of a `Document` of the index and of the events
that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

from pipeline.model import Collection, Entry, FeedLink, PublishedEvent, Site
from pipeline.model.same import Same
from pipeline.selection.history import archived, floor, page_of
from pipeline.selection.index import INDEX_SIZE, Document, group_id, track_title
from pipeline.selection.places import (
    EPOCH,
    TOMBSTONES,
    digest,
    entry_digest,
    newest_first,
    sequence,
)
from pipeline.selection.topics import is_about, tracks

ALL = group_id("", None)
"""Id of the collection of all events together; no event id can contain an underscore."""

FEEDS = "_feeds"
"""Id of the list of all feeds."""


def event_collections(published: PublishedEvent, site: Site) -> tuple[Collection, ...]:
    """Return what the files under `feeds/<event-id>/` are made of; the event's own comes first.

    Then its archive pages, and for each of its tracks, if there are several, the same.
    """
    event = published.event
    entries = newest_first([published])
    last_day = datetime.combine(event.end, time(), tzinfo=UTC)
    whole = Collection(
        id=event.id,
        path=f"{event.id}/",
        kind="event",
        title=event.name,
        feed_id=f"tag:{site.tag}:{(*event.was, event.id)[0]}",
        language=event.language,
        updated=last_day,
        events=(published,),
        tombstones=published.tombstones[-TOMBSTONES:],
    )
    made = [*_documents(whole, entries, site)]
    for slug, name in tracks(published).items():
        part = replace(
            whole,
            path=f"{whole.path}tracks/{slug}/",
            kind="track",
            title=track_title(event.name, name),
            feed_id=f"{whole.feed_id}/tracks/{slug}",
            events=(),
        )
        made += _documents(part, [one for one in entries if is_about(one, "track", slug)], site)
    return tuple(made)


def all_collection(
    document: Document, shown: Sequence[PublishedEvent], site: Site, *, known: int
) -> Collection:
    """Return what the files directly under `feeds/` are made of; the latest event first.

    `shown` are at least the events that `Index.shown` names; any more of them change nothing.
    `known` is how many there are in all.
    """
    latest = sorted(shown, key=lambda one: (one.event.end, one.event.id), reverse=True)
    listed = tuple(latest[:INDEX_SIZE])
    made = shared_collection(document, shown, site)
    return replace(made, events=listed, older=known - len(listed))


def shared_collection(
    document: Document, events: Iterable[PublishedEvent], site: Site
) -> Collection:
    """Return what a document of a shared feed is made of; `events` are those that it names."""
    slug = document.path.rstrip("/").rpartition("/")[2]
    chosen = tuple(
        entry
        for entry in newest_first(events)
        if document.low <= sequence(entry) <= document.high
        and (document.kind in ("all", "series") or is_about(entry, document.kind, slug))
    )
    return _dated(
        Collection(
            id=document.id,
            path=document.path,
            kind=document.kind,
            title=document.title,
            feed_id=f"tag:{site.tag}:{document.path.rstrip('/') or ALL}",
            language=site.language,
            updated=EPOCH,
            tombstones=document.tombstones,
            page=document.page,
            before=document.before,
        ),
        chosen,
    )


def feeds_collection(feeds: tuple[FeedLink, ...], site: Site) -> Collection:
    """Return the list of all feeds."""
    return Collection(
        id=FEEDS,
        path="",
        kind="feeds",
        title=site.title,
        feed_id=f"tag:{site.tag}:{FEEDS}",
        language=site.language,
        updated=EPOCH,
        feeds=feeds,
    )


def inputs_hash(made_of: Collection | Document, site: Site, *, templates: str, version: str) -> str:
    """Return the hash of everything that a group's files are made of.

    `templates` is the templates' fingerprint, `version` the program's.
    """
    told = _told(made_of) if isinstance(made_of, Collection) else made_of
    return digest((told, site, templates, version))


def _documents(whole: Collection, entries: Sequence[Entry], site: Site) -> Iterable[Collection]:
    """Return the subscription document of a feed with these entries, and its archive pages."""
    numbers = [sequence(entry) for entry in entries]
    lowest = floor(numbers, site.feed_size)
    pages = archived(numbers, lowest)
    yield _dated(
        replace(whole, before=pages[-1] if pages else None),
        tuple(entry for entry in entries if sequence(entry) >= lowest),
    )
    for page, before in zip(pages, (None, *pages), strict=False):
        held = tuple(entry for entry in entries if page_of(sequence(entry)) == page)
        empty = replace(whole, events=(), tombstones=(), page=page, before=before)
        yield _dated(empty, held)


def _dated(empty: Collection, entries: tuple[Entry, ...]) -> Collection:
    """Return a collection with these entries, dated by the newest change in it.

    An id that came back is no tombstone.
    """
    there = {entry.release.feed_id for entry in entries if entry.release}
    tombstones = tuple(each for each in empty.tombstones if each[0] not in there)
    moments = [
        *(entry.release.updated for entry in entries if entry.release),
        *(moment for _, moment in tombstones),
    ]
    return replace(
        empty,
        entries=entries,
        tombstones=tombstones,
        updated=max(moments, default=empty.updated),
    )


def _told(collection: Collection) -> object:
    """Return what outputs may tell: of the events of all, where each talk stands and since when."""
    if one := collection.event:
        # Those of the collection are chosen from those of the event.
        digests = [entry_digest(Same(entry)) for entry in one.entries]
        return replace(collection, entries=(), events=()), replace(one, entries=()), digests
    if collection.kind != "all":
        return collection
    events = tuple(
        (one.event, one.fresh, tuple((entry.standing, entry.released) for entry in one.entries))
        for one in collection.events
    )
    return replace(collection, events=()), events
