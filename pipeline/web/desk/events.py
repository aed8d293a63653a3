"""/desk/ and the pages of one event: its questions, and the answers of people.

Each answer that a page shows carries the seal of what it would write; nothing else is written.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from pipeline import report
from pipeline.model import Verb, Want
from pipeline.review import Board, Offer, bar, board, moment
from pipeline.state.database import Look
from pipeline.views.talk import Moment
from pipeline.web.desk.asking import Asked, ask, seal_name, undo
from pipeline.web.desk.frame import (
    HOME,
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
from pipeline.web.desk.opening import Room, make_store, open_room, write
from pipeline.web.pages import go_to
from pipeline.web.probes import open_state, standing_of

LOOK_WAIT_S = 20.0
"""How long a page waits for a look that a person asked for; the look itself goes on."""

LISTED = 200
"""Events beyond those that wait for a person that the first page links to."""

VERBS = (Verb.LINK, Verb.NOT_THIS, Verb.UNLINK, Verb.IGNORE, Verb.UNDO)
"""What can be said of a video here."""

SAID = {
    "looked": "The lists were looked at.",
    "looking": "The lists are being looked at; reload the page in a moment.",
}

router = router_of("/desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """How one watch list stands; `ill` says that it needs somebody."""

    name: str
    said: str
    ill: bool = False
    good: Moment | None = None
    again: Moment | None = None


@router.get("")
async def bare(_request: Request) -> Response:
    """Lead to the first page."""
    return go_to(HOME)


@router.get("/")
def first(request: Request) -> Response:
    """List the events; where there is only one, go on to it."""
    config = config_of(request)
    ids = make_store(config).event_ids()
    if len(ids) == 1:
        return go_to(address(ids[0]))
    told = {one["id"]: one for one in standing_of(request).status().get("events", [])}
    waiting = [one for one in ids if told.get(one, {}).get("waiting_for_a_person")]
    others = [one for one in reversed(ids) if one not in waiting]
    rows = [{"id": one, "told": told.get(one)} for one in (*waiting, *others[:LISTED])]
    return show(request, "events.html", rows=rows, left_out=max(0, len(others) - LISTED))


@router.get("/events/{event}")
def review(
    request: Request,
    event: EventId,
    *,
    video: str | None = None,
    talk: str | None = None,
    done: str = "",
    said: str = "",
    tried: str = "",
) -> Response:
    """Show a question, the first one where none is named.

    `tried` is an answer of which is shown as well what it changes: `no`, `ignore` or `undo`.
    """
    room = open_room(config_of(request), event, now=now_of(request))
    written = next((one.id for one in room.files.decisions if one.id == done), "")
    said = SAID.get(said, "")
    return _page(request, room, video=video, talk=talk, written=written, said=said, tried=tried)


@router.post("/events/{event}")
def answer(request: Request, event: EventId, fields: Fields) -> Response:
    """Write what the page showed, and go on to the next question."""
    verb, video, talk = _told(fields)
    when = moment(field_of(fields, "time"))
    if when is None:
        raise HTTPException(400, "the form has no time; reload the page and try again")
    undoes = field_of(fields, "undoes") or None

    def wanted(room: Room) -> Offer:
        if verb is Verb.UNDO:
            return room.offer(verb, when=when, undoes=undoes)
        return room.offer(verb, when=when, video=video, talk=talk)

    seal = field_of(fields, seal_name(verb, talk))
    made = write(config_of(request), event, wanted, seal=seal, when=when, now=now_of(request))
    if made.word is None:
        return _page(request, made.room, video=video, talk=talk, moved=made.moved)
    if field_of(fields, "page") == "drafts":
        return go_to(f"/desk/events/{event}/drafts?done={made.word.id}")
    listed = board(made.room.files, made.room.passed, now=made.room.now)
    stays = verb in (Verb.UNDO, Verb.NOT_THIS, Verb.UNLINK)
    onward = (_undone(made.room, undoes) or video) if stays else listed.after(video)
    return go_to(address(event, video=onward, done=made.word.id))


@router.post("/events/{event}/look")
async def look(request: Request, event: EventId, fields: Fields) -> Response:
    """Look at the lists of an event now, and publish what comes of it."""
    runner = standing_of(request).runner
    # Begins after this moment: a run that is under way may have read before the last decision.
    future = runner.submit(Want(events=(event,)))
    running = asyncio.shield(asyncio.wrap_future(future))
    try:
        await asyncio.wait_for(running, LOOK_WAIT_S)
        said = "looked"
    except TimeoutError:
        said = "looking"
    return go_to(address(event, video=field_of(fields, "video"), said=said))


def address(event: str, **query: str | None) -> str:
    """Return the address of an event's page."""
    said = urlencode({name: value for name, value in query.items() if value})
    return f"/desk/events/{event}{'?' + said if said else ''}"


def _page(
    request: Request,
    room: Room,
    *,
    video: str | None,
    talk: str | None,
    written: str = "",
    said: str = "",
    moved: str = "",
    tried: str = "",
) -> Response:
    listed = board(room.files, room.passed, now=room.now)
    say = speech(room.config.site, room.now)
    asked = _asked(room, listed, video, talk=talk, say=say, tried=tried)
    top = top_of(request, room, listed)
    return show(
        request,
        "review.html",
        status=409 if moved else 200,
        top=top,
        board=listed,
        asked=asked,
        unknown=bool(video) and (asked is None or asked.video != video),
        undo=undo(room, when=room.now, tried=tried == "undo"),
        undoing=room.latest,
        time=room.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        bar=bar(room.passed),
        out=_counts(room),
        lists=list_rows(room, say=say),
        written=written,
        said=said,
        moved=moved,
        tried=tried,
        goes_out=top.next,
        say=say,
    )


def _asked(
    room: Room, listed: Board, video: str | None, *, talk: str | None, say: Speech, tried: str
) -> Asked | None:
    """Return the question that is meant, else the first one."""
    first = listed.asked[0].video if listed.asked else None
    for one, wanted in ((video, talk), (first, None)):
        if one:
            found = ask(
                room,
                listed,
                one,
                wanted=wanted,
                tried=tried,
                when=room.now,
                say=say.words,
                wording=say.wording,
            )
            if found:
                return found
    return None


def list_rows(room: Room, *, say: Speech) -> tuple[ListRow, ...]:
    """Return how the watch lists of an event stand, as the state and the ledger know it."""
    event = room.files.event
    rows = []
    with open_state(room.config) as state:
        for watch in event.watches:
            known = state.look(f"{event.id}/{watch.id}")
            row = room.passed.ledger.watches.get(watch.id)
            rows.append(_list_row(watch.id, known, gap=bool(row and row.gap), say=say))
    return tuple(rows)


def _list_row(name: str, known: Look, *, gap: bool, say: Speech) -> ListRow:
    good = say(known.last_good) if known.last_good else None
    again = say(known.not_before) if known.not_before and known.not_before > say.now else None
    if known.failing_since:
        error = (known.last_error or "no answer").removesuffix(".")
        said = f"No answer since {say.words(known.failing_since)}: {error}."
        return ListRow(name=name, said=said, ill=True, good=good, again=again)
    if gap:
        said = "May have missed videos; `recap gap close` says that it has not."
        return ListRow(name=name, said=said, ill=True, good=good)
    return ListRow(name=name, said="" if good else "Not looked at by this machine yet.", good=good)


def _counts(room: Room) -> tuple[int, int]:
    made = report.event_report(room.passed)
    return made.out, made.total


def _told(fields: FormData) -> tuple[Verb, str, str | None]:
    """Return what a person says, of which video, and of which talk."""
    said = field_of(fields, "verb")
    talk = field_of(fields, "talk") or None
    if said == "no":  # the card that is chosen says which word that is
        said = field_of(fields, f"no.{talk}")
    if said not in VERBS:
        raise HTTPException(400, "that is no answer here; reload the page and try again")
    verb = Verb(said)
    of_talk = verb in (Verb.LINK, Verb.NOT_THIS, Verb.UNLINK)
    return verb, field_of(fields, "video"), talk if of_talk else None


def _undone(room: Room, undoes: str | None) -> str | None:
    """Return the video of a decision that was taken back."""
    return next((one.video for one in room.files.decisions if one.id == undoes), None)
