"""Whether an upload's title names a speaker, and how well; only names are looked at here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from pipeline.matching.nicknames import FORMS
from pipeline.matching.weights import (
    FIRST_NAME,
    FULL,
    FUNCTION_WORDS,
    LAST_NAME,
    NEARLY,
    OTHER_FIRST_NAME,
)

How = Literal[
    "in full", "nearly", "by last name only", "by first name only", "with another first name"
]

GRADES: dict[How, float] = {
    "in full": FULL,
    "nearly": NEARLY,
    "by last name only": LAST_NAME,
    "by first name only": FIRST_NAME,
    "with another first name": OTHER_FIRST_NAME,
}
"""What each way of being named is worth, best first."""

_SIMILAR = 80
"""rapidfuzz ratio from which two spellings of a name are one (Philips, Phillips)."""
_FIRST = 4
"""Letters that a first name needs to say something alone."""
_ASIDE = 6
"""Words of a part of a title that may be a list of names."""
_CUT_AT = 90
"""Characters from which a title may have been cut inside its last word; YouTube allows 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A name found in a title: how, and by which words of the title."""

    how: How
    words: frozenset[str]

    @property
    def grade(self) -> float:
        """Return what the find is worth, from 0 to 1."""
        return GRADES[self.how]


def find(
    parts: Sequence[Sequence[str]],
    name: Sequence[str],
    *,
    vocabulary: Collection[str],
    length: int,
    first_names: Collection[str] = (),
) -> Found | None:
    """Return how the title made of `parts` names the person, None if it does not.

    `vocabulary` holds the words of all talk titles: a last name that is one of them says nothing
    alone. `length` is the title's length in characters. `first_names` are those that one person
    of the event has alone.
    """
    if not name:
        return None
    if len(name) == 1:
        return _find_single(parts, name[0], vocabulary)
    found = [one for part in parts for one in _find_in(part, name, vocabulary)]
    if parts and length >= _CUT_AT and (cut := _find_cut(parts[-1], name)):
        found.append(cut)
    first = name[0]
    if not found and len(first) >= _FIRST and first in first_names and first not in vocabulary:
        found += [
            Found(how="by first name only", words=frozenset((first,)))
            for part in parts
            if first in part and len(part) <= _ASIDE
        ]
    return max(found, key=lambda one: (one.grade, len(one.words), sorted(one.words)), default=None)


def _find_single(
    parts: Sequence[Sequence[str]], name: str, vocabulary: Collection[str]
) -> Found | None:
    if len(name) < 4 or name in vocabulary or not any(name in part for part in parts):
        return None
    return Found(how="nearly", words=frozenset((name,)))


def _find_in(part: Sequence[str], name: Sequence[str], vocabulary: Collection[str]) -> list[Found]:
    first, last = name[0], name[-1]
    fused = "".join(name)
    if fused in part and len(fused) >= 6:
        return [Found(how="in full", words=frozenset((fused, *name)))]
    handle = first[0] + last
    if handle in part and len(handle) >= 5 and handle not in vocabulary:
        return [Found(how="nearly", words=frozenset((handle, *name)))]
    found = [_found_at(part, at, name, vocabulary) for at, word in enumerate(part) if word == last]
    if first in part:
        found += [_misspelt(part, at, name) for at, word in enumerate(part) if word == first]
        if len(name) > 2:
            found += [
                _shortened(part, at, name, vocabulary)
                for at, word in enumerate(part)
                if word == first
            ]
    return [one for one in found if one]


def _found_at(
    part: Sequence[str], at: int, name: Sequence[str], vocabulary: Collection[str]
) -> Found | None:
    first, last = name[0], name[-1]
    if whole := _whole(part, at, name):
        return whole
    previous = part[at - 1] if at else ""
    initials = "".join(word[0] for word in name[:-1])
    if previous and (_same_first_name(previous, first) or previous == initials):
        return Found(how="nearly", words=frozenset((previous, last)))
    before = part[at - 2] if at > 1 and len(previous) == 1 else ""
    if len(before) > 1 and _same_first_name(before, first):
        return Found(how="nearly", words=frozenset((before, previous, last)))
    if len(last) < 3 or last in vocabulary:
        return None
    if not previous or previous in FUNCTION_WORDS or previous in vocabulary or previous in name:
        return Found(how="by last name only", words=frozenset((last,)))
    return Found(how="with another first name", words=frozenset((last,)))


def _whole(part: Sequence[str], at: int, name: Sequence[str]) -> Found | None:
    """Find a whole name whose last word stands at `at`, in either order, its first misspelt."""
    first, last = name[0], name[-1]
    # A middle name or initial may stand between, or be left out.
    before = part[max(0, at - len(name) - 1) : at]
    if first in before:
        start = len(before) - 1 - before[::-1].index(first)
        run = before[start:]
        if len(last) > 1 or tuple(run) == tuple(name[:-1]):
            return Found(how="in full", words=frozenset((*run, last)))
    if part[at + 1 : at + 2] == (first,) and len(last) > 1:
        return Found(how="in full", words=frozenset((first, last)))
    run = part[max(0, at - len(name) + 1) : at + 1]
    if len(name) > 2 and tuple(run[1:]) == tuple(name[1:]) and _same_first_name(run[0], first):
        return Found(how="nearly", words=frozenset(run))
    return None


def _same_first_name(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if one[:3] == other[:3] or other in FORMS.get(one, ()):
        return True
    return fuzz.ratio(one, other) >= _SIMILAR


def _shortened(
    part: Sequence[str], at: int, name: Sequence[str], vocabulary: Collection[str]
) -> Found | None:
    """Find the first name before a name from the middle: `Ada Sample` of Ada Sample Example."""
    after = part[at + 1] if at + 1 < len(part) else ""
    if len(after) < 3 or after not in name[1:-1]:
        return None
    then = part[at + 2] if at + 2 < len(part) else ""
    if then and not (then in name or then in FUNCTION_WORDS or then in vocabulary):
        # Of two first names, as in Ana Maria, the last name behind them is another's.
        return None
    return Found(how="in full", words=frozenset((part[at], after)))


def _misspelt(part: Sequence[str], at: int, name: Sequence[str]) -> Found | None:
    for word in part[at + 1 : at + 1 + len(name)]:
        if len(word) >= 5 and word != name[-1] and fuzz.ratio(word, name[-1]) >= _SIMILAR:
            return Found(how="nearly", words=frozenset((part[at], word)))
    return None


def _find_cut(part: Sequence[str], name: Sequence[str]) -> Found | None:
    """Find a name whose end fell to a limit of the platform: `Christia`, `David L`."""
    if len(part) >= 2 and part[-2] == name[0] and name[-1].startswith(part[-1]):
        return Found(how="nearly", words=frozenset(part[-2:]))
    return None
