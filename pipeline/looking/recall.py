"""What the state knows of the lists of the events to come, read for many at once.

Only reads; holds no more than one chunk of events, and what was asked for out of turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.state.database import Recalled, State

CHUNK = 256
"""Events whose rows are read in one go."""


class Recall:
    """The state's rows by event; `expect` says which events come, and in which order."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._coming: Iterator[str] = iter(())
        self._rows: dict[str, dict[str, Recalled]] = {}

    def expect(self, event_ids: Sequence[str]) -> None:
        """Prepare for these events."""
        self._coming = iter(event_ids)

    def take(self, event_id: str) -> Mapping[str, Recalled]:
        """Return what is stored of the watches of an event by `event/watch`, and let go of it."""
        if event_id not in self._rows:
            chunk = [event_id]
            for coming in self._coming:
                if coming != event_id:
                    chunk.append(coming)
                if len(chunk) >= CHUNK:
                    break
            self._rows.update((each, {}) for each in chunk)
            for key, row in self._state.recall(chunk).items():
                self._rows[key.partition("/")[0]][key] = row
        return self._rows.pop(event_id)
