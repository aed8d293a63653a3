"""How often a watch list is looked at: computed from event and ledger, refined by what happened.

Pure: without any memory everything is due, so losing the state costs time and nothing else.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta

from pipeline.model import Event, Expectation, Ledger, Watch

FRESH = timedelta(days=35)
"""Age of an event until which its recordings are expected from one hour to the next."""

ARCHIVED = timedelta(days=120)
"""Age of an event from which it may be settled."""

BY_AGE = (
    (FRESH, timedelta(minutes=30)),
    (ARCHIVED, timedelta(hours=6)),
    (timedelta(days=400), timedelta(days=1)),
)
"""Age of the event (since its last day), and the interval up to it; weekly afterwards."""

WEEKLY = timedelta(days=7)

BURST = timedelta(hours=2)
"""How long after a new video more are expected: uploads come in batches."""

BURST_STEP = timedelta(minutes=10)

QUIET = timedelta(days=90)
"""How long nothing new was seen of an event that is settled."""

RECHECK = timedelta(days=30)
"""How often the lists of a settled event are looked at."""

FIRST_RETRY = timedelta(minutes=5)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SLACK = 0.1
"""Share of the interval by which lists are spread, so that not all are looked at at once."""

JITTER = 0.5
"""The same for tries after a failure: lists that failed together are not tried together."""


def interval(event: Event, *, watch: Watch, ledger: Ledger, now: datetime) -> timedelta:
    """Return how often `watch` is looked at: `every:`, else by the event's age.

    Sooner while uploads come in; rarely once the event is settled.
    """
    if watch.every:
        return watch.every
    age = _age(event, now)
    step = next((step for limit, step in BY_AGE if age <= limit), WEEKLY)
    if _is_bursting(watch, ledger, now):
        return min(step, BURST_STEP)
    return RECHECK if is_settled(event, ledger=ledger, now=now) else step


def is_fresh(event: Event, now: datetime) -> bool:
    """Tell whether the event has not ended yet, or no longer ago than `FRESH`."""
    return _age(event, now) <= FRESH


def is_settled(event: Event, *, ledger: Ledger, now: datetime) -> bool:
    """Tell whether nothing of the event is awaited any more.

    So it is when it is archived, nothing new was seen of it for long, and every talk is out or
    known to stay in. An embargo that has not ended keeps it open.
    """
    if _age(event, now) <= ARCHIVED or not ledger.watches:
        return False
    if any(row.first_seen and now - row.first_seen < QUIET for row in ledger.videos.values()):
        return False
    out = {talk_id for talk_id, row in ledger.talks.items() if row.released}
    awaited = (Expectation.EXPECTED, Expectation.EMBARGOED)
    return all(talk.id in out or talk.expectation not in awaited for talk in event.talks)


def next_look(
    key: str, step: timedelta, *, last_try: datetime | None, failures: int = 0, fresh: bool = True
) -> datetime | None:
    """Return when the list `key` is due again; None, that is now, if it was never tried.

    After failures it is tried sooner than a long interval and ever more rarely: up to an hour
    apart while its event is `fresh`, up to a day apart later, never not at all.
    """
    if last_try is None:
        return None
    if not failures:
        return last_try + step * (1 - SLACK * _share(key))
    longest = HOUR if fresh else min(max(step, HOUR), DAY)
    wait: timedelta = min(longest, FIRST_RETRY * 2 ** min(failures - 1, 16))
    return last_try + wait * (1 - JITTER * _share(f"{key} {failures}"))


def longest_rest(*, fresh: bool) -> timedelta:
    """Return how long a server's max-age is believed at most."""
    return HOUR if fresh else DAY


def freshness_budget(step: timedelta) -> timedelta:
    """Return how long a list may fail before that is an error: a day, or four intervals."""
    return max(DAY, 4 * step)


def _age(event: Event, now: datetime) -> timedelta:
    return now - datetime.combine(event.end, time(), tzinfo=UTC)


def _is_bursting(watch: Watch, ledger: Ledger, now: datetime) -> bool:
    """Tell whether a list showed something new lately; all is new to a first look, so that is
    no burst."""
    row = ledger.watches.get(watch.id)
    begun = row.first_good if row else None
    return begun is not None and any(
        seen.first_seen and begun < seen.first_seen and now - seen.first_seen < BURST
        for seen in ledger.videos.values()
        if watch.id in seen.watches
    )


def _share(seed: str) -> float:
    """Return a number from 0 to 1 that is always the same for `seed`."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:2]) / 0xFFFF
