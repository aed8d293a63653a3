"""Talks that became publishable get their dates, feed ids and sequence numbers, once.

`released` belongs to the talk: nothing here moves it while it is set. Which talks are publishable
was decided by merging.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import orjson

from pipeline.model import (
    Entry,
    Event,
    Installation,
    Ledger,
    PublishedEvent,
    Release,
    Standing,
)

OLD = timedelta(days=90)
"""An event that ended longer ago is an archive: what its first looks find keeps its own dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """An event after stamping; `released` and `removed` are talk ids, in programme order."""

    published: PublishedEvent
    ledger: Ledger
    installation: Installation
    released: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def newest_sequence(ledger: Ledger) -> int:
    """Return the highest sequence number that a ledger holds, 0 where there is none."""
    return max((row.sequence or 0 for row in ledger.talks.values()), default=0)


def is_backlog(before: Ledger, after: Ledger, event: Event, now: datetime) -> bool:
    """Tell whether this run's finds are a backlog, which keeps its own dates.

    So it is in the event's first good look, for an old event also in its first complete look; an
    event without any watch list has its first look when it is first published.
    """
    if not event.watches:
        return not before.talks
    if not _has_good(before):
        return _has_good(after)
    return is_old(event, now) and _has_complete(after) and not _has_complete(before)


def stamp(
    published: PublishedEvent,
    ledger: Ledger,
    installation: Installation,
    *,
    now: datetime,
    tag: str,
    backlog: bool,
) -> Stamped:
    """Stamp what became publishable, and what left; `tag` is the site's (see Site.tag).

    New sequence numbers follow the release dates, then programme order.
    """
    rows = dict(ledger.talks)
    entries = {entry.talk_id: entry for entry in published.entries}
    removed = _remove(rows, entries, now)
    ready = [entry for entry in published.entries if _is_new(entry, rows)]
    dated = [(_date(entry, published, ledger, now, backlog=backlog), entry) for entry in ready]
    dated.sort(key=lambda pair: (pair[0], pair[1].position))
    # The counter may have been set back (a merge, a lost file); numbers given are never reused.
    sequence = max(installation.sequence, newest_sequence(ledger))
    old_date = last_day(published.event)
    for moment, entry in dated:
        sequence += 1
        known, digest = rows.get(entry.talk_id), _digest(entry)
        rows[entry.talk_id] = Release(
            feed_id=known.feed_id if known else f"tag:{tag}:{entry.key}",
            released=moment,
            updated=moment,
            digest=digest,
            sequence=sequence,
            assumed=backlog and moment == old_date and moment != now,
            left=known.deleted if known and known.digest == digest else None,
        )
    for talk_id, entry in entries.items():
        row = rows.get(talk_id)
        if row and row.released and row.digest != _digest(entry):
            rows[talk_id] = replace(row, updated=now, digest=_digest(entry))
    return Stamped(
        published=_with_releases(published, rows),
        ledger=replace(ledger, talks=rows),
        installation=replace(installation, sequence=sequence),
        released=tuple(entry.talk_id for entry in ready),
        removed=removed,
    )


def _is_new(entry: Entry, rows: Mapping[str, Release]) -> bool:
    row = rows.get(entry.talk_id)
    return entry.standing is Standing.OUT and (row is None or row.released is None)


def _remove(
    rows: dict[str, Release], entries: Mapping[str, Entry], now: datetime
) -> tuple[str, ...]:
    """Take talks out of the feeds that lost their link, are gated, or were withdrawn."""
    removed = []
    for talk_id, row in rows.items():
        entry = entries.get(talk_id)
        stays = entry is not None and entry.standing in (Standing.OUT, Standing.UNAVAILABLE)
        if row.released and not stays:
            rows[talk_id] = replace(row, released=None, sequence=None, updated=now, deleted=now)
            removed.append(talk_id)
    return tuple(removed)


def _date(
    entry: Entry, published: PublishedEvent, ledger: Ledger, now: datetime, *, backlog: bool
) -> datetime:
    """Return the release date: the run's clock, except for a backlog (see `is_backlog`)."""
    if not backlog:
        return now
    seen = ledger.videos.get(entry.primary.key) if entry.primary else None
    platform = seen.video.platform_date if seen else None
    if platform and platform <= now:
        return platform
    return last_day(published.event) if is_old(published.event, now) else now


def _digest(entry: Entry) -> str:
    """Hash what subscribers would want to hear about again: title, speakers, links, status."""
    meaning = [
        entry.title,
        [speaker.name for speaker in entry.speakers],
        [[one.url, one.role, one.available] for one in entry.recordings],
        [link.url for link in (*entry.slides, *entry.links)],
        str(entry.standing),
    ]
    return hashlib.sha256(orjson.dumps(meaning)).hexdigest()[:16]


def _with_releases(published: PublishedEvent, rows: Mapping[str, Release]) -> PublishedEvent:
    entries = tuple(replace(entry, release=rows.get(entry.talk_id)) for entry in published.entries)
    dead = sorted((row.deleted, row.feed_id) for row in rows.values() if row.deleted)
    return replace(
        published, entries=entries, tombstones=tuple((feed_id, when) for when, feed_id in dead)
    )


def _has_good(ledger: Ledger) -> bool:
    return any(row.first_good for row in ledger.watches.values())


def _has_complete(ledger: Ledger) -> bool:
    return any(row.first_complete for row in ledger.watches.values())


def is_old(event: Event, now: datetime) -> bool:
    """Tell whether an event ended so long ago that it is an archive."""
    return now - last_day(event) > OLD


def last_day(event: Event) -> datetime:
    """Return the start of an event's last day, in UTC."""
    return datetime.combine(event.end, time(), tzinfo=UTC)


def know(
    installation: Installation,
    event_id: str,
    now: datetime,
    *,
    changed: bool,
    former: tuple[str, ...] = (),
) -> Installation:
    """Return the installation after it published an event; its `former` ids are forgotten.

    `newest` moves only when the event's ledger `changed` or the event is new.
    """
    known = installation.events
    if event_id not in known or any(one in known for one in former):
        # A copy for each event would make a run over all of them quadratic.
        known = {key: when for key, when in known.items() if key not in former}
        known.setdefault(event_id, now)
    moved = changed or known is not installation.events
    return replace(installation, events=known, newest=now if moved else installation.newest)
