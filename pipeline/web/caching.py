"""What HTTP says about conditional requests, encodings and media types, for files of feeds/.

Pure; knows header values and paths, never a file.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

ATOM = "application/atom+xml"
RSS = "application/rss+xml"
JSON_FEED = "application/feed+json"

_FEEDS = {
    "atom.xml": ATOM,
    "feed.xml": ATOM,
    "rss.xml": RSS,
    "index.xml": RSS,
    "feed.json": JSON_FEED,
}
_ARCHIVED = re.compile(r"(atom|rss|feed)-\d+\.(xml|json)\Z")
_ARCHIVE_TYPES = {"atom": ATOM, "rss": RSS, "feed": JSON_FEED}

# By ending. JSON has no charset parameter (RFC 8259, section 11), and a mail says its own.
_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".csv": "text/csv",
    ".eml": "message/rfc822",
    ".gif": "image/gif",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".ics": "text/calendar",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".opml": "text/x-opml",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
_WITH_CHARSET = frozenset((ATOM, RSS, "application/xml"))
_PACKED = frozenset((JSON_FEED, "application/json", "image/svg+xml", "message/rfc822"))

AGE_S = 900
"""How long a file may be kept without asking again; readers that poll more often gain nothing."""

STATUS_AGE_S = 60
IMAGE_AGE_S = 86_400
FOREVER_S = 31_536_000

_HASHED = re.compile(r"img/[0-9a-f]{16,64}\.[a-z]+\Z")


def media_type(path: str) -> str:
    """Return the media type of a file of feeds/, without parameters."""
    pure = PurePosixPath(path)
    archived = _ARCHIVED.match(pure.name) if pure.parent.name == "archive" else None
    if archived:
        return _ARCHIVE_TYPES[archived[1]]
    return _FEEDS.get(pure.name) or _TYPES.get(pure.suffix, "application/octet-stream")


def content_type(kind: str) -> str:
    """Return the value of Content-Type for a media type: text says that it is UTF-8."""
    named = kind.startswith("text/") or kind in _WITH_CHARSET
    return f"{kind}; charset=utf-8" if named else kind


def is_feed(kind: str) -> bool:
    """Tell whether a media type is that of a feed."""
    return kind in (ATOM, RSS, JSON_FEED)


def is_packed(kind: str) -> bool:
    """Tell whether files of a media type get smaller by gzip."""
    return kind.startswith("text/") or kind in _WITH_CHARSET or kind in _PACKED


def cache_control(path: str) -> str:
    """Return how long a file may be kept.

    Only images whose name is their hash are kept for ever: archive pages change too.
    """
    if _HASHED.match(path):
        return f"public, max-age={FOREVER_S}, immutable"
    if path.startswith("img/"):
        return f"public, max-age={IMAGE_AGE_S}"
    age = STATUS_AGE_S if path.startswith("status.") else AGE_S
    return f"public, max-age={age}"


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether a client takes gzip (RFC 9110, section 12.5.3)."""
    weights = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        weights[coding.strip()] = _weight(parameters)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def is_fresh(
    *, etag: str, modified: datetime, if_none_match: str | None, if_modified_since: str | None
) -> bool:
    """Tell whether a client has a file already (RFC 9110, section 13.1): 304 is enough then.

    `modified` is in whole seconds. If-None-Match decides alone where both are given.
    """
    if if_none_match is not None:
        given = (one.strip().removeprefix("W/") for one in if_none_match.split(","))
        return any(one in (etag, "*") for one in given)
    if if_modified_since is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except (ValueError, OverflowError):
        return False
    return modified <= (since if since.tzinfo else since.replace(tzinfo=UTC))
