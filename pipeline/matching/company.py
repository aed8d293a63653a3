"""What the uploads that are linked already have in common, and what that says of the next one.

Uploads of one event are named after one pattern and come out within days of each other. Without
linked uploads nothing is said, so the first videos of a list are judged by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import log10

from pipeline.matching.candidates import TalkText, VideoText
from pipeline.model import Event

FEW = 3
"""Linked uploads from which a pattern is one."""
NEAR = timedelta(days=3)
"""Uploads of one release stand this close together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The linked uploads of an event: how many, and which share of them names what.

    `names_event` and `names_speakers` are shares from 0 to 1; `dates` are the platform's, as
    days since the event's end, sorted.
    """

    size: int
    names_event: float
    names_speakers: float
    dates: tuple[float, ...]

    @property
    def is_silent(self) -> bool:
        """Tell whether most linked uploads name neither the event nor a speaker."""
        return self.size >= FEW and max(self.names_event, self.names_speakers) < _MOST


_MOST = 0.5
"""Share of the linked uploads from which something is their way."""


def company(linked: Iterable[tuple[VideoText, TalkText]], event: Event) -> Company:
    """Return what the linked uploads, each with its talk, have in common."""
    pairs = list(linked)
    size = len(pairs) or 1
    titled = [one for one in pairs if one[0].sight.video.title]
    with_people = [one for one in titled if one[1].speakers]
    return Company(
        size=len(titled),
        names_event=sum(video.upload.names_name for video, _ in titled) / size,
        names_speakers=sum(_names_speaker(*one) for one in with_people) / (len(with_people) or 1),
        dates=tuple(sorted(days for one, _ in pairs if (days := _days(one, event)) is not None)),
    )


def _names_speaker(video: VideoText, talk: TalkText) -> bool:
    return any(name in video.named for _, names in talk.speakers for name in names)


def _days(video: VideoText, event: Event) -> float | None:
    date = video.sight.video.platform_date
    return None if date is None else (date.date() - event.end).days


def beside(video: VideoText, talk: TalkText, known: Company, event: Event) -> dict[str, float]:
    """Return the features of a pair that follow from the uploads linked already, and its date."""
    found: dict[str, float] = {}
    days = _days(video, event)
    if days is not None and known.dates:
        away = min(abs(days - one) for one in known.dates)
        found["released with others"] = float(timedelta(days=away) <= NEAR)
        found["released apart"] = min(1.0, max(0.0, log10(max(away, 1.0) / 10)))
    if known.size >= FEW and not video.sight.only_this_event:
        named = video.upload.names_name
        found["does not name the event as others do"] = 0.0 if named else known.names_event**2
        if talk.speakers and not _names_speaker(video, talk):
            found["names no speaker as others do"] = known.names_speakers**2
        if not named:
            found["names the event as little as others"] = (1 - known.names_event) ** 2
    return {name: value for name, value in found.items() if value}


def is_before(video: VideoText, event: Event) -> bool:
    """Tell whether the platform dates the video before the event's first day, zones allowed for."""
    date = video.sight.video.platform_date
    return date is not None and date.date() < event.start - timedelta(days=1)
