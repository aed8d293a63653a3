"""Saving the machine's files of the dataset: ledgers as they come, data/ledger.yaml at the end.

One generation; what is staged lies on the disk, not in memory. Takes no lock and reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pipeline import files
from pipeline.dataset.records import LEDGER_HEADER, render_installation, render_ledger
from pipeline.model import Installation, Ledger

LEDGER = "ledger.yaml"
"""Name of the installation's own file below data/."""


class InstallationText:
    """Renders data/ledger.yaml; the long table of events anew only where an event came or went."""

    def __init__(self) -> None:
        self._events: Mapping[str, datetime] = {}
        self._table = b""

    def render(self, installation: Installation) -> bytes:
        """Return what `render_installation` returns."""
        if installation.retired:
            return render_installation(installation)
        if self._events != installation.events:
            whole = render_installation(Installation(events=installation.events))
            self._table = whole[len(LEDGER_HEADER.encode()) :]
            self._events = installation.events
        head = Installation(sequence=installation.sequence, newest=installation.newest)
        # A sequence stands in every such file, so it is taken off the table and put on again.
        zero = b"sequence: 0\n"
        return render_installation(head) + self._table.removeprefix(zero)


class Saving:
    """A save that is under way: `ledger` for each event that changed, then `finish`, or `drop`.

    `events` are those whose file differs.
    """

    def __init__(self, data: Path, text: InstallationText) -> None:
        self._generation = files.Generation(data)
        self._text = text
        self.events: list[str] = []

    def ledger(self, event_id: str, ledger: Ledger) -> None:
        """Stage an event's recordings.yaml, where it differs."""
        if self._generation.add(f"{event_id}/recordings.yaml", render_ledger(ledger)):
            self.events.append(event_id)

    def finish(self, installation: Installation) -> bool:
        """Put everything in place with data/ledger.yaml; return whether anything differed."""
        if installation != Installation():
            self._generation.add(LEDGER, self._text.render(installation))
        return bool(self._generation.finish().written)

    def drop(self) -> None:
        """Remove what was staged; the dataset stays as it is."""
        self._generation.drop()
