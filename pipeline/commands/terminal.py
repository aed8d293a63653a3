"""What every command shares: the options all of them take, and where words go.

Data goes to stdout, messages to stderr when `--json` asks for data, else to stdout too.
"""

from __future__ import annotations

import functools
import json
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.service import logs

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.looking import FetchMaker
    from pipeline.model import Connect
    from pipeline.state.database import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where a command stands and how it speaks. `loud` is -1 for quiet, 1 and more for verbose."""

    root: Path
    as_json: bool = False
    loud: int = 0
    may_ask: bool = True

    def say(self, line: str = "") -> None:
        """Print a line for people, unless `-q` was given."""
        if self.loud >= 0:
            click.echo(line, err=self.as_json)

    def warn(self, line: str) -> None:
        """Print a line that matters even with `-q`, on stderr."""
        click.echo(line, err=True)

    def data(self, value: object) -> None:
        """Print the command's data as JSON on stdout."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def track(self, items: Sequence[str], label: str) -> Iterable[str]:
        """Go through `items` with a progress bar, where there are many and somebody watches."""
        if self.loud < 0 or len(items) < 50 or not sys.stderr.isatty():
            yield from items
            return
        with click.progressbar(items, label=label, file=sys.stderr) as bar:
            yield from bar


def standard(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that all commands take; it gets them as one Terminal."""

    @click.option("-C", "root", default=".", metavar="DIR", help="Work in this folder.")
    @click.option("--json", "as_json", is_flag=True, help="Data on stdout, messages on stderr.")
    @click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
    @click.option("-v", "--verbose", count=True, help="Say more; twice for every look.")
    @click.option("--no-input", is_flag=True, help="Never ask.")
    @functools.wraps(command)
    def wrapped(
        *args: Any,
        root: str,
        as_json: bool,
        quiet: bool,
        verbose: int,
        no_input: bool,
        **options: Any,
    ) -> int:
        logs.set_up(logging.WARNING - 10 * min(verbose, 2), stream=sys.stderr)
        terminal = Terminal(
            root=Path(root),
            as_json=as_json,
            loud=-1 if quiet else verbose,
            may_ask=not no_input and sys.stdin.isatty(),
        )
        return command(*args, terminal=terminal, **options)

    return wrapped


def clock() -> datetime:
    """Return the run's clock: now, in UTC and whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def fetch_maker(config: Config, now: datetime) -> FetchMaker:
    """Return what opens the one HTTP client, set up as config.yaml says."""
    from pipeline import looking

    return looking.fetch_maker(config, now)


def connect(config: Config, now: datetime) -> Connect:
    """Return what opens the same client for one delivery."""
    return functools.partial(fetch_maker(config, now), {})


def open_state(config: Config, *, read_only: bool) -> AbstractContextManager[State]:
    """Open the state database; one that may write nothing is read only where it exists."""
    from pipeline.state.database import State

    path = config.state / "state.sqlite"
    if read_only and not path.exists():
        return State.in_memory()
    return State.open(path)
