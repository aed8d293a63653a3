"""`recap serve`: the same pass, by schedule, and the server beside it."""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from pipeline.commands.terminal import Terminal, clock, standard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.config import Config
    from pipeline.service.jobs import Beside, Service

LOG = logging.getLogger("recap.service")

EXTRA = ("fastapi", "uvicorn", "multipart", "python_multipart", "prometheus_client")
"""What the extra `server` installs; the form parser is found under either of its two names."""

PATIENCE = timedelta(minutes=15)
"""How long nothing may go on before that is an ailment; four ticks, where that is longer."""


@click.command()
@click.option(
    "--tick",
    type=click.FloatRange(min=0.2, max=3600),
    default=15.0,
    show_default=True,
    metavar="SECONDS",
    help="How often to look for what is due.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Where the server is reached; any other than this machine needs RECAP_TOKEN.",
)
@click.option(
    "--port",
    type=click.IntRange(min=0, max=65535),
    default=8000,
    show_default=True,
    help="The server's port; 0 for a free one.",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="Another name under which the server is asked for; may be given several times.",
)
@click.option("--no-server", is_flag=True, help="Only schedule; answer no requests.")
@standard
def serve(
    terminal: Terminal,
    *,
    tick: float,
    host: str,
    port: int,
    names: tuple[str, ...],
    no_server: bool,
) -> int:
    """Look at each list when it is due, and publish, until SIGTERM or Ctrl-C.

    Beside it the server gives out feeds/, tells how things stand, and takes triggers. It needs
    the extra: pip install 'recap-pipeline[server]'. Exit codes: 0 ended when asked to, 1 the
    server died, 2 the address or the token cannot be used.
    """
    from pipeline.config import load_config
    from pipeline.service.jobs import alone
    from pipeline.service.jobs import serve as run

    config = load_config(terminal.root)
    with ExitStack() as opened:
        beside: Beside = alone
        if no_server:
            terminal.say("Only scheduling: --no-server.")
        elif not is_installed():
            terminal.warn(
                "Only scheduling: the server is not installed; "
                "`pip install 'recap-pipeline[server]'` adds it."
            )
        else:
            beside = _server(
                terminal, opened, config, host=host, port=port, names=names, tick_s=tick
            )
        warn = partial(_warn, terminal)
        return run(config, tick_s=tick, say=terminal.say, warn=warn, beside=beside)


def _warn(terminal: Terminal, line: str, ids: Mapping[str, str]) -> None:
    """Say what is wrong: to people on a terminal, else into the log, with its ids."""
    if sys.stderr.isatty():
        terminal.warn(line)
    else:
        LOG.warning("%s", line, extra=dict(ids))


def is_installed() -> bool:
    """Tell whether what the server needs is there."""
    found = {name for name in EXTRA if find_spec(name)}
    return {"fastapi", "uvicorn", "prometheus_client"} <= found and len(found) > 3


def _server(
    terminal: Terminal,
    opened: ExitStack,
    config: Config,
    *,
    host: str,
    port: int,
    names: tuple[str, ...],
    tick_s: float,
) -> Beside:
    """Open the address, so that what is wrong with it is said before anything starts."""
    from pipeline.web.app import make_app
    from pipeline.web.guard import read_token
    from pipeline.web.server import Server, address_of, bind, door_of

    bound = opened.enter_context(bind(host, port))
    door = door_of(bound, host=host, names=names)
    token = read_token(config, door)

    def beside(service: Service) -> AbstractContextManager[object]:
        app = make_app(
            lambda: service.config,
            service.runner,
            door=door,
            token=token,
            clock=clock,
            next_tick=service.next_tick,
            patience=max(PATIENCE, 4 * timedelta(seconds=tick_s)),
        )
        terminal.say(f"Serving at {address_of(bound)}")
        return Server(app, bound, failed=service.fail)

    return beside
