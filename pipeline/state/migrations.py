"""The tables of the state database, version by version, as SQL.

Must not run: opening and bringing up a database is for `state`.
"""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE looks (
            watch TEXT PRIMARY KEY, last_try TEXT, last_good TEXT, failing_since TEXT,
            failures INTEGER NOT NULL, not_before TEXT, last_error TEXT)""",
        """CREATE TABLE validators (
            watch TEXT NOT NULL, url TEXT NOT NULL, etag TEXT, last_modified TEXT,
            PRIMARY KEY (watch, url))""",
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, finished TEXT NOT NULL,
            exit_code INTEGER NOT NULL, report TEXT NOT NULL)""",
    ),
    ("ALTER TABLE looks ADD COLUMN fresh_until TEXT",),
    (
        """CREATE TABLE notices (
            delivery TEXT NOT NULL, kind TEXT NOT NULL, place TEXT NOT NULL, since TEXT NOT NULL,
            words TEXT NOT NULL, told TEXT, ended TEXT, PRIMARY KEY (delivery, kind, place))""",
    ),
    (
        """CREATE TABLE pings (
            hub TEXT NOT NULL, path TEXT NOT NULL, seen TEXT NOT NULL, told TEXT NOT NULL,
            PRIMARY KEY (hub, path))""",
        """CREATE TABLE ping_marks (
            hub TEXT NOT NULL, folder TEXT NOT NULL, mark INTEGER NOT NULL,
            PRIMARY KEY (hub, folder))""",
        "CREATE INDEX pings_due ON pings (hub) WHERE seen != told",
    ),
    (
        """CREATE TABLE stills (
            address TEXT PRIMARY KEY, failures INTEGER NOT NULL, not_before TEXT NOT NULL)""",
    ),
    (
        """CREATE TABLE letters (
            event TEXT NOT NULL, announcement TEXT NOT NULL, target TEXT NOT NULL,
            recipient TEXT NOT NULL, stage TEXT NOT NULL, message_id TEXT NOT NULL,
            subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT, raw BLOB, planned TEXT NOT NULL,
            changed TEXT NOT NULL, tries INTEGER NOT NULL, not_before TEXT, detail TEXT NOT NULL,
            bars TEXT NOT NULL,
            PRIMARY KEY (event, announcement, target, recipient))""",
        """CREATE TABLE own_announcements (
            event TEXT NOT NULL, announcement TEXT NOT NULL, made TEXT NOT NULL,
            PRIMARY KEY (event, announcement))""",
    ),
    (
        """CREATE TABLE made_announcements (
            event TEXT NOT NULL, announcement TEXT NOT NULL, made TEXT NOT NULL, told TEXT,
            PRIMARY KEY (event, announcement, made))""",
        """INSERT INTO made_announcements (event, announcement, made)
            SELECT event, announcement, made FROM own_announcements""",
        "DROP TABLE own_announcements",
    ),
)
"""Statements that lead from version n to n + 1. Append only: released ones never change."""
