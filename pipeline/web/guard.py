"""Who may come in: host, origin and headers of every request, the token, the tokens of forms.

    Guarded      around the whole application: refuses, and adds headers to every answer
    bearer       dependency: a program with the token
    signed_in    dependency: a person who gave the token, for pages
    form         dependency: the fields of a form that one of our own pages showed

Without a token only this machine comes in, and only directly: not through a proxy, for whoever
the proxy speaks for is not known. Must not know what any page does.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.web.limits import Bucket, Buckets
from pipeline.web.visits import COOKIE, LASTS, Visit, Visits, is_token

TOKEN = "RECAP_TOKEN"  # noqa: S105 - the name of the variable
SHORTEST = 16
"""Characters of a token at least: fewer could be guessed."""

LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))

SAFE = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
"""Methods that change nothing (RFC 9110, section 9.2.1)."""

FORM_FIELD = "csrf"
"""The field of every form that carries the token of the visitor."""

HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # "no-referrer" would make the Origin of forms null
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""What every answer has that does not say otherwise itself."""

_FORWARDED = ("forwarded", "via", "x-forwarded-", "x-real-ip")
"""How headers begin that only a proxy sends."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the server is reached: the address it is bound to, and names it has besides.

    `open` says that it is bound to more than this machine; `any_address` to every address of it.
    """

    host: str
    open: bool = False
    any_address: bool = False
    names: Collection[str] = ()


class Locked(Exception):  # noqa: N818 - it is an answer, not an error
    """A page was asked for by somebody who has not signed in."""


def read_token(config: Config, door: Door) -> str | None:
    """Return the token of the installation.

    Raises ConfigError where the address needs one and there is none, or where it is too short.
    """
    token = config.secret(TOKEN)
    if token is None and door.open:
        raise ConfigError(
            f"{door.host} can be reached from other machines, so the server needs a token: set "
            f"{TOKEN} or {TOKEN}_FILE, or leave --host at 127.0.0.1"
        )
    if token is not None and len(token) < SHORTEST:
        raise ConfigError(
            f"{TOKEN} has {len(token)} characters and could be guessed; give it {SHORTEST} or "
            "more, such as the output of `openssl rand -hex 24`"
        )
    return token


@dataclass(frozen=True, slots=True, kw_only=True)
class _Home:
    """Where `site.url` says that the server is, as a browser names it."""

    scheme: str
    host: str


class Guard:
    """The rules of one server; `config` returns the current configuration, `clock` the time."""

    def __init__(
        self,
        config: Callable[[], Config],
        *,
        door: Door,
        token: str | None,
        clock: Clock,
    ) -> None:
        self.visits = Visits(token)
        self.clock = clock
        self._config = config
        self._door = door
        self._token = token
        self._names = {name.lower() for name in door.names}
        self._wrong = Buckets(Bucket(size=10, every_s=6.0))

    @property
    def needs_token(self) -> bool:
        """Tell whether people sign in; without a token there is nothing to sign in with."""
        return self._token is not None

    def knows_host(self, host: str) -> bool:
        """Tell whether a Host header names this server: otherwise a name was made to point here."""
        name = _host_name(host)
        bound = f"[{self._door.host}]" if ":" in self._door.host else self._door.host
        known = {*LOOPBACK, *self._names, self._home().host, bound.lower()}
        # A page can only be made to point here by a name, never by an address.
        return name in known or (self._door.any_address and _is_address(name))

    def is_direct(self, request: Request) -> bool:
        """Tell whether a request comes from this machine itself, as far as it says."""
        # nginx that is told nothing else names this machine as the host, says nothing of who asks,
        # and speaks HTTP/1.0, which nobody else does.
        proxied = request.scope["http_version"] == "1.0" or any(
            name.startswith(_FORWARDED) for name in request.headers
        )
        return _host_name(request.headers.get("host", "")) in LOOPBACK and not proxied

    def check_token(self, given: str | None, *, request: Request) -> bool:
        """Tell whether the token is right. Raises HTTPException 429 after many wrong ones."""
        if self._token is None or given is None:
            return False
        who = request.client.host if request.client else ""
        wait_s = self._wrong.wait_s(who)
        if wait_s:
            raise too_many(wait_s, "too many wrong tokens")
        if is_token(given, self._token):
            return True
        self._wrong.take(who)
        return False

    def may_come(self, request: Request) -> bool:
        """Tell whether a request without a bearer token may see what is not for everybody."""
        if self._token is None:
            return self.is_direct(request)
        known = known_visit(request)
        return known is not None and known.signed_in

    def is_https(self, request: Request) -> bool:
        """Tell whether the visitor came by HTTPS, as the connection or the site's address says."""
        home = self._home()
        here = _host_name(request.headers.get("host", "")) == home.host
        return request.url.scheme == "https" or (here and home.scheme == "https")

    def _home(self) -> _Home:
        site = urlsplit(self._config().site.url)
        host = site.hostname or ""
        # Browsers ask for a name beyond ASCII by its other spelling (RFC 5891, section 4.4).
        with suppress(UnicodeError):
            host = host.encode("idna").decode()
        return _Home(scheme=site.scheme, host=f"[{host}]" if ":" in host else host)


def guard_of(request: Request) -> Guard:
    """Return the guard of the application that a request came to."""
    found: Guard = request.app.state.guard
    return found


def known_visit(request: Request) -> Visit | None:
    """Return the visit that a request belongs to; None where it brings no cookie of ours."""
    begun = getattr(request.state, "visit", None)
    if isinstance(begun, Visit):
        return begun
    guard = guard_of(request)
    return guard.visits.read(request.cookies.get(COOKIE, ""), now=guard.clock())


def visit_of(request: Request) -> Visit:
    """Return the visit that a request belongs to; a new one's cookie goes out with the answer."""
    visit = known_visit(request)
    if visit is None:
        guard = guard_of(request)
        visit = request.state.visit = guard.visits.begin(guard.clock())
        set_visit(request, visit)
    return visit


def set_visit(request: Request, visit: Visit | None) -> None:
    """Let the answer hand out the cookie of a visit, or take the cookie back."""
    guard = guard_of(request)
    value = guard.visits.cookie(visit) if visit else ""
    age_s = int(LASTS.total_seconds()) if visit else 0
    secure = "; Secure" if guard.is_https(request) else ""
    request.state.set_cookie = (
        f"{COOKIE}={value}; Max-Age={age_s}; Path=/; HttpOnly; SameSite=Strict{secure}"
    )


_SCHEME = HTTPBearer(auto_error=False, scheme_name="token", description="RECAP_TOKEN")


def bearer(
    request: Request,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)],
) -> None:
    """Let programs in: with the token, or without one directly from this machine."""
    guard = guard_of(request)
    if not guard.needs_token:
        if not guard.is_direct(request):
            raise HTTPException(403, f"set {TOKEN} to let others in than this machine itself")
        return
    if not guard.check_token(given.credentials if given else None, request=request):
        raise HTTPException(
            401,
            "give the token as `Authorization: Bearer …`",
            headers={"WWW-Authenticate": 'Bearer realm="recap"'},
        )


def is_known(
    request: Request,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)],
) -> bool:
    """Tell whether a request may see what is not for everybody, by token or by cookie."""
    guard = guard_of(request)
    if given and guard.check_token(given.credentials, request=request):
        return True
    return guard.may_come(request)


def signed_in(request: Request) -> Visit:
    """Let people in who have signed in. Raises Locked, which shows them where to."""
    guard = guard_of(request)
    if not guard.may_come(request):
        if not guard.needs_token:
            raise HTTPException(403, f"set {TOKEN} to let others in than this machine itself")
        raise Locked
    return visit_of(request)


async def form(request: Request) -> FormData:
    """Return the fields of a form. Raises HTTPException where no page of ours showed it."""
    await request.body()  # whole, so that what is too long is refused as that, however it arrives
    fields = await request.form(max_files=0, max_fields=100, max_part_size=32 * 1024)
    given = fields.get(FORM_FIELD)
    if not isinstance(given, str) or not guard_of(request).visits.is_form_token(
        given, visit=visit_of(request)
    ):
        raise HTTPException(403, "the page is too old, or not ours: reload it and try again")
    return fields


def too_many(wait_s: float, why: str) -> HTTPException:
    """Return the answer to somebody who has to wait."""
    seconds = max(1, round(wait_s))
    message = f"{why}; try again in {seconds} s"
    return HTTPException(429, message, headers={"Retry-After": str(seconds)})


class Guarded:
    """Around the whole application: refuses foreign hosts and origins, adds headers and cookies.

    HEAD is GET without the body, whatever is asked for.
    """

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        refusal = self._refusal(scope)

        head = scope["method"] == "HEAD"

        async def guarded(message: Message) -> None:
            if head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if "set_cookie" in state:
                    headers.append("set-cookie", state["set_cookie"])
            await send(message)

        with suppress(ClientDisconnect):  # nobody is left to be answered, and it is no error
            # What is served at all is served to HEAD as well (RFC 9110, section 9.1).
            asked = {**scope, "method": "GET"} if head else scope
            await (refusal or self._app)(asked, receive, guarded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._guard.knows_host(hosts[0]):
            return PlainTextResponse(
                "This server does not go by that name. Set site.url to where it is reached, "
                "or start it with --allow-host NAME.\n",
                status_code=421,
            )
        if scope["method"] not in SAFE and is_foreign(headers):
            return PlainTextResponse("Another site may not post here.\n", status_code=403)
        return None


def is_foreign(headers: Headers) -> bool:
    """Tell whether a page of another origin made a browser send this; programs say no origin."""
    origin = headers.get("origin")
    if origin is not None:
        # Not by urlsplit, which raises for what nobody but a browser has to heed.
        scheme, _, there = origin.lower().partition("://")
        port = {"http": ":80", "https": ":443"}.get(scheme)
        host = headers.get("host", "").lower()
        return port is None or host not in (there, there.removesuffix(port))
    return headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


def local_path(where: str) -> str:
    """Return a path of this server to go on to; that of the desk where it is none."""
    plain = where.startswith("/") and not where.startswith(("//", "/\\")) and where.isprintable()
    return quote(where, safe="/?&=%#-._~:+,;@") if plain else "/desk/"


def _host_name(host: str) -> str:
    """Return the name in a Host header, without its port."""
    name = host.lower()
    if name.startswith("["):
        return name[: name.find("]") + 1]
    return name.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
