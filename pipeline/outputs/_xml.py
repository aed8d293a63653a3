"""XML as text: escaped as XML 1.0 wants it, and on lines. Must not know of feeds.

For what stands in a document hundreds of times, and takes longer as elements of lxml. What stands
there once is left to feedgen and lxml, whose bytes these are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# What XML 1.0 leaves out of its characters (section 2.2), as UTF-8; surrogates cannot be encoded.
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NONCHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")
_SPECIAL = re.compile('[&<>"\\n\\r\\t]')


def escaped(text: str) -> str:
    """Return text as it stands between tags."""
    made = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return made.replace("\r", "&#13;") if "\r" in made else made


def quoted(text: str) -> str:
    """Return text as it stands between the double quotes of an attribute."""
    if not _SPECIAL.search(text):
        return text
    made = escaped(text).replace('"', "&quot;")
    return made.replace("\n", "&#10;").replace("\t", "&#9;")


def attributes(**told: str | None) -> str:
    """Return attributes in the order given, each after a space; without those that say nothing."""
    return "".join([f' {name}="{quoted(value)}"' for name, value in told.items() if value])


def lines(several: Iterable[str], *, depth: int) -> str:
    """Return lines that stand `depth` levels deep; line breaks within one stay as they are."""
    indent = "  " * depth
    return "".join([f"{indent}{line}\n" for line in several])


def encoded(text: str) -> bytes:
    """Return text as UTF-8; raises ValueError where it has a character that XML forbids."""
    body = text.encode()
    if body.translate(None, _CONTROLS) != body or (b"\xef" in body and _NONCHARACTER.search(body)):
        raise ValueError("a control character or a noncharacter stands in it")
    return body
