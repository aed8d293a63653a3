"""From an address or a file to a document: bytes, text, JSON, XML. Whatever fails is SourceError.

Must not know of talks, and must not reach the network but through `fetch`.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from pipeline.errors import ConfigError, SourceError
from pipeline.model import Fetch
from pipeline.text import clean, mask

SIZE_BYTES = 32 * 1024 * 1024
"""The largest document that is read; the schedule of a congress of 1,300 talks has 2.3 MiB."""

_WEB = re.compile(r"https?://", re.IGNORECASE)
# An import needs the whole document, so "not modified" would be of no use.
_FRESH: Mapping[str, str] = {"Cache-Control": "no-cache"}


def is_address(where: str) -> bool:
    """Return whether `where` is a web address; everything else is a path."""
    return bool(_WEB.match(where.strip()))


def split(where: str) -> SplitResult:
    """Return the parts of a web address. Raises SourceError for what has none."""
    try:
        return urlsplit(where)
    except ValueError as error:
        raise unreadable(where, "it is no web address; paste it from a browser") from error


def join(where: str, link: str) -> str:
    """Return the address of a link that `where` names. Raises SourceError for what is none."""
    try:
        return urljoin(where, link)
    except ValueError as error:
        raise unreadable(
            where, f"{mask(link)} leads to no address from there; look at both"
        ) from error


def read_bytes(fetch: Fetch, where: str, *, headers: Mapping[str, str] | None = None) -> bytes:
    """Return the document at `where`, a web address or the path of a file. Raises SourceError.

    `headers` go along to a web address only.
    """
    if is_address(where):
        return fetch.get(where.strip(), headers={**_FRESH, **(headers or {})}).body
    try:
        with Path(where).open("rb") as file:
            body = file.read(SIZE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise unreadable(
            where, f"{reason}; give a web address with https:// or the path of a file"
        ) from error
    if len(body) > SIZE_BYTES:
        raise unreadable(where, f"it is larger than {SIZE_BYTES} bytes; is it the right file?")
    return body


def decode(body: bytes, *, where: str) -> str:
    """Return the text of a document; UTF-8 with or without its mark. Raises SourceError."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unreadable(
            where, f"it is not UTF-8 at byte {error.start}; export it again, as UTF-8"
        ) from error
    if not text.strip():
        raise unreadable(where, "it is empty; export it again")
    if re.match(r"\s*<(!doctype )?html\b", text, re.IGNORECASE):
        raise unreadable(where, "it is a web page; use the address of the export itself")
    return text


def load_json(body: bytes, *, where: str) -> object:
    """Return a JSON document as plain values. Raises SourceError."""
    text = decode(body, where=where)
    try:
        return json.loads(text)
    except RecursionError as error:
        raise unreadable(where, "it nests too deep; is it the right file?") from error
    except ValueError as error:
        raise unreadable(where, f"it is not JSON ({error}); was it cut off?") from error


def load_xml(body: bytes, *, where: str) -> ET.Element:
    """Return the root of an XML document without document type. Raises SourceError."""
    text = decode(body, where=where)
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise unreadable(where, "it is XML with a document type, which is not read; export it anew")
    try:
        # Text, not bytes: an encoding named inside cannot hide what was searched for above.
        return ET.fromstring(text.strip())  # noqa: S314  # DTDs and entities are refused above
    except (ET.ParseError, ValueError) as error:
        raise unreadable(where, f"it is broken XML ({error}); was it cut off?") from error


def unreadable(where: str, why: str) -> SourceError:
    """Return the error for a programme that cannot be read; `why` says what to do as well."""
    return SourceError(f"the programme {mask(where)} cannot be read: {why}")


def check_options(kind: str, options: Mapping[str, str], *, known: tuple[str, ...] = ()) -> None:
    """Raise ConfigError for options that the kind does not have; says which one was meant."""
    for name in options:
        if name in known:
            continue
        close = get_close_matches(name, known, n=1)
        hint = f"it has {', '.join(known)}" if known else "it has none; take the key out"
        hint = f"did you mean {close[0]!r}?" if close else hint
        raise ConfigError(f"programme of kind {kind!r} has no option {clean(name)!r}; {hint}")
