"""`recap deliver`: what `recap publish --no-deliver` left to be sent."""

from __future__ import annotations

import click

from pipeline.commands.terminal import Terminal, standard


@click.command()
@standard
def deliver(terminal: Terminal) -> int:
    """Send what is due and was not sent. Nothing can be configured to be sent yet."""
    from pipeline.config import load_config
    from pipeline.model import Outcome

    load_config(terminal.root)
    if terminal.as_json:
        terminal.data({"delivered": []})
    terminal.say("Nothing to deliver: no delivery is configured.")
    return Outcome.FINE
