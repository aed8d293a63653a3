"""docs/importing.md shows what the command really prints: its examples are run."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.importing.fakes import BARE_EVENT
from tests.test_cli import at, run
from tests.workspace import REPOSITORY, Workspace

PAGE = REPOSITORY / "docs" / "importing.md"


def test_the_examples_of_the_page_are_real(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    page = PAGE.read_text("utf-8")
    tea.write("data/teaconf-2031/event.yaml", BARE_EVENT)
    tables = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    for name, table in zip(("talks.csv", "later.csv"), tables, strict=True):
        tea.write(name, table)
    examples = re.findall(r"```console\n\$ recap (.*)\n((?:.*\n)*?)```", page)
    real = []
    for command, _ in examples:
        _, out, err = run(capsys, *shlex.split(command), *at(tea))
        real.append((command, out + err))
    assert (examples, len(examples)) == (real, 4)


def test_the_refusal_on_the_page_is_real(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    page = PAGE.read_text("utf-8")
    tea.write("data/teaconf-2031/event.yaml", BARE_EVENT)
    tea.write("later.csv", re.findall(r"```csv\n(.*?)```", page, re.DOTALL)[1])
    run(capsys, "import", "csv", "later.csv", *at(tea))
    file = tea.event_folder / "programme.yaml"
    body = file.read_text("utf-8").replace("title: Spoons", "title: Silver Spoons")
    file.write_text(body, encoding="utf-8")
    _, _, err = run(capsys, "import", "csv", "later.csv", *at(tea))
    assert err in page
