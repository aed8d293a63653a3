"""What people write: events, talks, speakers, watch lists, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal


class Expectation(StrEnum):
    """What a talk's organiser says of its recording; all but EXPECTED keep it out of outputs."""

    EXPECTED = "expected"
    NOT_RECORDED = "not_recorded"
    EMBARGOED = "embargoed"
    WITHHELD = "withheld"
    CANCELLED = "cancelled"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A person on stage, as of the event; `also` holds other spellings of the name."""

    name: str
    role: str | None = None
    affiliation: str | None = None
    also: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A labelled URL that belongs to a talk."""

    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One talk of a programme. Its id is unique within the event and stays for life.

    `recordings` and `not_videos` are video keys that a person wrote into event.yaml, or that the
    programme names; the first of `recordings` is the primary one. `length` is the planned slot.
    `codes` are what the programme's own system calls the talk (guid, code, slug), each exact;
    `url` is its page there.
    `embargo` is the first day (in the event's zone) on which an embargoed talk may appear.
    """

    id: str
    title: str | None = None
    also: tuple[str, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    summary: str | None = None
    kind: str = "talk"
    day: date | None = None
    length: timedelta | None = None
    language: str | None = None
    track: str | None = None
    tags: tuple[str, ...] = ()
    slides: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    codes: tuple[str, ...] = ()
    url: str | None = None
    expectation: Expectation = Expectation.EXPECTED
    embargo: date | None = None
    recordings: tuple[str, ...] = ()
    not_videos: tuple[str, ...] = ()
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Which videos of a watch list are passed over, whatever their titles match.

    `min_duration` bars shorter ones whose length is known; None bars shorts only. `title_matches`
    and `ignore` are regular expressions that are searched for in the upload's title, upper and
    lower case alike: only titles that match the first are taken, and none that matches one of the
    second.
    """

    min_duration: timedelta | None = None
    title_matches: str | None = None
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A video list that is looked at for new recordings.

    `only_this_event` says that every video of the list belongs to the event, so that a unique
    speaker may decide for a talk without a title. `options` are the source kind's own keys.
    `fallback` is a fuller way to the same list, looked at where this one may have missed videos.
    `series` is the series whose events share the list; None for a list of one event.
    `place` is (line, column) in its file, from 1, for messages.
    """

    id: str
    kind: str
    only_this_event: bool
    every: timedelta | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    fallback: Watch | None = None
    series: str | None = None
    place: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an event's programme is imported from: `kind` of programme system and its address.

    `every` is how often it is read again; `options` are the kind's own keys. `place` is
    (line, column) in event.yaml, from 1, for messages.
    """

    kind: str
    where: str
    every: timedelta | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    place: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When released talks are announced, and when an event's closing recap is due.

    `each`: once nothing more came for `quiet`. `daily` and `weekly`: at `at` in the event's zone,
    `weekly` on `weekday` (0 is Monday). `every`: as soon as `count` talks wait. `complete`: in the
    closing recap alone. `manual`: when a person asks. The closing recap comes when every talk is
    settled, or nothing came for `close_after`.
    """

    when: Literal["each", "daily", "weekly", "every", "complete", "manual"] = "each"
    at: time = time(9)
    weekday: int = 3
    count: int = 5
    quiet: timedelta = timedelta(hours=2)
    close_after: timedelta = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One edition of a conference, meetup or series, with its programme in order.

    `also` holds other names under which the same event is known. `start` and `end` are days in
    `timezone` (an IANA name). The three recap texts are Markdown. `plan` is the event's own word
    on announcements, None where the installation's holds.
    """

    id: str
    name: str
    start: date
    end: date
    timezone: str
    talks: tuple[Talk, ...]
    watches: tuple[Watch, ...] = ()
    also: tuple[str, ...] = ()
    short_name: str | None = None
    series: str | None = None
    language: str = "en"
    venue: str | None = None
    city: str | None = None
    country: str | None = None
    website: str | None = None
    recap_title: str | None = None
    introduction: str | None = None
    conclusion: str | None = None
    author: str | None = None
    origin: Origin | None = None
    plan: Plan | None = None
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One event as a programme system tells it; what that does not tell is None.

    `name` is the event's own; `talks` are in programme order, each under an id that is only a
    proposal (binding gives the ids that last). `key` is what the programme's archive calls the
    event, a proposal for its id. `skipped` names what could not be read, one sentence each.
    """

    key: str | None = None
    name: str | None = None
    start: date | None = None
    end: date | None = None
    timezone: str | None = None
    language: str | None = None
    venue: str | None = None
    city: str | None = None
    country: str | None = None
    website: str | None = None
    recap_title: str | None = None
    introduction: str | None = None
    conclusion: str | None = None
    author: str | None = None
    talks: tuple[Talk, ...] = ()
    skipped: tuple[str, ...] = ()


class Verb(StrEnum):
    """What a decision file may say."""

    LINK = "link"
    NOT_THIS = "not-this"
    IGNORE = "ignore"
    UNLINK = "unlink"
    WITHDRAW = "withdraw"
    UNWITHDRAW = "unwithdraw"
    UNDO = "undo"
    ANNOUNCE = "announce"
    APPROVE = "approve"
    SENT = "sent"
    SKIP = "skip"
    CLOSE_GAP = "close-gap"
    RETIRE = "retire"
    MEND_CLOCK = "mend-clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """Times from `since` to `until`, both included, that a clock gave which ran ahead; they mean
    `at`.
    """

    since: datetime
    until: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One word of a person, as its file under decisions/ holds it; `id` is the file's stem.

    `undoes` names the decision that an UNDO takes back; `announcement` is what APPROVE, SENT and
    SKIP speak of, and `target` where, None for everywhere; ANNOUNCE asks for one of all that
    waits. `watch` is what CLOSE_GAP speaks of. `start` is where, in a longer video, the talk begins
    that LINK speaks of; None for a video of its own. `mend` is what MEND_CLOCK
    says.
    """

    id: str
    time: datetime
    verb: Verb
    by: str
    video: str | None = None
    talk: str | None = None
    speaker: str | None = None
    event: str | None = None
    watch: str | None = None
    announcement: str | None = None
    target: str | None = None
    undoes: str | None = None
    reason: str | None = None
    start: timedelta | None = None
    mend: Mend | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """data/no-publish.yaml and the withdrawals of every event: what must never appear anywhere.

    `talks` are `event/talk` keys, `videos` are video keys, `speakers` are names as
    `text.name_key` folds them.
    """

    videos: frozenset[str] = frozenset()
    talks: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()
