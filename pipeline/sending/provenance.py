"""Which announcements this state's own runs made: others may have been sent from elsewhere.

Keeps rows and answers; what waits for a person by that is `mailing`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from pipeline.state.database import METADATA, Moment, State

_own = sa.Table(
    "own_announcements",
    METADATA,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("announcement", sa.Text, primary_key=True),
    sa.Column("made", Moment, nullable=False),
)


class Provenance:
    """The announcements that one state knows as its own. Each method is one transaction."""

    def __init__(self, state: State) -> None:
        self._state = state

    def know(self, keys: Iterable[tuple[str, str]], *, now: datetime) -> None:
        """Store announcements (event, id) that a run of this state's own has made.

        Call it right after the ledger that holds them was saved; knowing one twice is fine.
        """
        rows = [{"event": event, "announcement": name, "made": now} for event, name in keys]
        if rows:
            with self._state.durable() as connection:
                connection.execute(insert(_own).on_conflict_do_nothing(), rows)

    def rename(self, old: str, new: str) -> None:
        """Take what is known of an event under its new id."""
        move = _own.update().prefix_with("OR IGNORE").where(_own.c.event == old).values(event=new)
        with self._state.transaction() as connection:
            connection.execute(move)
            connection.execute(_own.delete().where(_own.c.event == old))

    def knows(self, event: str, announcement: str) -> bool:
        """Tell whether a run of this state's own made the announcement.

        One that it does not know comes from a backup, a clone or another machine: it may have
        been sent from there.
        """
        same = (_own.c.event == event) & (_own.c.announcement == announcement)
        with self._state.transaction() as connection:
            return connection.execute(sa.select(_own.c.made).where(same)).first() is not None
