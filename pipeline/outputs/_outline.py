"""An event as the page of all events lists it: one line and a slot bar.

Must tell nothing but what the event is, where each talk stands and since when: that is all that
makes the collection of all events dirty.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import PublishedEvent, Standing
from pipeline.views import event as views
from pipeline.views import words
from pipeline.views.event import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One event in the list of all. `bar` is the slot bar as (state, width)."""

    id: str
    name: str
    language: str
    when: str
    where: str
    bar: tuple[tuple[State, int], ...]
    progress: str


def outline(published: PublishedEvent) -> Outline:
    """Return `published` as one line."""
    event = published.event
    fresh = views.new_entries(published.entries)
    given = [one for one in published.entries if one.standing is not Standing.CANCELLED]
    out = sum(one.standing is Standing.OUT for one in given)
    return Outline(
        id=event.id,
        name=event.name,
        language=event.language,
        when=words.days(event.start, event.end),
        where=", ".join(part for part in (event.venue, event.city) if part),
        bar=views.slot_bar(views.slots(given, fresh=fresh)),
        progress=views.progress(out, total=len(given)),
    )
