"""A mail as one message (RFC 5322, RFC 2046), the same bytes for the same input.

Must not know of talks, nor send. Written by hand, because the standard library's policies decode
and refold headers: an encoded word inside a title, such as `=?utf-8?Q?x=0D=0ABcc:...?=`, can come
out of them as a header of its own.
Some patch levels do so when they read, too; so what is to leave is read again by the plainest of
the policies, which decodes nothing, and compared with what was meant.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import quopri
import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from pipeline.errors import OutputError
from pipeline.mail.compose import Mail
from pipeline.mail.settings import EMAIL, Mailbox
from pipeline.model import Site

_WORD_BYTES = 39
"""UTF-8 bytes in one encoded word, which with "Subject: " stays within _LINE."""

_LINE = 76
"""Characters of a header line (RFC 2047, section 2)."""


_LONGEST_LINE = 998
"""Characters a line may have (RFC 5322, section 2.1.1)."""


def letter(
    mail: Mail,
    *,
    sender: Mailbox,
    recipient: Mailbox,
    date: datetime,
    message_id: str,
    reply_to: Mailbox | None = None,
    list_id: str | None = None,
    unsubscribe: Sequence[str] = (),
) -> bytes:
    """Return `mail` as the finished bytes for one recipient, which may be a list's address.

    `date` is aware; `message_id` is without angle brackets (see `message_id`). `unsubscribe` are
    https and mailto addresses; `{email}` in them becomes the recipient's, here and in the bodies.
    Raises OutputError where the bytes do not read back as what was meant.
    """
    own = [_for_recipient(url, recipient) for url in unsubscribe]
    text, html = mail.text, mail.html
    for shared, filled in zip(unsubscribe, own, strict=True):
        text = text.replace(shared, filled)
        html = html.replace(escape(shared), escape(filled))
    headers = [
        ("From", _mailbox(sender)),
        ("To", _mailbox(recipient)),
        *([("Reply-To", _mailbox(reply_to))] if reply_to else []),
        ("Subject", header_text(mail.subject)),
        ("Date", format_datetime(date)),
        ("Message-ID", f"<{message_id}>"),
        *([("List-Id", f"<{list_id}>")] if list_id else []),
        *_leaving(own),
        ("Auto-Submitted", "auto-generated"),
    ]
    finished = _assembled(headers, text=text, html=html)
    check(finished, headers=headers)
    return finished


def message(*, subject: str, date: datetime, authority: str, text: str, html: str) -> bytes:
    """Return a message as multipart/alternative with CRLF line ends, plain text first.

    It has neither From nor To: whoever sends it adds them. `date` is aware; `authority` is the
    domain of the Message-ID, which is a hash of the content.
    """
    whole = "\0".join((subject, date.isoformat(), text, html))
    headers = [
        ("Subject", header_text(subject)),
        ("Date", format_datetime(date)),
        ("Message-ID", f"<{_digest(whole)}@{authority}>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    return _assembled(headers, text=text, html=html)


def plain(
    *,
    subject: str,
    text: str,
    sender: Mailbox,
    recipient: Mailbox,
    date: datetime,
    message_id: str,
) -> bytes:
    """Return a message of plain text for one recipient; raises OutputError as `letter` does."""
    headers = [
        ("From", _mailbox(sender)),
        ("To", _mailbox(recipient)),
        ("Subject", header_text(subject)),
        ("Date", format_datetime(date)),
        ("Message-ID", f"<{message_id}>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    lines = [*_written(headers), "MIME-Version: 1.0", *_content("plain", text)]
    finished = _bytes(lines)
    check(finished, headers=headers)
    return finished


def message_id(*, event: str, announcement: str, recipient: str, site: Site) -> str:
    """Return the Message-ID, without angle brackets, of what an announcement says to a recipient.

    The same three always give the same, so that a second try is known as one.
    """
    whole = "\0".join((site.tag, event, announcement, recipient.casefold()))
    return f"{_digest(whole)}@{authority(site)}"


def authority(site: Site) -> str:
    """Return the domain that Message-IDs end in: that of the site's tag, which never changes."""
    return site.tag.partition(",")[0].rpartition("@")[2]


def check(body: bytes, *, headers: Sequence[tuple[str, str]]) -> None:
    """Read finished bytes again, as a mail server does, before they leave.

    `headers` are those that were meant, as written. Raises OutputError where there is another one,
    one is missing or differs, a line is too long or not ASCII, or a part cannot be read.
    """
    parsed = email.message_from_bytes(body, policy=email.policy.compat32)
    meant = [(name, _unfolded(value)) for name, value in headers]
    found = [(name, _unfolded(str(value))) for name, value in parsed.items()]
    mime = [name for name, _ in found if name in _MIME]
    if [one for one in found if one[0] not in _MIME] != meant or mime not in _MIME_SETS:
        names = ", ".join(name for name, _ in found)
        raise OutputError(
            f"the mail {dict(meant).get('Message-ID', '')} reads back with other headers than it "
            f"was given ({names}); it is not sent. Please report this with the event's titles"
        )
    lines = body.split(b"\r\n")
    strange = any(b"\n" in line or b"\r" in line or not line.isascii() for line in lines)
    if strange or max(map(len, lines)) > _LONGEST_LINE or _defects(parsed):
        raise OutputError(
            f"the mail {dict(meant).get('Message-ID', '')} is no clean message: a line is too long "
            "or a part cannot be read; it is not sent. Please report this with the event's titles"
        )


def header_text(text: str) -> str:
    """Return one line of text as the value of a header that can never become two.

    `=?` in the text gets a space, for programs that decode a header twice would act on it.
    """
    text = " ".join(text.replace("=?", "= ?").split())
    if text.isascii() and text.isprintable() and len(text) <= _LINE - len("Subject: "):
        return text
    encoded = (f"=?utf-8?B?{b64encode(chunk).decode()}?=" for chunk in _chunks(text))
    return "\n ".join(encoded)


_MIME = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding")
_MIME_SETS = (["MIME-Version", "Content-Type"], list(_MIME))

# RFC 5322, 3.2.3: what a name may hold without quotes; any other is an encoded word, in which no
# comma, bracket or quote can be seen.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def _mailbox(mailbox: Mailbox) -> str:
    name = " ".join(mailbox.name.replace("=?", "= ?").split())
    if not name:
        return mailbox.address
    if not _PLAIN_NAME.fullmatch(name) or len(name) > _LINE - len("Reply-To: "):
        words = (f"=?utf-8?B?{b64encode(chunk).decode()}?=" for chunk in _chunks(name))
        name = "\n ".join(words)
    return f"{name}\n <{mailbox.address}>"


def _leaving(addresses: Sequence[str]) -> list[tuple[str, str]]:
    """Return how mail programs offer to leave: RFC 2369, and RFC 8058 where it is by https.

    A line breaks between two addresses, never inside one, for that would change it.
    """
    if not addresses:
        return []
    headers = [("List-Unsubscribe", ",\n ".join(f"<{one}>" for one in addresses))]
    if any(one.startswith("https:") for one in addresses):
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _for_recipient(url: str, recipient: Mailbox) -> str:
    return url.replace(EMAIL, quote(recipient.address, safe=""))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _assembled(headers: Sequence[tuple[str, str]], *, text: str, html: str) -> bytes:
    named = dict(headers)
    boundary = f"recap-{_digest(named['Message-ID'])}"
    return _bytes(
        [
            *_written(headers),
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative;\n boundary="{boundary}"',
            "",
            f"--{boundary}",
            *_content("plain", text),
            f"--{boundary}",
            *_content("html", html),
            f"--{boundary}--",
            "",
        ]
    )


def _written(headers: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers]


def _bytes(lines: Sequence[str]) -> bytes:
    return "\n".join(lines).replace("\r\n", "\n").replace("\n", "\r\n").encode("ascii")


def _unfolded(value: str) -> str:
    return " ".join(value.split())


def _defects(parsed: email.message.Message) -> bool:
    parts = parsed.get_payload() if parsed.is_multipart() else []
    inner = [part for part in parts if isinstance(part, email.message.Message)]
    return bool(parsed.defects) or any(part.defects for part in inner)


def _content(kind: str, text: str) -> list[str]:
    return [
        f'Content-Type: text/{kind}; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        quopri.encodestring(text.encode()).decode("ascii"),
    ]


def _chunks(text: str) -> list[bytes]:
    """Return `text` as pieces of UTF-8 that end between characters (RFC 2047, 5)."""
    chunks = [b""]
    for character in text:
        encoded = character.encode()
        if len(chunks[-1]) + len(encoded) > _WORD_BYTES:
            chunks.append(b"")
        chunks[-1] += encoded
    return chunks
