"""From evidence to an outcome: AUTO, REVIEW or NONE, and why not more.

One video at a time. What other videos claim comes in as `taken` and is settled in `assignment`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from math import exp, fsum

from pipeline.matching.candidates import VideoText
from pipeline.matching.company import Company
from pipeline.matching.evidence import Evidence
from pipeline.matching.weights import (
    AUTO_AT,
    CLEAR_MARGIN,
    FULL,
    HALF_TITLE,
    NAMED,
    REVIEW_AT,
    SUFFICIENT_MASS,
    VERSION,
    WHOLE_TALK,
)
from pipeline.model import Match, Verdict

_MOST = 3
"""Candidates that a person is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A talk's claim on a video: the evidence, its sum, and the probability beside all others."""

    evidence: Evidence
    log_odds: float
    probability: float

    @property
    def talk(self) -> str:
        """Return the id of the talk."""
        return self.evidence.talk.talk.id


def rank(sums: Sequence[tuple[Evidence, float]]) -> list[Claim]:
    """Return the claims on one video, the best first.

    The video is one of these talks or none of them (whose sum is 0); the probabilities of all of
    that together are 1. So a rival costs probability, and nothing else has to be asked of it.
    """
    top = max([0.0, *(log_odds for _, log_odds in sums)])
    whole = exp(-top) + fsum(exp(log_odds - top) for _, log_odds in sums)
    claims = [
        Claim(evidence=one, log_odds=log_odds, probability=exp(log_odds - top) / whole)
        for one, log_odds in sums
    ]
    return sorted(claims, key=lambda one: (-one.log_odds, one.talk))


def judge(
    video: VideoText, claims: Sequence[Claim], known: Company, *, taken: Container[str], again: str
) -> Match:
    """Return what becomes of `video`, given the claims on it, the best first.

    `known` is what the linked uploads have in common. A talk in `taken` has a recording; its
    claim on the video still counts. `again` says why the video may be a further upload of the
    best talk, where that is understood.
    """
    if video.sight.video.title is None:
        return none(video, "the list does not know the title")
    if not claims:
        return none(video, "no talk resembles it")
    best, *others = claims
    reasons = list(best.evidence.reasons)
    if others and shown(others[0]):
        reasons.append(f"next best {shown(others[0]):.2f}")
    verdict = Verdict.NONE
    if best.probability >= REVIEW_AT:
        doubts = doubts_about(video, known, best, others[0] if others else None)
        if again:
            reasons.append(again)
        elif best.talk in taken:
            doubts = (*doubts, "the talk already has a recording")
        reasons += doubts
        sure = best.probability >= AUTO_AT and not doubts and not best.evidence.against
        verdict = Verdict.AUTO if sure else Verdict.REVIEW
    return Match(
        video=video.key,
        verdict=verdict,
        talk=best.talk if verdict is not Verdict.NONE else None,
        probability=shown(best),
        reasons=tuple(reasons),
        version=VERSION,
        candidates=tuple((one.talk, shown(one)) for one in claims[:_MOST]),
    )


def none(video: VideoText, reason: str) -> Match:
    """Return the answer for a video that is no talk's, whatever it resembles."""
    return Match(video=video.key, verdict=Verdict.NONE, reasons=(reason,), version=VERSION)


def shown(claim: Claim) -> float:
    """Return the probability as people read it: two decimals, and never certain."""
    return min(round(claim.probability, 2), 0.99)


def doubts_about(
    video: VideoText, known: Company, best: Claim, runner_up: Claim | None
) -> tuple[str, ...]:
    """Return why a person has to look, whatever the probability; empty where nobody has to.

    What speaks against the pair itself is not repeated: it stands in the evidence's `against`.
    """
    evidence = best.evidence
    near = runner_up is not None and best.log_odds - runner_up.log_odds < CLEAR_MARGIN
    close = ("too close to the next best",) if near else ()
    if not evidence.talk.titles and "linked to" not in evidence.features:
        return (*close, *_untitled(video, best, runner_up))
    return (*close, *_titled(video, evidence, known))


def _titled(video: VideoText, evidence: Evidence, known: Company) -> list[str]:
    title, features = evidence.likeness, evidence.features
    is_here = video.sight.only_this_event or video.upload.names_event
    if is_here or "linked to" in features:
        return []
    doubts = ["it names somebody else of that last name"] if "namesake" in features else []
    says = title.mass >= SUFFICIENT_MASS
    whole = says and (title.equal or title.of_talk >= WHOLE_TALK)
    if title.score < HALF_TITLE and "kind alone" not in features:
        doubts.append("it names neither the event nor the talk")
    elif whole or evidence.grade >= NAMED:
        pass
    elif says and evidence.talk.speakers and not known.is_silent:
        doubts.append("it names neither the event nor a speaker, and not all of the title")
    elif not says:
        doubts.append("the title says too little")
    return doubts


def _untitled(video: VideoText, best: Claim, runner_up: Claim | None) -> list[str]:
    doubts: list[str] = []
    if not video.sight.only_this_event:
        doubts.append("the list holds other events too")
    if best.evidence.grade < FULL:
        doubts.append("a talk without a title needs its speaker named in full")
    if best.evidence.talk.shares_speaker:
        doubts.append("the speaker gives other talks too")
    if runner_up and runner_up.probability >= REVIEW_AT:
        doubts.append("another talk may explain it")
    return doubts
