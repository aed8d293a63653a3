"""`recap undo`: take a decision back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.commands.deciding import decide, dry_run_option, event_option, open_desk
from pipeline.commands.terminal import Terminal, standard

if TYPE_CHECKING:
    from pipeline.commands.deciding import Desk
    from pipeline.model import Decision


@click.command()
@click.argument("decision", required=False, metavar="[DECISION]")
@event_option
@dry_run_option
@standard
def undo(terminal: Terminal, *, decision: str | None, event_id: str | None, dry_run: bool) -> int:
    """Take back the latest decision, or the one that is called DECISION.

    DECISION is the name of a file under decisions/ (or its beginning). Undoing an undo brings the
    decision back. Nothing is deleted: what was decided, and that it was undone, stays in git.
    """
    from pipeline.model import Verb
    from pipeline.review import sentence

    desk = open_desk(terminal, event_id=event_id)
    owner, target = _target(desk, decision)
    word = desk.word(Verb.UNDO, undoes=target.id)
    return decide(
        desk,
        word,
        event_id=owner,
        events=(owner,) if owner else desk.concerned(target),
        dry_run=dry_run,
        notes=(f"Taken back: {sentence(target)}.",),
    )


def _target(desk: Desk, name: str | None) -> tuple[str | None, Decision]:
    """Return the decision that is meant, and the event under which it stands, if any."""
    from pipeline.errors import ConfigError
    from pipeline.merging import standing
    from pipeline.review import CORRECTIONS

    owners: dict[str, str | None] = {one.id: None for one in desk.shared}
    decisions = list(desk.shared)
    for event_id, files in desk.events.items():
        decisions += files.decisions
        owners |= {one.id: event_id for one in files.decisions}
    holding = standing(decisions)
    if name is None:
        meant = [one for one in holding if one.verb in CORRECTIONS][-1:]
        if not meant:
            raise ConfigError("there is no decision to undo")
    else:
        stem = name.removesuffix(".yaml").rpartition("/")[2]
        meant = [one for one in holding if one.id.startswith(stem)]
        if len(meant) != 1:
            raise ConfigError(_why_not(name, stem, meant, decisions))
    return owners[meant[0].id], meant[0]


def _why_not(name: str, stem: str, meant: list[Decision], decisions: list[Decision]) -> str:
    if meant:
        names = ", ".join(one.id for one in meant)
        return f"{name!r} begins {len(meant)} decisions: {names}; write one of them in full"
    if any(one.id.startswith(stem) for one in decisions):
        return f"{name!r} was undone already; undo that undoing to bring it back"
    latest = ", ".join(one.id for one in decisions[-3:]) or "none"
    return f"there is no decision {name!r}; decisions are named like their files: {latest}"
