"""A reason of matching as a page shows it: does it speak for the pair, against it, or is it open?

And which words of an upload's title are the talk's. Knows the sentences that matching writes, and
no number of it; a sentence that it does not know is open.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Literal

from pipeline import text
from pipeline.matching.weights import FUNCTION_WORDS
from pipeline.model import Entry, Event

Sign = Literal["for", "open", "against"]

_FOR = (
    re.compile(r"(its description links to|names the event$|both are called|most uploads beside)"),
    re.compile(r"(speaker|\d+ of \d+ speakers) named in full"),
    re.compile(r"\d+ min fits "),
)
_AGAINST = (
    re.compile(r"names (another (year|event)|the speaker of another talk)"),
    re.compile(r"(other number in the title|the title says (?!too little))"),
    re.compile(r".* (is short for a talk|does not fit the \d+ min slot)$"),
    re.compile(r"(no speaker named|it names somebody else)"),
)
_SHARE = re.compile(r"title: (\d+) of (\d+) ")

_WORD = re.compile(r"\w+(?:['’+#-]\w*)*", re.UNICODE)


def sign(reason: str) -> Sign:
    """Tell what a reason says of the pair: it speaks for it, against it, or leaves it open."""
    share = _SHARE.match(reason)
    if share:
        hits, out_of = int(share[1]), int(share[2])
        return "for" if hits == out_of else "open" if 2 * hits >= out_of else "against"
    if any(one.match(reason) for one in _FOR):
        return "for"
    return "against" if any(one.match(reason) for one in _AGAINST) else "open"


def marked_words(title: str, entry: Entry | None, event: Event) -> tuple[tuple[str, bool], ...]:
    """Return the title of an upload in pieces, each with whether it is the talk's or the event's.

    Pieces that stand side by side and belong to the talk are one; joined they are the title.
    """
    told = set(_told(entry, event))
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in _runs(title, told):
        pieces += [(title[at:start], False), (title[start:end], True)]
        at = end
    pieces.append((title[at:], False))
    return tuple(piece for piece in pieces if piece[0])


def _told(entry: Entry | None, event: Event) -> Iterable[str]:
    """Yield the folded words of the talk, of its speakers, and of the event's names."""
    names = [event.name, event.short_name or "", *event.also]
    if entry:
        own = entry.title if entry.title_from == "programme" else None
        names.append(own or "")
        for speaker in entry.speakers:
            names += [speaker.name, speaker.affiliation or "", *speaker.also]
    for name in names:
        yield from text.words(name)


def _runs(title: str, told: Container[str]) -> Iterable[tuple[int, int]]:
    """Yield where words in a row are told of; a word like "at" counts between others only."""
    run: list[tuple[int, int, bool]] = []
    for found in (*_WORD.finditer(title), None):
        words = text.words(found[0]) if found else ()
        is_told = bool(words) and all(word in told for word in words)
        ends = not is_told or (run and not title[run[-1][1] : found and found.start()].isspace())
        if ends and run:
            telling = [one for one in run if one[2]]
            if telling:
                yield telling[0][0], telling[-1][1]
            run = []
        if found and is_told:
            run.append((found.start(), found.end(), not FUNCTION_WORDS.issuperset(words)))
