"""What a process that runs for years clears away on this machine, once a day.

Only what can be had again: room in the state database, pictures that no ledger names any more.
The run log limits itself (`state`). Must not touch the dataset or feeds/.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.config import Config
from pipeline.files.lock import hold
from pipeline.state.database import Look, State

LOG = logging.getLogger("recap.upkeep")

EVERY = timedelta(days=1)

PICTURES_KEPT = timedelta(days=30)
"""How long a picture stays that no ledger names: a decision that is undone brings it back."""

_KEY = ":upkeep"
"""No event's id starts with a colon."""

_NAMED = re.compile(rb"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was cleared away: pictures, and how much smaller the database is."""

    pictures: int = 0
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
        pictures = _pictures(config, now)
        before = path.stat().st_size
        state.shrink()
    done = Cleared(pictures=pictures, size_bytes=max(0, before - path.stat().st_size))
    LOG.info("cleared away %d pictures, %d bytes", done.pictures, done.size_bytes)
    return done


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
