"""Mails on their way: one row a recipient, so that none is sent twice and none is forgotten.

Keeps and returns rows; `letter` says what there is of each, and how it may move. Must not send, nor
decide what is to be sent; only `posting` moves a letter past `planned`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from pipeline.sending.letter import Letter, LetterKey, Stage
from pipeline.state.database import State
from pipeline.state.tables import METADATA, Moment

_NOT_SENT: tuple[Stage, ...] = ("planned", "held", "failed", "unknown")
_BARE: Mapping[str, object] = {"text": "", "html": None, "raw": None}

_letters = sa.Table(
    "letters",
    METADATA,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("announcement", sa.Text, primary_key=True),
    sa.Column("target", sa.Text, primary_key=True),
    sa.Column("recipient", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("html", sa.Text),
    sa.Column("raw", sa.LargeBinary),
    sa.Column("planned", Moment, nullable=False),
    sa.Column("changed", Moment, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("not_before", Moment),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("bars", sa.Text, nullable=False),
)
_ROW = _letters.c
_KEY = (_ROW.event, _ROW.announcement, _ROW.target, _ROW.recipient)
_HAS_BODY = _ROW.raw.is_not(None) | _ROW.html.is_not(None) | (_ROW.text != "")
_LEAVING: tuple[Stage, ...] = ("sending", "dot")


class Letters:
    """The letters of one state database. Each method is one transaction, on the disk at its end."""

    def __init__(self, state: State) -> None:
        self._state = state

    def plan(self, letters: Iterable[Letter]) -> int:
        """Store letters that are new, planned or held, and return how many were.

        One whose key is there already is left alone, whatever became of it, but for one that is
        planned and was purged.
        """
        rows = [_row(letter) for letter in letters]
        if not rows:
            return 0
        keys = [tuple(row[column.name] for column in _KEY) for row in rows]
        purged = sa.tuple_(*_KEY).in_(keys) & (_ROW.stage == "planned") & ~_HAS_BODY
        with self._state.durable() as connection:
            connection.execute(_letters.delete().where(purged))
            before = _count(connection)
            connection.execute(insert(_letters).on_conflict_do_nothing(), rows)
            return _count(connection) - before

    def due(self, now: datetime) -> tuple[LetterKey, ...]:
        """Return the keys of what is planned and not resting, oldest first."""
        is_rested = _ROW.not_before.is_(None) | (_ROW.not_before <= now)
        is_rested |= _ROW.changed > now  # put off by a clock that ran ahead
        return self._keys((_ROW.stage == "planned") & is_rested & _HAS_BODY)

    def get(self, key: LetterKey) -> Letter | None:
        """Return one letter with its bodies; None where there is none."""
        with self._state.transaction() as connection:
            row = connection.execute(sa.select(_letters).where(_is(key))).mappings().first()
        return None if row is None else _letter(row)

    def listed(
        self, *, event: str | None = None, stages: Iterable[Stage] | None = None
    ) -> tuple[Letter, ...]:
        """Return letters without their bodies, oldest first: of an event, in some stages."""
        query = sa.select(*(column for column in _ROW if column.name not in _BARE))
        if event is not None:
            query = query.where(_ROW.event == event)
        if stages is not None:
            query = query.where(_ROW.stage.in_(tuple(stages)))
        with self._state.transaction() as connection:
            rows = connection.execute(query.order_by(_ROW.planned, *_KEY)).mappings()
            return tuple(_letter(row) for row in rows)

    def stages(self, event: str, announcement: str, target: str) -> Counter[str]:
        """Return how many letters of an announcement at a target are in each stage."""
        return self._counted(_of(event, announcement, target, None))

    def counts(self) -> Counter[str]:
        """Return how many letters are in each stage, for status and health."""
        return self._counted(sa.true())

    def recover(self, *, now: datetime) -> tuple[LetterKey, ...]:
        """Take up what a process that died has left; return what is `unknown` by that.

        Call it only under the lock of sending, or a letter that is leaving would leave again.
        """
        unknown = self._keys(_ROW.stage == "dot")
        with self._state.durable() as connection:
            _move(connection, _ROW.stage == "sending", stage="planned", changed=now)
            _move(
                connection,
                _ROW.stage == "dot",
                stage="unknown",
                changed=now,
                detail="the process ended before the answer came, so it may have arrived",
            )
        return unknown

    def take(self, key: LetterKey, *, now: datetime) -> Letter | None:
        """planned → sending: return the letter; None where it is not planned any more."""
        with self._state.durable() as connection:
            same = _is(key) & (_ROW.stage == "planned")
            values = {"stage": "sending", "changed": now, "tries": _ROW.tries + 1}
            if not _move(connection, same, **values):
                return None
            row = connection.execute(sa.select(_letters).where(_is(key))).mappings().one()
        return _letter(row)

    def dot(self, key: LetterKey, *, now: datetime) -> None:
        """sending → dot: it may arrive from now on. Raises LookupError where it is not leaving."""
        self._leave(key, ("sending",), stage="dot", changed=now)

    def sent(self, key: LetterKey, *, now: datetime) -> None:
        """sending, dot → sent; its bodies are dropped."""
        self._leave(key, _LEAVING, stage="sent", changed=now, not_before=None, detail="", **_BARE)

    def again(self, key: LetterKey, *, now: datetime, not_before: datetime, detail: str) -> None:
        """sending, dot → planned: nothing arrived, and it is due again at `not_before`."""
        rest = {"not_before": not_before, "detail": detail}
        self._leave(key, _LEAVING, stage="planned", changed=now, **rest)

    def failed(self, key: LetterKey, *, now: datetime, detail: str) -> None:
        """sending, dot → failed: it was refused for good; its bodies stay for `release`."""
        self._leave(key, _LEAVING, stage="failed", changed=now, not_before=None, detail=detail)

    def unknown(self, key: LetterKey, *, now: datetime, detail: str) -> None:
        """sending, dot → unknown: it may have arrived."""
        self._leave(key, _LEAVING, stage="unknown", changed=now, not_before=None, detail=detail)

    def hold_late(self, *, before: datetime, now: datetime, detail: str) -> int:
        """planned → held, where nothing was tried since `before`; return how many.

        A process that runs tries each within hours, so this one slept or is a restored copy.
        """
        same = (_ROW.stage == "planned") & (_ROW.changed < before)
        with self._state.durable() as connection:
            return _move(connection, same, stage="held", changed=now, detail=detail)

    def resend(
        self,
        event: str,
        announcement: str,
        target: str,
        *,
        now: datetime,
        recipient: str | None = None,
    ) -> int:
        """unknown → planned, with the same Message-ID and bytes; return how many.

        `recipient` None means all. One whose bodies were purged stays unknown.
        """
        same = _of(event, announcement, target, recipient) & (_ROW.stage == "unknown") & _HAS_BODY
        return self._plan_anew(same, now)

    def release(
        self,
        event: str,
        announcement: str,
        target: str,
        *,
        now: datetime,
        recipient: str | None = None,
    ) -> int:
        """held, failed, skipped → planned, as if planned now; return how many.

        `recipient` None means all. Those whose bodies were purged are dropped, so that `plan`
        takes them anew.
        """
        stopped = _ROW.stage.in_(("held", "failed", "skipped"))
        same = _of(event, announcement, target, recipient) & stopped
        with self._state.durable() as connection:
            connection.execute(_letters.delete().where(same & ~_HAS_BODY))
        return self._plan_anew(same, now)

    def skip(
        self,
        event: str,
        announcement: str,
        target: str,
        *,
        now: datetime,
        recipient: str | None = None,
    ) -> int:
        """Anything not sent → skipped, and return how many; bodies are dropped.

        For a person who says that it need not leave, or that an unknown one did arrive.
        `recipient` None means all.
        """
        same = _of(event, announcement, target, recipient) & _ROW.stage.in_(_NOT_SENT)
        with self._state.durable() as connection:
            return _move(connection, same, stage="skipped", changed=now, not_before=None, **_BARE)

    def reopen(self, key: LetterKey, *, now: datetime, detail: str) -> None:
        """skipped → held: what was said of its draft was taken back, so a person is asked."""
        with self._state.durable() as connection:
            same = _is(key) & (_ROW.stage == "skipped")
            _move(connection, same, stage="held", changed=now, detail=detail)

    def hold(
        self, event: str, announcement: str, target: str, *, now: datetime, detail: str
    ) -> int:
        """planned → held, and return how many."""
        same = _of(event, announcement, target, None) & (_ROW.stage == "planned")
        with self._state.durable() as connection:
            return _move(connection, same, stage="held", changed=now, detail=detail)

    def rename(self, old: str, new: str) -> int:
        """Take an event's letters under its new id, and return how many there were under the old.

        Where both have one, what waits under the new id gives way. Call it only under the lock of
        sending, or a letter that is leaving would lose its row.
        """
        of_old = _ROW.event == old
        if not self._counted(of_old):
            return 0
        keys = sa.select(*_KEY[1:]).where(of_old)
        waiting = (_ROW.event == new) & _ROW.stage.in_(("planned", "held"))
        with self._state.durable() as connection:
            connection.execute(_letters.delete().where(waiting, sa.tuple_(*_KEY[1:]).in_(keys)))
            move = _letters.update().prefix_with("OR IGNORE").where(of_old).values(event=new)
            moved = connection.execute(move).rowcount
            return moved + connection.execute(_letters.delete().where(of_old)).rowcount

    def purge(self, event: str, *, now: datetime) -> int:
        """Drop what is stored of an event's mails, because a talk was withdrawn; return how many.

        The letters stay as they are, without bodies: a planned one leaves when `plan` was handed
        the cleaned mail under the same key.
        """
        bodies = (_ROW.event == event) & _ROW.stage.in_(_NOT_SENT) & _HAS_BODY
        with self._state.durable() as connection:
            return _move(connection, bodies, changed=now, **_BARE)

    def _plan_anew(self, which: sa.ColumnElement[bool], now: datetime) -> int:
        with self._state.durable() as connection:
            return _move(
                connection,
                which,
                stage="planned",
                planned=now,
                changed=now,
                tries=0,
                not_before=None,
                detail="",
            )

    def _leave(self, key: LetterKey, stages: tuple[Stage, ...], **values: object) -> None:
        with self._state.durable() as connection:
            if not _move(connection, _is(key) & _ROW.stage.in_(stages), **values):
                raise LookupError(f"the letter {key} is not {' or '.join(stages)}")

    def _keys(self, which: sa.ColumnElement[bool]) -> tuple[LetterKey, ...]:
        query = sa.select(*_KEY).where(which).order_by(_ROW.planned, *_KEY)
        with self._state.transaction() as connection:
            return tuple(LetterKey(**row) for row in connection.execute(query).mappings())

    def _counted(self, which: sa.ColumnElement[bool]) -> Counter[str]:
        number = sa.func.count().label("number")
        query = sa.select(_ROW.stage, number).where(which).group_by(_ROW.stage)
        with self._state.transaction() as connection:
            rows = connection.execute(query).mappings()
            return Counter({row["stage"]: row["number"] for row in rows})


def _of(
    event: str, announcement: str, target: str, recipient: str | None
) -> sa.ColumnElement[bool]:
    same = sa.and_(_ROW.event == event, _ROW.announcement == announcement, _ROW.target == target)
    return same if recipient is None else same & (_ROW.recipient == recipient)


def _is(key: LetterKey) -> sa.ColumnElement[bool]:
    return _of(key.event, key.announcement, key.target, key.recipient)


def _move(connection: sa.Connection, which: sa.ColumnElement[bool], /, **values: object) -> int:
    return connection.execute(_letters.update().where(which).values(values)).rowcount


def _count(connection: sa.Connection) -> int:
    count: int = connection.execute(sa.select(sa.func.count()).select_from(_letters)).scalar_one()
    return count


def _row(letter: Letter) -> dict[str, object]:
    values = {one.name: getattr(letter, one.name) for one in fields(letter) if one.name != "key"}
    return {**asdict(letter.key), **values}


def _letter(row: sa.RowMapping) -> Letter:
    key = {column.name: row[column.name] for column in _KEY}
    return Letter(
        key=LetterKey(**key), **{name: value for name, value in row.items() if name not in key}
    )
