"""`recap deliver`: what `recap publish --no-deliver` left to be sent."""

from __future__ import annotations

import click

from pipeline.commands.terminal import Terminal, clock, connect, open_state, standard


@click.command()
@standard
def deliver(terminal: Terminal) -> int:
    """Send what is due and was not sent: after `publish --no-deliver`, or where sending failed.

    It looks at no list; what is due was stored by the runs before. Exit codes: 0 done, or nothing
    to do; 1 something could not be sent and stays due; 2 an entry of `notify:` is wrong; 75
    another process is sending.
    """
    from pipeline import delivering
    from pipeline.config import load_config
    from pipeline.model import Outcome

    config = load_config(terminal.root)
    now = clock()
    told = delivering.Delivered()
    if config.notify:
        with open_state(config, read_only=False) as state:
            told = delivering.send(config, now=now, state=state, connect=connect(config, now))
    problems = [str(problem) for problem in told.problems]
    if terminal.as_json:
        terminal.data(
            {"delivered": list(told.sent), "warnings": list(told.warnings), "problems": problems}
        )
    for line in (*problems, *told.warnings):
        terminal.warn(line)
    for line in told.sent:
        terminal.say(f"Told {line}")
    if not config.notify:
        terminal.say("Nothing to deliver: config.yaml names nobody under `notify:`.")
    elif not (told.sent or told.warnings or problems):
        terminal.say("Nothing to deliver.")
    if problems:
        return Outcome.INVALID
    return Outcome.FAILED if told.warnings else Outcome.FINE
