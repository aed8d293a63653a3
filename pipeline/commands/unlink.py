"""`recap unlink`: this video is not the talk it is linked to."""

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
def unlink(terminal: Terminal, *, video: str, event_id: str | None, dry_run: bool) -> int:
    """Say that VIDEO is not the talk it is linked to; that talk awaits its recording again.

    VIDEO is an address, a key or an id. It is never linked to that talk again by itself.
    """
    from pipeline.errors import ConfigError
    from pipeline.model import Verb

    desk = open_desk(terminal, event_id=event_id)
    owner, key = desk.video(video)
    talk = desk.passed(owner).rulings.links.get(key)
    if talk is None:
        raise ConfigError(
            f"{key} is linked to no talk of {owner}; `recap ignore {key}` leaves it alone for good"
        )
    # With the talk's name: once the link is gone, nothing else tells which one was wrong.
    word = desk.word(Verb.UNLINK, video=key, talk=talk)
    return decide(desk, word, event_id=owner, events=(owner,), dry_run=dry_run)
