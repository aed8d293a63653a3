"""The dataset as a folder of files: read event by event, saved as one generation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pipeline import files, ledger, merging
from pipeline.dataset.assembly import (
    build_barred,
    build_decision,
    build_event,
    build_talk,
    check_published,
    missing_hint,
)
from pipeline.dataset.decisions import after, named, render_decision, righted
from pipeline.dataset.records import (
    LedgerFile,
    RecordingsFile,
    build_installation,
    build_ledger,
)
from pipeline.dataset.saving import LEDGER, InstallationText, Saving
from pipeline.dataset.schema import BarredFile, DecisionFile, EventFile, ProgrammeFile
from pipeline.errors import DatasetError, Problem
from pipeline.model import Barred, Decision, Event, EventFiles, Installation, Ledger, Mend, Talk
from pipeline.written.filemodel import validate
from pipeline.written.watches import Lists
from pipeline.written.yamltext import Document, read

T = TypeVar("T")

Mark = tuple[tuple[int, int, int] | None, ...]
"""Modification time in nanoseconds, size and inode of some files; None for one that is absent."""

_ORIGIN = re.compile(rb"^[\"']?programme[\"']?[ \t]*:", re.MULTILINE)
_SERIES = re.compile(rb"^[\"']?series[\"']?[ \t]*:[ \t]*[\"']?([a-z0-9-]+)", re.MULTILINE)
_START = re.compile(rb"^start:[ \t]*[\"']?(\d{4}-\d\d-\d\d)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an import stands on: event.yaml alone, the programme of the last import, the ledger.

    `programme` and `body` are programme.yaml, as it is read and as it stands; None without one.
    """

    file: EventFile
    document: Document
    event: Event
    ledger: Ledger
    talks: tuple[Talk, ...] = ()
    programme: Document | None = None
    body: bytes | None = None


class FolderStore:
    """A Store over `data/`. `zone` serves events that name no time zone of their own.

    `lists` holds the watch lists of series, which each of their events has beside its own.
    """

    def __init__(self, data: Path, *, zone: str = "UTC", lists: Lists | None = None) -> None:
        self._data = data
        self._zone = zone
        self._lists = lists or Lists()
        self._known: tuple[Mark, Installation] | None = None
        self._mends: tuple[Mark, tuple[Mend, ...]] | None = None
        self._text = InstallationText()

    def roll_forward(self) -> bool:
        """Finish a save that a crash interrupted; return whether there was one."""
        return files.roll_forward(self._data) if self._data.is_dir() else False

    def installation(self) -> Installation:
        """Return data/ledger.yaml; an empty one where there is none yet.

        It is read again only where its time, size or inode changed.
        """
        path = self._data / LEDGER
        mark = marks(path)
        if mark == (None,):
            return Installation()
        if self._known is None or self._known[0] != mark:
            document = read(path, name=self._name(path))
            self._known = mark, build_installation(validate(LedgerFile, document))
        return self._known[1]

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

    def has(self, event_id: str) -> bool:
        """Tell whether `event_ids` would name this event, without listing all."""
        named = event_id not in ("", "decisions") and not event_id.startswith(".")
        return named and Path(event_id).name == event_id and self.folder(event_id).is_dir()

    def start_day(self, event_id: str) -> date | None:
        """Return an event's first day, by a glance at its file; None where it cannot be read."""
        path = self.folder(event_id) / "event.yaml"
        try:
            found = _START.findall(path.read_bytes())
            if len(found) == 1:
                return date.fromisoformat(found[0].decode())
            return self.open(event_id).event.start
        except (OSError, ValueError, DatasetError):
            return None

    def series(self, event_id: str) -> str | None:
        """Return the series of an event, by a glance at its file; None where it names none."""
        try:
            found = _SERIES.search((self.folder(event_id) / "event.yaml").read_bytes())
        except OSError:
            return None  # said when the event is opened
        return found[1].decode() if found else None

    def shared_mark(self) -> Mark:
        """Return what changes when events come or go, or files change that concern all of them."""
        names = ("", LEDGER, "no-publish.yaml", "decisions")
        return marks(*(self._data / name for name in names))

    def decisions(self, event_id: str) -> tuple[Decision, ...]:
        """Return what can be read of an event's decisions, whatever its other files are like."""
        return self._readable(self.folder(event_id) / "decisions")[0]

    def ledger(self, event_id: str) -> Ledger:
        """Return an event's recordings.yaml, whatever its other files are like."""
        return self._ledger(self.folder(event_id))

    def mark(self, event_id: str) -> Mark:
        """Return what changes when a file of the event does; the ledger's part is the last."""
        folder = self.folder(event_id)
        decisions = sorted((folder / "decisions").glob("*.yaml"))
        names = ("event.yaml", "programme.yaml", "decisions")
        paths = (*(folder / name for name in names), *decisions)
        return marks(*paths, folder / "recordings.yaml")

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
        saving = self.saving()
        for event_id in sorted(ledgers):
            saving.ledger(event_id, ledgers[event_id])
        return self.saved(saving, installation)

    def saving(self) -> Saving:
        """Begin a save that takes ledgers one by one."""
        return Saving(self._data, self._text)

    def saved(self, saving: Saving, installation: Installation) -> bool:
        """Finish a save; return whether anything differed."""
        differed = saving.finish(installation)
        self._known = marks(self._data / LEDGER), installation
        return differed

    def written(self, event_id: str) -> Written:
        """Return an event's files apart; DatasetError lists every problem of every file of it.

        That a published talk is gone from them is none: an import may bring it back.
        """
        folder = self.folder(event_id)
        problems: list[Problem] = []
        imported = _gather(problems, lambda: self._programme(folder), ProgrammeFile())
        ledger = _gather(problems, lambda: self._ledger(folder), Ledger())
        own = _gather(problems, lambda: self._file(folder), None)
        if own is None or problems:
            raise DatasetError(tuple(problems))
        file, document = own
        path = folder / "programme.yaml"
        there = path.exists()
        return Written(
            file=file,
            document=document,
            event=build_event(file, document, folder=event_id, zone=self._zone),
            ledger=ledger,
            talks=tuple(build_talk(talk) for talk in imported.talks),
            programme=read(path, name=self._name(path)) if there else None,
            body=path.read_bytes() if there else None,
        )

    def imports(self, event_id: str) -> bool:
        """Tell, by a glance at its event.yaml, whether an event names a programme to import."""
        try:
            return bool(_ORIGIN.search((self.folder(event_id) / "event.yaml").read_bytes()))
        except OSError:
            return False  # said when the event is opened

    def decide(self, decision: Decision, *, event_id: str | None = None) -> tuple[Decision, Path]:
        """Write a decision's file; return it with its id and the time it got, and the path.

        It stands under the event's decisions/, or under data/decisions/ where it concerns several
        events. Whoever calls this holds the data directory.
        """
        place = f"{event_id}/decisions" if event_id else "decisions"
        near = ("decisions", place) if event_id else ("decisions", "*/decisions")
        names = {path.stem for one in near for path in self._data.glob(f"{one}/*.yaml")}
        mends = (*self._mending(), *ledger.mends([decision]))
        made = named(after(decision, names, mends=mends))
        path = f"{place}/{made.id}.yaml"
        files.commit(self._data, [(path, render_decision(made))])
        self._mends = None
        return made, self._data / path

    def documents(self, event_id: str) -> dict[str, Document]:
        """Return the files that speak of an event, as they stand and with places, by file name."""
        folder = self.folder(event_id)
        paths = [folder / f"{name}.yaml" for name in ("event", "programme", "recordings")]
        paths.append(self._data / "no-publish.yaml")
        return {path.name: read(path, name=self._name(path)) for path in paths if path.exists()}

    def _event(self, folder: Path, imported: ProgrammeFile, ledger: Ledger) -> Event:
        file, document = self._file(folder)
        event = build_event(
            file, document, folder=folder.name, zone=self._zone, imported=imported.talks
        )
        check_published(event, ledger, document)
        return self._lists.join(event)

    def _file(self, folder: Path) -> tuple[EventFile, Document]:
        path = folder / "event.yaml"
        if not path.exists():
            raise self._missing(path)
        document = read(path, name=self._name(path))
        return validate(EventFile, document, hint=missing_hint), document

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
        found, problems = self._readable(folder)
        if problems:
            raise DatasetError(tuple(problems))
        return found

    def _readable(self, folder: Path) -> tuple[tuple[Decision, ...], list[Problem]]:
        """Return the decisions that can be read, oldest first, and what is wrong with the rest."""
        found, problems = self._as_written(folder)
        mends = self._mending()
        right = (righted(each, mends) for each in found)
        return tuple(sorted(right, key=lambda each: (each.time, each.id))), problems

    def _mending(self) -> tuple[Mend, ...]:
        """Return what people said of wrong clocks; it is read again when its folder changed."""
        folder = self._data / "decisions"
        mark = marks(folder)
        if self._mends is None or self._mends[0] != mark:
            found, _ = self._as_written(folder)
            self._mends = mark, ledger.mends(merging.standing(found))
        return self._mends[1]

    def _as_written(self, folder: Path) -> tuple[list[Decision], list[Problem]]:
        found: list[Decision] = []
        problems: list[Problem] = []
        for path in sorted(folder.glob("*.yaml")):
            try:
                file = validate(DecisionFile, read(path, name=self._name(path)))
                found.append(build_decision(file, name=path.stem))
            except DatasetError as error:
                problems.extend(error.problems)
        return found, problems

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


def marks(*paths: Path) -> Mark:
    """Return the marks of files or folders; a folder's changes when a name in it comes or goes."""
    found: list[tuple[int, int, int] | None] = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)
