"""What watch lists show, and what matching says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Access(StrEnum):
    """Who can watch a video, as its platform says."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DELETED = "deleted"
    MEMBERS = "members"
    UPCOMING = "upcoming"
    LIVE = "live"


AHEAD = timedelta(minutes=5)
"""How far ahead a platform's date may be before the video counts as upcoming: clocks differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A chapter mark from a description: where it starts, and its text."""

    start: timedelta
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """One entry of a watch list. `key` is canonical, such as `youtube:WK7Pt4cSZII`.

    `title` is the upload's, verbatim but for cleaning; None where the list does not know it.
    `platform_date` is what the platform calls the publication date. It is never a feed date.
    `anchors` are ids and links found in the description that name a talk exactly.
    """

    key: str
    url: str
    title: str | None = None
    duration: timedelta | None = None
    language: str | None = None
    channel: str | None = None
    platform_date: datetime | None = None
    access: Access = Access.PUBLIC
    thumbnail: str | None = None
    anchors: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()

    def is_public(self, now: datetime) -> bool:
        """Tell whether anybody can watch it: public, and not dated ahead of `now`."""
        ahead = self.platform_date is not None and self.platform_date > now + AHEAD
        return self.access is Access.PUBLIC and not ahead


class Completeness(StrEnum):
    """How much of a watch list one look shows."""

    COMPLETE = "complete"
    WINDOW = "window"
    """The newest few only; what stood between two looks may have been missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one look at a watch list showed, in the list's own order, each key once.

    `window` is how many entries the list can show at most, where `completeness` is WINDOW.
    `unchanged` means that the server said so (HTTP 304); `videos` is empty then.
    `skipped` names rows that could not be read, one sentence each. `notes` are sentences for a
    person, such as that the list may show more than this look did.
    """

    videos: tuple[Video, ...] = ()
    completeness: Completeness = Completeness.COMPLETE
    window: int | None = None
    unchanged: bool = False
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a source may know of earlier looks: the video keys that the ledger has from it.

    `whole` asks for the whole list, where a source would otherwise stop at the first page that
    shows nothing new.
    """

    keys: frozenset[str] = frozenset()
    whole: bool = True


class Verdict(StrEnum):
    """The three outcomes of matching; NONE is a normal answer."""

    AUTO = "auto"
    REVIEW = "review"
    NONE = "none"


class Stake(StrEnum):
    """What another event has of a video that this one would link."""

    GIVEN = "given"
    """A person linked it there."""
    LINKED = "linked"
    """It was linked there by itself, and stays so."""
    CLAIMED = "claimed"
    """It would be linked there by itself."""


Stakes = tuple[tuple[str, Stake], ...]
"""The other events that have a stake in a video, by id, sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A talk within a longer video, and where it begins."""

    talk: str
    start: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What matching says of one video: how sure, and why.

    `talk` is the chosen talk (AUTO) or the best candidate (REVIEW), None for NONE. `pieces` are
    the talks that a longer video holds, in order (AUTO); `talk` may be None then.
    `probability` has two decimals. `candidates` are (talk id, probability), best first, three at
    most; they are for people and are not stored. `contested` are the other events for whose sake a
    sure link was not made.
    """

    video: str
    verdict: Verdict
    talk: str | None = None
    probability: float = 0.0
    reasons: tuple[str, ...] = ()
    version: int = 0
    contested: Stakes = ()
    pieces: tuple[Piece, ...] = ()
    candidates: tuple[tuple[str, float], ...] = field(default=(), compare=False)
