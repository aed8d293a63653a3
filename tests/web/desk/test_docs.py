"""docs/desk.md says what the desk does."""

from __future__ import annotations

import re

from tests.web.desk.conftest import EVENT, Sitting
from tests.workspace import REPOSITORY

PAGE = (REPOSITORY / "docs" / "desk.md").read_text("utf-8")
KEY = re.compile(r'data-key="([a-z])"[^>]*>([^<]+)<kbd')


def table(section: str) -> dict[str, str]:
    body = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return {key.lower(): name for key, name in re.findall(r"^\| `(\w)` \| ([^|]+?) \|", body, re.M)}


def test_the_page_names_every_key_of_a_question(desk: Sitting) -> None:
    desk.send(desk.get(f"{EVENT}/drafts"), f"{EVENT}/drafts", verb="sent")
    assert dict(KEY.findall(desk.get().text)) == table("A question")


def test_the_page_names_every_key_of_a_draft(desk: Sitting) -> None:
    desk.send(desk.get(), verb="ignore")
    assert dict(KEY.findall(desk.get(f"{EVENT}/drafts").text)) == table("A mail")


def test_the_page_shows_a_decision_as_it_is_written(desk: Sitting) -> None:
    desk.send(desk.get(), verb="link")
    ((path, body),) = desk.decisions().items()
    assert f"`data/{path}`" in PAGE
    assert f"```yaml\n{body}```" in PAGE
