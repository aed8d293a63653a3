"""A sign of life to a monitor that calls when it stays away: start, success, fail.

The address is that of a check at healthchecks.io, or of a service that takes the same (its
documentation, "Pinging API"): `URL/start`, `URL`, `URL/fail`. A monitor that cannot be reached
changes nothing. Must not decide what is a failure, and never tells what is wrong: only how much.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from pipeline.config import Config
from pipeline.errors import BusyError, ConfigError, FetchError
from pipeline.looking import fetch_maker
from pipeline.model import Connect
from pipeline.state.database import Look, State

LOG = logging.getLogger("recap.heartbeat")

SECRET = "RECAP_HEARTBEAT"  # noqa: S105 - its name
"""The secret that holds the address, where it is not to stand in config.yaml."""

TIMEOUT_S = 10.0
"""Seconds that one sign may take."""

EVERY = timedelta(minutes=5)
"""How often a process that looks all the time gives a sign; monitors ask for no more than five a
minute (healthchecks.io, "Rate Limiting")."""

_KEY = ":heartbeat"
"""No event's id starts with a colon."""

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
            _end(url, connect=connect, wrong=wrong)

    def _is_due(self, now: datetime) -> bool:
        """Tell whether the last sign is long ago, or from ahead: the clock was set back then."""
        return self._last is None or not timedelta() <= now - self._last[0] < self._every


@dataclass(slots=True)
class Tally:
    """How many things are `wrong` when a pass has ended."""

    wrong: int = 0


@contextmanager
def around(config: Config, *, state: State, now: datetime, ends: bool = True) -> Iterator[Tally]:
    """Give the signs of one pass of a process that ends with it; it fills in what is wrong.

    Where the pass is not the end of it, because sending comes later, success is left to `close`.
    A pass that finds another at work gives no second sign: the other one does.
    """
    url, connect = monitor(config, now)
    tally = Tally()
    if url is None:
        yield tally
        return
    send(url, "start", connect=connect)
    try:
        yield tally
    except BusyError:
        raise
    except Exception:
        _end(url, connect=connect, wrong=1)
        raise
    if ends or tally.wrong:
        _end(url, connect=connect, wrong=tally.wrong)
    if not ends:
        left = Look(last_try=now, failures=tally.wrong)
        state.commit(looks={_KEY: left}, validators={})


def close(config: Config, *, state: State, now: datetime, wrong: int) -> None:
    """Give the sign that a pass left to be given when all is sent, if one did."""
    url, connect = monitor(config, now)
    left = state.look(_KEY)
    if url and left.last_try:
        _end(url, connect=connect, wrong=left.failures + wrong)
        state.commit(looks={_KEY: Look()}, validators={})


def monitor(config: Config, now: datetime) -> tuple[str | None, Connect]:
    """Return where signs go, None for nowhere, and the way there."""
    connect = partial(fetch_maker(replace(config, timeout_s=TIMEOUT_S), now), {})
    try:
        return config.secret(SECRET) or config.heartbeat, connect
    except ConfigError as error:
        LOG.warning("%s", error.message)
        return None, connect


def _end(url: str, *, connect: Connect, wrong: int) -> None:
    words = f"{wrong} to mend; `recap status` says what" if wrong else ""
    send(url, "fail" if wrong else "success", connect=connect, words=words)


def send(url: str, sign: Sign, *, connect: Connect, words: str = "") -> None:
    """Give one sign; what goes wrong is logged, without the address, which is a secret."""
    try:
        with connect() as way:
            way.post(f"{url.rstrip('/')}{_PATHS[sign]}", body=words.encode(), name="the heartbeat")
    except FetchError as error:
        LOG.warning("no sign of life was given: %s", error.message)
