"""Wishes of other programs: how often, and the same wish asked twice is one run.

Remembers keys in memory only: after a restart a key is new. Must not run anything itself.
"""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future

from pipeline.model import RunReport, Want
from pipeline.service.runner import Runner
from pipeline.web.limits import Bucket, Buckets

RATE = Bucket(size=10, every_s=6.0)
"""Ten runs at once, and then one more every six seconds; calls that join a run are free."""

KEYS_KEPT = 1_000


class TooOften(Exception):  # noqa: N818 - it is an answer, not an error
    """Another run may only begin after `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class KeyTaken(Exception):  # noqa: N818 - it is an answer, not an error
    """The idempotency key was given before, for something else."""


class Triggers:
    """Asks the runner, for as many as want the same."""

    def __init__(self, runner: Runner, *, rate: Buckets | None = None) -> None:
        self._runner = runner
        self._rate = rate or Buckets(RATE)
        self._keys: OrderedDict[str, tuple[Want, Future[RunReport]]] = OrderedDict()

    def ask(self, want: Want, *, key: str | None) -> Future[RunReport]:
        """Return the run of a wish: that of the same key, one that is under way, or a new one.

        Raises TooOften, KeyTaken, and what `Runner.submit` raises.
        """
        if key is not None and key in self._keys:
            before, future = self._keys[key]
            if before != want:
                raise KeyTaken
            if not (future.done() and future.exception()):
                return future
        if not self._runner.joinable(want):
            wait_s = self._rate.wait_s("")
            if wait_s:
                raise TooOften(wait_s)
            self._rate.take("")
        future = self._runner.submit(want, join=True)
        if key is not None:
            self._keys[key] = (want, future)
            while len(self._keys) > KEYS_KEPT:
                self._keys.popitem(last=False)
        return future
