"""What newsletter tools have in common: one draft each, left alone once a person has changed it.

    looked up     by the tool's own id where that is known, else by the mark that was left there
    edited        it holds neither what is to be there, nor what was put there last
    scheduled     a person's word as well, which may be taken back before anything has left
    never         a draft made again that a person removed, or anything sent

Must not know the API of a tool.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlencode

from pipeline.errors import ConfigError, FetchError
from pipeline.model import DeliveryOptions, Draft, Method, Placed, Post, Secret

Row = Mapping[str, object]
"""An object of an API's JSON."""

Standing = Literal["draft", "scheduled", "sent", "deleted", "failed"]
"""How a draft fares at its tool; `failed` is what a person has to look at there."""

PAGES = 200
"""Pages of a tool's list that are read in search of a draft; more are no newsletter's."""

_PASSING = frozenset((408, 409, 425, 429))
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_TOKEN = re.compile(r"[\x21-\x7e]+\Z")
_EDITOR_MODE = re.compile(r"\A\s*<!--\s*buttondown-editor-mode:[^>]*-->")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A draft as its tool has it.

    `texts` are what readers get of it, in a fixed order. `mark` says what it was made for, and
    `sha256` which texts this program wrote last, both as noted at the tool; "" where it has no
    such note. `row` is what the API answered.
    """

    id: str
    texts: tuple[str, ...]
    standing: Standing
    detail: str = ""
    mark: str = ""
    sha256: str = ""
    row: Row = field(default_factory=dict)


class Shelf(Protocol):
    """Where a tool keeps its drafts. Raises FetchError where the tool does not do as asked."""

    def mark(self, draft: Draft) -> str:
        """Return what a draft is found by."""

    def texts(self, draft: Draft) -> tuple[str, ...]:
        """Return the texts that the tool is to hold, in the order of `Held.texts`."""

    def get(self, known: str) -> Held | None:
        """Return what has the tool's id `known`; None where nothing seems to have it."""

    def find(self, mark: str) -> tuple[str, ...]:
        """Return the tool's ids of all that bears `mark`, the oldest first."""

    def create(self, draft: Draft) -> str:
        """Make a draft and return the tool's id of it."""

    def renew(self, held: Held, draft: Draft) -> None:
        """Write `draft` into one that is there."""


def place(shelf: Shelf, draft: Draft) -> Placed:
    """Make or renew a draft at its tool, or say why it was left alone."""
    try:
        return _place(shelf, draft)
    except FetchError as error:
        passing = error.status is None or error.status >= 500 or error.status in _PASSING
        return Placed(
            result="retry" if passing else "failed",
            detail=error.message,
            retry_after=error.retry_after,
        )


def _place(shelf: Shelf, draft: Draft) -> Placed:
    held = shelf.get(draft.known) if draft.known else None
    held = held or _found(shelf, draft)
    if held is None:
        gone = Placed(result="deleted", known=draft.known)
        return gone if draft.known else _stored(shelf, shelf.create(draft))
    if held.standing == "scheduled":
        return Placed(result="edited", known=held.id, body_sha256=draft.body_sha256)
    if held.standing != "draft":
        return Placed(result=held.standing, known=held.id, detail=held.detail)
    sha256, wanted = digest(held.texts), digest(shelf.texts(draft))
    if sha256 == wanted and held.mark == shelf.mark(draft):
        return Placed(result="draft", known=held.id, body_sha256=sha256)
    if sha256 not in (wanted, held.sha256, draft.body_sha256):
        return Placed(result="edited", known=held.id, body_sha256=draft.body_sha256)
    shelf.renew(held, draft)
    return _stored(shelf, held.id)


def _found(shelf: Shelf, draft: Draft) -> Held | None:
    """Return what bears the draft's mark; a copy that was sent counts before one that was not."""
    ids = shelf.find(shelf.mark(draft))
    there = [one for known in ids if (one := shelf.get(known))]
    if ids and not there:
        raise _unreadable(ids[0])
    order = ("sent", "scheduled", "draft", "failed", "deleted")
    return min(there, key=lambda one: order.index(one.standing), default=None)


def _stored(shelf: Shelf, known: str) -> Placed:
    """Return the result for what was written, by what the tool made of it: some tidy texts up."""
    held = shelf.get(known)
    if held is None:
        raise _unreadable(known)
    return Placed(result="draft", known=held.id, body_sha256=digest(held.texts))


def _unreadable(known: str) -> FetchError:
    return FetchError(
        f"the tool names the draft {known}, and says that there is none when it is asked for it; "
        "look whether it is there",
        status=404,
    )


def digest(texts: tuple[str, ...]) -> str:
    """Return a hash of texts that is the same whatever line ends and outer space a tool gives."""
    plain = [_EDITOR_MODE.sub("", text).replace("\r\n", "\n").strip() for text in texts]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A JSON API: its address without a slash at the end, and what each call sends along.

    `advice` is what a status means at this tool, for those where that helps.
    """

    post: Post
    url: str
    headers: Mapping[str, str]
    advice: Mapping[int, str]

    def get(self, path: str, **query: str | int) -> Row:
        """Return the object at `path`."""
        return self.call("GET", f"{path}?{urlencode(query)}" if query else path)

    def call(
        self,
        method: Method,
        path: str,
        *,
        value: Row | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Row:
        """Return the object that the API answers to `value`; raises FetchError otherwise."""
        url = f"{self.url}{path}"
        shown = url.partition("?")[0]
        sent = {"Accept": "application/json", **self.headers, **(headers or {})}
        body = None
        if value is not None:
            sent["Content-Type"] = "application/json; charset=utf-8"
            body = json.dumps(value, ensure_ascii=False).encode()
        try:
            answer = self.post.call(method, url, body=body, headers=sent, name=shown)
        except FetchError as error:
            more = self.advice.get(error.status or 0)
            if more is None:
                raise
            raise FetchError(
                f"{error.message}. {more}", status=error.status, retry_after=error.retry_after
            ) from error
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise FetchError(
                f"{shown} answers something else than this API does; check that the address is "
                "that of the tool itself",
                status=answer.status,
            )
        return found


def rows(row: Row, key: str) -> tuple[Row, ...]:
    """Return the objects in the list `key`."""
    value = row.get(key)
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def inner(row: Row, key: str) -> Row:
    """Return the object `key`, empty where it is none."""
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def text(row: Row, key: str) -> str:
    """Return the text `key`, "" where it is none."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def check_keys(options: DeliveryOptions, known: tuple[str, ...], *, kind: str) -> None:
    """Raise ConfigError for the first option that the kind does not have."""
    unknown = [key for key in options if key not in known]
    if unknown:
        raise ConfigError(f"{kind} has no option {unknown[0]!r}; it has {', '.join(known)}")


def option(options: DeliveryOptions, key: str, *, kind: str) -> str:
    """Return an option that is text, "" where it is absent."""
    value = options.get(key, "")
    if not isinstance(value, str):
        raise ConfigError(f"`{key}:` of {kind} is text; write it in quotes")
    return value.strip()


def secret_name(options: DeliveryOptions, *, kind: str, default: str) -> str:
    """Return the name of the variable that holds the tool's key."""
    name = option(options, "secret", kind=kind) or default
    if not _NAME.match(name):
        # What stands here may be the secret itself, so it is not repeated.
        raise ConfigError(
            f"`secret:` of {kind} is the name of an environment variable, such as {default}, and "
            "never the secret itself"
        )
    return name


def revealed(secret: Secret, name: str) -> str:
    """Return the secret `name`; raises ConfigError where it is not set, or can be no key."""
    value = (secret(name) or "").strip()
    if not value:
        raise ConfigError(
            f"the secret {name} is not set; set {name}, or {name}_FILE with the path of a file, in "
            "the environment"
        )
    if not _TOKEN.match(value):
        raise ConfigError(
            f"the secret {name} holds a character that no key has, such as a space or a line's "
            "end; copy it again"
        )
    return value
