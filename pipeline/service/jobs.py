"""The jobs of one process that runs for years: the pass over what is due, and clearing away.

Holds no rule of its own: what is due is computed by the pass, so a restart, a sleep or a missed
tick neither loses nor doubles anything. What it remembers between passes makes them cheaper only.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from pipeline import report
from pipeline.config import Config
from pipeline.errors import BusyError, PipelineError
from pipeline.looking import fetch_maker
from pipeline.model import Outcome, RunReport, Want
from pipeline.run import publish
from pipeline.service import heartbeat, upkeep
from pipeline.service.clockwork import Clock, Clockwork, Job
from pipeline.service.health import health
from pipeline.service.heartbeat import Heartbeat
from pipeline.service.reloading import Settings
from pipeline.service.runner import Ended, Runner, Stopped
from pipeline.service.systemd import Manager
from pipeline.stages.memory import Memory
from pipeline.state.database import State

LOG = logging.getLogger("recap.service")

STOP_S = 8.0
"""How long a pass that is under way may take to end after SIGTERM. It can be cut short then:
files are whole at every instant, and the next start finishes or undoes what was begun."""

RECHECK_SHARE = 0.02
"""The share of the time that may go into comparing every file with what is remembered: a small
dataset is compared at each tick, one of 10,000 events every few minutes."""

RECHECK_S = 300.0
"""After this long every file is compared, whatever it costs."""

PATIENCE = timedelta(minutes=15)
"""How long nothing may go on before this process is taken for stuck; four ticks, where that is
longer. One list may be slow for minutes."""

Say = Callable[[str], None]

Warn = Callable[[str, Mapping[str, str]], None]
"""Takes a line for people, and the ids of what it speaks of (`logs.IDS`)."""


_FILE = re.compile(r"data/(?!decisions/)([^/]+)/")
"""A file of an event."""

TRIGGER_WAIT_S = 5.0
"""How long a run that somebody waits for waits for one of another process."""


def now() -> datetime:
    """Return the moment it is, in UTC."""
    return datetime.now(UTC)


class Service:
    """Runs the pass at each tick; `say` and `warn` take lines for people.

    `runner` runs the passes: what else asks for one in this process, asks there. `next_tick` tells
    when the scheduler looks again, once it runs.
    """

    def __init__(self, config: Config, *, say: Say, warn: Warn, clock: Clock = now) -> None:
        self.settings = Settings(config)
        self._say = say
        self._warn = warn
        self._clock = clock
        self._heartbeat = Heartbeat()
        self.runner = Runner(self._pass)
        self._stop = threading.Event()
        self._cleared = threading.Event()
        self._cleared.set()
        self._trouble: frozenset[str] = frozenset()
        self._memory = Memory()
        self._recheck_at = 0.0
        self.next_tick: Callable[[], datetime | None] = lambda: None
        self.exit_code = Outcome.FINE

    def tick(self) -> None:
        """Run one pass over what is due. Every error is said, and the next tick tries again."""
        if self._stop.is_set():
            return
        try:
            self._tell(self.runner.publish(Want(due=True)))
        except Stopped:
            LOG.info("ended before anything was written")
        except BusyError as error:
            self._complain({error.message: {}})
        except PipelineError as error:
            self._complain({line: {} for line in error.message.splitlines()})
        except Exception as error:
            LOG.exception("a pass failed; the next tick tries again")
            self._complain({f"a pass failed: {type(error).__name__}; see the log": {}})

    def clear_away(self) -> None:
        """Clear away what is not needed on this machine any more."""
        self._cleared.clear()
        try:
            if not self._stop.is_set():
                self._clear_away()
        finally:
            self._cleared.set()

    def _clear_away(self) -> None:
        config = self.config
        try:
            with State.open(config.state / "state.sqlite") as state:
                upkeep.clear(config, state=state, now=self._now())
        except BusyError:
            LOG.info("a run is under way: clearing away waits")
        except (PipelineError, OSError) as error:
            LOG.warning("clearing away: %s", error)

    @property
    def config(self) -> Config:
        """Return the configuration that the next pass takes, unless its file was changed."""
        return self.settings.config

    def stop(self) -> None:
        """Ask the pass that is under way, and the service, to end."""
        self._stop.set()
        self.runner.stop()

    def fail(self) -> None:
        """Ask the service to end because a part of it died, so that it is started again."""
        self.exit_code = Outcome.FAILED
        self.stop()

    def wait(self, beat: Callable[[], None] = lambda: None) -> None:
        """Wait until the service was asked to end; call `beat` four times a second meanwhile."""
        # Short waits, because what signals ask for is done by `beat`.
        while not self._stop.wait(0.25):
            beat()

    def ended(self, timeout_s: float) -> bool:
        """Wait for the pass or the clearing away that is under way; tell whether it has ended."""
        until = time.monotonic() + timeout_s
        passed = self.runner.ended(timeout_s)
        return self._cleared.wait(max(0.0, until - time.monotonic())) and passed

    def _pass(self, want: Want) -> RunReport:
        config, now = self.settings.current(), self._now()
        url, connect = heartbeat.monitor(config, now)
        self._heartbeat.begin(url, connect=connect, now=now)
        try:
            made = self._published(config, want, now)
        except (BusyError, Stopped):
            raise
        except Exception:
            self._heartbeat.end(url, connect=connect, now=now, wrong=1)
            raise
        made = replace(made, problems=(*made.problems, *self.settings.problems))
        self._heartbeat.end(url, connect=connect, now=now, wrong=len(health(made, now=now).red))
        return made

    def _published(self, config: Config, want: Want, now: datetime) -> RunReport:
        begun, begun_cpu = time.monotonic(), time.thread_time()
        rechecks = begun >= self._recheck_at
        compares = rechecks and self._memory.whole  # the first pass reads everything anyway
        if rechecks:
            self._memory.recheck()
        with State.open(config.state / "state.sqlite") as state:
            made = publish(
                config,
                now=now,
                state=state,
                open_fetch=fetch_maker(config, now),
                want=want,
                wait_s=0.0 if want.due else TRIGGER_WAIT_S,
                track=self._track,
                memory=self._memory,
            )
        if compares:
            took_s = time.thread_time() - begun_cpu
            self._recheck_at = begun + min(took_s / RECHECK_SHARE, RECHECK_S)
        return made

    def _tell(self, made: RunReport) -> None:
        """Say what a pass changed, and what is wrong."""
        for line in report.changes(made):
            self._say(line)
        for line in made.delivered:
            self._say(f"told {line}")
        self._complain(_trouble(made))

    def _complain(self, trouble: Mapping[str, Mapping[str, str]]) -> None:
        """Say what is wrong once when it begins, and once when it has ended; lines have ids."""
        for line, ids in trouble.items():
            if line not in self._trouble:
                self._warn(line, ids)
        if self._trouble and not trouble:
            self._say("all is well again")
        self._trouble = frozenset(trouble)

    def _now(self) -> datetime:
        return self._clock().replace(microsecond=0)

    def _track(self, items: Sequence[str], label: str) -> Iterable[str]:
        LOG.debug("%s %d events", label, len(items))
        for item in items:
            if self._stop.is_set():
                raise Stopped
            self.runner.progress()
            yield item


def _trouble(made: RunReport) -> dict[str, dict[str, str]]:
    """Return what is wrong after a pass, line by line, with the ids of what each speaks of."""
    found: dict[str, dict[str, str]] = {}
    for problem in made.problems:
        event = _FILE.match(problem.file)
        found[str(problem)] = {"event": event[1]} if event else {}
    found |= {line: {} for line in (*made.failures, *made.warnings)}
    for watch in made.watches:
        if watch.error:
            event_id, _, name = watch.key.partition("/")
            found[report.watch_line(watch)] = {"event": event_id, "watch": name}
    return found


Beside = Callable[[Service], AbstractContextManager[object]]
"""Makes what runs beside the scheduler, such as the server, for as long as it is entered."""


def alone(service: Service) -> AbstractContextManager[None]:
    """Let the scheduler run alone."""
    del service
    return nullcontext()


def jobs(service: Service, *, tick: timedelta) -> tuple[Job, Job]:
    """Return what a service does again and again."""
    return (
        Job(id=TICK, run=service.tick, every=tick),
        Job(
            id="clear-away",
            run=service.clear_away,
            # More often than needed: it finds out by itself whether its day has come.
            every=timedelta(hours=6),
            first=timedelta(minutes=10),
            jitter=timedelta(minutes=5),
        ),
    )


def serve(config: Config, *, tick_s: float, say: Say, warn: Warn, beside: Beside = alone) -> int:
    """Run until SIGTERM or SIGINT, and return the exit code.

    After a signal it ends at a clean point, within 10 seconds. SIGHUP reads config.yaml again.
    """
    service, manager = Service(config, say=say, warn=warn), Manager(os.environ)
    asked: set[int] = set()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # Only noted: what it interrupts may hold the very lock that anything more would wait for.
        signal.signal(number, lambda number, _: asked.add(number))
    tick = timedelta(seconds=tick_s)
    clockwork = Clockwork(jobs(service, tick=tick), clock=now)
    service.next_tick = partial(clockwork.next_run, TICK)
    service.runner.listen(partial(_told, manager))
    patience_s = max(PATIENCE, 4 * tick).total_seconds()

    def beat() -> None:
        if asked & {signal.SIGTERM, signal.SIGINT}:
            service.stop()
            return
        if signal.SIGHUP in asked:
            asked.discard(signal.SIGHUP)
            manager.reloading()
            service.settings.reload()
            clockwork.hurry(TICK)
            manager.ready()
        clockwork.set_right()
        if service.runner.still_s < patience_s:
            manager.live()

    clockwork.start()
    say(f"Watching. Publishing to {config.feeds}. End with Ctrl-C or SIGTERM.")
    with beside(service):
        manager.ready()
        service.wait(beat)
        must_end = time.monotonic() + STOP_S
        manager.stopping()
    ended = service.ended(max(0.0, must_end - time.monotonic()))
    clockwork.stop(wait=ended)
    say("Ended." if ended else "Ended; what was under way was dropped.")
    if not ended:
        # The worker thread may sit in a slow answer; nothing it could still write would be torn.
        logging.shutdown()
        os._exit(service.exit_code)
    return service.exit_code


TICK = "tick"


def _told(manager: Manager, ended: Ended) -> None:
    """Tell the service manager how a pass has ended, without what is private."""
    if ended.report is None:
        manager.status("The last pass failed; the log says why.")
        return
    made = ended.report
    wrong = len(health(made, now=made.started).red)
    words = f"{wrong} to mend: recap status --health" if wrong else "all is well"
    manager.status(f"Last pass {report.plain(made.started)}: {words}.")
