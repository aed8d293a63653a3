from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load_config
from pipeline.errors import ConfigError
from pipeline.written.targets import MailTarget, Target

SITE = "site: {tag: 'example.org,2031'}\n"


def targets(root: Path, body: str) -> tuple[Target, ...]:
    (root / "config.yaml").write_text(f"{SITE}notify:\n{body}", encoding="utf-8")
    return load_config(root).notify


def refusal(root: Path, body: str) -> str:
    with pytest.raises(ConfigError) as caught:
        targets(root, body)
    return caught.value.message


def test_a_target_holds_the_options_of_its_kind(tmp_path: Path) -> None:
    body = "  - kind: webhook\n    url: https://example.org/\n    headers: {X-Room: tea}\n"
    assert targets(tmp_path, body) == (
        Target(
            id="webhook",
            kind="webhook",
            options={"url": "https://example.org/", "headers": {"X-Room": "tea"}},
            number=0,
            place=(3, 5),
        ),
    )


def test_two_targets_of_one_kind_need_a_name(tmp_path: Path) -> None:
    body = "  - {kind: webhook, secret: A}\n  - {kind: webhook, secret: B}\n"
    assert refusal(tmp_path, body) == (
        "config.yaml:4:5: notify[1]: the id 'webhook' is there twice; "
        "give one of them an `id:` of its own"
    )
    named = body.replace("secret: B", "secret: B, id: crew")
    assert [one.id for one in targets(tmp_path, named)] == ["webhook", "crew"]


def test_an_option_that_is_neither_text_nor_a_mapping_is_refused(tmp_path: Path) -> None:
    assert "notify[0].url" in refusal(tmp_path, "  - {kind: webhook, url: [5]}\n")


def test_a_target_without_a_kind_is_refused(tmp_path: Path) -> None:
    assert "notify[0]: kind is required" in refusal(tmp_path, "  - {url: x}\n")


def mail_targets(root: Path, body: str, more: str = "") -> tuple[MailTarget, ...]:
    config = f"{SITE}{more}mail:\n  to:\n{body}"
    (root / "config.yaml").write_text(config, encoding="utf-8")
    return load_config(root).mail_to


def test_a_mail_target_says_whose_tags_are_escaped_and_whether_to_ask(tmp_path: Path) -> None:
    body = "    - {kind: smtp, id: list, to: recaps@example.org, target: mailchimp, auto: true}\n"
    assert mail_targets(tmp_path, body) == (
        MailTarget(
            id="list",
            kind="smtp",
            options={"to": "recaps@example.org"},
            number=0,
            place=(4, 7),
            target="mailchimp",
            auto=True,
        ),
    )


def test_a_mail_target_of_a_newsletter_tool_escapes_for_it(tmp_path: Path) -> None:
    body = "    - {kind: listmonk}\n    - {kind: buttondown}\n    - {kind: smtp}\n"
    assert [one.target for one in mail_targets(tmp_path, body)] == [
        "listmonk",
        "buttondown",
        "plain",
    ]


def test_two_mail_targets_of_one_kind_need_a_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        mail_targets(tmp_path, "    - {kind: smtp}\n    - {kind: smtp}\n")
    assert caught.value.message == (
        "config.yaml:5:7: mail.to[1]: the id 'smtp' is there twice; "
        "give one of them an `id:` of its own"
    )


def test_a_mail_target_with_an_unknown_tool_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mail.to\[0\].target"):
        mail_targets(tmp_path, "    - {kind: smtp, target: hotmail}\n")


def test_options_of_a_kind_are_shared_and_an_entry_may_say_else(tmp_path: Path) -> None:
    shared = "delivery:\n  smtp: {host: mail.example.org, port: '587'}\n"
    body = "    - {kind: smtp, id: a}\n    - {kind: smtp, id: b, port: '25'}\n"
    assert [one.options for one in mail_targets(tmp_path, body, shared)] == [
        {"host": "mail.example.org", "port": "587"},
        {"host": "mail.example.org", "port": "25"},
    ]


def test_options_of_a_kind_are_shared_with_what_the_team_is_told(tmp_path: Path) -> None:
    shared = "delivery: {webhook: {secret: ROOM}}\n"
    (tmp_path / "config.yaml").write_text(
        f"{SITE}{shared}notify: [{{kind: webhook}}]\n", encoding="utf-8"
    )
    assert [one.options for one in load_config(tmp_path).notify] == [{"secret": "ROOM"}]
