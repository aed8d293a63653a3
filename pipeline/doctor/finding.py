"""What was found of one thing, and how bad it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "broken"]
"""`warn` is what a person should look at, `broken` what keeps something from working."""

_LEVELS: tuple[Level, ...] = ("ok", "warn", "broken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: how it is, in `words`, and what to `do`, where it is not ok."""

    level: Level
    what: str
    words: str
    do: str = ""


def ok(what: str, words: str) -> Finding:
    """Return that a thing is in order."""
    return Finding(level="ok", what=what, words=words)


def warn(what: str, words: str, *, do: str) -> Finding:
    """Return that a person should look at a thing."""
    return Finding(level="warn", what=what, words=words, do=do)


def broken(what: str, words: str, *, do: str) -> Finding:
    """Return that a thing does not work."""
    return Finding(level="broken", what=what, words=words, do=do)


def worst(found: Iterable[Finding]) -> Level:
    """Return the level of the worst finding; ok where there is none."""
    return max((one.level for one in found), key=_LEVELS.index, default="ok")
