"""listmonk: what is written there, how it is found, and what its answers mean."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import responses

from pipeline.delivery import _drafts
from pipeline.delivery._drafts import digest
from pipeline.delivery.listmonk import ListmonkTool
from pipeline.errors import ConfigError
from pipeline.model import Placed
from tests.builders import no_secret
from tests.delivery.tools import (
    DRAFT,
    TOKEN,
    Listmonk,
    connect,
    listmonk,
    secrets,
    serving_listmonk,
)

API = "https://lists.example.org/api/campaigns"
OPTIONS = {"url": "https://lists.example.org/", "user": "recaps", "lists": "3, 4"}
TAG = f"recap-{hashlib.sha256(DRAFT.id.encode()).hexdigest()[:24]}"
NOTE = {"id": DRAFT.id, "sha256": digest((DRAFT.subject, DRAFT.html, DRAFT.text))}
# As docs/content/apis/campaigns.md of knadh/listmonk shows a campaign.
CAMPAIGN: dict[str, Any] = {
    "id": 7,
    "created_at": "2031-05-12T11:50:23.333485Z",
    "updated_at": "2031-05-12T11:50:23.333485Z",
    "views": 0,
    "clicks": 0,
    "bounces": 0,
    "lists": [{"id": 3, "name": "Everybody"}, {"id": 4, "name": "Speakers"}],
    "media": [],
    "started_at": None,
    "to_send": 1,
    "sent": 0,
    "uuid": "90c889cc-3728-4064-bbcb-5c1c446633b3",
    "type": "regular",
    "name": DRAFT.subject,
    "subject": DRAFT.subject,
    "from_email": "TeaConf <lists@example.org>",
    "body": DRAFT.html,
    "body_source": None,
    "altbody": DRAFT.text,
    "send_at": None,
    "status": "draft",
    "content_type": "html",
    "tags": [TAG],
    "template_id": 2,
    "messenger": "email",
    "headers": [],
    "attribs": {"recap": NOTE},
}
NOTHING = {"data": {"results": [], "query": "", "total": 0, "per_page": 0, "page": 0}}


@pytest.fixture
def tool() -> Iterator[Listmonk]:
    with serving_listmonk() as running:
        yield running


@pytest.fixture
def mocked() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def put(known: str | None = None, **options: str) -> Placed:
    made = ListmonkTool(
        {**OPTIONS, **options}, secret=secrets(LISTMONK_TOKEN=TOKEN), connect=connect
    )
    return made.put(replace(DRAFT, known=known))


def refusal(**options: str) -> str:
    with pytest.raises(ConfigError) as caught:
        ListmonkTool({**OPTIONS, **options}, secret=no_secret, connect=connect)
    return caught.value.message


def test_a_campaign_is_looked_for_then_made_then_read(mocked: responses.RequestsMock) -> None:
    mocked.get(API, json=NOTHING)
    mocked.post(API, json={"data": CAMPAIGN})
    mocked.get(f"{API}/7", json={"data": CAMPAIGN})
    assert put(template="2") == Placed(result="draft", known="7", body_sha256=NOTE["sha256"])
    look, make, _ = mocked.calls
    assert look.request.url == (
        f"{API}?tag={TAG}&order_by=created_at&order=ASC&no_body=true&page=1&per_page=50"
    )
    assert make.request.headers["Authorization"] == f"token recaps:{TOKEN}"
    assert json.loads(make.request.body or b"") == {
        "name": DRAFT.subject,
        "subject": DRAFT.subject,
        "type": "regular",
        "content_type": "html",
        "body": DRAFT.html,
        "altbody": DRAFT.text,
        "messenger": "email",
        "lists": [3, 4],
        "template_id": 2,
        "tags": [TAG],
        "attribs": {"recap": NOTE},
    }


def test_without_a_template_listmonk_takes_its_own(tool: Listmonk) -> None:
    listmonk(tool).put(DRAFT)
    assert tool.rows[0]["template_id"] == 1


def test_a_known_campaign_is_asked_for_by_its_number_alone(mocked: responses.RequestsMock) -> None:
    mocked.get(f"{API}/7", json={"data": CAMPAIGN})
    assert put(known="7").result == "draft"


def test_a_campaign_that_users_of_some_lists_may_not_see_any_more_is_gone(
    mocked: responses.RequestsMock,
) -> None:
    mocked.get(f"{API}/7", status=403, json={"message": "Permission denied: campaigns:get"})
    mocked.get(API, json=NOTHING)
    assert put(known="7") == Placed(result="deleted", known="7")


def test_no_second_campaign_is_made_where_the_first_one_may_not_be_read(
    mocked: responses.RequestsMock,
) -> None:
    page = {"results": [{**CAMPAIGN, "body": ""}], "total": 1, "per_page": 50, "page": 1}
    mocked.get(API, json={"data": page})
    mocked.get(f"{API}/7", status=403, json={"message": "Permission denied: campaigns:get"})
    assert put() == Placed(
        result="failed",
        detail="the tool names the draft 7, and says that there is none when it is asked for it; "
        "look whether it is there",
    )


def test_what_is_no_number_is_no_campaign(mocked: responses.RequestsMock) -> None:
    mocked.get(API, json=NOTHING)
    assert put(known="../lists") == Placed(result="deleted", known="../lists")


@pytest.mark.parametrize("knows_tags", [True, False])
def test_a_campaign_is_found_on_the_second_page(tool: Listmonk, knows_tags: bool) -> None:
    tool.knows_tags = knows_tags
    for _ in range(60):
        tool.add(
            tags=[TAG] if knows_tags else ["news"],
            status="cancelled" if knows_tags else "finished",
        )
    row = tool.add(tags=[TAG], subject=DRAFT.subject, body=DRAFT.html, altbody=DRAFT.text)
    made = listmonk(tool).put(DRAFT)
    assert (made.result, made.known) == ("draft", str(row["id"]))
    assert (tool.wrote(), len(tool.rows)) == ([], 61)


def test_a_list_without_an_end_is_not_read_for_ever(
    tool: Listmonk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.delivery.listmonk.PAGES", 2)
    tool.knows_tags = False
    for _ in range(101):
        tool.add()
    placed = listmonk(tool).put(DRAFT)
    assert (placed.result, tool.wrote()) == ("failed", [])
    assert "has more than 2 pages" in placed.detail
    assert _drafts.PAGES > 100


def test_renewing_keeps_what_a_person_chose_beside_the_texts(tool: Listmonk) -> None:
    made = listmonk(tool).put(DRAFT)
    chosen = {
        "lists": [
            {"id": 4, "name": "List 4"},
            {"id": None, "name": "Old"},
            {"id": 0, "name": "Older"},
        ],
        "media": [{"id": 9, "filename": "9.pdf"}],
        "tags": [*tool.rows[0]["tags"], "spring"],
        "attribs": {**tool.rows[0]["attribs"], "room": "tea"},
        "template_id": 5,
    }
    tool.rows[0].update(chosen)
    later = replace(DRAFT, id=f"{DRAFT.id}-2", html="<p>More.</p>")
    listmonk(tool).put(replace(later, known=made.known, body_sha256=made.body_sha256))
    row = tool.rows[0]
    texts = (later.subject, later.html, later.text)
    assert {key: row[key] for key in chosen} == {
        "lists": [{"id": 4, "name": "List 4"}],
        "media": chosen["media"],
        "tags": ["spring", f"recap-{hashlib.sha256(later.id.encode()).hexdigest()[:24]}"],
        "attribs": {"recap": {"id": later.id, "sha256": digest(texts)}, "room": "tea"},
        "template_id": 5,
    }


def test_a_changed_plain_text_is_an_edit(tool: Listmonk) -> None:
    made = listmonk(tool).put(DRAFT)
    tool.rows[0]["altbody"] = "By hand.\n"
    again = replace(DRAFT, known=made.known, body_sha256=made.body_sha256)
    assert listmonk(tool).put(again).result == "edited"


def test_a_version_without_attributes_is_served_as_well(tool: Listmonk) -> None:
    tool.knows_attribs = False
    made = listmonk(tool).put(DRAFT)
    known = replace(DRAFT, known=made.known, body_sha256=made.body_sha256)
    renewed = listmonk(tool).put(replace(known, html="<p>More.</p>"))
    assert [made.result, renewed.result, listmonk(tool).put(DRAFT).result] == [
        "draft",
        "draft",
        "edited",
    ]


def test_a_campaign_that_was_cancelled_asks_a_person(tool: Listmonk) -> None:
    made = listmonk(tool).put(DRAFT)
    tool.rows[0].update(status="cancelled", sent=12)
    assert listmonk(tool).put(replace(DRAFT, known=made.known)) == Placed(
        result="deleted",
        known=made.known,
        detail="It was cancelled there, when 12 mails had left.",
    )


def test_a_list_that_is_not_there_is_said(tool: Listmonk) -> None:
    placed = listmonk(tool, lists="3, 8").put(DRAFT)
    assert placed == Placed(
        result="failed",
        detail=f"campaign 1 of {tool.url}/api is there without the list 8: there is none of that "
        "number, or the API user may not get it; correct `lists:` or its permissions, and add the "
        "list there",
    )


def test_what_listmonk_says_of_its_refusal_is_quoted(mocked: responses.RequestsMock) -> None:
    mocked.get(API, json=NOTHING)
    mocked.post(API, status=400, json={"message": "Invalid list IDs."})
    assert put() == Placed(
        result="failed",
        detail=f"{API} could not be posted to: the server answers 400 (“Invalid list IDs.”); it "
        "does not want the message as it is; check what the server expects",
    )


def test_a_user_that_lacks_a_permission_is_told_which(mocked: responses.RequestsMock) -> None:
    mocked.get(API, status=403, json={"message": "permission denied: campaigns:get"})
    placed = put()
    assert placed.result == "failed"
    assert placed.detail == (
        f"{API} could not be "
        "asked: the server answers 403 (“permission denied: campaigns:get”); it does not let this "
        "program in; check its token or secret. listmonk says so of a wrong token, and of an API "
        "user that lacks a permission: it needs campaigns:get and campaigns:manage, and to get "
        "each of the lists."
    )


def test_a_wrong_address_is_told(mocked: responses.RequestsMock) -> None:
    mocked.get(API, status=404, json={"message": "Not Found"})
    placed = put()
    assert placed.result == "failed"
    assert placed.detail.endswith("`url:` is the address at which listmonk's own pages start.")


def test_a_campaign_without_a_number_is_no_answer(mocked: responses.RequestsMock) -> None:
    mocked.get(API, json=NOTHING)
    mocked.post(API, json={"data": {"subject": "Tea"}})
    placed = put()
    assert placed.result == "failed"
    assert "a campaign that has no number" in placed.detail


def test_the_address_may_be_that_of_the_api(mocked: responses.RequestsMock) -> None:
    mocked.get(f"{API}/7", json={"data": CAMPAIGN})
    assert put(known="7", url="https://lists.example.org/api/").result == "draft"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": ""}, "`url:` of listmonk is its address, such as https://lists.example.org"),
        ({"url": "lists.example.org"}, "'lists.example.org' is none"),
        ({"url": "https://[lists"}, "is none"),
        ({"url": "https://ada:pot@lists.example.org"}, "its address alone, without a user"),
        ({"url": "https://lists.example.org/?a=b"}, "its address alone, without a user"),
        ({"url": "http://lists.example.org"}, "has to be https, for a token is sent there"),
        ({"user": ""}, "needs `user:`, the name of an API user"),
        ({"user": "recaps:pot"}, "needs `user:`, the name of an API user"),
        ({"lists": ""}, "needs `lists:`, the numbers of the lists"),
        ({"lists": "everybody"}, "needs `lists:`, the numbers of the lists"),
        ({"lists": "0"}, "needs `lists:`, the numbers of the lists"),
        ({"template": "tea"}, "`template:` of listmonk is a template's number"),
    ],
)
def test_options_that_are_wrong_are_refused(options: dict[str, str], words: str) -> None:
    assert words in refusal(**options)


def test_a_password_in_the_address_is_not_repeated() -> None:
    assert "hush" not in refusal(url="https://ada:hush@lists.example.org")


def test_plain_http_is_for_this_machine() -> None:
    for host in ("localhost", "127.0.0.1", "[::1]"):
        options = {**OPTIONS, "url": f"http://{host}:9000"}
        assert ListmonkTool(options, secret=no_secret, connect=connect)
