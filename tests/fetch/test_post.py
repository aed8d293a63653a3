"""POST over real sockets: the bounds of a GET, no redirect, no secret in what is said."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from pipeline.errors import FetchError
from pipeline.fetch import HttpFetch
from pipeline.model import Response
from tests.builders import NOW
from tests.fetch.server import Server, answer, drip

PRIVATE = "/services/T0/B0/hush"


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
