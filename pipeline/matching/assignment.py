"""One talk, one recording: automatic links settled among videos until nothing moves.

Works on verdicts and probabilities only; titles and names are read elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.matching.candidates import Sight, VideoText, prepare
from pipeline.matching.evidence import Evidence, weigh
from pipeline.matching.verdict import judge
from pipeline.matching.weights import CLEAR_RIVAL, SAME_LENGTH
from pipeline.model import Event, Match, Verdict

Ranked = Mapping[str, tuple[VideoText, Sequence[Evidence]]]
"""For each video its candidates, the best first."""


def match(
    event: Event,
    videos: Mapping[str, Sight],
    *,
    linked: Mapping[str, str],
    settled: frozenset[str],
    refused: frozenset[tuple[str, str]],
) -> tuple[Match, ...]:
    """Return what matching says of every video that is neither linked nor settled, by key.

    `videos` are all of the event's, by key. `linked` are links that stand (video to talk); they
    are never judged again, and their talks are taken. `settled` videos count for nothing.
    `refused` are (video, talk) pairs that a person said no to.
    Pure, and independent of the order of every argument. Once the automatic links of an answer
    stand in `linked`, the next answer for all other videos is the same.
    """
    counted = {key: sight for key, sight in videos.items() if key not in settled}
    texts = prepare(event, counted, judged=counted.keys() - linked.keys())
    ranked = {}
    for video in texts.videos:
        pairs = [talk for talk in texts.near(video) if (video.key, talk.talk.id) not in refused]
        evidence = [weigh(video, talk, texts) for talk in pairs]
        ranked[video.key] = (
            video,
            sorted(evidence, key=lambda one: (-one.log_odds, one.talk.talk.id)),
        )
    return assign(ranked, taken=frozenset(linked.values()))


def assign(ranked: Ranked, *, taken: frozenset[str]) -> tuple[Match, ...]:
    """Return one match for each video; a talk is linked automatically once, the best first.

    What wins is treated as if it had been linked before, and the rest is judged anew, until
    nothing new wins. So a second call with those links gives the rest the same answer.
    """
    final: dict[str, Match] = {}
    rest = dict(ranked)
    while True:
        judged = _settle(
            [judge(video, evidence, taken=taken) for video, evidence in rest.values()], ranked
        )
        won = {one.video: one for one in judged if one.verdict is Verdict.AUTO}
        if not won:
            final |= {one.video: one for one in judged}
            return tuple(final[key] for key in sorted(final))
        final |= won
        taken |= {one.talk for one in won.values() if one.talk}
        rest = {key: value for key, value in rest.items() if key not in won}


def _settle(judged: Sequence[Match], ranked: Ranked) -> list[Match]:
    """Let at most one video win each talk; too close a contest is a person's to decide."""
    claims: dict[str, list[Match]] = {}
    for one in judged:
        if one.verdict is Verdict.AUTO and one.talk:
            claims.setdefault(one.talk, []).append(one)
    settled = {one.video: one for one in judged}
    for rivals in claims.values():
        if len(rivals) == 1:
            continue
        first, second, *_ = sorted(rivals, key=lambda one: _strength(one, ranked))
        clear = _is_clear(ranked[first.video], ranked[second.video])
        for one in rivals:
            if one is not first or not clear:
                settled[one.video] = _doubted(one)
    return [settled[one.video] for one in judged]


def _doubted(one: Match) -> Match:
    reason = "another upload claims the talk as well"
    return replace(one, verdict=Verdict.REVIEW, reasons=(*one.reasons, reason))


def _strength(one: Match, ranked: Ranked) -> tuple[float, float, str]:
    video, evidence = ranked[one.video]
    date = video.sight.video.platform_date
    return (-evidence[0].log_odds, date.timestamp() if date else float("inf"), one.video)


def _is_clear(
    first: tuple[VideoText, Sequence[Evidence]], second: tuple[VideoText, Sequence[Evidence]]
) -> bool:
    """Return whether one upload wins: alike (a mirror), so that either will do, or far ahead."""
    (video, evidence), (other, others) = first, second
    if evidence[0].log_odds - others[0].log_odds >= CLEAR_RIVAL:
        return True
    if video.content != other.content:
        return False
    one, two = video.sight.video.duration, other.sight.video.duration
    return one is None or two is None or abs(one - two) <= max(one, two) * SAME_LENGTH
