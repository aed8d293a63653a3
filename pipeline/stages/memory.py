"""What a process may keep between passes, so that a pass costs what changed and not what exists.

Everything in it follows from files: a pass with an empty memory arrives at the same bytes. It is
trusted only while what it was learned from is unchanged, and reads and writes no file itself.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pipeline.dataset.directory import Directory
from pipeline.dataset.folder import FolderStore, Mark
from pipeline.errors import Problem
from pipeline.model import Event, Ledger, OpenDraft, Output, PublishedEvent, Site, WatchReport
from pipeline.model.listing import AHEAD
from pipeline.selection import EPOCH, Index
from pipeline.written.watches import Lists

_SPARE = 50
"""Published events that are held beyond those that the collection of all shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """How an event stood after its last pass.

    `mark` is that of its files, `inputs` the hash that its group was made of. Until `wake` nothing
    of it changes by the clock alone; None is for ever. `failing` says that a list of it fails.
    `beside` are the marks of the events that have a stake in one of its videos.
    """

    mark: Mark
    inputs: str
    wake: datetime | None = None
    failing: bool = False
    beside: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What has to be said of an event after every pass until it is well again."""

    problems: tuple[Problem, ...] = ()
    watches: tuple[WatchReport, ...] = ()


@dataclass(slots=True)
class Memory:
    """What is remembered. `whole` says that it speaks of every event, `index` of all places.
    `archived` are the archive pages of shared feeds, by the feed's path, `drafting` the events
    with open drafts.

    `doubtful` says that something may have changed that it does not know of: the next whole pass
    compares each event's files with their mark.
    """

    index: Index | None = None
    whole: bool = False
    doubtful: bool = False
    shown: dict[str, PublishedEvent] = field(default_factory=dict)
    archived: dict[str, frozenset[int]] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    drafting: set[str] = field(default_factory=set)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    missing: tuple[Problem, ...] = ()
    renderers: tuple[Output, ...] = ()
    directory: Directory = field(default_factory=Directory)
    _store: tuple[Path, str, Lists, FolderStore] | None = None
    _wakes: list[tuple[datetime, str]] = field(default_factory=list)
    _beside: dict[str, set[str]] = field(default_factory=dict)
    _trusted: bool = False
    _grounds: object = None
    _surroundings: object = None

    def store(self, data: Path, *, zone: str, lists: Lists) -> FolderStore:
        """Return the store over `data`, which remembers what it has read."""
        if self._store is None or self._store[:3] != (data, zone, lists):
            self._store = (data, zone, lists, FolderStore(data, zone=zone, lists=lists))
        return self._store[3]

    def recheck(self) -> None:
        """Let the next whole pass compare all files with what is remembered."""
        self.doubtful = True
        if self.index:
            self.index.doubt()

    def begin(self, grounds: object, surroundings: object) -> bool:
        """Open a pass: forget what no longer holds, and trust nothing again until `end`.

        `grounds` is what every event's result depends on, `surroundings` what changes whenever
        another process saves or publishes.
        """
        holds = self._trusted and self._grounds == grounds
        if not holds:
            self.forget()
        elif self._surroundings != surroundings:
            self.recheck()
        self._grounds, self._trusted = grounds, False
        return holds

    def end(self, surroundings: object, *, whole: bool) -> None:
        """Close a pass that ended well; `whole` says that it considered every event."""
        self._surroundings, self._trusted = surroundings, True
        self.whole |= whole

    def forget(self) -> None:
        """Forget all events."""
        self.forget_places()
        self.whole, self.doubtful, self.missing = False, False, ()
        self.notes.clear()
        self.drafting.clear()
        self.troubles.clear()
        self.directory = Directory()
        self._beside.clear()
        self._wakes.clear()

    def forget_places(self) -> None:
        """Forget what the collection of all is made of; it can be read from what is published."""
        self.index = None
        self.shown.clear()
        self.archived.clear()

    def note(self, event_id: str, note: Note | None) -> None:
        """Remember how an event stands now; None where it could not be taken."""
        old = self.notes.pop(event_id, None)
        if old and old.wake:
            del self._wakes[bisect_left(self._wakes, (old.wake, event_id))]
        for other in old.beside if old else ():
            self._beside[other].discard(event_id)
        if note:
            self.notes[event_id] = note
            if note.wake:
                insort(self._wakes, (note.wake, event_id))
            for other in note.beside:
                self._beside.setdefault(other, set()).add(event_id)

    def drafts(self, event_id: str, found: Iterable[OpenDraft]) -> None:
        """Remember whether an event has open drafts."""
        self.drafting.discard(event_id)
        self.drafting.update(event_id for _ in found)

    def saved(self, event_id: str, mark: Mark) -> None:
        """Remember that the ledger of an event was saved; `mark` is the one after that.

        What people changed meanwhile must not pass for seen, so only the ledger's part is taken.
        Events in whose videos it has a stake are awake from now on: it may have one no longer.
        """
        note = self.notes[event_id]
        self.notes[event_id] = replace(note, mark=(*note.mark[:-1], mark[-1]))
        for other in sorted(self._beside.get(event_id, ())):
            self.note(other, replace(self.notes[other], wake=EPOCH))

    def trouble(self, event_id: str, trouble: Trouble) -> None:
        """Remember what has to be said of an event; nothing, where it is well."""
        self.troubles.pop(event_id, None)
        if trouble != Trouble():
            self.troubles[event_id] = trouble

    def show(self, published: PublishedEvent, site: Site) -> None:
        """Hold an event that the collection of all may show, and let go of those it cannot."""
        self.shown[published.event.id] = published
        if self.index and len(self.shown) > len(needed := self.index.shown(site)) + _SPARE:
            for event_id in self.shown.keys() - needed:
                del self.shown[event_id]

    def awake(self, now: datetime) -> tuple[str, ...]:
        """Return the events whose time has come, sorted."""
        end = bisect_left(self._wakes, (now, "\uffff"))
        return tuple(sorted(event_id for _, event_id in self._wakes[:end]))

    def next_wake(self) -> datetime | None:
        """Return when the next event's time comes, None where none is waiting for any."""
        return self._wakes[0][0] if self._wakes else None

    def beside(self, event_id: str) -> tuple[str, ...]:
        """Return the events that have a stake in a video of an event."""
        note = self.notes.get(event_id)
        return tuple(note.beside) if note else ()

    def sleeps(
        self,
        event_id: str,
        *,
        mark: Mark,
        inputs: str | None,
        now: datetime,
        beside: Mapping[str, Mark] = MappingProxyType({}),
    ) -> bool:
        """Tell whether nothing of an event, nor of those `beside` it, can have changed."""
        note = self.notes.get(event_id)
        if note is None or note.failing or (note.mark, note.inputs) != (mark, inputs):
            return False
        if note.beside != beside:
            return False
        return note.wake is None or note.wake > now


def wake(
    event: Event,
    ledger: Ledger,
    watches: Iterable[WatchReport],
    *,
    now: datetime,
    announces: datetime | None = None,
) -> datetime | None:
    """Return when the clock alone next changes something of an event: a look is due, an embargo
    ends, an upload that was dated ahead is out, what waits is announced (at `announces`). None
    where nothing is to come.
    """
    looks = [watch.next_look or EPOCH for watch in watches]
    zone = ZoneInfo(event.timezone)
    ends = [_midnight(talk.embargo, zone) for talk in event.talks if talk.embargo]
    dates = (row.video.platform_date for row in ledger.videos.values())
    starts = [when - AHEAD for when in dates if when]
    further = (*ends, *starts, *([announces] if announces else ()))
    return min((*looks, *(when for when in further if when > now)), default=None)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def carried(troubles: Mapping[str, Trouble], taken: Iterable[str]) -> tuple[Trouble, ...]:
    """Return what is still to be said of events that a pass had no reason to take."""
    done = set(taken)
    return tuple(trouble for name, trouble in sorted(troubles.items()) if name not in done)
