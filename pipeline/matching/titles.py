"""How alike a talk's title and an upload's title are; names and lengths are not looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from pipeline.matching.candidates import TitleWords
from pipeline.matching.lexicon import Lexicon
from pipeline.matching.weights import BY_WORDS, CUT_TITLE, FUNCTION_WORDS, WHOLE_TITLE
from pipeline.text import PART_WORDS

Unit = Literal["rare words", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two titles share.

    `score` (0 to 1) is the harmonic mean of the two coverages, by weight; `of_talk` is how much
    of the talk's title the upload has, `of_video` how much of the upload the talk explains.
    `mass` is the weight of what they share, `left` that of the upload's words which it does not
    explain. `whole` says that one side is covered (nearly) completely, `equal` that both are,
    word by word. `hits` of `out_of` words of the talk's title stand in the upload's, and `unit`
    says which are counted. `other_number` tells of numbers that contradict each other.
    """

    score: float = 0.0
    of_talk: float = 0.0
    of_video: float = 0.0
    mass: float = 0.0
    left: float = 0.0
    whole: bool = False
    equal: bool = False
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
    names: Collection[str] = (),
    is_cut: bool = False,
) -> Likeness:
    """Return the best likeness of an upload to any of a talk's titles.

    `content` are the upload's words; those in `named` (a speaker's name, an affiliation) are
    only counted where the talk's title has them too. Of an upload that `is_cut`, words of the
    talk behind the last one that it has are not missed.
    """
    have, beside = frozenset(content).difference(names), frozenset(named)
    titles = [_nameless(title, names, known) for title in titles]
    likenesses = [_compare(title, have, known, beside) for title in titles]
    if is_cut:
        cut = (_cut(title, have, known) for title in titles)
        likenesses += [_compare(title, have, known, beside) for title in cut if title]
    best = max(likenesses, key=lambda one: (one.score, one.mass, one.hits), default=Likeness())
    return best if likenesses else replace(best, left=known.total(have - beside))


def _nameless(title: TitleWords, names: Collection[str], known: Lexicon) -> TitleWords:
    """Return the title without words that name its speaker: they would count twice."""
    words = title.words.difference(names)
    if len(words) == len(title.words) or not words:
        return title
    return replace(
        title,
        run=tuple(word for word in title.run if word in words),
        words=words,
        weight=known.total(words),
        rare=title.rare & words,
    )


def _cut(title: TitleWords, content: frozenset[str], known: Lexicon) -> TitleWords | None:
    """Return the title up to its last word in `content`; None where nothing is cut off."""
    last = max((at for at, word in enumerate(title.run) if word in content), default=-1)
    kept = title.run[: last + 1]
    if len(kept) < _FEW or len(kept) == len(title.run):
        return None
    words = frozenset(kept)
    return replace(
        title,
        run=kept,
        words=words,
        weight=known.total(words),
        rare=title.rare & words,
        share=title.share * CUT_TITLE,
    )


def _compare(
    title: TitleWords, content: frozenset[str], known: Lexicon, named: frozenset[str]
) -> Likeness:
    counted, unit = _counted(title)
    content = _apart(title, content)
    hits = title.words & content
    left = content - hits - named
    mass, rest = known.total(hits), known.total(left)
    if not mass:
        return Likeness(out_of=len(counted), unit=unit, left=rest)
    of_talk = mass / title.weight
    of_video = mass / (mass + rest)
    return Likeness(
        score=title.share * 2 * of_talk * of_video / (of_talk + of_video),
        of_talk=of_talk * title.share,
        of_video=of_video,
        mass=mass,
        left=rest,
        whole=max(of_talk, of_video) >= WHOLE_TITLE,
        equal=title.share >= CUT_TITLE and not (left | (title.words - content)) - _EMPTY,
        hits=len(hits & counted),
        out_of=len(counted),
        unit=unit,
        other_number=_other_number(title.words, content - named),
    )


def _apart(title: TitleWords, content: frozenset[str]) -> frozenset[str]:
    """Return the upload's words with one that the title writes in two taken apart."""
    joined = {a + b: (a, b) for a, b in pairwise(title.run) if a + b in content}
    apart = {word for fused in joined for word in joined[fused]}
    return content - (joined.keys() - title.words) | apart if joined else content


def _counted(title: TitleWords) -> tuple[frozenset[str], Unit]:
    """Return the words that are counted for people: the rare ones, where there are a few."""
    if len(title.rare) >= _FEW:
        return title.rare, "rare words"
    return title.words, "words"


_FEW = 3
_EMPTY = FUNCTION_WORDS | BY_WORDS


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
