"""The cookie that knows a visitor again, and the tokens that make forms theirs.

Nothing is stored: the cookie is signed, with a key that is made from the installation's token, so
that a new token ends every visit. Without a token the key lives as long as the process. Must not
decide who may see what (see `guard`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

COOKIE = "recap_visit"

LASTS = timedelta(days=14)
"""How long a visitor stays signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visitor: `since` is when the cookie was given, in whole seconds."""

    id: str
    since: datetime
    signed_in: bool = False


class Visits:
    """Gives out cookies and reads them again."""

    def __init__(self, token: str | None) -> None:
        seed = token.encode() if token else secrets.token_bytes(32)
        self._key = hmac.digest(seed, b"recap: cookies of visitors, 1", "sha256")

    def begin(self, now: datetime, *, signed_in: bool = False) -> Visit:
        """Return a new visit; signing in begins a new one, so that no older cookie becomes it."""
        since = now.replace(microsecond=0)
        return Visit(id=secrets.token_urlsafe(18), since=since, signed_in=signed_in)

    def cookie(self, visit: Visit) -> str:
        """Return the cookie's value."""
        word = "in" if visit.signed_in else "guest"
        text = f"{visit.id}.{int(visit.since.timestamp())}.{word}"
        return f"{text}.{self._sign('cookie', text)}"

    def read(self, cookie: str, *, now: datetime) -> Visit | None:
        """Return the visit of a cookie; None where it is not ours, or too old."""
        text, _, signature = cookie.rpartition(".")
        if not _same(signature, self._sign("cookie", text)):
            return None
        visit_id, since, word = text.split(".")
        begun = datetime.fromtimestamp(int(since), UTC)
        if not timedelta() <= now.replace(microsecond=0) - begun <= LASTS:
            return None
        return Visit(id=visit_id, since=begun, signed_in=word == "in")

    def form_token(self, visit: Visit) -> str:
        """Return what every form of a visitor carries; no other site can know it."""
        return self._sign("form", self.cookie(visit))

    def is_form_token(self, given: str, *, visit: Visit) -> bool:
        """Tell whether a form came from a page that this visitor was shown."""
        return _same(given, self.form_token(visit))

    def _sign(self, purpose: str, text: str) -> str:
        message = f"{purpose}\n{text}".encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def is_token(given: str, token: str) -> bool:
    """Tell whether a given token is the right one, in a time that does not depend on it."""
    return _same(given, token)


def _same(one: str, other: str) -> bool:
    # As digests, because compare_digest tells the length apart, and takes no text beyond ASCII.
    return hmac.compare_digest(_digest(one), _digest(other))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
