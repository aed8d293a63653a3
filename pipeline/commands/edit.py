"""`recap edit`: event.yaml in the person's own editor, at the right line."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.eventfile import Insertion, chosen_event, insert, unified
from pipeline.commands.terminal import Terminal, clock, fetch_maker, open_state, standard

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.dataset.folder import FolderStore
    from pipeline.errors import Problem
    from pipeline.model import Event

_JUMPING = frozenset(
    ("vi", "vim", "nvim", "gvim", "nano", "pico", "micro", "emacs", "emacsclient", "joe", "kak")
)
"""Editors that go to a line by `+LINE` before the file's name, as their manuals say."""


@click.command()
@click.argument("words", metavar="TALK|EVENT")
@click.option("--event", "event_id", metavar="ID", help="Where TALK is, if it is in several.")
@click.option("--dry-run", is_flag=True, help="Open and write nothing; print the diff, if any.")
@standard
def edit(terminal: Terminal, *, words: str, event_id: str | None, dry_run: bool) -> int:
    """Open event.yaml in $VISUAL or $EDITOR, at the talk's line.

    A talk that only programme.yaml has gets a stub first, after you saw the diff: what you write
    there wins over the import. Afterwards it says what is wrong, or what the next run will change.
    """
    from pipeline.config import load_config
    from pipeline.dataset.folder import FolderStore
    from pipeline.model import Outcome

    config = load_config(terminal.root)
    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    event_id, talk_id = _meant(words, store, event_id)
    path = store.folder(event_id) / "event.yaml"
    stub: Insertion | None = None
    if talk_id is None:
        line = _first_problem(terminal, store, event_id)
    else:
        line = _line(path, talk_id)
        if not line:
            item = {"id": talk_id}
            stub = insert(
                terminal,
                config,
                event_id=event_id,
                key="talks",
                make=lambda _: item,
                dry_run=dry_run,
            )
            line = _line(path, talk_id)
    if terminal.as_json:
        terminal.data(
            {
                "event": event_id,
                "talk": talk_id,
                "file": str(path),
                "line": line or None,
                "stub": stub.as_json() if stub else None,
            }
        )
    if stub and not stub.written:
        return Outcome.FINE
    command = command_line(os.environ, path, line=line)
    if dry_run or terminal.as_json or not terminal.may_ask or not command:
        terminal.say(f"{path}:{line}")
        if not command:
            terminal.say("Set VISUAL or EDITOR to have it opened.")
        return Outcome.FINE
    return _edited(terminal, config, store, event_id=event_id, command=command)


def command_line(environment: Mapping[str, str], path: Path, *, line: int) -> list[str]:
    """Return the command that edits `path`, at `line` where the editor can; empty without one."""
    from pipeline.errors import ConfigError

    editor = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        parts = shlex.split(editor)
    except ValueError as error:
        raise ConfigError(
            f"the editor {editor!r} cannot be started: {error}; mend VISUAL or EDITOR"
        ) from error
    if not parts:
        return []
    jump = [f"+{line}"] if Path(parts[0]).name in _JUMPING else []
    return [*parts, *jump, str(path)]


def _meant(words: str, store: FolderStore, event_id: str | None) -> tuple[str, str | None]:
    """Return the event, and the talk unless the event itself is meant."""
    from pipeline.errors import ConfigError, DatasetError
    from pipeline.naming import resolve_talk

    ids = store.event_ids()
    if event_id is None and words in ids:
        return words, None
    named = words.partition("/")[0]
    if event_id is not None:
        ids = (chosen_event(store, event_id),)
    elif named in ids:
        ids = (named,)
    events: list[Event] = []
    broken: list[Problem] = []
    for each in ids:
        try:
            events.append(store.open(each).event)
        except DatasetError as error:
            broken.extend(error.problems)
    try:
        return resolve_talk(words, events, event=event_id)
    except ConfigError as error:
        if not broken:
            raise
        problems = "\n".join(str(problem) for problem in broken)
        raise ConfigError(
            f"{error.message}; or it stands in a file that has to be mended first:\n{problems}"
        ) from error


def _line(path: Path, talk_id: str) -> int:
    """Return the line on which the talk's id stands in event.yaml, 0 where it does not."""
    from pipeline.written.yamltext import read

    document = read(path, name=path.name)
    talks = document.value.get("talks") if isinstance(document.value, dict) else None
    for index, one in enumerate(talks if isinstance(talks, list) else []):
        if isinstance(one, dict) and one.get("id") == talk_id:
            return document.place(("talks", index, "id"))[0]
    return 0


def _first_problem(terminal: Terminal, store: FolderStore, event_id: str) -> int:
    """Print what is wrong with the event and return its first line in event.yaml, else 1."""
    from pipeline.errors import DatasetError

    try:
        store.open(event_id)
    except DatasetError as error:
        if not (store.folder(event_id) / "event.yaml").exists():
            raise
        for problem in error.problems:
            terminal.warn(str(problem))
        mine = [one.line for one in error.problems if one.file.endswith("/event.yaml")]
        return next((line for line in mine if line), 1)
    return 1


def _edited(
    terminal: Terminal,
    config: Config,
    store: FolderStore,
    *,
    event_id: str,
    command: list[str],
) -> int:
    """Let the person edit; check the file afterwards and say what it changes."""
    from pipeline.errors import ConfigError
    from pipeline.looking import check_watches
    from pipeline.model import Outcome

    path = store.folder(event_id) / "event.yaml"
    file = f"{config.data.name}/{event_id}/{path.name}"
    before = path.read_bytes()
    try:
        code = subprocess.run(command, check=False).returncode  # noqa: S603 - the person's editor
    except OSError as error:
        raise ConfigError(
            f"{command[0]}: the editor cannot be started: {error.strerror}; "
            "set VISUAL or EDITOR to one that is installed"
        ) from error
    after = path.read_bytes() if path.exists() else b""
    if code:
        raise ConfigError(
            f"{command[0]} ended with exit code {code}; {file} is as it left it, and was not "
            "checked. `recap check` does that"
        )
    if after == before:
        terminal.say(f"{file}: nothing changed")
        return Outcome.FINE
    folder, lists = store.folder(event_id), config.lists
    check_watches(store.open(event_id).event, folder=folder, file=file, lists=lists)
    old, new = (body.decode("utf-8-sig", "replace") for body in (before, after))
    for line in unified(old, new, file=file):
        terminal.say(line)
    _foresee(terminal, config, event_id)
    return Outcome.FINE


def _foresee(terminal: Terminal, config: Config, event_id: str) -> None:
    """Say what the next run will change."""
    from pipeline import report
    from pipeline.model import Want
    from pipeline.run import publish

    now = clock()
    with open_state(config, read_only=True) as state:
        made = publish(
            config,
            now=now,
            state=state,
            open_fetch=fetch_maker(config, now),
            want=Want(events=(event_id,), offline=True, dry_run=True),
        )
    for trouble in (*made.problems, *made.failures, *made.warnings):
        terminal.warn(str(trouble))
    terminal.say("The file is in order. With the next `recap publish`:")
    for line in report.changes(made) or ["no recording comes or goes; pages take the new words"]:
        terminal.say(f"  {line}")
