"""From evidence to an outcome: AUTO, REVIEW or NONE, and why not more.

One video at a time. What stands around it comes in as a `Batch`; rivals are settled in
`assignment`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log

from pipeline.matching.batch import Batch
from pipeline.matching.candidates import VideoText, tells
from pipeline.matching.company import Company
from pipeline.matching.evidence import Evidence
from pipeline.matching.titles import Likeness
from pipeline.matching.weights import (
    AMONG,
    ASTRAY,
    AUTO_AT,
    CLEAR_MARGIN,
    FULL,
    HALF_TITLE,
    LAST_NAME,
    MOSTLY,
    NAMED,
    ONE_OF_THEM,
    REVIEW_AT,
    SUFFICIENT_MASS,
    VERSION,
    WHOLE_TALK,
    WHOLE_TITLE,
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
    video: VideoText, claims: Sequence[Claim], known: Company, batch: Batch, *, again: str
) -> Match:
    """Return what becomes of `video`, given the claims on it, the best first.

    `known` is what the linked uploads have in common, `batch` what came out together and which
    talks have a recording; their claims on the video still count, for less. `again` says why the
    video may be a further upload of the best talk, where that is understood.
    """
    if video.sight.video.title is None:
        return none(video, "the list does not know the title")
    if not claims:
        return none(video, "no talk resembles it")
    best, *others = claims
    reasons = list(best.evidence.reasons)
    if others and shown(others[0]):
        reasons.append(f"next best {shown(others[0]):.2f}")
    if not video.sight.only_this_event and batch.share(video) >= MOSTLY:
        reasons.append("most uploads beside it are the event's")
    verdict = Verdict.NONE
    among = fsum(one.probability for one in claims[:_MOST])
    if best.probability >= REVIEW_AT or among >= ONE_OF_THEM or _would_be_linked(best, batch):
        doubts = doubts_about(video, known, batch, best, others)
        if _is_second(best, others, batch):
            doubts = (*doubts, "a talk that has a recording explains it better")
        if again:
            reasons.append(again)
        elif best.talk in batch.taken:
            doubts = (*doubts, "the talk already has a recording")
        reasons += doubts
        sure = best.probability >= AUTO_AT and not doubts and not best.evidence.against
        verdict = Verdict.AUTO if sure else Verdict.REVIEW
        spoken_for = best.talk in batch.taken and not again
        if best.evidence.against and (spoken_for or _is_of_another_year(video, best.evidence)):
            verdict = Verdict.NONE
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
    video: VideoText, known: Company, batch: Batch, best: Claim, others: Sequence[Claim]
) -> tuple[str, ...]:
    """Return why a person has to look, whatever the probability; empty where nobody has to.

    What speaks against the pair itself is not repeated: it stands in the evidence's `against`.
    """
    evidence, runner_up = best.evidence, next(iter(others), None)
    near = runner_up is not None and best.log_odds - runner_up.log_odds < CLEAR_MARGIN
    close = ("too close to the next best",) if near else ()
    if not evidence.talk.titles and "linked to" not in evidence.features:
        return (*close, *_untitled(video, best, runner_up))
    if "keynote" in video.kinds and any(_may_be_called(video, one.evidence) for one in others):
        return (*close, "more than one session may be called so")
    if _is_astray(video, evidence, batch):
        return (*close, "it came out long before or after the others, and not with them")
    unnamed = evidence.talk.speakers and evidence.grade < LAST_NAME
    if video.has_stranger and unnamed and not _has_all(evidence.likeness):
        return (*close, "it names somebody else, and not all of the title")
    return (*close, *_titled(video, evidence, known, batch))


def _has_all(title: Likeness) -> bool:
    return title.equal or title.of_talk >= WHOLE_TALK


def _may_be_called(video: VideoText, evidence: Evidence) -> bool:
    """Tell whether somebody's talk that has no title but its kind may be called so."""
    talk = evidence.talk
    if not (video.is_bare and talk.speakers):
        return False
    return video.kinds <= talk.kinds and not any(tells(title.words) for title in talk.titles)


def _is_astray(video: VideoText, evidence: Evidence, batch: Batch) -> bool:
    """Tell whether an upload came out apart from the event's, among those of another one."""
    named = video.sight.only_this_event or video.upload.names_event
    return (
        video.key in batch.apart
        and not named
        and "linked to" not in evidence.features
        and batch.share(video) < ASTRAY
    )


def _would_be_linked(best: Claim, batch: Batch) -> bool:
    """Tell whether a claim would be sure if the talk had no recording yet."""
    free = best.log_odds - batch.discount
    return best.talk in batch.taken and free >= log(AUTO_AT / (1 - AUTO_AT))


def _is_second(best: Claim, others: Sequence[Claim], batch: Batch) -> bool:
    """Tell whether a talk is first only because another, which explains more, is taken."""
    return best.talk not in batch.taken and any(
        one.log_odds - batch.discount > best.log_odds for one in others if one.talk in batch.taken
    )


def _is_of_another_year(video: VideoText, evidence: Evidence) -> bool:
    """Tell whether a list of many events shows an upload that names this one with another year."""
    upload = video.upload
    named = upload.names_name and not upload.names_year and not video.sight.only_this_event
    return named and "other year" in evidence.features


def _titled(video: VideoText, evidence: Evidence, known: Company, batch: Batch) -> list[str]:
    title, features = evidence.likeness, evidence.features
    is_here = video.sight.only_this_event or video.upload.names_event
    if "linked to" in features:
        return []
    if not title.mass and evidence.talk.shares_speaker and "kind agrees" not in features:
        return ["it names a speaker of several talks, and nothing of the title"]
    if is_here or batch.share(video) >= AMONG:
        return _in_place(video, evidence)
    says = title.mass >= SUFFICIENT_MASS
    exact = "title, letter by letter" in features and tells(video.content)
    is_named = title.equal or "kind alone" in features
    short = exact or (is_named and batch.share(video) >= MOSTLY)
    whole = short or (says and _has_all(title))
    doubts = ["it names somebody else of that last name"] if "namesake" in features else []
    if title.score < HALF_TITLE and "kind alone" not in features:
        doubts.append("it names neither the event nor the talk")
    elif whole or evidence.grade >= NAMED:
        pass
    elif says and evidence.talk.speakers and not known.is_silent:
        doubts.append("it names neither the event nor a speaker, and not all of the title")
    elif not (says or whole):
        doubts.append("the title says too little")
    return doubts


def _in_place(video: VideoText, evidence: Evidence) -> list[str]:
    """Return what is doubtful of an upload that is certainly of the event."""
    title, features = evidence.likeness, evidence.features
    is_explained = title.mass >= SUFFICIENT_MASS and title.of_video >= WHOLE_TITLE
    if (
        evidence.grade >= LAST_NAME
        or is_explained
        or title.score >= HALF_TITLE
        or "kind alone" in features
    ):
        return []
    if video.is_bare:
        return ["more than one session may be called so"]
    return ["it names no speaker, and little of the title"] if evidence.talk.speakers else []


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
