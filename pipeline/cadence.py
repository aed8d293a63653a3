"""How often a watch list is looked at: computed from the event's age, refined by what happened.

Pure: without any memory everything is due, so losing the state costs time and nothing else.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta

from pipeline.model import Event, Watch

BY_AGE = (
    (timedelta(days=35), timedelta(minutes=30)),
    (timedelta(days=120), timedelta(hours=6)),
    (timedelta(days=400), timedelta(days=1)),
)
"""Age of the event (since its last day), and the interval up to it; weekly afterwards."""

WEEKLY = timedelta(days=7)
FIRST_RETRY = timedelta(minutes=5)
SLACK = 0.1
"""Share of the interval by which lists are spread, so that not all are looked at at once."""


def interval(event: Event, watch: Watch, now: datetime) -> timedelta:
    """Return how often `watch` is looked at: `every:`, else by the event's age."""
    if watch.every:
        return watch.every
    age = now - datetime.combine(event.end, time(), tzinfo=UTC)
    return next((step for limit, step in BY_AGE if age <= limit), WEEKLY)


def next_look(
    key: str, step: timedelta, *, last_try: datetime | None, failures: int = 0
) -> datetime | None:
    """Return when the list `key` is due again; None, that is now, if it was never tried.

    After failures it is tried sooner than its interval and ever more rarely, never not at all.
    """
    if last_try is None:
        return None
    wait = step
    if failures:
        wait = min(step, FIRST_RETRY * 2 ** min(failures - 1, 16))
    share = int.from_bytes(hashlib.sha256(key.encode()).digest()[:2]) / 0xFFFF
    return last_try + wait * (1 - SLACK * share)


def freshness_budget(step: timedelta) -> timedelta:
    """Return how long a list may fail before that is an error: a day, or four intervals."""
    return max(timedelta(days=1), 4 * step)
