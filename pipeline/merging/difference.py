"""What an import changes, talk by talk, in the words of the field: a semantic diff.

Pure; compares two lists of talks under ids that last. Which talk is which was settled before
(`binding.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pipeline import text
from pipeline.model import Expectation, Talk


class Kind(StrEnum):
    """What happened to a talk, in the order in which it is told."""

    ADDED = "added"
    RENAMED = "renamed"
    CANCELLED = "cancelled"
    RETURNED = "back"
    SPEAKERS = "speakers"
    DAY = "day"
    LENGTH = "length"
    EXPECTATION = "expectation"
    LINKED = "recordings"
    DETAILS = "details"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one talk; `text` says it in one line. `talk` is empty for the order of all."""

    kind: Kind
    talk: str
    text: str


def difference(before: Sequence[Talk], after: Sequence[Talk]) -> tuple[Change, ...]:
    """Return what changed, grouped by kind, in the order of `after` within each."""
    old = {talk.id: talk for talk in before}
    found: list[Change] = []
    for talk in after:
        found += _changes(old[talk.id], talk) if talk.id in old else [_added(talk)]
    there = {talk.id for talk in after}
    stayed = [talk.id for talk in before if talk.id in there]
    if stayed != [talk.id for talk in after if talk.id in old]:
        found.append(Change(kind=Kind.ORDER, talk="", text="the talks come in another order"))
    order = list(Kind)
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def label(talk: Talk) -> str:
    """Return a talk's title and speakers for a line of text."""
    who = ", ".join(speaker.name for speaker in talk.speakers)
    if talk.title:
        return f"{talk.title} ({who})" if who else talk.title
    return f"untitled talk by {who}" if who else "untitled talk"


def totals(changes: Iterable[Change]) -> str:
    """Return how much changed, in one line: `2 added, 1 renamed`; `nothing changes`."""
    counts: dict[Kind, int] = {}
    for one in changes:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    parts = [_COUNTED[kind].format(count) for kind, count in counts.items()]
    return ", ".join(parts) or "nothing changes"


_COUNTED = {
    Kind.ADDED: "{} added",
    Kind.RENAMED: "{} renamed",
    Kind.CANCELLED: "{} cancelled",
    Kind.RETURNED: "{} back",
    Kind.SPEAKERS: "{} with other speakers",
    Kind.DAY: "{} on another day",
    Kind.LENGTH: "{} of another length",
    Kind.EXPECTATION: "{} with another expectation",
    Kind.LINKED: "{} with other recordings",
    Kind.DETAILS: "{} with other details",
    Kind.ORDER: "another order",
}

_DETAILS = ("kind", "also", "summary", "language", "track", "tags", "slides", "links", "codes")


def _added(talk: Talk) -> Change:
    return Change(kind=Kind.ADDED, talk=talk.id, text=label(talk))


def _changes(old: Talk, new: Talk) -> Iterator[Change]:
    def change(kind: Kind, was: str, now: str) -> Change:
        return Change(kind=kind, talk=new.id, text=f"{was} → {now}")

    if old.title != new.title:
        was, now = old.title or "no title", new.title or "no title"
        yield change(Kind.RENAMED, was, now)
    if old.expectation is not new.expectation:
        if new.expectation is Expectation.CANCELLED:
            yield Change(kind=Kind.CANCELLED, talk=new.id, text=label(new))
        elif old.expectation is Expectation.CANCELLED:
            yield Change(kind=Kind.RETURNED, talk=new.id, text=label(new))
        else:
            yield change(Kind.EXPECTATION, _words(old), _words(new))
    elif old.embargo != new.embargo:
        yield change(Kind.EXPECTATION, _words(old), _words(new))
    if old.speakers != new.speakers:
        yield change(Kind.SPEAKERS, _people(old, new), _people(new, old))
    if old.day != new.day:
        yield change(Kind.DAY, str(old.day or "unknown"), str(new.day or "unknown"))
    if old.length != new.length:
        yield change(Kind.LENGTH, _minutes(old.length), _minutes(new.length))
    if old.recordings != new.recordings:
        yield change(Kind.LINKED, _keys(old), _keys(new))
    details = [name for name in (*_DETAILS, "url") if getattr(old, name) != getattr(new, name)]
    if details:
        yield Change(kind=Kind.DETAILS, talk=new.id, text=", ".join(details))


def _people(talk: Talk, other: Talk) -> str:
    """Return the speakers by name; with role and affiliation where the names are the same."""
    names = [one.name for one in talk.speakers]
    if names != [one.name for one in other.speakers]:
        return ", ".join(names) or "nobody"
    return "; ".join(
        ", ".join(part for part in (one.name, one.role, one.affiliation) if part)
        for one in talk.speakers
    )


def _words(talk: Talk) -> str:
    until = f" until {talk.embargo}" if talk.embargo else ""
    return f"{talk.expectation.replace('_', ' ')}{until}"


def _minutes(length: timedelta | None) -> str:
    return "unknown" if length is None else text.length(length)


def _keys(talk: Talk) -> str:
    return ", ".join(talk.recordings) or "none"
