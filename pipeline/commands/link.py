"""`recap link`: this video is that talk."""

from __future__ import annotations

import click

from pipeline.commands.deciding import decide, dry_run_option, event_option, open_desk
from pipeline.commands.operands import VideoCommand
from pipeline.commands.terminal import Terminal, standard


@click.command(cls=VideoCommand)
@click.argument("video", metavar="VIDEO")
@click.argument("talk", metavar="TALK")
@event_option
@dry_run_option
@standard
def link(terminal: Terminal, *, video: str, talk: str, event_id: str | None, dry_run: bool) -> int:
    """Say that VIDEO is the recording of TALK.

    VIDEO is an address, a key or an id. TALK is an id, event/talk, or words of its title that no
    other talk has. What event.yaml says of either wins.
    """
    from pipeline.model import Verb

    desk = open_desk(terminal, event_id=event_id)
    key = desk.key(video)
    known = next((one for one, files in desk.events.items() if key in files.ledger.videos), None)
    owner, talk_id = desk.talk(talk, near=known)
    word = desk.word(Verb.LINK, video=key, talk=talk_id)
    return decide(desk, word, event_id=owner, events=(owner,), dry_run=dry_run)
