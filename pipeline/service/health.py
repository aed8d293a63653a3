"""Is watching well? One judgement for the server, monitors and the container's health check.

Red is what a person has to mend: a list that was not read in time or may have missed videos, a
broken file, a failed stage, a clock that went back, a mail that is held, passes that have ceased.
That nothing new came out is no reason, for a month or a year, and neither is a question for a
person. Pure: reads no file and no clock; must not know who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline import report
from pipeline.model import RunReport

_IN_DOUBT = {
    "held": "held until a person lets go: `recap mail list` says which",
    "unknown": "may or may not have arrived: `recap mail list` says which",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`red` are the reasons, one sentence each; none where all is well.

    They name files, lists and addresses of this installation, so they are not for everybody.
    """

    red: tuple[str, ...] = ()

    @property
    def colour(self) -> str:
        """Return `red` or `green`."""
        return "red" if self.red else "green"


def doubts(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return sentences on mails that wait because sending is in doubt; `counts` are by stage."""
    found = ((counts.get(stage, 0), words) for stage, words in _IN_DOUBT.items())
    return tuple(
        f"{count} {report.plural(count, 'mail')} {words}" for count, words in found if count
    )


def health(
    made: RunReport | None,
    *,
    now: datetime,
    held: Iterable[str] = (),
    failure: str | None = None,
    patience: timedelta | None = None,
) -> Health:
    """Judge by the latest whole run's report how things stand at `now`.

    `held` are sentences on mails that wait for a person because sending is in doubt. `failure` is
    why a later pass came to no report, where one did. `patience`
    is how long ago that run may have started, for a process that ought to run passes; without it
    the age of the report is no reason. None stands for no run yet, which is green by itself.
    """
    reasons = [] if made is None else list(report.ailments(replace(made, started=now)))
    if failure is not None:
        reasons.append(f"the last pass failed: {failure}")
    if made and patience is not None and now - made.started > patience:
        reasons.append(
            f"no pass has ended since {report.plain(made.started)}; look into the log, and start "
            "`recap serve` again"
        )
    return Health(red=(*reasons, *held))
