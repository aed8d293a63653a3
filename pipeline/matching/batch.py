"""What came out together: how much of it is the event's, and which talks have a recording already.

Only links that stand and uploads that claim a talk are counted; nothing follows from what has
not come, nor from what merely looks unlikely.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.matching.candidates import VideoText
from pipeline.matching.company import FEW, NEAR
from pipeline.matching.evidence import Evidence

RECORDED = "has a recording"
"""The feature of a talk that an upload is linked to already."""
_VAGUE = frozenset(("speaker, and nothing else", "title, too common, but all of it"))
"""Features that say which talk it is only where it is known to be the event's."""
_LONG = timedelta(days=180)
"""How far from all of an event's an upload is taken to be another year's, if others are beside."""
_DOUBT = 2
"""Uploads of other events that a batch is thought to hold beside those that are seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What stands around the uploads that are judged.

    `linked` are the links that stand (video to talk) and `taken` their talks, which `discount`
    (log-odds) speaks against; `shares` has for each upload which share of those that came out
    with it is the event's (0 to 1), itself left out. `apart` are those that came out with others,
    and long before or after all that are likely the event's.
    """

    linked: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    shares: Mapping[str, float] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    discount: float = 0.0

    def share(self, video: VideoText) -> float:
        """Return which share of what came out with the video is the event's."""
        return self.shares.get(video.key, 0.0)

    def beside(self, video: VideoText, one: Evidence) -> dict[str, float]:
        """Return the features of a pair that follow from what came out together."""
        found = {RECORDED: float(one.talk.talk.id in self.taken)}
        here = 1.0
        if not video.sight.only_this_event:
            found["among uploads of the event"] = self.share(video) ** 2
            here = 1.0 if video.upload.names_event else self.share(video)
        for name in _VAGUE & one.features.keys():
            found[f"{name}, of the event"] = here
        return {name: value for name, value in found.items() if value}


def shares(videos: Mapping[str, VideoText], own: Collection[str]) -> dict[str, float]:
    """Return for each video which share of the others that came out with it is in `own`.

    Together are uploads within three days of each other, and all those without a date.
    """
    dated = sorted(
        (date, key in own)
        for key, video in videos.items()
        if (date := video.sight.video.platform_date)
    )
    dates = [date for date, _ in dated]
    before = _sums([is_own for _, is_own in dated])
    undated = [key for key, video in videos.items() if not video.sight.video.platform_date]
    hits = len(set(undated).intersection(own))
    found = {key: _share(hits - (key in own), len(undated) - 1) for key in undated}
    for key, video in videos.items():
        if date := video.sight.video.platform_date:
            first, end = bisect_left(dates, date - NEAR), bisect_right(dates, date + NEAR)
            here = before[end] - before[first] - (key in own)
            found[key] = _share(here, end - first - 1)
    return found


def apart(
    videos: Mapping[str, VideoText], linked: Collection[str], claimed: Collection[str]
) -> frozenset[str]:
    """Return the videos that came out with others, and half a year or more from the event's.

    Those are the `linked`, and what `claimed` a talk, but for what came out together with the
    video: several of next year's may be like talks of this one. Nothing is said unless at least
    three more came out at another time than with the video.
    """
    dated = {key: date for key, one in videos.items() if (date := one.sight.video.platform_date)}
    dates = sorted(dated.values())
    links = sorted(dated[key] for key in linked if key in dated)
    claims = sorted(dated[key] for key in claimed if key in dated)
    return frozenset(
        key
        for key, date in dated.items()
        if _within(dates, date, NEAR) > _DOUBT
        and not _within(links, date, _LONG)
        and _within(claims, date, _LONG) == _within(claims, date, NEAR)
        and len(links) + len(claims) >= _within(claims, date, NEAR) * 2 + FEW
    )


def _within(dates: Sequence[datetime], date: datetime, away: timedelta) -> int:
    return bisect_right(dates, date + away) - bisect_left(dates, date - away)


def _share(hits: int, out_of: int) -> float:
    return hits / (out_of + _DOUBT)


def _sums(values: list[bool]) -> list[int]:
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums
