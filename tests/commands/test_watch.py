"""`recap watch add`: one more list in event.yaml, after a look at the diff."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.commands import eventfile
from pipeline.commands.terminal import Terminal
from pipeline.commands.watch import told_kind
from pipeline.errors import PublishError
from pipeline.files.lock import hold
from pipeline.model import EventFiles
from pipeline.written.yamltext import Plain
from tests.test_cli import at, run
from tests.workspace import EVENT, START, Workspace, files_below

FILE = "data/teaconf-2031/event.yaml"
LIST = "https://www.youtube.com/playlist?list=PLteaconf2031recordings"
ROW = f"  - kind: youtube\n    url: {LIST}\n"
ADDED = EVENT.replace("talks:\n", f"{ROW}talks:\n")


def event_yaml(workspace: Workspace) -> str:
    return (workspace.root / FILE).read_bytes().decode()


def test_watch_add_shows_the_diff_and_inserts_the_list(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "watch", "add", LIST, *at(tea))
    assert (code, err, event_yaml(tea)) == (0, "", ADDED)
    assert out.splitlines() == [
        f"--- {FILE}",
        f"+++ {FILE}",
        "@@ -5,6 +5,8 @@",
        " timezone: Europe/Berlin",
        " watch:",
        "   - {kind: file, path: videos.yaml}",
        "+  - kind: youtube",
        f"+    url: {LIST}",
        " talks:",
        "   - id: brewing-tea",
        "     title: Brewing Tea at Scale",
        f"{FILE} written; `recap publish` publishes it",
    ]


def test_watch_add_writes_every_option(tea: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    more = ("--event", "teaconf-2031", "--id", "all", "--every", "6 hours")
    code, _, _ = run(capsys, "watch", "add", LIST, *more, "--not-only-this-event", *at(tea))
    row = ROW.replace("    url", "    id: all\n    url")
    row += "    only_this_event: false\n    every: 6 hours\n"
    assert (code, event_yaml(tea)) == (0, EVENT.replace("talks:\n", f"{row}talks:\n"))


def test_watch_add_dry_run_writes_nothing(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_below(tea.root)
    code, out, _ = run(capsys, "watch", "add", LIST, "--dry-run", *at(tea))
    assert (code, out.splitlines()[-1]) == (0, "     title: Brewing Tea at Scale")
    assert files_below(tea.root) == before


def test_watch_add_json_says_what_was_inserted(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "watch", "add", LIST, "--json", *at(tea))
    made = json.loads(out)
    diff = made.pop("diff")
    assert [line for line in diff if line.startswith("+ ")] == [
        "+  - kind: youtube",
        f"+    url: {LIST}",
    ]
    assert made == {
        "event": "teaconf-2031",
        "file": FILE,
        "item": {"kind": "youtube", "url": LIST},
        "written": True,
    }


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (LIST, "youtube"),
        ("youtube.com/@teaconf", "youtube"),
        ("https://m.youtube.com/@teaconf", "youtube"),
        ("https://notyoutube.com/videos.json", "file"),
        ("https://example.org/youtube.com/list.json", "file"),
        ("videos.yaml", "file"),
    ],
)
def test_the_kind_is_told_from_the_address(address: str, kind: str) -> None:
    assert told_kind(address) == kind


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("https://example.org/list.json", "    url: https://example.org/list.json"),
        ("youtube.com/@teaconf", "    url: https://youtube.com/@teaconf"),
    ],
)
def test_watch_add_writes_addresses_in_full(
    tea: Workspace, capsys: pytest.CaptureFixture[str], address: str, line: str
) -> None:
    run(capsys, "watch", "add", address, *at(tea))
    assert event_yaml(tea).splitlines()[8] == line


def test_watch_add_takes_a_path_from_here_to_the_events_folder(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tea.write("lists/more.yaml", "videos: []\n")
    monkeypatch.chdir(tea.root)
    code, _, err = run(capsys, "watch", "add", "lists/more.yaml")
    assert (code, err, event_yaml(tea).splitlines()[8]) == (
        0,
        "",
        "    path: ../../lists/more.yaml",
    )


def test_watch_add_warns_of_a_file_that_is_not_there_yet(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "watch", "add", "later.yaml", *at(tea))
    where = tea.event_folder / "later.yaml"
    assert (code, err) == (0, f"There is no file {where} yet; looks fail until then.\n")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("https://www.youtube.com/watch?v=tea00000001",), "is one video, not a list"),
        (("videos.yaml",), "watches videos.yaml already, as the list 'file-videos'"),
        ((LIST, "--kind", "youtub"), "did you mean 'youtube'?"),
        ((LIST, "--every", "often"), "'often' is no interval"),
        ((LIST, "--id", "file-videos"), "a second watch list is called 'file-videos'"),
        ((LIST, "--event", "teaconf-2032"), "did you mean 'teaconf-2031'?"),
    ],
)
def test_watch_add_refuses_what_could_not_be_watched(
    tea: Workspace, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    code, _, err = run(capsys, "watch", "add", *arguments, *at(tea))
    assert (code, event_yaml(tea)) == (2, EVENT)
    assert why in err


def test_watch_add_asks_which_event_where_there_are_several(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write("data/teaconf-2032/event.yaml", EVENT.replace("2031", "2032"))
    code, _, err = run(capsys, "watch", "add", LIST, *at(tea))
    assert (code, err) == (
        2,
        "recap: name the event with --event ID; there are 2: teaconf-2031, teaconf-2032\n",
    )


def test_watch_add_prints_the_lines_for_a_list_in_brackets(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    flow = EVENT.replace("watch:\n  - {kind: file, path: videos.yaml}", "watch: []")
    tea.write(FILE, flow)
    code, _, err = run(capsys, "watch", "add", LIST, *at(tea))
    assert (code, event_yaml(tea)) == (2, flow)
    assert err.endswith(f"paste under `watch:`\n{ROW}")


# The writer itself, which all three commands share.


def insert(workspace: Workspace, make: eventfile.Make, *, ask: bool = False) -> eventfile.Insertion:
    return eventfile.insert(
        Terminal(root=workspace.root, may_ask=ask),
        workspace.config,
        event_id="teaconf-2031",
        key="watch",
        make=make,
        dry_run=False,
    )


def listed(_: EventFiles) -> Mapping[str, Plain]:
    return {"kind": "youtube", "url": LIST}


@pytest.mark.parametrize(("answer", "body"), [("\n", ADDED), ("n\n", EVENT)])
def test_a_person_is_asked_before_the_file_is_written(
    tea: Workspace, answer: str, body: str
) -> None:
    with CliRunner().isolation(input=answer):
        made = insert(tea, listed, ask=True)
    assert (event_yaml(tea), made.written) == (body, body == ADDED)


def test_what_an_editor_saved_meanwhile_is_kept(tea: Workspace) -> None:
    asked: list[str] = []

    def busy(_: EventFiles) -> Mapping[str, Plain]:
        if not asked:
            tea.write(FILE, f"# Saved meanwhile.\n{EVENT}")
        asked.append("")
        return listed(_)

    made = insert(tea, busy)
    assert (made.written, len(asked), event_yaml(tea)) == (
        True,
        2,
        f"# Saved meanwhile.\n{ADDED}",
    )


def test_an_editor_that_saves_again_and_again_stops_the_write(tea: Workspace) -> None:
    saved: list[str] = []

    def busier(_: EventFiles) -> Mapping[str, Plain]:
        saved.append(f"# {len(saved)}\n{EVENT}")
        tea.write(FILE, saved[-1])
        return listed(_)

    with pytest.raises(PublishError, match="was saved twice while this was under way"):
        insert(tea, busier)
    assert event_yaml(tea) == saved[-1]


def test_no_lock_is_held_while_the_person_thinks(tea: Workspace, tmp_path: Path) -> None:
    def thinking(_: EventFiles) -> Mapping[str, Plain]:
        with hold(tea.config.data, holder=tmp_path / "other.json", now=START):
            return listed(_)

    assert insert(tea, thinking).written


def test_the_write_waits_for_the_run_that_is_under_way(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eventfile, "LOCK_WAIT_S", 0.0)
    with hold(tea.config.data, holder=tea.config.state / "holder.json", now=START):
        code, _, err = run(capsys, "watch", "add", LIST, *at(tea))
    assert (code, event_yaml(tea)) == (75, EVENT)
    assert "a run is at work on it" in err


def test_line_ends_byte_order_mark_and_mode_stay(tea: Workspace) -> None:
    path = tea.root / FILE
    path.write_bytes(b"\xef\xbb\xbf" + EVENT.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    insert(tea, listed)
    assert path.read_bytes() == b"\xef\xbb\xbf" + ADDED.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_to_the_file_stays_a_link(tea: Workspace) -> None:
    path = tea.root / FILE
    kept = tea.root / "kept.yaml"
    path.rename(kept)
    path.symlink_to(kept)
    insert(tea, listed)
    assert (path.is_symlink(), kept.read_text("utf-8")) == (True, ADDED)
