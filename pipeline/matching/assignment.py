"""One talk, one recording: automatic links settled among videos until nothing moves.

Works on evidence and probabilities only; titles and names are read elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pipeline.matching.batch import RECORDED, Batch, apart, shares
from pipeline.matching.calibration import WEIGHTS
from pipeline.matching.candidates import Sight, Texts, VideoText, prepare
from pipeline.matching.chapters import hear
from pipeline.matching.claims import contested as beside_others
from pipeline.matching.company import Company, beside, company, is_before
from pipeline.matching.copies import again_as, is_mirror
from pipeline.matching.evidence import Evidence, weigh
from pipeline.matching.verdict import Claim, judge, none, rank
from pipeline.matching.weights import CLEAR_RIVAL, REVIEW_AT
from pipeline.model import Event, Match, Stakes, Verdict

NOBODY: Mapping[str, Stakes] = MappingProxyType({})
"""No other event has a stake in any video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """An event's videos, each with the evidence for every talk that is near it, by key."""

    event: Event
    texts: Texts
    videos: Mapping[str, VideoText]
    evidence: Mapping[str, Sequence[Evidence]]

    def company(self, linked: Mapping[str, str]) -> Company:
        """Return what the uploads of the event that are linked have in common."""
        talks = {one.talk.id: one for one in self.texts.talks}
        pairs = [
            (self.videos[key], talks[talk])
            for key, talk in sorted(linked.items())
            if key in self.videos and talk in talks
        ]
        return company(pairs, self.event)

    def claims(
        self, key: str, known: Company, batch: Batch, weights: Mapping[str, float]
    ) -> list[Claim]:
        """Return the claims on a video, the best first."""
        video = self.videos[key]
        return rank(
            [
                (one, one.log_odds(weights, self.beside(video, one, known, batch)))
                for one in self.evidence[key]
            ]
        )

    def weigh(self, video: VideoText, claim: Claim) -> Evidence:
        """Return what speaks for another video being of the talk that makes a claim."""
        return weigh(video, claim.evidence.talk, self.texts)

    def beside(
        self, video: VideoText, one: Evidence, known: Company, batch: Batch
    ) -> dict[str, float]:
        """Return the features of a pair that follow from the event's other uploads."""
        return {**beside(video, one.talk, known, self.event), **batch.beside(video, one)}

    def batch(
        self, linked: Mapping[str, str], known: Company, weights: Mapping[str, float]
    ) -> Batch:
        """Return what stands around the uploads: those linked, and those that claim a talk."""
        alone = Batch(linked=linked, taken=frozenset(linked.values()), discount=weights[RECORDED])
        claimed: dict[str, str] = {}
        for key in sorted(self.evidence.keys() - linked.keys()):
            best = next(iter(self.claims(key, known, alone, weights)), None)
            if best and best.probability >= REVIEW_AT and best.talk not in alone.taken:
                claimed.setdefault(best.talk, key)
        return replace(
            alone,
            shares=shares(self.videos, {*linked, *claimed.values()}),
            apart=apart(self.videos, linked, claimed.values()),
        )


def survey(
    event: Event,
    videos: Mapping[str, Sight],
    *,
    judged: frozenset[str],
    refused: frozenset[tuple[str, str]],
) -> Survey:
    """Return the evidence for the `judged` of all videos; all of them count for the words."""
    texts = prepare(event, videos)
    evidence = {}
    for video in texts.videos:
        if video.key in judged:
            near = [one for one in texts.near(video) if (video.key, one.talk.id) not in refused]
            evidence[video.key] = [weigh(video, talk, texts) for talk in near]
    return Survey(
        event=event,
        texts=texts,
        videos={video.key: video for video in texts.videos},
        evidence=evidence,
    )


def match(
    event: Event,
    videos: Mapping[str, Sight],
    *,
    linked: Mapping[str, str],
    settled: frozenset[str],
    refused: frozenset[tuple[str, str]],
    contested: Mapping[str, Stakes] = NOBODY,
    weights: Mapping[str, float] = WEIGHTS,
) -> tuple[Match, ...]:
    """Return what matching says of every video that is neither linked nor settled, by key.

    `videos` are all of the event's, by key. `linked` are links that stand (video to talk); they
    are never judged again, and their talks are taken. `settled` videos count for nothing.
    `refused` are (video, talk) pairs that a person said no to, `contested` videos in which other
    events have a stake. Other `weights` are for training.
    Pure, and independent of the order of every argument. Once the automatic links of an answer
    stand in `linked`, the next answer for all other videos is the same.
    """
    counted = {key: sight for key, sight in videos.items() if key not in settled}
    judged = frozenset(counted) - linked.keys()
    if not judged:
        return ()
    seen = survey(event, counted, judged=judged, refused=refused)
    found = assign(seen, linked=linked, contested=contested, weights=weights)
    now = {one.talk for one in found if one.verdict is Verdict.AUTO and one.talk}
    heard = hear(
        found,
        event,
        seen.videos,
        taken=frozenset(linked.values()) | now,
        ask=lambda parts: assign(_apart(event, parts, refused), linked={}, weights=weights),
    )
    return tuple(heard)


def _apart(event: Event, parts: Mapping[str, Sight], refused: frozenset[tuple[str, str]]) -> Survey:
    """Return the survey of chapters as uploads; what an upload is not, its chapters are not."""
    whole = {key: key.rpartition(" ")[0] for key in parts}
    pairs = {(key, talk) for key in parts for video, talk in refused if video == whole[key]}
    return survey(event, parts, judged=frozenset(parts), refused=frozenset(pairs))


def assign(
    seen: Survey,
    *,
    linked: Mapping[str, str],
    contested: Mapping[str, Stakes] = NOBODY,
    weights: Mapping[str, float],
) -> tuple[Match, ...]:
    """Return one match for each video; a talk is linked automatically once, the best first.

    What wins is treated as if it had been linked before, and the rest is judged anew, until
    nothing new wins. So a second call with those links gives the rest the same answer.
    """
    final: dict[str, Match] = {}
    stands = dict(linked)
    rest = set(seen.evidence)
    while True:
        known = seen.company(stands)
        batch = seen.batch(stands, known, weights)
        claims = {key: seen.claims(key, known, batch, weights) for key in sorted(rest)}
        alone = [_judge(seen, key, claims[key], known, batch, weights=weights) for key in claims]
        beside = [beside_others(one, contested.get(one.video, ())) for one in alone]
        judged = _settle(beside, seen, claims)
        won = {one.video: one for one in judged if one.verdict is Verdict.AUTO}
        if not won:
            final |= {one.video: one for one in judged}
            return tuple(final[key] for key in sorted(final))
        final |= won
        stands |= {key: one.talk for key, one in won.items() if one.talk}
        rest -= won.keys()


def _judge(
    seen: Survey,
    key: str,
    claims: Sequence[Claim],
    known: Company,
    batch: Batch,
    *,
    weights: Mapping[str, float],
) -> Match:
    video = seen.videos[key]
    if is_before(video, seen.event):
        return none(video, "it came out before the event began")
    if not claims:
        return judge(video, claims, known, batch, again="")
    best = claims[0]
    others = [
        seen.videos[one]
        for one, talk in sorted(batch.linked.items())
        if talk == best.talk and one in seen.videos
    ]
    again = next((says for one in others if (says := again_as(video, one))), "")
    if again:
        # That the talk has a recording speaks against another one, but not against its next part.
        free = replace(batch, taken=batch.taken - {best.talk})
        claims = seen.claims(key, known, free, weights)
    judged = judge(video, claims, known, batch, again=again)
    if judged.verdict is Verdict.REVIEW and others and not again:
        return _compared(judged, best.evidence, [seen.weigh(one, best) for one in others])
    return judged


def _compared(judged: Match, mine: Evidence, linked: Sequence[Evidence]) -> Match:
    """Tell a person where an upload fits its talk better than all that is linked; none moves."""
    fits = (mine.likeness.score, mine.grade)
    if all(fits > (one.likeness.score, one.grade) for one in linked):
        reason = "it fits the talk better than what is linked"
        return replace(judged, reasons=(*judged.reasons, reason))
    return judged


Claims = Mapping[str, Sequence[Claim]]
"""For each video the claims on it, the best first."""


def _settle(judged: Sequence[Match], seen: Survey, claims: Claims) -> list[Match]:
    """Let at most one video win each talk; too close a contest is a person's to decide."""
    rivals: dict[str, list[Match]] = {}
    for one in judged:
        if one.verdict is Verdict.AUTO and one.talk:
            rivals.setdefault(one.talk, []).append(one)
    settled = {one.video: one for one in judged}
    for contest in rivals.values():
        if len(contest) == 1:
            continue
        first, second, *_ = sorted(contest, key=lambda one: _strength(one, seen, claims))
        clear = _is_clear(first.video, second.video, seen, claims)
        for one in contest:
            if one is not first or not clear:
                settled[one.video] = _doubted(one)
    return [settled[one.video] for one in judged]


def _doubted(one: Match) -> Match:
    reason = "another upload claims the talk as well"
    return replace(one, verdict=Verdict.REVIEW, reasons=(*one.reasons, reason))


def _strength(one: Match, seen: Survey, claims: Claims) -> tuple[float, float, str]:
    date = seen.videos[one.video].sight.video.platform_date
    best = claims[one.video][0]
    return (-best.log_odds, date.timestamp() if date else float("inf"), one.video)


def _is_clear(first: str, second: str, seen: Survey, claims: Claims) -> bool:
    """Return whether one upload wins: far ahead, or the other is alike or a further one."""
    if claims[first][0].log_odds - claims[second][0].log_odds >= CLEAR_RIVAL:
        return True
    one, other = seen.videos[first], seen.videos[second]
    return is_mirror(one, other) or bool(again_as(other, one))
