"""Passes that are killed: at each stage's end, and at random instants by SIGKILL."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import run as run_module
from pipeline.state.database import State
from tests.workspace import (
    PORCELAIN,
    REPOSITORY,
    TEA,
    UNTITLED,
    Workspace,
    bytes_below,
    tea_workspace,
)

STAGES = ("open", "choose", "advance", "gather", "save", "write", "finish")


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it on the way."""


def ended(workspace: Workspace) -> tuple[dict[str, bytes], dict[str, bytes]]:
    return (
        bytes_below(workspace.root / "data", leave_out=()),
        bytes_below(workspace.root / "feeds"),
    )


def two_passes_later(root: Path) -> Workspace:
    """Return a workspace with history: one recording released, two more in the list."""
    made = tea_workspace(root, TEA)
    made.pass_()
    made.list_videos(TEA, PORCELAIN, UNTITLED)
    made.later(days=1)
    return made


@pytest.fixture
def undisturbed(tmp_path: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    root = tmp_path / "undisturbed"
    root.mkdir()
    made = two_passes_later(root)
    made.pass_()
    made.state.close()
    return ended(made)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_pass_killed_at_a_stage_is_healed_by_the_next(
    tea: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    undisturbed: tuple[dict[str, bytes], dict[str, bytes]],
    stage: str,
    when: str,
) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    tea.list_videos(TEA, PORCELAIN, UNTITLED)
    tea.later(days=1)
    real = getattr(run_module._Pass, stage)

    def killed(self: object) -> object:
        if when == "after":
            real(self)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(run_module._Pass, stage, killed)
        with pytest.raises(Killed):
            tea.pass_()
    tea.pass_()
    assert ended(tea) == undisturbed


SCRIPT = """
import sys
from pathlib import Path
from tests.workspace import Workspace
from pipeline.state.database import State
root = Path(sys.argv[1])
made = Workspace(root, state=State.open(root / ".recap" / "state.sqlite"))
made.later(days=1)
sys.stdout.write("ready\\n")
sys.stdout.flush()
made.pass_()
sys.stdout.write("done\\n")
"""


def test_passes_killed_at_random_instants_are_whole_and_healed(
    tmp_path: Path, undisturbed: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    start = tmp_path / "start"
    start.mkdir()
    two_passes_later(start).state.close()
    chance = random.Random(20310520)  # noqa: S311 - instants, not secrets
    cut_short = 0
    for number in range(12):
        root = tmp_path / f"run-{number}"
        shutil.copytree(start, root)
        _kill_within(root, chance.uniform(0.0, 0.12))
        for path in (root / "feeds").rglob("*.json"):
            if ".recap" not in path.parts:
                json.loads(path.read_bytes())
        with State.open(root / ".recap" / "state.sqlite") as state:
            healed = Workspace(root, state=state)
            healed.later(days=1)
            cut_short += (root / "data/teaconf-2031/recordings.yaml").read_bytes() != (
                undisturbed[0]["teaconf-2031/recordings.yaml"]
            )
            healed.pass_()
        assert ended(healed) == undisturbed
    assert cut_short > 0, "no kill came before the save: the instants are too late to tell"


def _kill_within(root: Path, seconds: float) -> None:
    """Start a pass over `root` in a process of its own, and SIGKILL it after `seconds` of it."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(root)],
        env=environment,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.stdout.read()
