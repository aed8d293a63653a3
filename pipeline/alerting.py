"""What the team has to be told: which failures began, which are over, and the words for it.

Pure: how things stand comes in as reports, what was told before as notices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from pipeline.model import Message, Notice, WatchReport
from pipeline.model.message import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one thing stands: `wrong` says what is amiss, None that all is well."""

    kind: Trouble
    place: str
    wrong: str | None = None
    since: datetime | None = None

    @property
    def key(self) -> tuple[Trouble, str]:
        """Return what a notice of it is kept under."""
        return self.kind, self.place


def findings(watches: Iterable[WatchReport], *, whole: bool) -> tuple[Finding, ...]:
    """Return how lists stand; those of a series once, not once an event.

    A list that fails within its freshness budget is neither wrong nor well, and one that was
    never looked at is nothing yet. `whole` says that `watches` tell of all events; otherwise the
    gap of a list that other events share is not known to be over.
    """
    found: list[Finding] = []
    for place, group in groupby(sorted(watches, key=place_of), key=place_of):
        same = list(group)
        found.extend(_failing(place, same))
        found.extend(_gap(place, same, whole=whole))
    return tuple(found)


def place_of(watch: WatchReport) -> str:
    """Return what people call a list: its key, or its name in its series."""
    name = watch.key.partition("/")[2]
    return f"series {watch.series}/{name}" if watch.series else watch.key


def _failing(place: str, same: list[WatchReport]) -> Iterable[Finding]:
    """Yield whether a list fails; where reports differ, the newest good look decides."""
    tried = [watch for watch in same if watch.error or watch.last_good]
    if not tried:
        return
    newest = max(tried, key=lambda watch: (_moment(watch.last_good), watch.error is not None))
    late = [watch for watch in tried if watch.late and watch.last_good == newest.last_good]
    if newest.error is None:
        yield Finding(kind="list", place=place)
    elif late:
        since = min((watch.failing_since for watch in late if watch.failing_since), default=None)
        yield Finding(kind="list", place=place, wrong=late[0].error, since=since)


def _gap(place: str, same: list[WatchReport], *, whole: bool) -> Iterable[Finding]:
    gaps = [watch.gap for watch in same if watch.gap]
    if gaps:
        start, end = gaps[0].after, gaps[0].before
        span = f"between {_day(start)} and {_day(end)}" if start else f"before {_day(end)}"
        yield Finding(kind="gap", place=place, wrong=span, since=end)
    elif whole or not same[0].series:
        yield Finding(kind="gap", place=place)


def programmes(troubles: Mapping[str, str | None]) -> tuple[Finding, ...]:
    """Return how programmes stand, from what is wrong with the one of each event."""
    return tuple(
        Finding(kind="programme", place=event_id, wrong=wrong)
        for event_id, wrong in sorted(troubles.items())
    )


def noted(kept: Iterable[Notice], found: Iterable[Finding], *, now: datetime) -> tuple[Notice, ...]:
    """Return the notices that are new or changed by what was found.

    What begins again before anybody heard that it was over goes on, as far as people know.
    """
    known = {notice.key: notice for notice in kept}
    made = []
    for one in found:
        old = known.get(one.key)
        if one.wrong is None:
            if old and old.ended is None:
                made.append(replace(old, ended=now))
        elif old is None or (old.ended and old.told is None):
            since = one.since or now
            made.append(Notice(kind=one.kind, place=one.place, since=since, words=one.wrong))
        elif old.ended:
            made.append(replace(old, ended=None))
    return tuple(made)


def due(kept: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return the notices to tell of: what began, and what is over of that which was told."""
    return tuple(notice for notice in kept if (notice.told is None) == (notice.ended is None))


def spent(kept: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return the notices that were over before anybody was told of them."""
    return tuple(notice for notice in kept if notice.ended and notice.told is None)


def digest(notices: Iterable[Notice], *, title: str, to: str, now: datetime) -> Message:
    """Return the one message that tells of all `notices`; `to` is the id of its delivery."""
    items = tuple(sorted(notices, key=lambda one: (one.ended is not None, one.kind, one.place)))
    begun = [f"- {_begun(one)}" for one in items if one.ended is None]
    over = [f"- {_over(one)}" for one in items if one.ended]
    parts = []
    if begun:
        parts += ["This needs a look:", "", *begun, ""]
    if over:
        parts += ["This is over:", "", *over, ""]
    parts.append("`recap status` says how everything stands. Each of these is told once.")
    told = [f"{one.kind} {one.place} {one.since} {one.ended or ''}" for one in items]
    return Message(
        id=hashlib.sha256("\n".join([to, *told]).encode()).hexdigest()[:32],
        time=now,
        subject=f"{title}: {_subject(items)}",
        text="\n".join(parts) + "\n",
        items=items,
    )


def sentence(notice: Notice) -> str:
    """Return what a message says of one notice."""
    return _over(notice) if notice.ended else _begun(notice)


_SUBJECTS: Mapping[tuple[Trouble, bool], tuple[str, str]] = {
    ("list", False): ("1 list is failing", "{} lists are failing"),
    ("gap", False): ("1 list may have missed videos", "{} lists may have missed videos"),
    ("programme", False): ("1 programme needs you", "{} programmes need you"),
    ("list", True): ("1 list is well again", "{} lists are well again"),
    ("gap", True): ("1 gap is closed", "{} gaps are closed"),
    ("programme", True): ("1 programme is well again", "{} programmes are well again"),
}


def _subject(items: Iterable[Notice]) -> str:
    kinds = [(one.kind, one.ended is not None) for one in items]
    parts = []
    for kind, (single, several) in _SUBJECTS.items():
        count = kinds.count(kind)
        if count:
            parts.append(single if count == 1 else several.format(count))
    return ", ".join(parts)


def _begun(notice: Notice) -> str:
    place, name = notice.place, notice.place.rpartition("/")[2]
    match notice.kind:
        case "list":
            return (
                f"{place} has not been read since {_day(notice.since)}: {notice.words}. What is "
                "out stays out, and it is tried again by itself; if the list has moved, write its "
                "new address under `watch:`."
            )
        case "gap":
            target = name if place.startswith("series ") else place
            return (
                f"{place} may have missed videos {notice.words}: it shows its newest few only. "
                "Give it a `fallback:` that shows all of it, or look by hand and run "
                f"`recap gap close {target}`."
            )
        case "programme":
            return (
                f"{place}: its programme stays as it was read last, since {_day(notice.since)}: "
                f"{notice.words}"
            )


def _over(notice: Notice) -> str:
    ended = _day(_moment(notice.ended))
    match notice.kind:
        case "list":
            return f"{notice.place} is read again, since {ended}."
        case "gap":
            return f"{notice.place}: its gap is closed, since {ended}."
        case "programme":
            return f"{notice.place}: its programme is read again, since {ended}."


def _moment(value: datetime | None) -> datetime:
    return value or datetime.min.replace(tzinfo=UTC)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
