"""XML as text: elements, escaped as XML 1.0 wants it. Must not know of feeds.

For what stands in a document hundreds of times, and takes longer as elements of lxml. What stands
there once is left to feedgen and lxml, whose bytes these are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

# What XML 1.0 leaves out of its characters (section 2.2), as UTF-8; surrogates cannot be encoded.
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NONCHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")
_SPECIAL = re.compile('[&<>"\\n\\r\\t]')
_IN_VALUES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def element(name: str, text: str | None = None, **attributes: str) -> str:
    """Return an element with `text`, an empty one for None; attributes in the order given."""
    told = f"<{name}{_told(attributes)}" if attributes else f"<{name}"
    return f"{told}/>" if text is None else f"{told}>{escaped(text)}</{name}>"


def parent(name: str, children: Iterable[str], *, depth: int, **attributes: str) -> str:
    """Return an element of elements, each on a line of its own; it stands `depth` levels deep.

    Its first line has no indentation: whatever it stands in gives it that. Line breaks of texts
    stay as they are.
    """
    indent = "  " * depth
    lines = "".join([f"{indent}  {child}\n" for child in children])
    return f"<{name}{_told(attributes)}>\n{lines}{indent}</{name}>"


def escaped(text: str) -> str:
    """Return text as it stands between tags."""
    made = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return made.replace("\r", "&#13;") if "\r" in made else made


def encoded(text: str) -> bytes:
    """Return text as UTF-8; raises ValueError where it has a character that XML forbids."""
    body = text.encode()
    if body.translate(None, _CONTROLS) != body or (b"\xef" in body and _NONCHARACTER.search(body)):
        raise ValueError("a control character or a noncharacter stands in it")
    return body


def _told(attributes: dict[str, str]) -> str:
    return "".join([f' {name}="{_value(value)}"' for name, value in attributes.items()])


def _value(text: str) -> str:
    return escape(text, _IN_VALUES) if _SPECIAL.search(text) else text
