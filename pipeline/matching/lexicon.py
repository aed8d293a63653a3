"""How much each word of one event's titles tells, and which spellings are one word.

Knows word lists only: no talk, no video, no verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, log

from rapidfuzz import fuzz, process

from pipeline.matching.weights import (
    BY_WORDS,
    COMMON_WEIGHT,
    FUNCTION_WORDS,
    GENERIC_WORDS,
    LONG_WORD,
    SAME_WORD,
    SHARED_AT_LEAST,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of one event's titles.

    `talk_words` are the words of talk titles; `weight` has every word that occurs, from above 0
    to 1 (a word of one title). `spellings` gives for a word of an upload the talk words that it
    stands for; `pairs` for two words in a row the one word that talks write. `shared` are words
    that most uploads have and no talk: the list's own name.
    """

    talk_words: frozenset[str]
    weight: Mapping[str, float]
    spellings: Mapping[str, tuple[str, ...]]
    pairs: Mapping[tuple[str, str], str]
    shared: frozenset[str]

    def total(self, some: Iterable[str]) -> float:
        """Return the weight of several words, exactly, so that their order does not matter."""
        return fsum(self.weight[word] for word in some)

    def spell(self, run: Sequence[str]) -> tuple[str, ...]:
        """Return the words of an upload as the talks spell them."""
        spelt: list[str] = []
        at = 0
        while at < len(run):
            joined = self.pairs.get((run[at], run[at + 1])) if at + 1 < len(run) else None
            spelt += (joined,) if joined else self.spellings.get(run[at], (run[at],))
            at += 2 if joined else 1
        return tuple(spelt)


def lexicon(talks: Sequence[Sequence[str]], videos: Sequence[Sequence[str]]) -> Lexicon:
    """Return the lexicon of an event from the words of its talks' and its uploads' titles."""
    in_talks = Counter(word for title in talks for word in set(title))
    talk_words = frozenset(in_talks)
    unknown = sorted({word for title in videos for word in title} - talk_words)
    spellings = _spellings(talks, talk_words, unknown)
    pairs = _pairs(talk_words, videos)
    half = Counter(word for title in videos for word in set(title))
    shared = frozenset(
        word
        for word in unknown
        if word not in spellings and len(videos) >= SHARED_AT_LEAST and half[word] * 2 > len(videos)
    )
    bare = Lexicon(
        talk_words=talk_words, weight={}, spellings=spellings, pairs=pairs, shared=shared
    )
    in_videos = Counter(word for title in videos for word in set(bare.spell(title)))
    weight = {
        word: _weigh(word, max(in_talks[word], in_videos[word])) for word in (*in_talks, *in_videos)
    }
    return Lexicon(
        talk_words=talk_words, weight=weight, spellings=spellings, pairs=pairs, shared=shared
    )


def _weigh(word: str, titles: int) -> float:
    if word in FUNCTION_WORDS or word in GENERIC_WORDS or word in BY_WORDS:
        return COMMON_WEIGHT
    return 1 / (1 + log(titles))


def _spellings(
    talks: Sequence[Sequence[str]], talk_words: Collection[str], unknown: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    joined = {a + b: (a, b) for title in talks for a, b in pairwise(title)}
    by_letter: dict[str, list[str]] = {}
    for word in sorted(talk_words):
        if len(word) >= LONG_WORD and word.isalpha():
            by_letter.setdefault(word[0], []).append(word)
    found: dict[str, tuple[str, ...]] = {}
    for word in unknown:
        if word in joined:
            found[word] = joined[word]
        elif len(word) >= LONG_WORD and word.isalpha():
            near = process.extractOne(
                word, by_letter.get(word[0], ()), scorer=fuzz.ratio, score_cutoff=SAME_WORD
            )
            if near:
                found[word] = (near[0],)
    return found


def _pairs(
    talk_words: Collection[str], videos: Sequence[Sequence[str]]
) -> dict[tuple[str, str], str]:
    return {
        (a, b): a + b
        for title in videos
        for a, b in pairwise(title)
        if a + b in talk_words
        and len(a + b) >= LONG_WORD
        and not (a in talk_words and b in talk_words)
    }
