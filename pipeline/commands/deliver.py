"""`recap deliver`: what `recap publish --no-deliver` left to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.commands.terminal import Terminal, clock, connect, open_state, standard

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.config import Config
    from pipeline.sending.delivering import Delivered


@click.command()
@standard
def deliver(terminal: Terminal) -> int:
    """Send what is due and was not sent: after `publish --no-deliver`, or where sending failed.

    It tells the team, the hub of the feeds (`feeds.hub`) and where mails go (`mail.to`), and looks
    at no list; what is due was stored by the runs before. Exit codes: 0 done, or nothing to do; 1
    something could not be sent and stays due; 2 an entry of `notify:` or `mail.to:` is wrong; 75
    another process is sending.
    """
    from pipeline.config import load_config
    from pipeline.model import Outcome
    from pipeline.sending.delivering import Delivered
    from pipeline.service import heartbeat

    config = load_config(terminal.root)
    has_any = bool(config.notify or config.site.hub or config.mail_to)
    now = clock()
    told = _told(config, now) if has_any else Delivered()
    problems = [str(problem) for problem in told.problems]
    if heartbeat.monitor(config, now)[0]:
        with open_state(config, read_only=False) as state:
            wrong = len(told.warnings) + len(problems)
            heartbeat.close(config, state=state, now=now, wrong=wrong)
    if terminal.as_json:
        terminal.data(
            {"delivered": list(told.sent), "warnings": list(told.warnings), "problems": problems}
        )
    for line in (*problems, *told.warnings):
        terminal.warn(line)
    for line in told.sent:
        terminal.say(f"Told {line}")
    if not has_any:
        terminal.say("Nothing to deliver: config.yaml has no `notify:`, `feeds.hub` or `mail.to`.")
    elif not (told.sent or told.warnings or problems):
        terminal.say("Nothing to deliver.")
    if problems:
        return Outcome.INVALID
    return Outcome.FAILED if told.warnings else Outcome.FINE


def _told(config: Config, now: datetime) -> Delivered:
    """Tell the team and the hub, then bring all open drafts on their way."""
    from pipeline import mailing
    from pipeline.dataset.folder import FolderStore
    from pipeline.sending import delivering
    from pipeline.sending.delivering import Delivered

    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    way = connect(config, now)
    with open_state(config, read_only=False) as state:
        told = delivering.send(config, now=now, state=state, connect=way)
        if not config.mail_to:
            return told
        mails = mailing.deliver(
            config, store.event_ids(), store=store, state=state, connect=way, now=now
        )
    return Delivered(
        sent=(*told.sent, *mails.sent),
        warnings=(*told.warnings, *mails.warnings),
        problems=(*told.problems, *mails.problems),
    )
