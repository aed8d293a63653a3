"""Talks with their recordings, as outputs see them; the gate that keeps recordings back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline import text
from pipeline.merging.recordings import in_order, is_available, owned, recordings, word
from pipeline.merging.rulings import Rulings
from pipeline.model import (
    Entry,
    Event,
    Expectation,
    Ledger,
    PublishedEvent,
    Recording,
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
    shut, videos = _shut(event, rulings, now), owned(rulings)
    held = {key for key in rulings.barred.videos if key in ledger.videos}
    alerts: list[str] = []
    for position, talk in enumerate(event.talks, start=1):
        keys = in_order(videos.get(talk.id, frozenset()), talk, ledger, rulings)
        gate = _gate(event, talk, now)
        if rulings.bars(event, talk):
            held.update(keys, _candidates(talk, ledger))
            continue
        if gate is None:
            shown = recordings(talk, keys, ledger, rulings, now, shut=shut)
            entries.append(_entry(event, talk, position, shown))
            continue
        entries.append(_entry(event, talk, position, (), gate=gate))
        held.update(keys, _candidates(talk, ledger))
        public = [key for key in keys if is_available(key, ledger, word(key, talk, rulings), now)]
        alerts.extend(
            f"{key} is public, but {event.id}/{talk.id} is {gate.replace('_', ' ')}: "
            "it is kept out of every output; ask its owner to take it down, or change the "
            "talk's expectation in event.yaml"
            for key in public
        )
    return Merged(
        published=PublishedEvent(
            event=replace(event, talks=(), watches=(), origin=None, plan=None),
            entries=tuple(entries),
        ),
        held=frozenset(held),
        alerts=tuple(alerts),
    )


def _shut(event: Event, rulings: Rulings, now: datetime) -> frozenset[str]:
    """Return the videos that hold a talk which must not appear, so that no talk of them may."""
    if not rulings.cues:
        return frozenset()
    closed = {
        talk.id for talk in event.talks if rulings.bars(event, talk) or _gate(event, talk, now)
    }
    return frozenset(video for video, talk in rulings.cues if talk in closed)


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
