"""Short ways to make model values in tests; every name and title is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from pipeline.model import (
    Collection,
    Entry,
    Event,
    PublishedEvent,
    Recording,
    Release,
    Site,
    Speaker,
    Standing,
    Talk,
    Video,
    Watch,
)

NOW = datetime(2031, 5, 20, 12, 0, tzinfo=UTC)
SITE = Site(tag="recaps.example.org,2031", url="https://recaps.example.org/", title="Recaps")


def no_secret(name: str) -> None:
    """A Secret: nothing is set."""


def talk(
    talk_id: str = "brewing-tea", title: str | None = "Brewing Tea at Scale", **more: Any
) -> Talk:
    speakers = more.pop(
        "speakers", (Speaker(name="Ada Example", role="Brewer", affiliation="Teapot"),)
    )
    return Talk(id=talk_id, title=title, speakers=speakers, **more)


def watch(watch_id: str = "list", *, only_this_event: bool = True, **more: Any) -> Watch:
    return Watch(
        id=watch_id, kind=more.pop("kind", "file"), only_this_event=only_this_event, **more
    )


def event(*talks: Talk, **more: Any) -> Event:
    values: dict[str, Any] = {
        "id": "teaconf-2031",
        "name": "TeaConf 2031",
        "start": date(2031, 5, 17),
        "end": date(2031, 5, 18),
        "timezone": "Europe/Berlin",
        "watches": (watch(),),
    }
    return Event(talks=talks, **{**values, **more})


def video(
    name: str = "tea00000001", title: str | None = "Brewing Tea at Scale - Ada Example", **more: Any
) -> Video:
    return Video(
        key=f"youtube:{name}", url=f"https://www.youtube.com/watch?v={name}", title=title, **more
    )


def entry(number: int = 1, *, sequence: int | None = None, **more: Any) -> Entry:
    """Return a released entry, or one that is awaited where `sequence` is None."""
    stamp = NOW - timedelta(days=10) + timedelta(hours=sequence or 0)
    values: dict[str, Any] = {
        "event_id": "teaconf-2031",
        "event_name": "TeaConf 2031",
        "talk_id": f"talk-{number}",
        "position": number,
        "standing": Standing.AWAITED,
        "title": f"Talk number {number}",
        "speakers": (
            Speaker(name=f"Speaker {number}", role="Engineer", affiliation="Example Works"),
        ),
        "summary": f"What talk {number} is about.",
        "day": date(2031, 5, 17),
    }
    if sequence is not None:
        key = f"vid{number:08d}"
        values |= {
            "standing": Standing.OUT,
            "recordings": (
                Recording(
                    key=f"youtube:{key}",
                    url=f"https://www.youtube.com/watch?v={key}",
                    title=f"Talk number {number} - Speaker {number}",
                    duration=timedelta(minutes=20 + number, seconds=7),
                ),
            ),
            "release": Release(
                feed_id=f"tag:recaps.example.org,2031:teaconf-2031/talk-{number}",
                released=stamp,
                updated=stamp,
                digest="0" * 16,
                sequence=sequence,
            ),
        }
    return Entry(**{**values, **more})


def published(*entries: Entry, **more: Any) -> PublishedEvent:
    return PublishedEvent(event=event(**more), entries=entries)


def collection(*events: PublishedEvent, alone: bool = True, **more: Any) -> Collection:
    """Return the collection of one event, or of all events together where `alone` is False."""
    released = [one for each in events for one in each.entries if one.released]
    released.sort(key=lambda one: -(one.release.sequence or 0) if one.release else 0)
    first = events[0].event if events else None
    event_id = first.id if first and alone else "_all"
    values: dict[str, Any] = {
        "id": event_id,
        "path": f"{event_id}/" if first and alone else "",
        "kind": "event" if first and alone else "all",
        "title": first.name if first and alone else SITE.title,
        "feed_id": f"tag:{SITE.tag}:{event_id}",
        "language": "en",
        "updated": max((one.release.updated for one in released if one.release), default=NOW),
        "entries": tuple(released),
        "events": events,
    }
    return Collection(**{**values, **more})
