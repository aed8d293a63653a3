"""Uploads that hold several talks: their chapter marks are read as if each were an upload.

Asks matching about chapters and weighs nothing itself. An upload whose own title names a talk, a
speaker, another event or another year is no such one, whatever its chapters are called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from pipeline.matching.candidates import Sight, VideoText
from pipeline.matching.company import is_before
from pipeline.matching.weights import OTHER_KINDS, SLOT_MISFITS, VERSION, VERY_SHORT
from pipeline.model import Cue, Event, Match, Piece, Talk, Verdict, Video

SEVERAL = 2
"""Talks that an upload must surely hold, before any of its chapters is taken for one."""
_MOST = 3
"""Talks that a person is shown."""
_ALL_DAY = frozenset(("livestream",))
"""Words that name no recording of one talk, but perhaps one of several."""

Ask = Callable[[Mapping[str, Sight]], Sequence[Match]]
"""Matches uploads beside which nothing is linked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter: of which upload, where it starts, how long it is, and itself as an upload."""

    of: str
    start: timedelta
    length: timedelta | None
    sight: Sight


def hear(
    found: Sequence[Match],
    event: Event,
    videos: Mapping[str, VideoText],
    *,
    taken: frozenset[str],
    ask: Ask,
) -> list[Match]:
    """Return the matches of uploads with what their chapters tell; `ask` is asked at most once.

    Talks in `taken` have a recording of their own and get no further one here; their chapters
    still tell what an upload holds.
    """
    chapters = {
        key: one
        for match in found
        if _may_hold(match, videos[match.video], event)
        for key, one in _chapters(videos[match.video]).items()
    }
    if not chapters:
        return list(found)
    said = ask({key: one.sight for key, one in chapters.items()})
    talks = {talk.id: talk for talk in event.talks}
    fitting = [
        one
        for one in said
        if one.talk
        and one.verdict is not Verdict.NONE
        and _fits(chapters[one.video], talks[one.talk])
    ]
    by_video: dict[str, list[Match]] = {}
    for one in fitting:
        by_video.setdefault(chapters[one.video].of, []).append(one)
    return [
        _heard(match, by_video[match.video], chapters, taken) if match.video in by_video else match
        for match in found
    ]


def _may_hold(match: Match, video: VideoText, event: Event) -> bool:
    upload = video.upload
    said = {word for part in upload.parts for word in part}
    return (
        len(video.sight.video.cues) >= SEVERAL
        and (match.verdict is not Verdict.AUTO or video.is_bare)
        and not any(one.how == "in full" for one in video.named.values())
        and not (upload.other_years or upload.other_event)
        and said.isdisjoint(OTHER_KINDS - _ALL_DAY)
        and not is_before(video, event)
    )


def _chapters(video: VideoText) -> dict[str, Chapter]:
    """Return the chapters of an upload by a key of their own."""
    whole = video.sight.video
    is_here = video.sight.only_this_event or video.upload.names_event
    ends = [*(cue.start for cue in whole.cues[1:]), whole.duration]
    found = {}
    for number, (cue, end) in enumerate(zip(whole.cues, ends, strict=True), start=1):
        key = f"{whole.key} {number}"
        found[key] = Chapter(
            of=whole.key,
            start=cue.start,
            length=end - cue.start if end and end > cue.start else None,
            sight=Sight(video=_alone(whole, key, cue), only_this_event=is_here),
        )
    return found


def _alone(whole: Video, key: str, cue: Cue) -> Video:
    """Return a chapter as an upload; of no length, for a short upload is something else."""
    return replace(whole, key=key, title=cue.label, duration=None, anchors=(), cues=())


def _fits(chapter: Chapter, talk: Talk) -> bool:
    """Tell whether a chapter may be all of a talk, by its length, and not a mention of it."""
    if chapter.length is None:
        return True
    return chapter.length >= (talk.length * SLOT_MISFITS[0] if talk.length else VERY_SHORT)


def _heard(
    mine: Match, said: Sequence[Match], chapters: Mapping[str, Chapter], taken: frozenset[str]
) -> Match:
    """Return what becomes of an upload of which some chapters may be talks."""
    sure = [one for one in said if one.verdict is Verdict.AUTO]
    if len(sure) >= SEVERAL and mine.verdict is not Verdict.REVIEW:
        return _held(mine, sure, chapters, taken)
    near = [one for one in said if one.talk not in taken]
    if len({one.talk for one in near}) < SEVERAL or mine.verdict is Verdict.AUTO:
        return mine
    reason = f"{len(near)} of its chapters may be talks"
    if mine.verdict is Verdict.REVIEW:
        return replace(mine, reasons=(*mine.reasons, reason))
    best, *others = sorted(near, key=lambda one: (-one.probability, one.video))
    return replace(
        mine,
        verdict=Verdict.REVIEW,
        talk=best.talk,
        probability=best.probability,
        reasons=(*best.reasons, reason),
        candidates=tuple((one.talk or "", one.probability) for one in (best, *others)[:_MOST]),
    )


def _held(
    mine: Match, sure: Sequence[Match], chapters: Mapping[str, Chapter], taken: frozenset[str]
) -> Match:
    """Return an upload linked to the talks that it surely holds and that have no recording."""
    found = [
        Piece(talk=one.talk, start=chapters[one.video].start)
        for one in sure
        if one.talk and one.talk not in taken
    ]
    if not found:
        return mine
    reason = f"{len(sure)} of its chapters are talks"
    return Match(
        video=mine.video,
        verdict=Verdict.AUTO,
        talk=mine.talk if mine.verdict is Verdict.AUTO else None,
        probability=max(mine.probability, min(one.probability for one in sure)),
        reasons=(*mine.reasons, reason) if mine.verdict is Verdict.AUTO else (reason,),
        version=VERSION,
        pieces=tuple(sorted(found, key=lambda one: (one.start, one.talk))),
    )
