"""Everything that is looked at, in order: first what the rest stands on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pipeline.config import Config
from pipeline.dataset.folder import FolderStore
from pipeline.doctor import files, machine
from pipeline.doctor.finding import Finding, ok
from pipeline.doctor.reach import Reach
from pipeline.stages.roster import check_chosen


def examine(
    config: Config, *, now: datetime, offline: bool, events: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Yield a finding of each thing; `offline` asks nobody, `events` limits whose lists are asked.

    The clock comes last, for the answers of others say what time it is. Raises DatasetError where
    there is no event of a name in `events`.
    """
    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    check_chosen(store, events)
    yield ok("configuration", f"{config.root / 'config.yaml'} is in order")
    yield machine.versions()
    yield from machine.folders(config)
    yield machine.room(config)
    yield machine.database(config.state / "state.sqlite")
    yield machine.lock(config, now)
    found, opened = files.dataset(store, config)
    yield from found
    yield files.stamp(store, now)
    yield from files.secrets(config)
    reach = Reach(config, now=now)
    if not offline:
        chosen = [one for one in opened if not events or one.event.id in events]
        yield from reach.lists(store, chosen)
        yield from reach.deliveries()
    yield machine.clock(now, dates=reach.dates)
