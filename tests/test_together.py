"""People, runs and other clones at work on one dataset at the same time: nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.workspace import (
    EVENT,
    PORCELAIN,
    REPOSITORY,
    TEA,
    UNTITLED,
    Workspace,
    tea_workspace,
)

ROUNDS = int(os.environ.get("RECAP_ROUNDS", "60"))
"""Rounds of the race below; `make torture` runs 1,500."""

DECISION = "time: 2031-05-20T{time}:00Z\nverb: {verb}\nvideo: {video}\nby: {by}\n"


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder` as an invented person, and return what it prints."""
    names = {
        f"GIT_{role}_{what}": f"{what.lower()}@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    result = subprocess.run(
        ["git", *arguments],  # noqa: S607 - git as the path has it
        cwd=folder,
        env={**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_branches_that_decide_and_a_bot_that_commits_sightings_merge_without_conflict(
    tmp_path: Path,
) -> None:
    tea = tea_workspace(tmp_path, TEA)
    tea.write(".gitignore", "feeds/*\n.recap/\n")
    tea.pass_()
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "start")
    for branch, verb, video in (("ada", "ignore", "odd00000001"), ("grace", "link", "vid00000001")):
        git(tmp_path, "checkout", "-qb", branch, "main")
        body = DECISION.format(time="13:00", verb=verb, video=video, by=branch)
        body += "talk: untitled\n" if verb == "link" else ""
        tea.write(f"data/teaconf-2031/decisions/20310520T130000Z-{branch}.yaml", body)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", f"{branch} decides")
    git(tmp_path, "checkout", "-q", "main")
    tea.list_videos(TEA, PORCELAIN, "{id: vid00000001, title: A film}", "{id: odd00000001}")
    tea.later(hours=2)
    tea.pass_()
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "new sightings")
    git(tmp_path, "merge", "-q", "--no-edit", "ada")
    git(tmp_path, "merge", "-q", "--no-edit", "grace")
    tea.later(hours=1)
    made = tea.pass_()
    tea.state.close()
    assert (made.problems, made.events[0].out) == ((), 3)
    assert made.events[0].released == ("A film (Alan Specimen)",)
    assert git(tmp_path, "status", "--porcelain", "data/teaconf-2031/decisions") == ""


def test_an_editor_that_saves_while_runs_go_on_loses_nothing(tea: Workspace) -> None:
    tea.list_videos(TEA, PORCELAIN, UNTITLED)
    tea.pass_()
    path, draft = tea.event_folder / "event.yaml", tea.event_folder / ".event.yaml.swp"
    saved = ["title: Brewing Tea at Scale\n"]
    lost: list[str] = []
    over = threading.Event()

    def edit() -> None:
        while not over.is_set():
            if saved[-1] not in path.read_text("utf-8"):
                lost.append(saved[-1])
            saved.append(f"title: Brewing Tea {len(saved)}\n")
            body = EVENT.replace(saved[0], saved[-1])
            if len(saved) % 2:
                path.write_text(body, encoding="utf-8")
            else:
                draft.write_text(body, encoding="utf-8")
                draft.replace(path)

    editor = threading.Thread(target=edit)
    editor.start()
    for _ in range(ROUNDS):
        tea.later(seconds=1)
        tea.pass_()
    over.set()
    editor.join()
    tea.later(seconds=1)
    tea.pass_()
    feed = (tea.root / "feeds" / "teaconf-2031" / "feed.json").read_text("utf-8")
    assert (lost, len(saved) > ROUNDS) == ([], True)
    assert saved[-1] in path.read_text("utf-8")
    assert f'"{saved[-1].removeprefix("title: ").strip()}"' in feed


@pytest.mark.parametrize("beside_runs", [False, True])
def test_decisions_from_three_processes_at_once_are_all_kept(
    tea: Workspace, beside_runs: bool
) -> None:
    count = max(3, ROUNDS // 20)
    names = [f"vid{number:08}" for number in range(3 * count)]
    tea.list_videos(*(f"{{id: {name}, title: Film {name}}}" for name in names))
    tea.pass_()
    script = (
        "import sys\n"
        "from pipeline.cli import main\n"
        "for name in sys.argv[2:]:\n"
        "    try:\n"
        "        main(['ignore', '-q', '-C', sys.argv[1], name])\n"
        "    except SystemExit as ended:\n"
        "        assert ended.code == 0, (name, ended.code)\n"
    )
    people = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tea.root), *names[part::3]],
            cwd=REPOSITORY,
            env={**os.environ, "RECAP_USER": f"person {part}", "PYTHONPATH": str(REPOSITORY)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for part in range(3)
    ]
    tea.wait_s = 10.0
    between_ticks = threading.Event()
    while beside_runs and any(person.poll() is None for person in people):
        tea.later(seconds=1)
        tea.pass_()
        between_ticks.wait(0.2)  # a service holds the lock for a pass, never from tick to tick
    complaints = [person.communicate()[1] for person in people]
    assert [person.returncode for person in people] == [0, 0, 0], complaints
    kept = [path.read_text("utf-8") for path in (tea.event_folder / "decisions").glob("*.yaml")]
    assert len(kept) == len(names)
    assert {name for name in names if any(name in body for body in kept)} == set(names)
