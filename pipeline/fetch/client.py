"""One bounded, polite, conditional GET; posts and calls of APIs within the same bounds.

Holds redirects, the size limit, conditional requests and what a status means. Must not retry,
must not read the dataset or the state, and must not show a secret.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import Self
from urllib.parse import urldefrag, urljoin, urlsplit

import requests

from pipeline import __version__
from pipeline.errors import FetchError
from pipeline.fetch.line import Adapter, Line
from pipeline.fetch.refusal import (
    LONGEST_WAIT,
    look_advice,
    parse_retry_after,
    parse_words,
    post_advice,
)
from pipeline.fetch.traffic import Traffic
from pipeline.model import Method, Response
from pipeline.text import clean, mask

TIMEOUT_S = 30.0
"""Seconds that one call may take from first to last byte, redirects included."""

SIZE_BYTES = 32 * 1024 * 1024
"""Bytes that a body may have once it is decompressed."""

MAX_REDIRECTS = 5
"""Redirects that one call follows; real lists need two at most."""

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?([0-9]{1,9})\b")
_CHUNK_BYTES = 64 * 1024
_VALIDATOR_LIMIT = 500
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PORTABLE_HEADERS = frozenset(("accept", "accept-language", "cache-control"))
_WORDS_BYTES = 16 * 1024
_DEEDS = {"GET": "asked", "POST": "posted to", "PUT": "written to", "PATCH": "written to"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask later whether an address has changed (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


class HttpFetch:
    """Implements `model.Fetch`; one session, one call at a time, so one instance per thread.

    `now` (aware UTC) is what Retry-After in seconds counts from. `validators` are keyed by the
    address that gave them; what is new or gone stands in `learned` afterwards, and is worth
    keeping only once what was read is safely stored. `contact` is the address of a page that
    tells server owners who is asking. `allow_private` lets calls reach this machine and the
    local network. The look-up of a name is bounded by the system's resolver, not by `timeout_s`.
    `traffic` is what all calls of a run share: the gap between requests to a host is waited for
    there, outside of `timeout_s`.
    """

    def __init__(
        self,
        *,
        now: datetime,
        validators: Mapping[str, Validators] | None = None,
        contact: str = "",
        timeout_s: float = TIMEOUT_S,
        size_bytes: int = SIZE_BYTES,
        allow_private: bool = False,
        traffic: Traffic | None = None,
    ) -> None:
        self.learned: dict[str, Validators] = {}
        self._fresh: list[datetime | None] = []
        self._now = now
        self._validators = dict(validators or {})
        self._size_bytes = size_bytes
        self._owns_traffic = traffic is None
        self._traffic = Traffic() if traffic is None else traffic
        self._line = Line(
            timeout_s=timeout_s, allow_private=allow_private, watchdog=self._traffic.watchdog
        )
        self._session = _session(self._line, self._traffic, contact=contact)

    def __enter__(self) -> Self:
        """Return the fetch itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        self.close()

    def close(self) -> None:
        """Close every connection that was kept for the next call."""
        self._session.close()
        if self._owns_traffic:
            self._traffic.close()

    @property
    def fresh_until(self) -> datetime | None:
        """Return until when every answer so far is fresh, by its own word (RFC 9111, 4.2).

        None where one of them does not say.
        """
        known = [moment for moment in self._fresh if moment]
        return min(known) if known and len(known) == len(self._fresh) else None

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        size_bytes: int = SIZE_BYTES,
    ) -> Response:
        """Fetch `url`; raises FetchError for everything that is not a whole, fresh answer.

        The request is conditional where the address gave validators, unless `headers` say
        `Cache-Control: no-cache`. After a redirect to another server only headers that cannot
        hold a secret go along. `size_bytes` is a limit of this call's own, below the client's.
        """
        limit = min(size_bytes, self._size_bytes)
        carried = {name.lower(): value for name, value in (headers or {}).items()}
        here = urldefrag(url).url
        self._traffic.pace(here)
        with self._line.call(here):
            for hop in range(MAX_REDIRECTS + 1):
                if hop:
                    self._traffic.pace(here)
                answer = self._ask(here, carried)
                try:
                    target = self._target(here, answer)
                    if target is None:
                        conditional = _conditional(carried)
                        return self._response(here, answer, conditional=conditional, limit=limit)
                finally:
                    answer.close()
                if _origin(target) != _origin(here):
                    carried = {k: v for k, v in carried.items() if k in _PORTABLE_HEADERS}
                here = target
            raise self._line.refusal(
                f"it redirects more than {MAX_REDIRECTS} times",
                "open it in a browser and use the address where you arrive",
            )

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> Response:
        """Send `body` to `url` once; raises FetchError where it was not taken with a 2xx status.

        No redirect is followed: what was meant for one address is not for another. `name` is what
        errors call an address that is a secret.
        """
        advice = "give the address at which messages are taken"
        return self._send("POST", url, body=body, headers=headers or {}, name=name, moved=advice)

    def call(
        self,
        method: Method,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> Response:
        """Call an API once; raises FetchError, with the API's own words, where it refuses.

        No redirect is followed, and no answer is remembered. `name` is as in `post`.
        """
        advice = "give the address to which it leads, if that is the right one"
        headers = headers or {}
        return self._send(
            method, url, body=body, headers=headers, moved=advice, name=name, quote=True
        )

    def _send(
        self,
        method: Method,
        url: str,
        *,
        body: bytes | None,
        headers: Mapping[str, str],
        moved: str,
        name: str | None = None,
        quote: bool = False,
    ) -> Response:
        here = urldefrag(url).url
        self._traffic.pace(here)
        with self._line.call(here, name=name, deed=_DEEDS[method]):
            self._check(here)
            with self._line.translating():
                answer = self._session.request(
                    method,
                    here,
                    data=body,
                    headers=dict(headers),
                    stream=True,
                    allow_redirects=False,
                    timeout=self._line.remaining_s(),
                )
            try:
                if answer.status_code in _REDIRECTS:
                    raise self._line.refusal(
                        f"the server answers {answer.status_code}, a redirect, which is not "
                        "followed",
                        moved,
                        status=answer.status_code,
                    )
                return self._taken(here, answer, quoting=headers if quote else None)
            finally:
                answer.close()

    def _taken(
        self, url: str, answer: requests.Response, *, quoting: Mapping[str, str] | None
    ) -> Response:
        status = answer.status_code
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if not 200 <= status < 300:
            words = "" if quoting is None else self._words(answer, headers=quoting)
            raise self._line.refusal(
                f"the server answers {status}" + (f" (“{words}”)" if words else ""),
                post_advice(status),
                status=status,
                retry_after=parse_retry_after(
                    headers.get("retry-after"), status=status, now=self._now
                ),
            )
        advice = "what was sent may have arrived"
        body = self._body(answer, limit=self._size_bytes, advice=advice)
        return Response(url=url, status=status, body=body, headers=headers)

    def _words(self, answer: requests.Response, *, headers: Mapping[str, str]) -> str:
        try:
            body = self._body(answer, limit=_WORDS_BYTES)
        except FetchError:
            # That it refused is what counts; the status says so without the explanation.
            return ""
        return parse_words(body, headers=headers)

    def _ask(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        self._line.where = mask(url)
        self._check(url)
        known = self._validators.get(url) if _conditional(headers) else None
        conditions: dict[str, str] = {}
        if known and known.etag:
            conditions["If-None-Match"] = known.etag
        if known and known.last_modified:
            conditions["If-Modified-Since"] = known.last_modified
        with self._line.translating():
            return self._session.get(
                url,
                headers={**conditions, **headers},
                stream=True,
                allow_redirects=False,
                timeout=self._line.remaining_s(),
            )

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise self._line.refusal(
                "it is not a usable http or https address",
                "paste it from the browser",
            )

    def _target(self, url: str, answer: requests.Response) -> str | None:
        if answer.status_code not in _REDIRECTS:
            return None
        # http.client reads header bytes as Latin-1; addresses are UTF-8 in practice.
        location = answer.headers.get("Location", "").encode("latin-1", "replace")
        if not location:
            raise self._line.refusal(
                f"it answers {answer.status_code} without saying where to go",
                "the server has trouble; the next look may succeed",
            )
        try:
            target = urldefrag(urljoin(url, location.decode("utf-8", "replace"))).url
        except ValueError:
            target = ""
        if url.startswith("https:") and target.startswith("http:"):
            raise self._line.refusal(
                f"it redirects from https to plain http ({mask(target)})",
                "use an address that stays on https",
            )
        return target

    def _response(
        self, url: str, answer: requests.Response, *, conditional: bool, limit: int
    ) -> Response:
        status = answer.status_code
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if status == 304 and conditional and url in self._validators:
            self._fresh.append(self._until(headers))
            return Response(url=url, status=304, body=b"", headers=headers, unchanged=True)
        if not 200 <= status < 300 or status == 206:
            raise self._line.refusal(
                f"the server answers {status}",
                look_advice(status),
                status=status,
                retry_after=parse_retry_after(
                    headers.get("retry-after"), status=status, now=self._now
                ),
            )
        body = self._body(answer, limit=limit)
        self._fresh.append(self._until(headers))
        if conditional:
            self._learn(url, headers)
        return Response(url=url, status=status, body=body, headers=headers)

    def _body(
        self,
        answer: requests.Response,
        *,
        limit: int,
        advice: str = "watch a shorter list; nothing of this one was read",
    ) -> bytes:
        body = bytearray()
        with self._line.translating():
            for chunk in answer.iter_content(_CHUNK_BYTES):
                body += chunk
                if len(body) > limit:
                    raise self._line.refusal(f"the answer is larger than {limit} bytes", advice)
        # A body without a length ends where the connection does, also where the limit cut it.
        self._line.remaining_s()
        return bytes(body)

    def _learn(self, url: str, headers: Mapping[str, str]) -> None:
        etag, modified = (
            value if value and len(value) <= _VALIDATOR_LIMIT else None
            for value in (headers.get("etag"), headers.get("last-modified"))
        )
        if etag or modified or url in self._validators:
            self.learned[url] = Validators(etag=etag, last_modified=modified)

    def _until(self, headers: Mapping[str, str]) -> datetime | None:
        """Read max-age less Age (RFC 9111, sections 4.2.1 and 5.1); None where there is none."""
        words = headers.get("cache-control", "").lower()
        found = _MAX_AGE.search(words)
        if found is None or "no-cache" in words or "no-store" in words:
            return None
        age = headers.get("age", "").strip()
        passed = int(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0
        left = timedelta(seconds=int(found[1]) - passed)
        return self._now + min(left, LONGEST_WAIT) if left > timedelta() else None


def _conditional(headers: Mapping[str, str]) -> bool:
    return "no-cache" not in headers.get("cache-control", "")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


class _Session(requests.Session):
    """A session that leaves redirects alone; requests would unpack their bodies otherwise."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002  # the base class's signature
        return None


def _session(line: Line, traffic: Traffic, *, contact: str) -> requests.Session:
    # Its debug lines show whole addresses, and with them the secrets that some of them hold.
    logging.getLogger("urllib3").setLevel(logging.INFO)
    session = _Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    agent = f"recap-pipeline/{__version__}"
    session.headers["User-Agent"] = f"{agent} (+{clean(contact)})" if contact else agent
    session.headers["Accept-Encoding"] = "gzip, deflate"
    adapter = Adapter(line, roots=traffic.roots)
    for prefix in ("http://", "https://"):
        session.mount(prefix, adapter)
    return session
