"""Which events a pass takes, and what becomes of those that it does not.

Decides by what the memory says of files and clock; an event itself is never looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pipeline import ledger, publishing, selection, status
from pipeline.dataset.folder import FolderStore
from pipeline.errors import DatasetError, Problem
from pipeline.model import Barred, Decision, Installation, Want
from pipeline.stages.memory import Memory
from pipeline.stages.printing import Printer

Track = Callable[[Sequence[str], str], Iterable[str]]
"""Goes through event ids, showing progress under a label."""


def untracked(items: Sequence[str], label: str) -> Iterable[str]:  # noqa: ARG001 - a Track
    """Show no progress."""
    return items


@dataclass(slots=True)
class Roster:
    """The events there are. `known` have been published before; `barred` and `shared` are words
    that concern all of them.

    `ids` are those that have files, None where nobody had to ask for all of them.
    """

    store: FolderStore
    memory: Memory
    printer: Printer
    feeds: Path
    want: Want
    now: datetime
    known: frozenset[str]
    barred: Barred = field(default_factory=Barred)
    shared: tuple[Decision, ...] = ()
    ids: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Forget places that may be wrong, of events that this pass does not look at."""
        if self.want.events and self.memory.doubtful:
            self.memory.forget_places()

    def knows(self, event_id: str) -> bool:
        """Tell whether there is or was such an event."""
        return self.store.has(event_id) or event_id in self.known

    def choose(self, track: Track) -> list[str]:
        """Return the events to take, the earliest first, and know the place of every other."""
        fresh = self.memory.index is None
        taken = set(self.want.events) or set(self._whole())
        if self.want.events and fresh:
            taken |= self.never_published(track)
        return sorted(taken, key=self._turn) if len(taken) > 1 else list(taken)

    def never_published(self, track: Track) -> set[str]:
        """Give each event that was not chosen its place; return those that never had one."""
        ids = {*self.store.event_ids()}
        others = sorted({*ids, *self.known} - {*self.want.events})
        return ids.intersection(
            [each for each in track(others, "Reading") if not self.printer.keep(each)]
        )

    def missing(self, installation: Installation) -> tuple[Problem, ...]:
        """Return which published events have no folder any more; their pages stay."""
        if self.ids is not None:
            lost = self._lost()
            found = status.missing_events(installation, self.shared, self.ids, lost=lost)
            for event_id, _ in found:
                self.keep(event_id)
            self.ids = tuple({*self.ids, *lost})
            self.printer.index.retain({*self.ids, *installation.events})
            self.memory.missing = tuple(problem for _, problem in found if problem)
        return self.memory.missing

    def keep(self, event_id: str) -> None:
        """Keep an event as it was last published, but for what has been withdrawn since."""
        self.printer.keep(event_id)
        self.printer.purge(
            event_id,
            self.store.decisions(event_id),
            barred=self.barred,
            shared=self.shared,
            now=self.now,
        )

    def groups(self, installation: Installation) -> set[str] | None:
        """Return the groups of files that stay; None for all."""
        return None if self.ids is None else {*self.ids, *installation.events, selection.ALL}

    def _turn(self, event_id: str) -> tuple[date, str]:
        return self.store.start_day(event_id) or date.min, event_id

    def _whole(self) -> Iterable[str]:
        """Return the events that a pass over all of them has to take."""
        memory, due = self.memory, self.want.due and not self.want.offline
        if memory.whole and due and not memory.doubtful:
            return memory.awake(self.now)
        self.ids = self.store.event_ids()
        memory.doubtful = False
        if memory.whole and (due or self.want.offline):
            return [event_id for event_id in self.ids if not self._sleeps(event_id)]
        return self.ids

    def _sleeps(self, event_id: str) -> bool:
        row = publishing.read_row(self.feeds, event_id)
        whole = row is not None and publishing.is_whole(row, self.feeds)
        inputs = row.inputs if row and whole else None
        mark = self.store.mark(event_id)
        beside = {other: self.store.mark(other) for other in self.memory.beside(event_id)}
        return self.memory.sleeps(event_id, mark=mark, inputs=inputs, now=self.now, beside=beside)

    def _lost(self) -> set[str]:
        """Return events that have pages, but that no file under data/ knows of."""
        groups = publishing.group_ids(self.feeds) - {selection.ALL}
        return groups.difference(self.ids or (), self.known)


def check_chosen(store: FolderStore, names: Iterable[str]) -> None:
    """Raise DatasetError where an event was asked for that there is not."""
    unknown = [name for name in names if not store.has(name)]
    if unknown:
        ids, known = store.event_ids(), store.installation().events
        raise DatasetError(tuple(status.unknown_event(name, ids, known) for name in unknown))


def newest_sequence(store: FolderStore) -> int:
    """Return the highest sequence number of all events, where data/ledger.yaml is lost."""
    newest = 0
    for event_id in store.event_ids():
        try:
            newest = max(newest, ledger.newest_sequence(store.ledger(event_id)))
        except DatasetError:
            continue  # said when the event is taken
    return newest
