"""`recap status`: how things stand, without looking at any list."""

from __future__ import annotations

import click

from pipeline.commands.terminal import Terminal, clock, fetch_maker, open_state, standard


@click.command()
@standard
def status(terminal: Terminal) -> int:
    """Say what is out, what is awaited, and what waits for a person."""
    from pipeline import report
    from pipeline.config import load_config
    from pipeline.model import Outcome, Want
    from pipeline.run import publish as run

    config = load_config(terminal.root)
    now = clock()
    with open_state(config, read_only=True) as state:
        made = run(
            config,
            now=now,
            state=state,
            open_fetch=fetch_maker(config, now),
            want=Want(offline=True, dry_run=True),
            track=terminal.track,
        )
    if terminal.as_json:
        terminal.data(report.status_json(made))
    for event in made.events:
        terminal.say(f"{event.name}: {report.progress(event)}")
        for question in event.questions:
            terminal.say(f"  waits for a person: {question.title} ({question.url})")
        for line in event.alerts:
            terminal.warn(f"  ! {line}")
    for watch in made.watches:
        terminal.say(f"  {report.watch_line(watch)}")
    for trouble in (*made.problems, *made.failures, *made.warnings):
        terminal.warn(str(trouble))
    return Outcome.FINE if made.outcome is Outcome.PERSON_NEEDED else made.outcome
