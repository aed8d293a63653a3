"""An event as page, Markdown and mail show it: counts, what is new, and the words they share.

Pure reading of the event as published. Look and most wording stand in templates/.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from pipeline import text
from pipeline.model import Entry, Link, PublishedEvent, Recording, Speaker, Standing
from pipeline.views import words
from pipeline.views.notes import notes_html, notes_line

State = Literal["new", "out", "to-come", "none"]
"""A talk's box in the slot bar; "none" is a talk whose recording will not come."""

LONG_BAR = 40
"""Talks above which the slot bar becomes one continuous bar (the design's figure)."""

_TO_COME = (Standing.AWAITED, Standing.EMBARGOED, Standing.UNAVAILABLE)
_WORDS = {
    Standing.OUT: "The recording is out",
    Standing.UNAVAILABLE: "The recording is currently unavailable",
    Standing.AWAITED: "Recording to come",
    Standing.EMBARGOED: "The recording is held back until a later date",
    Standing.NOT_RECORDED: "This talk was not recorded",
    Standing.WITHHELD: "The recording will not be published",
    Standing.CANCELLED: "This talk was cancelled",
    Standing.LOST: "The recording was lost",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A day as people read it in the event's zone, and the instant (UTC) as machines read it."""

    day: str
    instant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerView:
    """A speaker's name, and role and affiliation as one phrase ("" where neither is known)."""

    name: str
    about: str
    affiliation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkView:
    """One talk: what it is, where it stands in words, and what leads to it.

    `released` is None where the day is an assumed one, which people are not told.
    `watch` is None where nothing can be watched. `more` are other recordings, slides and links.
    `title` is never empty; `titled` is False where nobody knows the real one.
    """

    id: str
    number: int
    title: str
    titled: bool
    language: str
    speakers: tuple[SpeakerView, ...]
    state: State
    status: str
    watch: str | None
    minutes: str | None
    released: Moment | None
    notes: str
    notes_html: Markup
    notes_line: str
    more: tuple[Link, ...]
    image: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One event: its talks in programme order, counts, and sentences about them.

    `slots` are the boxes of the slot bar: every talk but the cancelled ones. `since` is the day
    after which the new talks came, such as "Thursday 5 May"; None where nothing is new, or where
    the day is an assumed one.
    """

    id: str
    name: str
    short_name: str
    title: str
    language: str
    when: str
    where: str
    zone: str
    website: str | None
    introduction: str
    introduction_html: Markup
    conclusion: str
    conclusion_html: Markup
    author: str | None
    talks: tuple[TalkView, ...]
    slots: tuple[State, ...]
    out: int
    total: int
    progress: str
    since: str | None

    @property
    def new(self) -> tuple[TalkView, ...]:
        """Return the talks of the latest batch; empty where all that is out came at once."""
        return tuple(talk for talk in self.talks if talk.state == "new")

    @property
    def earlier(self) -> tuple[TalkView, ...]:
        """Return the talks that are out and not new."""
        return tuple(talk for talk in self.talks if talk.state == "out")

    @property
    def to_come(self) -> tuple[TalkView, ...]:
        """Return the talks whose recording may still come, or come back."""
        return tuple(talk for talk in self.talks if talk.state == "to-come")

    @property
    def without(self) -> tuple[TalkView, ...]:
        """Return the talks whose recording will not come."""
        return tuple(talk for talk in self.talks if talk.state == "none")

    @property
    def complete(self) -> bool:
        """Return whether every talk that was given is out."""
        return self.out == self.total > 0

    @property
    def bar(self) -> tuple[tuple[State, int], ...]:
        """Return the slot bar as (state, width)."""
        return slot_bar(self.slots)


def view_event(published: PublishedEvent) -> EventView:
    """Return `published` in the words that page, Markdown and mail share."""
    event = published.event
    fresh = new_entries(published.entries)
    talks = tuple(_talk(one, published, new=one in fresh) for one in published.entries)
    given = [one for one in published.entries if one.standing is not Standing.CANCELLED]
    out = sum(one.standing is Standing.OUT for one in given)
    return EventView(
        id=event.id,
        name=event.name,
        short_name=event.short_name or event.name,
        title=event.recap_title or event.name,
        language=event.language,
        when=words.days(event.start, event.end),
        where=", ".join(part for part in (event.venue, event.city) if part),
        zone=event.timezone,
        website=web_address(event.website),
        introduction=event.introduction or "",
        introduction_html=notes_html(event.introduction),
        conclusion=event.conclusion or "",
        conclusion_html=notes_html(event.conclusion),
        author=event.author,
        talks=talks,
        slots=slots(given, fresh=fresh),
        out=out,
        total=len(given),
        progress=progress(out, total=len(given)),
        since=_since(published, fresh),
    )


def slots(given: Sequence[Entry], *, fresh: Sequence[Entry]) -> tuple[State, ...]:
    """Return the boxes of the slot bar; `given` leaves cancelled talks out."""
    return tuple(_state(one, new=one in fresh) for one in given)


def slot_bar(boxes: Sequence[State]) -> tuple[tuple[State, int], ...]:
    """Return boxes as (state, width): one box a talk, or parts of a continuous bar."""
    if len(boxes) <= LONG_BAR:
        return tuple((state, 1) for state in boxes)
    counts = Counter(boxes)
    order: tuple[State, ...] = ("out", "new", "to-come", "none")
    return tuple((state, counts[state]) for state in order if counts[state])


def progress(out: int, *, total: int) -> str:
    """Return how far an event is, as a phrase."""
    return f"{out} of {total} recordings out" if total else "No talks are known yet"


def new_entries(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries that are out since the latest release.

    Empty where everything that is out came at one instant: then nothing is new "since" anything.
    """
    released = {one.released for one in entries if one.standing is Standing.OUT and one.released}
    if len(released) < 2:
        return ()
    latest = max(released)
    return tuple(one for one in entries if one.standing is Standing.OUT and one.released == latest)


def subject(view: EventView) -> str:
    """Return what a mail about the event is headed with."""
    if view.complete:
        said = f"All {view.total} recordings are out" if view.total > 1 else "The recording is out"
    elif view.new:
        count = len(view.new)
        said = f"{count} new recording{'s' if count > 1 else ''}: {view.out} of {view.total} out"
    elif view.out:
        said = view.progress
    else:
        said = "No recordings yet"
    return f"{said} - {view.short_name}"


def headline(view: EventView) -> str:
    """Return the mail's headline, with numbers in words."""
    total, out, fresh = words.number(view.total), words.number(view.out), len(view.new)
    if view.complete:
        return f"All {total} recordings are out" if view.total > 1 else "The recording is out"
    if fresh:
        more = words.sentence(words.number(fresh))
        return f"{more} more recordings are out" if fresh > 1 else f"{more} more recording is out"
    if view.out:
        verb = "is" if view.out == 1 else "are"
        return f"{words.sentence(out)} of {total} recordings {verb} out"
    return "No recordings are out yet"


def summary(view: EventView) -> str:
    """Return one or two sentences that say what is new and how much can be watched."""
    told = ""
    if view.new:
        people = [one.name for talk in view.new for one in talk.speakers]
        who = list(dict.fromkeys(people)) or [talk.title for talk in view.new]
        verb = "is" if len(who) == 1 else "are"
        since = f" since {view.since}" if view.since else ""
        told = f"{words.names(who, most=4)} {verb} new{since}. "
    out, total = words.number(view.out), words.number(view.total)
    if view.complete:
        return f"{told}Every talk of {view.name} can now be watched."
    if view.out:
        return f"{told}{words.sentence(out)} of the {total} talks can now be watched."
    if view.total == 0:
        return f"The talks of {view.name} are not known yet."
    return f"None of the {total} talks of {view.name} can be watched yet."


def shown_title(entry: Entry) -> str:
    """Return the talk's title, or words that stand in for it."""
    if entry.title:
        return entry.title
    who = words.names([speaker.name for speaker in entry.speakers])
    return f"Untitled talk by {who}" if who else f"Untitled talk {entry.position}"


def view_speaker(speaker: Speaker) -> SpeakerView:
    """Return `speaker` with role and affiliation as one phrase."""
    about = ", ".join(part for part in (speaker.role, speaker.affiliation) if part)
    return SpeakerView(name=speaker.name, about=about, affiliation=speaker.affiliation or "")


def watchable(entry: Entry) -> tuple[Recording, ...]:
    """Return the recordings that can be watched and have a web address, the primary one first."""
    if entry.standing is not Standing.OUT:
        return ()
    return tuple(one for one in entry.recordings if one.available and web_address(one.url))


def recording_label(recording: Recording, *, language: str) -> str:
    """Return what a recording is, such as "Alternative recording in de, from 12:30, 26 min"."""
    kind = {
        "primary": "Recording",
        "alternative": "Alternative recording",
        "part": "Another part",
        "cue": "Part of a longer video",
    }[recording.role]
    if recording.language and recording.language != language:
        kind += f" in {recording.language}"
    start = f"from {text.length(recording.start)}" if recording.start is not None else ""
    length = words.minutes(recording.duration) if recording.duration else ""
    return ", ".join(part for part in (kind, start, length) if part)


def web_address(url: str | None) -> str | None:
    """Return `url` where it is an absolute web address, else None: nothing else is ever a link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def more_links(entry: Entry) -> tuple[Link, ...]:
    """Return slides and links with a web address, in that order."""
    return tuple(one for one in (*entry.slides, *entry.links) if web_address(one.url))


def stamp(moment: datetime) -> str:
    """Return `moment` in UTC as RFC 3339 writes it, such as 2031-05-12T09:30:00Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def newest_release(published: PublishedEvent) -> datetime:
    """Return when the newest talk was released, else 00:00 UTC of the event's last day."""
    last_day = datetime.combine(published.event.end, time(), tzinfo=UTC)
    return max((one.released for one in published.entries if one.released), default=last_day)


def status_words(entry: Entry) -> str:
    """Return where the talk's recording stands, in plain words without a full stop."""
    return _WORDS[entry.standing]


def _talk(entry: Entry, published: PublishedEvent, *, new: bool) -> TalkView:
    playable = watchable(entry)
    first = playable[0] if playable else None
    others = tuple(
        Link(url=one.url, label=recording_label(one, language=entry.language))
        for one in playable[1:]
    )
    return TalkView(
        id=entry.talk_id,
        number=entry.position,
        title=shown_title(entry),
        titled=bool(entry.title),
        language=entry.language,
        speakers=tuple(view_speaker(speaker) for speaker in entry.speakers),
        state=_state(entry, new=new),
        status=status_words(entry),
        watch=first.url if first else None,
        minutes=words.minutes(first.duration) if first and first.duration else None,
        released=_moment(entry, published) if first else None,
        notes=entry.summary or "",
        notes_html=notes_html(entry.summary),
        notes_line=notes_line(entry.summary),
        more=(*others, *more_links(entry)),
        image=first.image if first and not web_address(first.image) else None,
    )


def _state(entry: Entry, *, new: bool) -> State:
    if entry.standing is Standing.OUT:
        return "new" if new else "out"
    return "to-come" if entry.standing in _TO_COME else "none"


def _moment(entry: Entry, published: PublishedEvent) -> Moment | None:
    if entry.release is None or entry.released is None or entry.release.assumed:
        return None
    local = entry.released.astimezone(ZoneInfo(published.event.timezone))
    return Moment(
        day=words.day(local, year=published.event.end.year), instant=stamp(entry.released)
    )


def _since(published: PublishedEvent, fresh: Sequence[Entry]) -> str | None:
    before = [
        (one.released, not one.release.assumed)
        for one in published.entries
        if fresh and one.standing is Standing.OUT and one.release and one.released
        if one not in fresh
    ]
    moment, known = max(before, default=(None, False))
    if moment is None or not known:
        return None
    local = moment.astimezone(ZoneInfo(published.event.timezone))
    return f"{words.weekday(local)} {words.day(local, year=published.event.end.year)}"
