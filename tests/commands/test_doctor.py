from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import recap
from pipeline.errors import DatasetError
from tests.workspace import CONFIG, TEA, Workspace


def doctor(tea: Workspace, *options: str) -> Result:
    return CliRunner().invoke(recap, ["doctor", "-C", str(tea.root), *options])


def code(result: Result) -> int:
    """Return the exit code that the command picked; click's own tester drops it."""
    assert result.exception is None, result.exception
    return int(result.return_value)


def test_doctor_of_what_is_in_order_says_so_line_by_line(tea: Workspace) -> None:
    tea.list_videos(TEA)
    result = CliRunner().invoke(recap, ["doctor", "-C", str(tea.root)], standalone_mode=False)
    lines = result.stdout.splitlines()
    assert (code(result), {line.partition(" ")[0] for line in lines}) == (0, {"ok"})
    assert "ok      list teaconf-2031/file-videos: it answers, and shows 1 videos" in lines


def test_doctor_exits_with_3_where_a_person_should_look(tea: Workspace) -> None:
    result = CliRunner().invoke(recap, ["doctor", "-C", str(tea.root)], standalone_mode=False)
    assert code(result) == 3
    assert result.stderr.splitlines() == [
        "warn    list teaconf-2031/file-videos: it answers, and shows nothing",
        "        is it the right list?",
    ]


def test_doctor_exits_with_2_where_the_configuration_is_broken_and_goes_no_further(
    tea: Workspace,
) -> None:
    tea.write("config.yaml", CONFIG.replace("url:", "ulr:"))
    result = CliRunner().invoke(
        recap, ["doctor", "-C", str(tea.root), "--json"], standalone_mode=False
    )
    found = json.loads(result.stdout)
    assert (code(result), found["worst"], len(found["findings"])) == (2, "broken", 1)
    assert "did you mean 'url'?" in found["findings"][0]["words"]


def test_doctor_offline_asks_no_list(tea: Workspace) -> None:
    result = CliRunner().invoke(
        recap, ["doctor", "-C", str(tea.root), "--offline", "--json"], standalone_mode=False
    )
    found = json.loads(result.stdout)
    assert (code(result), found["version"], found["worst"]) == (0, 1, "ok")
    assert not [one for one in found["findings"] if one["what"].startswith("list ")]


def test_doctor_asks_the_lists_of_some_events_only(tea: Workspace) -> None:
    other = (tea.event_folder / "event.yaml").read_text("utf-8").replace("teaconf-2031", "other")
    tea.write("data/other/event.yaml", other)
    tea.write("data/other/videos.yaml", f"videos: [{TEA}]\n")
    result = CliRunner().invoke(
        recap, ["doctor", "-C", str(tea.root), "other"], standalone_mode=False
    )
    lists = [line for line in result.stdout.splitlines() if " list " in line]
    assert [line.partition(":")[0] for line in lists] == ["ok      list other/file-videos"]


def test_doctor_says_where_there_is_no_such_event(tea: Workspace) -> None:
    result = doctor(tea, "teacnof-2031")
    assert isinstance(result.exception, DatasetError)
    assert "did you mean 'teaconf-2031'?" in result.exception.message


@pytest.mark.parametrize("options", [(), ("--offline",)])
def test_doctor_writes_nothing(tea: Workspace, options: tuple[str, ...]) -> None:
    before = sorted(tea.root.rglob("*"))
    doctor(tea, *options)
    assert sorted(tea.root.rglob("*")) == before
