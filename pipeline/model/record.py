"""The ledger's rows: what the machine has seen, stamped and announced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pipeline.model.listing import Match, Video


@dataclass(frozen=True, slots=True, kw_only=True)
class Misses:
    """Good, complete looks that no longer showed a video: when first, how many, when last."""

    first: datetime
    count: int
    latest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenVideo:
    """A video as the ledger keeps it. A row that is held back keeps key and match only.

    `image` is the path of its stored picture below feeds/, `image_width` and `image_height` are in
    pixels; `image_sha256` is of its bytes, hexadecimal.
    """

    video: Video
    watches: tuple[str, ...] = ()
    first_seen: datetime | None = None
    first_public: datetime | None = None
    match: Match | None = None
    image: str | None = None
    image_sha256: str | None = None
    image_width: int | None = None
    image_height: int | None = None
    replaced_by: str | None = None
    misses: Misses | None = None
    gone: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A talk's row in the ledger. `released` is stamped once and never moves while it is set.

    `released` and `sequence` are None after an unlinking (`deleted` says when), until the talk is
    released again under the same feed id. `assumed` says that `released` is the event's last day
    for want of a date: feeds need one, people are not told it. `left` is when it had left, where it
    came back just as it was: what was told of it before was right.
    """

    feed_id: str
    released: datetime | None
    updated: datetime
    digest: str
    sequence: int | None
    deleted: datetime | None = None
    assumed: bool = False
    left: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A watch list may have missed videos between two looks."""

    after: datetime | None
    before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRow:
    """A watch list's row in the ledger: first good look, first complete look, open gap."""

    first_good: datetime | None = None
    first_complete: datetime | None = None
    gap: Gap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    """How far one announcement has come at one mail target.

    `draft` is a newsletter tool's own id of the draft that tells of it, `body_sha256` what was put
    there last. `edited` says that a person has changed or scheduled that draft, so it is left
    alone, `leaving` that its letters are on their way; `draft` is then the newest announcement
    that they tell of.
    """

    state: Literal["draft", "edited", "leaving", "sent", "skipped"]
    draft: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One batch of released talks that a mail tells of; a skipped one holds a backlog."""

    id: str
    time: datetime
    talks: tuple[str, ...]
    kind: Literal["batch", "backlog", "closing"] = "batch"
    targets: Mapping[str, TargetState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft:
    """What the open announcements of an event tell at one target, together; stored nowhere.

    `id` and `time` are those of its newest announcement. `talks` are the ids still to be told, in
    the order in which they were announced; none in a closing recap that only closes, or where a
    tool still holds a draft of talks that were all taken back. `corrected` are those of them that
    a mail told before, with a recording that was wrong. `approved` is when a person said that it
    may go. `known` is the tool's own id of it, `body_sha256` what was put there last; `edited`
    says that a person changed it there, `leaving` that its letters are on their way. `taken_back`
    are talks that it may still tell of at its tool, where it is left alone.
    """

    target: str
    id: str
    time: datetime
    announcements: tuple[str, ...]
    talks: tuple[str, ...]
    kind: Literal["batch", "backlog", "closing"] = "batch"
    corrected: tuple[str, ...] = ()
    approved: datetime | None = None
    edited: bool = False
    leaving: bool = False
    known: str | None = None
    body_sha256: str | None = None
    taken_back: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """recordings.yaml of one event; mappings are keyed by video key, talk id, watch id."""

    videos: Mapping[str, SeenVideo] = field(default_factory=dict)
    talks: Mapping[str, Release] = field(default_factory=dict)
    watches: Mapping[str, WatchRow] = field(default_factory=dict)
    announcements: tuple[Announcement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """data/ledger.yaml: events known (id to the moment they were first published) and retired,
    the sequence counter, and the newest stamp given.
    """

    events: Mapping[str, datetime] = field(default_factory=dict)
    retired: Mapping[str, datetime] = field(default_factory=dict)
    sequence: int = 0
    newest: datetime | None = None
