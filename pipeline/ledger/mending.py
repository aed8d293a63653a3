"""Times that were stamped while a clock ran ahead, set right as a person said (MEND_CLOCK).

A row's time is judged by the run's clock as well: only what still lies ahead of it can be wrong.
Which talks, feed ids, numbers and announcements there are stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from pipeline.model import Decision, Gap, Installation, Ledger, Mend, Misses, Verb

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    T = TypeVar("T", bound=DataclassInstance)

_Right = Callable[[datetime], datetime]


def mends(words: Iterable[Decision]) -> tuple[Mend, ...]:
    """Return what `words`, decisions that stand, say of clocks that ran ahead."""
    return tuple(word.mend for word in words if word.verb is Verb.MEND_CLOCK and word.mend)


def meant(moment: datetime, said: Iterable[Mend]) -> datetime:
    """Return what a time means by what was `said`; itself where nothing speaks of it."""
    for each in said:
        if each.since <= moment <= each.until:
            moment = each.at
    return moment


def mend(ledger: Ledger, words: Iterable[Decision], now: datetime) -> Ledger:
    """Return the ledger with its times set right by `words`, the decisions that stand."""
    said = mends(words)
    return _ledger(ledger, lambda one: meant(one, said) if one > now else one) if said else ledger


def mend_installation(
    installation: Installation, words: Iterable[Decision], now: datetime
) -> Installation:
    """Return the same of what all events share."""
    stamped = (*installation.events.values(), *installation.retired.values())
    if max((*stamped, installation.newest or now)) <= now:
        return installation
    said = mends(words)
    return _installation(installation, lambda one: meant(one, said) if one > now else one)


def moments(installation: Installation, ledgers: Iterable[Ledger]) -> Iterator[datetime]:
    """Yield every time that runs stamped, of what all events share and of each ledger."""
    found: list[datetime] = []

    def note(one: datetime) -> datetime:
        found.append(one)
        return one

    _installation(installation, note)
    for ledger in ledgers:
        _ledger(ledger, note)
    yield from found


def _ledger(ledger: Ledger, right: _Right) -> Ledger:
    return replace(
        ledger,
        videos=_rows(ledger.videos, right),
        talks=_rows(ledger.talks, right),
        watches=_rows(ledger.watches, right),
        announcements=tuple(_row(one, right) for one in ledger.announcements),
    )


def _installation(installation: Installation, right: _Right) -> Installation:
    return replace(
        _row(installation, right),
        events={key: right(one) for key, one in installation.events.items()},
        retired={key: right(one) for key, one in installation.retired.items()},
    )


def _rows(rows: Mapping[str, T], right: _Right) -> dict[str, T]:
    return {key: _row(row, right) for key, row in rows.items()}


def _row(row: T, right: _Right) -> T:
    """Return a row with its own times set right; those of a video are its platform's."""
    found: dict[str, object] = {}
    for one in fields(row):
        value = getattr(row, one.name)
        if isinstance(value, datetime):
            found[one.name] = right(value)
        elif isinstance(value, Gap | Misses):
            found[one.name] = _row(value, right)
    return replace(row, **found) if found else row
