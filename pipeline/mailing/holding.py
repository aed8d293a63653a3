"""Which mails wait for a person although they may go, and how a draft stands. Pure.

In doubt nothing leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from pipeline.mailing.cases import Case

LATE = timedelta(days=1)
"""A mail that may go for longer than this, and did not, waits for a person: what stopped it may
have sent it elsewhere, and news of last week may be none.
"""

ASLEEP = timedelta(hours=30)
"""A letter that was put off, and not tried for longer than this, is of a process that slept or of
a restored copy: a daily run comes sooner, though hours after its time.
"""


def reason_to_hold(
    *, known: bool, lasting: bool, recipients: int, since: datetime, now: datetime
) -> str | None:
    """Return why a mail is held, None where it may leave.

    `known` says that this state's own runs made the announcement, `lasting` that the state was
    there before this run; `since` is from when on the mail may go.
    """
    if not known:
        return (
            "the state in .recap/ does not know this announcement (a backup, a clone or another "
            "machine?), so it may have been sent from there"
        )
    if recipients > 1 and not lasting:
        return (
            "several recipients need a state that lasts, or a crash would send to some of them "
            "twice, and the one in .recap/ is new"
        )
    if now - since > LATE:
        return "it is late by more than a day"
    return None


def standing(case: Case, stages: Mapping[str, int]) -> str:
    """Return how a draft stands, in plain words; `stages` counts its letters."""
    draft = case.draft
    waiting = [f"{stages[one]} {words}" for one, words in _STAGES.items() if stages.get(one)]
    if waiting:
        return ", ".join(waiting)
    if case.is_pasted:
        return "to be pasted: `recap mail preview`, then `recap mail sent`"
    if case.target is None:
        return "its target is not in config.yaml any more"
    found = {
        "edited at its tool": draft.edited,
        "a draft at its tool": draft.known and not draft.leaving,
        "approved, and not sent yet": draft.approved,
        "not sent yet": draft.leaving or case.since,
    }
    asked = "to be approved: `recap mail preview`, then `recap mail approve`"
    return next((words for words, holds in found.items() if holds), asked)


_STAGES = {
    "unknown": "may have arrived",
    "held": "held",
    "failed": "failed",
    "planned": "to be sent",
    "sending": "leaving",
    "dot": "leaving",
    "sent": "sent",
}
