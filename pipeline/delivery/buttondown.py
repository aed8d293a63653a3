"""`buttondown`: a draft email in Buttondown, by its API; a person sends it there.

As of version 2026-04-01 of the API (openapi.json of buttondown/openapi, docs.buttondown.com), in
which an email is a draft unless it says else, and lists hold drafts as well. An email is found by
its metadata, for which the list has no filter. Must not send, schedule or delete an email.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

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

OPTIONS = ("body", "secret")
API = "https://api.buttondown.com/v1"
VERSION = "2026-04-01"

Body = Literal["markdown", "html"]

_SECRET = "BUTTONDOWN_API_KEY"  # noqa: S105  # the name of a variable
_BODIES: dict[str, Body] = {"": "markdown", "markdown": "markdown", "html": "html"}
_MARKDOWN = "<!-- buttondown-editor-mode: plaintext -->"
"""Says that a body is Markdown (docs.buttondown.com/api-emails-create, "Body format detection")."""
_NAKED = "naked"
"""The template that leaves a body as it is."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}\Z")
_MARK, _SHA256 = "recap_announcement", "recap_sha256"

_STANDING: dict[str, Standing] = {
    "draft": "draft",
    "about_to_send": "sent",
    "scheduled": "scheduled",
    "in_flight": "sent",
    "throttled": "sent",
    "paused": "sent",
    "resending": "sent",
    "sent": "sent",
    "imported": "sent",
    "deleted": "deleted",
}
_ADVICE = {
    401: "The key is made in Buttondown under API, Keys.",
    403: "The key needs `write` for emails and nothing else; `body: html` needs a plan with naked "
    "mode.",
}


class ButtondownTool:
    """Keeps drafts as emails. Raises ConfigError where the options are wrong."""

    def __init__(
        self, options: DeliveryOptions, *, secret: Secret, connect: Connect, api: str = API
    ) -> None:
        check_keys(options, OPTIONS, kind="buttondown")
        body = option(options, "body", kind="buttondown")
        if body not in _BODIES:
            raise ConfigError(
                f"`body:` of buttondown is `markdown` or `html`, and {body!r} is neither"
            )
        self._body = _BODIES[body]
        self._name = secret_name(options, kind="buttondown", default=_SECRET)
        self._secret = secret
        self._connect = connect
        self._api = api

    def put(self, draft: Draft) -> Placed:
        """Make or renew the email of `draft`, or say why it was left alone."""
        key = revealed(self._secret, self._name)
        headers = {"Authorization": f"Token {key}", "X-API-Version": VERSION}
        with self._connect() as post:
            api = Api(post=post, url=self._api, headers=headers, advice=_ADVICE)
            return place(_Emails(api=api, body=self._body), draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Emails:
    """The emails of one newsletter; `body` is the form in which ours are written."""

    api: Api
    body: Body

    def mark(self, draft: Draft) -> str:
        """Return what stands in the metadata."""
        return draft.id

    def texts(self, draft: Draft) -> tuple[str, ...]:
        """Return subject and body."""
        if self.body == "html":
            return draft.subject, draft.html
        return draft.subject, f"{_MARKDOWN}{draft.markdown}"

    def get(self, known: str) -> Held | None:
        """Return the email with that id; None where it is gone."""
        if not _ID.match(known):
            return None
        try:
            return _held(self.api.get(f"/emails/{known}"))
        except FetchError as error:
            if error.status == 404:
                return None
            raise

    def find(self, mark: str) -> tuple[str, ...]:
        """Look through the emails, newest first, as far as the page that has it."""
        for page in range(1, PAGES + 1):
            answer = self.api.get(
                "/emails", ordering="-creation_date", excluded_fields="body", page=page
            )
            there = rows(answer, "results")
            found = [_id(row) for row in there if text(inner(row, "metadata"), _MARK) == mark]
            if found or not there or not answer.get("next"):
                return tuple(reversed(found))
        raise FetchError(
            f"{self.api.url}/emails has more than {PAGES} pages, so nobody can tell whether the "
            "draft is there; delete old emails",
            status=200,
        )

    def create(self, draft: Draft) -> str:
        """Make a draft; asked again, Buttondown answers as it did the first time."""
        made = self.api.call(
            "POST",
            "/emails",
            value={**self._value(draft), "status": "draft", "metadata": self._noted(draft)},
            headers={"X-Idempotency-Key": str(uuid5(NAMESPACE_URL, draft.id))},
        )
        return _id(made)

    def renew(self, held: Held, draft: Draft) -> None:
        """Write the texts; audience and further metadata stay as a person chose them."""
        metadata = {**inner(held.row, "metadata"), **self._noted(draft)}
        value = {**self._value(draft), "metadata": metadata}
        self.api.call("PATCH", f"/emails/{held.id}", value=value)

    def _value(self, draft: Draft) -> Row:
        subject, body = self.texts(draft)
        value = {"subject": subject, "body": body}
        return {**value, "template": _NAKED} if self.body == "html" else value

    def _noted(self, draft: Draft) -> Row:
        return {_MARK: draft.id, _SHA256: digest(self.texts(draft))}


def _held(row: Row) -> Held:
    status = text(row, "status")
    standing = _STANDING.get(status, "failed")
    metadata = inner(row, "metadata")
    detail = ""
    if standing == "failed":
        why = clean(text(row, "suppression_reason"))
        detail = f"email {_id(row)} is {clean(status) or 'in no state'} there" + (
            f" ({why}); look at it" if why else "; look at it"
        )
    return Held(
        id=_id(row),
        texts=(text(row, "subject"), text(row, "body")),
        standing=standing,
        detail=detail,
        mark=text(metadata, _MARK),
        sha256=text(metadata, _SHA256),
        row=row,
    )


def _id(row: Row) -> str:
    found = text(row, "id")
    # It becomes part of an address.
    if not _ID.match(found):
        raise FetchError(
            "Buttondown answers with an email that has no usable id; look at status.buttondown.com "
            "whether its API is well",
            status=200,
        )
    return found
