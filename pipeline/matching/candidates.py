"""Talks and videos prepared for comparing, each once, and which pairs are worth a comparison.

Nothing here judges a pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.matching.anchors import anchored
from pipeline.matching.lexicon import Lexicon, lexicon
from pipeline.matching.names import Found
from pipeline.matching.people import Name, named, names_of, people, spellings
from pipeline.matching.reading import Upload, event_names, read_upload, title_runs, tokens
from pipeline.matching.weights import (
    BY_WORDS,
    FUNCTION_WORDS,
    GENERIC_WORDS,
    KINDS,
    LAST_NAME,
    MAIN_TITLE,
    RARE,
    SUFFICIENT_MASS,
)
from pipeline.model import Event, Ledger, Talk, Video
from pipeline.text import fold


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
    called, and `is_bare` says that it tells nothing else but when and where. `has_stranger` says
    that a part of it looks like the name of nobody who speaks. `anchored` are the talks that its
    links name.
    """

    key: str
    sight: Sight
    upload: Upload
    letters: str
    content: frozenset[str]
    named: Mapping[Name, Found]
    kinds: frozenset[str]
    is_bare: bool
    has_stranger: bool
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
    own = {
        talk.id: frozenset(word for name in names_of(talk) for word in name) for talk in event.talks
    }
    runs = {
        talk.id: tuple(
            title_runs(title, names, speakers=own[talk.id])
            for title in (talk.title, *talk.also)
            if title
        )
        for talk in event.talks
    }
    uploads = {
        key: read_upload(sight.video.title or "", names) for key, sight in sorted(sights.items())
    }
    known = lexicon(
        [[word for whole, _ in runs[talk.id] for word in whole] for talk in event.talks],
        [[word for part in upload.own for word in part] for upload in uploads.values()],
    )
    appearances = Counter(name for talk in event.talks for name in names_of(talk))
    talks = tuple(
        _talk_text(talk, runs[talk.id], known, appearances=appearances) for talk in event.talks
    )
    # A last name in a title of its own talk, as in *Panel with Ada Example*, is a name there too.
    vocabulary = frozenset(
        word
        for talk in event.talks
        for whole, _ in runs[talk.id]
        for word in whole
        if word not in own[talk.id]
    )
    speakers = people(event.talks, vocabulary=vocabulary)
    videos = tuple(
        _video_text(
            key,
            sights[key],
            uploads[key],
            known,
            named=named(sights[key].video.title or "", uploads[key], speakers),
            anchored=anchored(sights[key].video, event.talks),
        )
        for key in sorted(sights)
    )
    spelt = ((name, who) for talk in talks for who, names in talk.speakers for name in names)
    # Of two people of one name the first by the alphabet, whichever talk comes first.
    whose = dict(sorted(spelt, reverse=True))
    return Texts(lexicon=known, talks=talks, videos=videos, people=whose, start=event.start)


def _content(upload: Upload, known: Lexicon) -> frozenset[str]:
    """Return the words of an upload as talks spell them, without the number of a list in front."""
    found = [word for part in upload.own for word in known.spell(part)]
    number = next(iter(found), "")
    if number.isdigit() and len(number) < _YEAR_DIGITS and number not in known.talk_words:
        del found[0]
    return frozenset(found)


_YEAR_DIGITS = 4


def _talk_text(
    talk: Talk, runs: Sequence[tuple[Name, Name]], known: Lexicon, *, appearances: Counter[Name]
) -> TalkText:
    titles: list[TitleWords] = []
    for whole, main in runs:
        titles.append(_title_words(whole, known, share=1.0))
        part = _title_words(main, known, share=MAIN_TITLE)
        telling = len(part.rare) >= 2 or part.weight >= SUFFICIENT_MASS
        if telling and part.words < titles[-1].words:
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


def _video_text(
    key: str,
    sight: Sight,
    upload: Upload,
    known: Lexicon,
    *,
    named: Mapping[Name, Found],
    anchored: frozenset[str],
) -> VideoText:
    content = _content(upload, known) - known.shared
    speakers = {word for one in named.values() if one.grade >= LAST_NAME for word in one.words}
    called = kinds(word for part in upload.parts for word in part)
    return VideoText(
        key=key,
        sight=sight,
        upload=upload,
        letters=fold(sight.video.title or ""),
        content=content,
        named=named,
        kinds=called,
        is_bare=bool(called) and not named and not tells(content),
        has_stranger=any(_is_stranger(part, known, speakers) for part in upload.own),
        anchored=anchored,
    )


def _is_stranger(part: Name, known: Lexicon, speakers: Collection[str]) -> bool:
    """Tell whether a part of a title is two or three words that no talk's title or speaker has."""
    return len(part) in _NAME_WORDS and not any(
        len(word) == 1
        or not word.isalpha()
        or word in _TELLS_NOTHING
        or word in known.talk_words
        or word in known.spellings
        or word in known.shared
        or word in speakers
        for word in part
    )


_NAME_WORDS = (2, 3)


def tells(content: Iterable[str]) -> bool:
    """Tell whether some words say more than when, where, and at what kind of session."""
    return any(not (word in _TELLS_NOTHING or word.isdigit()) for word in content)


_TELLS_NOTHING = FUNCTION_WORDS | GENERIC_WORDS | BY_WORDS | KINDS.keys()
