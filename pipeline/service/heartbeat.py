"""A sign of life to a monitor that calls when it stays away: start, success, fail.

The address is that of a check at healthchecks.io, or of a service that takes the same (its
documentation, "Pinging API"): `URL/start`, `URL`, `URL/fail`. A monitor that cannot be reached
changes nothing. Must not decide what is a failure, and never tells what is wrong: only how much.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Literal

from pipeline.errors import FetchError
from pipeline.model import Connect

LOG = logging.getLogger("recap.heartbeat")

SECRET = "RECAP_HEARTBEAT"  # noqa: S105 - its name
"""The secret that holds the address, where it is not to stand in config.yaml."""

TIMEOUT_S = 10.0
"""Seconds that one sign may take."""

EVERY = timedelta(minutes=5)
"""How often a process that looks all the time gives a sign; monitors ask for no more than five a
minute (healthchecks.io, "Rate Limiting")."""

Sign = Literal["start", "success", "fail"]
_PATHS: dict[Sign, str] = {"start": "/start", "success": "", "fail": "/fail"}


class Heartbeat:
    """Gives signs, a pair around a pass: rarely while all is as it was, at once when it changes."""

    def __init__(self, *, every: timedelta = EVERY) -> None:
        self._every = every
        self._last: tuple[datetime, bool] | None = None
        self._begun = False

    def begin(self, url: str | None, *, connect: Connect, now: datetime) -> None:
        """Say that a pass begins, where a sign is due."""
        if url and self._is_due(now):
            self._begun = True
            send(url, "start", connect=connect)

    def end(self, url: str | None, *, connect: Connect, now: datetime, wrong: int) -> None:
        """Say that a pass has ended, and whether there are things that are `wrong`."""
        changed = self._last is not None and self._last[1] != (wrong == 0)
        if url and (self._begun or changed):
            self._begun = False
            self._last = (now, wrong == 0)
            words = f"{wrong} to mend; `recap status` says what" if wrong else ""
            send(url, "fail" if wrong else "success", connect=connect, words=words)

    def _is_due(self, now: datetime) -> bool:
        """Tell whether the last sign is long ago, or from ahead: the clock was set back then."""
        return self._last is None or not timedelta() <= now - self._last[0] < self._every


def send(url: str, sign: Sign, *, connect: Connect, words: str = "") -> None:
    """Give one sign; what goes wrong is logged, without the address, which is a secret."""
    try:
        with connect() as way:
            way.post(f"{url.rstrip('/')}{_PATHS[sign]}", body=words.encode(), name="the heartbeat")
    except FetchError as error:
        LOG.warning("no sign of life was given: %s", error.message)
