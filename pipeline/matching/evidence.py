"""Everything that speaks for and against one video being one talk, as named features.

A feature is a number from 0 to 1, or rarely more; what it weighs stands in `calibration`.
What follows from the sum is decided in `verdict`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import fsum

from pipeline.matching import weights as w
from pipeline.matching.candidates import TalkText, Texts, VideoText, tells
from pipeline.matching.names import Found
from pipeline.matching.people import Name
from pipeline.matching.scripts import is_other
from pipeline.matching.titles import Likeness, compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for and against a pair, as `features` and in words (`reasons`).

    `grade` is how well a speaker is named (0 to 1); `against` holds those reasons that no
    likeness outweighs: none of them leaves a link to the machine.
    """

    talk: TalkText
    features: Mapping[str, float]
    likeness: Likeness
    grade: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]

    def log_odds(self, weights: Mapping[str, float], beside: Mapping[str, float]) -> float:
        """Return the weighted sum of these features and those `beside` them, in exact sums."""
        return fsum(
            weights[name] * value
            for features in (self.features, beside)
            for name, value in features.items()
        )


def weigh(video: VideoText, talk: TalkText, texts: Texts) -> Evidence:
    """Return what speaks for and against `video` being a recording of `talk`."""
    speaker, found = _speaker(video, talk)
    grade = found.grade if found else 0.0
    beside = _beside(video, talk, found)
    unread = _unreadable(video, talk, grade) - beside
    likeness = compare(
        talk.titles,
        video.content,
        texts.lexicon,
        named=beside | unread,
        names=_names(video, talk),
        is_cut=video.upload.is_cut,
    )
    objections = _objections(video, talk, likeness, grade, texts)
    if unread and likeness.mass < w.RARE:
        objections.append(("other script", "its title is in another script than the talk's"))
    length, length_says = _length(video, talk)
    kind, kind_says = _of_kind(video, talk, texts)
    features = {
        **_of_title(video, talk, likeness, grade),
        **_of_speaker(video, talk, found, unread),
        **_of_event(video),
        "linked to": float(video.anchored == {talk.talk.id}),
        **{name: 1.0 for name, _ in objections},
        **({length: 1.0} if length else {}),
        **kind,
    }
    against = tuple(says for name, says in objections if name in BARS)
    says = [
        "its description links to the talk" if talk.talk.id in video.anchored else "",
        _speaker_says(talk, speaker, found),
        _title_says(talk, likeness),
        kind_says,
        length_says,
        "names the event" if video.upload.names_event else "",
        *(says for _, says in objections),
    ]
    return Evidence(
        talk=talk,
        features={name: value for name, value in features.items() if value},
        likeness=likeness,
        grade=grade,
        reasons=tuple(one for one in says if one),
        against=against,
    )


BARS = frozenset(
    (
        *("no talk", "other event", "other number", "other script", "other speaker"),
        *("other year", "very short"),
    )
)
"""Objections after which a person is asked, however much speaks for the pair."""


def _of_title(
    video: VideoText, talk: TalkText, likeness: Likeness, grade: float
) -> dict[str, float]:
    if not talk.titles:
        here = float(video.sight.only_this_event)
        return {
            "untitled": 1.0,
            "untitled, speaker": grade,
            "untitled, in a list of the event": here,
        }
    bare = video.is_bare and video.kinds <= talk.kinds
    whole = likeness.equal or (bare and likeness.of_talk >= w.WHOLE_TALK)
    common = 0 < likeness.mass < w.SUFFICIENT_MASS
    return {
        "pair": 1.0,
        "title, nothing of it": float(not likeness.mass),
        "title, word by word": float(likeness.equal and not common),
        "title, letter by letter": float(likeness.equal and _stands_in(talk, video)),
        "title, of the talk": likeness.of_talk,
        "title, of the upload": likeness.of_video,
        "title, mass": min(likeness.mass, 4.0) / 4,
        "title, too common": float(common),
        "title, too common, but all of it": float(common and whole),
    }


def _stands_in(talk: TalkText, video: VideoText) -> bool:
    return any(title in video.letters for title in talk.letters)


def _of_speaker(
    video: VideoText, talk: TalkText, found: Found | None, unread: frozenset[str]
) -> dict[str, float]:
    if not talk.titles or not found:
        return {}
    said = video.content - found.words - _names(video, talk) - unread
    only = found.grade >= w.NAMED and not tells(said)
    return {
        "speaker": found.grade,
        "speaker, one of several": found.grade * _missing(video, talk),
        "namesake": float(found.how == "with another first name"),
        "speaker, and nothing else": float(only),
    }


def _missing(video: VideoText, talk: TalkText) -> float:
    """Return which share of a talk's speakers the title does not name (0 to 1)."""
    named = sum(
        any(name in video.named and video.named[name].grade >= w.LAST_NAME for name in names)
        for _, names in talk.speakers
    )
    return 1 - max(named, 1) / len(talk.speakers)


def _of_event(video: VideoText) -> dict[str, float]:
    upload = video.upload
    if video.sight.only_this_event:
        return {"in a list of the event": 1.0}
    if upload.names_event:
        return {"names the event": 1.0}
    return {
        "names the event without its year": float(upload.names_name),
        "names the event's year": float(upload.names_year),
    }


def _of_kind(video: VideoText, talk: TalkText, texts: Texts) -> tuple[dict[str, float], str]:
    """Return what the kinds of session say: `keynote` on both sides, or on one only."""
    if not video.kinds:
        return {}, ""
    shared = video.kinds & talk.kinds
    if not shared:
        return ({"kind contradicts": 1.0} if talk.kinds else {}), ""
    alone = video.is_bare and video.kinds <= talk.kinds and _is_only(video, talk, texts)
    says = f"both are called {', '.join(sorted(shared))}"
    only = ", which no other talk is" if alone else ""
    return {"kind agrees": 1.0, "kind alone": float(alone)}, says + only


def _is_only(video: VideoText, talk: TalkText, texts: Texts) -> bool:
    day = _day_said(video)
    others = (
        one
        for one in texts.talks
        if one is not talk
        and video.kinds <= one.kinds
        and (day is None or texts.day(one) in (None, day))
    )
    return next(others, None) is None


def _day_said(video: VideoText) -> int | None:
    """Return the number behind `Day` in the upload's title."""
    for part in video.upload.parts:
        for word, after in pairwise(part):
            if word == "day" and after.isdigit() and len(after) == 1:
                return int(after)
    return None


def _speaker(video: VideoText, talk: TalkText) -> tuple[str, Found | None]:
    """Return the speaker of `talk` whom the title names best, the first of equals."""
    best: tuple[str, Found | None] = ("", None)
    for person, spellings in talk.speakers:
        for name in spellings:
            found = video.named.get(name)
            if found and (best[1] is None or found.grade > best[1].grade):
                best = (person, found)
    return best


def _names(video: VideoText, talk: TalkText) -> set[str]:
    """Return the words of the upload that surely are a name of the talk's speakers."""
    found = (video.named[n] for _, names in talk.speakers for n in names if n in video.named)
    return {word for one in found if one.grade >= w.NAMED for word in one.words}


def _unreadable(video: VideoText, talk: TalkText, grade: float) -> frozenset[str]:
    """Return the words of an upload that names the speaker in a script that the talk's title lacks.

    A title that was translated from one into the other can share none of them.
    """
    if grade < w.NAMED or any(map(is_other, talk.letters)):
        return frozenset()
    return frozenset(word for word in video.content if is_other(word) and tells((word,)))


def _beside(video: VideoText, talk: TalkText, found: Found | None) -> set[str]:
    """Return words of the upload that belong to the speakers: names, affiliations, asides."""
    named = [video.named[n] for _, names in talk.speakers for n in names if n in video.named]
    beside = {word for one in named for word in one.words}
    if not found:
        return beside
    beside |= {word for words in talk.affiliations for word in words}
    titled = {word for title in talk.titles for word in title.words}
    for part in video.upload.own:
        about = set(part) - found.words
        if len(about) < len(part) and len(about) <= _ASIDE_WORDS and titled.isdisjoint(about):
            beside |= about
    for part, after in pairwise(video.upload.own):
        aside = len(after) <= _ASIDE_WORDS and titled.isdisjoint(after)
        if aside and not found.words.isdisjoint(part):
            beside |= set(after)
    return beside


_ASKED = w.QUESTIONS - {"a", "and"}
_ASIDE_WORDS = 3
"""Words that an affiliation behind a speaker's name has at most: `(Red Hat)`."""


def _objections(
    video: VideoText, talk: TalkText, likeness: Likeness, grade: float, texts: Texts
) -> list[tuple[str, str]]:
    upload = video.upload
    found: list[tuple[str, str]] = []
    if years := sorted(upload.other_years - talk.own_words):
        found.append(("other year", f"names another year: {', '.join(years)}"))
    passed = {word for one in video.named.values() for word in one.words}
    if (
        upload.other_event
        and passed.isdisjoint(upload.other_event)
        and not (talk.own_words | texts.lexicon.shared) & set(upload.other_event)
    ):
        found.append(("other event", f"names another event: {' '.join(upload.other_event)}"))
    if grade < w.NAMED and (other := _other_speaker(video, talk, texts)):
        found.append(("other speaker", f"names the speaker of another talk: {other}"))
    if likeness.other_number:
        found.append(("other number", f"other number in the title: {likeness.other_number}"))
    if _is_questions(upload.parts) and talk.own_words.isdisjoint(_ASKED):
        found.append(("no talk", "the title says questions and answers"))
    others = sorted(w.OTHER_KINDS.intersection(_said(upload.parts)) - talk.own_words)
    if others:
        found.append(("no talk", f"the title says {', '.join(others)}"))
    if _is_short(video, talk):
        duration = video.sight.video.duration
        very = duration is not None and duration <= w.VERY_SHORT
        says = f"{_spoken(duration)} is short for a talk"
        found.append(("very short" if very else "short", says))
    return found


def _is_questions(parts: Sequence[Name]) -> bool:
    """Tell whether a part of a title says `Q&A` or the like, and no more."""
    return any(w.QUESTIONS.issuperset(one) and not _ASKED.isdisjoint(one) for one in parts)


def _said(parts: Sequence[Name]) -> set[str]:
    return {word for part in parts for word in part}


def _other_speaker(video: VideoText, talk: TalkText, texts: Texts) -> str | None:
    """Return who is named in full and speaks elsewhere at the event, None for nobody."""
    mine = {name for _, names in talk.speakers for name in names}
    full = {name for name, one in video.named.items() if one.how == "in full"} - mine
    return min((texts.people[name] for name in full), default=None)


def _is_short(video: VideoText, talk: TalkText) -> bool:
    duration = video.sight.video.duration
    slot = talk.talk.length
    if duration is None or duration >= w.SHORT or "lightning" in talk.kinds | video.kinds:
        return False
    return slot is None or duration < slot * w.SLOT_FITS[0]


def _length(video: VideoText, talk: TalkText) -> tuple[str, str]:
    duration, slot = video.sight.video.duration, talk.talk.length
    if duration is None or not slot or _is_short(video, talk):
        return "", ""
    share = duration / slot
    planned = f"the {round(slot / timedelta(minutes=1))} min slot"
    spoken = f"{round(duration / timedelta(minutes=1))} min"
    if w.SLOT_FITS[0] <= share <= w.SLOT_FITS[1]:
        return "length fits", f"{spoken} fits {planned}"
    if share < w.SLOT_MISFITS[0] or share > w.SLOT_MISFITS[1]:
        return "length misfits", f"{spoken} does not fit {planned}"
    return "", ""


def _spoken(duration: timedelta | None) -> str:
    minutes, seconds = divmod(round((duration or timedelta()).total_seconds()), 60)
    return f"{minutes} min {seconds} s"


def _speaker_says(talk: TalkText, person: str, found: Found | None) -> str:
    if not talk.speakers:
        return ""
    if not found:
        return "no speaker named"
    who = "speaker" if len(talk.speakers) == 1 else f"1 of {len(talk.speakers)} speakers"
    also = ", who gives several talks" if talk.shares_speaker else ""
    return f"{who} named {found.how}: {person}{also}"


def _title_says(talk: TalkText, likeness: Likeness) -> str:
    if not talk.titles:
        return "the talk has no title yet"
    return f"title: {likeness.hits} of {likeness.out_of} {likeness.unit}"
