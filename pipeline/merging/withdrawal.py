"""An event as it was last published, without what has been withdrawn since.

For events whose files cannot be read: their pages stay, but a withdrawal never waits for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pipeline.merging.rulings import Rulings, settle
from pipeline.model import (
    Barred,
    Decision,
    Entry,
    Ledger,
    PublishedEvent,
    Standing,
    Talk,
)


def withdraw(
    published: PublishedEvent,
    decisions: Iterable[Decision],
    *,
    barred: Barred,
    shared: Iterable[Decision],
    now: datetime,
) -> PublishedEvent:
    """Return `published` without its withdrawn talks and videos; itself where there are none.

    What leaves the feeds becomes a tombstone of `now`.
    """
    rulings = settle(published.event, Ledger(), decisions, barred=barred, shared=shared)
    kept = tuple(
        _without(entry, rulings)
        for entry in published.entries
        if not rulings.bars(published.event, _talk(entry))
    )
    if kept == published.entries:
        return published
    stay = {entry.talk_id for entry in kept if entry.recordings}
    dead = tuple(
        (entry.release.feed_id, now)
        for entry in published.entries
        if entry.release and entry.release.released and entry.talk_id not in stay
    )
    return replace(published, entries=kept, tombstones=(*published.tombstones, *dead))


def _talk(entry: Entry) -> Talk:
    """Return what a ruling needs of a talk; its feed id remembers the id it was released under."""
    feed_id = entry.release.feed_id if entry.release else ""
    first = feed_id.rpartition("/")[2]
    return Talk(id=entry.talk_id, speakers=entry.speakers, was=(first,) if first else ())


def _without(entry: Entry, rulings: Rulings) -> Entry:
    recordings = tuple(one for one in entry.recordings if one.key not in rulings.barred.videos)
    if recordings == entry.recordings:
        return entry
    if recordings:
        first, *others = recordings
        led = first if first.role == "cue" else replace(first, role="primary")
        return replace(entry, recordings=(led, *others))
    title = entry.title if entry.title_from == "programme" else None
    return replace(entry, recordings=(), title=title, standing=Standing.AWAITED, release=None)
