"""How often Python looks for reference cycles while a pass makes many values that have none.

By default after each 700 new objects: a seventh of a build of 540 events (docs/benchmarks.md).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 20_000
"""New objects after which Python looks for cycles: some 2 MB."""


@contextmanager
def rarely_sought() -> Iterator[None]:
    """Let Python look for reference cycles less often; in the whole process, while it lasts."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
