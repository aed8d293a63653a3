"""`recap retire`: the folder of this event may go; its pages stay."""

from __future__ import annotations

from dataclasses import replace

import click

from pipeline.commands.deciding import Desk, decide, dry_run_option, open_desk
from pipeline.commands.terminal import Terminal, standard


def _keep_withdrawals(desk: Desk, event_id: str) -> None:
    """Write the event's withdrawals into data/decisions/: they must outlive its folder."""
    from pipeline.merging import standing
    from pipeline.model import Verb

    for word in standing(desk.store.decisions(event_id)):
        if word.verb in (Verb.WITHDRAW, Verb.UNWITHDRAW):
            desk.write(replace(word, event=event_id), event_id=None)


@click.command()
@click.argument("event", metavar="EVENT")
@dry_run_option
@standard
def retire(terminal: Terminal, *, event: str, dry_run: bool) -> int:
    """Say that EVENT's folder under data/ may go; its pages and feeds stay as they are.

    Without this an event that was published and whose folder is gone is an error. While the
    folder is there, the event goes on as before.
    """
    from pipeline.errors import DatasetError
    from pipeline.model import Verb
    from pipeline.status import unknown_event

    desk = open_desk(terminal)
    known = sorted({*desk.ids, *desk.installation.events})
    if event not in known:
        raise DatasetError((unknown_event(event, known),))
    there = event in desk.ids
    note = (
        f"{desk.store.folder(event)} may be deleted from now on; until then it goes on as before."
        if there
        else f"{event} is gone from data/; its pages and feeds stay as they are."
    )
    if there and not dry_run:
        _keep_withdrawals(desk, event)
    word = desk.word(Verb.RETIRE, event=event)
    return decide(desk, word, event_id=None, events=(), dry_run=dry_run, notes=(note,))
