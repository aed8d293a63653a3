"""One event of the dataset as the desk needs it, and decisions written under the lock.

Read anew for each page, so that a page never shows what was. Holds the data directory only while
it writes. Must not know of requests or pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline import merging, passage
from pipeline.config import Config
from pipeline.dataset.decisions import decider
from pipeline.dataset.folder import FolderStore
from pipeline.errors import DatasetError
from pipeline.files.lock import hold
from pipeline.model import Decision, EventFiles, Verb
from pipeline.passage import Passed, Surroundings
from pipeline.review import CORRECTIONS, Offer, dated, later_words, offer, untried, why_moved
from pipeline.status import unknown_event

LOCK_WAIT_S = 5.0
"""How long a decision waits for a run that is under way, before the page says who is at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One event, after its passage without a look at any list, at the moment `now`.

    `by` is who decides here.
    """

    config: Config
    store: FolderStore
    files: EventFiles
    around: Surroundings
    passed: Passed
    now: datetime
    by: str

    @property
    def id(self) -> str:
        """Return the event's id."""
        return self.files.event.id

    @property
    def latest(self) -> Decision | None:
        """Return the event's latest decision that stands, which undoing takes back."""
        held = merging.standing([*self.files.decisions, *self.around.shared])
        own = {one.id for one in self.files.decisions}
        found = [one for one in held if one.id in own and one.verb in CORRECTIONS]
        return found[-1] if found else None

    def offer(self, verb: Verb, *, when: datetime, **fields: str | None) -> Offer:
        """Return a decision of this installation's person, made ready, and what it changes.

        Raises ConfigError where it would have no effect.
        """
        word = self._word(verb, when, fields)
        return offer(self.files, self.around, word, before=self.passed, now=self.now)

    def untried(self, verb: Verb, *, when: datetime, **fields: str | None) -> Offer:
        """Return the same without trying what it changes, which takes as long as a pass does."""
        word = self._word(verb, when, fields)
        return untried(self.files, self.around, word, before=self.passed)

    def _word(self, verb: Verb, when: datetime, fields: Mapping[str, str | None]) -> Decision:
        word = Decision(id="", time=when, verb=verb, by=self.by, start=None, mend=None, **fields)
        return dated(word, when)


def make_store(config: Config) -> FolderStore:
    """Return the dataset's folder."""
    return FolderStore(config.data, zone=config.site.timezone, lists=config.lists)


def open_room(config: Config, event_id: str, *, now: datetime) -> Room:
    """Open one event. Raises DatasetError where there is none of that id, or it is broken."""
    store = make_store(config)
    ids = store.event_ids()
    if event_id not in ids:
        raise DatasetError((unknown_event(event_id, ids),))
    barred, shared = store.barred()
    around = Surroundings(
        installation=store.installation(),
        tag=config.site.tag,
        barred=barred,
        shared=shared,
        plan=config.plan,
        targets=config.mail_ids,
    )
    files = store.open(event_id)
    return Room(
        config=config,
        store=store,
        files=files,
        around=around,
        passed=passage.take(files, {}, around, now=now),
        now=now,
        by=decider(config.root),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came of a decision: `moved` says why nothing was written, "" where it was.

    `room` is the event as it was before.
    """

    room: Room
    word: Decision | None = None
    moved: str = ""


def write(
    config: Config,
    event_id: str,
    wanted: Callable[[Room], Offer],
    *,
    seal: str,
    when: datetime,
    now: datetime,
) -> Written:
    """Write what a page showed; where the world moved since `when`, write nothing and say why.

    `wanted` makes the decision anew, and `seal` is that of what was shown. Raises BusyError while a
    run goes on, ConfigError where the decision would have no effect.
    """
    note = config.state / "holder.json"
    with hold(config.data, holder=note, now=now, wait_s=LOCK_WAIT_S, what="a decision"):
        room = open_room(config, event_id, now=now)
        made = wanted(room)
        if when > now or not made.keeps(seal):
            later = later_words(room.files, room.around, since=when)
            return Written(room=room, moved=why_moved(later))
        word, _ = room.store.decide(made.word, event_id=event_id)
    return Written(room=room, word=word)
