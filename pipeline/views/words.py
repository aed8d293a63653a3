"""Numbers, days, lengths and lists of names as English words, the same in every locale and zone.

Must not know of talks or events. strftime is not used: its names follow the process's locale.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

# fmt: off
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# fmt: on


def number(count: int) -> str:
    """Return `count` in words up to twenty ("no" for 0), in digits above."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def sentence(text: str) -> str:
    """Return `text` with a capital first letter; the rest stays."""
    return text[:1].upper() + text[1:]


def day(when: date, *, year: int | None = None) -> str:
    """Return "15 April 2016", or "15 April" where the reader knows that `year` is meant."""
    short = f"{when.day} {_MONTHS[when.month - 1]}"
    return short if when.year == year else f"{short} {when.year}"


def weekday(when: date) -> str:
    """Return the day's English name."""
    return _WEEKDAYS[when.weekday()]


def days(start: date, end: date) -> str:
    """Return a stretch of days, such as "17 and 18 May 2031" or "30 April to 2 May 2031"."""
    if start == end:
        return day(end)
    between = "and" if end - start == timedelta(days=1) else "to"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} {between} {day(end)}"
    return f"{day(start, year=end.year)} {between} {day(end)}"


def minutes(length: timedelta) -> str:
    """Return "26 min": rounded to the nearest minute, and at least one."""
    return f"{max(1, int(length.total_seconds() / 60 + 0.5))} min"


def names(several: Sequence[str], *, most: int | None = None) -> str:
    """Return "A, B and C"; where there are more than `most`, "A, B and 3 others"."""
    listed = list(several)
    if most is not None and len(listed) > most:
        listed = [*listed[: most - 1], f"{number(len(listed) - most + 1)} others"]
    return " and ".join(part for part in (", ".join(listed[:-1]), *listed[-1:]) if part)
