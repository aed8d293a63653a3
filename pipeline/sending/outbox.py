"""What each delivery has been told and has still to be told, in the state database.

Keeps and returns rows; what is due is for `alerting` to say. Losing them costs at most that
something is told again, and a state that is new starts by telling nothing (see `delivering`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from pipeline.model import Notice
from pipeline.state.database import State
from pipeline.state.tables import METADATA, Moment

_notices = sa.Table(
    "notices",
    METADATA,
    sa.Column("delivery", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("since", Moment, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("told", Moment),
    sa.Column("ended", Moment),
)


class Outbox:
    """The notices of one delivery, named by its id."""

    def __init__(self, state: State, delivery: str) -> None:
        self._state = state
        self._delivery = delivery

    def notices(self) -> tuple[Notice, ...]:
        """Return every notice that is kept, by place."""
        columns = [column for column in _notices.c if column.name != "delivery"]
        query = (
            sa.select(*columns)
            .where(_notices.c.delivery == self._delivery)
            .order_by(_notices.c.place, _notices.c.kind)
        )
        with self._state.transaction() as connection:
            return tuple(Notice(**row) for row in connection.execute(query).mappings())

    def keep(self, notices: Sequence[Notice]) -> None:
        """Store notices, in the place of those about the same thing."""
        rows = [{"delivery": self._delivery, **asdict(notice)} for notice in notices]
        with self._state.transaction() as connection:
            for notice in notices:
                connection.execute(_notices.delete().where(self._same(notice)))
            if rows:
                connection.execute(_notices.insert(), rows)

    def tell(self, notices: Iterable[Notice], now: datetime) -> None:
        """Store that people were told of the beginning of `notices`, and of the end of those
        that are over, which are not kept any longer.

        Nothing else of a row changes: another process may have found meanwhile that it is over.
        """
        with self._state.transaction() as connection:
            for notice in notices:
                same = self._same(notice)
                if notice.ended:
                    connection.execute(
                        _notices.delete().where(same & (_notices.c.ended.is_not(None)))
                    )
                else:
                    connection.execute(_notices.update().where(same).values(told=now))

    def drop(self, notices: Iterable[Notice]) -> None:
        """Forget notices of which there is nothing to tell."""
        with self._state.transaction() as connection:
            for notice in notices:
                connection.execute(_notices.delete().where(self._same(notice)))

    def _same(self, notice: Notice) -> sa.ColumnElement[bool]:
        row = _notices.c
        return sa.and_(
            row.delivery == self._delivery, row.kind == notice.kind, row.place == notice.place
        )
