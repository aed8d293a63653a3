"""`recap edit`: the person's own editor, at the right line, and what came of it."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from pipeline.commands.edit import command_line
from pipeline.errors import ConfigError
from tests.test_cli import at, run
from tests.workspace import EVENT, REPOSITORY, TEA, UNTITLED, Workspace, files_below

FILE = "data/teaconf-2031/event.yaml"
IMPORTED = "talks:\n  - {id: cups, title: Cups and Saucers}\n"
STUB = f"{EVENT}  - id: cups\n"


class Keyboard(io.StringIO):
    """A terminal's input, with what a person will type."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _no_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)


def person(monkeypatch: pytest.MonkeyPatch, root: Path, script: str, *, types: str = "") -> None:
    """Sit a person at the terminal, whose editor is a Python script over `path`."""
    editor = root / "editor.py"
    head = (
        "import pathlib, sys\npath = pathlib.Path(sys.argv[-1])\nbody = path.read_text('utf-8')\n"
    )
    editor.write_text(head + script, encoding="utf-8")
    monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{editor}'")
    monkeypatch.setattr(sys, "stdin", Keyboard(types))


def test_edit_without_a_terminal_says_file_and_line(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_below(tea.root)
    code, out, err = run(capsys, "edit", "porcelain", *at(tea))
    assert (code, out.splitlines()[0], err) == (0, f"{tea.root / FILE}:12", "")
    assert files_below(tea.root) == before


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("teaconf-2031", 1),
        ("brewing-tea", 9),
        ("teaconf-2031/porcelain", 12),
        ("tea at scale", 9),
    ],
)
def test_edit_finds_what_is_meant(
    tea: Workspace, capsys: pytest.CaptureFixture[str], words: str, line: int
) -> None:
    _, out, _ = run(capsys, "edit", words, *at(tea))
    assert out.splitlines()[0] == f"{tea.root / FILE}:{line}"


def test_edit_json_says_file_and_line(tea: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "edit", "porcelain", "--json", *at(tea))
    assert json.loads(out) == {
        "event": "teaconf-2031",
        "talk": "porcelain",
        "file": str(tea.root / FILE),
        "line": 12,
        "stub": None,
    }


def test_edit_gives_an_imported_talk_a_stub(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write("data/teaconf-2031/programme.yaml", IMPORTED)
    code, out, _ = run(capsys, "edit", "cups", *at(tea))
    lines = out.splitlines()
    assert (code, (tea.root / FILE).read_text("utf-8")) == (0, STUB)
    assert lines[6:9] == [
        "+  - id: cups",
        f"{FILE} written; `recap publish` publishes it",
        f"{tea.root / FILE}:17",
    ]


def test_edit_dry_run_prints_the_stub_and_writes_nothing(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write("data/teaconf-2031/programme.yaml", IMPORTED)
    before = files_below(tea.root)
    code, out, _ = run(capsys, "edit", "cups", "--dry-run", *at(tea))
    assert (code, out.splitlines()[-1]) == (0, "+  - id: cups")
    assert files_below(tea.root) == before


def test_edit_opens_nothing_when_the_stub_is_declined(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tea.write("data/teaconf-2031/programme.yaml", IMPORTED)
    person(monkeypatch, tea.root, "path.write_text('opened')\n", types="n\n")
    code, out, _ = run(capsys, "edit", "cups", *at(tea))
    assert (code, (tea.root / FILE).read_text("utf-8")) == (0, EVENT)
    assert out.endswith("Nothing was written.\n")


def test_edit_says_what_the_change_will_do(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tea.write(FILE, EVENT.replace("id: untitled", "id: untitled\n    expectation: withheld"))
    tea.list_videos(TEA, UNTITLED)
    tea.now = tea.now.replace(year=2020)
    tea.pass_()
    person(
        monkeypatch, tea.root, "path.write_text(body.replace('    expectation: withheld\\n', ''))\n"
    )
    code, out, err = run(capsys, "edit", "untitled", *at(tea))
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert [line for line in lines if line.startswith("-  ")] == ["-    expectation: withheld"]
    assert lines[-2:] == [
        "The file is in order. With the next `recap publish`:",
        "  teaconf-2031: + 1 recording, feed + 1, recap 2 of 3",
    ]


def test_edit_says_when_only_words_change(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person(monkeypatch, tea.root, "path.write_text(body.replace('Porcelain in', 'China in'))\n")
    code, out, _ = run(capsys, "edit", "porcelain", *at(tea))
    assert (code, out.splitlines()[-1]) == (
        0,
        "  no recording comes or goes; pages take the new words",
    )


def test_edit_says_when_nothing_changed(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person(monkeypatch, tea.root, "")
    assert run(capsys, "edit", "porcelain", *at(tea)) == (0, f"{FILE}: nothing changed\n", "")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("path.write_text(body.replace('start:', 'begin:'))\n", f"{FILE}:3:1: begin: unknown key"),
        ("path.write_text(body.replace('kind: file', 'kind: fil'))\n", "did you mean 'file'?"),
        ("path.unlink()\n", f"{FILE}: is missing"),
        ("path.write_bytes(b'\\xff')\n", f"{FILE}:1:1: is not UTF-8 here"),
        ("sys.exit(1)\n", "ended with exit code 1"),
    ],
)
def test_edit_says_what_is_wrong_afterwards(
    tea: Workspace,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    why: str,
) -> None:
    person(monkeypatch, tea.root, script)
    code, _, err = run(capsys, "edit", "teaconf-2031", *at(tea))
    assert code == 2
    assert why in err


def test_edit_opens_a_broken_event_where_it_is_broken(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(FILE, EVENT.replace("timezone:", "timezoen:"))
    code, out, err = run(capsys, "edit", "teaconf-2031", *at(tea))
    assert (code, out.splitlines()[0]) == (0, f"{tea.root / FILE}:5")
    assert f"{FILE}:5:1: timezoen: unknown key" in err


def test_edit_names_the_broken_event_in_which_a_talk_may_be(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(FILE, EVENT.replace("timezone:", "timezoen:"))
    code, _, err = run(capsys, "edit", "porcelain", *at(tea))
    no_talk, problem = err.splitlines()
    assert code == 2
    assert no_talk.startswith("recap: no talk is called 'porcelain'")
    assert no_talk.endswith("; or it stands in a file that has to be mended first:")
    assert problem.startswith(f"{FILE}:5:1: timezoen: unknown key")


def test_edit_names_an_event_file_that_is_missing(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write("data/empty/notes.txt", "Nothing yet.\n")
    code, _, err = run(capsys, "edit", "empty", *at(tea))
    assert code == 2
    assert err.startswith("recap: data/empty/event.yaml: is missing")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("teapots",), "no talk is called 'teapots'"),
        (("porcelain", "--event", "teaconf-2032"), "there is no event 'teaconf-2032'"),
    ],
)
def test_edit_refuses_what_does_not_exist(
    tea: Workspace, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    code, _, err = run(capsys, "edit", *arguments, *at(tea))
    assert code == 2
    assert why in err


def test_edit_names_an_editor_that_is_not_installed(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person(monkeypatch, tea.root, "")
    monkeypatch.setenv("VISUAL", "no-such-editor")
    code, _, err = run(capsys, "edit", "porcelain", *at(tea))
    assert code == 2
    assert err == (
        "recap: no-such-editor: the editor cannot be started: No such file or directory; "
        "set VISUAL or EDITOR to one that is installed\n"
    )


def test_the_examples_of_the_page_are_real(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tea.write("data/teaconf-2031/programme.yaml", IMPORTED)
    monkeypatch.chdir(tea.root)
    monkeypatch.setenv("EDITOR", "vim")
    page = (REPOSITORY / "docs" / "editing.md").read_text("utf-8")
    examples = re.findall(r"```console\n\$ recap (.*)\n((?:.*\n)*?)```", page)
    shown = dict(examples)
    real = {command: run(capsys, *shlex.split(command))[1] for command, _ in examples}
    assert (shown, len(shown)) == (real, 3)


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"EDITOR": "vim"}, ["vim", "+12", "event.yaml"]),
        ({"VISUAL": "emacs -nw", "EDITOR": "vi"}, ["emacs", "-nw", "+12", "event.yaml"]),
        ({"VISUAL": "", "EDITOR": "/usr/bin/nano"}, ["/usr/bin/nano", "+12", "event.yaml"]),
        ({"EDITOR": "code --wait"}, ["code", "--wait", "event.yaml"]),
        ({}, []),
    ],
)
def test_editors_that_can_are_sent_to_the_line(
    environment: dict[str, str], command: list[str]
) -> None:
    assert command_line(environment, Path("event.yaml"), line=12) == command


def test_an_editor_with_an_open_quote_is_refused() -> None:
    with pytest.raises(ConfigError, match="mend VISUAL or EDITOR"):
        command_line({"EDITOR": "vim '"}, Path("event.yaml"), line=1)
