"""docs/review.md shows what the commands really print: its examples are run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.commands import deciding
from tests.commands.person import DASHED, OPEN_EVENT
from tests.workspace import REPOSITORY, TEA, UNTITLED, tea_workspace

PAGE = REPOSITORY / "docs" / "review.md"
EXAMPLE = re.compile(r"^(```+)console\n\$ recap ([^\n]*)\n(.*?)^\1\n", re.MULTILINE | re.DOTALL)


def test_every_example_prints_what_the_page_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tea = tea_workspace(tmp_path)
    tea.write("data/teaconf-2031/event.yaml", OPEN_EVENT)
    tea.list_videos(TEA, UNTITLED, DASHED)
    tea.pass_()
    tea.state.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECAP_USER", "Lin Tester")
    monkeypatch.setattr(deciding, "clock", lambda: tea.now)
    examples = [found[1:] for found in EXAMPLE.findall(PAGE.read_text("utf-8"))]
    printed = []
    for command, _ in examples:
        tea.later(minutes=1)
        with pytest.raises(SystemExit):
            main(shlex.split(command))
        printed.append((command, capsys.readouterr().out))
    assert printed == examples
