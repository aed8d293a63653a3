"""Which talks of other events a video may be of, without looking at each of them.

An index from names and rare words to talks, for videos on lists that are not one event's own;
and what becomes of a link that two events claim. Which events are asked is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.matching.people import Name, spellings
from pipeline.matching.reading import parts, tokens
from pipeline.matching.weights import BY_WORDS, FUNCTION_WORDS, GENERIC_WORDS
from pipeline.model import Event, Match, Stake, Stakes, Verdict, Video

FEW = 8
"""Talks of the installation that a word may stand in and still tell them from others."""
TOLD = 2
"""Rare words that a title shares with a talk which its speakers' names do not give away."""
_COMMON = FUNCTION_WORDS | GENERIC_WORDS | BY_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A talk of the installation."""

    event: str
    talk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Where each name (sorted words, for either order) and each rare word of a title stands."""

    names: Mapping[Name, tuple[Place, ...]]
    words: Mapping[str, tuple[Place, ...]]


def index(events: Iterable[Event]) -> Index:
    """Return the index of all talks of some events; each event is looked at once."""
    names: dict[Name, set[Place]] = {}
    rare: dict[str, set[Place]] = {}
    for event in events:
        for talk in event.talks:
            place = Place(event=event.id, talk=talk.id)
            for speaker in talk.speakers:
                for name in spellings(speaker):
                    if len(name) > 1:
                        names.setdefault(_ends(name), set()).add(place)
            for word in {
                word for title in (talk.title, *talk.also) for word in tokens(title or "")
            }:
                rare.setdefault(word, set()).add(place)
    return Index(
        names={name: _sorted(places) for name, places in names.items()},
        words={
            word: _sorted(places)
            for word, places in rare.items()
            if len(places) <= FEW and word not in _COMMON
        },
    )


def rivals(video: Video, known: Index, *, event: str) -> tuple[Place, ...]:
    """Return the talks of events other than `event` that the video may be of.

    A speaker is named with first and last name, or two rare words of the title are shared. The
    cost is that of the title's words, however many talks the index holds.
    """
    read = parts(video.title or "")
    named = {
        place
        for part in read
        for at, first in enumerate(part)
        for last in part[at + 1 : at + _APART]
        for place in known.names.get(_ends((first, last)), ())
    }
    shared: dict[Place, int] = {}
    for word in {word for part in read for word in part}:
        for place in known.words.get(word, ()):
            shared[place] = shared.get(place, 0) + 1
    told = {place for place, hits in shared.items() if hits >= TOLD}
    return _sorted(place for place in named | told if place.event != event)


_APART = 4
"""Words from a first name within which the last one stands, middle names between them."""


def contested(mine: Match, stakes: Stakes) -> Match:
    """Return the match as it stands beside what other events have of the same video.

    No video is two events' without a person. A link that another event would make too, or has
    made, is asked about; one that a person gave to another event is not made. A question stays
    one: without the link that was not made, what is left of a match may be too weak to be one.
    """
    if mine.verdict is Verdict.NONE or not stakes:
        return mine
    reasons = (*mine.reasons, *(_SAYS[stake].format(event) for event, stake in stakes))
    if any(stake is Stake.GIVEN for _, stake in stakes):
        return replace(mine, verdict=Verdict.NONE, talk=None, reasons=reasons, contested=stakes)
    return replace(mine, verdict=Verdict.REVIEW, reasons=reasons, contested=stakes)


_SAYS = {
    Stake.GIVEN: "a person gave it to {}",
    Stake.LINKED: "{} has it already",
    Stake.CLAIMED: "{} claims it as well",
}


def _ends(name: Name) -> Name:
    return tuple(sorted((name[0], name[-1])))


def _sorted(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda one: (one.event, one.talk)))
