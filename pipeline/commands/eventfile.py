"""One item more in an event.yaml, on a person's demand: diff, question, lock, write.

The only writer of event.yaml. What the item is, the command says; where it goes, and that nothing
else is touched, `dataset/insertion.py` says. No lock is held while a person thinks.
"""

from __future__ import annotations

import codecs
import difflib
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.terminal import Terminal, clock

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.dataset.folder import FolderStore
    from pipeline.model import EventFiles
    from pipeline.written.yamltext import Plain

LOCK_WAIT_S = 10.0
"""How long a write waits for a run that is under way before it says who holds the lock."""

Make = Callable[["EventFiles"], Mapping[str, "Plain"]]
"""Makes the item from the event as it stands; asked again when the file was saved meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """What became of an item. `file` is its file as messages name it, `diff` has its lines.

    `written` is False after a dry run, and where the person said no.
    """

    event_id: str
    file: str
    item: Mapping[str, Plain]
    diff: tuple[str, ...]
    written: bool

    def as_json(self) -> dict[str, object]:
        """Return the command's data."""
        return {
            "event": self.event_id,
            "file": self.file,
            "item": dict(self.item),
            "diff": list(self.diff),
            "written": self.written,
        }


def chosen_event(store: FolderStore, event_id: str | None) -> str:
    """Return the event that is meant: the one that was named, else the only one there is.

    Raises DatasetError for one that does not exist, ConfigError where one has to be named.
    """
    from pipeline.errors import ConfigError, DatasetError
    from pipeline.status import unknown_event

    ids = store.event_ids()
    if event_id is not None:
        if event_id not in ids:
            raise DatasetError((unknown_event(event_id, ids),))
        return event_id
    if len(ids) != 1:
        known = ", ".join(ids[:10]) or "none yet; write data/<event>/event.yaml first"
        raise ConfigError(f"name the event with --event ID; there are {len(ids)}: {known}")
    return ids[0]


def insert(
    terminal: Terminal, config: Config, *, event_id: str, key: str, make: Make, dry_run: bool
) -> Insertion:
    """Insert an item into the list `key` of the event's file, with the person's consent.

    Where the file was saved while the person looked at the diff, the change is made anew, once.
    Raises DatasetError where the event is broken or would be afterwards, PublishError where the
    file was saved again, BusyError where a run does not end.
    """
    from pipeline.dataset.folder import FolderStore
    from pipeline.errors import PublishError

    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    path = store.folder(event_id) / "event.yaml"
    file = f"{config.data.name}/{event_id}/{path.name}"
    for last in (False, True):
        opened = store.open(event_id)
        before = path.read_bytes()
        item = make(opened)
        after, diff = _changed(before, file=file, key=key, item=item)
        _check(after, store=store, event_id=event_id, file=file)
        for line in diff:
            terminal.say(line)
        made = Insertion(event_id=event_id, file=file, item=item, diff=diff, written=True)
        if dry_run or not _agreed(terminal, file):
            return Insertion(event_id=event_id, file=file, item=item, diff=diff, written=False)
        if _write(config, path, before=before, after=after):
            terminal.say(f"{file} written; `recap publish` publishes it")
            return made
        if not last:
            terminal.warn(f"{file} was saved meanwhile, by an editor perhaps; once more:")
    raise PublishError(
        f"{file} was saved twice while this was under way; nothing was written. "
        "Close it in the editor, then run this again"
    )


def _changed(
    before: bytes, *, file: str, key: str, item: Mapping[str, Plain]
) -> tuple[bytes, tuple[str, ...]]:
    """Return the file's new bytes and the unified diff."""
    from pipeline.dataset.insertion import insert_item
    from pipeline.written.yamltext import decode, load

    text = decode(before, file=file)
    made = insert_item(text, document=load(text, file=file), key=key, item=item)
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
    return mark + made.encode(), unified(text, made, file=file)


def unified(before: str, after: str, *, file: str) -> tuple[str, ...]:
    """Return the lines of a unified diff; kinds of line ends are not shown."""
    old, new = (
        text.replace("\r\n", "\n").removesuffix("\n").split("\n") for text in (before, after)
    )
    return tuple(difflib.unified_diff(old, new, fromfile=file, tofile=file, lineterm=""))


def _check(body: bytes, *, store: FolderStore, event_id: str, file: str) -> None:
    """Raise DatasetError where the new file says something that an event.yaml may not say."""
    from pipeline.dataset.assembly import build_event, missing_hint
    from pipeline.dataset.schema import EventFile
    from pipeline.looking import check_watches
    from pipeline.written.filemodel import validate
    from pipeline.written.yamltext import decode, load

    document = load(decode(body, file=file), file=file)
    parsed = validate(EventFile, document, hint=missing_hint)
    event = build_event(parsed, document, folder=event_id, zone="UTC")
    check_watches(event, folder=store.folder(event_id), file=file)


def _agreed(terminal: Terminal, file: str) -> bool:
    """Ask whether to write; nobody is asked who does not see the diff, or cannot answer."""
    if not terminal.may_ask or terminal.loud < 0:
        return True
    if click.confirm(f"Write this to {file}?", default=True, err=terminal.as_json):
        return True
    terminal.say("Nothing was written.")
    return False


def _write(config: Config, path: Path, *, before: bytes, after: bytes) -> bool:
    """Write `after`, unless the file is no longer `before`; tell whether it was written."""
    from pipeline import files
    from pipeline.files.lock import hold

    # A link stays a link, and the file keeps who may read it.
    real = path.resolve()
    with hold(
        config.data,
        holder=config.state / "holder.json",
        now=clock(),
        wait_s=LOCK_WAIT_S,
        what="a change to event.yaml",
    ):
        if real.read_bytes() != before:
            return False
        mode = stat.S_IMODE(real.stat().st_mode)
        files.replace(real, after)
        real.chmod(mode)
    return True
