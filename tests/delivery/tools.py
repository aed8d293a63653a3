"""Newsletter tools on 127.0.0.1, as far as drafts go: they keep, page, refuse and forget as asked.

They answer in the shapes that listmonk and Buttondown document; what they hold is invented.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from pipeline.delivery.buttondown import ButtondownTool
from pipeline.delivery.listmonk import ListmonkTool
from pipeline.fetch import HttpFetch
from pipeline.model import Draft
from tests.builders import NOW

TOKEN = "hush-token-2031"  # noqa: S105  # invented

DRAFT = Draft(
    id="tag:recaps.example.org,2031:teaconf-2031/mail/2031-05-12/list",
    subject="2 new recordings of TeaConf 2031",
    preheader="Brewing Tea at Scale",
    html="<!doctype html>\n<p>Tea.</p>\n",
    text="Tea.\n",
    markdown="# Tea\n",
)

Row = dict[str, Any]
Reply = tuple[int, Row, dict[str, str]]
Kind = TypeVar("Kind", bound="Tool")


@dataclass
class Tool:
    """What a tool holds, and how it behaves.

    `refuse` is what it answers to everything, `break_after` the method after whose next success
    the connection dies, so that the other side never hears of it.
    """

    url: str = ""
    rows: list[Row] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refuse: Reply | None = None
    break_after: str = ""

    def wrote(self) -> list[str]:
        """Return the methods of the calls that changed something, in order."""
        return [method for method, _ in self.asked if method != "GET"]

    def answer(self, method: str, path: str, query: dict[str, str], sent: Row) -> Reply:
        raise NotImplementedError


def ok(row: Row, status: int = 200) -> Reply:
    return status, row, {}


@dataclass
class Listmonk(Tool):
    """`lists` are the numbers of the lists that there are; `knows_tags` is off in old versions."""

    lists: tuple[int, ...] = (3, 4)
    per_page: int = 50
    knows_tags: bool = True
    knows_attribs: bool = True

    def add(self, **more: Any) -> Row:
        number = max((row["id"] for row in self.rows), default=0) + 1
        row = {
            "id": number,
            "created_at": "2031-05-12T12:00:00.29451+02:00",
            "updated_at": "2031-05-12T12:00:00.29451+02:00",
            "views": 0,
            "clicks": 0,
            "bounces": 0,
            "lists": [{"id": 3, "name": "Everybody"}],
            "media": [],
            "started_at": None,
            "to_send": 0,
            "sent": 0,
            "uuid": f"57702beb-6fae-4355-a324-{number:012}",
            "type": "regular",
            "name": f"Campaign {number}",
            "subject": f"Campaign {number}",
            "from_email": "TeaConf <lists@example.org>",
            "body": "<p>Something else</p>",
            "body_source": None,
            "altbody": None,
            "send_at": None,
            "status": "draft",
            "content_type": "html",
            "tags": [],
            "headers": [],
            "attribs": {},
            "template_id": 1,
            "messenger": "email",
            **more,
        }
        self.rows.append(row)
        return row

    def answer(self, method: str, path: str, query: dict[str, str], sent: Row) -> Reply:
        base, _, name = path.removeprefix("/api/").partition("/")
        assert base == "campaigns"
        if method == "GET" and not name:
            return self._page(query)
        if method == "POST":
            there = [{"id": one, "name": f"List {one}"} for one in sent["lists"]]
            sent = {**sent, "lists": [one for one in there if one["id"] in self.lists]}
            return ok({"data": self.add(**self._kept(sent))})
        row = next((one for one in self.rows if str(one["id"]) == name), None)
        if row is None:
            return 400, {"message": "Campaign not found"}, {}
        if method == "PUT":
            if row["status"] not in ("draft", "paused", "scheduled"):
                return 400, {"message": "Cannot update a running or a finished campaign."}, {}
            lists = [{"id": one, "name": f"List {one}"} for one in sent["lists"]]
            media = [{"id": one, "filename": f"{one}.pdf"} for one in sent["media"]]
            row.update(self._kept({**sent, "lists": lists, "media": media}))
        return ok({"data": row})

    def _kept(self, sent: Row) -> Row:
        return {key: sent[key] for key in sent if key != "attribs" or self.knows_attribs}

    def _page(self, query: dict[str, str]) -> Reply:
        tag, page = query["tag"], int(query["page"])
        rows = [row for row in self.rows if tag in row["tags"] or not self.knows_tags]
        size = min(self.per_page, int(query["per_page"]))
        part = rows[(page - 1) * size : page * size]
        results = [{**row, "body": ""} for row in part]
        total = len(rows) if part else 0
        return ok({"data": {"results": results, "total": total, "per_page": size, "page": page}})


@dataclass
class Buttondown(Tool):
    """`keys` hold what was answered to each idempotency key."""

    per_page: int = 100
    keys: dict[str, Row] = field(default_factory=dict)

    def add(self, **more: Any) -> Row:
        number = len(self.rows) + 1
        row = {
            "id": f"em_{number:026}",
            "creation_date": f"2031-05-12T12:00:{number % 60:02}Z",
            "modification_date": "2031-05-12T12:00:00Z",
            "publish_date": None,
            "absolute_url": f"https://buttondown.example.org/archive/{number}/",
            "analytics": None,
            "attachments": [],
            "body": "Something else",
            "canonical_url": "",
            "description": "",
            "email_type": "public",
            "filters": {"filters": [], "groups": [], "predicate": "and"},
            "image": "",
            "metadata": {},
            "secondary_id": None,
            "slug": f"email-{number}",
            "source": "api",
            "status": "draft",
            "subject": f"Email {number}",
            "suppression_reason": None,
            "template": None,
            **more,
        }
        self.rows.append(row)
        return row

    def answer(self, method: str, path: str, query: dict[str, str], sent: Row) -> Reply:
        base, _, name = path.removeprefix("/v1/").partition("/")
        assert base == "emails"
        if method == "GET" and not name:
            return self._page(query)
        if method == "POST":
            key = sent.pop("X-Idempotency-Key")
            if key not in self.keys:
                self.keys[key] = self.add(**sent)
            return ok(self.keys[key], 201)
        row = next((one for one in self.rows if one["id"] == name), None)
        if row is None:
            return 404, {"detail": "Not Found"}, {}
        if method == "PATCH":
            row.update(sent)
        return ok(row)

    def _page(self, query: dict[str, str]) -> Reply:
        page = int(query["page"])
        rows = list(reversed(self.rows)) if query["ordering"] == "-creation_date" else self.rows
        part = rows[(page - 1) * self.per_page : page * self.per_page]
        left_out = query["excluded_fields"]
        results = [{key: row[key] for key in row if key != left_out} for row in part]
        more = page * self.per_page < len(rows)
        following = f"https://api.buttondown.com/v1/emails?page={page + 1}" if more else None
        return ok({"count": len(rows), "next": following, "previous": None, "results": results})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    tool: Tool
    authorization: str


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do(self) -> None:
        tool = self.server.tool
        size = int(self.headers.get("Content-Length", "0"))
        sent = json.loads(self.rfile.read(size)) if size else {}
        if key := self.headers.get("X-Idempotency-Key"):
            sent["X-Idempotency-Key"] = key
        parts = urlsplit(self.path)
        tool.asked.append((self.command, self.path))
        if self.headers["Authorization"] != self.server.authorization:
            reply: Reply = (403, {"message": "invalid API credentials"}, {})
        elif tool.refuse:
            reply = tool.refuse
        else:
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            reply = tool.answer(self.command, parts.path, query, sent)
        if tool.break_after == self.command:
            tool.break_after = ""
            self.close_connection = True
            return
        status, row, headers = reply
        body = json.dumps(row).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do  # noqa: N815  # the names of the base class

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
        pass


@contextmanager
def serving(tool: Kind, *, authorization: str) -> Iterator[Kind]:
    """Serve `tool` to whoever shows that it may come in."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.tool, server.authorization = tool, authorization
        tool.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield tool
        finally:
            server.shutdown()
            thread.join()


def secrets(**named: str) -> Callable[[str], str | None]:
    """Return a Secret that knows these."""
    return named.get


def connect() -> HttpFetch:
    """Open the way out, as far as this machine."""
    return HttpFetch(now=NOW, allow_private=True)


def listmonk(tool: Listmonk, *, token: str = TOKEN, **options: str) -> ListmonkTool:
    given = {"url": tool.url, "user": "recaps", "lists": "3", **options}
    return ListmonkTool(given, secret=secrets(LISTMONK_TOKEN=token), connect=connect)


def buttondown(tool: Buttondown, *, token: str = TOKEN, **options: str) -> ButtondownTool:
    return ButtondownTool(
        options,
        secret=secrets(BUTTONDOWN_API_KEY=token),
        connect=connect,
        api=f"{tool.url}/v1",
    )


@contextmanager
def serving_listmonk() -> Iterator[Listmonk]:
    with serving(Listmonk(), authorization=f"token recaps:{TOKEN}") as tool:
        yield tool


@contextmanager
def serving_buttondown() -> Iterator[Buttondown]:
    with serving(Buttondown(), authorization=f"Token {TOKEN}") as tool:
        yield tool
