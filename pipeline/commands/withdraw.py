"""`recap withdraw`: this must not appear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.commands.deciding import decide, dry_run_option, event_option, open_desk
from pipeline.commands.operands import VideoCommand
from pipeline.commands.terminal import Terminal, standard

if TYPE_CHECKING:
    from pipeline.commands.deciding import Desk, Thing
    from pipeline.model import Decision

HISTORY = (
    "Git history, mails that were sent and copies that others made still hold what was published; "
    "nothing here can call those back."
)
UNKNOWN_SPEAKER = (
    "No event that can be read names {name!r}: mind the spelling. "
    "It holds for events that cannot be read or are retired, and for those still to come."
)


@click.command(cls=VideoCommand)
@click.argument("thing", metavar="TALK|VIDEO|SPEAKER")
@click.option("--everywhere", is_flag=True, help="From every event, also from future ones.")
@click.option("--reason", required=True, help="Why; it is kept in git, so name no title in it.")
@event_option
@dry_run_option
@standard
def withdraw(
    terminal: Terminal,
    *,
    thing: str,
    everywhere: bool,
    reason: str,
    event_id: str | None,
    dry_run: bool,
) -> int:
    """Take a talk, a video, or all of a speaker out of every output, for good.

    TALK is an id, event/talk, or words of its title that no other talk has. VIDEO is an address, a
    key or an id. SPEAKER is the whole name. The next run cleans feeds, pages and mail, and no
    later look brings it back. Git history still holds it.
    """
    from pipeline.model import Verb

    desk = open_desk(terminal, event_id=event_id)
    meant = desk.thing(thing, everywhere=everywhere)
    _check_reason(desk, meant, reason)
    word = desk.word(Verb.WITHDRAW, reason=reason, **meant.fields(everywhere=everywhere))
    return decide(
        desk,
        word,
        event_id=None if everywhere else meant.events[0],
        events=meant.events,
        dry_run=dry_run,
        notes=(*_elsewhere(desk, word, meant), HISTORY),
    )


def _elsewhere(desk: Desk, word: Decision, meant: Thing) -> list[str]:
    """Say which other events know it too, or that its own cannot be asked."""
    if not meant.events and meant.owner:
        return [f"{meant.owner} cannot be read now, so what this changes there is not shown."]
    if not meant.events and meant.speaker:
        return [UNKNOWN_SPEAKER.format(name=meant.speaker)]
    others = [one for one in desk.concerned(word) if one not in meant.events]
    if not others:
        return []
    return [f"Known to {', '.join(others)} too; `--everywhere` takes it out there as well."]


def _check_reason(desk: Desk, meant: Thing, reason: str) -> None:
    """Raise ConfigError where the reason would keep the withdrawn title in a public file."""
    from pipeline import text
    from pipeline.errors import ConfigError

    titles = [
        title
        for event_id in meant.events
        for talk in desk.events[event_id].event.talks
        if talk.id == meant.talk
        for title in (talk.title, *talk.also)
        if title
    ]
    said = f" {' '.join(text.words(reason))} "
    if any(f" {' '.join(text.words(title))} " in said for title in titles):
        raise ConfigError(
            "--reason: it names the title of the talk, and decision files are public; "
            "say why without it"
        )
