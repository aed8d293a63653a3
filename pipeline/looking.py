"""Looking at watch lists: which are due, and what each showed; a failing list is a result.

Reads sources through the one fetch; writes nothing. What was learned (validators, back-off) comes
back as values, which the run stores once the sightings are saved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline import cadence, plugins
from pipeline.errors import ConfigError, DatasetError, FetchError, Problem, SourceError
from pipeline.fetch import HttpFetch, Validators
from pipeline.model import Event, Known, Ledger, Listing, Secret, Source, Watch, WatchReport
from pipeline.state import Look, State

FetchMaker = Callable[[Mapping[str, Validators]], AbstractContextManager[HttpFetch]]
"""Opens a fetch that knows the given validators."""

LEDGER = "ledger"
"""Pseudo address under which the state keeps which sightings its validators speak of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What looking brought: listings by event and watch, reports, and what to store for later."""

    listings: dict[str, dict[str, Listing]] = field(default_factory=dict)
    reports: list[WatchReport] = field(default_factory=list)
    states: dict[str, Look] = field(default_factory=dict)
    validators: dict[str, dict[str, Validators]] = field(default_factory=dict)


class Lookout:
    """Looks at the watch lists of one run; a list that several events share is fetched once."""

    def __init__(
        self, *, state: State, open_fetch: FetchMaker, secret: Secret, now: datetime
    ) -> None:
        self._state = state
        self._open_fetch = open_fetch
        self._secret = secret
        self._now = now
        self._seen: dict[object, tuple[str, Listing | SourceError]] = {}
        self.looks = Looks()

    def learned(self, event: Event, ledger: Ledger) -> None:
        """Note which sightings of the saved `ledger` the new validators of `event` speak of."""
        for watch in event.watches:
            learned = self.looks.validators.get(f"{event.id}/{watch.id}")
            if learned:
                mark = fingerprint(known_keys(ledger, watch))
                learned[LEDGER] = Validators(etag=mark)

    def commit(self) -> None:
        """Store what the run learned of its lists; only after the dataset was saved."""
        self._state.commit(
            looks=self.looks.states,
            validators={
                key: {url: (one.etag, one.last_modified) for url, one in learned.items()}
                for key, learned in self.looks.validators.items()
            },
        )

    def report(self, event: Event, ledger: Ledger) -> None:
        """Note how the lists of `event` stand, without looking."""
        for watch in event.watches:
            self._note(event, watch, ledger, self._state.look(f"{event.id}/{watch.id}"))

    def look(self, event: Event, ledger: Ledger, *, folder: Path, due: bool) -> None:
        """Look at the lists of `event`, with `due` only at those whose time has come."""
        for watch in event.watches:
            key = f"{event.id}/{watch.id}"
            last = self._state.look(key)
            changed = self._is_changed_file(watch, folder, last)
            if self._may_look(event, watch, last, due=due and not changed):
                self._look(event, watch, ledger, folder, last)
            else:
                self._note(event, watch, ledger, last)

    @staticmethod
    def _is_changed_file(watch: Watch, folder: Path, last: Look) -> bool:
        """Tell whether a list that is a file was saved since it was last looked at."""
        where = watch.options.get("path")
        if where is None or last.last_try is None:
            return False
        try:
            saved = (folder / where).stat().st_mtime
        except OSError:
            return False
        return saved >= last.last_try.timestamp()

    def _may_look(self, event: Event, watch: Watch, last: Look, *, due: bool) -> bool:
        if last.not_before and self._now < last.not_before:
            return False
        when = self._next(event, watch, last)
        return not due or when is None or when <= self._now

    def _next(self, event: Event, watch: Watch, last: Look) -> datetime | None:
        step = cadence.interval(event, watch, self._now)
        key = f"{event.id}/{watch.id}"
        when = cadence.next_look(key, step, last_try=last.last_try, failures=last.failures)
        return max(when, last.not_before) if when and last.not_before else when

    def _look(self, event: Event, watch: Watch, ledger: Ledger, folder: Path, last: Look) -> None:
        key = f"{event.id}/{watch.id}"
        # A row that is held back has lost its title; only a whole answer can give it again.
        held = any(not row.video.url for row in ledger.videos.values())
        shown = self._listing(watch, key, folder, known_keys(ledger, watch), whole=held)
        if isinstance(shown, Listing):
            look = Look(last_try=self._now, last_good=self._now)
            self.looks.listings.setdefault(event.id, {})[watch.id] = shown
            self._note(event, watch, ledger, look, shown=shown)
        else:
            look = replace(
                last,
                last_try=self._now,
                failing_since=last.failing_since or self._now,
                failures=last.failures + 1,
                not_before=shown.retry_after if isinstance(shown, FetchError) else None,
                last_error=shown.message,
            )
            self._note(event, watch, ledger, look)
        self.looks.states[key] = look

    def _listing(
        self, watch: Watch, key: str, folder: Path, keys: frozenset[str], *, whole: bool
    ) -> Listing | SourceError:
        options = tuple(sorted(watch.options.items()))
        same = (watch.kind, options)
        owner, shown = ("", None) if "path" in watch.options else self._seen.get(same, ("", None))
        if shown is None or (isinstance(shown, Listing) and shown.unchanged and owner != key):
            # "Unchanged" was said to what another event has seen; this one may know less.
            sent = self._validators(key, keys) if shown is None and not whole else {}
            shown = self._fetched(watch, key, folder, keys, sent)
            if "path" not in watch.options:  # a file beside its event is no other event's list
                self._seen[same] = (key, shown)
        return shown

    def _fetched(
        self,
        watch: Watch,
        key: str,
        folder: Path,
        keys: frozenset[str],
        sent: dict[str, Validators],
    ) -> Listing | SourceError:
        try:
            source: Source = plugins.load("sources", watch.kind)(
                watch, folder=folder, secret=self._secret
            )
            with self._open_fetch(sent) as fetch:
                shown = source.videos(fetch, Known(keys=keys))
                self.looks.validators[key] = {**sent, **fetch.learned}
        except SourceError as error:
            return error
        return shown

    def _validators(self, key: str, keys: frozenset[str]) -> dict[str, Validators]:
        """Return the stored validators, if the ledger still knows what they speak of.

        A dataset that was set back (by git, or by hand) must not be told "unchanged".
        """
        stored = self._state.validators(key)
        mark, _ = stored.pop(LEDGER, (None, None))
        if mark != fingerprint(keys):
            return {}
        return {
            url: Validators(etag=etag, last_modified=modified)
            for url, (etag, modified) in stored.items()
        }

    def _note(
        self,
        event: Event,
        watch: Watch,
        ledger: Ledger,
        look: Look,
        *,
        shown: Listing | None = None,
    ) -> None:
        step = cadence.interval(event, watch, self._now)
        since = look.failing_since
        row = ledger.watches.get(watch.id)
        self.looks.reports.append(
            WatchReport(
                key=f"{event.id}/{watch.id}",
                shown=len(shown.videos) if shown else 0,
                skipped=shown.skipped if shown else (),
                error=look.last_error if since else None,
                late=since is not None and self._now - since > cadence.freshness_budget(step),
                last_good=look.last_good,
                next_look=self._next(event, watch, look),
                gap=bool(row and row.gap),
            )
        )


def check_watches(event: Event, *, folder: Path, file: str) -> None:
    """Raise DatasetError with a Problem for each watch list of `event` that cannot be looked at.

    `file` is the event's file in messages.
    """
    problems = []
    for index, watch in enumerate(event.watches):
        try:
            plugins.load("sources", watch.kind)(watch, folder=folder, secret=_no_secret)
        except ConfigError as error:
            line, column = watch.place
            path = f"watch[{index}]"
            problems.append(
                Problem(file=file, line=line, column=column, path=path, message=error.message)
            )
    if problems:
        raise DatasetError(tuple(problems))


def _no_secret(name: str) -> None:
    """Return nothing: options can be checked without a secret."""


def known_keys(ledger: Ledger, watch: Watch) -> frozenset[str]:
    """Return the keys that the ledger has from `watch`."""
    return frozenset(key for key, row in ledger.videos.items() if watch.id in row.watches)


def fingerprint(keys: Iterable[str]) -> str:
    """Return a short hash of a set of video keys."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:16]
