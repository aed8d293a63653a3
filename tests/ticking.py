"""APScheduler by a clock of the test's own: no thread, no wait, jobs run where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers import base
from apscheduler.schedulers.base import BaseScheduler

from pipeline.service.clockwork import Clockwork, Job
from tests.workspace import START


class StillScheduler(BaseScheduler):  # type: ignore[misc]  # the library has no types
    """The library's own scheduler, without the thread that calls it when it is time."""

    def wakeup(self) -> None:
        """Nobody is asleep."""

    def shutdown(self, wait: bool = True) -> None:
        """End what the library holds; there is no thread to end."""
        super().shutdown(wait)

    def turn(self) -> None:
        """Do what the thread does each time it wakes."""
        self._process_jobs()


@dataclass(slots=True)
class Time:
    """The machine's clock, which also the scheduler reads. It may be set to anything."""

    now: datetime = START
    schedulers: list[StillScheduler] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def started(self, jobs: Sequence[Job]) -> Clockwork:
        """Start a clockwork that runs by this clock."""
        scheduler = StillScheduler(timezone=UTC, executors={"default": DebugExecutor()})
        made = Clockwork(jobs, clock=self, scheduler=scheduler)
        made.start()
        self.schedulers = [scheduler]
        return made

    def passes(self, *, step: timedelta = timedelta(minutes=1), **more: float) -> None:
        """Let time pass in steps, after each of which the scheduler has its turn."""
        end = self.now + timedelta(**more)
        while self.now < end:
            self.now += step
            self.turn()

    def jumps(self, **more: float) -> None:
        """Sleep, or be set: all at once."""
        self.now += timedelta(**more)

    def turn(self) -> None:
        """Give the scheduler its turn."""
        for scheduler in self.schedulers:
            scheduler.turn()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """A clock that stands until the test moves it."""
    made = Time()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # no subclass of itself
            return made.now.astimezone(tz)

    monkeypatch.setattr(base, "datetime", Clock)
    return made
