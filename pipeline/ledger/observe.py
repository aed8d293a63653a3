"""What watch lists showed becomes rows: first seen, first public, missed, gone, gaps.

Does not decide which video is which talk. A look that learned nothing returns an equal ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipeline.model import (
    Completeness,
    Decision,
    Gap,
    Ledger,
    Listing,
    Misses,
    SeenVideo,
    Verb,
    Video,
    WatchRow,
)

MISS_APART = timedelta(hours=12)
MISS_SPAN = timedelta(hours=48)
MISS_COUNT = 3
"""Absence marks a video gone after this many misses, this far apart, over this long."""

SHORT = 0.5
"""A complete list that shows less than this share of what it showed before is no look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The ledger after a run's looks, the keys never seen before, and what a person should know."""

    ledger: Ledger
    new: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def observe(
    ledger: Ledger,
    looks: Mapping[str, Listing],
    now: datetime,
    *,
    since: datetime | None = None,
    lists: Set[str] | None = None,
) -> Observation:
    """Return the ledger after `looks`: watch id to what the list showed in this run.

    `since` is when the event began: a first look that reaches back beyond it missed nothing.
    `lists` are the ids of the event's lists; if absent, those the ledger knows.

    Failed looks are not in `looks`. An empty list is no look; a list that shows less than half of
    what it showed before takes nothing away; an unchanged one (HTTP 304) tells nothing. New is
    decided by the keys the ledger ever knew.
    """
    videos = dict(ledger.videos)
    watches = dict(ledger.watches)
    notes: list[str] = []
    shown = {video.key for listing in looks.values() for video in listing.videos}
    asked = {key for key, one in looks.items() if one.videos and not one.unchanged}
    lists = ledger.watches.keys() if lists is None else lists
    for watch_id in sorted(looks):
        listing = looks[watch_id]
        before = {key for key, row in ledger.videos.items() if watch_id in row.watches}
        if listing.unchanged:
            continue
        if not listing.videos:
            if before:
                notes.append(
                    f"{watch_id} shows nothing, where it showed {len(before)}: not trusted"
                )
            continue
        for video in listing.videos:
            videos[video.key] = _sighted(videos.get(video.key), video, watch_id, now)
        present = {key for key in before if not videos[key].gone}
        absent = present - shown
        complete = listing.completeness is Completeness.COMPLETE
        if complete and len(present) - len(absent) < SHORT * len(present):
            notes.append(
                f"{watch_id} shows {len(present) - len(absent)} of {len(present)} videos "
                "it showed before: too few to believe the rest is gone"
            )
            continue
        known = {key: ledger.videos[key] for key in before}
        watches[watch_id] = _looked(watches.get(watch_id), listing, known, now, since)
        # A row that could not be read may be any video: nothing is absent for certain then. Nor
        # is it where another list that showed the video was not looked at well in this run.
        if complete and not listing.skipped:
            certain = {key for key in absent if asked.issuperset(lists & {*videos[key].watches})}
            videos |= {key: _missed(videos[key], now) for key in certain}
    new = tuple(sorted(videos.keys() - ledger.videos.keys()))
    return Observation(
        ledger=replace(ledger, videos=videos, watches=watches), new=new, notes=tuple(notes)
    )


def _sighted(row: SeenVideo | None, video: Video, watch_id: str, now: datetime) -> SeenVideo:
    """Return a video's row after a list showed it; what the list does not know stays."""
    video = _whole_seconds(video)
    if row is None:
        row = SeenVideo(video=video, first_seen=now)
    old = row.video
    video = replace(
        video,
        title=video.title or old.title,
        duration=video.duration or old.duration,
        language=video.language or old.language,
        channel=video.channel or old.channel,
        platform_date=video.platform_date or old.platform_date,
        thumbnail=video.thumbnail or old.thumbnail,
        anchors=video.anchors or old.anchors,
        cues=video.cues or old.cues,
    )
    return replace(
        row,
        video=video,
        watches=tuple(sorted({*row.watches, watch_id})),
        first_seen=row.first_seen or now,
        first_public=row.first_public or (now if video.is_public(now) else None),
        misses=None,
        gone=None,
    )


def _whole_seconds(video: Video) -> Video:
    length, when = video.duration, video.platform_date
    return replace(
        video,
        duration=timedelta(seconds=round(length.total_seconds())) if length else None,
        platform_date=when.astimezone(UTC).replace(microsecond=0) if when else None,
    )


def _looked(
    row: WatchRow | None,
    listing: Listing,
    known: Mapping[str, SeenVideo],
    now: datetime,
    since: datetime | None,
) -> WatchRow:
    """Return a watch list's row after a good look; a full window without overlap opens a gap.

    The gap begins when the list last showed something new: later looks that learned nothing
    left no trace.
    """
    row = row or WatchRow()
    complete = listing.completeness is Completeness.COMPLETE
    gap = None if complete and not listing.skipped else row.gap
    if gap is None and overflows(listing, known, since=since):
        last_news = [one.first_seen for one in known.values() if one.first_seen]
        gap = Gap(after=max(last_news, default=None), before=now)
    return WatchRow(
        first_good=row.first_good or now,
        first_complete=row.first_complete or (now if complete else None),
        gap=gap,
    )


def overflows(listing: Listing, known: Collection[str], *, since: datetime | None = None) -> bool:
    """Tell whether videos may have passed through a list unseen.

    So it is where it shows its newest few only and none of them is `known` from it. A first look
    (nothing known) overflows where the window is full and does not reach back beyond `since`.
    """
    if listing.completeness is Completeness.COMPLETE or listing.unchanged or not listing.videos:
        return False
    if any(video.key in known for video in listing.videos):
        return False
    if known:
        return listing.window is None or len(listing.videos) >= listing.window
    dates = [one.platform_date for one in listing.videos if one.platform_date]
    reaches = since is not None and any(when < since for when in dates)
    return listing.window is not None and len(listing.videos) >= listing.window and not reaches


def close_gaps(ledger: Ledger, words: Iterable[Decision]) -> Ledger:
    """Return the ledger without the gaps that people called closed after they were noticed.

    `words` are the decisions that stand, of the event and of several events.
    """
    closed: dict[str, datetime] = {}
    for word in words:
        if word.verb is Verb.CLOSE_GAP and word.watch:
            closed[word.watch] = max(word.time, closed.get(word.watch, word.time))
    rows = {
        key: replace(row, gap=None)
        for key, row in ledger.watches.items()
        if row.gap and key in closed and closed[key] >= row.gap.before
    }
    return replace(ledger, watches={**ledger.watches, **rows}) if rows else ledger


def _missed(row: SeenVideo, now: datetime) -> SeenVideo:
    """Count one miss, at most one in 12 hours; the third over 48 hours marks the video gone."""
    misses = row.misses
    if misses is None:
        return replace(row, misses=Misses(first=now, count=1, latest=now))
    if now - misses.latest < MISS_APART:
        return row
    misses = Misses(first=misses.first, count=misses.count + 1, latest=now)
    certain = misses.count >= MISS_COUNT and now - misses.first >= MISS_SPAN
    return replace(row, misses=misses, gone=now if certain else None)
