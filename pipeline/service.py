"""APScheduler as the clock of one process: one job that runs the pass over what is due.

Holds no rule of its own: what is due is computed by the pass, so a restart, a sleep or a missed
tick neither loses nor doubles anything. What it remembers between passes makes them cheaper only.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from pipeline import report
from pipeline.config import Config
from pipeline.errors import BusyError, PipelineError
from pipeline.looking import fetch_maker
from pipeline.memory import Memory
from pipeline.model import Outcome, Want
from pipeline.run import publish
from pipeline.state import State

LOG = logging.getLogger("recap.service")

STOP_S = 8.0
"""How long a pass that is under way may take to end after SIGTERM. It can be cut short then:
files are whole at every instant, and the next start finishes or undoes what was begun."""

RECHECK_SHARE = 0.02
"""The share of the time that may go into comparing every file with what is remembered: a small
dataset is compared at each tick, one of 10,000 events every few minutes."""

RECHECK_S = 300.0
"""After this long every file is compared, whatever it costs."""

Say = Callable[[str], None]


class Stopped(Exception):  # noqa: N818 - it is a request, not an error
    """The service was asked to end while a pass was still reading; nothing was written."""


class Service:
    """Runs the pass at each tick; `say` and `warn` take lines for people."""

    def __init__(self, config: Config, *, say: Say, warn: Say) -> None:
        self._config = config
        self._say = say
        self._warn = warn
        self._stop = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._trouble: tuple[str, ...] = ()
        self._memory = Memory()
        self._recheck_at = 0.0

    def tick(self) -> None:
        """Run one pass over what is due. Every error is said, and the next tick tries again."""
        if self._stop.is_set():
            return
        self._idle.clear()
        try:
            self._pass()
        except Stopped:
            LOG.info("ended before anything was written")
        except BusyError as error:
            self._complain((error.message,))
        except PipelineError as error:
            self._complain(tuple(error.message.splitlines()))
        except Exception as error:
            LOG.exception("a pass failed; the next tick tries again")
            self._complain((f"a pass failed: {type(error).__name__}; see the log",))
        finally:
            self._idle.set()

    def stop(self) -> None:
        """Ask the pass that is under way, and the service, to end."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until the service was asked to end."""
        # Short waits, because a bare wait() would keep signal handlers from running on some
        # platforms until it returns.
        while not self._stop.wait(0.5):
            pass

    def ended(self, timeout_s: float) -> bool:
        """Wait for the pass that is under way; tell whether it has ended."""
        return self._idle.wait(timeout_s)

    def _pass(self) -> None:
        config = self._config
        now = datetime.now(UTC).replace(microsecond=0)
        begun = time.monotonic()
        rechecks = begun >= self._recheck_at
        if rechecks:
            self._memory.recheck()
        with State.open(config.state / "state.sqlite") as state:
            made = publish(
                config,
                now=now,
                state=state,
                open_fetch=fetch_maker(config, now),
                want=Want(due=True),
                track=self._track,
                memory=self._memory,
            )
        if rechecks:
            took_s = time.monotonic() - begun
            self._recheck_at = begun + min(took_s / RECHECK_SHARE, RECHECK_S)
        for line in report.changes(made):
            self._say(line)
        for line in made.delivered:
            self._say(f"told {line}")
        failing = [report.watch_line(watch) for watch in made.watches if watch.error]
        self._complain((*map(str, made.problems), *made.failures, *made.warnings, *failing))

    def _complain(self, trouble: tuple[str, ...]) -> None:
        """Say what is wrong once when it begins, and once when it has ended."""
        for line in trouble:
            if line not in self._trouble:
                self._warn(line)
        if self._trouble and not trouble:
            self._say("all is well again")
        self._trouble = trouble

    def _track(self, items: Sequence[str], label: str) -> Iterable[str]:
        LOG.debug("%s %d events", label, len(items))
        for item in items:
            if self._stop.is_set():
                raise Stopped
            yield item


def serve(config: Config, *, tick_s: float, say: Say, warn: Say) -> int:
    """Run until SIGTERM or SIGINT, and return the exit code.

    After a signal it ends at a clean point, within 10 seconds.
    """
    service = Service(config, say=say, warn=warn)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        service.tick,
        "interval",
        seconds=tick_s,
        id="look",
        coalesce=True,
        max_instances=1,
        # The default of one second drops runs that are late, after a sleep for example.
        misfire_grace_time=None,
        next_run_time=datetime.now(UTC),
    )
    scheduler.start()
    say(f"Watching. Publishing to {config.feeds}. End with Ctrl-C or SIGTERM.")
    service.wait()
    ended = service.ended(STOP_S)
    scheduler.shutdown(wait=ended)
    say("Ended." if ended else "Ended; the look that was under way was dropped.")
    if not ended:
        # The worker thread may sit in a slow answer; nothing it could still write would be torn.
        logging.shutdown()
        os._exit(Outcome.FINE)
    return Outcome.FINE
