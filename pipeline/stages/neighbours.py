"""What other events have of the videos that an event would link: nothing, a claim, or a link.

Only events that may speak are opened: those whose files name a video, and those that watch the
same list and have a talk that the video may be of. Decides nothing; see `matching.claims`.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline import ledger, merging, passage
from pipeline.dataset.directory import (
    Directory,
    address_word,
    glance,
    path_word,
    series_word,
    video_word,
)
from pipeline.dataset.folder import FolderStore, Mark
from pipeline.errors import DatasetError
from pipeline.looking.needs import base_of
from pipeline.matching import claims
from pipeline.model import (
    Completeness,
    Event,
    EventFiles,
    Ledger,
    Listing,
    Stake,
    Stakes,
    Verdict,
    Watch,
)
from pipeline.passage import Passed, Surroundings
from pipeline.written.watches import Lists

WEIGHT = 20_000
"""Talks and videos of other events that are held for the next question, at most: some 60 MB."""

Take = Callable[[Mapping[str, Stakes]], Passed]
"""Takes an event all the way, beside what other events have of its videos."""


class Neighbours:
    """The events beside one another in a pass. `around` is what each of them is taken with.

    `directory` may be kept for the next pass, as long as events that changed are noted in it.
    """

    def __init__(
        self,
        store: FolderStore,
        directory: Directory,
        *,
        lists: Lists,
        around: Surroundings,
        now: datetime,
    ) -> None:
        self._store = store
        self._directory = directory
        self._lists = lists
        self._around = around
        self._now = now
        self._shelf = _Shelf(store)
        self._indexes: OrderedDict[tuple[str, ...], claims.Index] = OrderedDict()
        self._new = Directory()

    def expect(self, event_ids: Iterable[str]) -> None:
        """Learn anew what the files of events say that may have changed."""
        if self._directory.filled:
            for event_id in event_ids:
                self._directory.note(event_id, glance(self._store.folder(event_id)))

    def settle(self, opened: EventFiles, take: Take, looks: Mapping[str, Listing]) -> Passed:
        """Return an event taken with `take`, no new link of it a video that another event has.

        `looks` are this run's looks at its lists. Costs nothing where no video of a list of several
        events is newly linked, or was asked about because another event has a stake in it.
        """
        asked: set[str] = set()
        stakes: dict[str, Stakes] = {}
        while True:
            passed = take(stakes)
            new = _newly_linked(opened.ledger, passed)
            open_ = new | _still_asked(opened.ledger, passed)
            unasked = _on_lists_of_several(opened.event, passed.ledger, open_) - asked
            known = passed.ledger
            found = self.stakes(opened.event, known, unasked, looks) if unasked else {}
            if not found:
                self._note(opened.event.id, new)
                return passed
            stakes |= found
            asked |= unasked

    def beside(self, known: Ledger) -> dict[str, Mark]:
        """Return the events that have a stake in a video of a ledger, with the marks they had."""
        names = {name for stakes in ledger.contested(known).values() for name, _ in stakes}
        return {name: self._shelf.mark(name) for name in sorted(names)}

    def stakes(
        self,
        event: Event,
        known: Ledger,
        videos: Collection[str],
        looks: Mapping[str, Listing],
    ) -> dict[str, Stakes]:
        """Return the other events that have a stake in `videos` of an event's ledger."""
        if not self._directory.filled:
            ids = self._store.event_ids()
            self._directory.fill((one, glance(self._store.folder(one))) for one in ids)
        found: dict[str, dict[str, Stake]] = {key: {} for key in sorted(videos)}
        for key, claimants in self._claims(event, known, found, looks).items():
            found[key] |= dict.fromkeys(claimants, Stake.CLAIMED)
        for key, mine in found.items():
            for other in self._new.named(video_word(key), but=event.id):
                mine[other] = Stake.LINKED
            for other in self._directory.named(video_word(key), but=event.id):
                match self._links(other).by.get(key):
                    case "auto":
                        mine[other] = Stake.LINKED
                    case "decision" | "event.yaml":
                        mine[other] = Stake.GIVEN
                    case None if self._asks(other, key, event.id):
                        mine[other] = Stake.CLAIMED
                    case None:
                        pass
        return {key: tuple(sorted(mine.items())) for key, mine in found.items() if mine}

    def _note(self, event_id: str, videos: Iterable[str]) -> None:
        """Remember links that no file tells yet."""
        words = [video_word(key) for key in videos]
        self._new.note(event_id, words)
        if self._directory.filled:
            self._directory.note(event_id, words)

    def _links(self, event_id: str) -> merging.Rulings:
        """Return what holds in another event by its files; nothing where they cannot be read."""
        opened = self._shelf.open(event_id)
        if opened is None:
            return merging.Rulings()
        return merging.settle(
            opened.event,
            ledger.rename(opened.ledger, opened.event),
            opened.decisions,
            barred=self._around.barred,
            shared=self._around.shared,
        )

    def _asks(self, event_id: str, key: str, other: str) -> bool:
        """Tell whether an event asks whether a video is its own or the `other` event's."""
        opened, rulings = self._shelf.open(event_id), self._links(event_id)
        row = opened.ledger.videos.get(key) if opened else None
        match = row.match if row else None
        return (
            match is not None
            and match.verdict is Verdict.REVIEW
            and other in dict(match.contested)
            and key not in rulings.settled
            and (key, match.talk) not in rulings.refused
        )

    def _claims(
        self,
        event: Event,
        known: Ledger,
        videos: Collection[str],
        looks: Mapping[str, Listing],
    ) -> dict[str, set[str]]:
        """Return for each video the events that would link it, did they see what `event` sees."""
        found: dict[str, set[str]] = {}
        for watch in event.watches:
            here = [key for key in videos if watch.id in known.videos[key].watches]
            if watch.only_this_event or not here:
                continue
            beside = self._watching(event, watch)
            index = self._index(tuple(beside))
            rivals = {}
            for key in here:
                places = claims.rivals(known.videos[key].video, index, event=event.id)
                rivals[key] = {place.event for place in places}
            for other in sorted(set().union(*rivals.values())):
                shown = _shown(known, watch, looks.get(watch.id, Listing()))
                links = self._would_link(other, beside[other], shown)
                for key in here:
                    if other in rivals[key] and key in links:
                        found.setdefault(key, set()).add(other)
        return found

    def _watching(self, event: Event, watch: Watch) -> dict[str, str]:
        """Return the events that watch the same list, each with the list's id there."""
        same = _identity(watch, self._store.folder(event.id))
        words = {_word(watch, self._store.folder(event.id))}
        data = self._store.folder(event.id)
        for series, lists in self._lists.series.items():
            if any(_identity(one, data) == same for one in lists):
                words.add(series_word(series))
        found = {}
        named = {other for word in words for other in self._directory.named(word, but=event.id)}
        for other in sorted(named):
            opened = self._shelf.open(other)
            for one in opened.event.watches if opened else ():
                if _identity(one, self._store.folder(other)) == same:
                    found[other] = one.id
        return found

    def _index(self, event_ids: tuple[str, ...]) -> claims.Index:
        """Return where the names and words of the talks of some events stand."""
        if event_ids not in self._indexes:
            opened = [one for event_id in event_ids if (one := self._shelf.open(event_id))]
            self._indexes[event_ids] = claims.index(one.event for one in opened)
            if len(self._indexes) > _INDEXES:
                self._indexes.popitem(last=False)
        return self._indexes[event_ids]

    def _would_link(self, event_id: str, watch_id: str, shown: Listing) -> Collection[str]:
        """Return the videos that an event would link by itself, did its list show `shown`."""
        opened = self._shelf.open(event_id)
        if opened is None:
            return ()
        passed = passage.take(opened, {watch_id: shown}, self._around, now=self._now, contested={})
        return {key for key, by in passed.rulings.by.items() if by == "auto"}


_INDEXES = 4
"""Indexes that are held for the next event that watches the same list."""


@dataclass(slots=True)
class _Shelf:
    """Events that were opened, those that were asked for last."""

    store: FolderStore
    held: OrderedDict[str, EventFiles | None] = field(default_factory=OrderedDict)
    marks: dict[str, Mark] = field(default_factory=dict)
    weight: int = 0

    def mark(self, event_id: str) -> Mark:
        """Return the mark of an event's files, from before they were opened."""
        return self.marks.setdefault(event_id, self.store.mark(event_id))

    def open(self, event_id: str) -> EventFiles | None:
        """Return an event's files; None where they cannot be read, which is said at its turn."""
        if event_id not in self.held:
            self.mark(event_id)
            try:
                self.held[event_id] = self.store.open(event_id)
            except DatasetError:
                self.held[event_id] = None
            self.weight += _weight(self.held[event_id])
            while self.weight > WEIGHT and len(self.held) > 1:
                _, dropped = self.held.popitem(last=False)
                self.weight -= _weight(dropped)
        self.held.move_to_end(event_id)
        return self.held[event_id]


def _weight(opened: EventFiles | None) -> int:
    return len(opened.event.talks) + len(opened.ledger.videos) if opened else 1


def _newly_linked(before: Ledger, passed: Passed) -> set[str]:
    """Return the videos that matching links now."""
    by = passed.rulings.by
    return {key for key in by if by[key] == "auto" and not _was_linked(before, key)}


def _still_asked(before: Ledger, passed: Passed) -> set[str]:
    """Return the videos that another event had a stake in, and that are still a question."""
    rows = passed.ledger.videos
    return {
        key
        for key in ledger.contested(before).keys() - passed.rulings.settled
        if (match := rows[key].match) and match.verdict is Verdict.REVIEW
    }


def _was_linked(before: Ledger, key: str) -> bool:
    row = before.videos.get(key)
    return row is not None and row.match is not None and row.match.verdict is Verdict.AUTO


def _on_lists_of_several(event: Event, known: Ledger, videos: Iterable[str]) -> set[str]:
    """Return the videos that no list shows of which a person said that it is the event's alone."""
    own = {watch.id for watch in event.watches if watch.only_this_event}
    return {key for key in videos if own.isdisjoint(known.videos[key].watches)}


def _shown(known: Ledger, watch: Watch, look: Listing) -> Listing:
    """Return what a list showed, by the ledger of an event that watches it, and by this run's look.

    The ledger keeps no title of what came out before that event: of just what earlier events have.
    """
    rows = (row.video for row in known.videos.values() if watch.id in row.watches and row.video.url)
    videos = {video.key: video for video in (*rows, *look.videos)}
    return Listing(
        videos=tuple(videos[key] for key in sorted(videos)), completeness=Completeness.WINDOW
    )


def _identity(watch: Watch, folder: Path) -> tuple[object, ...]:
    """Return what is equal for two lists that are the same one, wherever they are written."""
    options = dict(watch.options)
    if path := options.get("path"):
        options["path"] = os.path.normpath(base_of(watch, folder=folder) / path)
    return (watch.kind, tuple(sorted(options.items())))


def _word(watch: Watch, folder: Path) -> str:
    """Return the word under which the events are found that watch the same list."""
    if path := watch.options.get("path"):
        return path_word(base_of(watch, folder=folder) / path)
    if watch.options:
        return address_word(max(watch.options.values(), key=len))
    return address_word(watch.kind)
