"""What every page of the desk has: its bar at the top, times in words, errors as pages, its files.

Must not know what a page is about.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from pipeline.config import Config
from pipeline.errors import BusyError, ConfigError, DatasetError, PipelineError
from pipeline.mailing import Casebook
from pipeline.model import Site
from pipeline.review import Board, board
from pipeline.service.runner import Stopped
from pipeline.views import words
from pipeline.views.talk import Moment, stamp
from pipeline.web.desk.opening import Room
from pipeline.web.guard import FORM_FIELD, form, guard_of, signed_in
from pipeline.web.pages import page
from pipeline.web.probes import standing_of
from pipeline.wording import Wording, wording

HOME = "/desk/"
AGAIN_S = 5
"""After how many seconds it is worth to ask again while a run is under way."""

AGE_S = 900

KEYS = "recap_keys"
"""The cookie of a browser in which letters alone press no button. Who dictates, or rests a hand on
the keyboard, presses such keys by accident (WCAG 2.2, 2.1.4)."""

OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Says moments by the clocks of the site's zone, without the day where it is today."""

    zone: ZoneInfo
    now: datetime
    wording: Wording

    def __call__(self, moment: datetime) -> Moment:
        """Return a moment in words, with its zone, and as machines read it."""
        local, here = moment.astimezone(self.zone), self.now.astimezone(self.zone)
        if local.date() == here.date():
            return Moment(day=words.clock(local), instant=stamp(moment))
        year = here.year
        said = words.minute(local, year=year, wording=self.wording)
        return Moment(day=said, instant=stamp(moment))

    def words(self, moment: datetime) -> str:
        """Return a moment in words."""
        return self(moment).day


def speech(site: Site, now: datetime) -> Speech:
    """Return what says times; the desk itself speaks English."""
    return Speech(zone=ZoneInfo(site.timezone), now=now, wording=wording("en"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """The bar at the top: the event, where else to go, and when its lists are looked at.

    `questions` and `drafts` wait for a person. `looked` is the last pass, `next` the next one.
    """

    event: str
    name: str
    questions: int
    drafts: int
    looked: Moment | None
    next: Moment | None


def now_of(request: Request) -> datetime:
    """Return the server's clock, in whole seconds as decisions have it."""
    return guard_of(request).clock().replace(microsecond=0)


def config_of(request: Request) -> Config:
    """Return the configuration as it is now."""
    found: Config = request.app.state.config()
    return found


def top_of(request: Request, room: Room, listed: Board | None = None) -> Top:
    """Return the bar of an event's pages."""
    standing = standing_of(request)
    say = speech(room.config.site, room.now)
    looked, coming = standing.runner.latest, standing.next_tick()
    event = room.files.event
    listed = listed or board(room.files, room.passed, now=room.now)
    return Top(
        event=event.id,
        name=event.short_name or event.name,
        questions=len(listed.asked),
        drafts=len(Casebook(room.config, room.store).open(event.id)),
        looked=say(looked.started) if looked else None,
        next=say(coming) if coming else None,
    )


def show(request: Request, name: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Render a page of the desk."""
    values.setdefault("top", None)
    values["keys"] = request.cookies.get(KEYS) != OFF
    values["here"] = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return page(request, f"desk/{name}", status=status, **values)


class DeskRoute(APIRoute):
    """A route whose errors are pages: what is wrong, and what to do next."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with the errors that people can do something about as pages."""
        original = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await original(request)
            except RequestValidationError:
                lines = ("Look at the spelling of the address, or begin at the desk.",)
                return _trouble(request, 404, "No such page", lines)
            except (PipelineError, HTTPException, Stopped) as error:
                return await _explained(request, error)

        return handler


async def _explained(request: Request, error: PipelineError | HTTPException | Stopped) -> Response:
    """Return the page that says what is wrong."""
    match error:
        case Stopped():
            return await _busy(request, "The server is ending; try again when it is back.")
        case BusyError():
            return await _busy(request, error.message)
        case HTTPException():
            made = _trouble(request, error.status_code, "Not like this", (str(error.detail),))
            made.headers.update(error.headers or {})
            return made
        case DatasetError():
            unknown = any(one.file == "data" for one in error.problems)
            headline = "No such event" if unknown else "Files of this event have to be mended"
            lines = tuple(str(one) for one in error.problems)
            return _trouble(request, 404 if unknown else 409, headline, lines)
        case ConfigError():
            return _trouble(request, 409, "That would have no effect", (error.message,))
    return _trouble(request, 500, "That did not work", (error.message,))


def _trouble(
    request: Request,
    status: int,
    headline: str,
    lines: tuple[str, ...],
    *,
    again: tuple[tuple[str, str], ...] = (),
) -> HTMLResponse:
    return show(
        request,
        "trouble.html",
        status=status,
        headline=headline,
        lines=lines,
        again=again,
        where=str(request.url.path),
        posted=request.method == "POST",
    )


async def _busy(request: Request, message: str) -> Response:
    """Say who is at work, and let the same form be sent again."""
    fields = await request.form() if request.method == "POST" else {}
    again = tuple(
        (name, value)
        for name, value in fields.items()
        if name != FORM_FIELD and isinstance(value, str)
    )
    made = _trouble(request, 503, "Another run is at work", (message,), again=again)
    made.headers["Retry-After"] = str(AGAIN_S)
    return made


EventId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Fields = Annotated[FormData, Depends(form)]


def router_of(prefix: str) -> APIRouter:
    """Return a router for pages that only people who have signed in may see."""
    return APIRouter(
        prefix=prefix,
        include_in_schema=False,
        dependencies=[Depends(signed_in)],
        route_class=DeskRoute,
    )


def field_of(fields: FormData, name: str) -> str:
    """Return what a form says in one of its fields; "" where it says nothing."""
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


router = APIRouter(prefix="/desk", include_in_schema=False)


@router.get("/desk.css")
async def style(request: Request) -> Response:
    """Return the desk's style."""
    return _file(request, "desk.css", "text/css")


@router.get("/desk.js")
async def keys(request: Request) -> Response:
    """Return the desk's keys."""
    return _file(request, "desk.js", "text/javascript")


@router.get("/icon.svg")
async def icon(request: Request) -> Response:
    """Return the desk's sign."""
    return _file(request, "icon.svg", "image/svg+xml")


def _file(request: Request, name: str, kind: str) -> Response:
    templates = request.app.state.templates
    source = templates.loader.get_source(templates, f"web/desk/{name}")[0]
    headers = {"Cache-Control": f"public, max-age={AGE_S}"}
    return Response(source, media_type=kind, headers=headers)
