"""Everything that speaks for and against one video being one talk, and the probability of it.

The formula is a sum of named weights. What follows from a probability is decided in `verdict`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import exp, fsum

from pipeline.matching import weights as w
from pipeline.matching.candidates import Name, TalkText, Texts, VideoText
from pipeline.matching.names import Found
from pipeline.matching.titles import Likeness, compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for and against a pair, in words (`reasons`) and as a probability.

    `grade` is how well a speaker is named (0 to 1); `against` holds those reasons that no
    likeness outweighs: none of them leaves a link to the machine.
    """

    talk: TalkText
    log_odds: float
    likeness: Likeness
    grade: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def probability(self) -> float:
        """Return how likely the pair is, from 0 to 1."""
        return 1 / (1 + exp(-self.log_odds))


def weigh(video: VideoText, talk: TalkText, texts: Texts) -> Evidence:
    """Return what speaks for and against `video` being a recording of `talk`."""
    speaker, found = _speaker(video, talk)
    grade = found.grade if found else 0.0
    likeness = compare(talk.titles, video.content, texts.lexicon, named=_beside(video, talk, found))
    objections = _objections(video, talk, likeness, grade, texts)
    length, length_says = _length(video, talk)
    event = w.NAMES_THE_EVENT if video.upload.names_event else 0.0
    terms = [
        *_terms(talk, likeness, grade),
        w.ONLY_THIS_EVENT if video.sight.only_this_event else event,
        length,
        *(weight for weight, _ in objections),
    ]
    against = tuple(says for _, says in objections)
    says = [
        _speaker_says(talk, speaker, found),
        _title_says(talk, likeness),
        length_says,
        "names the event" if video.upload.names_event else "",
        *against,
    ]
    return Evidence(
        talk=talk,
        log_odds=fsum(terms),
        likeness=likeness,
        grade=grade,
        reasons=tuple(one for one in says if one),
        against=against,
    )


def _terms(talk: TalkText, likeness: Likeness, grade: float) -> tuple[float, ...]:
    if not talk.titles:
        return (w.UNTITLED_BASE, w.UNTITLED_SPEAKER * grade)
    mass = min(likeness.mass, 2.0) / 2
    speaker = w.SPEAKER * grade * (w.SHARED_SPEAKER if talk.shares_speaker else 1.0)
    return (w.BASE, w.TITLE * likeness.score, w.TITLE_MASS * mass, speaker)


def _speaker(video: VideoText, talk: TalkText) -> tuple[str, Found | None]:
    """Return the speaker of `talk` whom the title names best, the first of equals."""
    best: tuple[str, Found | None] = ("", None)
    for person, spellings in talk.speakers:
        for name in spellings:
            found = video.named.get(name)
            if found and (best[1] is None or found.grade > best[1].grade):
                best = (person, found)
    return best


def _beside(video: VideoText, talk: TalkText, found: Found | None) -> set[str]:
    """Return words of the upload that belong to the speakers: names, affiliations, asides."""
    named = [video.named[n] for _, names in talk.speakers for n in names if n in video.named]
    beside = {word for one in named for word in one.words}
    if not found:
        return beside
    beside |= {word for words in talk.affiliations for word in words}
    titled = {word for title in talk.titles for word in title.words}
    for part, after in pairwise(video.upload.own):
        aside = len(after) <= _ASIDE_WORDS and titled.isdisjoint(after)
        if aside and not found.words.isdisjoint(part):
            beside |= set(after)
    return beside


_ASIDE_WORDS = 3
"""Words that an affiliation behind a speaker's name has at most: `(Red Hat)`."""


def _objections(
    video: VideoText, talk: TalkText, likeness: Likeness, grade: float, texts: Texts
) -> list[tuple[float, str]]:
    upload = video.upload
    found: list[tuple[float, str]] = []
    if years := sorted(upload.other_years - talk.own_words):
        found.append((w.OTHER_EVENT, f"names another year: {', '.join(years)}"))
    if upload.other_event and not (talk.own_words | texts.lexicon.shared) & set(upload.other_event):
        found.append((w.OTHER_EVENT, f"names another event: {' '.join(upload.other_event)}"))
    if grade < w.NAMED and (other := _other_speaker(video, talk, texts)):
        found.append((w.OTHER_SPEAKER, f"names the speaker of another talk: {other}"))
    if likeness.other_number:
        found.append((w.OTHER_NUMBER, f"other number in the title: {likeness.other_number}"))
    kinds = sorted(w.OTHER_KINDS.intersection(_said(upload.parts)) - talk.own_words)
    if kinds:
        found.append((w.OTHER_KIND, f"the title says {', '.join(kinds)}"))
    if _is_short(video, talk):
        found.append((w.TOO_SHORT, f"{_spoken(video.sight.video.duration)} is short for a talk"))
    return found


def _said(parts: Sequence[Name]) -> set[str]:
    return {word for part in parts for word in part}


def _other_speaker(video: VideoText, talk: TalkText, texts: Texts) -> str | None:
    """Return who is named in full and speaks elsewhere at the event, None for nobody."""
    mine = {name for _, names in talk.speakers for name in names}
    full = {name for name, one in video.named.items() if one.how == "in full"} - mine
    if not full:
        return None
    others = (person for other in texts.talks for person in other.speakers)
    return next((person for person, names in others if full.intersection(names)), None)


def _is_short(video: VideoText, talk: TalkText) -> bool:
    duration = video.sight.video.duration
    slot = talk.talk.length
    if duration is None or duration >= w.SHORT or "lightning" in talk.talk.kind:
        return False
    return slot is None or duration < slot * w.SLOT_FITS[0]


def _length(video: VideoText, talk: TalkText) -> tuple[float, str]:
    duration, slot = video.sight.video.duration, talk.talk.length
    if duration is None or not slot or _is_short(video, talk):
        return 0.0, ""
    share = duration / slot
    planned = f"the {round(slot / timedelta(minutes=1))} min slot"
    spoken = f"{round(duration / timedelta(minutes=1))} min"
    if w.SLOT_FITS[0] <= share <= w.SLOT_FITS[1]:
        return w.LENGTH_FITS, f"{spoken} fits {planned}"
    if share < w.SLOT_MISFITS[0] or share > w.SLOT_MISFITS[1]:
        return w.LENGTH_MISFITS, f"{spoken} does not fit {planned}"
    return 0.0, ""


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
