"""One talk as page, Markdown, mail and feeds show it: what it is, where it stands, its links.

Pure reading of an entry. Look and layout stand in templates/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from pipeline import text
from pipeline.model import Entry, Link, Recording, Speaker, Standing
from pipeline.views import words
from pipeline.views.markdown import escape_address
from pipeline.views.notes import notes_html, notes_line
from pipeline.wording import Direction, Wording, direction, marked

State = Literal["new", "out", "to-come", "none"]
"""A talk's box in the slot bar; "none" is a talk whose recording will not come."""

_TO_COME = (Standing.AWAITED, Standing.EMBARGOED, Standing.UNAVAILABLE)
_WORDS = {
    Standing.OUT: marked("The recording is out"),
    Standing.UNAVAILABLE: marked("The recording is currently unavailable"),
    Standing.AWAITED: marked("Recording to come"),
    Standing.EMBARGOED: marked("The recording is held back until a later date"),
    Standing.NOT_RECORDED: marked("This talk was not recorded"),
    Standing.WITHHELD: marked("The recording will not be published"),
    Standing.CANCELLED: marked("This talk was cancelled"),
    Standing.LOST: marked("The recording was lost"),
}
_ROLES = {
    "primary": (marked("Recording"), marked("Recording in %(language)s")),
    "alternative": (
        marked("Alternative recording"),
        marked("Alternative recording in %(language)s"),
    ),
    "part": (marked("Another part"), marked("Another part in %(language)s")),
    "cue": (marked("Part of a longer video"), marked("Part of a longer video in %(language)s")),
}
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:[/?#][!-Z^-~]*)?\Z")
"""Web addresses about which there is nothing to find out; not the only ones."""

_KINDS = {
    "keynote": marked("Keynote"),
    "panel": marked("Panel"),
    "workshop": marked("Workshop"),
    "lightning": marked("Lightning talk"),
}
"""Kinds of talks that a wrap-up post names in front of the title."""


class _Say(Protocol):
    def __call__(self, when: datetime, /, *, year: int | None, wording: Wording) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A day, or a day and a time with its zone, as people read it, and the instant (UTC) as
    machines read it.
    """

    day: str
    instant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerView:
    """A speaker's name, and role and affiliation as one phrase ("" where neither is known)."""

    name: str
    about: str
    affiliation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The stored picture of a recording: its path below feeds/, and its size in pixels."""

    path: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkView:
    """One talk: what it is, where it stands in words, and what leads to it.

    `released` and `arrived` are the day and the minute of its release; None where the day is an
    assumed one, which people are not told.
    `watch` is None where nothing can be watched. `others` are other recordings, `links`
    slides and links.
    `title` is never empty; `titled` is False where nobody knows the real one,
    `given` where no programme and no person gave it. `kind` is the kind of talk in words, "" for
    most.
    `awaited` says that there is nothing more to tell than that the recording is to come.
    """

    id: str
    number: int
    title: str
    kind: str
    titled: bool
    given: bool
    language: str
    direction: Direction
    speakers: tuple[SpeakerView, ...]
    state: State
    awaited: bool
    status: str
    watch: str | None
    minutes: str | None
    seconds: int | None
    released: Moment | None
    arrived: Moment | None
    notes: str
    notes_html: Markup
    notes_line: str
    others: tuple[Link, ...]
    links: tuple[Link, ...]
    picture: Picture | None

    @property
    def full_title(self) -> str:
        """Return the title behind the kind, as posts do: "Keynote: Brewing Tea at Scale"."""
        named = self.title.casefold().startswith(self.kind.casefold())
        return self.title if named else f"{self.kind}: {self.title}"

    @property
    def more(self) -> tuple[Link, ...]:
        """Return other recordings, slides and links."""
        return (*self.others, *self.links)

    @property
    def image(self) -> str | None:
        """Return the path of the stored picture below feeds/, if there is one."""
        return self.picture.path if self.picture else None


def view_talk(
    entry: Entry, *, zone: str, new: bool, wording: Wording, year: int | None = None
) -> TalkView:
    """Return a talk as it is shown in the language of `wording`.

    Days are those of `zone`; they leave out the year that the reader knows.
    """
    playable = watchable(entry)
    first = playable[0] if playable else None
    others = tuple(
        Link(
            url=escape_address(one.url),
            label=recording_label(one, language=entry.language, wording=wording),
        )
        for one in playable[1:]
    )
    released = _released(entry, zone=zone) if first else None
    return TalkView(
        id=entry.talk_id,
        number=entry.position,
        title=shown_title(entry, wording=wording),
        kind=wording.gettext(_KINDS[entry.kind]) if entry.kind in _KINDS else "",
        titled=bool(entry.title),
        given=bool(entry.title) and entry.title_from == "programme",
        language=entry.language,
        direction=direction(entry.language),
        speakers=tuple(map(view_speaker, entry.speakers)),
        state=state(entry, new=new),
        awaited=entry.standing is Standing.AWAITED,
        status=status_words(entry, wording=wording),
        watch=escape_address(first.url) if first else None,
        minutes=words.minutes(first.duration, wording=wording)
        if first and first.duration
        else None,
        seconds=whole_seconds(first) if first else None,
        released=_moment(released, words.day, year=year, wording=wording),
        arrived=_moment(released, words.minute, year=year, wording=wording),
        notes=entry.summary or "",
        notes_html=notes_html(entry.summary),
        notes_line=notes_line(entry.summary),
        others=others,
        links=tuple(replace(one, url=escape_address(one.url)) for one in more_links(entry)),
        picture=_picture(first),
    )


def state(entry: Entry, *, new: bool) -> State:
    """Return a talk's box in the slot bar."""
    if entry.standing is Standing.OUT:
        return "new" if new else "out"
    return "to-come" if entry.standing in _TO_COME else "none"


def shown_title(entry: Entry, *, wording: Wording) -> str:
    """Return the talk's title, or words that stand in for it."""
    if entry.title:
        return entry.title
    who = words.names([speaker.name for speaker in entry.speakers], wording=wording)
    if who:
        return wording.gettext("Untitled talk by %(names)s") % {"names": who}
    return wording.gettext("Untitled talk %(number)s") % {"number": entry.position}


def view_speaker(speaker: Speaker) -> SpeakerView:
    """Return `speaker` with role and affiliation as one phrase."""
    about = ", ".join(filter(None, (speaker.role, speaker.affiliation)))
    return SpeakerView(name=speaker.name, about=about, affiliation=speaker.affiliation or "")


def watchable(entry: Entry) -> tuple[Recording, ...]:
    """Return the recordings that can be watched and have a web address, the primary one first."""
    if entry.standing is not Standing.OUT:
        return ()
    return tuple(one for one in entry.recordings if one.available and web_address(one.url))


def whole_seconds(recording: Recording) -> int | None:
    """Return how long a recording is; None where only a longer video's length is known."""
    whole = recording.start is None and recording.role in ("primary", "alternative")
    length = round(recording.duration.total_seconds()) if recording.duration and whole else None
    return length or None


def recording_label(recording: Recording, *, language: str, wording: Wording) -> str:
    """Return what a recording is, such as "Alternative recording in de, from 12:30, 26 min"."""
    plain, foreign = _ROLES[recording.role]
    if recording.language and recording.language != language:
        kind = wording.gettext(foreign) % {"language": recording.language}
    else:
        kind = wording.gettext(plain)
    start = (
        wording.gettext("from %(start)s") % {"start": text.length(recording.start)}
        if recording.start is not None
        else ""
    )
    length = words.minutes(recording.duration, wording=wording) if recording.duration else ""
    return ", ".join(filter(None, (kind, start, length)))


# Every output asks for each address and each moment, and so does every feed.
@lru_cache(maxsize=1024)
def web_address(url: str | None) -> str | None:
    """Return `url` where it is an absolute web address, else None: nothing else is ever a link."""
    if url and _PLAIN_ADDRESS.match(url):
        return url
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def more_links(entry: Entry) -> tuple[Link, ...]:
    """Return slides and links with a web address, in that order."""
    return tuple(one for one in (*entry.slides, *entry.links) if web_address(one.url))


@lru_cache(maxsize=1024)
def stamp(moment: datetime) -> str:
    """Return `moment` in UTC as RFC 3339 writes it, such as 2031-05-12T09:30:00Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def status_words(entry: Entry, *, wording: Wording) -> str:
    """Return where the talk's recording stands, in plain words without a full stop."""
    return wording.gettext(_WORDS[entry.standing])


def is_known(entry: Entry) -> bool:
    """Tell whether the moment of a talk's release is known, and not assumed."""
    return entry.release is not None and bool(entry.released) and not entry.release.assumed


def _released(entry: Entry, *, zone: str) -> datetime | None:
    """Return when a talk was released by the clocks of `zone`; None for an assumed day."""
    moment = entry.released if is_known(entry) else None
    return moment.astimezone(ZoneInfo(zone)) if moment else None


def _moment(
    when: datetime | None, say: _Say, *, year: int | None, wording: Wording
) -> Moment | None:
    if when is None:
        return None
    return Moment(day=say(when, year=year, wording=wording), instant=stamp(when))


def _picture(first: Recording | None) -> Picture | None:
    """Return the stored picture; an address of another host is never one."""
    if first is None or not first.image or web_address(first.image):
        return None
    return Picture(path=first.image, width=first.image_width, height=first.image_height)
