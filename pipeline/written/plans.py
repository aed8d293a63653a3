"""When released talks are announced, as people write it: `announce:` in config.yaml and event.yaml.

Only describes and builds a Plan; what it makes due is the ledger's to say.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from pipeline.model import Plan
from pipeline.written.filemodel import FileModel

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALONE: dict[str, Literal["each", "complete", "manual"]] = {
    "each": "each",
    "complete": "complete",
    "manual": "manual",
}
_WORDS = (*_ALONE, "daily", "weekly", "every")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\Z")
_PAUSE = re.compile(r"(\d{1,4}) ?(h|hours?|m|min|minutes?)\Z")
_KNOWN = "each, daily 09:00, weekly thursday 09:00, every 5, complete or manual"


def parse_plan(value: str) -> Plan:
    """Return what `each`, `daily 09:00`, `weekly thursday 09:00`, `every 5`, `complete` or `manual`
    say; ValueError for anything else.
    """
    match value.lower().split():
        case [word] if word in _ALONE:
            return Plan(when=_ALONE[word])
        case ["daily" | "weekly" as when, *rest]:
            return _by_clock(when, rest, value)
        case ["every", count] if count.isascii() and count.isdigit() and int(count) > 0:
            return Plan(when="every", count=int(count))
        case ["every", *_]:
            raise ValueError(f"{value!r} names no number of talks; write it as in every 5")
        case [word, *_]:
            raise ValueError(f"{value!r} is no plan; {_meant(word, _WORDS)}")
        case _:
            raise ValueError(f"here stands nothing; write {_KNOWN}")


def _by_clock(when: Literal["daily", "weekly"], rest: list[str], value: str) -> Plan:
    plan = Plan(when=when)
    if when == "weekly" and rest:
        plan = replace(plan, weekday=_weekday(rest.pop(0), value))
    if rest:
        plan = replace(plan, at=_time(rest.pop(0), value))
    if rest:
        raise ValueError(f"{value!r} says more than a time; write {_KNOWN}")
    return plan


def _time(at: str, value: str) -> time:
    found = _CLOCK.match(at)
    if found is None:
        raise ValueError(
            f"{at!r} in {value!r} is no time of day; write hours and minutes, as in 09:00"
        )
    return time(int(found[1]), int(found[2]))


def _weekday(day: str, value: str) -> int:
    if day in _DAYS:
        return _DAYS.index(day)
    raise ValueError(f"{day!r} in {value!r} is no day of the week; {_meant(day, _DAYS)}")


def _meant(word: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"write one of {', '.join(known)}"


def _check_plan(value: object) -> str:
    """Check a plan's words; the text stays as written."""
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "no text")
    parse_plan(value)
    return value


def _parse_pause(value: object) -> timedelta:
    if value == 0 and not isinstance(value, bool):
        return timedelta()
    found = _PAUSE.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is no pause; write it as in 3h, 90 minutes, or 0 for none")
    hours = found[2].startswith("h")
    return timedelta(hours=int(found[1])) if hours else timedelta(minutes=int(found[1]))


PlanText = Annotated[
    str,
    BeforeValidator(_check_plan),
    WithJsonSchema(
        {"type": "string", "examples": [*_ALONE, "daily 09:00", "weekly thursday 09:00", "every 5"]}
    ),
]
Pause = Annotated[
    timedelta,
    BeforeValidator(_parse_pause),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["3h", "90 minutes", 0]}),
]


class PlanFile(FileModel):
    """When released talks are announced, in full."""

    when: PlanText = Field("each", description=f"{_KNOWN}.")
    quiet: Pause = Field(
        timedelta(hours=2),
        description="With `each`: how long nothing more must have come, such as 3h; what waits "
        "is announced after a day at the latest.",
    )
    close_after: int = Field(
        60,
        ge=1,
        le=3650,
        description="Days without a release after which the closing recap comes, though talks are "
        "still awaited.",
    )


def build_plan(file: PlanFile | str) -> Plan:
    """Return the Plan that `announce:` describes."""
    if isinstance(file, str):
        return parse_plan(file)
    close_after = timedelta(days=file.close_after)
    return replace(parse_plan(file.when), quiet=file.quiet, close_after=close_after)
