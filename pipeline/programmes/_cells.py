"""One value of a table as what it means: text, day, time, length, language, yes or no. Pure.

A value that cannot be read raises CellError, so that it stops only itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from pipeline.model import Expectation
from pipeline.programmes._values import iso_length, markdown
from pipeline.text import LANGUAGE, clean, clean_block, fold

Moment = datetime | time
"""When something starts or ends; a time without its day where the table says no more."""

UNITS = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
}
"""What a length without a unit may be counted in."""

PASSED_OVER = frozenset(
    ("rejected", "withdrawn", "declined", "deleted", "draft", "submitted", "nominated")
)
"""States in which a proposal is no talk of the programme."""

_LONGEST = timedelta(days=1)
_LAST_HOUR = 3
_LEAF = (str, int, float)
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([ap]\.?m\.?)?\Z", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,3}):(\d\d)(?::(\d\d))?\Z")
_NUMBER = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(h|hours?|min|mins|minutes?|s|sec|seconds?)?\Z")
_YES = frozenset(("true", "yes", "y", "1", "x", "on"))
_NO = frozenset(("false", "no", "n", "0", "off", ""))
_EXPECTATIONS = {
    **{word.replace("_", " "): word for word in Expectation if word is not Expectation.EMBARGOED},
    "canceled": Expectation.CANCELLED,
}
_EMBARGO = re.compile(r"embargoed\W+(?:until\W+)?(\d{4}-\d\d-\d\d)\Z")


class CellError(ValueError):
    """A value cannot be read; the message says what it is, why, and what to write instead."""


def read_text(value: object) -> str:
    """Return a value as text, not yet cleaned; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, _LEAF):
        kind = {bool: "true or false", list: "a list"}.get(type(value), "a mapping")
        raise CellError(f"it is {kind}, not text; name a key within it, such as `name.en`")
    return str(value)


def read_line(value: object) -> str:
    """Return a value as one clean line; "" for nothing."""
    return clean(read_text(value))


def read_block(value: object) -> str:
    """Return a value as clean Markdown, HTML turned into it; "" for nothing."""
    return clean_block(markdown(read_text(value)))


def find(row: object, path: str) -> list[object]:
    """Return what stands in `row` at a dotted path, lists flattened: `speakers[].name`.

    A column that is called exactly `path`, dots and all, comes first. What is missing from an
    item of a list is None, so that several paths give values that belong together.
    """
    if isinstance(row, Mapping) and path in row:
        return _flat([row[path]])
    values: list[object] = [row]
    for step in path.split("."):
        name = step.removesuffix("[]")
        values = _flat([value.get(name) for value in values if isinstance(value, Mapping)])
    return values


def _flat(values: list[object]) -> list[object]:
    flat: list[object] = []
    for value in values:
        if isinstance(value, list):
            flat += value
        else:
            flat.append(value)
    return flat


def read_day(value: object, *, form: str | None = None) -> date | None:
    """Read a day: `2031-05-17`, or as `form` says (`%d.%m.%Y`); None for nothing."""
    text = read_line(value)
    if not text:
        return None
    try:
        if form:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        return date.fromisoformat(text[:10]) if text[10:11] in ("", "T", " ") else _no_day(text)
    except ValueError as error:
        raise CellError(
            f"{text!r} is no day; write 2031-05-17, or say how days are written with "
            "`day_format`, such as %d.%m.%Y"
        ) from error


def _no_day(text: str) -> date:
    raise ValueError(text)


def read_moment(value: object, *, zone: tzinfo | None = None) -> Moment | None:
    """Read a time of day (`9:30`, `2:15 pm`), or a day with one in ISO 8601; None for nothing.

    A time with an offset is given in `zone`, or as it stands where that is None.
    """
    text = read_line(value)
    if not text:
        return None
    try:
        plain = _TIME.match(text)
        if plain:
            half = (plain[4] or "").lower()[:1]
            hour = int(plain[1]) % 12 + 12 * (half == "p") if half else int(plain[1])
            return time(hour, int(plain[2]), int(plain[3] or 0))
        moment = datetime.fromisoformat(text)
        return moment.astimezone(zone) if zone and moment.tzinfo else moment
    except (ValueError, OverflowError) as error:
        raise CellError(f"{text!r} is no time; write 09:30 or 2031-05-17T09:30:00+02:00") from error


def between(start: Moment | None, end: Moment | None) -> timedelta | None:
    """Return the length from `start` to `end`; None where the two do not tell, or not sensibly."""
    if isinstance(start, time) and isinstance(end, time):
        day = date.min
        length = datetime.combine(day, end) - datetime.combine(day, start)
        length %= _LONGEST
    elif isinstance(start, datetime) and isinstance(end, datetime):
        if (start.tzinfo is None) != (end.tzinfo is None):
            return None
        length = end - start
    else:
        return None
    return length if timedelta(0) < length <= _LONGEST else None


def read_length(value: object, *, unit: timedelta) -> timedelta | None:
    """Read a planned length: `45`, `45 min`, `0:45`, `PT45M`; None for nothing and for zero.

    A bare number counts `unit`. `a:b` are hours and minutes where `a` is 3 or less, as
    programmes write slots, else minutes and seconds. More than a day is none.
    """
    text = fold(read_line(value))
    if not text:
        return None
    length = _number(text, unit) or _clock(text) or iso_length(text.upper())
    if length is None or length > _LONGEST:
        raise CellError(f"{text!r} is no length of a talk; write 45 (minutes), 0:45 or PT45M")
    return timedelta(seconds=round(length.total_seconds())) or None


def _number(text: str, unit: timedelta) -> timedelta | None:
    match = _NUMBER.match(text)
    if match is None:
        return None
    named = {"h": "hours", "m": "minutes", "s": "seconds"}.get((match[2] or "")[:1])
    return float(match[1]) * (UNITS[named] if named else unit)


def _clock(text: str) -> timedelta | None:
    match = _CLOCK.match(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if match[3]:
        return timedelta(hours=first, minutes=second, seconds=int(match[3]))
    if first <= _LAST_HOUR:
        return timedelta(hours=first, minutes=second)
    return timedelta(minutes=first, seconds=second)


def read_language(value: object) -> str | None:
    """Read a BCP 47 tag such as en or pt-BR; None for nothing."""
    text = read_line(value)
    if text and not LANGUAGE.match(text):
        raise CellError(f"{text!r} is no language tag; write en or pt-BR")
    return text or None


def read_flag(value: object) -> bool:
    """Read yes or no; nothing is no."""
    word = fold(read_line(value)) if not isinstance(value, bool) else str(value).lower()
    if word not in _YES and word not in _NO:
        raise CellError(f"{word!r} is neither yes nor no; write true or false")
    return word in _YES


def read_expectation(value: object) -> tuple[Expectation, date | None]:
    """Read one of our words (`not recorded`, `cancelled`), or `embargoed until 2031-06-01`."""
    text = fold(read_line(value)).replace("_", " ")
    if not text:
        return Expectation.EXPECTED, None
    embargo = _EMBARGO.match(text)
    if embargo:
        return Expectation.EMBARGOED, read_day(embargo[1])
    if text not in _EXPECTATIONS:
        known = ", ".join([*_EXPECTATIONS, "embargoed until 2031-06-01"])
        raise CellError(f"{text!r} is not known; write one of {known}")
    return Expectation(_EXPECTATIONS[text]), None


def read_state(value: object) -> Expectation | None:
    """Read what a programme system calls a proposal; None for what is no talk (PASSED_OVER)."""
    word = fold(read_line(value))
    if word in PASSED_OVER:
        return None
    cancelled = word in ("cancelled", "canceled")
    return Expectation.CANCELLED if cancelled else Expectation.EXPECTED
