"""What the calls of one run share: a pace for each host, an eye on the time, the trusted roots.

Decides when a request may go and ends those that take too long. Must not know what is asked for,
or who asks.
"""

from __future__ import annotations

import math
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import certifi
from urllib3.util.ssl_ import create_urllib3_context

from pipeline.errors import FetchError
from pipeline.text import mask

_SIDE_DOORS = ("www.", "m.")
"""Names under which sites answer beside their own; whoever asks both asks the same machines."""


def host_of(url: str) -> str:
    """Return the host of an address as the gap between requests counts it; "" where it has none.

    A port of its own is a server of its own.
    """
    try:
        host = urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
    for door in _SIDE_DOORS:
        host = host.removeprefix(door)
    return host


class Clock:
    """Monotonic seconds, and waiting for them; a test gives one of its own."""

    def now(self) -> float:
        """Return seconds since some moment."""
        return time.monotonic()

    def wait(self, condition: threading.Condition, seconds: float | None) -> None:
        """Wait, with `condition` held, until it is notified or the time is over."""
        condition.wait(seconds)


class Watchdog:
    """One thread that ends calls whose time is over; it begins with the first call.

    A thread for each call would cost more than a short call itself.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls: dict[object, tuple[float, Callable[[], None]]] = {}
        self._thread: threading.Thread | None = None
        self._wakes = math.inf
        self._closed = False

    @contextmanager
    def watching(self, end: float, cut: Callable[[], None]) -> Iterator[None]:
        """Call `cut` should the block still run at `end`, in seconds of `time.monotonic`.

        `cut` is never called once the block was left.
        """
        token = object()
        with self._changed:
            self._calls[token] = (-math.inf if self._closed else end, cut)
            if self._closed:
                cut()
            elif self._thread is None:
                self._thread = threading.Thread(target=self._run, name="recap-watchdog")
                self._thread.start()
            elif end < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                del self._calls[token]

    def close(self) -> None:
        """Cut every call that runs, and end the thread."""
        with self._changed:
            if not self._closed:
                self._closed = True
                for _, cut in self._calls.values():
                    cut()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for token, (end, cut) in self._calls.items():
                    if end <= now:
                        self._calls[token] = (math.inf, cut)
                        cut()
                self._wakes = min((end for end, _ in self._calls.values()), default=math.inf)
                self._changed.wait(None if self._wakes == math.inf else self._wakes - now)


class Traffic:
    """Shared by the calls of one run, from any thread; close it when the run ends.

    `gap_s` is the least time between two requests to one host.
    """

    def __init__(self, *, gap_s: float = 0.0, clock: Clock | None = None) -> None:
        self.watchdog = Watchdog()
        self.clock = clock or Clock()
        self._gap_s = gap_s
        self._changed = threading.Condition()
        self._free: dict[str, float] = {}
        self._turn = threading.local()
        self._closed = False
        self._roots: ssl.SSLContext | None = None

    def admit(self, host: str) -> float:
        """Take the next turn at `host` for this thread's next request, if it is due.

        Returns 0.0 then, else the seconds until it is; nothing is taken in that case.
        """
        with self._changed:
            now = self.clock.now()
            wait_s = self._free.get(host, now) - now
            if wait_s > 0:
                return wait_s
            self._free[host] = now + self._gap_s
            self._turn.host = host
            return 0.0

    def pace(self, url: str) -> None:
        """Wait until a request to `url` may go. Raises FetchError when the run ends meanwhile."""
        host = host_of(url)
        with self._changed:
            if getattr(self._turn, "host", None) == host:
                self._turn.host = None
            elif self._gap_s:
                now = self.clock.now()
                turn = max(now, self._free.get(host, now))
                self._free[host] = turn + self._gap_s
                while not self._closed and (left := turn - self.clock.now()) > 0:
                    self.clock.wait(self._changed, left)
            if self._closed:
                raise FetchError(
                    f"{mask(url)} was not fetched: the run was ended; the next one fetches it"
                )

    def roots(self) -> ssl.SSLContext:
        """Return the TLS settings with the trusted roots, which are costly to load."""
        with self._changed:
            if self._roots is None:
                self._roots = create_urllib3_context()
                self._roots.load_verify_locations(certifi.where())
            return self._roots

    def close(self) -> None:
        """End every wait and every call; what is asked for afterwards is refused."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.watchdog.close()
