"""One event's way through the pure stages: observe, settle, match, merge, stamp, announce.

Order only; each stage decides in its own module. The run, previews of a decision and `why` take
this one way, so that what a person is shown is what will happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

from pipeline import ledger, matching, merging
from pipeline.model import (
    Announcement,
    Barred,
    Decision,
    Event,
    EventFiles,
    Installation,
    Ledger,
    Listing,
    OpenDraft,
    Plan,
    PublishedEvent,
    Stakes,
)

PERSON = "draft"
"""The one mail target where none is configured: a person pastes the draft and says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an event does not hold itself: the installation, shared words, the site's tag.

    `plan` says when it is announced where it does not say so itself, `targets` are the ids of the
    mail targets.
    """

    installation: Installation
    tag: str
    barred: Barred = field(default_factory=Barred)
    shared: tuple[Decision, ...] = ()
    plan: Plan = field(default_factory=Plan)
    targets: tuple[str, ...] = (PERSON,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """An event at the end of its way.

    `released` and `removed` are talk ids in programme order, `new` video keys; `alerts` and
    `notes` are sentences for a person. `announced` are the announcements that this run made,
    `drafts` those that are open now; `announces_next` is when the clock alone makes the next one.
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
    announced: tuple[Announcement, ...] = ()
    drafts: tuple[OpenDraft, ...] = ()
    announces_next: datetime | None = None


def take(
    opened: EventFiles,
    listings: Mapping[str, Listing],
    around: Surroundings,
    *,
    now: datetime,
    contested: Mapping[str, Stakes] | None = None,
) -> Passed:
    """Take an event all the way; `listings` are this run's good looks by watch id.

    `contested` are the videos in which other events have a stake; where nobody asked them, those
    that the ledger knows of.
    """
    event = opened.event
    words = merging.standing([*opened.decisions, *around.shared])
    start = ledger.mend(ledger.rename(opened.ledger, event), words, now)
    start = ledger.close_gaps(start, words)
    began = datetime.combine(event.start, time(), tzinfo=UTC)
    lists = {watch.id for watch in event.watches}
    seen = ledger.observe(start, listings, now, since=began, lists=lists)
    rulings = merging.settle(
        event, seen.ledger, opened.decisions, barred=around.barred, shared=around.shared
    )
    rows, rulings = _matched(
        event,
        seen.ledger,
        rulings,
        contested=ledger.contested(seen.ledger) if contested is None else contested,
    )
    merged = merging.merge(event, rows, rulings, now)
    backlog = ledger.is_backlog(start, seen.ledger, event, now)
    stamped = ledger.stamp(
        merged.published,
        ledger.disown(ledger.redact(rows, merged.held), event, rulings.links),
        around.installation,
        now=now,
        tag=around.tag,
        backlog=backlog,
    )
    passed = Passed(
        published=stamped.published,
        ledger=stamped.ledger,
        installation=stamped.installation,
        rulings=rulings,
        released=stamped.released,
        removed=stamped.removed,
        new=seen.new,
        alerts=merged.alerts,
        notes=(*seen.notes, *merging.strangers(event, opened.decisions, around.barred)),
    )
    passed = _announced(passed, opened, around, words=words, now=now, backlog=backlog)
    changed = passed.ledger != opened.ledger
    known = ledger.know(passed.installation, event.id, now, changed=changed, former=event.was)
    return replace(passed, installation=known)


def _announced(
    passed: Passed,
    opened: EventFiles,
    around: Surroundings,
    *,
    words: Iterable[Decision],
    now: datetime,
    backlog: bool,
) -> Passed:
    """Return the event with what is announced by now, and with what counts as new since."""
    said, plan = _said(opened, words), opened.event.plan or around.plan
    told = ledger.announce(
        passed.published,
        passed.ledger,
        plan,
        words=said,
        targets=around.targets,
        now=now,
        backlog=passed.released if backlog else (),
    )
    drafts = ledger.drafts(told, said)
    return replace(
        passed,
        alerts=(*passed.alerts, *ledger.left_behind(drafts)),
        published=replace(passed.published, fresh=ledger.fresh(passed.published, told)),
        ledger=told,
        notes=(*passed.notes, *ledger.unheard(told, said)),
        announced=told.announcements[len(passed.ledger.announcements) :],
        drafts=drafts,
        announces_next=ledger.next_announcement(passed.published, told, plan, words=said),
    )


def _said(opened: EventFiles, words: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return those of `words` that speak of this event alone, as words on announcements do."""
    own = {word.id for word in opened.decisions}
    here = {opened.event.id, *opened.event.was}
    return tuple(word for word in words if word.id in own or word.event in here)


def _matched(
    event: Event,
    rows: Ledger,
    rulings: merging.Rulings,
    *,
    contested: Mapping[str, Stakes],
) -> tuple[Ledger, merging.Rulings]:
    """Return the ledger with what matching says of each video, and the rulings with its links."""
    rows, again = ledger.reuploads(
        rows,
        rulings.links,
        settled=rulings.ignored | contested.keys(),
        refused=rulings.refused,
    )
    rulings = rulings.with_matches(again)
    passed_over = merging.pass_over(event, rows, rulings.links)
    rulings = replace(rulings, passed_over=passed_over, contested=contested)
    found = matching.match(
        event,
        matching.sights(event, rows),
        linked=rulings.links,
        settled=rulings.settled,
        refused=rulings.refused,
        contested=contested,
    )
    return ledger.record(rows, (*again, *found)), rulings.with_matches(found)
