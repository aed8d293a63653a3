"""Titles read into parts and words, and the names under which an event is known.

Nothing here weighs a word or compares a talk with a video.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.matching.weights import (
    CONFERENCE_WORDS,
    FUNCTION_WORDS,
    GENERIC_WORDS,
    KIND_PREFIXES,
    MONTHS,
    OTHER_KINDS,
    SAME_WORD,
)
from pipeline.model import Event
from pipeline.text import PART_WORDS, words

_PARTS = re.compile(
    r"\s[-–—]+\s|[|•·:;()\[\]{}\"“”„«»「」『』【】/@]|(?<=\w\w)\.\s|\sby\s", re.IGNORECASE
)
_LIST_NUMBER = re.compile(r"\s*#?\d{1,3}(?:[.):]|\s[-–])\s+")
_CAMEL = re.compile(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|[a-z]+")
_NAMELESS = FUNCTION_WORDS | GENERIC_WORDS | MONTHS | CONFERENCE_WORDS
_PLACE_WORDS = 2
_NAME_WORDS = 4
"""Words that a name before a year has at most."""
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_FUSED_YEAR = re.compile(r"(?<=[^\W\d_]{3})((?:19|20)\d\d)(?![^\W_])")
_SHORT_YEAR = re.compile(r"(?<=conf|camp|fest|days)['’]? ?'?([0-4]\d)(?![^\W_])", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_HONORIFIC = re.compile("(?<=..)(?:さん|氏|様)\\Z")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_ROMAN_PART = re.compile(
    rf"\b({'|'.join(sorted(PART_WORDS))})\.? ({'|'.join(_ROMAN)})\b", re.IGNORECASE
)
_CUT = re.compile(r"(?:\.\.\.|…)")
_LONGEST = 97
"""Characters from which a title may have been cut; YouTube allows 100."""
_PHRASE = 7
"""Words that a name of an event has at most, however it is spaced."""


def parts(title: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of what stands between dashes, bars, brackets, colons and full stops.

    A number that a list puts before its entries (`4. `) is left out.
    """
    plain = _LIST_NUMBER.sub("", title, count=1) if _LIST_NUMBER.match(title) else title
    read = (tokens(part) for part in _PARTS.split(plain))
    return tuple(part for part in read if part)


def tokens(text: str) -> tuple[str, ...]:
    """Return the folded words of `text` in order, made comparable across ways to write.

    A part's Roman number is one of digits (`Part II`). A year that is written into a name stands
    apart (`teaconf2031`, `TeaConf '31`), and Chinese, Japanese and Korean, which put no spaces,
    are read as pairs of characters.
    """
    text = _ROMAN_PART.sub(lambda found: f"{found[1]} {_ROMAN[found[2].casefold()]}", text)
    apart = _FUSED_YEAR.sub(r" \1", _SHORT_YEAR.sub(r" 20\1", _THOUSANDS.sub("", text)))
    found: list[str] = []
    for word in words(apart):
        if _CJK.search(word):
            found += _pairs(word)
        else:
            found.append(word)
    return tuple(found)


def _pairs(word: str) -> list[str]:
    found: list[str] = []
    at = 0
    for run in _CJK.finditer(word):
        found += [word[at : run.start()]] if run.start() > at else []
        text = _HONORIFIC.sub("", run[0])
        whole = len(text) == 1 or text in GENERIC_WORDS or text in OTHER_KINDS
        found += [text] if whole else [text[i : i + 2] for i in range(len(text) - 1)]
        at = run.end()
    return found + ([word[at:]] if at < len(word) else [])


def is_year(word: str) -> bool:
    """Return whether a word is a year of four digits, from 1900 to 2099."""
    return _YEAR.match(word) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNames:
    """Under which words an event, and no other, is known.

    `phrases` are its names without the year, each as one word of all their letters; `confs` are
    those that a place may be written to (`teaconfber`); `vocabulary` holds every word of a name,
    of a place, and initials; `years` are the event's own. `passed_over` are those of them that
    no title needs, for an event of many years tells its sessions apart by them.
    """

    phrases: frozenset[str]
    confs: tuple[str, ...]
    vocabulary: frozenset[str]
    years: frozenset[str]
    passed_over: frozenset[str]


def event_names(event: Event) -> EventNames:
    """Return what `event` may be called in an upload's title."""
    names = [name for name in (event.name, event.short_name, event.series, *event.also) if name]
    years = {str(year) for year in range(event.start.year, event.end.year + 1)}
    phrases: set[str] = set()
    vocabulary: set[str] = set()
    for name in names:
        run = tokens(name)
        bare = tuple(word for word in run if not is_year(word))
        pieces = [piece.lower() for piece in _CAMEL.findall(" ".join(name.split()))]
        initials = "".join(piece[0] for piece in pieces)
        phrases.add("".join(bare))
        phrases.add(f"{initials}conf")
        if len(initials) >= _INITIALS:
            phrases.add(initials)
        if len(pieces) > _DISTINCT and pieces[-1] in CONFERENCE_WORDS:
            phrases |= {"".join(pieces[:-1]), "".join((*pieces[:-1], "conf"))}
        vocabulary |= {*run, *pieces, "".join(bare), initials}
        years |= {word for word in run if is_year(word)}
    for place in (event.city, event.country, event.venue):
        vocabulary |= set(tokens(place or ""))
    return EventNames(
        phrases=frozenset(phrase for phrase in phrases if len(phrase) > 1),
        confs=tuple(sorted(one for one in phrases if one.endswith("conf") and len(one) > 5)),
        vocabulary=frozenset(vocabulary - {""}),
        years=frozenset(years),
        passed_over=frozenset(years if event.end.year - event.start.year <= 1 else ()),
    )


_ENDED = 5
"""Letters of a name from which an ending or a misspelling leaves it recognisable."""
_INITIALS = 4
"""Letters from which initials are a name that nothing else has."""
_DISTINCT = 2
"""Words that must be left of a name before `Conference` may be left out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An upload's title read.

    `parts` are the words as they stand; `own` the same without the event's names and years.
    `names_event` says that the title names the event with its year, `names_name` that it names
    it, `names_year` that it has the year. `other_years` are years that are not the event's;
    `other_event` are the words before one of the event's years that are not the event's name
    (`osb 2016`). `is_cut` says that the end of something was left out.
    """

    parts: tuple[tuple[str, ...], ...]
    own: tuple[tuple[str, ...], ...]
    names_name: bool
    names_year: bool
    other_years: frozenset[str]
    other_event: tuple[str, ...]
    is_cut: bool

    @property
    def names_event(self) -> bool:
        """Tell whether the title names the event with its year."""
        return self.names_name and self.names_year


def read_upload(title: str, names: EventNames) -> Upload:
    """Return the title of an upload read with an event's names in mind."""
    read = parts(title)
    ended = [_ended(part, names) for part in read]
    stripped = tuple(without(part, names.phrases) for part in ended)
    said = {word for part in read for word in part}
    return Upload(
        parts=read,
        own=tuple(_bare(part, names) for part in ended),
        names_name=stripped != read or any(_is_label(part, names) for part in stripped),
        names_year=not names.years.isdisjoint(said),
        other_years=frozenset(word for word in said - names.years if is_year(word)),
        other_event=next((found for part in stripped if (found := _other_event(part, names))), ()),
        is_cut=len(title) >= _LONGEST or _CUT.search(title) is not None,
    )


def _ended(part: Sequence[str], names: EventNames) -> list[str]:
    """Return the words with an event's name for one that has an ending, `teaconfber`."""
    return [
        next((one for one in names.confs if word.startswith(one)), word) if len(word) > 4 else word
        for word in part
    ]


def without(run: Sequence[str], phrases: Collection[str]) -> tuple[str, ...]:
    """Return `run` without any of `phrases`, however those are spaced; the longest first."""
    left: list[str] = []
    at = 0
    while at < len(run):
        sizes = range(min(_PHRASE, len(run) - at), 0, -1)
        size = next((n for n in sizes if "".join(run[at : at + n]) in phrases), 0)
        left += () if size else (run[at],)
        at += size or 1
    return tuple(left)


def _label(part: Sequence[str], names: EventNames) -> tuple[str, ...]:
    """Return the words around one of our years that name something: `osb` of `at OSB 2016`.

    They stand behind the last `at`, if there is one; behind the year two count, if no more follow.
    """
    year = next((at for at, word in enumerate(part) if word in names.years), None)
    if year is None:
        return ()
    before, after = list(part[:year]), part[year + 1 :]
    if "at" in before:
        before = before[len(before) - before[::-1].index("at") :]
    return (*before, *(after if len(after) <= _PLACE_WORDS else ()))


def _other_event(part: Sequence[str], names: EventNames) -> tuple[str, ...]:
    """Return the words of a part such as `osb 2016`: a year of ours and a name that is not."""
    before = _label(part, names)
    if len(before) > _NAME_WORDS or "".join(before) in names.vocabulary:
        return ()
    passed = names.vocabulary | _NAMELESS
    return tuple(
        word
        for word in before
        if word not in passed
        and word.isalpha()
        and not _is_ours(word, names)
        and not _is_kind(word)
    )


def _is_kind(word: str) -> bool:
    """Tell whether a word is that of a kind of session, misspelt."""
    return len(word) >= _ENDED and any(fuzz.ratio(word, one) >= SAME_WORD for one in GENERIC_WORDS)


def _is_label(part: Sequence[str], names: EventNames) -> bool:
    """Tell whether a part has a word of the event's name, abbreviated or not, before its year."""
    telling = [word for word in _label(part, names) if word.isalpha() and word not in _NAMELESS]
    return 0 < len(telling) <= _NAME_WORDS and all(
        word in names.vocabulary or _is_ours(word, names) for word in telling
    )


def _is_ours(word: str, names: EventNames) -> bool:
    """Tell whether a word is a name of the event, misspelt, with an ending, or abbreviated."""
    for phrase in (*names.phrases, *names.vocabulary):
        if len(phrase) >= _ENDED and word.startswith(phrase):
            return True
        if len(word) >= _ENDED and fuzz.ratio(word, phrase) >= SAME_WORD:
            return True
    return len(word) >= _INITIALS - 1 and any(_abbreviates(word, one) for one in names.phrases)


def _abbreviates(word: str, phrase: str) -> bool:
    """Tell whether the letters of a short word stand in a name, in order, from its first on."""
    if len(word) * 2 > len(phrase) or word[0] != phrase[0]:
        return False
    at = 0
    for letter in word:
        at = phrase.find(letter, at) + 1
        if not at:
            return False
    return len(word) <= _INITIALS or word.endswith("conf")


def title_runs(
    title: str, names: EventNames, *, speakers: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a talk's title and those of its main part, which may be the same.

    `Keynote:` and the like, the event's names and its years are left out, unless nothing would
    be left but words in `speakers`: *Keynote: Ada Example* is called *Keynote*.
    """
    while True:
        prefix, colon, rest = title.partition(":")
        if not colon or " ".join(words(prefix)) not in KIND_PREFIXES or not words(rest):
            break
        if set(tokens(rest)).issubset(speakers):
            title = prefix
            break
        title = rest
    whole = _bare(tokens(title), names) or tokens(title)
    main = next(iter(parts(title)), ())
    return whole, _bare(main, names) or whole


def _bare(run: Sequence[str], names: EventNames) -> tuple[str, ...]:
    return tuple(word for word in without(run, names.phrases) if word not in names.passed_over)
