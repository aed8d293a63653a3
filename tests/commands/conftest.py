"""What tests of single commands stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.commands import deciding
from tests.commands.person import DASHED, OPEN_EVENT, Person
from tests.workspace import TEA, UNTITLED, tea_workspace


@pytest.fixture
def person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Person]:
    """Ada, at an event with one talk out, one in doubt and one upload that is nobody's."""
    tea = tea_workspace(tmp_path)
    tea.write("data/teaconf-2031/event.yaml", OPEN_EVENT)
    tea.list_videos(TEA, UNTITLED, DASHED)
    tea.pass_()
    tea.later(minutes=5)
    monkeypatch.setenv("RECAP_USER", "Ada")
    monkeypatch.setattr(deciding, "clock", lambda: tea.now)
    yield Person(tea, capsys, monkeypatch)
    tea.state.close()
