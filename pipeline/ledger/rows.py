"""Rows that follow from matching and from renames; nothing here looks at a clock."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
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
    """Return the ledger with key, verdict and talk only of the videos in `held`.

    The file is public: reasons name speakers, so they go too.
    """
    bare = {key: _bare(ledger.videos[key]) for key in held if key in ledger.videos}
    return replace(ledger, videos={**ledger.videos, **bare})


def reuploads(
    ledger: Ledger,
    links: Mapping[str, str],
    *,
    settled: Container[str] = (),
    refused: Container[tuple[str, str]] = (),
) -> tuple[Ledger, tuple[Match, ...]]:
    """Return second uploads of linked videos: same channel, same title, length within 2 %.

    The old row learns which key replaced it; the Match links the new one to the same talk.
    Videos in `settled` and (video, talk) pairs in `refused` are left alone: people said so.
    """
    linked = [
        row for key, row in sorted(ledger.videos.items()) if key in links and not row.replaced_by
    ]
    videos = dict(ledger.videos)
    found: list[Match] = []
    for key in sorted(ledger.videos.keys() - links.keys()):
        row = ledger.videos[key]
        old = next((one for one in linked if _same_upload(one.video, row.video)), None)
        if old is None or old.first_seen == row.first_seen:
            continue
        talk = links[old.video.key]
        if key in settled or (key, talk) in refused:
            continue
        videos[old.video.key] = replace(old, replaced_by=key)
        reason = f"uploaded again in place of {old.video.key}: same channel, title and length"
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


def _bare(row: SeenVideo) -> SeenVideo:
    match = row.match and replace(row.match, probability=0.0, reasons=())
    return SeenVideo(video=Video(key=row.video.key, url=""), match=match)


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
