from __future__ import annotations

import responses

from pipeline.fetch import HttpFetch, Validators
from tests.builders import NOW
from tests.fetch.asking import URL, get, refused
from tests.fetch.server import Server, answer


def test_validators_of_an_answer_are_learned(mocked: responses.RequestsMock) -> None:
    day = "Tue, 20 May 2031 12:00:00 GMT"
    mocked.get(URL, body=b"[1]", headers={"ETag": '"a"', "Last-Modified": day})
    with HttpFetch(now=NOW) as fetch:
        fetch.get(URL)
    assert fetch.learned == {URL: Validators(etag='"a"', last_modified=day)}


def test_validators_that_an_answer_no_longer_has_are_forgotten(
    mocked: responses.RequestsMock,
) -> None:
    mocked.get(URL, body=b"[1]")
    with HttpFetch(now=NOW, validators={URL: Validators(etag='"a"')}) as fetch:
        fetch.get(URL)
    assert fetch.learned == {URL: Validators()}


def test_a_validator_of_absurd_length_is_not_kept(mocked: responses.RequestsMock) -> None:
    mocked.get(URL, body=b"[1]", headers={"ETag": "a" * 501})
    with HttpFetch(now=NOW) as fetch:
        fetch.get(URL)
    assert fetch.learned == {}


def test_known_validators_make_the_request_conditional(server: Server) -> None:
    server.routes["/list"] = answer(status=304)
    url = f"{server.url}/list"
    known = {url: Validators(etag='"a"', last_modified="Tue, 20 May 2031 12:00:00 GMT")}
    with HttpFetch(now=NOW, validators=known, allow_private=True) as fetch:
        response = fetch.get(url)
    sent = server.asked[0][1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == (
        '"a"',
        "Tue, 20 May 2031 12:00:00 GMT",
    )
    assert (response.unchanged, response.status, response.body) == (True, 304, b"")
    assert fetch.learned == {}


def test_validators_stay_with_their_address(mocked: responses.RequestsMock) -> None:
    other = "https://lists.example.org/moved.json"
    mocked.get(URL, status=302, headers={"Location": other})
    mocked.get(other, body=b"[1]")
    get(URL, validators={URL: Validators(etag='"a"')})
    assert "If-None-Match" not in mocked.calls[1].request.headers


def test_no_cache_asks_for_the_answer_itself(mocked: responses.RequestsMock) -> None:
    mocked.get(URL, body=b"[1]", headers={"ETag": '"b"'})
    with HttpFetch(now=NOW, validators={URL: Validators(etag='"a"')}) as fetch:
        fetch.get(URL, headers={"Cache-Control": "no-cache"})
    assert "If-None-Match" not in mocked.calls[0].request.headers
    assert fetch.learned == {}


def test_not_modified_without_being_asked_is_no_answer(mocked: responses.RequestsMock) -> None:
    mocked.get(URL, status=304)
    assert "the server answers 304" in str(refused(URL))
