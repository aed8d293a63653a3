"""Who gives an event's talks: how each name may be written, and whom an upload's title names.

Which talk that makes an upload's is not decided here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.matching.names import Found, find
from pipeline.matching.reading import Upload, tokens
from pipeline.matching.scripts import called, heard, is_other
from pipeline.matching.weights import HONORIFICS, PARTICLES
from pipeline.model import Speaker, Talk

Name = tuple[str, ...]
"""A name's words, folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Every spelling of a speaker's name, and the first names that one person has alone.

    `vocabulary` are the words of titles that are no speaker's name. `sounds` has for each sound
    the spellings that may sound so.
    """

    vocabulary: frozenset[str]
    names: tuple[Name, ...]
    first_names: frozenset[str]
    sounds: Mapping[str, tuple[Name, ...]]


def people(talks: Iterable[Talk], *, vocabulary: frozenset[str]) -> People:
    """Return the speakers of `talks`; `vocabulary` are the words of titles that are no name."""
    every = list(talks)
    firsts = Counter(first for talk in every for first in _first_names(talk))
    return People(
        vocabulary=vocabulary,
        names=tuple(sorted({name for talk in every for name in names_of(talk)})),
        first_names=frozenset(first for first, count in firsts.items() if count == 1),
        sounds=_sounds(
            {
                name: text
                for talk in every
                for speaker in talk.speakers
                for name, text in written_spellings(speaker)
            }
        ),
    )


def _sounds(written: Mapping[Name, str]) -> dict[str, tuple[Name, ...]]:
    found: dict[str, list[Name]] = {}
    for name, text in sorted(written.items()):
        for sound in called(text):
            found.setdefault(sound, []).append(name)
    return {sound: tuple(names) for sound, names in found.items()}


def _first_names(talk: Talk) -> set[str]:
    return {name[0] for name in names_of(talk) if len(name) > 1}


def names_of(talk: Talk) -> set[Name]:
    """Return every spelling of the name of everybody who gives a talk."""
    return {name for speaker in talk.speakers for name in spellings(speaker)}


def spellings(speaker: Speaker) -> tuple[Name, ...]:
    """Return the spellings of a name: as written, without an aside in brackets, a nickname."""
    return tuple(dict.fromkeys(name for name, _ in written_spellings(speaker)))


def written_spellings(speaker: Speaker) -> tuple[tuple[Name, str], ...]:
    """Return the same with the text of each."""
    written = [spelt for name in (speaker.name, *speaker.also) for spelt in _written(name)]
    runs = ((tokens(text), text) for text in written)
    bare = (
        (run[1:] if run[:1] and run[0] in HONORIFICS and run[1:] else run, text)
        for run, text in runs
    )
    return tuple((way, text) for run, text in bare if run for way in (run, *_other_ways(run)))


def _other_ways(run: Name) -> list[Name]:
    """Return `K S Example` and `KS Example` of `Example K S`, and `Ada VanExample`."""
    first, *rest = run
    if rest and len(first) > 1 and all(len(word) == 1 for word in rest):
        return [(*rest, first), ("".join(rest), first)] if len(rest) > 1 else [(*rest, first)]
    return [(first, "".join(rest))] if len(rest) > 1 and rest[0] in PARTICLES else []


def _written(name: str) -> list[str]:
    plain = _ASIDE.sub(" ", name)
    nicknames = _NICKNAME.findall(name)
    # An aside in another script is the same name once more.
    asides = [one for one in _ASIDE.findall(name) if is_other(one) != is_other(plain)]
    joined = [plain.replace("-", "")] if _HYPHEN.search(plain) else []
    return [plain if tokens(plain) else name, *nicknames, *asides, *joined]


_ASIDE = re.compile(r"[（(]([^)）]*)[)）]")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_NICKNAME = re.compile(r"[\"“”]([^\"“”]{3,})[\"“”]")


def named(title: str, upload: Upload, known: People) -> dict[Name, Found]:
    """Return how an upload's title names people, for each spelling of a name that it does."""
    said = {word for part in upload.parts for word in part}
    found = {
        name: one
        for name in known.names
        if not said.isdisjoint((name[0], name[-1], "".join(name), name[0][0] + name[-1]))
        and (
            one := find(
                upload.parts,
                name,
                vocabulary=known.vocabulary,
                length=len(title),
                first_names=known.first_names,
            )
        )
    }
    for name, one in _by_sound(title, known).items():
        if name not in found or found[name].grade < one.grade:
            found[name] = one
    return found


def _by_sound(title: str, known: People) -> dict[Name, Found]:
    """Return the names that a title has in another script or spelling than theirs."""
    said = heard(title, known.sounds) if known.sounds else {}
    return {
        name: Found(how="nearly", words=said[sound] | set(name))
        for sound in sorted(said, reverse=True)
        for name in known.sounds[sound]
    }
