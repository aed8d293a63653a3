"""Which entries stand in which feed and page, and what an output's inputs hash to.

The collection of all events shows a part of them only: the newest entries and the latest events.
An `Index` says which events that part comes from, so that nobody has to read the others.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from pipeline.model import Collection, Entry, PublishedEvent, Site, Standing

ALL = "_all"
"""Id of the collection of all events together; no event id can contain an underscore."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

INDEX_SIZE = 100
"""Events that the page of all events lists: the latest ones. One page of them is 60 kB."""

_TO_COME = (Standing.AWAITED, Standing.EMBARGOED, Standing.UNAVAILABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What has to be known of an event to tell whether the collection of all shows it.

    `sequence` is its newest entry's, 0 where nothing is released; `updated` its newest change.
    `talks` leaves cancelled ones out; `to_come` are those whose recording may still come.
    """

    id: str
    end: date
    sequence: int
    updated: datetime
    talks: int
    out: int
    to_come: int

    def plain(self) -> dict[str, str | int | None]:
        """Return it as JSON values, without the id."""
        return {
            "end": self.end.isoformat(),
            "sequence": self.sequence,
            "updated": self.updated.isoformat(),
            "talks": self.talks,
            "out": self.out,
            "to_come": self.to_come,
        }


def place(published: PublishedEvent) -> Place:
    """Return an event's place."""
    standings = [entry.standing for entry in published.entries]
    released = _newest_first([published])
    return Place(
        id=published.event.id,
        end=published.event.end,
        sequence=_sequence(released[0]) if released else 0,
        updated=_newest_change([published], default=EPOCH),
        talks=len(standings) - standings.count(Standing.CANCELLED),
        out=standings.count(Standing.OUT),
        to_come=sum(standing in _TO_COME for standing in standings),
    )


def parse_place(event_id: str, plain: Mapping[str, str | int | None]) -> Place | None:
    """Return the place that `Place.plain` gave, None where `plain` is something else."""
    try:
        end, updated = str(plain["end"]), str(plain["updated"])
        numbers = {name: plain[name] for name in ("sequence", "talks", "out", "to_come")}
        moment = datetime.fromisoformat(updated)
        if moment.tzinfo is None:
            return None
        return Place(
            id=event_id,
            end=date.fromisoformat(end),
            updated=moment,
            **{name: int(number) for name, number in numbers.items() if isinstance(number, int)},
        )
    except (KeyError, ValueError, TypeError):
        return None


class Index:
    """The places of all events, ordered by day, by newest release and by newest change.

    Putting one costs the same for ten events and, but for moving pointers, for ten thousand.
    """

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._days: list[tuple[date, str]] = []
        self._releases: list[tuple[int, str]] = []
        self._changes: list[tuple[datetime, str]] = []
        self.talks = 0
        self.out = 0
        self.unsettled = 0

    def __len__(self) -> int:
        """Return how many events there are."""
        return len(self._places)

    def __contains__(self, event_id: object) -> bool:
        """Tell whether an event has a place."""
        return event_id in self._places

    def put(self, one: Place) -> None:
        """Give an event its place, in the place of an earlier one."""
        if self._places.get(one.id) == one:
            return
        self.remove(one.id)
        self._places[one.id] = one
        insort(self._days, (one.end, one.id))
        insort(self._releases, (one.sequence, one.id))
        insort(self._changes, (one.updated, one.id))
        self._count(one, 1)

    def remove(self, event_id: str) -> None:
        """Forget an event, if it is known."""
        one = self._places.pop(event_id, None)
        if one is None:
            return
        del self._days[bisect_left(self._days, (one.end, one.id))]
        del self._releases[bisect_left(self._releases, (one.sequence, one.id))]
        del self._changes[bisect_left(self._changes, (one.updated, one.id))]
        self._count(one, -1)

    def retain(self, event_ids: Set[str]) -> None:
        """Forget every event but these."""
        for event_id in [each for each in self._places if each not in event_ids]:
            self.remove(event_id)

    def shown(self, site: Site) -> frozenset[str]:
        """Return the events that the collection of all shows anything of.

        Any of its newest entries belongs to one of as many events with the newest releases.
        """
        latest = [event_id for _, event_id in self._days[-INDEX_SIZE:]]
        newest = [event_id for _, event_id in self._releases[-site.feed_size :]]
        return frozenset((*latest, *newest))

    @property
    def updated(self) -> datetime:
        """Return the newest change in any event."""
        return self._changes[-1][0] if self._changes else EPOCH

    def _count(self, one: Place, times: int) -> None:
        self.talks += times * one.talks
        self.out += times * one.out
        self.unsettled += times * bool(one.to_come)


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


def all_collection(
    shown: Sequence[PublishedEvent], site: Site, *, known: int, updated: datetime
) -> Collection:
    """Return what the files directly under `feeds/` are made of; the latest event first.

    `shown` are at least the events that `Index.shown` names; any more of them change nothing.
    `known` is how many there are in all, `updated` the newest change in any.
    """
    latest = sorted(shown, key=lambda one: (one.event.end, one.event.id), reverse=True)
    listed = tuple(latest[:INDEX_SIZE])
    return Collection(
        id=ALL,
        path="",
        title=site.title,
        feed_id=f"tag:{site.tag}:{ALL}",
        language=site.language,
        updated=updated,
        entries=_newest_first(shown)[: site.feed_size],
        events=listed,
        tombstones=tuple(
            sorted((one for each in listed for one in each.tombstones), key=lambda one: one[1])
        ),
        older=known - len(listed),
    )


def inputs_hash(collection: Collection, site: Site, *, templates: str, version: str) -> str:
    """Return the hash of everything that the collection's files are made of.

    `templates` is the templates' fingerprint, `version` the program's. Values of the core hash by
    their repr, which names every field; it is stable for one version of the program.
    """
    whole = repr((_told(collection), site, templates, version))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _told(collection: Collection) -> object:
    """Return what outputs may tell: of the events of all, where each talk stands and since when."""
    if collection.path:
        return collection
    events = tuple(
        (one.event, tuple((entry.standing, entry.released) for entry in one.entries))
        for one in collection.events
    )
    return replace(collection, events=()), events


def _newest_first(events: Iterable[PublishedEvent]) -> tuple[Entry, ...]:
    """Return the released entries, highest sequence number first."""
    released = [
        entry
        for each in events
        for entry in each.entries
        if entry.release and entry.release.released and entry.release.sequence is not None
    ]
    released.sort(key=lambda entry: (-_sequence(entry), entry.key))
    return tuple(released)


def _sequence(entry: Entry) -> int:
    return (entry.release and entry.release.sequence) or 0


def _newest_change(events: Iterable[PublishedEvent], *, default: datetime) -> datetime:
    moments = [
        *(entry.release.updated for one in events for entry in one.entries if entry.release),
        *(moment for one in events for _, moment in one.tombstones),
    ]
    return max(moments, default=default)
