"""Which feeds the WebSub hub has still to be told of, and telling it.

What is due is derived from what is stored: a feed is due while the hash of its document in the
last generation (its row below feeds/) differs from the one that the hub was told of last (a row in
the state database). So a crash, a hub that is down and another process that sends lose nothing. A
hub that cannot be told makes a warning, never a failed run. Must not write below feeds/, nor know
what stands in a feed.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from pipeline import cadence, files, publishing
from pipeline.config import Config
from pipeline.errors import FetchError
from pipeline.model import Connect, RunReport
from pipeline.state.database import Look, State
from pipeline.state.tables import METADATA

LOG = logging.getLogger("recap.pings")

TOPICS = frozenset(("atom.xml", "feed.json", "rss.xml"))
"""Names of the documents that name a hub: those that people subscribe to, and no archive pages."""

BATCH = 50
"""Feeds that one request tells of; `hub.url` may be repeated (PubSubHubbub 0.3, section 7.1)."""

MOST = 10 * BATCH
"""Feeds that one run tells of; the others stay due, so that new templates hold up no run."""

LOOK = ":hub"
"""Under which key the state keeps how telling the hub has gone; no event's id has a colon."""

_SLACK_NS = 2_000_000_000
_CHUNK = 500

_pings = sa.Table(
    "pings",
    METADATA,
    sa.Column("hub", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("seen", sa.Text, nullable=False),
    sa.Column("told", sa.Text, nullable=False),
)
_marks = sa.Table(
    "ping_marks",
    METADATA,
    sa.Column("hub", sa.Text, primary_key=True),
    sa.Column("folder", sa.Text, primary_key=True),
    sa.Column("mark", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinged:
    """What telling the hub came to: a line where it was told, a warning where it was not."""

    sent: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def note(config: Config, made: RunReport, *, state: State) -> None:
    """Store which feeds of the last generation differ from what the hub was told of.

    The caller holds the lock of the run. Only rows written since the last note are read. A state
    that knows nothing of this hub counts as told all that this run did not write; and that, too,
    where it wrote everything: then the hub is new, or nothing was published here before.
    """
    hub, feeds = config.site.hub, config.feeds
    if hub is None:
        return
    book = Book(state, hub)
    folder, mark = str(feeds.resolve()), _mark(feeds / files.GROUPS)
    before = book.mark(folder)
    if mark == before and not made.written and not made.removed:
        return
    fresh = book.is_empty()
    rows = [*_rows(feeds, since=0 if fresh else before)]
    topics = {
        path: known.sha256 for row in rows for path, known in row.files.items() if is_topic(path)
    }
    due = set(topics)
    if fresh:
        # The run itself is among the runs by now.
        watched = (
            topics.keys() if len(state.runs(2)) > 1 else {p for row in rows for p in row.files}
        )
        due = set() if watched <= set(made.written) else due & set(made.written)
        book.clear()
    told = {path: "" if path in due else sha256 for path, sha256 in topics.items()}
    book.see(topics, told=told, gone=filter(is_topic, made.removed), folder=folder, mark=mark)


def send(
    config: Config, *, now: datetime, state: State, connect: Connect, patient: bool = False
) -> Pinged:
    """Tell the hub of the feeds that are due, `MOST` at once; what it does not take stays due.

    `patient` leaves a hub that failed lately alone for a while; its own wish (Retry-After) is
    always honoured.
    """
    hub = config.site.hub
    book = Book(state, hub or "")
    due = book.due() if hub else {}
    if hub is None or not due:
        return Pinged()
    look = state.look(LOOK)
    if _rests(look, now, patient=patient):
        return Pinged(warnings=(_warning(hub, len(due), look.last_error),))
    paths = sorted(due)[:MOST]
    count, failure = 0, None
    with connect() as post:
        for start in range(0, len(paths), BATCH):
            batch = paths[start : start + BATCH]
            try:
                post.post(hub, body=body_of(batch, site=config.site.url), headers=_FORM)
            except FetchError as error:
                failure = error
                break
            book.tell({path: due[path] for path in batch})
            count += len(batch)
    _remember(state, look, failure, now)
    rest = len(due) - count
    if failure:
        return Pinged(sent=_line(hub, count, 0), warnings=(_warning(hub, rest, failure.message),))
    return Pinged(sent=_line(hub, count, rest))


def body_of(paths: Iterable[str], *, site: str) -> bytes:
    """Return the form that tells of the feeds at `paths` below the address `site`.

    WebSub leaves it to hub and publisher how they do so; this is the form of PubSubHubbub, which
    hubs take.
    """
    return urlencode(
        [("hub.mode", "publish"), *(("hub.url", f"{site}{path}") for path in paths)]
    ).encode()


def is_topic(path: str) -> bool:
    """Tell whether people subscribe to the file at `path`, so that it names the hub."""
    return PurePosixPath(path).name in TOPICS


class Book:
    """What one hub was told of, feed by feed. Losing it costs at most a few pings."""

    def __init__(self, state: State, hub: str) -> None:
        self._state = state
        self._hub = hub

    def is_empty(self) -> bool:
        """Tell whether nothing is known of this hub."""
        query = sa.select(_pings.c.path).where(_pings.c.hub == self._hub).limit(1)
        with self._state.transaction() as connection:
            return connection.execute(query).first() is None

    def mark(self, folder: str) -> int | None:
        """Return when the rows of the last generation noted in `folder` were put in place."""
        query = sa.select(_marks.c.mark).where(
            (_marks.c.hub == self._hub) & (_marks.c.folder == folder)
        )
        with self._state.transaction() as connection:
            found: int | None = connection.execute(query).scalar()
            return found

    def see(
        self,
        topics: Mapping[str, str],
        *,
        told: Mapping[str, str],
        gone: Iterable[str],
        folder: str,
        mark: int,
    ) -> None:
        """Store the hash of each feed, by path; `told` counts for those that are not known yet."""
        rows = [
            {"hub": self._hub, "path": path, "seen": sha256, "told": told[path]}
            for path, sha256 in topics.items()
        ]
        add = insert(_pings)
        put = add.on_conflict_do_update(
            index_elements=["hub", "path"], set_={"seen": add.excluded.seen}
        )
        moved = insert(_marks).values(hub=self._hub, folder=folder, mark=mark)
        moved = moved.on_conflict_do_update(index_elements=["hub", "folder"], set_={"mark": mark})
        stale = sa.and_(_pings.c.hub == self._hub, _pings.c.path == sa.bindparam("stale"))
        left = [{"stale": path} for path in gone]
        with self._state.transaction() as connection:
            for start in range(0, len(rows), _CHUNK):
                connection.execute(put, rows[start : start + _CHUNK])
            if left:
                connection.execute(_pings.delete().where(stale), left)
            connection.execute(moved)

    def due(self) -> dict[str, str]:
        """Return by path the hash of each feed that the hub has still to be told of."""
        query = sa.select(_pings.c.path, _pings.c.seen).where(
            (_pings.c.hub == self._hub) & (_pings.c.seen != _pings.c.told)
        )
        with self._state.transaction() as connection:
            return {row.path: row.seen for row in connection.execute(query)}

    def tell(self, told: Mapping[str, str]) -> None:
        """Store that the hub was told of these hashes; a feed that changed meanwhile stays due."""
        one = sa.and_(_pings.c.hub == self._hub, _pings.c.path == sa.bindparam("which"))
        put = _pings.update().where(one).values(told=sa.bindparam("hash"))
        rows = [{"which": path, "hash": sha256} for path, sha256 in told.items()]
        with self._state.transaction() as connection:
            connection.execute(put, rows)

    def clear(self) -> None:
        """Forget other hubs, and how telling them has gone."""
        with self._state.transaction() as connection:
            for table in (_pings, _marks):
                connection.execute(table.delete())
        self._state.commit(looks={LOOK: Look()}, validators={})


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _mark(groups: Path) -> int:
    """Return when a row came or went last, 0 where there are none."""
    try:
        return groups.stat().st_mtime_ns
    except OSError:
        return 0


def _rows(feeds: Path, *, since: int | None) -> Iterator[publishing.Row]:
    """Return the rows written since a moment, or shortly before it."""
    oldest = (since or 0) - _SLACK_NS
    try:
        with os.scandir(feeds / files.GROUPS) as found:
            names = sorted(one.name for one in found if one.stat().st_mtime_ns >= oldest)
    except FileNotFoundError:
        return
    for name in names:
        row = publishing.read_row(feeds, name.removesuffix(".json"))
        if row:
            yield row


def _rests(look: Look, now: datetime, *, patient: bool) -> bool:
    if look.not_before and now < look.not_before:
        return True
    when = cadence.next_look(LOOK, timedelta(), last_try=look.last_try, failures=look.failures)
    return patient and bool(look.failures) and when is not None and now < when


def _remember(state: State, look: Look, failure: FetchError | None, now: datetime) -> None:
    after = Look(last_try=now, last_good=now)
    if failure:
        after = replace(
            look,
            last_try=now,
            failing_since=look.failing_since or now,
            failures=look.failures + 1,
            not_before=failure.retry_after,
            last_error=failure.message,
        )
    state.commit(looks={LOOK: after}, validators={})


def _line(hub: str, count: int, rest: int) -> tuple[str, ...]:
    if not count:
        return ()
    LOG.info("%s: told of %d changed feeds", hub, count)
    more = f"; the other {rest} with the next run" if rest else ""
    return (f"{hub}: {_feeds(count)}{more}",)


def _warning(hub: str, count: int, detail: str | None) -> str:
    why = f": {detail}" if detail else ""
    return (
        f"feeds.hub: {hub} was not told of {_feeds(count)}{why}. It stays due, and every run tries "
        "again; `recap deliver` does so at once"
    )


def _feeds(count: int) -> str:
    return f"{count} changed {'feed' if count == 1 else 'feeds'}"
