"""Talks and videos prepared for comparing, each once, and which pairs are worth a comparison.

Nothing here judges a pair.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.matching.anchors import anchored
from pipeline.matching.lexicon import Lexicon, lexicon
from pipeline.matching.names import Found, find
from pipeline.matching.reading import Upload, event_names, read_upload, title_runs, tokens
from pipeline.matching.scripts import called, heard, is_other
from pipeline.matching.weights import (
    BY_WORDS,
    FUNCTION_WORDS,
    GENERIC_WORDS,
    HONORIFICS,
    KINDS,
    MAIN_TITLE,
    RARE,
)
from pipeline.model import Event, Ledger, Speaker, Talk, Video
from pipeline.text import fold

Name = tuple[str, ...]
"""A name's words, folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A video as matching is given it, with what its lists promise.

    `only_this_event` says that a list which holds nothing but this event's videos shows it.
    """

    video: Video
    only_this_event: bool


def sights(event: Event, ledger: Ledger) -> dict[str, Sight]:
    """Return what matching may see: every video of the ledger that is not held back."""
    own = {watch.id for watch in event.watches if watch.only_this_event}
    return {
        key: Sight(video=row.video, only_this_event=bool(own.intersection(row.watches)))
        for key, row in ledger.videos.items()
        if row.video.url
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleWords:
    """One way to write a talk's title, in order (`run`) and as a set of words.

    `share` is what agreement with it counts (0 to 1).
    """

    run: tuple[str, ...]
    words: frozenset[str]
    weight: float
    rare: frozenset[str]
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkText:
    """A talk prepared.

    `speakers` has for each speaker the name and the words of every spelling of it. `own_words`
    are all words of its titles and speakers. `shares_speaker` says that somebody of the talk
    gives another talk of the event too. `kinds` is what kind of session it is called.
    """

    talk: Talk
    titles: tuple[TitleWords, ...]
    letters: frozenset[str]
    speakers: tuple[tuple[str, tuple[Name, ...]], ...]
    affiliations: tuple[Name, ...]
    own_words: frozenset[str]
    shares_speaker: bool
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoText:
    """A video prepared.

    `content` are the words of the title as talks spell them, without the event's names; `named`
    has for every name that the title names how it does. `kinds` is what kind of session it is
    called, and `is_bare` says that it tells nothing else but when and where. `anchored` are the
    talks that its links name.
    """

    key: str
    sight: Sight
    upload: Upload
    letters: str
    content: frozenset[str]
    named: Mapping[Name, Found]
    kinds: frozenset[str]
    is_bare: bool
    anchored: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """An event's talks and videos prepared; `people` has whose each spelling of a name is."""

    lexicon: Lexicon
    talks: tuple[TalkText, ...]
    videos: tuple[VideoText, ...]
    people: Mapping[Name, str]
    start: date

    def day(self, talk: TalkText) -> int | None:
        """Return on which day of the event a talk is given, from 1; None where nobody says."""
        return None if talk.talk.day is None else (talk.talk.day - self.start).days + 1

    def near(self, video: VideoText) -> tuple[TalkText, ...]:
        """Return the talks that share a telling word with the title or are named in it.

        A title that says nothing but the kind of session is near every talk of that kind.
        """
        content = video.content - FUNCTION_WORDS
        return tuple(
            talk
            for talk in self.talks
            if not talk.own_words.isdisjoint(content)
            or any(name in video.named for _, names in talk.speakers for name in names)
            or talk.talk.id in video.anchored
            or (video.is_bare and video.kinds <= talk.kinds)
        )


def prepare(event: Event, sights: Mapping[str, Sight]) -> Texts:
    """Return the event and its videos prepared, by key."""
    names = event_names(event)
    runs = {
        talk.id: tuple(title_runs(title, names) for title in (talk.title, *talk.also) if title)
        for talk in event.talks
    }
    uploads = {
        key: read_upload(sight.video.title or "", names) for key, sight in sorted(sights.items())
    }
    known = lexicon(
        [[word for whole, _ in runs[talk.id] for word in whole] for talk in event.talks],
        [[word for part in upload.own for word in part] for upload in uploads.values()],
    )
    appearances = Counter(name for talk in event.talks for name in _names_of(talk))
    talks = tuple(
        _talk_text(talk, runs[talk.id], known, appearances=appearances) for talk in event.talks
    )
    firsts = Counter(first for talk in event.talks for first in _first_names(talk))
    written = {
        name: text
        for talk in event.talks
        for speaker in talk.speakers
        for name, text in written_spellings(speaker)
    }
    people = _People(
        names=tuple(sorted(appearances)),
        first_names=frozenset(first for first, count in firsts.items() if count == 1),
        sounds={name: called(text) for name, text in written.items()},
        elsewhere=frozenset(name for name, text in written.items() if is_other(text)),
    )
    videos = tuple(
        _video_text(
            key,
            sights[key],
            uploads[key],
            content=frozenset(w for part in uploads[key].own for w in known.spell(part)),
            named=_named(sights[key].video, uploads[key], known, people),
            shared=known.shared,
            anchored=anchored(sights[key].video, event.talks),
        )
        for key in sorted(sights)
    )
    spelt = ((name, who) for talk in talks for who, names in talk.speakers for name in names)
    # Of two people of one name the first by the alphabet, whichever talk comes first.
    whose = dict(sorted(spelt, reverse=True))
    return Texts(lexicon=known, talks=talks, videos=videos, people=whose, start=event.start)


def _first_names(talk: Talk) -> set[str]:
    return {name[0] for name in _names_of(talk) if len(name) > 1}


def _names_of(talk: Talk) -> set[Name]:
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
    return tuple((run, text) for run, text in bare if run)


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


def _talk_text(
    talk: Talk, runs: Sequence[tuple[Name, Name]], known: Lexicon, *, appearances: Counter[Name]
) -> TalkText:
    titles: list[TitleWords] = []
    for whole, main in runs:
        titles.append(_title_words(whole, known, share=1.0))
        part = _title_words(main, known, share=MAIN_TITLE)
        if len(part.rare) >= 2 and part.words < titles[-1].words:
            titles.append(part)
    speakers = tuple((speaker.name, spellings(speaker)) for speaker in talk.speakers)
    names = {name for _, spelt in speakers for name in spelt}
    words_of_titles = {word for title in titles for word in title.words}
    return TalkText(
        talk=talk,
        titles=tuple(titles),
        letters=frozenset(fold(title) for title in (talk.title, *talk.also) if title),
        speakers=speakers,
        affiliations=tuple(tokens(one.affiliation or "") for one in talk.speakers),
        own_words=frozenset(words_of_titles.union(*names)),
        shares_speaker=any(appearances[name] > 1 for name in names),
        kinds=kinds(tokens(f"{talk.kind.replace('_', ' ')} {talk.title or ''}")),
    )


def kinds(run: Iterable[str]) -> frozenset[str]:
    """Return which kinds of session some words speak of."""
    return frozenset(KINDS[word] for word in run if word in KINDS)


def _title_words(run: Sequence[str], known: Lexicon, *, share: float) -> TitleWords:
    these = frozenset(run)
    return TitleWords(
        run=tuple(run),
        words=these,
        weight=known.total(these),
        rare=frozenset(word for word in these if known.weight[word] >= RARE),
        share=share,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    """Every spelling of a speaker's name, and the first names that one person has alone.

    `sounds` is how each spelling may sound; those `elsewhere` are in another script than Latin.
    """

    names: tuple[Name, ...]
    first_names: frozenset[str]
    sounds: Mapping[Name, frozenset[str]]
    elsewhere: frozenset[Name]


def _named(video: Video, upload: Upload, known: Lexicon, people: _People) -> dict[Name, Found]:
    said = {word for part in upload.parts for word in part}
    found = {
        name: one
        for name in people.names
        if not said.isdisjoint((name[0], name[-1], "".join(name), name[0][0] + name[-1]))
        and (
            one := find(
                upload.parts,
                name,
                vocabulary=known.talk_words,
                length=len(video.title or ""),
                first_names=people.first_names,
            )
        )
    }
    for name, one in _by_sound(video.title or "", people).items():
        if name not in found or found[name].grade < one.grade:
            found[name] = one
    return found


def _by_sound(title: str, people: _People) -> dict[Name, Found]:
    """Return the names that a title has in another script than theirs."""
    names = people.names if is_other(title) else sorted(people.elsewhere)
    said = heard(title) if names else {}
    return {
        name: Found(how="nearly", words=said[sound] | set(name))
        for name in names
        for sound in sorted(people.sounds[name] & said.keys())[:1]
    }


def _video_text(
    key: str,
    sight: Sight,
    upload: Upload,
    *,
    content: frozenset[str],
    named: Mapping[Name, Found],
    shared: frozenset[str],
    anchored: frozenset[str],
) -> VideoText:
    called = kinds(word for part in upload.parts for word in part)
    return VideoText(
        key=key,
        sight=sight,
        upload=upload,
        letters=fold(sight.video.title or ""),
        content=content - shared,
        named=named,
        kinds=called,
        is_bare=bool(called) and not named and not tells(content - shared),
        anchored=anchored,
    )


def tells(content: Iterable[str]) -> bool:
    """Tell whether some words say more than when, where, and at what kind of session."""
    return any(not (word in _TELLS_NOTHING or word.isdigit()) for word in content)


_TELLS_NOTHING = FUNCTION_WORDS | GENERIC_WORDS | BY_WORDS | KINDS.keys()
