"""Labelled events for matching, read from files; the labels never reach the product.

The format is a JSON file an event: `event`, `talks`, `videos`, and where people labelled it
`truth`, `truth_multi` and `meta` (see docs/matching.md). Nothing here matches or counts.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.matching import Sight
from pipeline.model import Event, Speaker, Talk, Video
from pipeline.text import clean

FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What people say of one video: the talks that count as right, none where it is no talk's.

    `scored` is False where nobody could decide from the metadata.
    """

    talks: frozenset[str]
    scored: bool = True
    tier: int | None = None
    slices: tuple[str, ...] = ()
    null_reason: str | None = None

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the video is another event's, placed here to mislead."""
        return (self.null_reason or "").startswith("other_event:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One event: what the product may see (`event`, `videos` in order), and the labels.

    `group` is the series; all events of a group stand in one fold.
    """

    event: Event
    videos: tuple[Video, ...]
    family: str
    group: str
    labels: Mapping[str, Label] = field(default_factory=dict)

    @property
    def fold(self) -> int:
        """Return the fold of the case, from 0 to FOLDS - 1, the same on every machine."""
        return zlib.crc32(self.group.encode()) % FOLDS

    def sights(self) -> dict[str, Sight]:
        """Return the videos as matching is given them: from a list that holds others too."""
        return {one.key: Sight(video=one, only_this_event=False) for one in self.videos}


def load(folder: Path) -> list[Case]:
    """Return the cases of a folder by file name; raises SystemExit where there are none."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SystemExit(f"{folder} holds no .json file; name the folder of the event files")
    return [read(json.loads(path.read_text(encoding="utf-8")), name=path.stem) for path in files]


def read(row: Mapping[str, Any], *, name: str) -> Case:
    """Return one file's content as a case; `name` is the event's where the file gives none."""
    about = row["event"]
    event = _event(about, row["talks"], name=name)
    videos = [_video(one) for one in row["videos"]]
    order = sorted(range(len(videos)), key=lambda at: (_published(videos[at]), at))
    return Case(
        event=event,
        videos=tuple(videos[at] for at in order),
        family=row.get("source", {}).get("family") or "unknown",
        group=about.get("series") or event.name,
        labels=_labels(row) if "truth" in row else {},
    )


def _published(video: Video) -> datetime:
    return video.platform_date or datetime.max.replace(tzinfo=UTC)


def _event(about: Mapping[str, Any], talks: list[Mapping[str, Any]], *, name: str) -> Event:
    start, end = _days(about, talks)
    return Event(
        id=about.get("id") or name,
        name=clean(about.get("name") or name),
        series=about.get("series"),
        also=tuple(clean(one) for one in about.get("aliases") or ()),
        start=start,
        end=end,
        timezone=about.get("timezone") or "UTC",
        city=about.get("city"),
        country=about.get("country"),
        talks=tuple(_talk(one) for one in talks),
    )


def _days(about: Mapping[str, Any], talks: list[Mapping[str, Any]]) -> tuple[date, date]:
    """Return the event's first and last day; those of its talks where it names none itself."""
    days = about.get("dates") or {}
    year = re.search(r"(?:19|20)\d\d", about.get("name") or "")
    known = sorted(one["date"][:10] for one in talks if one.get("date"))
    known = known or [f"{year[0] if year else 1970}-01-01"]
    start = date.fromisoformat(days.get("start") or known[0])
    return start, max(start, date.fromisoformat(days.get("end") or known[-1]))


def _talk(row: Mapping[str, Any]) -> Talk:
    length = row.get("duration")
    return Talk(
        id=row["id"],
        title=clean(row.get("title") or "") or None,
        speakers=tuple(Speaker(name=clean(name)) for name in row.get("speakers") or ()),
        kind=row.get("kind") or "talk",
        day=date.fromisoformat(row["date"][:10]) if row.get("date") else None,
        language=row.get("language"),
        track=row.get("track"),
        length=timedelta(seconds=length) if length else None,
    )


def _video(row: Mapping[str, Any]) -> Video:
    seconds, published = row.get("duration"), row.get("published")
    return Video(
        key=row["id"],
        url=f"https://videos.example.org/{row['id']}",
        title=clean(row.get("raw_title") or "") or None,
        duration=timedelta(seconds=seconds) if seconds else None,
        platform_date=datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None,
    )


def _labels(row: Mapping[str, Any]) -> dict[str, Label]:
    several, meta = row.get("truth_multi") or {}, row.get("meta") or {}
    found = {}
    for video, talk in row["truth"].items():
        about = meta.get(video) or {}
        found[video] = Label(
            talks=frozenset((*((talk,) if talk else ()), *several.get(video, ()))),
            scored=not about.get("ambiguous"),
            tier=about.get("tier"),
            slices=tuple(about.get("slices") or ()),
            null_reason=about.get("null_reason"),
        )
    return found
