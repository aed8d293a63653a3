"""The tables of looks, validators and runs as SQLAlchemy knows them; `migrations` makes them."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa


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

VERSION = sa.Table("version", METADATA, sa.Column("number", sa.Integer, nullable=False))
LOOKS = sa.Table(
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
VALIDATORS = sa.Table(
    "validators",
    METADATA,
    sa.Column("watch", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
)
RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("started", Moment, nullable=False),
    sa.Column("finished", Moment, nullable=False),
    sa.Column("exit_code", sa.Integer, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
)
