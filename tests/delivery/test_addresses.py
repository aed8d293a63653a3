from __future__ import annotations

import pytest

from pipeline.delivery._addresses import on_the_wire, parse_address, parse_recipients
from pipeline.errors import ConfigError


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("ada@example.org", "ada@example.org"),
        ("  ada+tea@mail.example.org ", "ada+tea@mail.example.org"),
        ("Ada Example <ada@example.org>", "ada@example.org"),
        ("<ada@localhost>", "ada@localhost"),
        ("jörg@tee-küche.example", "jörg@tee-küche.example"),
    ],
)
def test_an_address_is_read_with_or_without_a_name(written: str, address: str) -> None:
    assert parse_address(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@example..org",
        "ada@-example.org",
        "ada@exa_mple.org",
        ".ada@example.org",
        "a..da@example.org",
        "a da@example.org",
        "ada@example.org, alan@example.org",
        '"ada"@example.org',
        "ada@[127.0.0.1]",
        "ada@example.org\r\nBcc: eve@example.org",
        "Ada\r\nBcc: eve@example.org <ada@example.org>",
        "ada\u200b@example.org",
        f"{'a' * 65}@example.org",
        f"ada@{'.'.join(['a' * 60] * 5)}.org",
        "<<ada@example.org>>",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ConfigError):
        parse_address(written)


def test_recipients_are_read_in_their_order_and_once() -> None:
    body = (
        "\ufeff# team\r\n\r\nGrace <grace@example.org> # host\r\n"
        "ada@example.org\nGRACE@example.org\n"
    )
    assert parse_recipients(body.encode(), where="people.txt") == (
        "grace@example.org",
        "ada@example.org",
    )


def test_recipients_have_domains_that_every_server_takes() -> None:
    assert parse_recipients("ada@tee-küche.example".encode(), where="people.txt") == (
        "ada@xn--tee-kche-b6a.example",
    )


def test_recipients_that_no_header_of_ours_can_name_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"people.txt:1: it has letters beyond ASCII"):
        parse_recipients("jörg@example.org".encode(), where="people.txt")


def test_recipients_that_are_wrong_are_named_by_their_lines_only() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_recipients(b"ada@example.org\neve\nbob@\n", where="people.txt")
    assert caught.value.message == (
        "people.txt:2: it is no mail address; write it as `name@example.org`\n"
        "people.txt:3: what follows the @ is no domain; write it as `name@example.org`"
    )


@pytest.mark.parametrize(
    ("body", "words"), [(b"# nobody yet\n", "it names nobody"), (b"\xff\xfe", "no UTF-8 text")]
)
def test_a_file_that_names_nobody_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        parse_recipients(body, where="people.txt")


def test_a_domain_without_an_ascii_form_stays_as_it_is() -> None:
    long = f"ada@{'ü' * 63}.example"
    assert [on_the_wire("ada@tee-küche.example"), on_the_wire(long)] == [
        "ada@xn--tee-kche-b6a.example",
        long,
    ]
