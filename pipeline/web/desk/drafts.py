"""Open drafts of mails: looked at as they would leave, approved, marked as sent, skipped.

A draft is composed anew for each page, and its mail is part of the seal: what is approved is what
was shown. A mail is shown in a frame that may do nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import HTTPException, Query, Request
from starlette.responses import Response

from pipeline import report
from pipeline.config import Config
from pipeline.mailing import Case, Casebook, standing
from pipeline.model import Verb
from pipeline.review import Offer, entry_of, moment
from pipeline.sending.letters import Letters
from pipeline.state.database import State
from pipeline.views.talk import Moment
from pipeline.web.desk.asking import Answer, seal_name, undo
from pipeline.web.desk.frame import (
    EventId,
    Fields,
    Speech,
    config_of,
    field_of,
    now_of,
    router_of,
    show,
    speech,
    top_of,
)
from pipeline.web.desk.opening import Room, open_room, write
from pipeline.web.pages import go_to
from pipeline.web.probes import open_state

VERBS = (Verb.APPROVE, Verb.SENT, Verb.SKIP)
LABELS = {
    Verb.APPROVE: "Approve",
    Verb.SENT: "It has gone out",
    Verb.SKIP: "Mail it to nobody",
}
"""What can be said of a draft here."""

GONE = "That draft is not open any more; this is how it stands now."

FRAME_CSP = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
"""What a mail may do in its frame: show what it looks like, and nothing else."""

TYPES = {
    "html": "text/html",
    "text": "text/plain",
    "markdown": "text/plain",
    "eml": "message/rfc822",
}

router = router_of("/desk/events/{event}/drafts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One open draft in the list: where it goes, how it stands, and how many talks it tells of."""

    id: str
    target: str
    said: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A draft whole: what it says in a reader's list of mails, and what can be said of it.

    `talks` are the names of those that it tells of.
    """

    row: Row
    subject: str
    preheader: str
    made: Moment
    talks: tuple[str, ...]
    closing: bool
    pasted: bool
    answers: tuple[Answer, ...]


@router.get("")
def drafts(
    request: Request,
    event: EventId,
    draft: str | None = None,
    target: str | None = None,
    done: str = "",
) -> Response:
    """Show a draft, the first one where none is named."""
    room = open_room(config_of(request), event, now=now_of(request))
    written = next((one.id for one in room.files.decisions if one.id == done), "")
    return _page(request, room, draft=draft, target=target, written=written)


@router.get("/mail")
def mail(
    request: Request,
    event: EventId,
    draft: str,
    target: str,
    form: Annotated[Literal["html", "text", "markdown", "eml"], Query(alias="as")] = "html",
) -> Response:
    """Return a draft's mail by itself, for the frame that shows it, or to take elsewhere."""
    room = open_room(config_of(request), event, now=now_of(request))
    book = Casebook(room.config, room.store)
    case = _meant(book.open(event), draft, target)
    if case is None:
        raise HTTPException(404, "that draft is not open any more")
    headers = {"Content-Security-Policy": FRAME_CSP}
    if form == "eml":
        name = f"{event}-{case.draft.id}.eml"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(book.shown(case, form), media_type=TYPES[form], headers=headers)


@router.post("")
def decide(request: Request, event: EventId, fields: Fields) -> Response:
    """Write what the page showed of a draft."""
    said, draft, target = (field_of(fields, name) for name in ("verb", "draft", "target"))
    when = moment(field_of(fields, "time"))
    if said not in VERBS or when is None:
        raise HTTPException(400, "that is no answer here; reload the page and try again")
    verb, config, now = Verb(said), config_of(request), now_of(request)
    meant: list[Case] = []

    def wanted(room: Room) -> Offer:
        book = Casebook(room.config, room.store)
        case = _meant(book.open(event), draft, target)
        if case is None:
            raise HTTPException(409, "that draft is not open any more; look at the list again")
        meant.append(case)
        return _offer(room, book, case, verb, when=when)

    seal = field_of(fields, seal_name(verb))
    made = write(config, event, wanted, seal=seal, when=when, now=now)
    if made.word is None:
        return _page(request, made.room, draft=draft, target=target, moved=made.moved)
    if verb is Verb.SKIP:
        _let_go(config, meant, now=now)
    return go_to(f"/desk/events/{event}/drafts?done={made.word.id}")


def _page(
    request: Request,
    room: Room,
    *,
    draft: str | None,
    target: str | None,
    written: str = "",
    moved: str = "",
) -> Response:
    book = Casebook(room.config, room.store)
    cases = book.open(room.id)
    say = speech(room.config.site, room.now)
    with open_state(room.config) as state:
        rows = tuple(_row(case, Letters(state)) for case in cases)
    meant = _meant(cases, draft, target)
    chosen = meant or (cases[0] if cases else None)
    shown = _shown(room, book, chosen, rows[cases.index(chosen)], say) if chosen else None
    top = top_of(request, room)
    return show(
        request,
        "drafts.html",
        status=409 if moved else 200,
        top=top,
        rows=rows,
        shown=shown,
        warnings=book.warnings,
        undo=undo(room, when=room.now, tried=False),
        undoing=room.latest,
        time=room.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        written=written,
        said=GONE if draft and meant is None else "",
        moved=moved,
        goes_out=top.next,
        announces_next=say(room.passed.announces_next) if room.passed.announces_next else None,
    )


def _meant(cases: Sequence[Case], draft: str | None, target: str | None) -> Case | None:
    return next(
        (one for one in cases if one.draft.id == draft and one.draft.target == target), None
    )


def _row(case: Case, letters: Letters) -> Row:
    said = standing(case, letters.stages(*case.letters))
    return Row(
        id=case.draft.id,
        target=case.draft.target,
        said=said.partition(":")[0],  # what follows are commands for the terminal
        count=len(case.draft.talks),
    )


def _shown(room: Room, book: Casebook, case: Case, row: Row, say: Speech) -> Shown:
    mail = book.mail(case)
    entries = (entry_of(room.passed, talk) for talk in case.draft.talks)
    return Shown(
        row=row,
        subject=mail.subject,
        preheader=mail.preheader,
        made=say(case.draft.time),
        talks=tuple(report.label(one) for one in entries if one),
        closing=case.draft.kind == "closing",
        pasted=case.is_pasted,
        answers=tuple(
            Answer(
                name=seal_name(verb),
                verb=verb,
                offer=_offer(room, book, case, verb, when=room.now),
                label=LABELS[verb],
            )
            for verb in _verbs(case)
        ),
    )


def _verbs(case: Case) -> Iterable[Verb]:
    """Yield what can be said of a draft: nobody approves what may go already, or is pasted."""
    if case.target is not None and case.since is None and not case.draft.edited:
        yield Verb.APPROVE
    if not case.draft.leaving:
        yield from (Verb.SENT, Verb.SKIP)


def _offer(room: Room, book: Casebook, case: Case, verb: Verb, *, when: datetime) -> Offer:
    made = room.untried(verb, when=when, announcement=case.draft.id, target=case.draft.target)
    mail = book.mail(case)
    shown = "\0".join((mail.subject, mail.text, mail.html))
    return replace(made, beside=hashlib.sha256(shown.encode()).hexdigest())


def _let_go(config: Config, cases: Iterable[Case], *, now: datetime) -> None:
    """Let go of letters that were planned already, as `recap mail skip` does."""
    with State.open(config.state / "state.sqlite") as state:
        for case in cases:
            Letters(state).skip(*case.letters, now=now)
