"""How often somebody may do something: a bucket that fills with time.

Counts only; must not know who is counted, nor for what.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST = 10_000
"""Names that are remembered: beyond that the oldest start afresh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """`size` times at once, and once more `every_s` seconds."""

    size: int
    every_s: float


class Buckets:
    """One bucket a name; `clock` is in seconds and never goes back."""

    def __init__(self, bucket: Bucket, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._bucket = bucket
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, name: str) -> float:
        """Return how long `name` has to wait before it may take; 0 where it need not."""
        room_s = (self._bucket.size - 1) * self._bucket.every_s
        return max(0.0, self._full_at.get(name, 0.0) - self._clock() - room_s)

    def take(self, name: str) -> None:
        """Take once from the bucket of `name`, whether it holds something or not."""
        now = self._clock()
        self._full_at[name] = max(self._full_at.pop(name, now), now) + self._bucket.every_s
        while len(self._full_at) > _MOST:
            self._full_at.popitem(last=False)
