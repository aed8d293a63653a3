"""What has to be known of an event to tell which shared feeds and pages show anything of it.

A place goes to the event's row below feeds/ and back, so that nobody has to open the event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal, cast

import orjson

from pipeline.model import Entry, PublishedEvent, Site, Standing
from pipeline.model.same import Same
from pipeline.selection.history import page_of
from pipeline.selection.topics import FOLDERS, topic_names, topic_slug, tracks

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TOMBSTONES = 50
"""Feed ids that left, in one document at most: the newest ones."""

_TO_COME = (Standing.AWAITED, Standing.EMBARGOED, Standing.UNAVAILABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An event's part of an archive page: its numbers there, and the hash of those entries."""

    page: int
    numbers: tuple[int, ...]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What an event has of a speaker's or tag's feed: the name as spelled there, its numbers."""

    kind: Literal["speaker", "tag"]
    name: str
    numbers: tuple[int, ...]

    @property
    def path(self) -> str:
        """Return the folder of the feed."""
        return f"{FOLDERS[self.kind]}/{topic_slug(self.name)}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an event stands among the others.

    `talks` leaves cancelled ones out; `to_come` are those whose recording may still come.
    `tracks` are slugs and names. `kinds` are those whose `topics` are told. `tombstones` are the
    newest, oldest first.
    """

    id: str
    name: str
    end: date
    talks: int
    out: int
    to_come: int
    series: str | None = None
    tracks: tuple[tuple[str, str], ...] = ()
    shares: tuple[Share, ...] = ()
    kinds: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    tombstones: tuple[tuple[str, datetime], ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the folders of the shared feeds that hold all of its entries."""
        return ("", f"series/{self.series}/") if self.series else ("",)

    def plain(self) -> dict[str, object]:
        """Return it as JSON values, without the id."""
        return {
            "name": self.name,
            "end": self.end.isoformat(),
            "talks": self.talks,
            "out": self.out,
            "to_come": self.to_come,
            "series": self.series,
            "tracks": [list(each) for each in self.tracks],
            "shares": [[each.page, each.digest, list(each.numbers)] for each in self.shares],
            "kinds": list(self.kinds),
            "topics": [[each.kind, each.name, list(each.numbers)] for each in self.topics],
            "tombstones": [[each, when.isoformat()] for each, when in self.tombstones],
        }


def place(published: PublishedEvent, site: Site) -> Place:
    """Return an event's place; its topics as far as the site has feeds of them."""
    standings = [entry.standing for entry in published.entries]
    entries = newest_first([published])
    return Place(
        id=published.event.id,
        name=published.event.name,
        end=published.event.end,
        talks=len(standings) - standings.count(Standing.CANCELLED),
        out=standings.count(Standing.OUT),
        to_come=sum(standing in _TO_COME for standing in standings),
        series=published.event.series,
        tracks=tuple(tracks(published).items()),
        shares=_shares(entries),
        kinds=_kinds(site),
        topics=tuple(topic for kind in _kinds(site) for topic in _topics(entries, kind)),
        tombstones=published.tombstones[-TOMBSTONES:],
    )


def newest_first(events: Iterable[PublishedEvent]) -> tuple[Entry, ...]:
    """Return the released entries, highest sequence number first."""
    released = [
        entry
        for each in events
        for entry in each.entries
        if entry.release and entry.release.released and entry.release.sequence is not None
    ]
    released.sort(key=lambda entry: (-sequence(entry), entry.key))
    return tuple(released)


def sequence(entry: Entry) -> int:
    """Return the sequence number of an entry, 0 where it is not released."""
    return (entry.release and entry.release.sequence) or 0


def parse_place(event_id: str, plain: Mapping[str, object], site: Site) -> Place | None:
    """Return the place that `Place.plain` gave, None where `plain` is something else.

    So it is where it comes from a time when the site had feeds of other kinds.
    """
    try:
        if plain["kinds"] != list(_kinds(site)):
            return None
        series = plain["series"]
        return Place(
            id=event_id,
            name=_text(plain["name"]),
            end=date.fromisoformat(_text(plain["end"])),
            talks=_number(plain["talks"]),
            out=_number(plain["out"]),
            to_come=_number(plain["to_come"]),
            series=None if series is None else _text(series),
            tracks=tuple((_text(slug), _text(name)) for slug, name in _rows(plain["tracks"])),
            shares=tuple(
                Share(page=_number(page), digest=_text(digest), numbers=_numbers(numbers))
                for page, digest, numbers in _rows(plain["shares"])
            ),
            kinds=_kinds(site),
            topics=tuple(
                Topic(kind=_kind(kind), name=_text(name), numbers=_numbers(numbers))
                for kind, name, numbers in _rows(plain["topics"])
            ),
            tombstones=tuple(
                (_text(feed_id), _moment(when)) for feed_id, when in _rows(plain["tombstones"])
            ),
        )
    except (KeyError, ValueError, TypeError):
        return None


def _shares(entries: Iterable[Entry]) -> tuple[Share, ...]:
    """Return what an event has in each archive page, the newest first, from newest entries on."""
    pages: dict[int, list[Entry]] = {}
    for entry in entries:
        pages.setdefault(page_of(sequence(entry)), []).append(entry)
    return tuple(
        Share(
            page=page,
            numbers=tuple(sequence(entry) for entry in held),
            digest=digest([entry_digest(Same(entry)) for entry in held])[:16],
        )
        for page, held in pages.items()
    )


def _kinds(site: Site) -> tuple[Literal["speaker", "tag"], ...]:
    """Return of which kinds the site has feeds."""
    wanted: tuple[tuple[Literal["speaker", "tag"], bool], ...] = (
        ("speaker", site.speakers),
        ("tag", site.tags),
    )
    return tuple(kind for kind, is_wanted in wanted if is_wanted)


def _topics(entries: Iterable[Entry], kind: Literal["speaker", "tag"]) -> tuple[Topic, ...]:
    found: dict[str, tuple[str, list[int]]] = {}
    for entry in entries:
        for name in topic_names(entry, kind):
            slug = topic_slug(name)
            spelled, numbers = found.get(slug, (name, []))
            found[slug] = (min(spelled, name), [*numbers, sequence(entry)])
    return tuple(
        Topic(kind=kind, name=name, numbers=tuple(dict.fromkeys(numbers)))
        for _, (name, numbers) in sorted(found.items())
    )


# The event's own files and the archive pages ask for the same.
@lru_cache(maxsize=512)
def entry_digest(given: Same[Entry]) -> str:
    """Return the hash of an entry."""
    return digest(given.value)


def digest(value: object) -> str:
    """Return a hash of values of the core: of their fields by name, as JSON.

    It is stable for one version of the program. What JSON cannot hold is told by its repr, which
    takes longer.
    """
    try:
        told = orjson.dumps(value, default=repr)
    except TypeError:
        told = repr(value).encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no number")
    return value


def _rows(value: object) -> Sequence[Sequence[object]]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    return cast("list[list[object]]", value)


def _numbers(value: object) -> tuple[int, ...]:
    return tuple(_number(each) for each in _rows(value))


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} names no time zone")
    return moment


def _kind(value: object) -> Literal["speaker", "tag"]:
    match value:
        case "speaker" | "tag":
            return value
        case _:
            raise ValueError(f"{value!r} is no topic")
