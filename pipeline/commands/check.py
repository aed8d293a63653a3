"""`recap check`: is every file that people write in order?"""

from __future__ import annotations

import click

from pipeline.commands.terminal import Terminal, standard


@click.command()
@standard
def check(terminal: Terminal) -> int:
    """Read config.yaml and every file under data/, and name everything that is wrong."""
    from pipeline.config import load_config
    from pipeline.dataset.folder import FolderStore
    from pipeline.errors import DatasetError, Problem
    from pipeline.looking import check_watches
    from pipeline.model import Outcome
    from pipeline.report import plural

    config = load_config(terminal.root)
    store = FolderStore(config.data, zone=config.site.timezone)
    problems: list[Problem] = []
    talks = 0
    ids = store.event_ids()
    for part in (store.installation, store.barred):
        try:
            part()
        except DatasetError as error:
            problems.extend(error.problems)
    for event_id in terminal.track(ids, "Checking"):
        try:
            event = store.open(event_id).event
            file = f"{config.data.name}/{event_id}/event.yaml"
            check_watches(event, folder=store.folder(event_id), file=file)
            talks += len(event.talks)
        except DatasetError as error:
            problems.extend(error.problems)
    if terminal.as_json:
        terminal.data({"events": len(ids), "talks": talks, "problems": [str(p) for p in problems]})
    for problem in problems:
        terminal.warn(str(problem))
    if problems:
        terminal.warn(f"{len(problems)} {plural(len(problems), 'problem')}")
        return Outcome.INVALID
    terminal.say(f"{len(ids)} {plural(len(ids), 'event')}, {talks} talks: all in order")
    return Outcome.FINE
