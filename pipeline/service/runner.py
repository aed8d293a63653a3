"""Passes of one process, one after another, whoever asks: scheduler, desk, trigger.

Wishes that are alike become one run: those that wait do so together, and one that says so joins
the run that is under way. It knows nothing of what a pass does; must not take the lock between
processes, which each pass takes itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from pipeline.errors import BusyError, PipelineError
from pipeline.model import RunReport, Want

LOG = logging.getLogger("recap.runner")

OnePass = Callable[[Want], RunReport]
"""Runs one pass and returns its report; raises what `run.publish` raises."""

MOST_WAITING = 16
"""Different wishes that may wait at a time."""


class Stopped(Exception):  # noqa: N818 - it is a request, not an error
    """The process was asked to end; what was under way wrote nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One pass that is over: its report, or the error that ended it."""

    want: Want
    took_s: float
    report: RunReport | None = None
    error: Exception | None = None


class Runner:
    """Runs one pass at a time, in a thread of its own; any thread may call any method.

    `clock` is in seconds and never goes back.
    """

    def __init__(self, one_pass: OnePass, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._one_pass = one_pass
        self._clock = clock
        self._listeners: list[Callable[[Ended], None]] = []
        self._lock = threading.Lock()
        self._waiting: dict[Want, Future[RunReport]] = {}
        self._under_way: tuple[Want, Future[RunReport]] | None = None
        self._idle = threading.Event()
        self._idle.set()
        self._busy = False
        self._stopped = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="recap-pass")
        self._progress = clock()
        self._begun: float | None = None
        self._took_s = 0.0
        self._latest: RunReport | None = None
        self._failure: str | None = None

    @property
    def latest(self) -> RunReport | None:
        """Return the report of the latest pass over all events; None before the first."""
        return self._latest

    @property
    def failure(self) -> str | None:
        """Return why the latest pass over all events came to no report; None where it did."""
        return self._failure

    @property
    def still_s(self) -> float:
        """Return for how many seconds nothing has begun, gone on or ended."""
        return self._clock() - self._progress

    @property
    def busy_s(self) -> float:
        """Return how long the latest pass over all events took, and the one under way so far."""
        begun = self._begun
        return self._took_s + (0.0 if begun is None else self._clock() - begun)

    def progress(self) -> None:
        """Note that the pass under way goes on."""
        self._progress = self._clock()

    def listen(self, listener: Callable[[Ended], None]) -> None:
        """Let `listener` be told of each pass that ends from now on, in the thread of passes."""
        self._listeners.append(listener)

    def joinable(self, want: Want) -> bool:
        """Tell whether a run of the same wish waits or is under way."""
        with self._lock:
            under_way = self._under_way and self._under_way[0] == want
            return bool(under_way) or want in self._waiting

    def submit(self, want: Want, *, join: bool = False) -> Future[RunReport]:
        """Ask for a run and return its future, which several may share and nobody can cancel.

        `join` takes a run of the same wish that is under way; otherwise the run begins after this
        call. Raises Stopped when the process ends, BusyError when too many different wishes wait.
        """
        with self._lock:
            if self._stopped:
                raise Stopped
            if join and self._under_way and self._under_way[0] == want:
                return self._under_way[1]
            if want in self._waiting:
                return self._waiting[want]
            if len(self._waiting) >= MOST_WAITING:
                raise BusyError(
                    f"{MOST_WAITING} runs wait already, each for something else; "
                    "ask again when they have ended"
                )
            future: Future[RunReport] = Future()
            future.set_running_or_notify_cancel()  # several share it: none may cancel it
            self._waiting[want] = future
            self._idle.clear()
            self._pool.submit(self._next)
            return future

    def publish(self, want: Want, *, join: bool = False) -> RunReport:
        """Ask for a run and wait for its report; raises what the run or `submit` raises."""
        return self.submit(want, join=join).result()

    def stop(self) -> None:
        """Take no more wishes, and let those that wait go; a pass under way goes on."""
        with self._lock:
            self._stopped = True
            waiting, self._waiting = self._waiting, {}
            if not self._busy:
                self._idle.set()
        for future in waiting.values():
            future.set_exception(Stopped())
        self._pool.shutdown(wait=False)

    def ended(self, timeout_s: float) -> bool:
        """Wait until nothing waits or is under way; tell whether that is so."""
        return self._idle.wait(timeout_s)

    def _next(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            want = next(iter(self._waiting))
            future = self._waiting.pop(want)
            self._under_way = (want, future)
            self._busy = True
        begun = self._begun = self._clock()
        self.progress()
        report: RunReport | None = None
        error: Exception | None = None
        try:
            report = self._one_pass(want)
        except Exception as raised:  # it is the asker's: handed over below
            error = raised
        ended = Ended(want=want, took_s=self._clock() - begun, report=report, error=error)
        self._note(ended)
        with self._lock:
            self._under_way = None
        if report is not None:
            future.set_result(report)
        else:
            future.set_exception(error)
        for listener in self._listeners:
            try:
                listener(ended)
            except Exception:
                LOG.exception("the end of a pass could not be told; the next one goes on")
        with self._lock:
            self._busy = False
            if not self._waiting:
                self._idle.set()

    def _note(self, ended: Ended) -> None:
        self._begun = None
        self.progress()
        if ended.want.events or ended.want.dry_run:
            return
        if ended.report:
            self._latest, self._failure, self._took_s = ended.report, None, ended.took_s
        elif not isinstance(ended.error, BusyError | Stopped):
            self._failure = _words(ended.error)


def _words(error: Exception | None) -> str:
    return error.message if isinstance(error, PipelineError) else type(error).__name__
