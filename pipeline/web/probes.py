"""/healthz and /readyz: how things stand, for monitors, and for what restarts processes.

What names files or addresses of this installation is for those who may come in; everybody else is
told how much there is. Must not look at any list.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from pipeline import report
from pipeline.config import Config
from pipeline.errors import PublishError
from pipeline.sending.letters import Letters
from pipeline.service.health import Health, doubts, health
from pipeline.service.runner import Ended, Runner
from pipeline.state.database import State
from pipeline.web.guard import Clock, is_known

_PARTS = {"looked_at", "totals", "events", "watches", "problems"}


class Held:
    """Mails that wait for a person because sending is in doubt; read after each pass."""

    def __init__(self, config: Callable[[], Config]) -> None:
        self._config = config
        self.sentences: tuple[str, ...] = ()

    def read(self, ended: Ended) -> None:
        """Look at what the pass left."""
        del ended
        try:
            with open_state(self._config()) as state:
                counts = Letters(state).counts()
        except PublishError as error:
            self.sentences = (error.message,)
        else:
            self.sentences = doubts(counts)


def open_state(config: Config) -> State:
    """Open the state database to read it; an empty one where there is none yet."""
    path = config.state / "state.sqlite"
    return State.open(path) if path.exists() else State.in_memory()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What tells how this process stands; `patience` is how long nothing at all may go on."""

    config: Callable[[], Config]
    runner: Runner
    held: Held
    clock: Clock
    next_tick: Callable[[], datetime | None]
    patience: timedelta

    def health(self) -> Health:
        """Judge how things stand now."""
        found = health(
            self.runner.latest,
            now=self.clock(),
            held=self.held.sentences,
            failure=self.runner.failure,
            # A pass that takes long is no pass that ceased.
            patience=self.patience + timedelta(seconds=self.runner.busy_s),
        )
        return Health(red=(*self._stuck(), *found.red))

    def unready(self) -> tuple[str, ...]:
        """Return why this process does not do its work; empty where it does."""
        reasons = []
        try:
            os.listdir(self.config().data)  # noqa: PTH208 - it is only tried
        except OSError as error:
            reasons.append(f"the data directory cannot be read: {error.strerror}")
        if self.runner.latest is None:
            reasons.append("the first pass has not ended yet")
        return (*reasons, *self._stuck())

    def _stuck(self) -> tuple[str, ...]:
        """Return why a pass that does not go on is a reason, where there is one."""
        still = timedelta(seconds=self.runner.still_s)
        if still <= self.patience:
            return ()
        minutes = still // timedelta(minutes=1)
        return (f"nothing has gone on for {minutes} minutes; start `recap serve` again",)

    def status(self) -> dict[str, Any]:
        """Return status.json as it was last written.

        Nothing before the first pass, nor where an earlier version wrote it, or a person.
        """
        try:
            found = json.loads((self.config().feeds / "status.json").read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        whole = isinstance(found, dict) and found.keys() >= _PARTS
        return found if whole else {}


def standing_of(request: Request) -> Standing:
    """Return what tells how the process stands."""
    found: Standing = request.app.state.standing
    return found


router = APIRouter(include_in_schema=False)

HERE = Annotated[Standing, Depends(standing_of)]


@router.api_route("/healthz", methods=["GET", "HEAD"])
def healthz(standing: HERE, known: Annotated[bool, Depends(is_known)]) -> Response:
    """Answer 200 where all is well, 503 where a person has to mend something."""
    found = standing.health()
    return JSONResponse(
        health_json(standing, found, known=known), status_code=503 if found.red else 200
    )


@router.api_route("/readyz", methods=["GET", "HEAD"])
def readyz(standing: HERE) -> Response:
    """Answer 200 where the process does its work, 503 where it does not, or not yet."""
    reasons = standing.unready()
    body = {"version": 1, "ready": not reasons, "reasons": list(reasons)}
    return JSONResponse(body, status_code=503 if reasons else 200)


def health_json(standing: Standing, found: Health, *, known: bool) -> dict[str, object]:
    """Return a judgement as JSON values: `recap status --health --json`, and when passes run."""
    latest = standing.runner.latest
    count = len(found.red)
    hidden = f"{count} {report.plural(count, 'thing')} to mend; give the token to read what"
    reasons = list(found.red) if known or not found.red else [hidden]
    return {
        "version": 1,
        "health": found.colour,
        "checked_at": report.plain(standing.clock()),
        "last_pass": report.plain(latest.started) if latest else None,
        "next_tick": report.plain(standing.next_tick()),
        "reasons": reasons,
    }
