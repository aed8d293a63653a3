"""An event as the page of all events lists it: one line and a slot bar.

Must tell nothing but what the event is, where each talk stands and since when: that is all that
makes the collection of all events dirty.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import PublishedEvent
from pipeline.views import event as views
from pipeline.views import words
from pipeline.views.talk import State
from pipeline.wording import Direction, Wording, direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One event in the list of all. `bar` is the slot bar as (state, width)."""

    id: str
    name: str
    language: str
    direction: Direction
    when: str
    where: str
    bar: tuple[tuple[State, int], ...]
    progress: str


def outline(published: PublishedEvent, *, wording: Wording) -> Outline:
    """Return `published` as one line."""
    event = published.event
    out, total = views.counts(published)
    return Outline(
        id=event.id,
        name=event.name,
        language=event.language,
        direction=direction(event.language),
        when=words.days(event.start, event.end, wording=wording),
        where=views.where(event),
        bar=views.slot_bar(views.slots(published)),
        progress=views.progress(out, total=total, wording=wording),
    )
