"""`recap check`: is every file that people write in order?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from pipeline.commands.terminal import Terminal, clock, connect, standard

if TYPE_CHECKING:
    from pipeline.dataset.folder import FolderStore
    from pipeline.errors import Problem
    from pipeline.written.watches import Lists


@click.command()
@standard
def check(terminal: Terminal) -> int:
    """Read config.yaml and every file under data/, and name everything that is wrong."""
    from pipeline import mailing
    from pipeline.config import load_config
    from pipeline.dataset.folder import FolderStore
    from pipeline.model import Outcome
    from pipeline.report import plural
    from pipeline.sending import delivering

    config = load_config(terminal.root)
    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    ids = store.event_ids()
    problems, talks = _problems(store, terminal.track(ids, "Checking"), lists=config.lists)
    way = connect(config, clock())
    told = (*delivering.check(config, connect=way), *mailing.check(config, connect=way))
    problems = [*told, *problems]
    if terminal.as_json:
        terminal.data({"events": len(ids), "talks": talks, "problems": [str(p) for p in problems]})
    for problem in problems:
        terminal.warn(str(problem))
    if problems:
        terminal.warn(f"{len(problems)} {plural(len(problems), 'problem')}")
        return Outcome.INVALID
    terminal.say(f"{len(ids)} {plural(len(ids), 'event')}, {talks} talks: all in order")
    return Outcome.FINE


def _problems(store: FolderStore, ids: Iterable[str], *, lists: Lists) -> tuple[list[Problem], int]:
    """Return what is wrong anywhere, and how many talks there are."""
    from pipeline import merging, status
    from pipeline.errors import DatasetError, Problem
    from pipeline.importing import check_origin
    from pipeline.looking import check_watches
    from pipeline.model import Barred, Decision, Installation

    problems: list[Problem] = []
    installation, barred, talks = Installation(), Barred(), 0
    shared: tuple[Decision, ...] = ()
    try:
        installation = store.installation()
        barred, shared = store.barred()
    except DatasetError as error:
        problems.extend(error.problems)
    present = store.event_ids()
    gone = status.missing_events(installation, shared, present)
    problems.extend(problem for _, problem in gone if problem)
    for event_id in ids:
        try:
            opened = store.open(event_id)
            file = f"data/{event_id}/event.yaml"
            folder = store.folder(event_id)
            check_watches(opened.event, folder=folder, file=file, lists=lists)
            check_origin(opened.event, file=file)
        except DatasetError as error:
            problems.extend(error.problems)
            continue
        talks += len(opened.event.talks)
        for sentence in merging.strangers(opened.event, opened.decisions, barred):
            problems.append(Problem(file=f"data/{event_id}", message=sentence))
    for sentence in status.unknown_barred(barred, store.has):
        problems.append(Problem(file="data/no-publish.yaml", message=sentence))
    return problems, talks
