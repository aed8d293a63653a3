"""A calendar (RFC 5545) with one VEVENT a talk.

Must not take an invitation for a programme: it reads who speaks only where few attend.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.model import Expectation, Fetch, Imported, Secret, Speaker
from pipeline.programmes import _values as values
from pipeline.programmes._reading import check_options, decode, read_bytes, unreadable
from pipeline.programmes._talks import Found, Talks, people, speaker
from pipeline.text import clean

if TYPE_CHECKING:
    from icalendar import Component

_FOLD = re.compile(rb"\r?\n[ \t]")

# The library lets through what its parts raise; OSError is that of a zone called `Europe`.
_LIBRARY_ERRORS = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    OSError,
)

SPEAKERS = 8
"""Attendees of one entry that are taken for its speakers; more are an audience."""


class IcalProgramme:
    """Imports the events of a calendar, from an address or a file."""

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:  # noqa: ARG002  # all programmes are made alike
        check_options("ical", options)

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the calendar at `where`. Raises SourceError."""
        if where.strip().lower().startswith("webcal://"):
            where = f"https://{where.strip()[len('webcal://') :]}"
        yield parse_calendar(read_bytes(fetch, where), where=where)


def parse_calendar(body: bytes, *, where: str = "the calendar") -> Imported:
    """Read a calendar. Raises SourceError for what is none, or holds no talk."""
    try:
        from icalendar import Calendar
    except ImportError as error:
        raise unreadable(
            where, "icalendar is not installed; pip install 'recap-pipeline[ical]'"
        ) from error
    # Lines are folded by bytes, so also within a character (RFC 5545, section 3.1).
    text = decode(_FOLD.sub(b"", body), where=where)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except _LIBRARY_ERRORS as error:
        raise unreadable(
            where,
            f"it is no calendar ({clean(str(error), limit=200)}); "
            "use the .ics address of the programme",
        ) from error
    calendar = calendars[0] if calendars else None
    if calendar is None or calendar.name != "VCALENDAR":
        raise unreadable(where, "it is no VCALENDAR; use the .ics address of the programme")
    timezone = values.zone(_text(calendar, "X-WR-TIMEZONE"))
    entries = [entry for one in calendars for entry in one.walk("VEVENT")]
    talks = Talks()
    for number, entry in enumerate(entries, start=1):
        _take(talks, entry, number=number, timezone=timezone)
    made = talks.talks()
    if not made:
        raise unreadable(
            where, f"none of its {len(entries)} entries is a talk; is it the right one?"
        )
    days = [talk.day for talk in made if talk.day]
    return Imported(
        name=values.line(_text(calendar, "X-WR-CALNAME")),
        start=min(days, default=None),
        end=max(days, default=None),
        timezone=timezone or _only_zone(entries),
        talks=made,
        skipped=tuple(talks.skipped),
    )


def _take(talks: Talks, entry: Component, *, number: int, timezone: str | None) -> None:
    title, uid = values.line(_text(entry, "SUMMARY")), values.line(_text(entry, "UID"))
    name = f"entry {number} ({title})" if title else f"entry {number}"
    if not title:
        talks.skip(name, "it has no SUMMARY")
        return
    start = _time(entry, "DTSTART")
    cancelled = _text(entry, "STATUS").strip().upper() == "CANCELLED"
    talks.add(
        Found(
            name=name,
            title=title,
            codes=(uid,),
            repeat=uid,
            speakers=_speakers(entry),
            summary=values.block(_text(entry, "DESCRIPTION")),
            kind=values.kind(*_categories(entry)),
            day=_day(start, timezone=timezone),
            length=_length(entry, start),
            tags=tuple(_categories(entry)),
            url=values.web(_text(entry, "URL")),
            links=tuple(values.link(one, None) for one in _each(entry, "ATTACH")),
            expectation=Expectation.CANCELLED if cancelled else Expectation.EXPECTED,
        )
    )


def _each(entry: Component, name: str) -> list[object]:
    """Return what could be read under a name, which the library gives alone or as a list."""
    from icalendar.prop import vBroken

    value = entry.get(name)
    found = value if isinstance(value, list) else [] if value is None else [value]
    return [one for one in found if not isinstance(one, vBroken)]


def _text(entry: Component, name: str) -> str:
    return next((str(one) for one in _each(entry, name) if isinstance(one, str)), "")


def _time(entry: Component, name: str) -> object:
    """Return a day, a time or a length; None for none."""
    return next((getattr(one, "dt", None) for one in _each(entry, name)), None)


def _day(start: object, *, timezone: str | None) -> date | None:
    """Return the day as written; a time in UTC is given in the calendar's zone."""
    if not isinstance(start, datetime):
        return start if isinstance(start, date) else None
    if timezone and start.tzinfo is not None and start.utcoffset() == timedelta(0):
        with suppress(OverflowError):
            return start.astimezone(ZoneInfo(timezone)).date()
    return start.date()


def _length(entry: Component, start: object) -> timedelta | None:
    length, end = _time(entry, "DURATION"), _time(entry, "DTEND")
    if isinstance(length, timedelta):
        return values.sensible(length)
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    if (start.tzinfo is None) != (end.tzinfo is None):
        return None
    return values.sensible(end - start)


def _speakers(entry: Component) -> tuple[Speaker, ...]:
    """Return the attendees by name, as pentabarf writes speakers; an address is no name."""
    attendees = _each(entry, "ATTENDEE")
    if len(attendees) > SPEAKERS:
        return ()
    names = (values.line(str(getattr(one, "params", {}).get("CN", ""))) for one in attendees)
    return people(*(speaker(name) for name in names if name and "@" not in name))


def _categories(entry: Component) -> Iterator[str]:
    for group in _each(entry, "CATEGORIES"):
        for one in getattr(group, "cats", ()):
            made = values.line(str(one))
            if made:
                yield made


def _only_zone(entries: Iterable[Component]) -> str | None:
    """Return the zone in which all entries begin; None where there are several, or none."""
    names = {
        values.zone(str(getattr(one, "params", {}).get("TZID", "")))
        for entry in entries
        for one in _each(entry, "DTSTART")
    }
    return names.pop() if len(names) == 1 else None
