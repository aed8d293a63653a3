"""The examples of docs/status.md are what the program prints."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.test_cli import at, run
from tests.workspace import EVENT, REPOSITORY, TEA, UNTITLED, Workspace

PAGE = REPOSITORY / "docs" / "status.md"
PORCELAIN = "{id: por00000001, title: Porcelain in Production - Grace Sample, length: '30:00'}"
WITHHELD = EVENT.replace("    title: Porcelain", "    expectation: withheld\n    title: Porcelain")
CUPS = """\
  - id: cups
    title: Cups and Bowls
    speakers: [Eve Muster]
    track: Pots
"""


def printed(tea: Workspace, capsys: pytest.CaptureFixture[str], block: str) -> str:
    """Return a console block with the commands' real output."""
    parts = []
    for command in re.findall(r"^\$ recap (.*)$", block, re.MULTILINE):
        _, out, err = run(capsys, *shlex.split(command), *at(tea))
        parts.append(f"$ recap {command}\n{out}{err}")
    return "\n".join(parts)


def test_examples_on_the_page_are_real(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("status", "why"):
        monkeypatch.setattr(f"pipeline.commands.{name}.clock", lambda: tea.now)
    tea.write("data/teaconf-2031/event.yaml", WITHHELD + CUPS)
    tea.list_videos(TEA, PORCELAIN, UNTITLED)
    run(capsys, "publish", "-q", "--now", tea.now.isoformat(), *at(tea))
    page = PAGE.read_text("utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 7
    assert blocks == [printed(tea, capsys, block) for block in blocks]
