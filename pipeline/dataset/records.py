"""recordings.yaml and data/ledger.yaml: the machine's files, to dataclasses and back.

The order is fixed (videos, talks, watches, announcements; keys sorted; fields as listed), so that
two branches merge and a diff reads well. Nothing is left to the reader's imagination: a file
that a merge has damaged is refused with its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from pipeline import text
from pipeline.model import (
    Access,
    Announcement,
    Cue,
    Gap,
    Installation,
    Ledger,
    Match,
    Misses,
    Piece,
    Release,
    SeenVideo,
    Stake,
    TargetState,
    Verdict,
    Video,
    WatchRow,
)
from pipeline.written.filemodel import Duration, FileModel, Id, Moment
from pipeline.written.yamltext import Plain, dump

RECORDINGS_HEADER = (
    "# Written by runs: what was seen, matched and released, and when.\n"
    "# Correct a talk in event.yaml or with a decision, not here.\n"
)
LEDGER_HEADER = "# Written by runs: events known to this installation, and its sequence counter.\n"


class PieceRow(FileModel):
    """A talk within a longer video."""

    talk: Id
    start: Duration


class MatchRow(FileModel):
    """What matching said of a video."""

    verdict: Literal["auto", "review", "none"]
    talk: Id | None = None
    probability: float = 0.0
    reasons: list[str] = Field(default_factory=list)
    version: int = 0
    contested: dict[Id, Literal["given", "linked", "claimed"]] = Field(default_factory=dict)
    pieces: list[PieceRow] = Field(default_factory=list)


class MissesRow(FileModel):
    """Good, complete looks without the video."""

    first: Moment
    count: int
    latest: Moment


class CueRow(FileModel):
    """A chapter mark."""

    start: Duration
    label: str


class VideoRow(FileModel):
    """One video; one that is held back has its match only."""

    url: str | None = None
    title: str | None = None
    duration: Duration | None = None
    language: str | None = None
    channel: str | None = None
    platform_date: Moment | None = None
    access: Literal["public", "unlisted", "private", "deleted", "members", "upcoming", "live"] = (
        "public"
    )
    anchors: list[str] = Field(default_factory=list)
    cues: list[CueRow] = Field(default_factory=list)
    thumbnail: str | None = None
    image: str | None = None
    image_sha256: str | None = None
    image_width: int | None = None
    image_height: int | None = None
    watches: list[Id] = Field(default_factory=list)
    first_seen: Moment | None = None
    first_public: Moment | None = None
    match: MatchRow | None = None
    replaced_by: str | None = None
    misses: MissesRow | None = None
    gone: Moment | None = None


class ReleaseRow(FileModel):
    """One talk that was ever released."""

    feed_id: str
    released: Moment | None = None
    updated: Moment
    digest: str
    sequence: int | None = None
    deleted: Moment | None = None
    assumed: bool = False
    left: Moment | None = None


class GapRow(FileModel):
    """A watch list may have missed videos."""

    after: Moment | None = None
    before: Moment


class WatchRowFile(FileModel):
    """One watch list."""

    first_good: Moment | None = None
    first_complete: Moment | None = None
    gap: GapRow | None = None


class TargetRow(FileModel):
    """One announcement at one mail target."""

    state: Literal["draft", "edited", "leaving", "sent", "skipped"]
    draft: str | None = None
    body_sha256: str | None = None


class AnnouncementRow(FileModel):
    """One batch of released talks."""

    id: str
    time: Moment
    talks: list[Id] = Field(default_factory=list)
    kind: Literal["batch", "backlog", "closing"] = "batch"
    targets: dict[str, TargetRow] = Field(default_factory=dict)


class RecordingsFile(FileModel):
    """recordings.yaml as a whole."""

    videos: dict[str, VideoRow] = Field(default_factory=dict)
    talks: dict[Id, ReleaseRow] = Field(default_factory=dict)
    watches: dict[Id, WatchRowFile] = Field(default_factory=dict)
    announcements: list[AnnouncementRow] = Field(default_factory=list)


class LedgerFile(FileModel):
    """data/ledger.yaml as a whole."""

    sequence: int = 0
    newest: Moment | None = None
    events: dict[Id, Moment] = Field(default_factory=dict)
    retired: dict[Id, Moment] = Field(default_factory=dict)


def build_ledger(file: RecordingsFile) -> Ledger:
    """Return the Ledger of a recordings.yaml."""
    return Ledger(
        videos={key: _seen(key, row) for key, row in file.videos.items()},
        talks={talk: Release(**vars(row)) for talk, row in file.talks.items()},
        watches={
            watch: WatchRow(
                first_good=row.first_good,
                first_complete=row.first_complete,
                gap=Gap(**vars(row.gap)) if row.gap else None,
            )
            for watch, row in file.watches.items()
        },
        announcements=tuple(
            Announcement(
                id=row.id,
                time=row.time,
                talks=tuple(row.talks),
                kind=row.kind,
                targets={name: TargetState(**vars(each)) for name, each in row.targets.items()},
            )
            for row in file.announcements
        ),
    )


def build_installation(file: LedgerFile) -> Installation:
    """Return the Installation of a data/ledger.yaml."""
    return Installation(
        events=dict(file.events),
        retired=dict(file.retired),
        sequence=file.sequence,
        newest=file.newest,
    )


def render_ledger(ledger: Ledger) -> bytes:
    """Return recordings.yaml; the same ledger gives the same bytes."""
    value: dict[str, Plain] = {
        "videos": {key: _video_plain(ledger.videos[key]) for key in sorted(ledger.videos)},
        "talks": {talk: _plain(ledger.talks[talk]) for talk in sorted(ledger.talks)},
        "watches": {watch: _plain(ledger.watches[watch]) for watch in sorted(ledger.watches)},
        "announcements": [_plain(each) for each in ledger.announcements],
    }
    kept: dict[str, Plain] = {key: rows for key, rows in value.items() if rows}
    return (RECORDINGS_HEADER + dump(kept)).encode()


def render_installation(installation: Installation) -> bytes:
    """Return data/ledger.yaml; the same installation gives the same bytes."""
    value: dict[str, Plain] = {
        "sequence": installation.sequence,
        "newest": _moment(installation.newest) if installation.newest else None,
        "events": {key: _moment(installation.events[key]) for key in sorted(installation.events)},
        "retired": {
            key: _moment(installation.retired[key]) for key in sorted(installation.retired)
        },
    }
    kept: dict[str, Plain] = {key: part for key, part in value.items() if part not in (None, {})}
    return (LEDGER_HEADER + dump(kept)).encode()


def _seen(key: str, row: VideoRow) -> SeenVideo:
    match = row.match
    return SeenVideo(
        video=Video(
            key=key,
            url=row.url or "",
            title=row.title,
            duration=row.duration,
            language=row.language,
            channel=row.channel,
            platform_date=row.platform_date,
            access=Access(row.access),
            thumbnail=row.thumbnail,
            anchors=tuple(row.anchors),
            cues=tuple(Cue(start=cue.start, label=cue.label) for cue in row.cues),
        ),
        watches=tuple(row.watches),
        first_seen=row.first_seen,
        first_public=row.first_public,
        match=Match(
            video=key,
            verdict=Verdict(match.verdict),
            talk=match.talk,
            probability=match.probability,
            reasons=tuple(match.reasons),
            version=match.version,
            contested=tuple((key, Stake(stake)) for key, stake in match.contested.items()),
            pieces=tuple(Piece(**vars(one)) for one in match.pieces),
        )
        if match
        else None,
        image=row.image,
        image_sha256=row.image_sha256,
        image_width=row.image_width,
        image_height=row.image_height,
        replaced_by=row.replaced_by,
        misses=Misses(**vars(row.misses)) if row.misses else None,
        gone=row.gone,
    )


def _video_plain(seen: SeenVideo) -> Plain:
    video = seen.video
    row: dict[str, Any] = {
        "url": video.url or None,
        "title": video.title,
        "duration": video.duration,
        "language": video.language,
        "channel": video.channel,
        "platform_date": video.platform_date,
        "access": None if video.access is Access.PUBLIC else str(video.access),
        "anchors": video.anchors,
        "cues": [{"start": cue.start, "label": cue.label} for cue in video.cues],
        "thumbnail": video.thumbnail,
        "image": seen.image,
        "image_sha256": seen.image_sha256,
        "image_width": seen.image_width,
        "image_height": seen.image_height,
        "watches": seen.watches,
        "first_seen": seen.first_seen,
        "first_public": seen.first_public,
        "match": seen.match and _match_plain(seen.match),
        "replaced_by": seen.replaced_by,
        "misses": seen.misses and _plain(seen.misses),
        "gone": seen.gone,
    }
    return _plain(row)


def _match_plain(match: Match) -> dict[str, Any]:
    return {
        "verdict": str(match.verdict),
        "talk": match.talk,
        "probability": match.probability or None,
        "reasons": match.reasons,
        "version": match.version or None,
        "contested": {event: str(stake) for event, stake in match.contested},
        "pieces": match.pieces,
    }


def _plain(value: Any) -> Plain:
    """Return a row or value as plain YAML; fields that say nothing are left out of mappings."""
    match value:
        case datetime():
            return _moment(value)
        case timedelta():
            return text.length(value)
        case Mapping():
            rows = {key: _plain(each) for key, each in value.items()}
            return {key: each for key, each in rows.items() if not _says_nothing(each)}
        case list() | tuple():
            return [_plain(each) for each in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return _plain({name: getattr(value, name) for name in value.__slots__})


def _says_nothing(value: Plain) -> bool:
    return value is None or value is False or value in ([], {})


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
