"""Files of feeds/ over HTTP, as an ASGI application.

A file is opened once and read from there, so that it is whole whatever is renamed meanwhile. What
was asked for lately is kept with its hash and its compressed body; the disk is asked each time
whether the file is still that one. Must not serve a dot file, follow a symbolic link, or leave
the folder.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from pipeline.config import Config
from pipeline.files import is_safe
from pipeline.web import caching

CACHE_BYTES = 32 * 1024 * 1024
"""What is held in memory at most, compressed bodies included."""

LARGEST_CACHED = 4 * 1024 * 1024
SMALLEST_PACKED = 512

CSP = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action https:; frame-ancestors 'none'"
)
"""What pages of feeds/ may do: the recap page brings its style along, a mail has it inline, an
introduction may show an image, and the form for the newsletter goes to where that is sent from.
Nothing there is a script."""

ALIASES = {"status": "status.html"}
"""Addresses that people guess."""

_ABSENT = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EACCES))
_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
# Without O_NONBLOCK, opening a pipe that somebody put there would wait for ever.

Identity = tuple[int, int, int, int, int]
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Held:
    """One file in memory; `packed` is its compressed body, empty where that is not smaller."""

    identity: Identity
    body: bytes
    sha256: str
    modified: datetime
    packed: bytes | None = None
    headers: dict[bool, Headers] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many bytes it holds."""
        return len(self.body) + len(self.packed or b"")

    def etag(self, *, packed: bool) -> str:
        """Return the strong validator of one of its two encodings."""
        return f'"{self.sha256[:32]}{"-gzip" if packed else ""}"'


class Folder(Exception):  # noqa: N818 - it is an answer, not an error
    """The path is that of a folder, and lacks the slash at its end."""


class Feeds:
    """Serves the folder of the current configuration; `config` returns that."""

    def __init__(self, config: Callable[[], Config]) -> None:
        self._config = config
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        path = scope["path"].removeprefix("/")
        if path == "" or path.endswith("/"):
            path += "index.html"
        path = ALIASES.get(path, path)
        held = None
        try:
            if scope["method"] != "GET":  # HEAD comes as GET: see Guarded
                allow = [(b"allow", b"GET, HEAD")]
                await _plain(send, 405, "Only GET and HEAD.\n", allow)
            elif is_safe(path) and not path.startswith(".") and (held := await self._find(path)):
                await self._send(scope, send, path, held)
            else:
                await _plain(send, 404, "There is no such file.\n")
        except Folder:
            # Relative, so that it is right below a path of a proxy too; "./", lest a colon in the
            # name makes it a scheme.
            where = f"./{quote(path.rpartition('/')[2])}/"
            moved = [(b"location", where.encode())]
            await _plain(send, 301, "The folder ends in a slash.\n", moved)

    async def _find(self, path: str) -> Held | None:
        """Return a file as it is now; None where there is none. Raises Folder."""
        descriptor = _open_below(self._config().feeds, path.split("/"))
        if descriptor is None:
            return None
        try:
            found = os.fstat(descriptor)
            if stat.S_ISDIR(found.st_mode):
                raise Folder
            if not stat.S_ISREG(found.st_mode):
                return None
            identity = (
                found.st_dev,
                found.st_ino,
                found.st_size,
                found.st_mtime_ns,
                found.st_ctime_ns,
            )
            held = self._held.get(path)
            if held and held.identity == identity:
                self._held.move_to_end(path)
                return held
            held = await run_in_threadpool(_read, descriptor, found, identity)
        finally:
            os.close(descriptor)
        self._hold(path, held)
        return held

    async def _send(self, scope: Scope, send: Send, path: str, held: Held) -> None:
        asked = dict(scope["headers"])
        kind = caching.media_type(path)
        packed = (
            caching.is_packed(kind)
            and len(held.body) >= SMALLEST_PACKED
            and caching.takes_gzip(asked.get(b"accept-encoding", b"").decode("latin-1"))
            and bool(await self._packed(path, held))
        )
        headers = held.headers.get(packed)
        if headers is None:
            headers = held.headers[packed] = self._headers(path, kind, held, packed=packed)
        fresh = caching.is_fresh(
            etag=held.etag(packed=packed),
            modified=held.modified,
            if_none_match=_text(asked.get(b"if-none-match")),
            if_modified_since=_text(asked.get(b"if-modified-since")),
        )
        if fresh:
            kept = [one for one in headers if one[0] not in (b"content-type", b"content-encoding")]
            await _answer(send, 304, kept, b"")
        else:
            body = (held.packed or b"") if packed else held.body
            length = (b"content-length", str(len(body)).encode())
            await _answer(send, 200, [*headers, length], body)

    async def _packed(self, path: str, held: Held) -> bytes:
        """Return the compressed body, made when it is first asked for."""
        if held.packed is None:
            packed = await run_in_threadpool(_pack, held.body)
            if held.packed is None:  # another request may have been quicker
                held.packed = packed
                if self._held.get(path) is held:
                    self._bytes += len(packed)
                    self._trim()
        return held.packed

    def _headers(self, path: str, kind: str, held: Held, *, packed: bool) -> Headers:
        """Return the headers of a file but for its length."""
        site = self._config().site
        pairs = [
            ("content-type", caching.content_type(kind)),
            ("etag", held.etag(packed=packed)),
            ("last-modified", format_datetime(held.modified, usegmt=True)),
            ("cache-control", caching.cache_control(path)),
            ("content-security-policy", CSP),
        ]
        if packed:
            pairs.append(("content-encoding", "gzip"))
        if caching.is_packed(kind):
            pairs.append(("vary", "Accept-Encoding"))
        if caching.is_feed(kind) or kind in ("application/json", "text/x-opml"):
            pairs.append(("access-control-allow-origin", "*"))  # readers that run in a browser
        if caching.is_feed(kind):
            pairs.append(("link", f'<{site.url}{quote(path)}>; rel="self"'))
            if site.hub and "/archive/" not in f"/{path}":
                pairs.append(("link", f'<{site.hub}>; rel="hub"'))
        return [(name.encode(), value.encode()) for name, value in pairs]

    def _hold(self, path: str, held: Held) -> None:
        """Keep a file in memory."""
        old = self._held.pop(path, None)
        self._bytes -= old.size if old else 0
        if held.size <= LARGEST_CACHED:
            self._held[path] = held
            self._bytes += held.size
            self._trim()

    def _trim(self) -> None:
        """Let go of files that were not asked for lately."""
        while self._bytes > CACHE_BYTES:
            _, dropped = self._held.popitem(last=False)
            self._bytes -= dropped.size


def _open_below(root: Path, parts: Sequence[str]) -> int | None:
    """Open a file part by part, so that no link on the way is followed; None where it is not."""
    try:
        folder = os.open(root, _FOLDER)
        try:
            for part in parts[:-1]:
                inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            return os.open(parts[-1], _FILE, dir_fd=folder)
        finally:
            os.close(folder)
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise


def _read(descriptor: int, found: os.stat_result, identity: Identity) -> Held:
    with open(os.dup(descriptor), "rb") as file:  # noqa: PTH123 - a descriptor
        body = file.read()
    return Held(
        identity=identity,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        modified=datetime.fromtimestamp(found.st_mtime_ns // 1_000_000_000, UTC),
    )


def _pack(body: bytes) -> bytes:
    packed = gzip.compress(body, compresslevel=6, mtime=0)
    return packed if len(packed) < len(body) else b""


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


async def _plain(
    send: Send, status: int, text: str, more: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    body = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"public, max-age=60"),
        *more,
    ]
    await _answer(send, status, headers, body)


async def _answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
