"""The dataset as a folder of files: read event by event, saved as one generation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from pipeline import files
from pipeline.dataset.assembly import (
    build_barred,
    build_decision,
    build_event,
    check_published,
    missing_hint,
)
from pipeline.dataset.records import (
    LedgerFile,
    RecordingsFile,
    build_installation,
    build_ledger,
    render_installation,
    render_ledger,
)
from pipeline.dataset.schema import BarredFile, DecisionFile, EventFile, ProgrammeFile
from pipeline.errors import DatasetError, Problem
from pipeline.filemodel import validate
from pipeline.model import Barred, Decision, Event, EventFiles, Installation, Ledger
from pipeline.yamltext import read

T = TypeVar("T")


class FolderStore:
    """A Store over `data/`. `zone` serves events that name no time zone of their own."""

    def __init__(self, data: Path, *, zone: str = "UTC") -> None:
        self._data = data
        self._zone = zone

    def roll_forward(self) -> bool:
        """Finish a save that a crash interrupted; return whether there was one."""
        return files.roll_forward(self._data) if self._data.is_dir() else False

    def installation(self) -> Installation:
        """Return data/ledger.yaml; an empty one where there is none yet."""
        path = self._data / "ledger.yaml"
        if not path.exists():
            return Installation()
        return build_installation(validate(LedgerFile, read(path, name=self._name(path))))

    def barred(self) -> tuple[Barred, tuple[Decision, ...]]:
        """Return data/no-publish.yaml and the decisions under data/decisions/."""
        path = self._data / "no-publish.yaml"
        barred = Barred()
        if path.exists():
            barred = build_barred(validate(BarredFile, read(path, name=self._name(path))))
        return barred, self._decisions(self._data / "decisions")

    def event_ids(self) -> tuple[str, ...]:
        """Return the names of the folders under data/, sorted."""
        if not self._data.is_dir():
            return ()
        return tuple(
            sorted(
                path.name
                for path in self._data.iterdir()
                if path.is_dir() and path.name != "decisions" and not path.name.startswith(".")
            )
        )

    def folder(self, event_id: str) -> Path:
        """Return the folder of an event, which relative paths of its watch lists start from."""
        return self._data / event_id

    def open(self, event_id: str) -> EventFiles:
        """Return one event; DatasetError lists every problem of every file of it."""
        folder = self.folder(event_id)
        problems: list[Problem] = []
        imported = _gather(problems, lambda: self._programme(folder), ProgrammeFile())
        ledger = _gather(problems, lambda: self._ledger(folder), Ledger())
        none: tuple[Decision, ...] = ()
        decisions = _gather(problems, lambda: self._decisions(folder / "decisions"), none)
        event = _gather(problems, lambda: self._event(folder, imported, ledger), None)
        if event is None or problems:
            raise DatasetError(tuple(problems))
        return EventFiles(event=event, ledger=ledger, decisions=decisions)

    def save(self, ledgers: Mapping[str, Ledger], installation: Installation) -> bool:
        """Write recordings.yaml of each event in `ledgers`, and ledger.yaml, where they differ."""
        writes = [
            (f"{event_id}/recordings.yaml", render_ledger(ledgers[event_id]))
            for event_id in sorted(ledgers)
        ]
        if installation != Installation():
            writes.append(("ledger.yaml", render_installation(installation)))
        return bool(files.commit(self._data, writes).written)

    def _event(self, folder: Path, imported: ProgrammeFile, ledger: Ledger) -> Event:
        path = folder / "event.yaml"
        if not path.exists():
            raise self._missing(path)
        document = read(path, name=self._name(path))
        file = validate(EventFile, document, hint=missing_hint)
        event = build_event(
            file, document, folder=folder.name, zone=self._zone, imported=imported.talks
        )
        check_published(event, ledger, document)
        return event

    def _programme(self, folder: Path) -> ProgrammeFile:
        path = folder / "programme.yaml"
        if not path.exists():
            return ProgrammeFile()
        document = read(path, name=self._name(path))
        return validate(ProgrammeFile, document, hint=missing_hint)

    def _ledger(self, folder: Path) -> Ledger:
        path = folder / "recordings.yaml"
        if not path.exists():
            return Ledger()
        return build_ledger(validate(RecordingsFile, read(path, name=self._name(path))))

    def _decisions(self, folder: Path) -> tuple[Decision, ...]:
        """Return the decisions in `folder`, oldest first; ties sort by name."""
        if not folder.is_dir():
            return ()
        found: list[Decision] = []
        problems: list[Problem] = []
        for path in sorted(folder.glob("*.yaml")):
            try:
                file = validate(DecisionFile, read(path, name=self._name(path)))
                found.append(build_decision(file, name=path.stem))
            except DatasetError as error:
                problems.extend(error.problems)
        if problems:
            raise DatasetError(tuple(problems))
        return tuple(sorted(found, key=lambda each: (each.time, each.id)))

    def _missing(self, path: Path) -> DatasetError:
        near = path.with_suffix(".yml")
        if near.exists():
            message = f"is called {near.name}; rename it to {path.name}"
        else:
            message = "is missing; write it, or move the folder out of data/"
        return DatasetError((Problem(file=self._name(path), message=message),))

    def _name(self, path: Path) -> str:
        return f"{self._data.name}/{path.relative_to(self._data).as_posix()}"


def _gather(problems: list[Problem], part: Callable[[], T], default: T) -> T:
    """Return `part()`; where it is broken, note its problems and return `default`."""
    try:
        return part()
    except DatasetError as error:
        problems.extend(error.problems)
        return default
