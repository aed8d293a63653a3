"""Numbers, days, lengths and lists of names as words, the same in every locale and zone.

Must not know of talks or events. strftime is not used: its names follow the process's locale.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pipeline.wording import Wording, marked

_NUMBERS = (
    marked("no"),
    marked("one"),
    marked("two"),
    marked("three"),
    marked("four"),
    marked("five"),
    marked("six"),
    marked("seven"),
    marked("eight"),
    marked("nine"),
    marked("ten"),
    marked("eleven"),
    marked("twelve"),
    marked("thirteen"),
    marked("fourteen"),
    marked("fifteen"),
    marked("sixteen"),
    marked("seventeen"),
    marked("eighteen"),
    marked("nineteen"),
    marked("twenty"),
)
_MONTHS = (
    marked("January"),
    marked("February"),
    marked("March"),
    marked("April"),
    marked("May"),
    marked("June"),
    marked("July"),
    marked("August"),
    marked("September"),
    marked("October"),
    marked("November"),
    marked("December"),
)
_WEEKDAYS = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)


def number(count: int, *, wording: Wording) -> str:
    """Return `count` in words up to twenty ("no" for 0), in digits above."""
    return wording.gettext(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)


def sentence(text: str) -> str:
    """Return `text` with a capital first letter; the rest stays."""
    return text[:1].upper() + text[1:]


def day(when: date, *, wording: Wording, year: int | None = None) -> str:
    """Return "15 April 2016", or "15 April" where the reader knows that `year` is meant."""
    form = (
        wording.gettext("%(day)s %(month)s")
        if when.year == year
        else wording.gettext("%(day)s %(month)s %(year)s")
    )
    month = wording.gettext(_MONTHS[when.month - 1])
    return form % {"day": when.day, "month": month, "year": when.year}


def minute(when: datetime, *, wording: Wording, year: int | None = None) -> str:
    """Return "15 April, 17:02 PDT": a day and a time, with the zone that `when` is in."""
    return wording.gettext("%(day)s, %(time)s") % {
        "day": day(when, wording=wording, year=year),
        "time": clock(when),
    }


def clock(when: datetime) -> str:
    """Return "17:02 PDT": a time with the zone that `when` is in."""
    return f"{when.hour:02}:{when.minute:02} {when.tzname()}"


def weekday(when: date, *, wording: Wording, year: int | None = None) -> str:
    """Return "Friday 15 April 2016", or without the year where the reader knows it."""
    return wording.gettext("%(weekday)s %(day)s") % {
        "weekday": wording.gettext(_WEEKDAYS[when.weekday()]),
        "day": day(when, wording=wording, year=year),
    }


def days(start: date, end: date, *, wording: Wording) -> str:
    """Return a stretch of days, such as "17 and 18 May 2031" or "30 April to 2 May 2031"."""
    last = day(end, wording=wording)
    if start == end:
        return last
    two = end - start == timedelta(days=1)
    if (start.year, start.month) == (end.year, end.month):
        form = (
            wording.gettext("%(day)s and %(last)s")
            if two
            else wording.gettext("%(day)s to %(last)s")
        )
        return form % {"day": start.day, "last": last}
    form = (
        wording.gettext("%(first)s and %(last)s")
        if two
        else wording.gettext("%(first)s to %(last)s")
    )
    return form % {"first": day(start, wording=wording, year=end.year), "last": last}


def minutes(length: timedelta, *, wording: Wording) -> str:
    """Return "26 min": rounded to the nearest minute, and at least one."""
    count = max(1, int(length.total_seconds() / 60 + 0.5))
    return wording.gettext("%(minutes)s min") % {"minutes": count}


def names(several: Sequence[str], *, wording: Wording, most: int | None = None) -> str:
    """Return "A, B and C"; where there are more than `most`, "A, B and two others"."""
    listed = list(several)
    if most is not None and len(listed) > most:
        count = len(listed) - most + 1
        others = wording.ngettext("%(count)s other", "%(count)s others", count)
        listed = [*listed[: most - 1], others % {"count": number(count, wording=wording)}]
    if len(listed) < 2:
        return "".join(listed)
    form = wording.gettext("%(several)s and %(last)s")
    return form % {"several": ", ".join(listed[:-1]), "last": listed[-1]}
