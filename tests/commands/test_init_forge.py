"""Hosting without a server: the very steps of the workflow, in clones of a local repository."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from pipeline.cli import recap
from pipeline.dataset.folder import FolderStore
from pipeline.errors import ConfigError
from tests.test_together import git
from tests.workspace import CONFIG, EVENT, PORCELAIN, REPOSITORY, TEA, Workspace

TODAY = datetime.now(UTC).date()
"""The program runs by its own clock here, and tells nobody of what is old."""

NEW = EVENT.replace("2031-05-17", f"{TODAY}").replace("2031-05-18", f"{TODAY}")

PROGRAM = """\
#!/bin/sh
# Once, whatever stands in `once` happens right after the program did its work.
PYTHONPATH={repository} {python} -m pipeline "$@"
code=$?
if [ "$1" = "${{WHEN:-publish}}" ] && [ -f {here}/once ]; then
    mv {here}/once {here}/now
    sh {here}/now >&2 || exit 99
fi
exit $code
"""

GH = """\
#!/bin/sh
# The forge's own program: issues and requests as lines of a file.
echo "$*" | sed 's|/[^ ]*/tmp[^ ]*|BODY|' >>{here}/asked
case "$1 $2" in
"issue list") cat {here}/number 2>/dev/null ;;
"issue create") echo 7 >{here}/number ;;
"pr list") cat {here}/requests 2>/dev/null || echo 0 ;;
"pr create") [ ! -e {here}/forbidden ] || exit 1 ;;
esac
exit 0
"""


@dataclass(slots=True)
class Forge:
    """A bare repository, clones of it, and the program as they find it."""

    here: Path
    environment: dict[str, str] = field(default_factory=dict)

    def clone(self, name: str) -> Path:
        git(self.here, "clone", "-q", str(self.here / "bare.git"), name)
        return self.here / name

    def step(self, clone: Path, word: str, *, code: int = 0, **environment: str) -> str:
        """Run one step of the workflow in a clone; return what it says."""
        result = subprocess.run(
            ["sh", ".github/recap.sh", word],  # noqa: S607 - as the workflow does
            cwd=clone,
            env={**os.environ, **self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == code, result.stdout + result.stderr
        return result.stderr

    def meanwhile(self, *lines: str) -> None:
        """Let shell lines run once, between a clone's next publish and its push."""
        (self.here / "once").write_text("set -e\n" + "\n".join(lines) + "\n", encoding="utf-8")

    def log(self, branch: str = "main") -> list[str]:
        """Return the subjects of a branch, oldest first."""
        return git(self.here / "bare.git", "log", "--reverse", "--format=%s", branch).splitlines()

    def merges(self) -> str:
        return git(self.here / "bare.git", "log", "--all", "--merges", "--format=%s")


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return forge_at(tmp_path)


def forge_at(here: Path, *options: str) -> Forge:
    """Start a repository for the forge with one video out, and push it."""
    tea = Workspace(here / "person")
    tea.write("config.yaml", CONFIG)
    tea.write(".gitignore", "feeds/*\n.recap/\n")
    tea.write("data/teaconf-2031/event.yaml", NEW)
    tea.list_videos(TEA)
    tea.state.close()
    result = CliRunner().invoke(recap, ["init", "--forge", *options, "-C", str(tea.root)])
    assert result.exit_code == 0, result.output
    git(here, "init", "-q", "--bare", "-b", "main", "bare.git")
    git(tea.root, "init", "-q", "-b", "main")
    git(tea.root, "add", ".")
    git(tea.root, "commit", "-qm", "start")
    git(tea.root, "remote", "add", "origin", str(here / "bare.git"))
    git(tea.root, "push", "-q", "-u", "origin", "main")
    (here / "bin").mkdir()
    values = {"here": here, "repository": REPOSITORY, "python": sys.executable}
    for name, body in (("recap", PROGRAM), ("gh", GH)):
        (here / "bin" / name).write_text(body.format(**values), encoding="utf-8")
        (here / "bin" / name).chmod(0o755)
    path = f"{here / 'bin'}{os.pathsep}{os.environ['PATH']}"
    # As on a runner: nobody is set up there.
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(here)}
    return Forge(here, {"PATH": path, **nobody})


def person(forge: Forge, *commands: str) -> list[str]:
    """Return shell lines by which a person changes something, commits and pushes."""
    who = "git -c user.name=Ada -c user.email=ada@example.org"
    return [
        f"cd {forge.here / 'person'}",
        "git pull -q --ff-only",
        *commands,
        "git add .",
        f"{who} commit -qm 'Ada was here'",
        "git push -q",
    ]


def talks(clone: Path) -> list[tuple[str, ...]]:
    rows = FolderStore(clone / "data").ledger("teaconf-2031").announcements
    return [row.talks for row in rows]


def show(*rows: str) -> str:
    """Return a shell line that lets the list show other videos."""
    body = "videos:\\n" + "".join(f"  - {row}\\n" for row in rows)
    return f'printf "{body}" >data/teaconf-2031/videos.yaml'


def test_forge_publishes_and_commits_what_it_saw(forge: Forge) -> None:
    one = forge.clone("one")
    forge.step(one, "publish")
    forge.step(one, "publish")
    forge.step(one, "verdict")
    assert forge.log() == ["start", "recap: what the lists show"]
    assert (one / "feeds" / "teaconf-2031" / "atom.xml").exists()


def test_forge_that_is_rejected_starts_again_from_what_a_person_pushed(forge: Forge) -> None:
    one = forge.clone("one")
    forge.meanwhile(*person(forge, show(TEA, PORCELAIN)))
    said = forge.step(one, "publish")
    assert "somebody else was quicker" in said
    assert forge.log() == ["start", "Ada was here", "recap: what the lists show"]
    assert forge.merges() == ""
    videos = FolderStore(one / "data").ledger("teaconf-2031").videos
    assert sorted(videos) == ["youtube:por00000001", "youtube:tea00000001"]


def test_forge_runs_that_overlap_announce_once(forge: Forge) -> None:
    one, two = forge.clone("one"), forge.clone("two")
    forge.meanwhile(f"cd {two}", "sh .github/recap.sh publish")
    forge.step(one, "publish")
    git(two, "pull", "-q", "--ff-only")
    assert forge.log() == ["start", "recap: what the lists show"]
    assert talks(one) == talks(two) == [("brewing-tea",)]
    assert forge.merges() == ""


def test_forge_that_is_always_rejected_gives_up_and_leaves_the_rest_to_the_next_run(
    forge: Forge,
) -> None:
    one = forge.clone("one")
    hook = forge.here / "bare.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    assert "rejected 2 times" in forge.step(one, "publish", code=1, RECAP_TRIES="2")
    hook.unlink()
    forge.step(one, "publish")
    assert forge.log() == ["start", "recap: what the lists show"]
    assert talks(one) == [("brewing-tea",)]


MAIL = """\
mail:
  from: team@example.org
  to: [{kind: folder, path: ../sent, auto: true}]
"""


def test_forge_sends_once_though_two_deliver_and_the_mark_is_rejected(forge: Forge) -> None:
    ada = forge.here / "person"
    (ada / "config.yaml").write_text(CONFIG + MAIL, encoding="utf-8")
    git(ada, "commit", "-qam", "mail")
    git(ada, "push", "-q")
    one, two = forge.clone("one"), forge.clone("two")
    forge.step(one, "publish")
    forge.step(two, "publish")
    forge.meanwhile(*person(forge, "echo tea >note.txt"))
    said = forge.step(one, "deliver", WHEN="deliver")
    forge.step(two, "deliver")
    assert "marking again" in said
    assert len(list((forge.here / "sent").iterdir())) == 1
    assert forge.log()[2:] == ["recap: what the lists show", "Ada was here", "recap: what was sent"]
    assert forge.merges() == ""


def test_forge_fails_at_the_end_where_files_are_broken_but_publishes_the_rest(
    forge: Forge,
) -> None:
    ada = forge.here / "person"
    (ada / "data" / "broken").mkdir()
    (ada / "data" / "broken" / "event.yaml").write_text("name: Broken\n", encoding="utf-8")
    git(ada, "add", ".")
    git(ada, "commit", "-qm", "a broken event")
    git(ada, "push", "-q")
    one = forge.clone("one")
    forge.step(one, "publish")
    forge.step(one, "deliver")
    forge.step(one, "verdict", code=2)
    assert forge.log()[2:] == ["recap: what the lists show"]


def test_forge_deploys_nothing_where_nothing_could_be_published(forge: Forge) -> None:
    ada = forge.here / "person"
    (ada / "config.yaml").write_text("site: {}\n", encoding="utf-8")
    git(ada, "commit", "-qam", "broken")
    git(ada, "push", "-q")
    assert "nothing is deployed" in forge.step(forge.clone("one"), "publish", code=2)


def test_forge_touches_no_clone_with_uncommitted_work(forge: Forge) -> None:
    one = forge.clone("one")
    file = one / "data" / "teaconf-2031" / "event.yaml"
    file.write_text("half: done\n", encoding="utf-8")
    assert "commit them first" in forge.step(one, "publish", code=2)
    assert file.read_text("utf-8") == "half: done\n"


def test_forge_keeps_one_issue_for_all_questions(forge: Forge) -> None:
    one = forge.clone("one")
    forge.step(one, "publish")
    forge.step(one, "questions")
    asked = (forge.here / "asked").read_text("utf-8").splitlines()
    assert [line.partition(" --")[0] for line in asked] == ["issue list"]
    doubtful = "{id: por00000001, title: Porcelain - G. Sample, length: '9:00'}"
    ada = forge.here / "person"
    file = ada / "data" / "teaconf-2031" / "videos.yaml"
    file.write_text(f"videos:\n  - {TEA}\n  - {doubtful}\n", encoding="utf-8")
    git(ada, "pull", "-q", "--ff-only", "origin", "main")
    git(ada, "commit", "-qam", "another video")
    git(ada, "push", "-q")
    forge.step(one, "publish")
    forge.step(one, "questions")
    forge.step(one, "questions")
    asked = (forge.here / "asked").read_text("utf-8").splitlines()[1:]
    assert [line.partition(" --")[0] for line in asked] == [
        "issue list",
        "issue create",
        "issue list",
        "issue edit 7",
        "issue reopen 7",
    ]


def proposing(tmp_path: Path) -> Forge:
    """Start a repository whose branch takes no push, with the workflow's own names."""
    made = forge_at(tmp_path, "--pull-request")
    flow = flow_of(tmp_path / "person")
    proposal = flow["jobs"]["recap"]["env"]["RECAP_PROPOSE"]
    made.environment["RECAP_PROPOSE"] = proposal
    return made


def test_forge_proposes_where_the_branch_is_protected_and_publishes_what_was_accepted(
    tmp_path: Path,
) -> None:
    forge = proposing(tmp_path)
    one = forge.clone("one")
    for step in ("publish", "proposal", "render", "deliver"):
        forge.step(one, step)
    assert forge.log() == ["start"]
    assert forge.log("recap/proposal") == ["start", "recap: what the lists show"]
    asked = (forge.here / "asked").read_text("utf-8").splitlines()
    assert [line.partition(" --")[0] for line in asked] == ["pr list", "pr create"]
    assert git(one, "status", "--porcelain") == ""


def test_forge_that_may_make_no_request_says_so_at_the_end_and_publishes_the_rest(
    tmp_path: Path,
) -> None:
    forge = proposing(tmp_path)
    one = forge.clone("one")
    (forge.here / "forbidden").touch()
    forge.step(one, "publish")
    assert "let workflows create pull requests" in forge.step(one, "proposal")
    forge.step(one, "render")
    forge.step(one, "verdict", code=1)


def test_forge_goes_on_with_a_proposal_and_clears_it_when_it_was_accepted(tmp_path: Path) -> None:
    forge = proposing(tmp_path)
    one, ada = forge.clone("one"), forge.here / "person"
    forge.step(one, "publish")
    forge.step(one, "publish")
    assert forge.log("recap/proposal") == ["start", "recap: what the lists show"]
    git(ada, "fetch", "-q")
    git(ada, "merge", "-q", "--ff-only", "origin/recap/proposal")
    git(ada, "push", "-q")
    forge.step(one, "publish")
    assert forge.log() == ["start", "recap: what the lists show"]
    assert forge.merges() == ""
    assert talks(one) == [("brewing-tea",)]


def test_forge_sees_again_what_was_proposed_before_a_person_pushed(tmp_path: Path) -> None:
    forge = proposing(tmp_path)
    one = forge.clone("one")
    forge.step(one, "publish")
    forge.meanwhile(*person(forge, "echo tea >note.txt"))
    forge.step(one, "publish")  # the person is quicker, but nothing is to be pushed
    forge.step(one, "publish")
    assert forge.log("recap/proposal") == ["start", "Ada was here", "recap: what the lists show"]
    assert talks(one) == [("brewing-tea",)]


def flow_of(root: Path) -> dict[str, Any]:
    """Return the workflow; its key `on` comes as one, for YAML 1.1 takes it for a boolean."""
    body = (root / ".github" / "workflows" / "recap.yml").read_text("utf-8")
    loaded: dict[Any, Any] = yaml.safe_load(body)
    return {"on" if key is True else key: value for key, value in loaded.items()}


def test_init_forge_writes_a_workflow_that_runs_one_at_a_time_at_an_odd_minute(
    forge: Forge,
) -> None:
    flow = flow_of(forge.here / "person")
    minute = int(flow["on"]["schedule"][0]["cron"].split()[0])
    assert (minute % 2, 0 < minute < 60) == (1, True)
    assert flow["concurrency"] == {"group": "recap", "cancel-in-progress": False}


def test_init_forge_keeps_what_each_try_of_a_run_learned(forge: Forge) -> None:
    # A cache is never written over: a second try of the same run needs a name of its own.
    steps = flow_of(forge.here / "person")["jobs"]["recap"]["steps"]
    caches = [step["with"] for step in steps if step.get("uses", "").startswith("actions/cache/")]
    own = "recap-${{ github.run_id }}-${{ github.run_attempt }}"
    assert [one["key"] for one in caches] == [own, own]
    assert caches[0]["restore-keys"] == "recap-"


def test_init_forge_names_the_branch_whatever_it_looks_like(tmp_path: Path) -> None:
    flow = flow_of(forge_at(tmp_path, "--branch", "1.10").here / "person")
    job = flow["jobs"]["recap"]
    assert flow["on"]["push"]["branches"] == ["1.10"]
    assert (job["env"]["RECAP_BRANCH"], job["steps"][0]["with"]["ref"]) == ("1.10", "1.10")


def test_init_forge_leaves_a_workflow_that_is_there_alone(forge: Forge) -> None:
    result = CliRunner().invoke(recap, ["init", "--forge", "-C", str(forge.here / "person")])
    assert isinstance(result.exception, ConfigError)
    assert "exists already; nothing was written" in result.exception.message


@pytest.mark.parametrize("options", [("--pull-request",), ("--branch", "next")])
def test_init_takes_options_of_the_forge_with_it_only(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(recap, ["init", *options, "-C", str(tmp_path)])
    assert (result.exit_code, "go with --forge" in result.output) == (2, True)
