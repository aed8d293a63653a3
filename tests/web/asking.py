"""The application without a socket: one request in, one answer out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message

from pipeline.config import Config
from pipeline.model import RunReport, Want
from pipeline.service.runner import Runner
from pipeline.web.app import make_app
from pipeline.web.guard import Door, Guarded
from tests.builders import NOW

TOKEN = "an-invented-token-of-tests"  # noqa: S105 - it opens nothing

HERE = Door(host="127.0.0.1")

SIGNED = {"authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; header names in lower case, values of one name joined by a newline."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


async def asked(
    app: ASGIApp,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Answer:
    """Ask the application once."""
    where, _, query = path.partition("?")
    given = {"host": "127.0.0.1:8000", **(headers or {})}
    if body:
        given.setdefault("content-length", str(len(body)))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 8000),
    }
    sent: list[Message] = []
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    found: dict[str, str] = {}
    for name, value in sent[0]["headers"]:
        key = name.decode()
        found[key] = "\n".join([*([found[key]] if key in found else []), value.decode("latin-1")])
    parts = (message.get("body", b"") for message in sent[1:])
    return Answer(status=sent[0]["status"], headers=found, body=b"".join(parts))


def ask(app: ASGIApp, path: str, **more: Any) -> Answer:
    """Ask the application once, from outside of any event loop."""
    return asyncio.run(asked(app, path, **more))


def ask_all(app: ASGIApp, paths: Iterable[str], **more: Any) -> list[Answer]:
    """Ask for several paths side by side."""

    async def together() -> list[Answer]:
        return await asyncio.gather(*(asked(app, path, **more) for path in paths))

    return asyncio.run(together())


class Passes:
    """Stands for the pass: remembers what it was asked, and answers with an invented report."""

    def __init__(self, report: RunReport | None = None, error: Exception | None = None) -> None:
        self.wants: list[Want] = []
        self.report = report or RunReport(started=NOW)
        self.error = error

    def __call__(self, want: Want) -> RunReport:
        self.wants.append(want)
        if self.error:
            raise self.error
        return self.report


@dataclass(slots=True)
class Served:
    """An application over a folder, whose passes and clock are the test's own."""

    config: Config
    passes: Passes = field(default_factory=Passes)
    door: Door = HERE
    token: str | None = None
    now: datetime = NOW
    next_tick: datetime | None = None
    runner: Runner = field(init=False)
    app: Guarded = field(init=False)

    def __post_init__(self) -> None:
        self.runner = Runner(self.passes)
        self.app = make_app(
            lambda: self.config,
            self.runner,
            door=self.door,
            token=self.token,
            clock=lambda: self.now,
            next_tick=lambda: self.next_tick,
            patience=timedelta(minutes=15),
        )

    def ask(self, path: str, **more: Any) -> Answer:
        return ask(self.app, path, **more)

    def post(
        self, path: str, fields: Mapping[str, str], *, cookie: str = "", **headers: str
    ) -> Answer:
        """Send a form."""
        sent = {"content-type": "application/x-www-form-urlencoded", "cookie": cookie, **headers}
        return self.ask(path, method="POST", headers=sent, body=urlencode(fields).encode())

    def form(self, path: str, *, cookie: str = "") -> tuple[str, str]:
        """Return the cookie and the form token of a page that has a form."""
        shown = self.ask(path, headers={"cookie": cookie})
        found = re.search(r'name="csrf" value="([^"]+)"', shown.text)
        assert found is not None
        return cookie_of(shown) or cookie, found[1]

    def signed_in(self) -> str:
        """Sign in, and return the cookie."""
        cookie, csrf = self.form("/desk/login")
        return cookie_of(self.post("/desk/login", {"csrf": csrf, "token": TOKEN}, cookie=cookie))


def cookie_of(answer: Answer) -> str:
    """Return the cookie that an answer hands out, as a browser sends it back; "" for none."""
    return answer.headers.get("set-cookie", "").partition(";")[0]


def moment(**later: float) -> datetime:
    return datetime(2031, 5, 20, 12, tzinfo=UTC) + timedelta(**later)
