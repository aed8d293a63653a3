"""`recap gap close`: a person looked, nothing was missed (or it was added by hand)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.commands.deciding import decide, dry_run_option, event_option, open_desk
from pipeline.commands.terminal import Terminal, standard

if TYPE_CHECKING:
    from pipeline.commands.deciding import Desk


@click.group()
def gap() -> None:
    """Lists that may have missed videos between two looks."""


@gap.command()
@click.argument("watch", metavar="WATCH")
@click.option("--reason", help="Why, for those who read the decision later.")
@event_option
@dry_run_option
@standard
def close(
    terminal: Terminal, *, watch: str, reason: str | None, event_id: str | None, dry_run: bool
) -> int:
    """Say that WATCH has missed nothing up to now, or that what it missed was added by hand.

    WATCH is the list's name as `recap status` prints it, `event/list` or the list's alone. The
    gap of a list that several events of a series share is closed for all of them.
    """
    from pipeline.model import Verb

    desk = open_desk(terminal, event_id=event_id)
    name, owners = _gapped(desk, watch)
    word = desk.word(Verb.CLOSE_GAP, watch=name, reason=reason)
    owner = owners[0] if len(owners) == 1 else None
    return decide(desk, word, event_id=owner, events=owners, dry_run=dry_run)


def _gapped(desk: Desk, words: str) -> tuple[str, tuple[str, ...]]:
    """Return the list that is meant, and the events in which it has an open gap."""
    from pipeline.errors import ConfigError

    wanted, _, name = words.rpartition("/")
    gaps = {
        f"{event_id}/{watch_id}": desk.events[event_id].event.watches
        for event_id, files in desk.events.items()
        for watch_id, row in files.ledger.watches.items()
        if row.gap
    }
    chosen = [key for key in gaps if key == words or (not wanted and key.endswith(f"/{name}"))]
    if not chosen:
        known = f"lists with one: {', '.join(gaps)}" if gaps else "no list has one"
        raise ConfigError(f"{words!r} has no open gap; {known}")
    shared = {one.series for key in chosen for one in gaps[key] if one.id == name}
    if len(chosen) > 1 and (None in shared or len(shared) > 1):
        raise ConfigError(
            f"several lists called {name!r} have a gap: {', '.join(chosen)}; write one of them"
        )
    return name, tuple(key.partition("/")[0] for key in chosen)
