"""What a status means, what to do about it, and what the server itself says of it.

Pure. Must not fetch, nor show what was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline.text import clean

LONGEST_WAIT = timedelta(days=7)
"""The longest Retry-After that is believed: no source is ever switched off for good."""

_SHORTEST_SECRET = 6
_WORDS_LIMIT = 200
_HIDDEN = frozenset(("authorization", "cookie"))


def look_advice(status: int) -> str:
    """Return what to do where an address could not be fetched."""
    match status:
        case 401 | 403:
            return "it wants a login or does not let programs in; check that the list is public"
        case 404 | 410:
            return "check in a browser that the list still exists and is public"
        case 429 | 503:
            return "it asks for patience; the next look comes later"
        case _ if status >= 500:
            return "the server has trouble; the next look may succeed"
        case _:
            return "open the address in a browser and use the one where you arrive"


def post_advice(status: int) -> str:
    """Return what to do where a message was not taken, or an API refused."""
    match status:
        case 401 | 403:
            return "it does not let this program in; check its token or secret"
        case 404 | 410:
            return "check that the address is right and still in use"
        case 429 | 503:
            return "it asks for patience"
        case _ if status >= 500:
            return "the server has trouble; the next try may succeed"
        case _:
            return "it does not want the message as it is; check what the server expects"


def parse_retry_after(value: str | None, *, status: int, now: datetime) -> datetime | None:
    """Read Retry-After (RFC 9110, section 10.2.3): seconds, or a date; None where none counts."""
    if status not in (429, 503) or not value:
        return None
    latest = now + LONGEST_WAIT
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return min(now + timedelta(seconds=int(value)), latest)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment, now), latest).astimezone(UTC)


def parse_words(body: bytes, *, headers: Mapping[str, str]) -> str:
    """Return the sentence in which an API explains its refusal; "" where there is none.

    APIs have it under `message`, `detail` or `error` of a JSON object; FastAPI and its like make
    `detail` a list of objects with a `msg`. What `headers` of the request keep secret is starred
    out, for a server may repeat it.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(value, dict):
        return ""
    said = next((found for key in ("message", "detail", "error") if (found := value.get(key))), "")
    if isinstance(said, list):
        said = ", ".join(str(one["msg"]) for one in said if isinstance(one, dict) and "msg" in one)
    if not isinstance(said, str):
        return ""
    for name, content in headers.items():
        if name.lower() in _HIDDEN:
            parts = {content, *content.split(), *re.split(r"[\s:;=]+", content)}
            for part in sorted(parts, key=len, reverse=True):
                if len(part) >= _SHORTEST_SECRET:
                    said = said.replace(part, "***")
    return clean(said, limit=_WORDS_LIMIT)
