"""Which mails wait for a person although they may go, and how a draft stands. Pure.

In doubt nothing leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pipeline.mailing.cases import Case
from pipeline.model import Announcement, OpenDraft
from pipeline.sending.provenance import Made, told

LATE = timedelta(days=1)
"""A mail that may go for longer than this, and did not, waits for a person: what stopped it may
have sent it elsewhere, and news of last week may be none.
"""

ASLEEP = timedelta(hours=30)
"""A letter that was put off, and not tried for longer than this, is of a process that slept or of
a restored copy: a daily run comes sooner, though hours after its time.
"""


SET_BACK = (
    "data/ was set back since this state made an announcement of the same, which may have been sent"
)
"""Why a mail is held that tells what `is_lost` found."""


NO_LETTERS = (
    "data/ says that it is on its way, and the state in .recap/ has none of its letters "
    "(a backup?), so it may have been sent"
)
"""Why a mail is held that began to leave, by a state that is not this one any more."""


def reason_to_hold(
    *, lost: bool, known: bool, lasting: bool, recipients: int, since: datetime, now: datetime
) -> str | None:
    """Return why a mail is held, None where it may leave.

    `lost` and `known` are what `is_lost` and `is_known` say, `lasting` that the state was
    there before this run; `since` is from when on the mail may go.
    """
    if lost:
        return SET_BACK
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


def is_known(draft: OpenDraft, kept: Iterable[Announcement], made: Made) -> bool:
    """Tell whether this state's own runs have made all that a draft tells; `kept` is the ledger's.

    What they did not make may have been sent from where it was made.
    """
    return all((one.id, one.time) in made for one in kept if one.id in draft.announcements)


def is_lost(draft: OpenDraft, kept: Sequence[Announcement], made: Made) -> bool:
    """Tell whether a draft tells what this state's runs announced before, and the ledger lost.

    What is on its way already was looked at when it was let go.
    """
    there = {(one.id, one.time) for one in kept}
    lost = [tells for name, tells in made.items() if name not in there]
    mine = {
        each
        for one in kept
        if one.id in draft.announcements and one.targets[draft.target].draft is None
        for each in told(one)
    }
    return bool(mine) and any(tells is None or mine & tells for tells in lost)


def standing(case: Case, stages: Mapping[str, int]) -> str:
    """Return how a draft stands, in plain words; `stages` counts its letters."""
    draft = case.draft
    waiting = [f"{stages[one]} {words}" for one, words in _STAGES.items() if stages.get(one)]
    if waiting:
        return ", ".join(waiting)
    if draft.taken_back:
        talks = ", ".join(draft.taken_back)
        return f"may still tell of {talks}: look there, then `recap mail sent` or `recap mail skip`"
    if case.is_pasted:
        return "to be pasted: `recap mail preview`, then `recap mail sent`"
    if case.target is None:
        return "its target is not in config.yaml any more"
    found = {
        "edited or scheduled at its tool": draft.edited,
        "a draft at its tool": draft.known and not draft.leaving,
        "to be made at its tool by the next run": case.at_tool,
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
