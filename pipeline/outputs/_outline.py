"""An event as the page of all events lists it: one line and a slot bar.

Must tell nothing but what the event is, where each talk stands and since when: that is all that
makes the collection of all events dirty.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import PublishedEvent, Standing
from pipeline.outputs import _view, _words
from pipeline.outputs._view import State


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
    fresh = _view.new_entries(published.entries)
    given = [one for one in published.entries if one.standing is not Standing.CANCELLED]
    out = sum(one.standing is Standing.OUT for one in given)
    return Outline(
        id=event.id,
        name=event.name,
        language=event.language,
        when=_words.days(event.start, event.end),
        where=", ".join(part for part in (event.venue, event.city) if part),
        bar=_view.slot_bar(_view.slots(given, fresh=fresh)),
        progress=_view.progress(out, total=len(given)),
    )
