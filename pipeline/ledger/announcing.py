"""Released talks become announcements when the plan, a person or the end of an event says so.

An announcement is a fact: it is made once, and never changed but for how far it has come at each
target. Which mail tells of it, and what people said of that, is `drafting`'s business; nothing
here sends or words anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pipeline.ledger.stamp import is_old, last_day
from pipeline.model import (
    Announcement,
    Decision,
    Entry,
    Event,
    Ledger,
    Plan,
    PublishedEvent,
    Standing,
    TargetState,
    Verb,
)

LONGEST_WAIT = timedelta(hours=24)
"""How long the oldest waiting talk waits for quiet at most: uploads may trickle for days."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_WEEK_OF_SLOTS = 9
"""Days within which a weekly slot comes for certain: a week, and the day of one just missed."""

_Kind = Literal["batch", "backlog", "closing"]


def announce(
    published: PublishedEvent,
    ledger: Ledger,
    plan: Plan,
    *,
    words: Iterable[Decision],
    targets: Sequence[str],
    now: datetime,
    backlog: Collection[str] = (),
) -> Ledger:
    """Return the ledger with the announcement that is due by `now`; an equal one where none is.

    `words` are the decisions on this event that stand; `targets` the ids of the mail targets, each
    of which gets a draft; `backlog` the talks that a first look found in this run. Those of an old
    event are told to nobody unless a person asked: one skipped announcement holds them. Those of
    a younger one are an opening announcement, unless the plan is to wait for the end or a person.
    Where the closing recap is due as well, it alone takes what waits.
    """
    words = tuple(words)
    asked = _asked(ledger, words) is not None
    found = _ids(entry for entry in waiting(published, ledger) if entry.talk_id in backlog)
    if found and is_old(published.event, now) and not asked:
        skipped = dict.fromkeys(targets, TargetState(state="skipped"))
        ledger = _with(ledger, published.event, found, kind="backlog", targets=skipped, now=now)
        found = ()
    if found and (asked or plan.when not in ("complete", "manual")):
        kind: _Kind = "closing" if _is_settled(published) and not _is_closed(ledger) else "backlog"
    else:
        kinds = {kind for kind, when in _moments(published, ledger, plan, words) if when <= now}
        if not kinds:
            return ledger
        kind = "closing" if "closing" in kinds else "batch"
    talks = _ids(waiting(published, ledger))
    drafts = dict.fromkeys(targets, TargetState(state="draft"))
    return _with(ledger, published.event, talks, kind=kind, targets=drafts, now=now)


def next_announcement(
    published: PublishedEvent, ledger: Ledger, plan: Plan, *, words: Iterable[Decision]
) -> datetime | None:
    """Return when the clock alone makes the next announcement due; None where it never does.

    `announce` makes it in the first pass from then on.
    """
    return min((when for _, when in _moments(published, ledger, plan, tuple(words))), default=None)


def fresh(published: PublishedEvent, ledger: Ledger) -> tuple[str, ...] | None:
    """Return the talks that count as new, in programme order; None while nothing was announced.

    They are those of the latest announcement that is not a skipped backlog, and those released
    after it. What an opening announcement tells is "already out", and new since nothing.
    """
    told = [one for one in ledger.announcements if not is_silent(one)]
    if not told:
        return None
    latest = max(told, key=lambda one: one.time)
    opening = latest.kind == "backlog" or (
        latest.kind == "closing" and latest is ledger.announcements[0]
    )
    own = () if opening else latest.talks
    return _ids(
        entry
        for entry in published.entries
        if entry.released and (entry.talk_id in own or entry.released > latest.time)
    )


def waiting(published: PublishedEvent, ledger: Ledger) -> tuple[Entry, ...]:
    """Return the entries that are out and told of by no announcement since their release."""
    told: dict[str, datetime] = {}
    for one in ledger.announcements:
        for talk in one.talks:
            told[talk] = max(one.time, told.get(talk, one.time))
    return tuple(
        entry
        for entry in published.entries
        if entry.standing is Standing.OUT
        and entry.released
        and (entry.talk_id not in told or told[entry.talk_id] < entry.released)
    )


def is_silent(one: Announcement) -> bool:
    """Tell whether it is a backlog that nobody is to be told of."""
    states = {row.state for row in one.targets.values()}
    return one.kind == "backlog" and states <= {"skipped"}


def slot_after(moment: datetime, plan: Plan, zone: ZoneInfo) -> datetime:
    """Return the first slot of a daily or weekly plan after `moment`, in UTC.

    A slot that the clocks skip runs when they have been put forward, one that comes twice runs
    the first time.
    """
    day = moment.astimezone(zone).date()
    days = [day + ahead * _DAY for ahead in range(_WEEK_OF_SLOTS)]
    if plan.when == "weekly":
        days = [one for one in days if one.weekday() == plan.weekday]
    return next(slot for slot in (_instant(one, plan.at, zone) for one in days) if slot > moment)


def _moments(
    published: PublishedEvent, ledger: Ledger, plan: Plan, words: Sequence[Decision]
) -> Iterator[tuple[_Kind, datetime]]:
    """Yield what is to be announced, and from when on each is due."""
    releases = sorted(one.released for one in waiting(published, ledger) if one.released)
    asked = _asked(ledger, words)
    planned = _planned(releases, plan, published.event, closed=_is_closed(ledger))
    if releases:
        yield from (("batch", when) for when in (planned, asked) if when)
    told = any(not is_silent(one) for one in ledger.announcements)
    heard = told or (asked is not None and bool(ledger.announcements))
    if _is_closed(ledger) or not (releases or heard):
        return
    settled = _is_settled(published)
    if settled and asked:
        yield "closing", asked
    if plan.when == "manual" or not (releases or told):
        return
    if settled:
        # In the rhythm of the plan, as the last batch; where there is none, when all came.
        by_plan = planned if plan.when in ("each", "daily", "weekly") else None
        yield "closing", by_plan or max(releases, default=_last_news(published, ledger))
    elif not any(one.standing is Standing.EMBARGOED for one in published.entries):
        yield "closing", _last_news(published, ledger) + plan.close_after


def _planned(
    releases: Sequence[datetime], plan: Plan, event: Event, *, closed: bool
) -> datetime | None:
    """Return when talks that wait since `releases` (sorted) are due by the plan alone.

    What comes after the closing recap of a plan that waited for it is told as it comes.
    """
    if not releases:
        return None
    match plan.when:
        case "daily" | "weekly":
            return slot_after(releases[0], plan, ZoneInfo(event.timezone))
        case "every":
            return releases[plan.count - 1] if len(releases) >= plan.count else None
        case "manual":
            return None
        case "complete" if not closed:
            return None
        case _:
            return min(releases[-1] + plan.quiet, releases[0] + LONGEST_WAIT)


def _asked(ledger: Ledger, words: Iterable[Decision]) -> datetime | None:
    """Return when a person asked for an announcement that was not made since."""
    newest = max((one.time for one in ledger.announcements), default=None)
    asked = (
        word.time
        for word in words
        if word.verb is Verb.ANNOUNCE and (newest is None or word.time > newest)
    )
    return min(asked, default=None)


def _last_news(published: PublishedEvent, ledger: Ledger) -> datetime:
    """Return since when nothing came or was taken back, and the event was over."""
    moments = [last_day(published.event) + _DAY]
    moments += [entry.released for entry in published.entries if entry.released]
    moments += [row.deleted for row in ledger.talks.values() if row.deleted]
    moments += [one.time for one in ledger.announcements if one.kind == "backlog"]
    return max(moments)


def _is_settled(published: PublishedEvent) -> bool:
    """Tell whether no recording is to come any more, one that is held back included."""
    open_ = (Standing.AWAITED, Standing.EMBARGOED)
    return not any(entry.standing in open_ for entry in published.entries)


def _is_closed(ledger: Ledger) -> bool:
    return any(one.kind == "closing" for one in ledger.announcements)


def _with(
    ledger: Ledger,
    event: Event,
    talks: tuple[str, ...],
    *,
    kind: _Kind,
    targets: dict[str, TargetState],
    now: datetime,
) -> Ledger:
    day = now.astimezone(ZoneInfo(event.timezone)).date().isoformat()
    taken = {one.id for one in ledger.announcements}
    name, number = day, 1
    while name in taken:
        number += 1
        name = f"{day}-{number}"
    made = Announcement(id=name, time=now, talks=talks, kind=kind, targets=targets)
    return replace(ledger, announcements=(*ledger.announcements, made))


def _ids(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(entry.talk_id for entry in entries)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which clocks in `zone` first show `at` or later on `day`.

    Offsets of a skipped time are those of before and after the change (PEP 495), so the change
    itself lies between the two instants they give.
    """
    local = datetime.combine(day, at, tzinfo=zone)
    late, early = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if late <= early:
        return late
    offset = late.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)
