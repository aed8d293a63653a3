"""The server's own pages from templates/web/, and the form to sign in.

Every page is rendered here, so that each gets the token for its forms. Must not decide who may
come in (see `guard`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.config import Config
from pipeline.templating import packaged_templates
from pipeline.web.guard import (
    FORM_FIELD,
    SAFE,
    form,
    guard_of,
    known_visit,
    local_path,
    set_visit,
    signed_in,
    visit_of,
)
from pipeline.web.visits import Visit

DESK = "/desk/"
STYLE = "web/web.css"


def make_templates() -> Environment:
    """Return the Jinja environment of all pages of the server; the desk's are in there too."""
    return Environment(
        loader=FileSystemLoader(packaged_templates()),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(request: Request, name: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Render `templates/web/<name>` with `values`, and what every page has.

    That is `csrf()`, the value of the field `csrf` of every form; `site`; `can_sign_out`. Only a
    page that calls `csrf` gives its visitor a cookie.
    """
    visits = guard_of(request).visits
    known = known_visit(request)
    config: Config = request.app.state.config()
    template = request.app.state.templates.get_template(f"web/{name}")
    body = template.render(
        **values,
        **{FORM_FIELD: lambda: visits.form_token(visit_of(request))},
        site=config.site,
        can_sign_out=known is not None and known.signed_in,
    )
    return HTMLResponse(body, status_code=status)


def go_to(where: str) -> RedirectResponse:
    """Return the answer to a form: the browser goes on to a page of ours with GET."""
    return RedirectResponse(where, status_code=303)


async def locked(request: Request, _error: Exception) -> Response:
    """Show the form to sign in where a page was asked for, and go on to that page afterwards."""
    query = f"?{request.url.query}" if request.url.query else ""
    onward = f"{request.url.path}{query}" if request.method in SAFE else DESK
    return _sign_in(request, onward, status=401)


class SignInRoute(APIRoute):
    """A route whose refusals are the form to sign in, with the reason above it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that explains itself to people."""
        original = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await original(request)
            except HTTPException as error:
                why = f"{error.detail[:1].upper()}{error.detail[1:]}."
                made = _sign_in(request, DESK, status=error.status_code, trouble=why)
                made.headers.update(error.headers or {})
                return made

        return handler


router = APIRouter(include_in_schema=False, route_class=SignInRoute)


@router.get("/desk/login")
async def show_login(request: Request, onward: str = DESK) -> Response:
    """Show the form to sign in."""
    if not guard_of(request).needs_token:
        return go_to(local_path(onward))
    return _sign_in(request, onward)


@router.post("/desk/login")
async def sign_in(request: Request, fields: Annotated[FormData, Depends(form)]) -> Response:
    """Sign in with the token."""
    guard = guard_of(request)
    onward, given = fields.get("onward"), fields.get("token")
    where = onward if isinstance(onward, str) else DESK
    if not isinstance(given, str) or not guard.check_token(given.strip(), request=request):
        return _sign_in(request, where, status=401, trouble="That is not the token.")
    set_visit(request, guard.visits.begin(guard.clock(), signed_in=True))
    return go_to(local_path(where))


@router.post("/desk/logout", dependencies=[Depends(form)])
async def sign_out(request: Request, _visit: Annotated[Visit, Depends(signed_in)]) -> Response:
    """Take the cookie back."""
    set_visit(request, None)
    return go_to("/desk/login")


@router.get("/desk/web.css")
async def style(request: Request) -> Response:
    """Return the style of the server's pages."""
    source = request.app.state.templates.loader.get_source(request.app.state.templates, STYLE)[0]
    headers = {"Cache-Control": "public, max-age=900"}
    return Response(source, media_type="text/css", headers=headers)


def _sign_in(
    request: Request, onward: str, *, status: int = 200, trouble: str = ""
) -> HTMLResponse:
    made = page(request, "login.html", status=status, onward=local_path(onward), trouble=trouble)
    if status == 401:
        made.headers["WWW-Authenticate"] = 'Bearer realm="recap"'
    return made
