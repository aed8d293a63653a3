"""`recap serve`: the same pass, by schedule."""

from __future__ import annotations

import click

from pipeline.commands.terminal import Terminal, standard


@click.command()
@click.option(
    "--tick",
    type=click.FloatRange(min=0.2, max=3600),
    default=15.0,
    show_default=True,
    metavar="SECONDS",
    help="How often to look for what is due.",
)
@standard
def serve(terminal: Terminal, *, tick: float) -> int:
    """Look at each list when it is due, and publish, until SIGTERM or Ctrl-C."""
    from pipeline.config import load_config
    from pipeline.service import serve as run

    config = load_config(terminal.root)
    return run(config, tick_s=tick, say=terminal.say, warn=terminal.warn)
