"""The `mail:` section of config.yaml: who writes, why people get it, how they leave.

Only describes and builds it. Must not know of recipients, nor of how anything is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, WithJsonSchema

from pipeline.written.filemodel import FileModel, Line, Url

EMAIL = "{email}"
"""Stands for the recipient in an unsubscribe address."""

# RFC 5322, 3.4.1, without comments, quoted local parts and address literals: what people have.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_DOMAIN}")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<inner>[^<>]*)>")
_LONGEST = 600
"""Characters of an unsubscribe address; with the recipient in it, its header line stays in 998."""
_LIST_ID = re.compile(rf"{_ATOM}(?:\.{_ATOM})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mail address, and the name that people see with it ("" for none)."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """What every mail of the installation shares.

    `unsubscribe` holds at most one https and one mailto address, https first; `{email}` in it
    stands for the recipient. `list_id` is the identifier alone (RFC 2919). `reason` says why
    people get the mail, `subscribe_url` is where they ask for it.
    """

    sender: Mailbox | None = None
    reply_to: Mailbox | None = None
    unsubscribe: tuple[str, ...] = ()
    list_id: str | None = None
    reason: str | None = None
    subscribe_url: str | None = None


def parse_mailbox(value: str) -> Mailbox:
    """Return `TeaConf <recaps@example.org>` or `recaps@example.org` as a mailbox.

    Raises ValueError that says what is meant, for everything else; a name may hold anything but
    angle brackets, for headers encode it.
    """
    found = _NAMED.fullmatch(value.strip())
    name, address = (found["name"], found["inner"]) if found else ("", value)
    name, address = " ".join(name.replace('"', " ").split()), address.strip()
    local = address.rpartition("@")[0]
    if not _ADDRESS.fullmatch(address) or len(local) > 64 or len(address) > 254:
        raise ValueError(
            f"{value!r} is no mail address; write one as in recaps@example.org or "
            "TeaConf <recaps@example.org>"
        )
    return Mailbox(address=address, name=name)


def _check_mailbox(value: object) -> object:
    if isinstance(value, str):
        parse_mailbox(value)
    return value


def _check_list_id(value: object) -> object:
    if isinstance(value, str) and (not _LIST_ID.fullmatch(value) or len(value) > 250):
        raise ValueError(
            f"{value!r} is no list id; write one below a domain that you own, as in "
            "recaps.example.org (RFC 2919)"
        )
    return value


def _check_unsubscribe(value: object) -> object:
    """Take one address or a list of two; what each may be is RFC 8058's and RFC 2369's to say."""
    given = value if isinstance(value, list) else [value]
    addresses = [one for one in given if isinstance(one, str)]
    for one in addresses:
        _check_one(one)
    schemes = [one.partition(":")[0].lower() for one in addresses]
    if len(schemes) != len(set(schemes)):
        raise ValueError("there are two of one sort; write one https and one mailto address")
    return given


def _check_one(url: str) -> None:
    scheme, _, rest = url.partition(":")
    plain = url.replace(EMAIL, "a%40example.org")
    try:
        host = urlsplit(plain).hostname
    except ValueError:
        host = None
    strange = not re.fullmatch(r"[!#-&(-;=?-\[\]_a-z~]+", plain) or len(plain) > _LONGEST
    if scheme == "https" and host and not strange:
        return
    recipient = rest.partition("?")[0]
    if scheme == "mailto" and not strange and _ADDRESS.fullmatch(recipient):
        return
    raise ValueError(
        f"{url!r} is no address to unsubscribe at; write https://… (mail programs then show a "
        "button, RFC 8058) or mailto:leave@example.org, without spaces, quotes and angle brackets; "
        "{email} stands for the recipient"
    )


MailboxText = Annotated[
    Line,
    BeforeValidator(_check_mailbox),
    WithJsonSchema({"type": "string", "examples": ["TeaConf <recaps@example.org>"]}),
]
ListId = Annotated[
    Line,
    BeforeValidator(_check_list_id),
    WithJsonSchema({"type": "string", "examples": ["recaps.example.org"]}),
]
Unsubscribe = Annotated[
    list[str],
    BeforeValidator(_check_unsubscribe),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class SettingsFile(FileModel):
    """Who writes the mails, why people get them, and how they leave."""

    sender: MailboxText | None = Field(
        None, alias="from", description="Who writes: an address, or `TeaConf <recaps@example.org>`."
    )
    reply_to: MailboxText | None = Field(
        None, description="Where answers go, if not to the sender."
    )
    subscribe_url: Url | None = Field(
        None,
        description="Where people ask for the mail: the address that the sign-up form of your "
        "mail tool posts `email` to. The subscribe page then has a field for it.",
    )
    unsubscribe: Unsubscribe = Field(
        default_factory=list,
        description="Where people leave: an https address (one click, RFC 8058), a mailto address, "
        "or a list of both; `{email}` in it stands for the recipient.",
    )
    list_id: ListId | None = Field(
        None, description="What mail programs sort by (List-Id), such as recaps.example.org."
    )
    reason: Line | None = Field(
        None,
        description="Why people get the mail, for its last lines, with a postal address "
        "where the law asks for one.",
    )


def build_settings(file: SettingsFile) -> MailSettings:
    """Return what `file` says."""
    return MailSettings(
        sender=parse_mailbox(file.sender) if file.sender else None,
        reply_to=parse_mailbox(file.reply_to) if file.reply_to else None,
        unsubscribe=tuple(sorted(file.unsubscribe)),
        list_id=file.list_id,
        reason=file.reason,
        subscribe_url=file.subscribe_url,
    )
