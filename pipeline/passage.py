"""One event's way through the pure stages: observe, settle, match, merge, stamp.

Order only; each stage decides in its own module. The run, previews of a decision and `why` take
this one way, so that what a person is shown is what will happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

from pipeline import ledger, matching, merging
from pipeline.model import (
    Barred,
    Decision,
    EventFiles,
    Installation,
    Ledger,
    Listing,
    PublishedEvent,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an event does not hold itself: the installation, shared words, the site's tag."""

    installation: Installation
    tag: str
    barred: Barred = field(default_factory=Barred)
    shared: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """An event at the end of its way.

    `released` and `removed` are talk ids in programme order, `new` video keys; `alerts` and
    `notes` are sentences for a person.
    """

    published: PublishedEvent
    ledger: Ledger
    installation: Installation
    rulings: merging.Rulings
    released: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def take(
    opened: EventFiles, listings: Mapping[str, Listing], around: Surroundings, *, now: datetime
) -> Passed:
    """Take an event all the way; `listings` are this run's good looks by watch id."""
    event = opened.event
    start = ledger.rename(opened.ledger, event)
    words = merging.standing([*opened.decisions, *around.shared])
    start = ledger.close_gaps(start, words)
    began = datetime.combine(event.start, time(), tzinfo=UTC)
    lists = {watch.id for watch in event.watches}
    seen = ledger.observe(start, listings, now, since=began, lists=lists)
    rulings = merging.settle(
        event, seen.ledger, opened.decisions, barred=around.barred, shared=around.shared
    )
    rows, again = ledger.reuploads(
        seen.ledger, rulings.links, settled=rulings.ignored, refused=rulings.refused
    )
    rulings = rulings.with_matches(again)
    rulings = replace(rulings, passed_over=merging.pass_over(event, rows, rulings.links))
    found = matching.match(
        event,
        matching.sights(event, rows),
        linked=rulings.links,
        settled=rulings.settled,
        refused=rulings.refused,
    )
    rows = ledger.record(rows, (*again, *found))
    rulings = rulings.with_matches(found)
    merged = merging.merge(event, rows, rulings, now)
    stamped = ledger.stamp(
        merged.published,
        ledger.disown(ledger.redact(rows, merged.held), event, rulings.links),
        around.installation,
        now=now,
        tag=around.tag,
        backlog=ledger.is_backlog(start, seen.ledger, event, now),
    )
    return Passed(
        published=stamped.published,
        ledger=stamped.ledger,
        installation=ledger.know(
            stamped.installation,
            event.id,
            now,
            changed=stamped.ledger != opened.ledger,
            former=event.was,
        ),
        rulings=rulings,
        released=stamped.released,
        removed=stamped.removed,
        new=seen.new,
        alerts=merged.alerts,
        notes=(
            *seen.notes,
            *merging.strangers(event, opened.decisions, around.barred),
        ),
    )
