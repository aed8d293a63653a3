"""The event as published, and what outputs are given and give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from pipeline.model.programme import Event, Link, Speaker
from pipeline.model.record import Release


class Standing(StrEnum):
    """Where a talk stands, in the words that pages and status use."""

    OUT = "out"
    UNAVAILABLE = "unavailable"
    AWAITED = "awaited"
    NOT_RECORDED = "not_recorded"
    EMBARGOED = "embargoed"
    WITHHELD = "withheld"
    CANCELLED = "cancelled"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A video known to be a talk's. `start` is where the talk begins in a longer video.

    `image` is the path of its stored picture below feeds/, `image_width` and `image_height` are in
    pixels.
    """

    key: str
    url: str
    role: Literal["primary", "alternative", "part", "cue"] = "primary"
    title: str | None = None
    duration: timedelta | None = None
    language: str | None = None
    start: timedelta | None = None
    available: bool = True
    image: str | None = None
    image_width: int | None = None
    image_height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A talk as published: the unit of feeds, pages and mails.

    `position` counts from 1 in programme order. `title` is None for a talk whose title nobody
    knows yet; `title_from` says whether a person or the upload gave it.
    `release` is None until the talk is released. `recordings` has the primary one first and is
    empty for a talk whose standing gates it.
    """

    event_id: str
    event_name: str
    talk_id: str
    position: int
    standing: Standing
    title: str | None = None
    title_from: Literal["programme", "upload"] = "programme"
    speakers: tuple[Speaker, ...] = ()
    summary: str | None = None
    kind: str = "talk"
    day: date | None = None
    language: str = "en"
    series: str | None = None
    track: str | None = None
    tags: tuple[str, ...] = ()
    slides: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    recordings: tuple[Recording, ...] = ()
    release: Release | None = None

    @property
    def key(self) -> str:
        """Return `event/talk`, the talk's name outside its event."""
        return f"{self.event_id}/{self.talk_id}"

    @property
    def primary(self) -> Recording | None:
        """Return the recording that a reader is sent to, if there is any."""
        return self.recordings[0] if self.recordings else None

    @property
    def released(self) -> datetime | None:
        """Return when the talk was released, None while it is not."""
        return self.release.released if self.release else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEvent:
    """An event as outputs see it: entries in programme order, withdrawn talks left out.

    `event` comes without talks, watch lists, origin and plan: `entries` are what it is.
    `tombstones` are feed ids that left the feeds, with the moment they did, oldest first. `fresh`
    are the talks that count as new, by the latest announcement; None where there was none yet.
    """

    event: Event
    entries: tuple[Entry, ...]
    tombstones: tuple[tuple[str, datetime], ...] = ()
    fresh: tuple[str, ...] | None = None


SpareKind = Literal["mail", "markdown", "fragments"]
"""A kind of outputs that nothing else stands on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What outputs know of the place they are published at.

    `url` ends with a slash and is where feeds/ is served. `tag` is the authority and date of the
    tag: URIs (RFC 4151) that feed ids are made of, such as `recaps.example.org,2026`. `feed_size`
    is how many entries a feed shows at least. `hub` is a WebSub hub. `speakers` and `tags` say
    whether there are feeds of each. `subscribe_url` is where a mail address is posted to. `without`
    are the kinds of outputs that are not written.
    """

    tag: str
    url: str
    title: str
    language: str = "en"
    timezone: str = "UTC"
    feed_size: int = 50
    hub: str | None = None
    speakers: bool = False
    tags: bool = False
    subscribe_url: str | None = None
    without: tuple[SpareKind, ...] = ()


CollectionKind = Literal["event", "all", "series", "track", "speaker", "tag", "feeds"]
"""What a collection is of; "feeds" is the list of all feeds, and has no entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed in the list of all feeds: `path` is its folder under feeds/, `home` its page's."""

    kind: CollectionKind
    title: str
    path: str
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What one set of output files is made of; entries are already chosen and ordered.

    `path` is the folder under feeds/ with a slash at its end, "" for all events together.
    `entries` are released talks, newest (highest sequence) first: those of the document that people
    subscribe to, or with a `page` those of this archive page (RFC 5005, section 4). `before` is the
    next older archive page, None where there is none.
    `events` holds the one event; for the collection of all the latest ones, and `older` says how
    many are left out. Of those, outputs may tell what the event is, where each talk stands and
    since when it is released, and nothing else: the rest does not make the collection dirty.
    Other collections, and archive pages, have no events.
    `updated` is the newest change in the document, or a date of the data where it is empty.
    `tombstones` are feed ids that left, oldest first; `feeds` are for the list of all feeds.
    """

    id: str
    path: str
    kind: CollectionKind
    title: str
    feed_id: str
    language: str
    updated: datetime
    entries: tuple[Entry, ...] = ()
    events: tuple[PublishedEvent, ...] = ()
    tombstones: tuple[tuple[str, datetime], ...] = ()
    older: int = 0
    page: int | None = None
    before: int | None = None
    feeds: tuple[FeedLink, ...] = ()

    @property
    def event(self) -> PublishedEvent | None:
        """Return the one event of an event's collection, None for every other."""
        return self.events[0] if self.kind == "event" and self.events else None

    @property
    def in_all_formats(self) -> bool:
        """Tell whether it is a feed in all formats; those of speakers and tags are Atom alone."""
        return self.kind in ("event", "all", "series", "track")

    @property
    def is_guessed(self) -> bool:
        """Tell whether people and readers guess the addresses of its feeds: it has a page."""
        return self.kind in ("event", "all") and self.page is None

    @property
    def home(self) -> str:
        """Return the folder under feeds/ whose page shows what this is a feed of."""
        of_event = self.kind in ("event", "track")
        return f"{self.path.partition('/')[0]}/" if of_event else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One file to publish: its POSIX path under feeds/ and its bytes."""

    path: str
    body: bytes
