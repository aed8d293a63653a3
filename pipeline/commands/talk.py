"""`recap talk`: the talks of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.commands.eventfile import chosen_event, insert
from pipeline.commands.terminal import Terminal, standard

if TYPE_CHECKING:
    from pipeline.model import EventFiles
    from pipeline.written.yamltext import Plain

_ID_LIMIT = 63


@click.group()
def talk() -> None:
    """Add to the talks of an event."""


@talk.command("add")
@click.option("--event", "event_id", metavar="ID", help="Whose talk; the only event if absent.")
@click.option("--title", metavar="TITLE", help="Leave it out while nobody knows it.")
@click.option(
    "--speaker",
    "speakers",
    multiple=True,
    metavar='"NAME, ROLE, AFFILIATION"',
    help="Who speaks; role and affiliation may be left out. Once for each.",
)
@click.option(
    "--id", "talk_id", metavar="ID", help="For life; made from title or speaker if absent."
)
@click.option("--day", metavar="DATE", help="Such as 2031-05-17; the event's first if absent.")
@click.option("--length", metavar="LENGTH", help="The planned slot, such as 25:00.")
@click.option("--recording", metavar="URL", help="The video of the talk, if it is known.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print the diff.")
@standard
def add(
    terminal: Terminal,
    *,
    event_id: str | None,
    title: str | None,
    speakers: tuple[str, ...],
    talk_id: str | None,
    day: str | None,
    length: str | None,
    recording: str | None,
    dry_run: bool,
) -> int:
    """Add one talk to the event's event.yaml.

    Shows the diff and asks before it writes; nothing else in the file is touched.
    """
    from pipeline.config import load_config
    from pipeline.dataset.folder import FolderStore
    from pipeline.errors import ConfigError
    from pipeline.model import Outcome

    config = load_config(terminal.root)
    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    people = [speaker_item(one) for one in speakers]
    label = title or (_name(people[0]) if people else talk_id)
    if not label:
        raise ConfigError("say which talk it is: give --title, --speaker or --id")
    given: dict[str, Plain] = {
        "title": title,
        "speakers": people or None,
        "day": day,
        "length": length,
        "recordings": [recording] if recording else None,
    }
    rest = {key: value for key, value in given.items() if value is not None}

    def make(opened: EventFiles) -> dict[str, Plain]:
        return {"id": _free_id(talk_id, label, opened), **rest}

    chosen = chosen_event(store, event_id)
    made = insert(terminal, config, event_id=chosen, key="talks", make=make, dry_run=dry_run)
    if terminal.as_json:
        terminal.data(made.as_json())
    return Outcome.FINE


def speaker_item(given: str) -> Plain:
    """Return `Name, Role, Affiliation` as a speaker of event.yaml; a bare name stays a text.

    An affiliation may hold commas. Raises ConfigError where there is no name.
    """
    from pipeline.errors import ConfigError

    parts = [part.strip() for part in given.split(",", 2)]
    if not parts[0]:
        raise ConfigError(f'--speaker {given!r} has no name; write "Name, Role, Affiliation"')
    keys = ("name", "role", "affiliation")
    named: dict[str, Plain] = {key: part for key, part in zip(keys, parts, strict=False) if part}
    return parts[0] if len(named) == 1 else named


def _name(speaker: Plain) -> str:
    return str(speaker["name"] if isinstance(speaker, dict) else speaker)


def _free_id(wanted: str | None, label: str, opened: EventFiles) -> str:
    """Return `wanted` if it is free, else an id made of `label` that is."""
    from pipeline import text
    from pipeline.errors import ConfigError

    event = opened.event
    taken = {
        each for one in event.talks for each in (one.id, *one.was)
    } | opened.ledger.talks.keys()
    if wanted:
        if wanted in taken:
            raise ConfigError(
                f"{event.id} has a talk {wanted!r} already, and an id is for life; nothing was "
                "written. Choose another, or change that talk with "
                f"`recap edit {event.id}/{wanted}`"
            )
        return wanted
    base = made = text.slug(label, fallback="talk")
    number = 1
    while made in taken:
        number += 1
        made = f"{base[: _ID_LIMIT - len(f'-{number}')].rstrip('-')}-{number}"
    return made
