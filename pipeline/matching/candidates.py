"""Talks and videos prepared for comparing, each once, and which pairs are worth a comparison.

Nothing here judges a pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.matching.lexicon import Lexicon, lexicon
from pipeline.matching.names import Found, find
from pipeline.matching.reading import Upload, event_names, read_upload, title_runs
from pipeline.matching.weights import FUNCTION_WORDS, HONORIFICS, MAIN_TITLE, RARE
from pipeline.model import Event, Ledger, Speaker, Talk, Video
from pipeline.text import words

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
    """One way to write a talk's title; `share` is what agreement with it counts (0 to 1)."""

    words: frozenset[str]
    weight: float
    rare: frozenset[str]
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkText:
    """A talk prepared.

    `speakers` has for each speaker the name and the words of every spelling of it. `own_words`
    are all words of its titles and speakers. `shares_speaker` says that somebody of the talk
    gives another talk of the event too.
    """

    talk: Talk
    titles: tuple[TitleWords, ...]
    speakers: tuple[tuple[str, tuple[Name, ...]], ...]
    affiliations: tuple[Name, ...]
    own_words: frozenset[str]
    shares_speaker: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoText:
    """A video prepared.

    `content` are the words of the title as talks spell them, without the event's names; `named`
    has for every name that the title names how it does.
    """

    key: str
    sight: Sight
    upload: Upload
    content: frozenset[str]
    named: Mapping[Name, Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """An event's talks and videos prepared; `videos` holds those that are to be judged."""

    lexicon: Lexicon
    talks: tuple[TalkText, ...]
    videos: tuple[VideoText, ...]

    def near(self, video: VideoText) -> tuple[TalkText, ...]:
        """Return the talks that share a telling word with the title or are named in it."""
        content = video.content - FUNCTION_WORDS
        return tuple(
            talk
            for talk in self.talks
            if not talk.own_words.isdisjoint(content)
            or any(name in video.named for _, names in talk.speakers for name in names)
        )


def prepare(event: Event, sights: Mapping[str, Sight], *, judged: Iterable[str]) -> Texts:
    """Return the event and its videos prepared; all of `sights` count for the words' weights."""
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
    people = sorted(appearances)
    videos = tuple(
        _video_text(key, sights[key], uploads[key], known, people) for key in sorted(judged)
    )
    return Texts(lexicon=known, talks=talks, videos=videos)


def _names_of(talk: Talk) -> set[Name]:
    return {name for speaker in talk.speakers for name in _names(speaker)}


def _names(speaker: Speaker) -> tuple[Name, ...]:
    runs = (words(name) for name in (speaker.name, *speaker.also))
    bare = (run[1:] if run[:1] and run[0] in HONORIFICS and run[1:] else run for run in runs)
    return tuple(run for run in bare if run)


def _talk_text(
    talk: Talk, runs: Sequence[tuple[Name, Name]], known: Lexicon, *, appearances: Counter[Name]
) -> TalkText:
    titles: list[TitleWords] = []
    for whole, main in runs:
        titles.append(_title_words(whole, known, share=1.0))
        part = _title_words(main, known, share=MAIN_TITLE)
        if len(part.rare) >= 2 and part.words < titles[-1].words:
            titles.append(part)
    speakers = tuple((speaker.name, _names(speaker)) for speaker in talk.speakers)
    names = {name for _, spellings in speakers for name in spellings}
    words_of_titles = {word for title in titles for word in title.words}
    return TalkText(
        talk=talk,
        titles=tuple(titles),
        speakers=speakers,
        affiliations=tuple(words(one.affiliation or "") for one in talk.speakers),
        own_words=frozenset(words_of_titles.union(*names)),
        shares_speaker=any(appearances[name] > 1 for name in names),
    )


def _title_words(run: Sequence[str], known: Lexicon, *, share: float) -> TitleWords:
    these = frozenset(run)
    return TitleWords(
        words=these,
        weight=known.total(these),
        rare=frozenset(word for word in these if known.weight[word] >= RARE),
        share=share,
    )


def _video_text(
    key: str, sight: Sight, upload: Upload, known: Lexicon, people: Sequence[Name]
) -> VideoText:
    said = {word for part in upload.parts for word in part}
    length = len(sight.video.title or "")
    found = {
        name: one
        for name in people
        if not said.isdisjoint((name[0], name[-1], "".join(name)))
        and (one := find(upload.parts, name, vocabulary=known.talk_words, length=length))
    }
    content = frozenset(word for part in upload.own for word in known.spell(part))
    return VideoText(
        key=key, sight=sight, upload=upload, content=content - known.shared, named=found
    )
