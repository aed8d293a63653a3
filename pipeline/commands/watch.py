"""`recap watch`: the watch lists of an event."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from pipeline.commands.eventfile import chosen_event, insert
from pipeline.commands.terminal import Terminal, standard

if TYPE_CHECKING:
    from pipeline.model import EventFiles
    from pipeline.written.yamltext import Plain

_YOUTUBE = ("youtube.com", "youtu.be")


@click.group()
def watch() -> None:
    """Add to the video lists that are watched."""


@watch.command("add")
@click.argument("url")
@click.option("--event", "event_id", metavar="ID", help="Whose list; the only event if absent.")
@click.option("--kind", metavar="KIND", help="youtube, file, …; told from URL if absent.")
@click.option(
    "--id", "watch_id", metavar="ID", help="A name for the list; made from URL if absent."
)
@click.option(
    "--only-this-event/--not-only-this-event",
    default=None,
    help="Does every video belong to this event? If absent: yes for playlists and files.",
)
@click.option("--every", metavar="INTERVAL", help='How often to look, such as "6 hours".')
@click.option("--dry-run", is_flag=True, help="Write nothing; print the diff.")
@standard
def add(
    terminal: Terminal,
    *,
    url: str,
    event_id: str | None,
    kind: str | None,
    watch_id: str | None,
    only_this_event: bool | None,
    every: str | None,
    dry_run: bool,
) -> int:
    """Watch one more list, by its address (or path): adds it to the event's event.yaml.

    Shows the diff and asks before it writes; nothing else in the file is touched.
    """
    from pipeline.config import load_config
    from pipeline.dataset.folder import FolderStore
    from pipeline.model import Outcome

    config = load_config(terminal.root)
    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    chosen = chosen_event(store, event_id)
    kind = kind or told_kind(url)
    name, where = _address(kind, url, store.folder(chosen))
    given: dict[str, Plain] = {
        "id": watch_id,
        name: where,
        "only_this_event": only_this_event,
        "every": every,
    }
    item: dict[str, Plain] = {"kind": kind}
    item |= {key: value for key, value in given.items() if value is not None}

    def make(opened: EventFiles) -> dict[str, Plain]:
        _refuse_twice(opened, where)
        return item

    made = insert(terminal, config, event_id=chosen, key="watch", make=make, dry_run=dry_run)
    if name == "path" and not (store.folder(chosen) / where).exists():
        terminal.warn(
            f"There is no file {store.folder(chosen) / where} yet; looks fail until then."
        )
    if terminal.as_json:
        terminal.data(made.as_json())
    return Outcome.FINE


def told_kind(url: str) -> str:
    """Return the kind of watch list that an address (or a path) stands for."""
    host = urlsplit(url if "//" in url else f"https://{url}").hostname or ""
    return "youtube" if any(f".{host}".endswith(f".{one}") for one in _YOUTUBE) else "file"


def _address(kind: str, url: str, folder: Path) -> tuple[str, str]:
    """Return the option that says where the list is, and its value.

    A path that leads somewhere from here is written as it leads there from the event's folder.
    """
    if kind != "file" or "://" in url:
        bare = kind == "youtube" and "//" not in url
        return "url", f"https://{url}" if bare else url
    if not (folder / url).exists() and Path(url).exists():
        return "path", os.path.relpath(Path(url).resolve(), folder.resolve())
    return "path", url


def _refuse_twice(opened: EventFiles, where: str) -> None:
    """Raise ConfigError where the event watches that list already."""
    from pipeline.errors import ConfigError

    for one in opened.event.watches:
        if where in (one.options.get("url"), one.options.get("path")):
            raise ConfigError(
                f"{opened.event.id} watches {where} already, as the list {one.id!r}; "
                "nothing was written. Change that one with `recap edit "
                f"{opened.event.id}`"
            )
