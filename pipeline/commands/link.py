"""`recap link`: this video is that talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.commands.deciding import decide, dry_run_option, event_option, open_desk
from pipeline.commands.operands import VideoCommand
from pipeline.commands.terminal import Terminal, standard

if TYPE_CHECKING:
    from datetime import timedelta


@click.command(cls=VideoCommand)
@click.argument("video", metavar="VIDEO")
@click.argument("talk", metavar="TALK")
@click.option("--start", metavar="TIME", help="Where TALK begins in a longer video: 12:30.")
@event_option
@dry_run_option
@standard
def link(
    terminal: Terminal,
    *,
    video: str,
    talk: str,
    start: str | None,
    event_id: str | None,
    dry_run: bool,
) -> int:
    """Say that VIDEO is the recording of TALK.

    VIDEO is an address, a key or an id. TALK is an id, event/talk, or words of its title that no
    other talk has. What event.yaml says of either wins. A video that holds several talks is linked
    to each of them, with the --start of each.
    """
    from dataclasses import replace

    from pipeline.model import Verb

    begins = None if start is None else _moment(start)
    desk = open_desk(terminal, event_id=event_id)
    key = desk.key(video)
    known = next((one for one, files in desk.events.items() if key in files.ledger.videos), None)
    owner, talk_id = desk.talk(talk, near=known)
    word = replace(desk.word(Verb.LINK, video=key, talk=talk_id), start=begins)
    notes = [
        f"{one} has {key} too; if it is not its own: `recap unlink {key} --event {one}`"
        for one, files in desk.events.items()
        if one != owner and key in files.ledger.videos and key in desk.passed(one).rulings.links
    ]
    return decide(desk, word, event_id=owner, events=(owner,), dry_run=dry_run, notes=notes)


def _moment(start: str) -> timedelta:
    """Return the time that `--start` names."""
    from pipeline.written.filemodel import parse_duration

    try:
        return parse_duration(start)
    except ValueError as error:
        raise click.UsageError(f"--start: {error}") from error
