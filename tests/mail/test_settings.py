from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.config import load_config
from pipeline.errors import ConfigError
from pipeline.mail.settings import Mailbox, MailSettings, parse_mailbox

SITE = "site: {tag: 'example.org,2031'}\n"


def loaded(root: Path, body: str) -> MailSettings:
    (root / "config.yaml").write_text(f"{SITE}mail:\n{body}", encoding="utf-8")
    return load_config(root).mail


def refusal(root: Path, body: str) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(root, body)
    return caught.value.message


def test_settings_hold_what_every_mail_shares(tmp_path: Path) -> None:
    body = (
        "  from: Tea Conf <recaps@example.org>\n"
        "  reply_to: crew@example.org\n"
        "  subscribe_url: https://example.org/recaps\n"
        "  unsubscribe: ['mailto:leave@example.org', 'https://example.org/bye?e={email}']\n"
        "  list_id: recaps.example.org\n"
        "  reason: You asked for it at TeaConf.\n"
    )
    assert loaded(tmp_path, body) == MailSettings(
        sender=Mailbox(address="recaps@example.org", name="Tea Conf"),
        reply_to=Mailbox(address="crew@example.org"),
        unsubscribe=("https://example.org/bye?e={email}", "mailto:leave@example.org"),
        list_id="recaps.example.org",
        reason="You asked for it at TeaConf.",
        subscribe_url="https://example.org/recaps",
    )


def test_settings_take_one_address_to_leave_at(tmp_path: Path) -> None:
    body = "  unsubscribe: mailto:leave@example.org?subject=leave\n"
    assert loaded(tmp_path, body).unsubscribe == ("mailto:leave@example.org?subject=leave",)


def test_settings_may_be_absent(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(SITE, encoding="utf-8")
    assert load_config(tmp_path).mail == MailSettings()


def test_settings_say_where_and_why_a_sender_is_wrong(tmp_path: Path) -> None:
    assert refusal(tmp_path, "  from: Tea Conf\n") == (
        "config.yaml:3:3: mail.from: 'Tea Conf' is no mail address; write one as in "
        "recaps@example.org or TeaConf <recaps@example.org>"
    )


def test_settings_say_where_and_why_a_list_id_is_wrong(tmp_path: Path) -> None:
    assert refusal(tmp_path, "  list_id: recaps\n") == (
        "config.yaml:3:3: mail.list_id: 'recaps' is no list id; write one below a domain that "
        "you own, as in recaps.example.org (RFC 2919)"
    )


def test_settings_refuse_two_addresses_of_one_sort_to_leave_at(tmp_path: Path) -> None:
    body = "  unsubscribe: [https://a.example.org/, https://b.example.org/]\n"
    assert refusal(tmp_path, body) == (
        "config.yaml:3:3: mail.unsubscribe: there are two of one sort; write one https and one "
        "mailto address"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/bye",
        "https://",
        "https://example.org/a b",
        "https://example.org/>,<https://evil.example.org/",
        "https://example.org/%0d%0a\n",
        "mailto:nobody",
        "javascript:alert(1)",
        "https://example.org/\"'",
        "https://example.org/{{email}}",
        "https://example.org/*|EMAIL|*",
        f"https://example.org/{'x' * 600}",
    ],
)
def test_settings_refuse_an_address_that_no_header_may_hold(tmp_path: Path, url: str) -> None:
    assert "is no address to unsubscribe at" in refusal(
        tmp_path, f"  unsubscribe: {json.dumps(url)}\n"
    )


@pytest.mark.parametrize(
    ("value", "mailbox"),
    [
        ("a@example.org", Mailbox(address="a@example.org")),
        ("<a@example.org>", Mailbox(address="a@example.org")),
        ('"Tea, Conf" <a.b+c@example.org>', Mailbox(address="a.b+c@example.org", name="Tea, Conf")),
        ("شاي <a@example.org>", Mailbox(address="a@example.org", name="شاي")),
    ],
)
def test_mailbox_is_an_address_with_or_without_a_name(value: str, mailbox: Mailbox) -> None:
    assert parse_mailbox(value) == mailbox


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a",
        "a@",
        "@example.org",
        "a b@example.org",
        "a@b@example.org",
        "<a@example.org> x",
        "a@-b.org",
        "a@example.org\r\nBcc: b@example.org",
        f"{'a' * 65}@example.org",
        "a..b@example.org",
        "a@ex_ample.org",
    ],
)
def test_mailbox_is_refused_where_it_is_no_address(value: str) -> None:
    with pytest.raises(ValueError, match="is no mail address"):
        parse_mailbox(value)
