"""Text and HTML as one mail message (RFC 5322, RFC 2046), the same bytes for the same input.

Must not know of talks. Written by hand, because the standard library's policies decode and refold
headers: an encoded word inside a title, such as `=?utf-8?Q?x=0D=0ABcc:...?=`, can come out of them
as a header of its own.
"""

from __future__ import annotations

import hashlib
import quopri
from base64 import b64encode
from datetime import datetime
from email.utils import format_datetime

_WORD_BYTES = 39
"""UTF-8 bytes in one encoded word, which with "Subject: " stays within _LINE."""

_LINE = 76
"""Characters of a header line (RFC 2047, section 2)."""


def message(*, subject: str, date: datetime, authority: str, text: str, html: str) -> bytes:
    """Return the message as multipart/alternative with CRLF line ends, plain text first.

    It has neither From nor To: whoever sends it adds them. `date` is aware; `authority` is the
    domain of the Message-ID, which is a hash of the content.
    """
    whole = "\0".join((subject, date.isoformat(), text, html))
    digest = hashlib.sha256(whole.encode()).hexdigest()[:32]
    boundary = f"recap-{digest}"
    lines = [
        f"Subject: {header_text(subject)}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: <{digest}@{authority}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative;\n boundary="{boundary}"',
        "",
        *_part(boundary, "plain", text),
        *_part(boundary, "html", html),
        f"--{boundary}--",
        "",
    ]
    return "\n".join(lines).replace("\r\n", "\n").replace("\n", "\r\n").encode("ascii")


def header_text(text: str) -> str:
    """Return one line of text as the value of a header that can never become two.

    `=?` in the text gets a space, for programs that decode a header twice would act on it.
    """
    text = " ".join(text.replace("=?", "= ?").split())
    if text.isascii() and text.isprintable() and len(text) <= _LINE - len("Subject: "):
        return text
    encoded = (f"=?utf-8?B?{b64encode(chunk).decode()}?=" for chunk in _chunks(text))
    return "\n ".join(encoded)


def _chunks(text: str) -> list[bytes]:
    """Return `text` as pieces of UTF-8 that end between characters (RFC 2047, 5)."""
    chunks = [b""]
    for character in text:
        encoded = character.encode()
        if len(chunks[-1]) + len(encoded) > _WORD_BYTES:
            chunks.append(b"")
        chunks[-1] += encoded
    return chunks


def _part(boundary: str, kind: str, text: str) -> list[str]:
    return [
        f"--{boundary}",
        f'Content-Type: text/{kind}; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        quopri.encodestring(text.encode()).decode("ascii"),
    ]
