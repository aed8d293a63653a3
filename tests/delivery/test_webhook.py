from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from pipeline.delivery.webhook import WebhookDelivery, signature
from pipeline.errors import ConfigError
from pipeline.fetch import HttpFetch
from pipeline.model import Message, Notice, Receipt
from tests.builders import NOW
from tests.fetch.server import Server, answer, serving

FAILING = Notice(kind="list", place="teaconf-2031/list", since=NOW, words="no answer; wait")
MESSAGE = Message(
    id="0123456789abcdef",
    time=NOW,
    subject="Recaps: 1 list is failing",
    text="This needs a look.\n",
    items=(FAILING,),
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.routes["/hook"] = answer()
        yield running


def delivery(options: Mapping[str, Any], **secrets: str) -> WebhookDelivery:
    return WebhookDelivery(
        options,
        secret=secrets.get,
        connect=partial(HttpFetch, now=NOW, allow_private=True),
    )


def nothing() -> None:
    """A Mark: nothing is stored."""


def send(made: WebhookDelivery, mark: Callable[[], None] = nothing) -> Receipt:
    return made.send(MESSAGE, mark)


def refusal(options: Mapping[str, Any]) -> str:
    with pytest.raises(ConfigError) as caught:
        delivery(options)
    return caught.value.message


def test_send_posts_the_message_as_json(server: Server) -> None:
    assert send(delivery({"url": f"{server.url}/hook"})) == Receipt(result="sent")
    path, headers, body = server.posted[0]
    assert (path, headers["content-type"], headers["idempotency-key"]) == (
        "/hook",
        "application/json; charset=utf-8",
        "0123456789abcdef",
    )
    assert json.loads(body) == {
        "version": 1,
        "id": "0123456789abcdef",
        "time": "2031-05-20T12:00:00Z",
        "program": "recap-pipeline/0.1.0",
        "subject": "Recaps: 1 list is failing",
        "text": "Recaps: 1 list is failing\n\nThis needs a look.\n",
        "items": [
            {
                "kind": "list",
                "place": "teaconf-2031/list",
                "state": "begun",
                "since": "2031-05-20T12:00:00Z",
                "ended": None,
                "text": "teaconf-2031/list has not been read since 2031-05-20 12:00 UTC: no "
                "answer; wait. What is out stays out, and it is tried again by itself; if the "
                "list has moved, write its new address under `watch:`.",
            }
        ],
    }


def test_send_finds_the_address_in_a_secret(server: Server) -> None:
    made = delivery({"secret": "TEAM_HOOK"}, TEAM_HOOK=f"{server.url}/hook")
    assert send(made) == Receipt(result="sent")


def test_send_signs_the_body(server: Server) -> None:
    send(delivery({"url": f"{server.url}/hook", "signing_secret": "KEY"}, KEY="pot"))
    _, headers, body = server.posted[0]
    made = hmac.new(b"pot", body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={made}"


def test_signature_is_that_of_the_example_of_github() -> None:
    # docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries, "Testing".
    assert signature(b"Hello, World!", key="It's a Secret to Everybody") == (
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    )


def test_send_adds_headers_and_a_token(server: Server) -> None:
    send(
        delivery(
            {"url": f"{server.url}/hook", "token": "TOKEN", "headers": {"X-Room": "tea"}},
            TOKEN="pot",  # noqa: S106  # invented
        )
    )
    headers = server.posted[0][1]
    assert (headers["x-room"], headers["authorization"]) == ("tea", "Bearer pot")


def test_send_marks_before_anything_leaves(server: Server) -> None:
    seen: list[int] = []
    send(delivery({"url": f"{server.url}/hook"}), mark=lambda: seen.append(len(server.posted)))
    assert (seen, len(server.posted)) == ([0], 1)


@pytest.mark.parametrize(
    ("status", "result"), [(400, "failed"), (404, "failed"), (429, "retry"), (503, "retry")]
)
def test_what_may_pass_is_tried_again_and_the_rest_is_for_a_person(
    server: Server, status: int, result: str
) -> None:
    server.routes["/hook"] = answer(status=status)
    assert send(delivery({"url": f"{server.url}/hook"})).result == result


def test_a_server_that_is_down_is_tried_again() -> None:
    with serving() as running:
        url = running.url
    receipt = send(delivery({"url": url}))
    assert receipt.result == "retry"
    assert receipt.detail == (
        f"{url} could not be posted to: the connection failed (Connection refused); "
        "check that the server runs and can be reached"
    )


def test_a_secret_that_is_not_set_is_said() -> None:
    with pytest.raises(ConfigError) as caught:
        send(delivery({"secret": "TEAM_HOOK"}))
    assert caught.value.message == (
        "the secret TEAM_HOOK is not set; set TEAM_HOOK, or TEAM_HOOK_FILE with the path of a "
        "file, in the environment"
    )


def test_a_secret_that_is_no_address_is_not_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        send(delivery({"secret": "TEAM_HOOK"}, TEAM_HOOK="hush"))
    assert caught.value.message == (
        "the address in TEAM_HOOK is no web address; write it whole, with https:// in front"
    )


def test_an_announcement_has_its_html_as_well(server: Server) -> None:
    message = replace(MESSAGE, subject="2 out", text="Tea.\n", html="<p>Tea.</p>", items=())
    delivery({"url": f"{server.url}/hook"}).send(message, nothing)
    assert json.loads(server.posted[0][2]) == {
        "version": 1,
        "kind": "announcement",
        "id": "0123456789abcdef",
        "time": "2031-05-20T12:00:00Z",
        "program": "recap-pipeline/0.1.0",
        "subject": "2 out",
        "text": "2 out\n\nTea.\n",
        "html": "<p>Tea.</p>",
        "items": [],
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "a webhook needs either `url:`"),
        ({"url": "https://example.org/", "secret": "HOOK"}, "a webhook needs either `url:`"),
        ({"url": "example.org"}, "'example.org' is no web address"),
        ({"url": "https://example.org/", "uri": "x"}, "a webhook has no option 'uri'"),
        ({"url": {"a": "b"}}, "`url:` of a webhook is text"),
        ({"url": "https://example.org/", "headers": "x"}, "is a mapping"),
        ({"url": "https://example.org/", "headers": {"a b": "c"}}, "'a b' is no header"),
        ({"url": "https://example.org/", "headers": {"a": "c\u00e9"}}, "'a' is no header"),
        ({"url": "https://example.org/", "headers": {"Host": "a"}}, "is made by the program"),
    ],
)
def test_options_that_are_wrong_are_refused(options: dict[str, Any], words: str) -> None:
    assert words in refusal(options)


def test_a_secret_written_into_the_configuration_is_refused_and_not_repeated() -> None:
    found = [
        refusal({"secret": "https://chat.example.org/hush"}),
        refusal({"url": "https://example.org/", "signing_secret": "hush hush"}),
        refusal({"url": "https://example.org/", "headers": {"Authorization": "Bearer hush"}}),
    ]
    assert [one for one in found if "hush" in one] == []
