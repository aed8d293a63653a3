"""`webhook`: a message as JSON, by POST to one address.

The address may be a secret, as those of chat services are; it is never shown then.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pipeline import __version__, alerting
from pipeline.errors import ConfigError, FetchError
from pipeline.model import (
    Connect,
    DeliveryOptions,
    Mark,
    Message,
    Notice,
    Receipt,
    Secret,
)

OPTIONS = ("url", "secret", "signing_secret", "token", "headers")

SIGNATURE = "X-Hub-Signature-256"
"""HMAC-SHA256 of the body in hex after `sha256=`, as GitHub signs its webhooks
(docs.github.com, "Validating webhook deliveries")."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # RFC 9110, 5.6.2: token
_VALUE = re.compile(r"[\x20-\x7e]*\Z")
_OURS = frozenset(
    ("content-type", "content-length", "host", "transfer-encoding", SIGNATURE.lower())
)
_SECRET_HEADERS = frozenset(("authorization", "cookie", "proxy-authorization"))
_PASSING = frozenset((408, 409, 425, 429))


class WebhookDelivery:
    """Posts to `url`, or to the address that the secret `secret` holds.

    Raises ConfigError where the options are wrong.
    """

    def __init__(self, options: DeliveryOptions, *, secret: Secret, connect: Connect) -> None:
        unknown = [key for key in options if key not in OPTIONS]
        if unknown:
            raise ConfigError(
                f"a webhook has no option {unknown[0]!r}; it has {', '.join(OPTIONS)}"
            )
        self._url = _text(options, "url")
        self._place = _name(options, "secret")
        self._signing = _name(options, "signing_secret")
        self._token = _name(options, "token")
        self._headers = _headers(options.get("headers", {}))
        self._secret = secret
        self._connect = connect
        if bool(self._url) == bool(self._place):
            raise ConfigError(
                "a webhook needs either `url:`, its address, or `secret:`, the name of the "
                "environment variable that holds it"
            )
        if self._url and not _is_address(self._url):
            raise ConfigError(
                f"{self._url!r} is no web address; write it whole, with https:// in front, or "
                "name the environment variable that holds it under `secret:`"
            )

    def send(self, message: Message, mark: Mark) -> Receipt:
        """Post `message` once."""
        body = body_of(message)
        found = {name: self._secret(name) for name in self._names()}
        missing = [name for name, value in found.items() if not value]
        if missing:
            raise ConfigError(
                f"the secret {missing[0]} is not set; set {missing[0]}, or {missing[0]}_FILE "
                "with the path of a file, in the environment"
            )
        url, name = self._url, None
        if self._place:
            url, name = found[self._place] or "", f"the address in {self._place}"
            if not _is_address(url):
                raise ConfigError(
                    f"{name} is no web address; write it whole, with https:// in front"
                )
        headers = {
            **self._headers,
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.id,
        }
        if self._token:
            headers["Authorization"] = f"Bearer {found[self._token]}"
        if self._signing:
            headers[SIGNATURE] = signature(body, key=found[self._signing] or "")
        with self._connect() as post:
            mark()
            try:
                post.post(url, body=body, headers=headers, name=name)
            except FetchError as error:
                return _failure(error)
        return Receipt(result="sent")

    def _names(self) -> tuple[str, ...]:
        return tuple(each for each in (self._place, self._signing, self._token) if each)


def body_of(message: Message) -> bytes:
    """Return `message` as JSON: `text` is what chat services show, the rest is for programs.

    One that tells of no trouble is an announcement, and has its HTML as well.
    """
    value = {
        "version": 1,
        "id": message.id,
        "time": _time(message.time),
        "program": f"recap-pipeline/{__version__}",
        "subject": message.subject,
        "text": f"{message.subject}\n\n{message.text}",
        "items": [_item(notice) for notice in message.items],
    }
    if not message.items:
        value |= {"kind": "announcement", "html": message.html}
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def signature(body: bytes, *, key: str) -> str:
    """Return the value of the signature's header for `body`."""
    return f"sha256={hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}"


def _item(notice: Notice) -> dict[str, str | None]:
    return {
        "kind": notice.kind,
        "place": notice.place,
        "state": "over" if notice.ended else "begun",
        "since": _time(notice.since),
        "ended": _time(notice.ended) if notice.ended else None,
        "text": alerting.sentence(notice),
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _failure(error: FetchError) -> Receipt:
    """Tell what passes by itself from what a person has to mend."""
    status = error.status
    passing = status is None or status >= 500 or status in _PASSING
    return Receipt(
        result="retry" if passing else "failed",
        detail=error.message,
        retry_after=error.retry_after,
    )


def _text(options: DeliveryOptions, key: str) -> str:
    value = options.get(key, "")
    if not isinstance(value, str):
        raise ConfigError(f"`{key}:` of a webhook is text; write it in quotes")
    return value


def _name(options: DeliveryOptions, key: str) -> str:
    value = _text(options, key)
    if value and not _NAME.match(value):
        # What stands here may be the secret itself, so it is not repeated.
        raise ConfigError(
            f"`{key}:` of a webhook is the name of an environment variable, such as TEAM_WEBHOOK, "
            "and never the secret itself"
        )
    return value


def _headers(value: str | Mapping[str, str]) -> dict[str, str]:
    if isinstance(value, str):
        raise ConfigError("`headers:` of a webhook is a mapping; write `name: value` lines")
    for name, content in value.items():
        if name.lower() in _SECRET_HEADERS:
            raise ConfigError(
                f"the header {name} holds a secret, and config.yaml is no place for it; name the "
                "environment variable of a bearer token under `token:`"
            )
        if name.lower() in _OURS:
            raise ConfigError(f"the header {name} is made by the program; leave it out")
        if not _HEADER.match(name) or not _VALUE.match(content):
            raise ConfigError(f"{name!r} is no header with a plain value; use ASCII letters")
    return dict(value)


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
