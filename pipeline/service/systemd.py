"""What a service manager is told over its datagram socket (sd_notify(3)); nothing without one.

Must not decide how the process stands: who calls, knows.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Mapping

LOG = logging.getLogger("recap.systemd")

Monotonic = Callable[[], float]


class Manager:
    """Tells the manager that started this process how it stands.

    `environment` names the socket (NOTIFY_SOCKET) and how often the manager wants a sign of life
    (WATCHDOG_USEC), as systemd sets them. `monotonic` is in seconds.
    """

    def __init__(
        self, environment: Mapping[str, str], *, monotonic: Monotonic = time.monotonic
    ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._every_s = _watchdog_s(environment)
        self._monotonic = monotonic
        self._next_sign = monotonic()

    def ready(self) -> None:
        """Say that the start, or a reload, has ended."""
        self._tell("READY=1")

    def reloading(self) -> None:
        """Say that the configuration is read again; `ready` has to follow."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={int(self._monotonic() * 1_000_000)}")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._tell("STOPPING=1")

    def status(self, line: str) -> None:
        """Say in one line how things stand, for `systemctl status`."""
        self._tell(f"STATUS={' '.join(line.split())}")

    def live(self) -> None:
        """Give a sign of life where one is due; twice as often as the manager asks for."""
        now = self._monotonic()
        if self._every_s and now >= self._next_sign:
            self._next_sign = now + self._every_s / 2
            self._tell("WATCHDOG=1")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        # A leading @ stands for the null byte of an address without a file (unix(7)).
        address = f"\0{self._address[1:]}" if self._address[0] == "@" else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.connect(address)
                out.sendall(words.encode())
        except OSError as error:
            # The work goes on without a manager that hears of it.
            LOG.warning("%s: not told %r: %s", self._address, words, error.strerror)


def _watchdog_s(environment: Mapping[str, str]) -> float:
    """Return within how many seconds a sign is wanted of this process; 0 for never."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0.0
    value = environment.get("WATCHDOG_USEC", "")
    return int(value) / 1_000_000 if value.isascii() and value.isdecimal() else 0.0
