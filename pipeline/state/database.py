"""What makes runs cheaper and is tied to this machine: looks, HTTP validators, past runs.

SQLAlchemy Core on SQLite. Nothing that is published depends on it: with an empty database a run
decides alike, it only fetches more, and mails wait for a person (see `letters`). So a database
that cannot be read is moved aside, not mended. No secret and no decision is ever stored here, and
of talks only what stands in a mail that has not left yet.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from pipeline.errors import PublishError
from pipeline.state.migrations import MIGRATIONS

RUNS_KEPT = 500
"""How many of the newest runs stay: three weeks of one run an hour."""

_BUSY_MS = 5_000


class Moment(sa.TypeDecorator[datetime]):
    """An aware moment, stored as ISO 8601 text in UTC, which sorts by time."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:
        """Return the text to store; raises ValueError for a moment without a zone."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; give it as aware UTC")
        return value.astimezone(UTC).isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:
        """Return the stored moment, aware."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


METADATA = sa.MetaData()
"""Every table that the migrations make; those of `outbox`, `letters` and others join in there."""

_version = sa.Table("version", METADATA, sa.Column("number", sa.Integer, nullable=False))
_looks = sa.Table(
    "looks",
    METADATA,
    sa.Column("watch", sa.Text, primary_key=True),
    sa.Column("last_try", Moment),
    sa.Column("last_good", Moment),
    sa.Column("failing_since", Moment),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("not_before", Moment),
    sa.Column("last_error", sa.Text),
    sa.Column("fresh_until", Moment),
)
_validators = sa.Table(
    "validators",
    METADATA,
    sa.Column("watch", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
)
_runs = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("started", Moment, nullable=False),
    sa.Column("finished", Moment, nullable=False),
    sa.Column("exit_code", sa.Integer, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
)


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
        with _explained(str(path)):
            path.parent.mkdir(parents=True, exist_ok=True)
            reason = _unusable(path)
            if reason:
                notes = (f"{path}: the state database {reason}; {_move_aside(path)}",)
            # It holds recipients' addresses; SQLite gives its side files the same mode.
            if not path.exists():
                path.touch(mode=0o600)
        state = cls(_engine(path), where=str(path), notes=notes)
        try:
            with _explained(str(path)):
                _migrate(state._engine)
        except PublishError:
            state.close()
            raise
        return state

    @classmethod
    def in_memory(cls) -> Self:
        """Return an empty state that is gone when it is closed."""
        engine = _engine(None)
        _migrate(engine)
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
        columns = [column for column in _looks.c if column.name != "watch"]
        with self.transaction() as connection:
            row = connection.execute(sa.select(*columns).where(_looks.c.watch == watch)).first()
        return Look(**row._mapping) if row else Look()

    def tries(self) -> dict[str, datetime]:
        """Return when each watch was tried last."""
        query = sa.select(_looks.c.watch, _looks.c.last_try).where(_looks.c.last_try.is_not(None))
        with self.transaction() as connection:
            return {row.watch: row.last_try for row in connection.execute(query)}

    def recall(self, events: Sequence[str]) -> dict[str, Recalled]:
        """Return by its key what is stored of each watch of `events`; none that is unknown.

        Two queries for all of them: for a few hundred events at a time, not for thousands.
        """
        looks: dict[str, Look] = {}
        validators: dict[str, dict[str, tuple[str | None, str | None]]] = {}
        with self.transaction() as connection:
            for row in connection.execute(sa.select(_looks).where(_of(_looks, events))).mappings():
                looks[row["watch"]] = Look(**{k: v for k, v in row.items() if k != "watch"})
            query = sa.select(_validators).where(_of(_validators, events))
            for watch, url, etag, last_modified in connection.execute(query):
                validators.setdefault(watch, {})[url] = (etag, last_modified)
        return {
            key: Recalled(look=looks.get(key, Look()), validators=validators.get(key, {}))
            for key in looks.keys() | validators.keys()
        }

    def validators(self, watch: str) -> dict[str, tuple[str | None, str | None]]:
        """Return (ETag, Last-Modified) as the server sent them (RFC 9110, 8.8), by URL."""
        columns = (_validators.c.url, _validators.c.etag, _validators.c.last_modified)
        query = sa.select(*columns).where(_validators.c.watch == watch).order_by(_validators.c.url)
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
                (_looks, looks, look_rows),
                (_validators, validators, validator_rows),
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
                _runs.insert().values(**row).returning(_runs.c.id)
            ).scalar_one()
            connection.execute(_runs.delete().where(_runs.c.id <= run_id - RUNS_KEPT))
        return run_id

    def runs(self, limit: int) -> tuple[PastRun, ...]:
        """Return the newest `limit` runs, newest first."""
        query = sa.select(_runs).order_by(_runs.c.id.desc()).limit(limit)
        with self.transaction() as connection:
            rows = connection.execute(query).all()
        return tuple(
            PastRun(**{**row._mapping, "report": json.loads(row._mapping["report"])})
            for row in rows
        )

    def shrink(self) -> None:
        """Give room back that deleted rows have left. No transaction may be open meanwhile."""
        with _explained(self._where), self._engine.connect() as connection:
            # Not through SQLAlchemy, which would begin a transaction; VACUUM may stand in none.
            raw = connection.connection.cursor()
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Open a transaction, for this class and for `outbox`; all of it is stored, or nothing."""
        with _explained(self._where), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def durable(self) -> Iterator[sa.Connection]:
        """Open a transaction that is on the disk when the `with` ends, for `letters`.

        An ordinary one may be undone by a power cut, though never in part: with write-ahead
        logging only FULL syncs each commit (sqlite.org/pragma.html#pragma_synchronous).
        """
        with _explained(self._where), self._engine.connect() as connection:
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


def _engine(path: Path | None) -> sa.Engine:
    url = sa.URL.create("sqlite", database=str(path) if path else None)
    engine = sa.create_engine(url) if path else sa.create_engine(url, poolclass=StaticPool)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin(connection: sa.Connection) -> None:
    # By itself sqlite3 begins late and never for DDL, so a migration could stop half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _migrate(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)")
        number = connection.execute(sa.select(_version.c.number)).scalar()
        if number is None:
            connection.execute(_version.insert().values(number=0))
        if number == len(MIGRATIONS):
            return
        for statements in MIGRATIONS[number or 0 :]:
            for statement in statements:
                connection.exec_driver_sql(statement)
        connection.execute(_version.update().values(number=len(MIGRATIONS)))


def _unusable(path: Path) -> str | None:
    """Return why the database at `path` cannot be used, None where it can or is not there."""
    if not path.exists():
        return None
    engine = _engine(path)
    try:
        with engine.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if found != "ok":
                return f"is damaged ({found})"
            known = sa.inspect(connection).has_table("version")
            number = connection.execute(sa.select(_version.c.number)).scalar() if known else 0
    except sa.exc.DBAPIError as error:
        if not _is_damage(error):
            raise
        return f"is damaged ({error.orig})"
    finally:
        engine.dispose()
    if number is not None and number > len(MIGRATIONS):
        return f"has version {number}, newer than this program's {len(MIGRATIONS)}"
    return None


def _is_damage(error: sa.exc.DBAPIError) -> bool:
    # The low byte is the primary result code (sqlite.org/rescode.html). A file that is merely
    # locked, or not readable for this user, is not damaged.
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _move_aside(path: Path) -> str:
    broken = path.with_name(f"{path.name}.broken")
    path.replace(broken)
    return (
        f"it was moved to {broken.name} beside it and a new one made; what is published does not "
        "change, the next looks fetch everything once, and mails that had not left wait for you"
    )


@contextmanager
def _explained(where: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sa.exc.DBAPIError) as error:
        why = error.orig if isinstance(error, sa.exc.DBAPIError) else error.strerror
        raise PublishError(
            f"{where}: the state database cannot be used: {why}; free space, mend its rights or "
            "wait for the other program, then run again (deleting the file costs time, and mails "
            "that had not left wait for you)"
        ) from error
