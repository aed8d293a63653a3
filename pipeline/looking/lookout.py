"""The looks of one run: planned ahead, made by threads, taken in the order of the events.

Nothing depends on which thread is faster: who is asked what is settled before a look begins, and
each answer is read when its event has its turn. Writes nothing but the state, when told to.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from pipeline import cadence
from pipeline.errors import FetchError
from pipeline.fetch import HttpFetch, Traffic, Validators, host_of
from pipeline.looking.asking import Answer, Asker, FetchMaker
from pipeline.looking.hosts import Hosts
from pipeline.looking.needs import (
    LEDGER,
    Identity,
    Need,
    base_of,
    fingerprint,
    host_for,
    identity,
    known_keys,
    need,
    together,
)
from pipeline.looking.recall import Recall
from pipeline.model import Event, Ledger, Listing, Secret, Watch, WatchReport
from pipeline.state.database import Look, Recalled, State
from pipeline.written.watches import Lists

T = TypeVar("T")

LOG = logging.getLogger("recap.looking")

HELD = 20_000
"""Videos of answers that are held for other events that may share their lists: some 30 MB. Those
of a series are held to the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How politely and how widely is asked; see `fetch:` in config.yaml."""

    gap_s: float = 0.0
    connections: int = 2
    workers: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What looking brought: reports, and what to store for later.

    `notes` are sentences for a person.
    """

    reports: list[WatchReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    states: dict[str, Look] = field(default_factory=dict)
    validators: dict[str, dict[str, Validators]] = field(default_factory=dict)


@dataclass(slots=True)
class _Plan:
    """What is to be done with one list of an event; `need` is None where it is not looked at."""

    watch: Watch
    key: str
    last: Look
    need: Need | None = None
    shown: Listing | None = None


@dataclass(slots=True)
class _Asked:
    """A list that is asked: for whom so far, and what comes of it."""

    watch: Watch
    folder: Path
    needs: dict[str, Need] = field(default_factory=dict)
    answer: Future[Answer] | Answer | None = None


class Lookout:
    """Looks at the watch lists of one run; a list that several events share is fetched once.

    An event is planned, then taken; what lies between is how far the threads are ahead. A list
    that is a file is read when its event is taken. Use it in a `with`, or close it.
    """

    def __init__(
        self,
        *,
        state: State,
        open_fetch: FetchMaker,
        secret: Secret,
        now: datetime,
        lists: Lists | None = None,
        limits: Limits | None = None,
    ) -> None:
        limits = limits or Limits()
        self._state = state
        self._now = now
        self._recall = Recall(state)
        self._traffic = Traffic(gap_s=limits.gap_s)
        self._asker = Asker(
            open_fetch=open_fetch, secret=secret, lists=lists or Lists(), traffic=self._traffic
        )
        self._hosts = Hosts(self._traffic, workers=limits.workers, connections=limits.connections)
        self._plans: dict[str, list[_Plan]] = {}
        self._asked: OrderedDict[Identity, _Asked] = OrderedDict()
        self._unasked: list[Identity] = []
        self._held = 0
        self.looks = Looks()

    def __enter__(self) -> Self:
        """Return the lookout itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every thread."""
        self.close()

    def close(self) -> None:
        """End every thread; what was not taken is dropped."""
        self._hosts.close()

    def expect(self, event_ids: Sequence[str]) -> None:
        """Say which events will be planned, in their order."""
        self._recall.expect(event_ids)

    def survey(self, event: Event, ledger: Ledger, *, folder: Path, due: bool) -> None:
        """Note what an event needs of the lists of its series, before any of them is asked."""
        stored = self._state.recall([event.id])
        for watch in event.watches:
            if watch.series:
                self._planned(event, watch, ledger, stored, folder=folder, due=due)

    def plan(self, event: Event, ledger: Ledger, *, folder: Path, due: bool) -> None:
        """Plan the looks at the lists of `event`, with `due` only at those whose time has come."""
        stored = self._recall.take(event.id)
        self._plans[event.id] = [
            self._planned(event, watch, ledger, stored, folder=folder, due=due)
            for watch in event.watches
        ]

    def ask(self) -> None:
        """Let the threads ask what was planned since the last call."""
        for same in self._unasked:
            asked = self._asked[same]
            question = together(asked.watch, folder=asked.folder, needs=tuple(asked.needs.values()))
            asked.answer = self._hosts.ask(
                host_for(asked.watch), partial(self._asker.ask, question)
            )
        self._unasked.clear()

    def rest(self, event: Event) -> None:
        """Plan no look at the lists of `event`; only how they stand is reported."""
        stored = self._recall.take(event.id)
        self._plans[event.id] = [
            _Plan(watch, key, stored.get(key, Recalled()).look)
            for watch in event.watches
            if (key := f"{event.id}/{watch.id}")
        ]

    def look(self, event: Event, *, folder: Path) -> dict[str, Listing]:
        """Return this run's good looks at the lists of a planned event, by watch id."""
        self.ask()
        found: dict[str, Listing] = {}
        for plan in self._plans[event.id]:
            if plan.need is None:
                continue
            answer = self._answer(plan.watch, plan.need, folder=folder)
            self._note(event, plan, answer)
            if plan.shown is not None:
                found[plan.watch.id] = plan.shown
        return found

    def apart(self, url: str, job: Callable[[HttpFetch], T]) -> Future[T]:
        """Let a thread do `job`, which is no look, when it is the turn of the host of `url`."""
        return self._hosts.ask(host_of(url), partial(self._asker.apart, job))

    def learned(self, event: Event, ledger: Ledger) -> Sequence[WatchReport]:
        """Take in what became of a planned event's looks; return how its lists stand.

        `ledger` is the one that is going to be saved: the new validators speak of its sightings.
        """
        reports = []
        for plan in self._plans.pop(event.id):
            learned = self.looks.validators.get(plan.key)
            if learned:
                mark = fingerprint(known_keys(ledger, plan.watch))
                learned[LEDGER] = Validators(etag=mark)
            reports.append(self._report(event, plan, ledger))
        self.looks.reports.extend(reports)
        return reports

    def commit(self) -> None:
        """Store what the run learned of its lists; only after the dataset was saved."""
        self._state.commit(
            looks=self.looks.states,
            validators={
                key: {url: (one.etag, one.last_modified) for url, one in learned.items()}
                for key, learned in self.looks.validators.items()
            },
        )

    def _planned(
        self,
        event: Event,
        watch: Watch,
        ledger: Ledger,
        stored: Mapping[str, Recalled],
        *,
        folder: Path,
        due: bool,
    ) -> _Plan:
        key = f"{event.id}/{watch.id}"
        kept = stored.get(key, Recalled())
        plan = _Plan(watch, key, kept.look)
        changed = _is_changed_file(watch, folder, kept.look)
        if self._may_look(event, plan, ledger, due=due and not changed):
            plan.need = need(
                event, watch=watch, ledger=ledger, now=self._now, stored=kept.validators
            )
            if "path" not in watch.options:
                self._line_up(plan.watch, plan.need, folder=folder)
        return plan

    def _line_up(self, watch: Watch, need: Need, *, folder: Path) -> None:
        """Add a need to those of its list, unless that is asked already."""
        same = identity(watch, folder=base_of(watch, folder=folder))
        asked = self._asked.get(same)
        if asked is None:
            asked = self._asked[same] = _Asked(watch, folder)
            self._unasked.append(same)
        if asked.answer is None:
            asked.needs[need.key] = need

    def _may_look(self, event: Event, plan: _Plan, ledger: Ledger, *, due: bool) -> bool:
        if plan.last.not_before and self._now < plan.last.not_before:
            return False
        when = self._next(event, plan.watch, plan.last, ledger)
        return not due or when is None or when <= self._now

    def _next(self, event: Event, watch: Watch, last: Look, ledger: Ledger) -> datetime | None:
        step = cadence.interval(event, watch=watch, ledger=ledger, now=self._now)
        when = cadence.next_look(
            f"{watch.series or event.id}/{watch.id}",
            step,
            last_try=last.last_try,
            failures=last.failures,
            fresh=cadence.is_fresh(event, self._now),
        )
        bounds = (last.not_before, last.fresh_until)
        return max((when, *(one for one in bounds if one))) if when else when

    def _answer(self, watch: Watch, need: Need, *, folder: Path) -> Answer:
        """Return what a list answered, asking again where that does not tell all it needs."""
        same = identity(watch, folder=base_of(watch, folder=folder))
        asked = self._asked.get(same)
        if asked is not None and asked.answer is not None:
            answer = asked.answer
            if isinstance(answer, Future):
                answer = asked.answer = answer.result()
                self._hold(asked)
            if answer.serves(need):
                return answer
        question = together(watch, folder=folder, needs=(need,))
        if "path" in watch.options:
            answer = self._asker.ask(question)
        else:
            answer = self._hosts.ask(host_for(watch), partial(self._asker.ask, question)).result()
        if "path" not in watch.options or watch.series:
            if asked is not None:
                self._held -= _size(asked)
            self._asked[same] = _Asked(watch, folder, answer=answer)
            self._hold(self._asked[same])
        return answer

    def _hold(self, asked: _Asked) -> None:
        """Keep an answer for others that share its list, and let go of the oldest if need be."""
        self._held += _size(asked)
        while self._held > HELD:
            same = next(each for each, asked in self._asked.items() if _size(asked))
            self._held -= _size(self._asked.pop(same))

    def _note(self, event: Event, plan: _Plan, answer: Answer) -> None:
        """Note what a look brought for one event."""
        if answer.note:
            self.looks.notes.append(f"{plan.key}: {answer.note}")
        last = plan.last
        if answer.shown is not None:
            until = self._now + cadence.longest_rest(fresh=cadence.is_fresh(event, self._now))
            plan.last = Look(
                last_try=self._now,
                last_good=self._now,
                fresh_until=min(answer.fresh_until, until) if answer.fresh_until else None,
            )
            plan.shown = answer.shown
            self.looks.notes.extend(f"{plan.key}: {note}" for note in answer.shown.notes)
            self.looks.validators[plan.key] = dict(answer.learned)
        elif answer.error is not None:
            error = answer.error
            plan.last = replace(
                last,
                last_try=self._now,
                failing_since=last.failing_since or self._now,
                failures=last.failures + 1,
                not_before=error.retry_after if isinstance(error, FetchError) else None,
                last_error=error.message,
                fresh_until=None,
            )
        self.looks.states[plan.key] = plan.last
        words = f"it shows {len(answer.shown.videos)} videos" if answer.shown else answer.error
        LOG.debug("%s: %s", plan.key, words, extra={"event": event.id, "watch": plan.watch.id})

    def _report(self, event: Event, plan: _Plan, ledger: Ledger) -> WatchReport:
        step = cadence.interval(event, watch=plan.watch, ledger=ledger, now=self._now)
        last, shown = plan.last, plan.shown
        since = last.failing_since
        row = ledger.watches.get(plan.watch.id)
        return WatchReport(
            key=plan.key,
            shown=len(shown.videos) if shown else 0,
            skipped=shown.skipped if shown else (),
            error=last.last_error if since else None,
            late=since is not None and self._now - since > cadence.freshness_budget(step),
            last_good=last.last_good,
            next_look=self._next(event, plan.watch, last, ledger),
            gap=row.gap if row else None,
            failing_since=since,
            series=plan.watch.series,
        )


def _size(asked: _Asked) -> int:
    """Return how much may be let go with an answer; nothing of what has to be held."""
    answer = asked.answer
    if asked.watch.series or not isinstance(answer, Answer):
        return 0
    shown = len(answer.shown.videos) if answer.shown else 0
    return 1 + shown + sum(len(each.keys) for each in answer.question.needs)


def _is_changed_file(watch: Watch, folder: Path, last: Look) -> bool:
    """Tell whether a list that is a file was saved since it was last looked at."""
    where = watch.options.get("path")
    if where is None or last.last_try is None:
        return False
    try:
        saved = (base_of(watch, folder=folder) / where).stat().st_mtime
    except OSError:
        return False
    return saved >= last.last_try.timestamp()
