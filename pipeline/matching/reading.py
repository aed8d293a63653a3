"""Titles read into parts and words, and the names under which an event is known.

Nothing here weighs a word or compares a talk with a video.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.matching.weights import FUNCTION_WORDS, GENERIC_WORDS, KIND_PREFIXES, MONTHS
from pipeline.model import Event
from pipeline.text import words

_PARTS = re.compile(r"\s[-–—]+\s|[|•·:;()\[\]{}\"“”/@]|(?<=\w\w)\.\s|\sby\s", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\s*#?\d{1,3}(?:[.):]|\s[-–])\s+")
_CAMEL = re.compile(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|[a-z]+")
_NAME_WORDS = 4
"""Words that a name before a year has at most."""
_YEAR = re.compile(r"(?:19|20)\d\d\Z")


def parts(title: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of what stands between dashes, bars, brackets, colons and full stops.

    A number that a list puts before its entries (`4. `) is left out.
    """
    plain = _LIST_NUMBER.sub("", title, count=1) if _LIST_NUMBER.match(title) else title
    read = (words(part) for part in _PARTS.split(plain))
    return tuple(part for part in read if part)


def is_year(word: str) -> bool:
    """Return whether a word is a year of four digits, from 1900 to 2099."""
    return _YEAR.match(word) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNames:
    """Under which words an event, and no other, is known.

    `phrases` are runs of words, longest first, with and without the year; `vocabulary` holds
    every word of a name, of a place, and initials; `years` are the event's own.
    """

    phrases: tuple[tuple[str, ...], ...]
    vocabulary: frozenset[str]
    years: frozenset[str]


def event_names(event: Event) -> EventNames:
    """Return what `event` may be called in an upload's title."""
    names = [name for name in (event.name, event.short_name, event.series, *event.also) if name]
    years = {str(year) for year in range(event.start.year, event.end.year + 1)}
    phrases: set[tuple[str, ...]] = set()
    vocabulary: set[str] = set()
    for name in names:
        run = words(name)
        bare = tuple(word for word in run if not is_year(word))
        initials = "".join(word[0] for word in _CAMEL.findall(" ".join(name.split()))).lower()
        phrases |= {run, bare, ("".join(bare),)}
        vocabulary |= {*run, "".join(bare), initials}
        years |= {word for word in run if is_year(word)}
    for place in (event.city, event.country, event.venue):
        vocabulary |= set(words(place or ""))
    ordered = sorted((run for run in phrases if run and run != ("",)), key=lambda r: (-len(r), r))
    return EventNames(
        phrases=tuple(ordered), vocabulary=frozenset(vocabulary - {""}), years=frozenset(years)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An upload's title read.

    `parts` are the words as they stand; `own` the same without the event's names and years.
    `names_event` says that the title names the event with its year. `other_years` are years that
    are not the event's; `other_event` are the words before one of the event's years that are
    not the event's name (`osb 2016`).
    """

    parts: tuple[tuple[str, ...], ...]
    own: tuple[tuple[str, ...], ...]
    names_event: bool
    other_years: frozenset[str]
    other_event: tuple[str, ...]


def read_upload(title: str, names: EventNames) -> Upload:
    """Return the title of an upload read with an event's names in mind."""
    read = parts(title)
    stripped = tuple(without(part, names.phrases) for part in read)
    said = {word for part in read for word in part}
    return Upload(
        parts=read,
        own=tuple(tuple(word for word in part if word not in names.years) for part in stripped),
        names_event=stripped != read and not names.years.isdisjoint(said),
        other_years=frozenset(word for word in said - names.years if is_year(word)),
        other_event=next((found for part in stripped if (found := _other_event(part, names))), ()),
    )


def without(run: Sequence[str], phrases: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return `run` without any of `phrases`, which stand longest first."""
    left = list(run)
    for phrase in phrases:
        size = len(phrase)
        at = 0
        while at + size <= len(left):
            if tuple(left[at : at + size]) == tuple(phrase):
                del left[at : at + size]
            else:
                at += 1
    return tuple(left)


def _other_event(part: Sequence[str], names: EventNames) -> tuple[str, ...]:
    """Return the words of a part such as `osb 2016`: a year of ours and a name that is not."""
    at = next((at for at, word in enumerate(part) if word in names.years), 0)
    before = list(part[:at])
    if "at" in before:
        before = before[len(before) - before[::-1].index("at") :]
    if len(before) > _NAME_WORDS or "".join(before) in names.vocabulary:
        return ()
    passed = names.vocabulary | FUNCTION_WORDS | GENERIC_WORDS | MONTHS
    return tuple(word for word in before if word not in passed and not word.isdigit())


def title_runs(title: str, names: EventNames) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a talk's title and those of its main part, which may be the same.

    `Keynote:` and the like and the event's names are left out, unless nothing would be left.
    """
    while True:
        prefix, colon, rest = title.partition(":")
        if not colon or " ".join(words(prefix)) not in KIND_PREFIXES or not words(rest):
            break
        title = rest
    whole = without(words(title), names.phrases) or words(title)
    main = next(iter(parts(title)), ())
    return whole, without(main, names.phrases) or whole
