"""The pictures of one pass: which are lacking, what comes of asking, and where they are put.

Writes pictures into their folder on this machine at once, for they are nothing before the ledger
names them; everything else waits for `commit`. Must not decide which videos are shown.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from pipeline import files
from pipeline.errors import FetchError
from pipeline.fetch import HttpFetch
from pipeline.looking import Lookout
from pipeline.model import Entry, Ledger, PublishedEvent, Recording, SeenVideo, Want
from pipeline.passage import Passed
from pipeline.publishing import Press
from pipeline.state.database import State
from pipeline.stills.picture import SIZE_BYTES, Picture, kept, parse_picture
from pipeline.stills.tries import Tries, Try, again
from pipeline.text import mask

LOG = logging.getLogger("recap")

PER_RUN = 40
"""Pictures that one run asks for at most; the next one goes on."""

BUDGET_S = 20.0
"""Seconds for which one run waits for pictures in all."""

_AT_A_TIME = 8
_ACCEPT = {"Accept": "image/webp,image/jpeg,image/png;q=0.9"}
_GONE = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many pictures a run asks for, and how long it waits for them; `clock` is in seconds."""

    per_run: int = PER_RUN
    budget_s: float = BUDGET_S
    clock: Callable[[], float] = time.monotonic


class Stills:
    """Fills in the pictures of published events, one event after the other.

    `cache` is the folder on this machine in which each is kept, by its hash. The lookout has to be
    open while `fill` is called.
    """

    def __init__(
        self,
        *,
        lookout: Lookout,
        state: State,
        feeds: Path,
        cache: Path,
        want: Want,
        now: datetime,
        limits: Limits | None = None,
    ) -> None:
        limits = limits or Limits()
        self._lookout = lookout
        self._tries = Tries(state)
        self._feeds = feeds
        self._cache = cache
        self._want = want
        self._now = now
        self._clock = limits.clock
        self._left = limits.per_run
        self._left_s = limits.budget_s
        self._failed: dict[str, Try] = {}
        self._done: list[str] = []
        self._dropped: set[str] = set()
        self._absent: dict[str, list[Picture]] = {}
        self._next: dict[str, datetime] = {}

    def fill(self, passed: Passed, *, before: Ledger) -> Passed:
        """Return the event with the pictures that could be had; `before` is the ledger as opened.

        What a talk's first recording lacks is asked for, and what was lost; a picture that is
        there is left alone whatever the list shows now.
        """
        if self._want.dry_run:
            return passed
        event_id = passed.published.event.id
        self._dropped |= _dropped(before, passed.ledger)
        lacking = self._look_through(passed)
        if not lacking:
            return passed
        self._next[event_id] = self._now
        if self._want.offline or (self._want.events and event_id not in self._want.events):
            return passed
        found = self._ask(event_id, lacking)
        rows = {
            key: _named(row, picture)
            for key, picture in found.items()
            if (row := passed.ledger.videos[key]).image or picture
        }
        return _filled(passed, rows) if rows else passed

    def place(self, event_id: str, press: Press | None) -> None:
        """Stage the pictures of an event that are not below feeds/, where they are kept.

        To be called once the event's pages are staged, which own them.
        """
        for picture in self._absent.pop(event_id, ()):
            body = self._read(picture) if press else None
            if press and body is not None:
                press.image(picture.path, body)

    def sooner(self, event_id: str, moment: datetime | None) -> datetime | None:
        """Return `moment`, or when a picture of the event may be asked for, if that is sooner."""
        mine = self._next.get(event_id)
        return min(moment, mine) if moment and mine else moment or mine

    def commit(self) -> None:
        """Store what failed, and drop pictures that no ledger names any more; after the save."""
        if self._failed or self._done:
            self._tries.keep(self._failed, self._done, now=self._now)
        for name in self._dropped:
            (self._cache / name).unlink(missing_ok=True)

    def _look_through(self, passed: Passed) -> dict[str, str]:
        """Return the videos whose picture has to be fetched, with its address; and note which
        pictures are not below feeds/.
        """
        lacking: dict[str, str] = {}
        absent = self._absent.setdefault(passed.published.event.id, [])
        for entry, recording in _shown(passed.published):
            row = passed.ledger.videos.get(recording.key)
            if row is None or (row.image and os.path.isfile(f"{self._feeds}/{row.image}")):  # noqa: PTH113  # half the time, for hundreds of them
                continue
            picture = kept(row)
            if picture:
                absent.append(picture)
            first = not row.image and recording.available and recording is entry.primary
            lost = picture and not (self._cache / picture.name).is_file()
            if row.video.thumbnail and (first or lost):
                lacking[recording.key] = row.video.thumbnail
        return lacking

    def _ask(self, event_id: str, lacking: Mapping[str, str]) -> dict[str, Picture | None]:
        """Ask for what is lacking, as far as this run may; None is a lost picture that is no more.

        `lacking` are addresses by video.
        """
        ids = {"event": event_id}
        known = self._tries.recall(lacking.values())
        rest = {
            key: known[address].not_before
            for key, address in lacking.items()
            if address in known and known[address].not_before > self._now
        }
        ready = sorted(lacking.keys() - rest.keys(), key=self._turn)
        found: dict[str, Picture | None] = {}
        for key, answer in self._answers({key: lacking[key] for key in ready[: self._left]}):
            address = lacking[key]
            if isinstance(answer, FetchError):
                late = again(known.get(address), self._now, retry_after=answer.retry_after)
                self._failed[address], rest[key] = late, late.not_before
                LOG.debug("%s: no picture of %s: %s", event_id, key, answer.message, extra=ids)
                if answer.status in _GONE:
                    found[key] = None
                continue
            picture, body = answer
            files.replace(self._cache / picture.name, body)
            found[key] = picture
            self._absent[event_id].append(picture)
            self._done.append(address)
        LOG.debug(
            "%s: %d of %d lacking pictures came", event_id, len(found), len(lacking), extra=ids
        )
        waiting = [rest.get(key, self._now) for key in lacking if not found.get(key)]
        if waiting:
            self._next[event_id] = min(waiting)
        else:
            del self._next[event_id]
        return found

    def _answers(
        self, asked: Mapping[str, str]
    ) -> Iterator[tuple[str, tuple[Picture, bytes] | FetchError]]:
        """Yield what was answered in time, a few at a time: lists wait behind those few at most."""
        keys = tuple(asked)
        for start in range(0, len(keys), _AT_A_TIME):
            if self._left_s <= 0:
                return
            few = keys[start : start + _AT_A_TIME]
            self._left -= len(few)
            began = self._clock()
            answers = dict(self._wait({key: asked[key] for key in few}, until=began + self._left_s))
            self._left_s -= self._clock() - began
            if answers:
                yield from answers.items()
            else:
                yield from ((key, FetchError(f"{mask(asked[key])} is too slow")) for key in few)

    def _wait(
        self, few: Mapping[str, str], *, until: float
    ) -> Iterator[tuple[str, tuple[Picture, bytes] | FetchError]]:
        """Yield the answers that come in time."""
        futures = [
            (key, self._lookout.apart(address, partial(self._get, address, until)))
            for key, address in few.items()
        ]
        for key, future in futures:
            try:
                answer = future.result(timeout=max(0.0, until - self._clock()))
            except TimeoutError:
                continue  # the next run asks again
            except FetchError as error:
                yield key, error
                continue
            if answer is not None:
                yield key, answer

    def _get(self, address: str, until: float, fetch: HttpFetch) -> tuple[Picture, bytes] | None:
        """Fetch a picture, unless nobody waits for it any more."""
        if self._clock() > until:
            return None
        body = fetch.get(address, headers=_ACCEPT, size_bytes=SIZE_BYTES).body
        picture = parse_picture(body)
        if picture is None:
            raise FetchError(
                f"{mask(address)} is no JPEG, PNG or WebP of a fitting size; "
                "a drawn picture stands for it"
            )
        return picture, body

    def _turn(self, key: str) -> str:
        """Return the place of a video in the queue, another one each hour: a run that remembers no
        failures must not ask for the same few for ever.
        """
        return hashlib.sha256(f"{self._now:%Y-%m-%dT%H} {key}".encode()).hexdigest()

    def _read(self, picture: Picture) -> bytes | None:
        """Return the bytes of a picture that is kept; None, and away with it, where others are."""
        path = self._cache / picture.name
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(body).hexdigest() == picture.sha256:
            return body
        path.unlink()
        return None


def _shown(published: PublishedEvent) -> Iterator[tuple[Entry, Recording]]:
    """Yield the recordings of talks that are released."""
    for entry in published.entries:
        if entry.released:
            for recording in entry.recordings:
                yield entry, recording


def _dropped(before: Ledger, after: Ledger) -> set[str]:
    """Return the names of pictures that the ledger does not name any more."""
    lost = {
        picture.name
        for key, row in before.videos.items()
        if row is not after.videos.get(key) and (picture := kept(row))
    }
    return lost - {one.name for row in after.videos.values() if lost and (one := kept(row))}


def _filled(passed: Passed, rows: Mapping[str, SeenVideo]) -> Passed:
    """Return an event whose ledger has these rows, and whose recordings name their pictures."""
    entries = tuple(
        replace(entry, recordings=tuple(_pictured(one, rows) for one in entry.recordings))
        if any(one.key in rows for one in entry.recordings)
        else entry
        for entry in passed.published.entries
    )
    return replace(
        passed,
        published=replace(passed.published, entries=entries),
        ledger=replace(passed.ledger, videos={**passed.ledger.videos, **rows}),
    )


def _named(row: SeenVideo, picture: Picture | None) -> SeenVideo:
    return replace(
        row,
        image=picture.path if picture else None,
        image_sha256=picture.sha256 if picture else None,
        image_width=picture.width if picture else None,
        image_height=picture.height if picture else None,
    )


def _pictured(recording: Recording, rows: Mapping[str, SeenVideo]) -> Recording:
    row = rows.get(recording.key)
    if row is None:
        return recording
    return replace(
        recording,
        image=row.image,
        image_width=row.image_width,
        image_height=row.image_height,
    )
