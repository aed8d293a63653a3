"""Rows that follow from matching and from renames; nothing here looks at a clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from pipeline import text
from pipeline.model import Event, Ledger, Match, SeenVideo, Verdict, Video

LENGTH_TOLERANCE = 0.02
"""How far the length of a re-upload may be from the first one's, as a share of it."""


def record(ledger: Ledger, matches: Iterable[Match]) -> Ledger:
    """Return the ledger with what matching said of its videos."""
    said = {match.video: replace(ledger.videos[match.video], match=match) for match in matches}
    return replace(ledger, videos={**ledger.videos, **said})


def redact(ledger: Ledger, held: Iterable[str]) -> Ledger:
    """Return the ledger with key and match only of the videos in `held`: the file is public."""
    bare = {
        key: SeenVideo(video=Video(key=key, url=""), match=ledger.videos[key].match)
        for key in held
        if key in ledger.videos
    }
    return replace(ledger, videos={**ledger.videos, **bare})


def reuploads(ledger: Ledger, links: Mapping[str, str]) -> tuple[Ledger, tuple[Match, ...]]:
    """Return second uploads of linked videos: same channel, same title, length within 2 %.

    The old row learns which key replaced it; the Match links the new one to the same talk.
    """
    linked = [ledger.videos[key] for key in sorted(links) if key in ledger.videos]
    videos = dict(ledger.videos)
    found: list[Match] = []
    for key in sorted(ledger.videos.keys() - links.keys()):
        row = ledger.videos[key]
        old = next((one for one in linked if _same_upload(one.video, row.video)), None)
        if old is None or old.replaced_by or old.first_seen == row.first_seen:
            continue
        videos[old.video.key] = replace(old, replaced_by=key)
        reason = f"uploaded again in place of {old.video.key}: same channel, title and length"
        talk = links[old.video.key]
        found.append(
            Match(video=key, verdict=Verdict.AUTO, talk=talk, probability=1.0, reasons=(reason,))
        )
    return replace(ledger, videos=videos), tuple(found)


def rename(ledger: Ledger, event: Event) -> Ledger:
    """Return the ledger with rows of former talk ids (`was:`) under today's ids."""
    today = {old: talk.id for talk in event.talks for old in talk.was}
    if not today:
        return ledger
    return replace(
        ledger,
        talks={today.get(talk, talk): row for talk, row in ledger.talks.items()},
        videos={
            key: replace(row, match=_renamed(row.match, today))
            for key, row in ledger.videos.items()
        },
        announcements=tuple(
            replace(each, talks=tuple(today.get(talk, talk) for talk in each.talks))
            for each in ledger.announcements
        ),
    )


def _renamed(match: Match | None, today: Mapping[str, str]) -> Match | None:
    if match is None or match.talk is None:
        return match
    return replace(match, talk=today.get(match.talk, match.talk))


def _same_upload(old: Video, new: Video) -> bool:
    if not (old.channel and old.channel == new.channel and old.duration and new.duration):
        return False
    drift: timedelta = abs(old.duration - new.duration)
    same_title = bool(old.title and new.title) and text.fold(old.title or "") == text.fold(
        new.title or ""
    )
    same_anchor = bool(set(old.anchors) & set(new.anchors))
    return (same_title or same_anchor) and drift <= LENGTH_TOLERANCE * old.duration
