"""A clock whose time passes only while somebody waits for it."""

from __future__ import annotations

import threading

from pipeline.fetch import Clock


class FakeClock(Clock):
    """Starts at 100 seconds; a wait without an end is a real one."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def wait(self, condition: threading.Condition, seconds: float | None) -> None:
        if seconds is None:
            condition.wait()
        else:
            self.time += seconds
