"""Talks with their recordings, as outputs see them; the gate that keeps recordings back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline import text
from pipeline.merging.rulings import Rulings
from pipeline.model import (
    Access,
    Entry,
    Event,
    Expectation,
    Ledger,
    PublishedEvent,
    Recording,
    SeenVideo,
    Standing,
    Talk,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """An event after merging, before stamping.

    `held` are videos of which the public ledger may hold no more than key and verdict.
    `alerts` are sentences for a person: recordings that are public but must not appear.
    """

    published: PublishedEvent
    held: frozenset[str] = frozenset()
    alerts: tuple[str, ...] = ()


def merge(event: Event, ledger: Ledger, rulings: Rulings, now: datetime) -> Merged:
    """Return `event` as published: withdrawn talks left out, gated ones without recordings."""
    entries: list[Entry] = []
    held = {key for key in rulings.barred.videos if key in ledger.videos}
    alerts: list[str] = []
    for position, talk in enumerate(event.talks, start=1):
        keys = _ordered(talk, ledger, rulings)
        gate = _gate(event, talk, now)
        if rulings.bars(event, talk):
            held.update(keys, _candidates(talk, ledger))
            continue
        if gate is None:
            entries.append(_entry(event, talk, position, _recordings(keys, ledger, rulings, now)))
            continue
        entries.append(_entry(event, talk, position, (), gate=gate))
        held.update(keys, _candidates(talk, ledger))
        public = [key for key in keys if _available(key, ledger, rulings, now)]
        alerts.extend(
            f"{key} is public, but {event.id}/{talk.id} is {gate.replace('_', ' ')}: "
            "it is kept out of every output; ask its owner to take it down, or change the "
            "talk's expectation in event.yaml"
            for key in public
        )
    return Merged(
        published=PublishedEvent(
            event=replace(event, talks=(), watches=(), origin=None), entries=tuple(entries)
        ),
        held=frozenset(held),
        alerts=tuple(alerts),
    )


def _gate(event: Event, talk: Talk, now: datetime) -> Standing | None:
    """Return why the talk's recording must not appear, None where it may."""
    if talk.expectation is Expectation.EXPECTED:
        return None
    if talk.expectation is Expectation.EMBARGOED:
        today = now.astimezone(ZoneInfo(event.timezone)).date()
        return Standing.EMBARGOED if talk.embargo and today < talk.embargo else None
    return Standing(str(talk.expectation))


def _candidates(talk: Talk, ledger: Ledger) -> list[str]:
    """Return the videos in review that may be this talk: the public ledger must not tell."""
    return [
        key
        for key, row in ledger.videos.items()
        if row.match and row.match.talk == talk.id and row.match.verdict is Verdict.REVIEW
    ]


def _ordered(talk: Talk, ledger: Ledger, rulings: Rulings) -> list[str]:
    """Return the talk's videos: event.yaml's in its order, then decisions', then automatic ones.

    Among automatic ones a re-upload stands before what it replaced, else the first seen leads.
    """
    rank = {"event.yaml": 0, "decision": 1, "auto": 2}
    written = {key: number for number, key in enumerate(talk.recordings)}

    def place(key: str) -> tuple[int, int, bool, str, str]:
        row = ledger.videos.get(key)
        seen = row.first_seen.isoformat() if row and row.first_seen else ""
        replaced = bool(row and row.replaced_by and rulings.by[key] == "auto")
        return (rank[rulings.by[key]], written.get(key, 0), replaced, seen, key)

    return sorted((key for key, owner in rulings.links.items() if owner == talk.id), key=place)


def _available(key: str, ledger: Ledger, rulings: Rulings, now: datetime) -> bool:
    """Tell whether anybody can watch the video now.

    A video that only a person named is taken at their word; unlisted counts with a person's word.
    """
    row = ledger.videos.get(key)
    by_person = rulings.by.get(key) != "auto"
    if row is None or (row.match is not None and not row.video.url):
        return by_person or row is not None
    if row.gone:
        return False
    if row.video.access is Access.UNLISTED:
        return by_person
    return row.video.is_public(now)


def _recordings(
    keys: list[str], ledger: Ledger, rulings: Rulings, now: datetime
) -> tuple[Recording, ...]:
    """Return the recordings readers may see, the primary one first.

    What was never public is no recording yet; what was and is no more stays, as unavailable.
    """
    shown = []
    for key in keys:
        row = ledger.videos.get(key)
        available = _available(key, ledger, rulings, now)
        if available or (row and row.first_public):
            shown.append(_recording(key, row, available=available))
    shown.sort(key=lambda one: not one.available)
    return tuple(
        one if number == 0 else replace(one, role="alternative") for number, one in enumerate(shown)
    )


def _recording(key: str, row: SeenVideo | None, *, available: bool) -> Recording:
    video = row.video if row else None
    return Recording(
        key=key,
        url=(video.url if video else "") or text.video_url(key) or "",
        title=video.title if video else None,
        duration=video.duration if video else None,
        language=video.language if video else None,
        available=available,
        image=row.image if row else None,
    )


def _entry(
    event: Event,
    talk: Talk,
    position: int,
    recordings: tuple[Recording, ...],
    *,
    gate: Standing | None = None,
) -> Entry:
    title, from_upload = _title(event, talk, recordings)
    return Entry(
        event_id=event.id,
        event_name=event.name,
        talk_id=talk.id,
        position=position,
        standing=gate or _standing(recordings),
        title=title,
        title_from="upload" if from_upload else "programme",
        speakers=talk.speakers,
        summary=talk.summary,
        kind=talk.kind,
        day=talk.day,
        language=talk.language or event.language,
        series=event.series,
        track=talk.track,
        tags=talk.tags,
        slides=talk.slides,
        links=talk.links,
        recordings=recordings,
    )


def _standing(recordings: tuple[Recording, ...]) -> Standing:
    if not recordings:
        return Standing.AWAITED
    return Standing.OUT if recordings[0].available else Standing.UNAVAILABLE


def _title(event: Event, talk: Talk, recordings: tuple[Recording, ...]) -> tuple[str | None, bool]:
    """Return the title and whether it is the upload's, for want of one in the programme."""
    upload = recordings[0].title if recordings else None
    if talk.title or not upload:
        return talk.title, False
    names = [name for one in talk.speakers for name in (one.name, *one.also)]
    labels = [event.name, *([event.short_name] if event.short_name else []), *event.also]
    return text.talk_title(upload, speakers=names, events=labels), True
