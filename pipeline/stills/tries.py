"""When a preview image that cannot be had may be asked for again, in the state database.

Addresses are kept as hashes: what was withdrawn is not to be read here. Losing all of it costs a
request for each picture that cannot be had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from pipeline.state.database import State
from pipeline.state.tables import METADATA, Moment

_FIRST = timedelta(hours=1)
_LONGEST = timedelta(days=7)
_FORGOTTEN = timedelta(days=90)
_CHUNK = 500

_stills = sa.Table(
    "stills",
    METADATA,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("not_before", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """How often in a row an address gave no picture, and when it may be asked again."""

    failures: int
    not_before: datetime


def again(last: Try | None, now: datetime, *, retry_after: datetime | None = None) -> Try:
    """Return what becomes of `last` by one more failure: an hour, doubled each time, a week at
    most; longer only where the server asks for it.
    """
    failures = (last.failures if last else 0) + 1
    rest = min(_FIRST * 2 ** min(failures - 1, 10), _LONGEST)
    return Try(failures=failures, not_before=max(now + rest, retry_after or now))


class Tries:
    """The addresses that gave no picture when they were last asked."""

    def __init__(self, state: State) -> None:
        self._state = state

    def recall(self, addresses: Iterable[str]) -> dict[str, Try]:
        """Return by address what is known of those of `addresses` that failed."""
        named = {_hash(address): address for address in addresses}
        hashes = sorted(named)
        found: dict[str, Try] = {}
        with self._state.transaction() as connection:
            for start in range(0, len(hashes), _CHUNK):
                part = hashes[start : start + _CHUNK]
                query = sa.select(_stills).where(_stills.c.address.in_(part))
                for address, failures, not_before in connection.execute(query):
                    found[named[address]] = Try(failures=failures, not_before=not_before)
        return found

    def keep(self, failed: Mapping[str, Try], done: Iterable[str], *, now: datetime) -> None:
        """Store the addresses that failed, and forget those that are `done` or long past."""
        rows = [
            {"address": _hash(one), "failures": each.failures, "not_before": each.not_before}
            for one, each in failed.items()
        ]
        stale = [{"stale": _hash(address)} for address in (*failed, *done)]
        with self._state.transaction() as connection:
            connection.execute(_stills.delete().where(_stills.c.not_before < now - _FORGOTTEN))
            same = _stills.c.address == sa.bindparam("stale")
            if stale:
                connection.execute(_stills.delete().where(same), stale)
            if rows:
                connection.execute(_stills.insert(), rows)


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:32]
