"""APScheduler as the clock of one process: which jobs there are, and when each runs next.

Jobs live in memory and are made anew at each start: nothing that happened is remembered here, so
nothing can be lost or doubled by it. A job looks at what is due by what is stored; the clock only
says when to look. Must not know what a job does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler

Clock = Callable[[], datetime]
"""Returns the moment it is, aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do again and again; first at `first` after the start, then `every` so often.

    `jitter` moves each run by as much at most, so that many machines do not do it together.
    """

    id: str
    run: Callable[[], None]
    every: timedelta
    first: timedelta = timedelta()
    jitter: timedelta | None = None


class Clockwork:
    """Runs jobs in threads of its own, each one once at a time, from `start` until `stop`.

    What was missed, by a sleep or a run that took long, is done once. `clock` has to be the one
    that the scheduler reads.
    """

    def __init__(
        self, jobs: Sequence[Job], *, clock: Clock, scheduler: BaseScheduler | None = None
    ) -> None:
        self._jobs = jobs
        self._clock = clock
        self._scheduler = scheduler or BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(len(jobs))}
        )

    def start(self) -> None:
        """Begin."""
        # A pass that takes longer than a tick is no news, and would be told of at each one.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        now = self._clock()
        for job in self._jobs:
            self._scheduler.add_job(
                job.run,
                "interval",
                seconds=job.every.total_seconds(),
                jitter=job.jitter.total_seconds() if job.jitter else None,
                id=job.id,
                coalesce=True,
                max_instances=1,
                # The default of one second drops runs that are late, after a sleep for example.
                misfire_grace_time=None,
                next_run_time=now + job.first,
            )
        self._scheduler.start()

    def stop(self, *, wait: bool) -> None:
        """Begin nothing more; `wait` for what is under way."""
        self._scheduler.shutdown(wait=wait)

    def next_run(self, job_id: str) -> datetime | None:
        """Return when a job runs next, None where it is not there."""
        found = self._scheduler.get_job(job_id)
        moment: datetime | None = found.next_run_time if found else None
        return moment

    def hurry(self, job_id: str) -> None:
        """Run a job now, whatever its turn is."""
        self._scheduler.modify_job(job_id, next_run_time=self._clock())

    def set_right(self) -> None:
        """Bring back what lies too far ahead, because the machine's clock was set back.

        Without that, a job would rest until the clock shows the old time again. To be called every
        second or so.
        """
        now = self._clock()
        for job in self._jobs:
            longest = max(job.first, job.every) + (job.jitter or timedelta())
            moment = self.next_run(job.id)
            if moment and moment - now > longest:
                self._scheduler.modify_job(job.id, next_run_time=now + min(job.first, job.every))
