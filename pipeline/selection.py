"""Which entries stand in which feed and page, and what an output's inputs hash to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from pipeline.model import Collection, Entry, PublishedEvent, Site

ALL = "_all"
"""Id of the collection of all events together; no event id can contain an underscore."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def event_collection(published: PublishedEvent, site: Site) -> Collection:
    """Return what the files under `feeds/<event-id>/` are made of."""
    event = published.event
    entries = _newest_first([published])
    last_day = datetime.combine(event.end, time(), tzinfo=UTC)
    return Collection(
        id=event.id,
        path=f"{event.id}/",
        title=event.name,
        feed_id=f"tag:{site.tag}:{(*event.was, event.id)[0]}",
        language=event.language,
        updated=_newest_change([published], default=last_day),
        entries=entries,
        events=(published,),
        tombstones=published.tombstones,
    )


def all_collection(events: Sequence[PublishedEvent], site: Site) -> Collection:
    """Return what the files directly under `feeds/` are made of; the latest event first."""
    ordered = sorted(events, key=lambda one: (one.event.end, one.event.id), reverse=True)
    return Collection(
        id=ALL,
        path="",
        title=site.title,
        feed_id=f"tag:{site.tag}:{ALL}",
        language=site.language,
        updated=_newest_change(ordered, default=EPOCH),
        entries=_newest_first(ordered),
        events=tuple(ordered),
        tombstones=tuple(
            sorted((one for each in ordered for one in each.tombstones), key=lambda one: one[1])
        ),
    )


def inputs_hash(collection: Collection, site: Site, *, templates: str, version: str) -> str:
    """Return the hash of everything that the collection's files are made of.

    `templates` is the templates' fingerprint, `version` the program's. Values of the core hash by
    their repr, which names every field; it is stable for one version of the program.
    """
    whole = repr((collection, site, templates, version))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _newest_first(events: Iterable[PublishedEvent]) -> tuple[Entry, ...]:
    """Return the released entries, highest sequence number first."""
    released = [
        (entry.release.sequence, entry)
        for each in events
        for entry in each.entries
        if entry.release and entry.release.released and entry.release.sequence is not None
    ]
    released.sort(key=lambda pair: (-pair[0], pair[1].key))
    return tuple(entry for _, entry in released)


def _newest_change(events: Iterable[PublishedEvent], *, default: datetime) -> datetime:
    moments = [
        *(entry.release.updated for one in events for entry in one.entries if entry.release),
        *(moment for one in events for _, moment in one.tombstones),
    ]
    return max(moments, default=default)
