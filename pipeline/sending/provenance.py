"""Which announcements this state's own runs made: others may have been sent from elsewhere.

Keeps rows and answers; what waits for a person by that is `mailing`'s to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from pipeline.model import Announcement
from pipeline.state.database import State
from pipeline.state.tables import METADATA, Moment

CLOSING = ":closing"
"""What a closing recap tells beside its talks; no talk's id starts with a colon."""

Made = Mapping[tuple[str, datetime], frozenset[str] | None]
"""What announcements told, by id and moment; None where an older version did not store it."""


class Known(NamedTuple):
    """An announcement of an event as a state knows it; `told` is JSON, of which a first pass over
    an archive holds less than of hundreds of thousands of ids.
    """

    event: str
    announcement: str
    made: datetime
    told: str


_made = sa.Table(
    "made_announcements",
    METADATA,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("announcement", sa.Text, primary_key=True),
    sa.Column("made", Moment, primary_key=True),
    sa.Column("told", sa.Text),
)


class Provenance:
    """The announcements that one state knows as its own. Each method is one transaction."""

    def __init__(self, state: State) -> None:
        self._state = state

    def know(self, made: Iterable[Known]) -> None:
        """Store announcements that a run of this state's own has made.

        Call it right after the ledger that holds them was saved; knowing one twice is fine.
        """
        rows = [one._asdict() for one in made]
        if rows:
            with self._state.durable() as connection:
                connection.execute(insert(_made).on_conflict_do_nothing(), rows)

    def made(self, event: str) -> Made:
        """Return what this state's own runs have announced of an event.

        One that is not among them comes from a backup, a clone or another machine: it may have
        been sent from there. Two of one name are two: data/ was set back between them.
        """
        query = sa.select(_made).where(_made.c.event == event)
        with self._state.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        return {
            (row["announcement"], row["made"]): row["told"] and frozenset(json.loads(row["told"]))
            for row in rows
        }

    def rename(self, old: str, new: str) -> None:
        """Take what is known of an event under its new id."""
        move = _made.update().prefix_with("OR IGNORE").where(_made.c.event == old)
        with self._state.transaction() as connection:
            connection.execute(move.values(event=new))
            connection.execute(_made.delete().where(_made.c.event == old))


def known(event: str, one: Announcement) -> Known:
    """Return an announcement of an event as a state knows it."""
    return Known(event, one.id, one.time, json.dumps(sorted(told(one))))


def told(one: Announcement) -> frozenset[str]:
    """Return what an announcement tells: the ids of its talks, and that it is the last one."""
    return frozenset((*one.talks, *((CLOSING,) if one.kind == "closing" else ())))
