"""The command line as its users type it: words, data and exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from pipeline.cli import main, recap
from tests.workspace import CAMP, EVENT, REPOSITORY, TEA, UNTITLED, Workspace, files_below


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return exit code, stdout and stderr of `recap ARGUMENTS`."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(str(ended.value.code)), out, err


def at(workspace: Workspace, *more: str) -> list[str]:
    return ["-C", str(workspace.root), *more]


def test_publish_ends_with_a_readable_summary(
    camp: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "publish", *at(camp))
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Container Camp San Francisco 2016: 13 of 13 recordings out"
    assert sum(line.startswith("  + ") for line in lines) == 13
    assert (
        "  container-standards-and-interfaces took its title from its upload: "
        "Container Standards and Interfaces: An Update"
    ) in lines
    assert lines[-1] == f"  see {camp.root / 'feeds' / CAMP / 'index.html'}"
    assert (camp.root / "feeds" / CAMP / "index.html").exists()


def test_publish_says_when_nothing_changed(
    camp: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "publish", *at(camp))
    code, out, _ = run(capsys, "publish", *at(camp))
    assert (code, out.splitlines()[1]) == (0, "Nothing changed in feeds/.")


def test_publish_json_gives_data_on_stdout_and_words_on_stderr(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.list_videos(TEA)
    code, out, err = run(capsys, "publish", "--json", *at(tea))
    made = json.loads(out)
    assert (code, made["exit_code"], made["events"][0]["out"]) == (0, 0, 1)
    assert "TeaConf 2031: 1 of 3 recordings out, 2 awaited" in err


def test_publish_dry_run_prints_the_semantic_diff(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.list_videos(TEA, UNTITLED)
    before = files_below(tea.root)
    code, out, _ = run(capsys, "publish", "--dry-run", *at(tea))
    assert (code, out.splitlines()[-1]) == (
        0,
        "teaconf-2031: + 2 recordings, feed + 2, mail draft + 2, recap 2 of 3",
    )
    assert files_below(tea.root) == before


def test_publish_exits_3_when_a_person_is_needed_only_if_asked_to(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    mixed = EVENT.replace("path: videos.yaml", "path: videos.yaml, only_this_event: false")
    tea.write("data/teaconf-2031/event.yaml", mixed)
    tea.list_videos(UNTITLED)
    assert [
        run(capsys, "publish", "--exit-code", *at(tea))[0],
        run(capsys, "publish", *at(tea))[0],
    ] == [3, 0]


def test_publish_exits_2_for_broken_files_and_names_the_place(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(
        "data/teaconf-2031/event.yaml", EVENT.replace("title: Pors", "x").replace("start", "begin")
    )
    code, _, err = run(capsys, "publish", "--exit-code", *at(tea))
    assert code == 2
    assert "data/teaconf-2031/event.yaml:3:1: begin: unknown key 'begin'" in err


def test_publish_exits_2_when_the_given_clock_goes_back(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.list_videos(TEA)
    codes = [
        run(capsys, "publish", "--now", when, *at(tea))[0]
        for when in ("2031-05-20T12:00:00Z", "2031-05-20T11:59:59Z", "2031-05-20T12:00:00Z")
    ]
    assert codes == [0, 2, 0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("publish", "--now", "yesterday"), "no time with an offset"),
        (("publish", "--frobnicate"), "No such option"),
        (("public",), "No such command"),
    ],
)
def test_wrong_usage_exits_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert words in err


def test_a_missing_tag_exits_2_with_the_line_to_add(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write("config.yaml", "site:\n  url: https://recaps.example.org/\n")
    code, _, err = run(capsys, "publish", *at(tea))
    assert code == 2
    assert (
        "config.yaml:1:1: site: tag is required; insert the line `tag: recaps.example.org,2026`"
        in err
    )


def test_a_folder_without_configuration_exits_2_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "status", "-C", str(tmp_path))
    assert code == 2
    assert "start a new one with `recap init`" in err


def test_check_counts_what_is_in_order(camp: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", *at(camp)) == (0, "1 event, 13 talks: all in order\n", "")


def test_check_names_every_problem(tea: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    tea.write("data/teaconf-2031/event.yaml", "id: teaconf-2031\ncolour: red\n")
    code, _, err = run(capsys, "check", *at(tea))
    assert code == 2
    file = "data/teaconf-2031/event.yaml"
    *required, unknown, count = err.splitlines()
    assert (required, count) == (
        [
            f"{file}:1:1: name is required; insert the line `name: …`",
            f"{file}:1:1: start is required; insert the line `start: …`",
        ],
        "3 problems",
    )
    assert unknown == f"{file}:2:1: colour: unknown key 'colour'; did you mean 'country'?"


def test_check_names_gone_events_and_words_about_what_does_not_exist(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write("data/cupconf-2031/event.yaml", EVENT.replace("teaconf-2031", "cupconf-2031"))
    tea.write("data/cupconf-2031/videos.yaml", "videos: []\n")
    run(capsys, "publish", *at(tea))
    tea.drop("data/cupconf-2031")
    tea.write("data/no-publish.yaml", "talks: [teaconf-2031/porcelian, teaconf/tea]\n")
    code, _, err = run(capsys, "check", *at(tea))
    assert code == 2
    gone, misspelt, unknown, count = err.splitlines()
    assert gone.startswith("data/cupconf-2031: is gone, but data/ledger.yaml knows this event")
    assert "names teaconf-2031/porcelian, which does not exist" in misspelt
    assert "names teaconf/tea, but there is no event of that id" in unknown
    assert count == "3 problems"


def test_status_says_how_things_stand_without_looking_or_writing(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.list_videos(TEA)
    run(capsys, "publish", *at(tea))
    tea.list_videos(TEA, UNTITLED)
    before = files_below(
        tea.root,
        leave_out=(".recap/state.sqlite", ".recap/state.sqlite-wal", ".recap/state.sqlite-shm"),
    )
    code, out, _ = run(capsys, "status", *at(tea))
    assert code == 0
    assert out.splitlines()[0] == "TeaConf 2031: 1 of 3 recordings out, 2 awaited"
    assert "teaconf-2031/file-videos: last good 20" in out
    assert (
        files_below(
            tea.root,
            leave_out=(".recap/state.sqlite", ".recap/state.sqlite-wal", ".recap/state.sqlite-shm"),
        )
        == before
    )


def test_init_starts_a_repository_that_publishes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "init", "--no-input", str(tmp_path / "mine"))
    assert code == 0
    assert "3. Run `recap publish" in out
    code, out, err = run(capsys, "publish", "-C", str(tmp_path / "mine"))
    assert (code, err, out.splitlines()[0]) == (
        0,
        "",
        "Example Conf 2031: 1 of 2 recordings out, 1 awaited",
    )


def test_init_makes_the_tag_from_the_sites_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init", "--no-input", "--url", "https://recaps.example.org/x/", str(tmp_path))
    body = (tmp_path / "config.yaml").read_text("utf-8")
    assert re.search(r"^  tag: recaps\.example\.org,\d{4}$", body, re.MULTILINE)


def test_init_ignores_what_runs_write_but_not_the_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init", "--no-input", str(tmp_path))
    lines = (tmp_path / ".gitignore").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["feeds/*", ".recap/"]


def test_init_never_writes_over_a_persons_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "init", "--no-input", str(tmp_path))
    assert (code, (tmp_path / "config.yaml").read_text("utf-8")) == (2, "mine")
    assert "exists already; nothing was written" in err


def test_schema_writes_what_the_repository_ships(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "schema", "-C", str(tmp_path))
    shipped = {path.name: path.read_bytes() for path in (REPOSITORY / "schemas").glob("*.json")}
    made = {path.name: path.read_bytes() for path in (tmp_path / "schemas").glob("*.json")}
    assert made == shipped


def test_deliver_says_that_there_is_nothing_to_deliver(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "deliver", *at(tea)) == (
        0,
        "Nothing to deliver: config.yaml has no `notify:`, `feeds.hub` or `mail.to`.\n",
        "",
    )


def test_every_command_takes_the_options_that_all_take() -> None:
    names = {"-C", "--json", "-q", "-v", "--no-input"}
    context = click.Context(recap)
    found = [recap.get_command(context, name) for name in recap.list_commands(context)]
    waiting: list[click.Command] = [command for command in found if command]
    assert len(waiting) == len(found)
    while waiting:
        command = waiting.pop()
        if isinstance(command, click.Group):
            waiting.extend(command.commands.values())
            continue
        options = {flag for parameter in command.params for flag in parameter.opts}
        assert names <= options, command.name
