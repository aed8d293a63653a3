"""Programmes that event.yaml names, read again by schedule within a run.

Only what is beyond doubt is applied; questions and refusals wait for a person, and a programme
that cannot be read changes nothing. When it was read last is state that may be lost: without it a
programme is due, and a person is told the same again.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline import cadence
from pipeline.config import Config
from pipeline.dataset.folder import FolderStore, Written, marks
from pipeline.errors import DatasetError, FetchError, Problem, SourceError
from pipeline.fetch import Validators
from pipeline.importing.planning import Plan, check_origin, located, plan, read, write
from pipeline.merging.binding import SHOWN
from pipeline.merging.difference import label, totals
from pipeline.model import EventReport, Fetch, Imported, Origin, Want
from pipeline.state.database import Look, State
from pipeline.text import mask

DAILY = timedelta(days=1)
"""How often a programme is read again where `every:` does not say."""

_SHOWN = 10

OpenFetch = Callable[[Mapping[str, Validators]], AbstractContextManager[Fetch]]
"""Opens a fetch that knows the given validators."""


class Refresher:
    """The programmes of one run. `alerts` and `notes` are sentences for a person, by event.

    `problems` are wrong words in event.yaml, `warnings` programmes that could not be read.
    """

    def __init__(
        self,
        store: FolderStore,
        config: Config,
        want: Want,
        *,
        state: State,
        fetch: OpenFetch,
        now: datetime,
    ) -> None:
        self._store = store
        self._config = config
        self._want = want
        self._state = state
        self._open_fetch = fetch
        self._now = now
        self._looks: dict[str, Look] = {}
        self._due: dict[str, datetime] = {}
        self.alerts: dict[str, tuple[str, ...]] = {}
        self.notes: dict[str, tuple[str, ...]] = {}
        self.problems: list[Problem] = []
        self.warnings: list[str] = []

    def refresh(self, event_id: str) -> None:
        """Read an event's programme again, if it names one whose time has come."""
        if not self._store.imports(event_id):
            return
        try:
            written = self._store.written(event_id)
        except DatasetError:
            return  # said when the event is opened
        origin = written.event.origin
        if origin is None:
            return
        try:
            check_origin(written.event, file=written.document.file)
        except DatasetError as error:
            self.problems.extend(error.problems)
            return
        key = f"{event_id}/:programme"
        last = self._state.look(key)
        look = last
        due = self._is_due(key, origin, last) or self._is_answered(event_id, last)
        if due and not self._want.offline:
            look = self._look(written, origin, last)
            self._looks[key] = look
        self._tell(event_id, look)
        when = _next(key, origin, look)
        if when:
            self._due[event_id] = when

    def commit(self) -> None:
        """Store when each programme was read; only after what it said was written."""
        if not self._want.dry_run:
            self._state.commit(looks=self._looks, validators={})

    def told(self, report: EventReport) -> EventReport:
        """Return an event's report with what there is to say of its programme."""
        alerts, notes = self.alerts.get(report.id, ()), self.notes.get(report.id, ())
        return replace(report, alerts=(*report.alerts, *alerts), notes=(*notes, *report.notes))

    def sooner(self, event_id: str, moment: datetime | None) -> datetime | None:
        """Return `moment`, or when the event's programme is due if that is sooner."""
        due = self._due.get(event_id)
        return min(due, moment) if due and moment else due or moment

    def _is_due(self, key: str, origin: Origin, last: Look) -> bool:
        when = _next(key, origin, last)
        return when is None or when <= self._now

    def _is_answered(self, event_id: str, last: Look) -> bool:
        """Tell whether files changed since a person was asked: what was asked may be settled."""
        if not last.last_error or last.failing_since or not last.last_try:
            return False
        folder = self._store.folder(event_id)
        saved = [
            mark[0] for mark in marks(folder / "event.yaml", folder / "programme.yaml") if mark
        ]
        return max(saved, default=0) >= last.last_try.timestamp() * 1e9

    def _look(self, written: Written, origin: Origin, last: Look) -> Look:
        """Read and apply; return how it went, with what waits for a person as its words."""
        try:
            made = plan(written, self._read(written, origin))
        except SourceError as error:
            return replace(
                last,
                last_try=self._now,
                failing_since=last.failing_since or self._now,
                failures=last.failures + 1,
                not_before=error.retry_after if isinstance(error, FetchError) else None,
                last_error=error.message,
            )
        except DatasetError as error:
            words = f"its programme cannot be taken over: {error.message}"
            return Look(last_try=self._now, last_good=self._now, last_error=words)
        event_id = written.event.id
        if not made.touched and not made.refusal:
            self.notes[event_id] = tuple(self._changes(made))
            if not self._want.dry_run:
                write(self._config.data, made)
        words = "\n".join(_waiting(made, self._command(event_id, origin)))
        return Look(last_try=self._now, last_good=self._now, last_error=words or None)

    def _read(self, written: Written, origin: Origin) -> Imported:
        """Return the event as its programme tells it; the one of its name where that tells more."""
        where = located(origin.where, self._store.folder(written.event.id))
        with self._open_fetch({}) as fetch:
            found = read(
                origin.kind, where, options=origin.options, fetch=fetch, secret=self._config.secret
            )
            return single(found, where=where, event_id=written.event.id)

    def _command(self, event_id: str, origin: Origin) -> str:
        """Return the command that imports the same by hand, from the top of the repository."""
        where = origin.where
        if located(where, self._store.folder(event_id)) != where:
            where = str(Path(self._config.data.name, event_id, where))
        options = [
            word
            for name, value in origin.options.items()
            for word in ("--option", f"{name}={mask(value)}")
        ]
        words = ("recap", "import", origin.kind, mask(where), "--event", event_id, *options)
        return shlex.join(words)

    def _changes(self, made: Plan) -> Iterator[str]:
        if made.changes:
            does = "would change" if self._want.dry_run else "was read again"
            yield f"the programme {does}: {totals(made.changes)}"
        for one in made.changes[:_SHOWN]:
            yield f"programme, {one.kind}: {one.talk + ': ' if one.talk else ''}{one.text}"
        if len(made.changes) > _SHOWN:
            yield f"programme: and {len(made.changes) - _SHOWN} changes more"
        yield from (f"programme: {note}" for note in made.notes)

    def _tell(self, event_id: str, look: Look) -> None:
        if look.last_error and look.failing_since:
            self.warnings.append(
                f"{event_id}: the programme could not be read, so it stays as it is: "
                f"{look.last_error}"
            )
        elif look.last_error:
            self.alerts[event_id] = tuple(look.last_error.split("\n"))


def single(found: Iterable[Imported], *, where: str, event_id: str) -> Imported:
    """Return the one event of a programme, or the one among several that is called `event_id`.

    Raises SourceError where none can be told from the others.
    """
    events = list(found)
    if len(events) == 1:
        return events[0]
    mine = [one for one in events if one.key == event_id]
    if len(mine) == 1:
        return mine[0]
    keys = ", ".join(sorted(one.key or "?" for one in events)[:10]) or "none"
    raise SourceError(
        f"{mask(where)} holds {len(events)} events, and not one that is called {event_id!r} "
        f"({keys}); "
        "name the place of the one that is meant, or import all of them with --all"
    )


def _next(key: str, origin: Origin, look: Look) -> datetime | None:
    step = origin.every or DAILY
    when = cadence.next_look(key, step, last_try=look.last_try, failures=look.failures)
    return max(when, look.not_before) if when and look.not_before else when


def _waiting(made: Plan, command: str) -> Iterator[str]:
    """Yield what a person has to do, one line each; `command` imports the same by hand."""
    if made.touched:
        what = ", ".join(touch.talk for touch in made.touches) or "a comment or the order"
        yield (
            f"programme.yaml was changed by hand ({what}), so its programme is no longer read; "
            f"`{command}` says how to go on"
        )
        return
    if made.refusal:
        yield f"its programme: {made.refusal} (`{command} --force`)"
        return
    for doubt in made.doubts:
        known = ", ".join(f"{talk_id} ({score:.2f})" for talk_id, score in doubt.candidates[:SHOWN])
        bind, new = shlex.quote(f"{doubt.name}=ID"), shlex.quote(doubt.name)
        yield (
            f"its programme has {label(doubt.talk)!r}, which may be {known}; say which with "
            f"`{command} --bind {bind}`, or `--new {new}`"
        )
