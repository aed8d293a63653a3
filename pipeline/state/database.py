"""What makes runs cheaper and is tied to this machine: looks, HTTP validators, past runs.

SQLAlchemy Core on SQLite. Nothing that is published depends on it: with an empty database a run
decides alike, it only fetches more, and mails wait for a person (see `letters`). So a database
that cannot be read is moved aside, not mended. No secret and no decision is ever stored here, and
of talks only what stands in a mail that has not left yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

import orjson
import sqlalchemy as sa

from pipeline.errors import PublishError
from pipeline.state.opening import explained, make_engine, migrate, move_aside, unusable
from pipeline.state.tables import LOOKS, RUNS, VALIDATORS

RUNS_KEPT = 500
"""How many of the newest runs stay: three weeks of one run an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How looking at one watch has gone lately; all None and 0 where nothing is known.

    `failures` counts the failed tries since `failing_since`. `not_before` is the moment before
    which the watch is not to be tried again, `fresh_until` the one until which the server calls
    its last good answer fresh.
    """

    last_try: datetime | None = None
    last_good: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    not_before: datetime | None = None
    last_error: str | None = None
    fresh_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What is stored of one watch: how looking has gone, and (ETag, Last-Modified) by URL."""

    look: Look = field(default_factory=Look)
    validators: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A finished run: `id` grows by time and is never used again; `report` is a JSON object."""

    id: int
    started: datetime
    finished: datetime
    exit_code: int
    report: Mapping[str, object]


class State:
    """The open state database; close it, or use it in a `with`.

    `notes` are sentences on what happened to an earlier database when this one was opened, for
    the run to report. Watches are named by their key, `event/watch`.
    """

    def __init__(self, engine: sa.Engine, *, where: str, notes: tuple[str, ...] = ()) -> None:
        self._engine = engine
        self._where = where
        self.notes = notes

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the database at `path`, made or brought to the current version where needed.

        One that is damaged, or that a newer version of this program wrote, is moved aside to
        `<name>.broken` (an older one there is overwritten), a new one takes its place, and
        `notes` says so. Raises PublishError when the file cannot be opened or is locked.
        """
        notes: tuple[str, ...] = ()
        with explained(str(path)):
            path.parent.mkdir(parents=True, exist_ok=True)
            reason = unusable(path)
            if reason:
                notes = (f"{path}: the state database {reason}; {move_aside(path)}",)
            # It holds recipients' addresses; SQLite gives its side files the same mode.
            if not path.exists():
                path.touch(mode=0o600)
        state = cls(make_engine(path), where=str(path), notes=notes)
        try:
            with explained(str(path)):
                migrate(state._engine)
        except PublishError:
            state.close()
            raise
        return state

    @classmethod
    def in_memory(cls) -> Self:
        """Return an empty state that is gone when it is closed."""
        engine = make_engine(None)
        migrate(engine)
        return cls(engine, where="memory")

    def close(self) -> None:
        """Close the database; closing twice does no harm."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """Return the state itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database."""
        self.close()

    def look(self, watch: str) -> Look:
        """Return how looking at `watch` has gone; an empty Look where it was never tried."""
        columns = [column for column in LOOKS.c if column.name != "watch"]
        with self.transaction() as connection:
            row = connection.execute(sa.select(*columns).where(LOOKS.c.watch == watch)).first()
        return Look(**row._mapping) if row else Look()

    def tries(self) -> dict[str, datetime]:
        """Return when each watch was tried last."""
        query = sa.select(LOOKS.c.watch, LOOKS.c.last_try).where(LOOKS.c.last_try.is_not(None))
        with self.transaction() as connection:
            return {row.watch: row.last_try for row in connection.execute(query)}

    def recall(self, events: Sequence[str]) -> dict[str, Recalled]:
        """Return by its key what is stored of each watch of `events`; none that is unknown.

        Two queries for all of them: for a few hundred events at a time, not for thousands.
        """
        looks: dict[str, Look] = {}
        validators: dict[str, dict[str, tuple[str | None, str | None]]] = {}
        with self.transaction() as connection:
            for row in connection.execute(sa.select(LOOKS).where(_of(LOOKS, events))).mappings():
                looks[row["watch"]] = Look(**{k: v for k, v in row.items() if k != "watch"})
            query = sa.select(VALIDATORS).where(_of(VALIDATORS, events))
            for watch, url, etag, last_modified in connection.execute(query):
                validators.setdefault(watch, {})[url] = (etag, last_modified)
        return {
            key: Recalled(look=looks.get(key, Look()), validators=validators.get(key, {}))
            for key in looks.keys() | validators.keys()
        }

    def validators(self, watch: str) -> dict[str, tuple[str | None, str | None]]:
        """Return (ETag, Last-Modified) as the server sent them (RFC 9110, 8.8), by URL."""
        columns = (VALIDATORS.c.url, VALIDATORS.c.etag, VALIDATORS.c.last_modified)
        query = sa.select(*columns).where(VALIDATORS.c.watch == watch).order_by(VALIDATORS.c.url)
        with self.transaction() as connection:
            rows = connection.execute(query).all()
        return {url: (etag, last_modified) for url, etag, last_modified in rows}

    def commit(
        self,
        *,
        looks: Mapping[str, Look],
        validators: Mapping[str, Mapping[str, tuple[str | None, str | None]]],
    ) -> None:
        """Store what a run learned of its watches, all of it or nothing.

        A watch in `validators` has exactly the given URLs afterwards; others keep theirs; one whose
        Look is empty is forgotten. Call it only when the sightings that the validators speak of are
        in the dataset, or a later "unchanged" would hide them for good.
        """
        look_rows = [
            {"watch": watch, **asdict(look)} for watch, look in looks.items() if look != Look()
        ]
        validator_rows = [
            {"watch": watch, "url": url, "etag": etag, "last_modified": last_modified}
            for watch, urls in validators.items()
            for url, (etag, last_modified) in urls.items()
            if etag or last_modified
        ]
        with self.transaction() as connection:
            for table, watches, rows in (
                (LOOKS, looks, look_rows),
                (VALIDATORS, validators, validator_rows),
            ):
                stale = table.c.watch == sa.bindparam("stale")
                if watches:
                    connection.execute(table.delete().where(stale), [{"stale": w} for w in watches])
                if rows:
                    connection.execute(table.insert(), rows)

    def add_run(
        self, *, started: datetime, finished: datetime, exit_code: int, report: Mapping[str, object]
    ) -> int:
        """Store a finished run and return its id; only the newest `RUNS_KEPT` stay.

        Raises TypeError or ValueError where `report` is not JSON.
        """
        text = json.dumps(report, sort_keys=True, ensure_ascii=False, allow_nan=False)
        row = {"started": started, "finished": finished, "exit_code": exit_code, "report": text}
        with self.transaction() as connection:
            run_id: int = connection.execute(
                RUNS.insert().values(**row).returning(RUNS.c.id)
            ).scalar_one()
            connection.execute(RUNS.delete().where(RUNS.c.id <= run_id - RUNS_KEPT))
        return run_id

    def runs(self, limit: int) -> tuple[PastRun, ...]:
        """Return the newest `limit` runs, newest first."""
        query = sa.select(RUNS).order_by(RUNS.c.id.desc()).limit(limit)
        with self.transaction() as connection:
            rows = connection.execute(query).all()
        return tuple(
            PastRun(**{**row._mapping, "report": orjson.loads(row._mapping["report"])})
            for row in rows
        )

    def shrink(self) -> None:
        """Give room back that deleted rows have left. No transaction may be open meanwhile."""
        with explained(self._where), self._engine.connect() as connection:
            # Not through SQLAlchemy, which would begin a transaction; VACUUM may stand in none.
            raw = connection.connection.cursor()
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Open a transaction, for this class and for `outbox`; all of it is stored, or nothing."""
        with explained(self._where), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def durable(self) -> Iterator[sa.Connection]:
        """Open a transaction that is on the disk when the `with` ends, for `letters`.

        An ordinary one may be undone by a power cut, though never in part: with write-ahead
        logging only FULL syncs each commit (sqlite.org/pragma.html#pragma_synchronous).
        """
        with explained(self._where), self._engine.connect() as connection:
            # Before it begins: inside a transaction the level cannot change.
            connection.connection.cursor().execute("PRAGMA synchronous = FULL")
            try:
                with connection.begin():
                    yield connection
            finally:
                connection.connection.cursor().execute("PRAGMA synchronous = NORMAL")


def _of(table: sa.Table, events: Sequence[str]) -> sa.ColumnElement[bool]:
    """Match the rows of the events' watches, `event/watch`; "0" is what follows "/" in ASCII."""
    watch = table.c.watch
    return sa.or_(sa.false(), *((watch > f"{event}/") & (watch < f"{event}0") for event in events))
