"""What a pass stands on: the files that every event depends on, and a clock that can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pipeline import __version__, status
from pipeline.config import Config
from pipeline.dataset.folder import FolderStore, marks
from pipeline.errors import ClockError
from pipeline.files import DOT, GROUPS
from pipeline.ledger import mend_installation
from pipeline.merging import standing
from pipeline.model import Decision, Installation, Want
from pipeline.state.database import Look, State


def grounds(config: Config, *, looks: str) -> object:
    """Return what every event's result depends on; `looks` is the fingerprint of the templates."""
    folder = config.data / "decisions"
    shared = marks(config.data / "no-publish.yaml", folder, *sorted(folder.glob("*.yaml")))
    return (config, looks, __version__, shared)


def surroundings(store: FolderStore, feeds: Path) -> object:
    """Return what changes when another process saves or publishes, or events come or go."""
    return (store.shared_mark(), marks(feeds / DOT, feeds / GROUPS))


def mend_clock(
    installation: Installation,
    shared: Iterable[Decision],
    *,
    state: State,
    want: Want,
    now: datetime,
) -> Installation:
    """Set right what a clock stamped that ran ahead, where a person said so.

    Lists that seem to have been looked at in the future are forgotten, so they are due again.
    """
    mended = mend_installation(installation, standing(shared), now)
    if mended != installation and not want.dry_run:
        ahead = {watch: Look() for watch, when in state.tries().items() if when > now}
        state.commit(looks=ahead, validators={})
    return mended


def clock_trouble(installation: Installation, *, want: Want, now: datetime) -> str | None:
    """Say why nothing may be stamped, where the clock stands before the newest stamp.

    Raises ClockError where a person gave the clock.
    """
    newest = installation.newest
    if newest is None or now >= newest:
        return None
    message = status.clock_message(now, newest)
    if want.clock_given:
        raise ClockError(message)
    return message
