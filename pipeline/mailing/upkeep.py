"""What the state keeps of mails follows what became of the data since.

Must not send, nor decide what is held: this only adds what a run made, and takes away what may not
leave as it is any more.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import astuple, replace
from datetime import datetime

from pipeline.config import Config
from pipeline.dataset.folder import FolderStore
from pipeline.errors import DatasetError
from pipeline.mailing.cases import Case, Casebook
from pipeline.sending.letters import Letters
from pipeline.sending.provenance import Known, Provenance
from pipeline.state.database import State


def know(state: State, made: Iterable[Known]) -> None:
    """Store which announcements this state's own run has made.

    To be called right after the ledger that holds them was saved: what a state does not know, it
    does not send by itself.
    """
    Provenance(state).know(made)


def clean(config: Config, *, store: FolderStore, state: State, now: datetime) -> None:
    """Drop stored bodies that were made before something in them may have been withdrawn."""
    letters = Letters(state)
    stored = letters.listed(stages=("planned", "held", "failed", "unknown"))
    # Those of an event that was renamed are looked at when they have followed it.
    stored = tuple(one for one in stored if store.has(one.key.event))
    if not stored:
        return
    book = Casebook(config, store)
    stale = {one.key.event for one in stored if one.bars != book.bars(one.key.event)}
    for event_id in sorted(stale):
        letters.purge(event_id, now=now)


def follow(cases: Iterable[Case], *, store: FolderStore, state: State) -> bool:
    """Take letters under today's ids of their events; tell whether there were any under others.

    Call it only under the lock of sending.
    """
    letters, own, moved = Letters(state), Provenance(state), 0
    renamed = {old: case.event for case in cases for old in case.published.event.was}
    for old, new in renamed.items():
        if not store.has(old):
            moved += letters.rename(old, new)
            own.rename(old, new)
    return moved > 0


def stop(book: Casebook, letters: Letters, *, now: datetime, insist: Container[str]) -> None:
    """Stop letters of any event that nobody wants to leave any more.

    Skipped are those of drafts that are not open, for a restored state still has them; held are
    those whose approval was taken back.
    """
    waiting = {replace(one.key, recipient="") for one in letters.listed(stages=("planned", "held"))}
    for event_id in sorted({key.event for key in waiting}):
        try:
            drafts = {(one.id, one.target): one for one in book.drafts(event_id)}
        except DatasetError:
            continue  # said where its cases were read
        for key in sorted(key for key in waiting if key.event == event_id):
            draft, of = drafts.get((key.announcement, key.target)), astuple(key)[:3]
            if draft is None:
                letters.skip(*of, now=now)
            elif str(key) not in insist and book.is_taken_back(event_id, draft):
                letters.hold(*of, now=now, detail="its approval was taken back")
