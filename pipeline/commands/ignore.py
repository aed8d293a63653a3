"""`recap ignore`: this video is no talk."""

from __future__ import annotations

import click

from pipeline.commands.deciding import decide, dry_run_option, event_option, open_desk
from pipeline.commands.operands import VideoCommand
from pipeline.commands.terminal import Terminal, standard


@click.command(cls=VideoCommand)
@click.argument("video", metavar="VIDEO")
@event_option
@dry_run_option
@standard
def ignore(terminal: Terminal, *, video: str, event_id: str | None, dry_run: bool) -> int:
    """Say that VIDEO is no recording of any talk of the event; nobody is asked about it again.

    VIDEO is an address, a key or an id.
    """
    from pipeline.model import Verb

    desk = open_desk(terminal, event_id=event_id)
    owner, key = desk.video(video)
    word = desk.word(Verb.IGNORE, video=key)
    return decide(desk, word, event_id=owner, events=(owner,), dry_run=dry_run)
