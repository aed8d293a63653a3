"""Events opened ahead of their turn, and the looks at their lists planned meanwhile.

So lists of other hosts are asked while an event waits for its own. Never more than a window of
events is open, and what comes of them does not depend on how far ahead it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.config import Config
from pipeline.dataset.folder import FolderStore, Mark
from pipeline.errors import DatasetError, Problem
from pipeline.looking import Lookout, check_watches
from pipeline.model import EventFiles, Want

WINDOW = 256
"""Events that are open ahead of the one that is taken, at most."""

WEIGHT = 8_000
"""Talks and videos from which on no further event is opened: some 30 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An event whose turn it is: its files, or what is wrong with them; `mark` is older."""

    event_id: str
    mark: Mark
    opened: EventFiles | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def weight(self) -> int:
        """Return how much it holds: talks and videos."""
        if self.opened is None:
            return 0
        return len(self.opened.event.talks) + len(self.opened.ledger.videos)


class Opening:
    """Opens the events of one pass, in the given order, and plans their looks as `want` says."""

    def __init__(self, store: FolderStore, lookout: Lookout, *, config: Config, want: Want) -> None:
        self._store = store
        self._lookout = lookout
        self._config = config
        self._want = want

    def turns(self, event_ids: Sequence[str]) -> Iterator[Turn]:
        """Yield each event when it is its turn.

        Lists are asked when a group of events was opened, for then it is known what those that
        share a list need of it. A new group is opened when half of the window is left.
        """
        self._lookout.expect(event_ids)
        self._survey(event_ids)
        coming = iter(event_ids)
        window = 1 if self._want.offline else WINDOW
        begun: deque[Turn] = deque()
        weight = 0
        while True:
            if len(begun) <= window // 2 and weight <= WEIGHT // 2:
                for event_id in coming:
                    begun.append(self._begin(event_id))
                    weight += begun[-1].weight
                    if len(begun) >= window or weight >= WEIGHT:
                        break
                self._lookout.ask()
            if not begun:
                return
            turn = begun.popleft()
            weight -= turn.weight
            yield turn

    def _survey(self, event_ids: Sequence[str]) -> None:
        """Hear what every event needs of the lists of its series, before any of them is asked."""
        series = () if self._want.offline else self._config.lists.series
        for event_id in event_ids if series else ():
            if self._chosen(event_id) and self._store.series(event_id) in series:
                try:
                    opened = self._opened(event_id)
                except DatasetError:
                    continue  # said when it is the event's turn
                self._lookout.survey(
                    opened.event,
                    opened.ledger,
                    folder=self._store.folder(event_id),
                    due=self._want.due,
                )

    def _begin(self, event_id: str) -> Turn:
        mark = self._store.mark(event_id)
        try:
            opened = self._opened(event_id)
        except DatasetError as error:
            return Turn(event_id=event_id, mark=mark, problems=error.problems)
        if self._chosen(event_id):
            folder, due = self._store.folder(event_id), self._want.due
            self._lookout.plan(opened.event, opened.ledger, folder=folder, due=due)
        else:
            self._lookout.rest(opened.event)
        return Turn(event_id=event_id, mark=mark, opened=opened)

    def _chosen(self, event_id: str) -> bool:
        want = self._want
        return not want.offline and (not want.events or event_id in want.events)

    def _opened(self, event_id: str) -> EventFiles:
        opened = self._store.open(event_id)
        check_watches(
            opened.event,
            folder=self._store.folder(event_id),
            file=f"{self._config.data.name}/{event_id}/event.yaml",
            lists=self._config.lists,
        )
        return opened
