"""`recap clock mend`: what was stamped by a clock that ran ahead gets an honest time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import click

from pipeline.commands.deciding import decide, dry_run_option, open_desk
from pipeline.commands.operands import read_moment
from pipeline.commands.terminal import Terminal, standard

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipeline.commands.deciding import Desk


@click.group()
def clock() -> None:
    """Times that were stamped while the clock was wrong."""


@clock.command()
@click.option(
    "--at",
    callback=read_moment,
    metavar="ISO-TIME",
    help="When it really was; now without it.",
)
@click.option("--reason", help="Why, for those who read the decision later.")
@dry_run_option
@standard
def mend(terminal: Terminal, *, at: datetime | None, reason: str | None, dry_run: bool) -> int:
    """Say that times in data/ that lie ahead were stamped by a clock that was wrong.

    Until then nothing is published, for a clock that went backwards stamps nothing. The next run
    gives them the time of --at; talks, feed ids, numbers and announcements stay as they are.
    """
    from pipeline import report
    from pipeline.errors import ConfigError
    from pipeline.model import Mend, Verb

    desk = open_desk(terminal)
    found = _sort(desk)
    if not found.wrong:
        raise ConfigError(
            f"no time in data/ is later than the clock says, {report.plain(desk.now)}; there is "
            "nothing to mend"
        )
    at = (at or desk.now).replace(microsecond=0)
    if not max(found.right, default=at) <= at <= desk.now:
        raise ConfigError(
            f"--at {report.plain(at)}: give a time from {report.plain(max(found.right))}, the "
            f"newest that was stamped rightly, to {report.plain(desk.now)}, which is now"
        )
    word = replace(
        desk.word(Verb.MEND_CLOCK, reason=reason),
        mend=Mend(since=min(found.wrong), until=max(found.wrong), at=at),
    )
    note = (
        f"The clock says {report.plain(desk.now)}. If that is what is wrong, take this back with "
        "`recap undo` and set it right: what the next run has set right stays so."
    )
    return decide(desk, word, event_id=None, events=found.events, dry_run=dry_run, notes=(note,))


@dataclass(slots=True)
class _Sorted:
    """The times under data/: stamped rightly as far as the clock tells, or ahead of it.

    `events` are those that have wrong ones, and that can be read.
    """

    now: datetime
    right: list[datetime] = field(default_factory=list)
    wrong: list[datetime] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def take(self, moments: Iterable[datetime]) -> bool:
        """Sort more of them; return whether some are wrong."""
        before = len(self.wrong)
        for one in moments:
            (self.wrong if one > self.now else self.right).append(one)
        return len(self.wrong) > before


def _sort(desk: Desk) -> _Sorted:
    """Sort the times of runs and decisions, those of events that are broken too."""
    from pipeline.ledger import moments
    from pipeline.model import Installation

    found = _Sorted(now=desk.now)
    found.take(moments(desk.installation, ()))
    words = list(desk.shared)
    for event_id in desk.ids:
        words += desk.store.decisions(event_id)
        stamped = moments(Installation(), [desk.store.ledger(event_id)])
        if found.take(stamped) and event_id in desk.events:
            found.events.append(event_id)
    found.wrong += [word.time for word in words if word.time > desk.now]
    return found
