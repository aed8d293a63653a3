"""`listmonk`: a draft campaign in listmonk, by its API; a person starts it there.

As of listmonk 6 (cmd/campaigns.go, internal/core/campaigns.go, docs/content/apis/campaigns.md of
knadh/listmonk). A campaign is found by a tag; from version 6 on its attributes hold what was
written last. Must not start, schedule or delete a campaign.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.delivery._drafts import (
    PAGES,
    Api,
    Held,
    Row,
    Standing,
    check_keys,
    digest,
    inner,
    option,
    place,
    revealed,
    rows,
    secret_name,
    text,
)
from pipeline.errors import ConfigError, FetchError
from pipeline.model import Connect, DeliveryOptions, Draft, Placed, Secret
from pipeline.text import clean

OPTIONS = ("url", "user", "lists", "template", "secret")

_SECRET = "LISTMONK_TOKEN"  # noqa: S105  # the name of a variable
_PER_PAGE = 50
"""Campaigns a page, the most that listmonk gives (cmd/main.go)."""
_NAME_LIMIT = 200
_ATTRIBUTE = "recap"
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
_USER = re.compile(r"[\x21-\x39\x3b-\x7e]+\Z")
_ABSENT = frozenset((400, 403, 404))
"""What listmonk answers for a campaign that is gone: 400, or 403 to users of some lists only."""

_STANDING: dict[str, Standing] = {
    "draft": "draft",
    "scheduled": "scheduled",
    "running": "sent",
    "paused": "sent",
    "finished": "sent",
    "cancelled": "deleted",
}
_ADVICE = {
    401: "The API user's name stands under `user:`, its token in the environment.",
    403: "listmonk says so of a wrong token, and of an API user that lacks a permission: it "
    "needs campaigns:get and campaigns:manage, and to get each of the lists.",
    404: "`url:` is the address at which listmonk's own pages start.",
}


class ListmonkTool:
    """Keeps drafts as campaigns. Raises ConfigError where the options are wrong."""

    def __init__(self, options: DeliveryOptions, *, secret: Secret, connect: Connect) -> None:
        check_keys(options, OPTIONS, kind="listmonk")
        self._url = _address(option(options, "url", kind="listmonk"))
        self._user = option(options, "user", kind="listmonk")
        if not _USER.match(self._user):
            raise ConfigError(
                "listmonk needs `user:`, the name of an API user, in ASCII and without a colon; "
                "make one in listmonk under Admin, Users"
            )
        self._lists = _numbers(option(options, "lists", kind="listmonk"))
        self._template = _template(option(options, "template", kind="listmonk"))
        self._name = secret_name(options, kind="listmonk", default=_SECRET)
        self._secret = secret
        self._connect = connect

    def put(self, draft: Draft) -> Placed:
        """Make or renew the campaign of `draft`, or say why it was left alone."""
        token = revealed(self._secret, self._name)
        with self._connect() as post:
            api = Api(
                post=post,
                url=f"{self._url}/api",
                headers={"Authorization": f"token {self._user}:{token}"},
                advice=_ADVICE,
            )
            return place(_Campaigns(api=api, lists=self._lists, template=self._template), draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Campaigns:
    """The campaigns of one listmonk; `lists` and `template` are listmonk's numbers of them."""

    api: Api
    lists: tuple[int, ...]
    template: int | None

    def mark(self, draft: Draft) -> str:
        """Return the tag: short, and of letters that listmonk leaves as they are."""
        return f"recap-{hashlib.sha256(draft.id.encode()).hexdigest()[:24]}"

    def texts(self, draft: Draft) -> tuple[str, ...]:
        """Return subject, HTML and plain text."""
        return draft.subject, draft.html, draft.text

    def get(self, known: str) -> Held | None:
        """Return the campaign with that number; None where it is gone, or may not be seen."""
        if not known.isdecimal():
            return None
        try:
            return _held(inner(self.api.get(f"/campaigns/{known}"), "data"))
        except FetchError as error:
            if error.status in _ABSENT:
                return None
            raise

    def find(self, mark: str) -> tuple[str, ...]:
        """Look through all campaigns with the tag; listmonk gives them page by page."""
        found: list[str] = []
        seen = 0
        for page in range(1, PAGES + 1):
            data = inner(
                self.api.get(
                    "/campaigns",
                    tag=mark,
                    order_by="created_at",
                    order="ASC",
                    no_body="true",
                    page=page,
                    per_page=_PER_PAGE,
                ),
                "data",
            )
            there = rows(data, "results")
            # One that is too old to know the parameter gives all campaigns.
            found += [_number(row) for row in there if mark in _tags(row)]
            seen += len(there)
            total = data.get("total")
            if not there or (isinstance(total, int) and seen >= total):
                return tuple(found)
        raise FetchError(
            f"{self.api.url}/campaigns has more than {PAGES} pages, so nobody can tell whether the "
            "draft is there; delete old campaigns",
            status=200,
        )

    def create(self, draft: Draft) -> str:
        """Make a campaign; listmonk makes each one a draft."""
        made = inner(
            self.api.call(
                "POST",
                "/campaigns",
                value={
                    **self._value(draft),
                    "type": "regular",
                    "lists": list(self.lists),
                    "tags": [self.mark(draft)],
                    "attribs": _noted(draft, self.texts(draft)),
                    **({"template_id": self.template} if self.template else {}),
                },
            ),
            "data",
        )
        number = _number(made)
        lacking = [str(one) for one in self.lists if one not in _ids(made, "lists")]
        if lacking:
            raise FetchError(
                f"campaign {number} of {self.api.url} is there without the list "
                f"{', '.join(lacking)}: there is none of that number, or the API user may not get "
                "it; correct `lists:` or its permissions, and add the list there",
                status=403,
            )
        return number

    def renew(self, held: Held, draft: Draft) -> None:
        """Write the texts; lists, further tags and attachments stay as a person chose them."""
        tags = [tag for tag in _tags(held.row) if tag != held.mark]
        self.api.call(
            "PUT",
            f"/campaigns/{held.id}",
            value={
                **self._value(draft),
                "lists": list(_ids(held.row, "lists") or self.lists),
                "media": list(_ids(held.row, "media")),
                "tags": [*tags, self.mark(draft)],
                "attribs": {**inner(held.row, "attribs"), **_noted(draft, self.texts(draft))},
            },
        )

    def _value(self, draft: Draft) -> Row:
        return {
            "name": clean(draft.subject, limit=_NAME_LIMIT),
            "subject": draft.subject,
            "content_type": "html",
            "body": draft.html,
            "altbody": draft.text,
            "messenger": "email",
        }


def _held(row: Row) -> Held:
    status = text(row, "status")
    standing = _STANDING.get(status, "failed")
    detail = ""
    if status == "cancelled":
        detail = f"It was cancelled there, when {row.get('sent', 0)} mails had left."
    elif standing == "failed":
        detail = f"campaign {_number(row)} is {clean(status) or 'in no state'} there; look at it"
    return Held(
        id=_number(row),
        texts=(text(row, "subject"), text(row, "body"), text(row, "altbody")),
        standing=standing,
        detail=detail,
        mark=next((tag for tag in _tags(row) if tag.startswith("recap-")), ""),
        sha256=text(inner(inner(row, "attribs"), _ATTRIBUTE), "sha256"),
        row=row,
    )


def _noted(draft: Draft, texts: tuple[str, ...]) -> Row:
    return {_ATTRIBUTE: {"id": draft.id, "sha256": digest(texts)}}


def _number(row: Row) -> str:
    value = row.get("id")
    if not isinstance(value, int):
        raise FetchError(
            "listmonk answers with a campaign that has no number; check that `url:` is the address "
            "of listmonk itself",
            status=200,
        )
    return str(value)


def _tags(row: Row) -> tuple[str, ...]:
    value = row.get("tags")
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _ids(row: Row, key: str) -> tuple[int, ...]:
    """Return the numbers of lists or attachments; one that was deleted since has none, or 0."""
    found = (one.get("id") for one in rows(row, key))
    return tuple(one for one in found if isinstance(one, int) and one > 0)


def _address(written: str) -> str:
    try:
        parts = urlsplit(written)
        host, port, named = parts.hostname, parts.port, "@" in parts.netloc
    except ValueError:
        host, port, named = None, None, False
    if not host or port == 0 or parts.scheme not in ("http", "https"):
        raise ConfigError(
            f"`url:` of listmonk is its address, such as https://lists.example.org; {written!r} is "
            "none"
        )
    if named or parts.query or parts.fragment:
        raise ConfigError(
            "`url:` of listmonk is its address alone, without a user, a question mark or a #"
        )
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise ConfigError(
            f"`url:` of listmonk has to be https, for a token is sent there; http is for this "
            f"machine alone, and {host} is another"
        )
    return written.rstrip("/").removesuffix("/api").rstrip("/")


def _numbers(written: str) -> tuple[int, ...]:
    parts = [part for part in re.split(r"[\s,]+", written) if part]
    if not parts or not all(part.isascii() and part.isdecimal() and int(part) for part in parts):
        raise ConfigError(
            "listmonk needs `lists:`, the numbers of the lists that the campaign goes to, such as "
            '`lists: "3, 4"`; they stand beside their names in listmonk'
        )
    return tuple(dict.fromkeys(int(part) for part in parts))


def _template(written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and int(written)):
        raise ConfigError(
            '`template:` of listmonk is a template\'s number in quotes, such as `"2"`; it stands '
            "beside its name in listmonk"
        )
    return int(written)
