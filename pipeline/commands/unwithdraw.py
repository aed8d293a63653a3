"""`recap unwithdraw`: this may appear again."""

from __future__ import annotations

import click

from pipeline.commands.deciding import decide, dry_run_option, event_option, open_desk
from pipeline.commands.operands import VideoCommand
from pipeline.commands.terminal import Terminal, standard


@click.command(cls=VideoCommand)
@click.argument("thing", metavar="TALK|VIDEO|SPEAKER")
@click.option("--everywhere", is_flag=True, help="What `withdraw --everywhere` took out.")
@click.option("--reason", help="Why.")
@event_option
@dry_run_option
@standard
def unwithdraw(
    terminal: Terminal,
    *,
    thing: str,
    everywhere: bool,
    reason: str | None,
    event_id: str | None,
    dry_run: bool,
) -> int:
    """Let a talk, a video or a speaker appear again after a withdrawal.

    A talk that comes back is released anew, under the same feed id. Without --everywhere this
    holds for one event only, whatever was withdrawn everywhere. A line in data/no-publish.yaml
    stays in force.
    """
    from pipeline.model import Verb

    desk = open_desk(terminal, event_id=event_id)
    meant = desk.thing(thing, everywhere=everywhere)
    word = desk.word(Verb.UNWITHDRAW, reason=reason, **meant.fields(everywhere=everywhere))
    return decide(
        desk,
        word,
        event_id=None if everywhere else meant.events[0],
        events=meant.events,
        dry_run=dry_run,
    )
