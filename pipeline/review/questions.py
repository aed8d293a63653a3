"""Doubtful matches as questions, each with the talks it may be about; matching is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pipeline import matching, report
from pipeline.matching.weights import AUTO_AT
from pipeline.model import EventFiles, Question
from pipeline.passage import Passed

LIKELY_AT = 0.5
"""Probability from which a candidate is called likely; from AUTO_AT it is very likely."""

_MOST = 3
"""Candidates that a person is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A talk that a video may be. `label` is the talk's name, `reasons` say what speaks for it.

    `recordings` and `not_videos` are the video keys that event.yaml has at the talk already.
    """

    talk: str
    label: str
    probability: float
    reasons: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    not_videos: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """Return how likely it is, words first: `Likely (0.62)`."""
        return f"{likelihood(self.probability)} ({self.probability:.2f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A question that waits for a person, with the talks it may be about, the best first."""

    event: str
    event_name: str
    question: Question
    duration: timedelta | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def where(self) -> str:
        """Return the video's address, and its length where that is known."""
        if self.duration is None:
            return self.question.url
        minutes, seconds = divmod(int(self.duration.total_seconds()), 60)
        return f"{self.question.url} · {minutes}:{seconds:02d}"


def likelihood(probability: float) -> str:
    """Return how likely a candidate is, in words."""
    if probability >= AUTO_AT:
        return "Very likely"
    return "Likely" if probability >= LIKELY_AT else "Unlikely"


def doubts(opened: EventFiles, passed: Passed) -> tuple[Doubt, ...]:
    """Return the questions of an event after its passage, each with up to three candidates.

    The second and the third have the reasons that matching gives when the ones before them are
    ruled out, and the probability that they have beside those.
    """
    event = opened.event
    asked = report.questions(passed.ledger, passed.rulings)
    written = {talk.id: talk for talk in event.talks}
    labels = {entry.talk_id: report.label(entry) for entry in passed.published.entries}
    found: dict[str, list[Candidate]] = {question.video: [] for question in asked}
    refused = set(passed.rulings.refused)
    beside: dict[tuple[str, str], float] = {}
    for _ in range(_MOST if asked else 0):
        answers = matching.match(
            event,
            matching.sights(event, passed.ledger),
            linked=passed.rulings.links,
            settled=passed.rulings.settled,
            refused=frozenset(refused),
            contested=passed.rulings.contested,
        )
        for match in answers:
            for talk, probability in match.candidates:
                beside.setdefault((match.video, talk), probability)
            if match.video in found and match.candidates:
                talk, _ = match.candidates[0]
                refused.add((match.video, talk))
                if talk in labels:  # a withdrawn talk is not named
                    reasons = tuple(one for one in match.reasons if not one.startswith("next best"))
                    found[match.video].append(
                        Candidate(
                            talk=talk,
                            label=labels[talk],
                            probability=beside[match.video, talk],
                            reasons=reasons,
                            recordings=written[talk].recordings,
                            not_videos=written[talk].not_videos,
                        )
                    )
    return tuple(
        Doubt(
            event=event.id,
            event_name=event.name,
            question=question,
            duration=passed.ledger.videos[question.video].video.duration,
            candidates=tuple(found[question.video]),
        )
        for question in asked
    )


def question_json(doubt: Doubt) -> dict[str, object]:
    """Return a question as JSON values."""
    length = doubt.duration
    return {
        "event": doubt.event,
        "video": doubt.question.video,
        "url": doubt.question.url,
        "title": doubt.question.title,
        "length_s": int(length.total_seconds()) if length else None,
        "candidates": [report.plain(one) for one in doubt.candidates],
    }
