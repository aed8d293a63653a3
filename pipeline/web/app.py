"""The server as one application: routes, guards, and the folder of feeds/ under all of them.

Order only: what each part does stands in its own module.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import FastAPI

from pipeline import __version__
from pipeline.config import Config
from pipeline.service.runner import Runner
from pipeline.web import api, desk, metrics, pages, probes
from pipeline.web.feeds import Feeds
from pipeline.web.guard import Clock, Door, Guard, Guarded, Locked
from pipeline.web.triggers import Triggers

BODY_BYTES = 64 * 1024
"""What a request may carry; whether it says so beforehand or not, more is answered with 413."""


def make_app(
    config: Callable[[], Config],
    runner: Runner,
    *,
    door: Door,
    token: str | None,
    clock: Clock,
    next_tick: Callable[[], datetime | None],
    patience: timedelta,
) -> Guarded:
    """Return the application; `config` returns the configuration as it is now."""
    app = FastAPI(
        title="Recap pipeline",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=BODY_BYTES,
        # What fails is in the log of this process, and goes nowhere else.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    guard = Guard(config, door=door, token=token, clock=clock)
    held = probes.Held(config)
    runner.listen(held.read)
    standing = probes.Standing(
        config=config,
        runner=runner,
        held=held,
        clock=clock,
        next_tick=next_tick,
        patience=patience,
    )
    app.state.config = config
    app.state.runner = runner
    app.state.guard = guard
    app.state.standing = standing
    app.state.metrics = metrics.Metrics(standing)
    app.state.triggers = Triggers(runner)
    app.state.templates = pages.make_templates()
    app.add_exception_handler(Locked, pages.locked)
    for router in (probes.router, metrics.router, api.router, pages.router, desk.router):
        app.include_router(router)
    app.router.default = Feeds(config)  # whatever is no route, a wrong method of one apart
    return Guarded(app, guard)
