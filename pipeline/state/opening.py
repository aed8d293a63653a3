"""The state database's file: opened, brought to the current version, moved aside if damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from pipeline.errors import PublishError
from pipeline.state.migrations import MIGRATIONS
from pipeline.state.tables import VERSION

_BUSY_MS = 5_000


def make_engine(path: Path | None) -> sa.Engine:
    """Return what opens the file at `path`, or a database in memory without one."""
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


def migrate(engine: sa.Engine) -> None:
    """Bring the tables to this program's version, all of it or nothing."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)")
        number = connection.execute(sa.select(VERSION.c.number)).scalar()
        if number is None:
            connection.execute(VERSION.insert().values(number=0))
        if number == len(MIGRATIONS):
            return
        for statements in MIGRATIONS[number or 0 :]:
            for statement in statements:
                connection.exec_driver_sql(statement)
        connection.execute(VERSION.update().values(number=len(MIGRATIONS)))


def unusable(path: Path) -> str | None:
    """Return why the database at `path` cannot be used, None where it can or is not there."""
    if not path.exists():
        return None
    engine = make_engine(path)
    try:
        with engine.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if found != "ok":
                return f"is damaged ({found})"
            known = sa.inspect(connection).has_table("version")
            number = connection.execute(sa.select(VERSION.c.number)).scalar() if known else 0
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


def move_aside(path: Path) -> str:
    """Move a database out of the way; return the sentence that says so."""
    broken = path.with_name(f"{path.name}.broken")
    path.replace(broken)
    return (
        f"it was moved to {broken.name} beside it and a new one made; what is published does not "
        "change, the next looks fetch everything once, and mails that had not left wait for you"
    )


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Raise PublishError with what to do, in the place of what a database or disk raises."""
    try:
        yield
    except (OSError, sa.exc.DBAPIError) as error:
        why = error.orig if isinstance(error, sa.exc.DBAPIError) else error.strerror
        raise PublishError(
            f"{where}: the state database cannot be used: {why}; free space, mend its rights or "
            "wait for the other program, then run again (deleting the file costs time, and mails "
            "that had not left wait for you)"
        ) from error
