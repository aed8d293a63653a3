"""`recap doctor`: is everything that a run stands on in order, and what to do where it is not."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from pipeline.commands.terminal import Terminal, clock, standard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.doctor import Finding


@click.command()
@click.argument("events", nargs=-1, metavar="[EVENT…]")
@click.option("--offline", is_flag=True, help="Ask no list and no server.")
@standard
def doctor(terminal: Terminal, *, events: tuple[str, ...], offline: bool) -> int:
    """Look at everything that a run stands on, and say what to do where it is not in order.

    Configuration, dataset, secrets, folders, room, versions, the lock, the clock; each watch list
    is looked at once (of EVENT only, where that is given), and mail servers are greeted. Nothing
    is saved and nothing is sent. Exit codes: 0 all is well, 3 a person should look at something,
    2 something is broken.
    """
    from pipeline.doctor import worst
    from pipeline.model import Outcome

    found = []
    for one in _found(terminal, events, offline=offline):
        found.append(one)
        if not terminal.as_json:
            _print(terminal, one)
    level = worst(found)
    if terminal.as_json:
        terminal.data({"version": 1, "worst": level, "findings": [asdict(one) for one in found]})
    return {"ok": Outcome.FINE, "warn": Outcome.PERSON_NEEDED, "broken": Outcome.INVALID}[level]


def _found(terminal: Terminal, events: tuple[str, ...], *, offline: bool) -> Iterator[Finding]:
    """Yield what is found; nothing but the machine where there is no configuration to go by."""
    from pipeline.config import load_config
    from pipeline.doctor import Finding, examine
    from pipeline.errors import ConfigError

    try:
        config = load_config(terminal.root)
    except ConfigError as error:
        first, *others = error.message.splitlines()
        more = f", and {len(others)} more" if others else ""
        yield Finding(
            level="broken",
            what="configuration",
            words=f"{first}{more}",
            do="mend it first: everything else follows from it; `recap check` names everything",
        )
        return
    yield from examine(config, now=clock(), offline=offline, events=events)


def _print(terminal: Terminal, one: Finding) -> None:
    line = f"{one.level:7} {one.what}: {one.words}"
    if one.level == "ok":
        terminal.say(line)
        return
    terminal.warn(line)
    terminal.warn(f"        {one.do}")
