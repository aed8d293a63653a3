"""Who may come in, and what every answer carries."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.datastructures import Headers

from pipeline.errors import ConfigError
from pipeline.web.guard import HEADERS, Door, is_foreign, local_path, read_token
from tests.web.asking import SIGNED, TOKEN, Served
from tests.web.conftest import Serve
from tests.workspace import Workspace

OPEN = Door(host="0.0.0.0", open=True, any_address=True)  # noqa: S104 - it opens nothing


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8000", "localhost", "LOCALHOST:9", "[::1]:8000", "recaps.example.org"],
)
def test_the_server_goes_by_its_names(served: Served, host: str) -> None:
    assert served.ask("/atom.xml", headers={"host": host}).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example.com",
        "127.0.0.1.evil.example.com",
        "localhost.evil.example.com:8000",
        "192.0.2.7",
        "",
        "[::1",
    ],
)
def test_a_name_that_was_made_to_point_here_is_refused(served: Served, host: str) -> None:
    for path in ("/atom.xml", "/healthz", "/api/publish", "/desk/login"):
        assert served.ask(path, headers={"host": host}).status == 421


def test_an_open_server_goes_by_every_address_but_not_by_every_name(serve: Serve) -> None:
    served = serve(door=OPEN, token=TOKEN)
    hosts = ("192.0.2.7:8000", "[2001:db8::7]", "evil.example.com")
    found = [served.ask("/atom.xml", headers={"host": host}).status for host in hosts]
    assert found == [200, 200, 421]


def test_a_server_may_have_more_names(serve: Serve) -> None:
    served = serve(door=Door(host="192.0.2.7", open=True, names=("Recap",)), token=TOKEN)
    hosts = ("192.0.2.7", "recap:8000", "192.0.2.8")
    found = [served.ask("/atom.xml", headers={"host": host}).status for host in hosts]
    assert found == [200, 200, 421]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://teezeremonie-österreich.example/", "xn--teezeremonie-sterreich-6hc.example"),
        ("http://[2001:db8::7]:8000/", "[2001:db8::7]:8000"),
    ],
)
def test_the_server_goes_by_the_name_of_its_site_as_browsers_spell_it(
    tea: Workspace, serve: Serve, url: str, host: str
) -> None:
    tea.write("config.yaml", f"site: {{tag: 'recaps.example.org,2031', url: '{url}'}}\n")
    assert serve().ask("/atom.xml", headers={"host": host}).status == 200


def test_every_answer_has_the_headers_that_browsers_heed(served: Served) -> None:
    for path in ("/atom.xml", "/nothing", "/healthz", "/status", "/api/runs", "/api/nothing"):
        assert HEADERS.keys() - served.ask(path).headers.keys() == set()
    refused = served.ask("/", headers={"host": "evil.example.com"})
    assert HEADERS.keys() - refused.headers.keys() == set()


@pytest.mark.parametrize(
    "path",
    ["/atom.xml", "/nothing", "/healthz", "/metrics", "/api/runs", "/api/publish", "/desk/runs"],
)
def test_head_is_get_without_the_body(served: Served, path: str) -> None:
    whole, head = served.ask(path), served.ask(path, method="HEAD")
    cookie = {"set-cookie": ""}
    assert (head.status, {**head.headers, **cookie}) == (whole.status, {**whole.headers, **cookie})
    assert (head.body, len(whole.body)) == (b"", int(head.headers["content-length"]))


def test_pages_of_the_server_load_from_the_server_only(served: Served) -> None:
    policy = served.ask("/status").headers["content-security-policy"]
    assert policy == (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    )


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"origin": "http://127.0.0.1:8000"}, False),
        ({"origin": "http://127.0.0.1:8001"}, True),
        ({"origin": "https://evil.example.com"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        ({"origin": "http://["}, True),
        ({"origin": "http://[127.0.0.1:8000"}, True),
        ({"origin": "http://127.0.0.1:8000/"}, True),
        ({"origin": "file://127.0.0.1:8000"}, True),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"host": "recaps.example.org", "origin": "https://recaps.example.org:443"}, False),
        ({"host": "recaps.example.org:443", "origin": "https://recaps.example.org"}, True),
    ],
)
def test_pages_of_other_sites_are_known_by_what_browsers_say(
    headers: dict[str, str], foreign: bool
) -> None:
    assert is_foreign(Headers({"host": "127.0.0.1:8000", **headers})) is foreign


@pytest.mark.parametrize("path", ["/api/publish", "/desk/login", "/desk/logout", "/anything"])
def test_another_site_may_not_post_here(served: Served, path: str) -> None:
    answer = served.ask(path, method="POST", headers={"origin": "https://evil.example.com"})
    assert (answer.status, served.passes.wants) == (403, [])


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": TOKEN},
        {"authorization": "Bearer ä"},
        {"cookie": f"recap_visit={TOKEN}"},
    ],
)
def test_without_the_right_token_nothing_is_told_and_nothing_runs(
    serve: Serve, given: dict[str, str]
) -> None:
    served = serve(token=TOKEN)
    found = [served.ask("/api/publish", method="POST", headers=given)]
    found += [served.ask(path, headers=given) for path in ("/api/runs", "/api/status", "/metrics")]
    assert [one.status for one in found] == [401] * 4
    assert {one.headers["www-authenticate"] for one in found} == {'Bearer realm="recap"'}
    assert served.passes.wants == []


def test_the_token_lets_programs_in(serve: Serve) -> None:
    served = serve(token=TOKEN)
    assert served.ask("/api/runs", headers=SIGNED).status == 200


def test_many_wrong_tokens_have_to_wait(serve: Serve) -> None:
    served = serve(token=TOKEN)
    wrong = {"authorization": "Bearer guess"}
    found = [served.ask("/api/runs", headers=wrong).status for _ in range(11)]
    assert found == [401] * 10 + [429]
    refused = served.ask("/api/runs", headers=SIGNED)
    assert (refused.status, 0 < int(refused.headers["retry-after"]) <= 6) == (429, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "recaps.example.org"},
        {"x-forwarded-for": "192.0.2.7"},
        {"x-forwarded-proto": "https"},
        {"forwarded": "for=192.0.2.7"},
        {"via": "1.1 proxy"},
        {"x-real-ip": "192.0.2.7"},
    ],
)
def test_without_a_token_nobody_comes_in_through_a_proxy(
    served: Served, headers: dict[str, str]
) -> None:
    found = [served.ask("/api/publish", method="POST", headers=headers).status]
    found += [served.ask(path, headers=headers).status for path in ("/api/runs", "/metrics")]
    assert (found, served.passes.wants) == ([403] * 3, [])
    assert served.ask("/atom.xml", headers=headers).status == 200


def test_an_open_address_needs_a_token(tea: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECAP_TOKEN", raising=False)
    assert read_token(tea.config, Door(host="127.0.0.1")) is None
    with pytest.raises(ConfigError, match=r"set RECAP_TOKEN or RECAP_TOKEN_FILE"):
        read_token(tea.config, OPEN)


def test_a_token_may_stand_in_a_file(
    tea: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    monkeypatch.setenv("RECAP_TOKEN_FILE", str(tmp_path / "token"))
    assert read_token(tea.config, OPEN) == TOKEN


def test_a_short_token_is_refused_and_not_shown(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECAP_TOKEN", "teapot-teapot-1")
    with pytest.raises(ConfigError, match="15 characters and could be guessed") as raised:
        read_token(tea.config, Door(host="127.0.0.1"))
    assert "teapot" not in raised.value.message


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ("/desk/?event=teaconf-2031", "/desk/?event=teaconf-2031"),
        ("//evil.example.com", "/desk/"),
        ("/\\evil.example.com", "/desk/"),
        ("https://evil.example.com", "/desk/"),
        ("/desk/\r\nset-cookie: a=b", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_after_signing_in_one_stays_here(given: str, where: str) -> None:
    assert local_path(given) == where


@pytest.mark.parametrize("hosts", [(), ("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "evil.test")])
def test_a_request_names_one_host(served: Served, hosts: tuple[str, ...]) -> None:
    headers = [(b"host", host.encode()) for host in hosts]
    refusal = served.app._refusal({"type": "http", "method": "GET", "headers": headers})
    assert refusal is not None
    assert refusal.status_code == 421
