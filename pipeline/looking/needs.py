"""What an event needs of a list, and what the events that share a list need together.

Pure. Knows neither sources nor threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from pipeline import cadence
from pipeline.fetch import Validators, host_of
from pipeline.ledger import is_held
from pipeline.model import Event, Ledger, Watch

LEDGER = "ledger"
"""Pseudo address under which the state keeps which sightings its validators speak of."""

SELDOM = timedelta(days=1)
"""A list that is looked at this rarely is asked for whole each time."""

Identity = tuple[object, ...]
"""What makes two lists the same one: kind, options, the folder of a path, and the fallback's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one event needs of a list.

    `key` is `event/watch`, `keys` what the ledger has from the list. `whole` asks for the list to
    its end, `anew` for an answer even if it is unchanged. `gap` says that videos may have been
    missed, `since` when the event began. `stored` are the validators of the last answer whose
    sightings the ledger still has.
    """

    key: str
    since: datetime
    keys: frozenset[str] = frozenset()
    whole: bool = True
    anew: bool = False
    gap: bool = False
    stored: Mapping[str, Validators] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a list on behalf of all in `needs`."""

    watch: Watch
    folder: Path
    needs: tuple[Need, ...]
    keys: frozenset[str]
    whole: bool
    sent: Mapping[str, Validators]


def need(
    event: Event,
    *,
    watch: Watch,
    ledger: Ledger,
    now: datetime,
    stored: Mapping[str, tuple[str | None, str | None]],
) -> Need:
    """Return what `event` needs of `watch`: from its ledger and its age alone.

    Only `stored`, the validators that the state kept, may be lost; then everything is fetched.
    """
    keys = known_keys(ledger, watch)
    row = ledger.watches.get(watch.id)
    # A row that is held back has lost its title; only a whole answer can give it again. And an
    # absence that is being counted wants an answer that lacks the video, not "unchanged".
    held = any(is_held(seen) for seen in ledger.videos.values())
    missing = any(ledger.videos[key].misses and not ledger.videos[key].gone for key in keys)
    seldom = cadence.interval(event, watch=watch, ledger=ledger, now=now) >= SELDOM
    gap = bool(row and row.gap)
    return Need(
        key=f"{event.id}/{watch.id}",
        since=datetime.combine(event.start, time(), tzinfo=UTC),
        keys=keys,
        whole=row is None or row.first_complete is None or gap or missing or held or seldom,
        anew=held or missing,
        gap=gap,
        stored={} if held or missing else _trusted(stored, keys),
    )


def _trusted(
    stored: Mapping[str, tuple[str | None, str | None]], keys: frozenset[str]
) -> dict[str, Validators]:
    """Return the stored validators, if the ledger still knows what they speak of.

    A dataset that was set back (by git, or by hand) must not be told "unchanged".
    """
    mark, _ = stored.get(LEDGER, (None, None))
    if mark != fingerprint(keys):
        return {}
    return {
        url: Validators(etag=etag, last_modified=modified)
        for url, (etag, modified) in stored.items()
        if url != LEDGER
    }


def together(watch: Watch, *, folder: Path, needs: Sequence[Need]) -> Question:
    """Return the one question whose answer serves all `needs`, of which there is at least one.

    A source may stop where all is known: so it is told what every event knows. "Unchanged" speaks
    to those who saw the last answer: so it is asked for only where all saw the same one.
    """
    stored = needs[0].stored
    alike = all(each.stored == stored and not each.anew for each in needs)
    return Question(
        watch=watch,
        folder=folder,
        needs=tuple(needs),
        keys=frozenset.intersection(*(each.keys for each in needs)),
        whole=any(each.whole for each in needs),
        sent=stored if alike else {},
    )


def identity(watch: Watch, *, folder: Path) -> Identity:
    """Return what is equal for two lists that are the same one; paths start at `folder`."""
    place = folder if "path" in watch.options else None
    below = identity(watch.fallback, folder=folder) if watch.fallback else None
    return (watch.kind, tuple(sorted(watch.options.items())), place, below)


def base_of(watch: Watch, *, folder: Path) -> Path:
    """Return where relative paths of a list start: the event's folder, for a series data/."""
    return folder.parent if watch.series else folder


def host_for(watch: Watch) -> str:
    """Return the host that a list waits in line for; its kind, where no option names one."""
    where = watch.options.get("base") or watch.options.get("url") or ""
    return host_of(where if "//" in where else f"//{where}") or watch.kind


def known_keys(ledger: Ledger, watch: Watch) -> frozenset[str]:
    """Return the keys that the ledger has from `watch`."""
    return frozenset(key for key, row in ledger.videos.items() if watch.id in row.watches)


def fingerprint(keys: Iterable[str]) -> str:
    """Return a short hash of a set of video keys."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:16]
