"""One look at one list: its source, and its fuller way where the first may have missed videos.

Runs in any thread: touches nothing but what it is given, and says what happened as a value.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar

from pipeline.errors import FetchError, SourceError
from pipeline.fetch import HttpFetch, Traffic, Validators
from pipeline.ledger import overflows
from pipeline.looking.checks import make_source
from pipeline.looking.needs import Need, Question
from pipeline.model import Completeness, Known, Listing, Secret, Watch
from pipeline.written.watches import Lists

T = TypeVar("T")

LOG = logging.getLogger("recap.looking")


class FetchMaker(Protocol):
    """Opens a fetch that knows the given validators, and minds what all of a run share."""

    def __call__(
        self, validators: Mapping[str, Validators], traffic: Traffic | None = None, /
    ) -> AbstractContextManager[HttpFetch]:
        """Return the fetch of one look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a look brought: `shown`, or an `error`.

    `learned` are the validators to ask with next time, `fresh_until` the moment until which the
    server calls its answer fresh. `retried` says that the fallback was asked as well, and `note`
    what a person should know of it.
    """

    question: Question
    shown: Listing | None = None
    error: SourceError | None = None
    learned: Mapping[str, Validators] = field(default_factory=dict)
    fresh_until: datetime | None = None
    retried: bool = False
    note: str | None = None

    def serves(self, need: Need) -> bool:
        """Tell whether the answer to a question of others tells all that `need` needs."""
        asked = self.question
        if self.shown is None or any(each.key == need.key for each in asked.needs):
            return True
        if self.shown.unchanged:
            return not need.anew and need.stored == asked.sent
        if asked.watch.fallback and not self.retried and _misses(self.shown, need):
            return False
        return asked.whole or (not need.whole and asked.keys <= need.keys)


class Asker:
    """Asks lists. `traffic` is what all looks of a run share."""

    def __init__(
        self, *, open_fetch: FetchMaker, secret: Secret, lists: Lists, traffic: Traffic
    ) -> None:
        self._open_fetch = open_fetch
        self._secret = secret
        self._lists = lists
        self._traffic = traffic

    def ask(self, question: Question) -> Answer:
        """Look at a list once; where it fails or may have missed videos, also its fallback."""
        first = self._look(question, question.watch, sent=question.sent, whole=question.whole)
        fuller = question.watch.fallback
        if fuller is None:
            return first
        if first.shown and not any(_misses(first.shown, need) for need in question.needs):
            return first
        second = self._look(question, fuller, sent={}, whole=True)
        return _better(first, second, kind=fuller.kind)

    def apart(self, job: Callable[[HttpFetch], T]) -> T:
        """Do a job that is no look, with a fetch of its own that minds what the looks share."""
        with self._open_fetch({}, self._traffic) as fetch:
            return job(fetch)

    def _look(
        self, question: Question, watch: Watch, *, sent: Mapping[str, Validators], whole: bool
    ) -> Answer:
        try:
            source = make_source(
                watch, folder=question.folder, secret=self._secret, lists=self._lists
            )
            with self._open_fetch(sent, self._traffic) as fetch:
                shown = source.videos(fetch, Known(keys=question.keys, whole=whole))
                return Answer(
                    question=question,
                    shown=shown,
                    learned={**sent, **fetch.learned},
                    fresh_until=fetch.fresh_until,
                )
        except SourceError as error:
            return Answer(question=question, error=error)
        except Exception as error:
            # A defect of one kind, maybe another distribution's, must not stop other lists.
            event_id = question.needs[0].key.partition("/")[0]
            ids = {"event": event_id, "watch": watch.id}
            LOG.exception("reading a list of kind %r broke", watch.kind, extra=ids)
            return Answer(question=question, error=_defect(watch, error))


def _defect(watch: Watch, error: Exception) -> SourceError:
    """Return the error of a look that raised what no source may raise."""
    return SourceError(
        f"the kind {watch.kind!r} broke while it read the list ({type(error).__name__}); "
        "that is a defect of the program or of a plug-in: report it with the log, which has more"
    )


def _misses(shown: Listing, need: Need) -> bool:
    """Tell whether videos may have passed unseen, now or at an earlier look."""
    if shown.completeness is Completeness.COMPLETE and not shown.unchanged:
        return False
    return need.gap or overflows(shown, need.keys, since=need.since)


def _better(first: Answer, second: Answer, *, kind: str) -> Answer:
    """Return the fuller of two looks at a list by two ways; `kind` is the second's.

    What the first way would call unchanged next time was not what the second one showed, so its
    validators are let go with it.
    """
    where = f"the fallback {kind!r}"
    if second.error and first.error:
        both = FetchError(
            f"{first.error.message}. The fallback {kind!r} failed as well: {second.error.message}",
            retry_after=first.error.retry_after if isinstance(first.error, FetchError) else None,
        )
        return replace(first, error=both, retried=True)
    if second.shown is None or second.shown.unchanged:
        why = second.error.message if second.error else "it showed nothing"
        note = f"videos may have been missed, and {where} failed: {why}"
        return replace(first, retried=True, note=note)
    if first.error:
        note = f"read by {where} only, for the list itself failed: {first.error.message}"
        return replace(second, learned={}, retried=True, note=note)
    if _fullness(second.shown) > _fullness(first.shown):
        return replace(second, learned={}, retried=True)
    return replace(first, retried=True)


def _fullness(shown: Listing | None) -> tuple[bool, int]:
    if shown is None or shown.unchanged:
        return (False, 0)
    return (shown.completeness is Completeness.COMPLETE, len(shown.videos))
