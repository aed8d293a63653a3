from __future__ import annotations

import gzip
import socket
import time
import traceback
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import responses

from pipeline.errors import FetchError
from pipeline.fetch import HttpFetch
from tests.builders import NOW
from tests.fetch.asking import URL, get, refused
from tests.fetch.server import Server, answer, drip, serving


def test_get_returns_the_whole_answer(server: Server) -> None:
    server.routes["/list"] = answer(b"[1]", Content_Type="application/json")
    response = get(f"{server.url}/list", allow_private=True)
    assert (response.url, response.status, response.body, response.unchanged) == (
        f"{server.url}/list",
        200,
        b"[1]",
        False,
    )
    assert response.headers["content-type"] == "application/json"


def test_get_says_who_is_asking(server: Server) -> None:
    server.routes["/list"] = answer(b"[1]")
    get(f"{server.url}/list", allow_private=True, contact="https://recaps.example.org/about")
    assert server.asked[0][1]["user-agent"] == (
        "recap-pipeline/0.1.0 (+https://recaps.example.org/about)"
    )


def test_get_keeps_the_connection_for_the_next_call(server: Server) -> None:
    ports: list[int] = []

    def note(handler: Any) -> None:
        ports.append(handler.client_address[1])
        answer(b"[1]")(handler)

    server.routes["/list"] = note
    with HttpFetch(now=NOW, allow_private=True) as fetch:
        fetch.get(f"{server.url}/list")
        fetch.get(f"{server.url}/list")
    assert ports[0] == ports[1]


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    ],
    ids=["body", "chunk", "head", "body without length"],
)
def test_a_drip_of_bytes_ends_at_the_time_limit(server: Server, head: bytes, drop: bytes) -> None:
    server.routes["/slow"] = drip(head, drop=drop)
    began = time.monotonic()
    error = refused(f"{server.url}/slow", allow_private=True, timeout_s=0.2)
    assert str(error) == (
        f"{server.url}/slow could not be fetched: there was no whole answer within 0.2 seconds; "
        "the server is slow; the next look may succeed"
    )
    assert time.monotonic() - began < 5


def test_a_silent_server_ends_at_the_time_limit(server: Server) -> None:
    server.routes["/slow"] = drip(b"", drop=b"")
    error = refused(f"{server.url}/slow", allow_private=True, timeout_s=0.1)
    assert "no whole answer within 0.1 seconds" in str(error)


def test_a_handshake_that_is_not_answered_ends_at_the_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/"
        error = refused(url, allow_private=True, timeout_s=0.1)
    assert "no whole answer within 0.1 seconds" in str(error)


def test_the_time_limit_holds_on_a_kept_connection(server: Server) -> None:
    server.routes["/list"] = answer(b"[1]")
    server.routes["/slow"] = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    with HttpFetch(now=NOW, allow_private=True, timeout_s=2) as fetch:
        fetch.get(f"{server.url}/list")
        with pytest.raises(FetchError, match="no whole answer"):
            fetch.get(f"{server.url}/slow")


def test_a_call_after_a_late_one_has_its_own_time(server: Server) -> None:
    server.routes["/slow"] = drip(b"HTTP/1.1 200 OK\r\n\r\n")
    server.routes["/list"] = answer(b"[1]")
    with HttpFetch(now=NOW, allow_private=True, timeout_s=2) as fetch:
        with pytest.raises(FetchError):
            fetch.get(f"{server.url}/slow")
        assert fetch.get(f"{server.url}/list").body == b"[1]"


def test_a_compressed_body_is_unpacked(server: Server) -> None:
    server.routes["/list"] = answer(gzip.compress(b"[1]"), Content_Encoding="gzip")
    assert get(f"{server.url}/list", allow_private=True).body == b"[1]"


def test_a_gzip_bomb_is_refused_by_its_unpacked_size(server: Server) -> None:
    bomb = gzip.compress(b"\0" * 5_000_000)
    server.routes["/bomb"] = answer(bomb, Content_Encoding="gzip")
    error = refused(f"{server.url}/bomb", allow_private=True, size_bytes=1_000_000)
    assert "the answer is larger than 1000000 bytes" in str(error)


def test_a_body_of_exactly_the_limit_is_read(server: Server) -> None:
    server.routes["/list"] = answer(b"x" * 1000)
    assert get(f"{server.url}/list", allow_private=True, size_bytes=1000).body == b"x" * 1000


def test_a_call_may_have_a_tighter_limit_but_no_wider_one(server: Server) -> None:
    server.routes["/list"] = answer(b"x" * 1000)
    with HttpFetch(now=NOW, allow_private=True, size_bytes=1000) as fetch:
        with pytest.raises(FetchError, match="the answer is larger than 999 bytes"):
            fetch.get(f"{server.url}/list", size_bytes=999)
        assert fetch.get(f"{server.url}/list").body == b"x" * 1000
        server.routes["/list"] = answer(b"x" * 1001)
        with pytest.raises(FetchError, match="the answer is larger than 1000 bytes"):
            fetch.get(f"{server.url}/list", size_bytes=2000)


def test_a_broken_off_body_is_no_answer(server: Server) -> None:
    def send(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1")
        handler.close_connection = True

    server.routes["/list"] = send
    assert "the answer broke off" in str(refused(f"{server.url}/list", allow_private=True))


def test_a_body_that_is_not_compressed_as_it_says_is_no_answer(server: Server) -> None:
    server.routes["/list"] = answer(b"not gzip", Content_Encoding="gzip")
    error = refused(f"{server.url}/list", allow_private=True)
    assert "its compressed body cannot be unpacked" in str(error)


def test_noise_instead_of_http_is_no_answer(server: Server) -> None:
    def send(handler: Any) -> None:
        handler.wfile.write(b"\x16\x03\x01 noise\r\n\r\n")
        handler.close_connection = True

    server.routes["/list"] = send
    assert "the connection failed" in str(refused(f"{server.url}/list", allow_private=True))


def test_this_machine_is_out_of_reach(server: Server) -> None:
    error = refused(f"{server.url}/list")
    assert str(error) == (
        f"{server.url}/list could not be fetched: 127.0.0.1 leads to 127.0.0.1, which is not on "
        "the public internet; use a public address, or set "
        "`fetch: {private_addresses: true}` in config.yaml"
    )
    assert server.asked == []


def test_a_redirect_to_a_private_address_is_refused(
    server: Server, mocked: responses.RequestsMock
) -> None:
    plain = "http://lists.example.org/"
    mocked.get(plain, status=302, headers={"Location": f"{server.url}/inside"})
    mocked.add_passthru(server.url)
    assert "127.0.0.1, which is not on the public internet" in str(refused(plain))
    assert server.asked == []


def test_a_port_where_nothing_listens_is_named() -> None:
    with serving() as gone:
        url = f"{gone.url}/list"
    error = refused(url, allow_private=True)
    assert str(error) == (
        f"{url} could not be fetched: the connection failed (Connection refused); "
        "check that the server runs and can be reached"
    )


def test_plain_text_where_tls_is_expected_is_named(server: Server) -> None:
    error = refused(server.url.replace("http:", "https:"), allow_private=True)
    assert "the secure connection failed" in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/hostname",
        "videos.yaml",
        "http://",
        "http://[::1",
        "http://example.org:99999/",
        "http://example.org:0/",
    ],
)
def test_an_address_that_is_not_of_the_web_is_refused(url: str) -> None:
    assert "it is not a usable http or https address" in str(refused(url))


def test_redirects_are_followed(mocked: responses.RequestsMock) -> None:
    mocked.get(URL, status=301, headers={"Location": "/moved.json#part"})
    mocked.get("https://lists.example.org/moved.json", body=b"[1]")
    assert get(URL).url == "https://lists.example.org/moved.json"


def test_the_body_of_a_redirect_is_never_read(server: Server) -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 100000\r\n\r\n"
    server.routes["/old"] = drip(head)
    server.routes["/new"] = answer(b"[1]")
    assert get(f"{server.url}/old", allow_private=True, timeout_s=3).body == b"[1]"


def test_a_circle_of_redirects_ends(mocked: responses.RequestsMock) -> None:
    mocked.get(URL, status=302, headers={"Location": URL})
    assert "it redirects more than 5 times" in str(refused(URL))


def test_a_redirect_to_plain_http_is_refused(mocked: responses.RequestsMock) -> None:
    mocked.get(URL, status=302, headers={"Location": "http://lists.example.org/?token=tea"})
    assert str(refused(URL)) == (
        f"{URL} could not be fetched: it redirects from https to plain http "
        "(http://lists.example.org/?token=***); use an address that stays on https"
    )


@pytest.mark.parametrize("location", ["file:///etc/hostname", "http://[::1", "//"])
def test_a_redirect_out_of_the_web_is_refused(
    mocked: responses.RequestsMock, location: str
) -> None:
    mocked.get(URL, status=302, headers={"Location": location})
    refused(URL)


def test_a_redirect_to_nowhere_is_no_answer(mocked: responses.RequestsMock) -> None:
    mocked.get(URL, status=302)
    assert "it answers 302 without saying where to go" in str(refused(URL))


def test_a_callers_headers_stay_with_their_server(mocked: responses.RequestsMock) -> None:
    mocked.get(URL, status=302, headers={"Location": "https://other.example.org/"})
    mocked.get("https://other.example.org/", body=b"[1]")
    get(URL, headers={"Authorization": "tea", "Accept": "application/json"})
    sent = mocked.calls[1].request.headers
    assert (sent.get("Authorization"), sent.get("Accept")) == (None, "application/json")


def test_cookies_are_not_carried(server: Server) -> None:
    server.routes["/list"] = answer(b"[1]", Set_Cookie="tea=green; Path=/")
    with HttpFetch(now=NOW, allow_private=True) as fetch:
        fetch.get(f"{server.url}/list")
        fetch.get(f"{server.url}/list")
    assert "cookie" not in server.asked[1][1]


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (206, "open the address in a browser"),
        (300, "open the address in a browser"),
        (401, "it wants a login"),
        (403, "it wants a login"),
        (404, "check in a browser that the list still exists"),
        (410, "check in a browser that the list still exists"),
        (418, "open the address in a browser"),
        (429, "the next look comes later"),
        (500, "the next look may succeed"),
        (503, "the next look comes later"),
    ],
)
def test_a_status_that_is_no_answer_comes_with_advice(
    mocked: responses.RequestsMock, status: int, advice: str
) -> None:
    mocked.get(URL, status=status, body=b"<html>")
    error = refused(URL)
    assert error.status == status
    assert str(error).startswith(f"{URL} could not be fetched: the server answers {status}; ")
    assert advice in str(error)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("Tue, 20 May 2031 13:00:00 GMT", datetime(2031, 5, 20, 13, tzinfo=UTC)),
        ("Tue, 20 May 2031 13:00:00 -0000", datetime(2031, 5, 20, 13, tzinfo=UTC)),
        ("Tue, 20 May 2031 11:00:00 GMT", NOW),
        ("999999999", NOW + timedelta(days=7)),
        ("Sat, 20 May 2045 11:00:00 GMT", NOW + timedelta(days=7)),
        ("soon", None),
        ("-5", None),
        ("Tue, 20 May 2031 13:00:00 +99999999999999", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_read(
    mocked: responses.RequestsMock, status: int, value: str, expected: datetime | None
) -> None:
    mocked.get(URL, status=status, headers={"Retry-After": value})
    assert refused(URL).retry_after == expected


def test_retry_after_means_nothing_elsewhere(mocked: responses.RequestsMock) -> None:
    mocked.get(URL, status=404, headers={"Retry-After": "120"})
    assert refused(URL).retry_after is None


@pytest.mark.parametrize(
    "url",
    [
        "https://tea:sesame@lists.example.org/videos.json",
        "https://lists.example.org/videos.json?list=1&token=sesame",
        "https://lists.example.org/videos.json?ACCESS_TOKEN=sesame",
        "https://lists.example.org/videos.json?key=sesame&api_key=sesame#x",
    ],
)
@pytest.mark.parametrize("body", [404, requests.ConnectionError("sesame"), ValueError("sesame")])
def test_secrets_of_an_address_are_in_no_trace(
    mocked: responses.RequestsMock, url: str, body: int | Exception
) -> None:
    if isinstance(body, int):
        mocked.get(url.partition("#")[0], status=body)
    else:
        mocked.get(url.partition("#")[0], body=body)
    error = refused(url)
    assert "***" in str(error)
    assert "sesame" not in "".join(traceback.format_exception(error))


def test_the_systems_own_reason_is_chained() -> None:
    with serving() as gone:
        url = f"{gone.url}/list"
    assert isinstance(refused(url, allow_private=True).__cause__, ConnectionRefusedError)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Cache-Control": "max-age=900"}, NOW + timedelta(minutes=15)),
        ({"Cache-Control": "public, max-age=900", "Age": "300"}, NOW + timedelta(minutes=10)),
        ({"Cache-Control": "max-age=99999999"}, NOW + timedelta(days=7)),
        ({"Cache-Control": "s-maxage=900"}, None),
        ({"Cache-Control": "no-cache, max-age=900"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({}, None),
    ],
)
def test_fresh_until_is_what_the_answer_says(
    mocked: responses.RequestsMock, headers: dict[str, str], expected: datetime | None
) -> None:
    mocked.get(URL, body=b"[1]", headers=headers)
    with HttpFetch(now=NOW) as fetch:
        fetch.get(URL)
    assert fetch.fresh_until == expected


def test_fresh_until_is_the_first_end_of_several_answers(mocked: responses.RequestsMock) -> None:
    found = []
    for number, age in enumerate(("max-age=900", "max-age=60", "private")):
        mocked.get(f"{URL}?{number}", body=b"[1]", headers={"Cache-Control": age})
    with HttpFetch(now=NOW) as fetch:
        for number in range(3):
            fetch.get(f"{URL}?{number}")
            found.append(fetch.fresh_until)
    assert found == [NOW + timedelta(minutes=15), NOW + timedelta(minutes=1), None]
