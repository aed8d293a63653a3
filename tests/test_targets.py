from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load_config
from pipeline.errors import ConfigError
from pipeline.targets import Target

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
    assert "notify[0].url" in refusal(tmp_path, "  - {kind: webhook, url: 5}\n")


def test_a_target_without_a_kind_is_refused(tmp_path: Path) -> None:
    assert "notify[0]: kind is required" in refusal(tmp_path, "  - {url: x}\n")
