"""What a process that runs for years clears away on this machine, once a day.

Only what can be had again: room in the state database, what it knows of lists that nobody watches
any more, pictures that no ledger names any more.
The run log limits itself (`state`). Must not touch the dataset or feeds/.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.config import Config
from pipeline.dataset.folder import FolderStore
from pipeline.errors import DatasetError
from pipeline.files.lock import hold
from pipeline.state.database import Look, State

LOG = logging.getLogger("recap.upkeep")

EVERY = timedelta(days=1)

PICTURES_KEPT = timedelta(days=30)
"""How long a picture stays that no ledger names: a decision that is undone brings it back."""

LISTS_KEPT = timedelta(days=90)
"""How long what is known of a list stays that was not looked at: thrice the longest interval."""

_KEY = ":upkeep"
"""No event's id starts with a colon."""

_NAMED = re.compile(rb"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was cleared away: pictures, rows of lists, and how much smaller the database is."""

    pictures: int = 0
    lists: int = 0
    size_bytes: int = 0


def clear(config: Config, *, state: State, now: datetime) -> Cleared | None:
    """Clear away what is not needed, None where that was done less than a day ago.

    Raises BusyError where a run is under way.
    """
    last = state.look(_KEY).last_try
    if last and timedelta() <= now - last < EVERY:
        return None
    path = config.state / "state.sqlite"
    with hold(config.data, holder=config.state / "holder.json", now=now, what="clearing away"):
        state.commit(looks={_KEY: Look(last_try=now, last_good=now)}, validators={})
        pictures, lists = _pictures(config, now), _unwatched(config, state, now)
        state.commit(looks=dict.fromkeys(lists, Look()), validators={key: {} for key in lists})
        before = path.stat().st_size
        state.shrink()
    size_bytes = max(0, before - path.stat().st_size)
    LOG.info("cleared away %d pictures, %d lists, %d bytes", pictures, len(lists), size_bytes)
    return Cleared(pictures=pictures, lists=len(lists), size_bytes=size_bytes)


def _unwatched(config: Config, state: State, now: datetime) -> list[str]:
    """Return the lists that were not looked at for long and that no event names any more.

    Nothing is concluded from an event that cannot be read.
    """
    stale: dict[str, set[str]] = {}
    for key, tried in state.tries().items():
        event_id, _, name = key.partition("/")
        if not key.startswith(":") and not name.startswith(":") and now - tried > LISTS_KEPT:
            stale.setdefault(event_id, set()).add(name)
    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    found = []
    for event_id, names in sorted(stale.items()):
        try:
            named = store.open(event_id).event.watches if store.has(event_id) else ()
        except DatasetError:
            continue
        found += [f"{event_id}/{name}" for name in sorted(names - {one.id for one in named})]
    return found


def _pictures(config: Config, now: datetime) -> int:
    """Remove kept pictures that no ledger names; return how many."""
    folder = config.state / "images"
    stale = [
        path
        for path in sorted(folder.glob("*.*"))
        if now.timestamp() - path.stat().st_mtime > PICTURES_KEPT.total_seconds()
    ]
    if not stale:
        return 0
    named: set[bytes] = set()
    for ledger in config.data.glob("*/recordings.yaml"):
        named.update(_NAMED.findall(ledger.read_bytes()))
    gone = [path for path in stale if path.stem.encode() not in named]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
