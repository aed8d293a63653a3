"""Drafts that newsletter tools keep: made, renewed, and asked what became of them.

How that goes is kept as a Look of each draft, like that of a list.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import cadence
from pipeline.mail.compose import Mail
from pipeline.mailing.cases import Case, announcement_tag
from pipeline.model import Draft, DraftTool, Placed
from pipeline.state.database import Look, State

ASKED_AGAIN = timedelta(hours=1)
"""How long a draft that is there, and of which nothing changed, is left alone: people send it by
hand, and nobody waits.
"""

_MADE_OF = "made of"
"""What a draft held when it was put there last; kept where a list's validators are."""


def put(
    tool: DraftTool, case: Case, mail: Mail, *, state: State, site_tag: str, now: datetime
) -> Placed:
    """Make or renew a draft at its tool; what is known of it is in `case`."""
    key = _key(case)
    look = state.look(key)
    tried = replace(look, last_try=now, failures=look.failures + 1)
    state.commit(looks={key: tried}, validators={})
    placed = tool.put(
        Draft(
            id=announcement_tag(case, site_tag),
            subject=mail.subject,
            preheader=mail.preheader,
            html=mail.html,
            text=mail.text,
            markdown=mail.markdown,
            known=case.draft.known,
            body_sha256=case.draft.body_sha256,
        )
    )
    if placed.result in ("draft", "edited", "sent"):
        good = Look(last_try=now, last_good=now)
        state.commit(looks={key: good}, validators={key: {_MADE_OF: (_made_of(case), None)}})
        return placed
    failed = replace(
        tried,
        failing_since=look.failing_since or now,
        not_before=placed.retry_after,
        last_error=placed.detail,
    )
    state.commit(looks={key: failed}, validators={})
    return placed


def rests(case: Case, *, state: State, now: datetime, patient: bool) -> bool:
    """Tell whether a draft is left alone for now; only a server's own wish holds for a person."""
    look = state.look(_key(case))
    if look.not_before and now < look.not_before:
        return True
    if not patient or look.last_try is None:
        return False
    if look.failures:
        when = cadence.next_look(
            _key(case), timedelta(), last_try=look.last_try, failures=look.failures
        )
        return when is not None and now < when
    if case.draft.known is None or now - look.last_try >= ASKED_AGAIN:
        return False
    return state.validators(_key(case)) == {_MADE_OF: (_made_of(case), None)}


def _made_of(case: Case) -> str:
    """Return a hash of what a draft tells, and of the event that its mail is made of."""
    return hashlib.sha256(repr((case.draft.talks, case.published)).encode()).hexdigest()


def was_tried(case: Case, *, state: State) -> bool:
    """Tell whether this state's own runs tried to make a draft, and never heard what came of it."""
    looks = [state.look(_key(case, one)) for one in case.draft.announcements]
    return any(look.last_try and not look.last_good for look in looks)


def _key(case: Case, announcement: str = "") -> str:
    # No event's id starts with a colon.
    return f":mail/{case.draft.target}/{case.event}/{announcement or case.draft.id}"
