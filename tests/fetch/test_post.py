"""POST and calls of APIs: the bounds of a GET, no redirect, no secret in what is said."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
import responses

from pipeline.errors import FetchError
from pipeline.fetch import HttpFetch, Validators
from pipeline.model import Method, Response
from tests.builders import NOW
from tests.fetch.server import Server, answer, drip

PRIVATE = "/services/T0/B0/hush"
API = "https://api.example.org/v1/tea"


def post(url: str, *, name: str | None = None, **options: Any) -> Response:
    with HttpFetch(now=NOW, **{"allow_private": True, **options}) as fetch:
        return fetch.post(url, body=b"tea", headers={"X-Kind": "green"}, name=name)


def refused(url: str, **more: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        post(url, **more)
    return caught.value


def test_post_sends_body_and_headers_and_returns_the_answer(server: Server) -> None:
    server.routes["/hook"] = answer(b"taken", status=202)
    made = post(f"{server.url}/hook")
    path, headers, body = server.posted[0]
    assert (made.status, made.body) == (202, b"taken")
    assert (path, headers["x-kind"], body) == ("/hook", "green", b"tea")


def test_post_says_who_sends(server: Server) -> None:
    server.routes["/hook"] = answer()
    post(f"{server.url}/hook", contact="https://recaps.example.org/about")
    assert server.posted[0][1]["user-agent"] == (
        "recap-pipeline/0.1.0 (+https://recaps.example.org/about)"
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_post_follows_no_redirect(server: Server, status: int) -> None:
    server.routes["/hook"] = answer(status=status, Location="/elsewhere")
    error = refused(f"{server.url}/hook")
    assert (error.status, len(server.posted)) == (status, 1)
    assert error.message == (
        f"{server.url}/hook could not be posted to: the server answers {status}, a redirect, "
        "which is not followed; give the address at which messages are taken"
    )


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "it does not want the message as it is; check what the server expects"),
        (403, "it does not let this program in; check its token or secret"),
        (404, "check that the address is right and still in use"),
        (500, "the server has trouble; the next try may succeed"),
    ],
)
def test_post_says_what_to_do_when_it_is_not_taken(
    server: Server, status: int, advice: str
) -> None:
    server.routes["/hook"] = answer(status=status)
    error = refused(f"{server.url}/hook")
    assert error.message == (
        f"{server.url}/hook could not be posted to: the server answers {status}; {advice}"
    )


def test_post_reads_how_long_to_wait(server: Server) -> None:
    server.routes["/hook"] = answer(status=429, Retry_After="90")
    assert refused(f"{server.url}/hook").retry_after == NOW + timedelta(seconds=90)


def test_post_is_bounded_in_time(server: Server) -> None:
    server.routes["/hook"] = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    assert (
        "no whole answer within 0.2 seconds" in refused(f"{server.url}/hook", timeout_s=0.2).message
    )


def test_post_is_bounded_in_size(server: Server) -> None:
    server.routes["/hook"] = answer(b"x" * 2000)
    assert refused(f"{server.url}/hook", size_bytes=1000).message == (
        f"{server.url}/hook could not be posted to: the answer is larger than 1000 bytes; "
        "what was sent may have arrived"
    )


def test_post_reaches_no_private_address_unless_told_to(server: Server) -> None:
    error = refused(f"{server.url}/hook", allow_private=False)
    assert "127.0.0.1, which is not on the public internet" in error.message
    assert server.posted == []


def test_an_address_that_is_a_secret_is_neither_said_nor_logged(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.routes[PRIVATE] = answer(status=302, Location=f"{PRIVATE}/more")
    error = refused(f"{server.url}{PRIVATE}", name="the address in TEAM_HOOK")
    assert error.message.startswith("the address in TEAM_HOOK could not be posted to: ")
    assert "hush" not in error.message + caplog.text
    assert len(server.posted) == 1


def test_a_get_says_again_what_was_fetched(server: Server) -> None:
    server.routes["/hook"] = answer()
    server.routes["/list"] = answer(status=404)
    with HttpFetch(now=NOW, allow_private=True) as fetch:
        fetch.post(f"{server.url}/hook", body=b"tea", name="the address in TEAM_HOOK")
        with pytest.raises(FetchError, match="/list could not be fetched: the server answers 404"):
            fetch.get(f"{server.url}/list")


def call(method: Method, url: str, **more: Any) -> Response:
    with HttpFetch(now=NOW, allow_private=True) as fetch:
        return fetch.call(method, url, **more)


def refused_call(method: Method, url: str, **more: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        call(method, url, **more)
    return caught.value


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH"])
def test_call_asks_by_its_method(mocked: responses.RequestsMock, method: Method) -> None:
    mocked.add(method, API, json={"id": 1})
    body = None if method == "GET" else b"tea"
    made = call(method, API, body=body, headers={"X-Kind": "green"})
    sent = mocked.calls[0].request
    assert (made.status, made.body) == (200, b'{"id": 1}')
    assert (sent.method, sent.headers["X-Kind"], sent.body) == (method, "green", body)


def test_call_remembers_no_answer(mocked: responses.RequestsMock) -> None:
    mocked.get(API, json={}, headers={"ETag": '"1"'})
    with HttpFetch(now=NOW, validators={API: Validators(etag='"0"')}) as fetch:
        fetch.call("GET", API)
        assert fetch.learned == {}
    assert "If-None-Match" not in mocked.calls[0].request.headers


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_call_follows_no_redirect(mocked: responses.RequestsMock, method: Method) -> None:
    mocked.add(method, API, status=301, headers={"Location": "https://example.org/other"})
    assert "the server answers 301, a redirect, which is not followed; give the address to " in (
        refused_call(method, API).message
    )
    assert len(mocked.calls) == 1


@pytest.mark.parametrize(
    ("method", "deed"),
    [("GET", "asked"), ("POST", "posted to"), ("PUT", "written to"), ("PATCH", "written to")],
)
def test_call_says_what_could_not_be_done(
    mocked: responses.RequestsMock, method: Method, deed: str
) -> None:
    mocked.add(method, API, status=400, json={"message": "No tea."})
    assert refused_call(method, API).message == (
        f"{API} could not be {deed}: the server answers 400 (“No tea.”); it does not want the "
        "message as it is; check what the server expects"
    )


def test_call_calls_the_address_as_it_is_told(mocked: responses.RequestsMock) -> None:
    mocked.get(f"{API}?page=1", status=500)
    assert refused_call("GET", f"{API}?page=1", name=API).message.startswith(f"{API} could not be")


def test_call_reads_how_long_to_wait(mocked: responses.RequestsMock) -> None:
    mocked.get(API, status=429, headers={"Retry-After": "90"})
    assert refused_call("GET", API).retry_after == NOW + timedelta(seconds=90)


def test_call_quotes_no_page_without_an_end(mocked: responses.RequestsMock) -> None:
    mocked.get(API, status=400, json={"message": "tea " * 10_000})
    assert "the server answers 400; it does not want" in refused_call("GET", API).message


def test_call_shows_no_secret_that_the_server_repeats(mocked: responses.RequestsMock) -> None:
    mocked.get(API, status=403, json={"message": "who is hush-hush?"})
    error = refused_call("GET", API, headers={"Authorization": "token ada:hush-hush"})
    assert "(“who is ***?”)" in error.message


def test_call_reaches_no_private_address_unless_told_to(server: Server) -> None:
    with HttpFetch(now=NOW) as fetch, pytest.raises(FetchError, match="not on the public internet"):
        fetch.call("GET", f"{server.url}/hook")
    assert server.asked == []


def test_post_quotes_nothing(server: Server) -> None:
    server.routes["/hook"] = answer(b'{"message": "hush"}', status=400)
    assert "hush" not in refused(f"{server.url}/hook").message
