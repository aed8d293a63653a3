"""Buttondown: what is written there, how it is found, and what its answers mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import responses

from pipeline.delivery._drafts import digest
from pipeline.delivery.buttondown import ButtondownTool
from pipeline.errors import ConfigError
from pipeline.model import Placed
from tests.builders import no_secret
from tests.delivery.tools import (
    DRAFT,
    TOKEN,
    Buttondown,
    buttondown,
    connect,
    secrets,
    serving_buttondown,
)

API = "https://api.buttondown.com/v1/emails"
BODY = f"<!-- buttondown-editor-mode: plaintext -->{DRAFT.markdown}"
NOTE = {
    "recap_announcement": DRAFT.id,
    "recap_sha256": digest((DRAFT.subject, DRAFT.markdown)),
}
# As openapi.json of buttondown/openapi has an email.
EMAIL: dict[str, Any] = {
    "id": "em_29fxqcmrkp969vzttksexvmvr8",
    "creation_date": "2031-05-12T12:00:00+00:00",
    "absolute_url": "https://buttondown.example.org/teaconf/archive/2-new-recordings/",
    "analytics": None,
    "callouts": [],
    "attachments": [],
    "body": BODY,
    "canonical_url": "",
    "commenting_mode": "enabled",
    "description": "",
    "archival_mode": "enabled",
    "email_type": "public",
    "featured": False,
    "filters": {"filters": [], "groups": [], "predicate": "and"},
    "image": "",
    "metadata": NOTE,
    "modification_date": "2031-05-12T12:00:00+00:00",
    "publish_date": None,
    "related_email_ids": [],
    "secondary_id": None,
    "should_trigger_pay_per_email_billing": False,
    "slug": "2-new-recordings",
    "source": "api",
    "status": "draft",
    "subject": DRAFT.subject,
    "suppression_reason": None,
    "template": None,
}
NOTHING: dict[str, Any] = {"count": 0, "next": None, "previous": None, "results": []}


@pytest.fixture
def tool() -> Iterator[Buttondown]:
    with serving_buttondown() as running:
        yield running


@pytest.fixture
def mocked() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def put(known: str | None = None, **options: str) -> Placed:
    made = ButtondownTool(options, secret=secrets(BUTTONDOWN_API_KEY=TOKEN), connect=connect)
    return made.put(replace(DRAFT, known=known))


def test_an_email_is_looked_for_then_made_then_read(mocked: responses.RequestsMock) -> None:
    mocked.get(API, json=NOTHING)
    mocked.post(API, status=201, json=EMAIL)
    mocked.get(f"{API}/{EMAIL['id']}", json=EMAIL)
    assert put() == Placed(
        result="draft", known=EMAIL["id"], body_sha256=digest((DRAFT.subject, DRAFT.markdown))
    )
    look, make, _ = mocked.calls
    assert look.request.url == f"{API}?ordering=-creation_date&excluded_fields=body&page=1"
    assert json.loads(make.request.body or b"") == {
        "subject": DRAFT.subject,
        "body": BODY,
        "status": "draft",
        "metadata": NOTE,
    }
    assert {
        name: make.request.headers[name]
        for name in ("Authorization", "X-API-Version", "X-Idempotency-Key")
    } == {
        "Authorization": f"Token {TOKEN}",
        "X-API-Version": "2026-04-01",
        "X-Idempotency-Key": "30696bc0-79f2-573a-8a9d-1bfbdf468fa1",
    }


def test_html_goes_without_the_newsletters_own_template(tool: Buttondown) -> None:
    buttondown(tool, body="html").put(DRAFT)
    row = tool.rows[0]
    assert (row["body"], row["template"]) == (DRAFT.html, "naked")


def test_markdown_goes_into_the_newsletters_own_template(tool: Buttondown) -> None:
    buttondown(tool, body="markdown").put(DRAFT)
    row = tool.rows[0]
    assert (row["body"], row["template"]) == (BODY, None)


def test_an_email_is_found_on_the_second_page_and_no_further(tool: Buttondown) -> None:
    for _ in range(150):
        tool.add(status="sent")
    tool.rows[70].update(metadata=NOTE, subject=DRAFT.subject, body=DRAFT.markdown, status="draft")
    tool.per_page = 50
    made = buttondown(tool).put(DRAFT)
    assert (made.result, made.known) == ("draft", tool.rows[70]["id"])
    assert [path.rpartition("page=")[2] for _, path in tool.asked[:-1]] == ["1", "2"]


def test_a_list_without_an_end_is_not_read_for_ever(
    tool: Buttondown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.delivery.buttondown.PAGES", 2)
    tool.per_page = 1
    for _ in range(3):
        tool.add()
    placed = buttondown(tool).put(DRAFT)
    assert (placed.result, tool.wrote()) == ("failed", [])
    assert "has more than 2 pages" in placed.detail


def test_the_same_email_made_twice_is_one(tool: Buttondown) -> None:
    tool.break_after = "POST"
    buttondown(tool).put(DRAFT)
    tool.rows[0]["metadata"] = {}  # so that the list does not show it
    made = buttondown(tool).put(DRAFT)
    assert (made.known, tool.wrote(), len(tool.rows)) == (tool.rows[0]["id"], ["POST"] * 2, 1)


def test_renewing_keeps_what_a_person_chose_beside_the_texts(tool: Buttondown) -> None:
    made = buttondown(tool).put(DRAFT)
    filters = {"filters": [{"field": "tag"}], "groups": [], "predicate": "and"}
    tool.rows[0].update(filters=filters, metadata={**NOTE, "room": "tea"})
    later = replace(DRAFT, id=f"{DRAFT.id}-2", markdown="# More\n")
    buttondown(tool).put(replace(later, known=made.known, body_sha256=made.body_sha256))
    row = tool.rows[0]
    assert (row["filters"], row["status"], row["metadata"]) == (
        filters,
        "draft",
        {
            "recap_announcement": later.id,
            "recap_sha256": digest((later.subject, later.markdown)),
            "room": "tea",
        },
    )


def test_an_email_that_is_kept_as_deleted_is_deleted(tool: Buttondown) -> None:
    made = buttondown(tool).put(DRAFT)
    tool.rows[0]["status"] = "deleted"
    found = [buttondown(tool).put(replace(DRAFT, known=known)) for known in (made.known, None)]
    assert found == [Placed(result="deleted", known=made.known)] * 2


def test_an_email_that_buttondown_keeps_back_is_for_a_person(tool: Buttondown) -> None:
    made = buttondown(tool).put(DRAFT)
    tool.rows[0].update(status="suppressed", suppression_reason="spam")
    assert buttondown(tool).put(DRAFT) == Placed(
        result="failed",
        known=made.known,
        detail=f"email {made.known} is suppressed there (spam); look at it",
    )


def test_what_is_no_id_is_no_email(mocked: responses.RequestsMock) -> None:
    mocked.get(API, json=NOTHING)
    assert put(known="../subscribers") == Placed(result="deleted", known="../subscribers")


def test_an_id_that_would_lead_elsewhere_is_refused(mocked: responses.RequestsMock) -> None:
    row = {**EMAIL, "id": "../subscribers"}
    mocked.get(API, json={**NOTHING, "count": 1, "results": [row]})
    placed = put()
    assert placed.result == "failed"
    assert "an email that has no usable id" in placed.detail


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (
            400,
            {"code": "body_contains_frontmatter", "detail": "No frontmatter."},
            "the server answers 400 (“No frontmatter.”); it does not want the message as it is",
        ),
        (
            401,
            {"detail": "Invalid token."},
            "check its token or secret. The key is made in Buttondown under API, Keys.",
        ),
        (
            403,
            {"detail": "This key cannot."},
            "The key needs `write` for emails and nothing else;",
        ),
        (
            422,
            {"detail": [{"type": "missing", "loc": ["body"], "msg": "Field required"}]},
            "the server answers 422 (“Field required”)",
        ),
    ],
)
def test_a_refusal_says_what_to_do(
    mocked: responses.RequestsMock, status: int, answer: dict[str, object], words: str
) -> None:
    mocked.get(API, json=NOTHING)
    mocked.post(API, status=status, json=answer)
    placed = put()
    assert placed.result == "failed"
    assert words in placed.detail


def test_a_request_that_is_still_under_way_is_tried_again(mocked: responses.RequestsMock) -> None:
    mocked.get(API, json=NOTHING)
    mocked.post(API, status=409)
    assert put().result == "retry"


def test_a_body_of_another_form_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        ButtondownTool({"body": "richtext"}, secret=no_secret, connect=connect)
    assert caught.value.message == (
        "`body:` of buttondown is `markdown` or `html`, and 'richtext' is neither"
    )
