"""How alike a talk's title and an upload's title are; names and lengths are not looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.matching.candidates import TitleWords
from pipeline.matching.lexicon import Lexicon
from pipeline.matching.weights import PART_WORDS, WHOLE_TITLE

Unit = Literal["rare words", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two titles share.

    `score` (0 to 1) is the harmonic mean of the two coverages, by weight. `mass` is the weight of
    what they share. `whole` says that one side is covered (nearly) completely. `hits` of
    `out_of` words of the talk's title stand in the upload's, and `unit` says which are counted.
    `other_number` tells of numbers that contradict each other.
    """

    score: float = 0.0
    mass: float = 0.0
    whole: bool = False
    hits: int = 0
    out_of: int = 0
    unit: Unit = "words"
    other_number: str | None = None


def compare(
    titles: Sequence[TitleWords],
    content: Collection[str],
    known: Lexicon,
    *,
    named: Collection[str],
) -> Likeness:
    """Return the best likeness of an upload to any of a talk's titles.

    `content` are the upload's words; those in `named` (a speaker's name, an affiliation) are
    only counted where the talk's title has them too.
    """
    likenesses = [_compare(title, frozenset(content), known, frozenset(named)) for title in titles]
    return max(likenesses, key=lambda one: (one.score, one.mass, one.hits), default=Likeness())


def _compare(
    title: TitleWords, content: frozenset[str], known: Lexicon, named: frozenset[str]
) -> Likeness:
    counted, unit = _counted(title)
    hits = title.words & content
    mass = known.total(hits)
    if not mass:
        return Likeness(out_of=len(counted), unit=unit)
    of_talk = mass / title.weight
    of_video = mass / (mass + known.total(content - hits - named))
    return Likeness(
        score=title.share * 2 * of_talk * of_video / (of_talk + of_video),
        mass=mass,
        whole=max(of_talk, of_video) >= WHOLE_TITLE,
        hits=len(hits & counted),
        out_of=len(counted),
        unit=unit,
        other_number=_other_number(title.words, content - named),
    )


def _counted(title: TitleWords) -> tuple[frozenset[str], Unit]:
    """Return the words that are counted for people: the rare ones, where there are a few."""
    if len(title.rare) >= _FEW:
        return title.rare, "rare words"
    return title.words, "words"


_FEW = 3


def _other_number(title: frozenset[str], content: frozenset[str]) -> str | None:
    """Return which numbers differ (`day 1`, `day 2`), None where they do not contradict."""
    mine = {word for word in title - content if word.isdigit()}
    theirs = {word for word in content - title if word.isdigit()}
    if mine and theirs:
        return f"{min(theirs)}, not {min(mine)}"
    part = sorted(content & PART_WORDS)
    if theirs and part and title.isdisjoint(PART_WORDS):
        return f"{part[0]} {min(theirs)}"
    return None
