"""What people are told: what is wrong, what is out, the message that tells it, how sending went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Trouble = Literal["list", "gap", "programme"]
"""A list that fails, a list that may have missed videos, a programme that is not read again."""

MergeTags = Literal["plain", "listmonk", "buttondown", "mailchimp"]
"""Whose merge tags are escaped in a mail; "plain" is for no tool in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that went wrong, as one delivery has to hear of it: once, and once when it ends.

    `place` is `event/list`, `series NAME/list` or an event's id; `words` say what is wrong.
    `since` is when it was found, or when a list first failed. `told` is when people were told
    that it began, `ended` when it was found to be over.
    """

    kind: Trouble
    place: str
    since: datetime
    words: str = ""
    told: datetime | None = None
    ended: datetime | None = None

    @property
    def key(self) -> tuple[Trouble, str]:
        """Return what there is one notice of at a time."""
        return self.kind, self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one delivery is handed. `id` is the same for each try to send the same thing.

    `time` is the clock of the run that sends. `items` are what the text tells of, in its order.
    `recipient` is the one address it goes to, where the delivery has several; `raw` is the finished
    mail (RFC 5322) with CRLF line ends, None where the delivery makes its own of the other fields.
    """

    id: str
    time: datetime
    subject: str
    text: str
    html: str | None = None
    items: tuple[Notice, ...] = ()
    recipient: str | None = None
    raw: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail as a newsletter tool keeps it until a person sends it there.

    `id` names the announcement and is looked up at the tool before anything is made. `known` is
    the tool's own id of the draft that was made for it, `body_sha256` what was put there last: a
    body that differs was edited by a person.
    """

    id: str
    subject: str
    preheader: str
    html: str
    text: str
    markdown: str
    known: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """How a draft stands at its tool.

    `draft`: it is there as given. `edited`: a person changed or scheduled it, so it was left
    alone. `sent`: it went out there. `deleted`: a person removed it. `retry` and `failed` are as
    in Receipt.
    """

    result: Literal["draft", "edited", "sent", "deleted", "retry", "failed"]
    known: str | None = None
    body_sha256: str | None = None
    detail: str = ""
    retry_after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How sending went.

    `retry` is a failure that may pass by itself, after `retry_after` where that is known;
    `failed` is one that a person has to mend. `unknown` says that the message may have arrived.
    `detail` says why and what to do, without a secret; empty where it was sent.
    """

    result: Literal["sent", "retry", "failed", "unknown"]
    detail: str = ""
    retry_after: datetime | None = None
