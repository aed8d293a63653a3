"""From evidence to an outcome: AUTO, REVIEW or NONE, and why not more.

One video at a time. What other videos claim comes in as `taken` and is settled in `assignment`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from pipeline.matching.candidates import VideoText
from pipeline.matching.evidence import Evidence
from pipeline.matching.weights import (
    AUTO_AT,
    CLEAR_MARGIN,
    FULL,
    NAMED,
    REVIEW_AT,
    STRONG_TITLE,
    SUFFICIENT_MASS,
    SUFFICIENT_TITLE,
    VERSION,
)
from pipeline.model import Match, Verdict

_MOST = 3
"""Candidates that a person is shown."""


def judge(video: VideoText, ranked: Sequence[Evidence], *, taken: Container[str]) -> Match:
    """Return what becomes of `video`, given its candidates, the best first.

    A talk in `taken` has a recording; its claim on the video still counts.
    """
    if video.sight.video.title is None:
        return _none(video, "the list does not know the title")
    if not ranked:
        return _none(video, "no talk resembles it")
    best, *others = ranked
    runner_up = others[0] if others else None
    reasons = list(best.reasons)
    if runner_up and _shown(runner_up):
        reasons.append(f"next best {_shown(runner_up):.2f}")
    verdict = Verdict.NONE
    if best.probability >= REVIEW_AT:
        doubts = doubts_about(video, best, runner_up)
        if best.talk.talk.id in taken:
            doubts = (*doubts, "the talk already has a recording")
        reasons += doubts
        sure = best.probability >= AUTO_AT and not doubts and not best.against
        verdict = Verdict.AUTO if sure else Verdict.REVIEW
    return Match(
        video=video.key,
        verdict=verdict,
        talk=best.talk.talk.id if verdict is not Verdict.NONE else None,
        probability=_shown(best),
        reasons=tuple(reasons),
        version=VERSION,
        candidates=tuple((one.talk.talk.id, _shown(one)) for one in ranked[:_MOST]),
    )


def _none(video: VideoText, reason: str) -> Match:
    return Match(video=video.key, verdict=Verdict.NONE, reasons=(reason,), version=VERSION)


def _shown(evidence: Evidence) -> float:
    """Return the probability as people read it: two decimals, and never certain."""
    return min(round(evidence.probability, 2), 0.99)


def doubts_about(video: VideoText, best: Evidence, runner_up: Evidence | None) -> tuple[str, ...]:
    """Return why a person has to look, whatever the probability; empty where nobody has to.

    What speaks against the pair itself is not repeated: it stands in `best.against`.
    """
    doubts: list[str] = []
    if runner_up and best.log_odds - runner_up.log_odds < CLEAR_MARGIN:
        doubts.append("too close to the next best")
    if not best.talk.titles:
        doubts += _untitled(video, best, runner_up)
    elif video.sight.only_this_event:
        doubts += _titled_here(best)
    else:
        doubts += _titled_anywhere(best)
    return tuple(doubts)


def _untitled(video: VideoText, best: Evidence, runner_up: Evidence | None) -> list[str]:
    doubts: list[str] = []
    if not video.sight.only_this_event:
        doubts.append("the list holds other events too")
    if best.grade < FULL:
        doubts.append("a talk without a title needs its speaker named in full")
    if best.talk.shares_speaker:
        doubts.append("the speaker gives other talks too")
    if runner_up and runner_up.probability >= REVIEW_AT:
        doubts.append("another talk may explain it")
    return doubts


def _titled_here(best: Evidence) -> list[str]:
    title = best.likeness
    if best.grade >= NAMED and title.score >= STRONG_TITLE:
        return []
    if title.score < SUFFICIENT_TITLE or not title.whole:
        return ["the title is not alike enough"]
    return [] if title.mass >= SUFFICIENT_MASS else ["the title says too little"]


def _titled_anywhere(best: Evidence) -> list[str]:
    doubts: list[str] = []
    title = best.likeness
    if title.score < STRONG_TITLE:
        doubts.append("the title is not alike enough")
    if best.talk.speakers and best.grade < NAMED:
        doubts.append("the list holds other events too, and no speaker is surely named")
    if title.mass < SUFFICIENT_MASS and (best.grade < FULL or not title.whole):
        doubts.append("the title says too little")
    return doubts
