"""`recap import` and `recap init --from`, as people type them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from pipeline.cli import main
from tests.commands.person import Keyboard
from tests.importing.fakes import BARE_EVENT, PROGRAMME, bare, change, use_fakes
from tests.workspace import CONFIG, Workspace, bytes_below, files_below

FILE = "data/teaconf-2031/programme.yaml"
EVENT_FILE = "data/teaconf-2031/event.yaml"
RENAMED = (("Porcelain in Production", "Cracks"), ("id: porcelain", "id: cracks"), ("BBB", "NEW"))

Recap = Callable[..., tuple[int, str, str]]


@pytest.fixture
def recap(
    tea: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Recap:
    """Types a command at an event without talks and a programme of three; returns what it says."""
    use_fakes(monkeypatch)
    bare(tea)

    def typed(*arguments: str, keys: str | None = None) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", Keyboard(keys) if keys else io.StringIO())
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "-C", str(tea.root)])
        out, err = capsys.readouterr()
        return int(str(ended.value.code)), out, err

    return typed


def test_import_says_what_is_added_and_writes_it(recap: Recap, tea: Workspace) -> None:
    assert recap("import", "fake", "programme") == (
        0,
        (
            "teaconf-2031: 3 added\n"
            "added\n"
            "  brewing-tea: Brewing Tea at Scale (Ada Example)\n"
            "  porcelain: Porcelain in Production (Grace Sample)\n"
            "  kettles: Whistling Kettles (Alan Specimen)\n"
            f"{FILE} written; `recap publish` publishes it\n"
        ),
        "",
    )
    assert (tea.root / FILE).exists()
    assert (tea.root / EVENT_FILE).read_text("utf-8") == BARE_EVENT


def test_import_twice_changes_nothing(recap: Recap, tea: Workspace) -> None:
    recap("import", "fake", "programme")
    before = files_below(tea.root)
    assert recap("import", "fake", "programme") == (0, "teaconf-2031: nothing changes\n", "")
    assert files_below(tea.root) == before


def test_import_dry_run_writes_nothing(recap: Recap, tea: Workspace) -> None:
    before = files_below(tea.root)
    code, out, _ = recap("import", "fake", "programme", "--dry-run")
    assert (code, out.splitlines()[0]) == (0, "teaconf-2031: 3 added")
    assert files_below(tea.root) == before


def test_import_asks_nobody_without_a_terminal_and_says_how_to_answer(
    recap: Recap, tea: Workspace
) -> None:
    recap("import", "fake", "programme")
    before = bytes_below(tea.root / "data")
    change(tea, *RENAMED)
    code, out, err = recap("import", "fake", "programme")
    assert (code, out, err) == (
        3,
        "teaconf-2031: nothing changes\n",
        (
            "? Cracks (Grace Sample): a new talk, or one that is known under another title?\n"
            "  1  porcelain: Porcelain in Production (Grace Sample); 0.60 alike\n"
            "  answer with --bind NEW=ID or --new NEW\n"
            "teaconf-2031: nothing was written\n"
        ),
    )
    assert bytes_below(tea.root / "data") == before


def test_import_takes_an_answer_as_an_option(recap: Recap, tea: Workspace) -> None:
    recap("import", "fake", "programme")
    change(tea, *RENAMED)
    code, out, _ = recap("import", "fake", "programme", "--bind", "NEW=porcelain")
    assert (code, out.splitlines()[:3]) == (
        0,
        [
            "teaconf-2031: 1 renamed, 1 with other details",
            "renamed",
            "  porcelain: Porcelain in Production → Cracks",
        ],
    )


def test_import_takes_the_answer_that_a_talk_is_new(recap: Recap, tea: Workspace) -> None:
    recap("import", "fake", "programme")
    change(tea, *RENAMED)
    code, out, _ = recap("import", "fake", "programme", "--new", "NEW")
    assert (code, out.splitlines()[0]) == (0, "teaconf-2031: 1 added, 1 cancelled")


@pytest.mark.parametrize(
    ("keys", "first"),
    [("\n", "1 renamed, 1 with other details"), ("n\n", "1 added, 1 cancelled")],
)
def test_import_asks_at_a_terminal(recap: Recap, tea: Workspace, keys: str, first: str) -> None:
    recap("import", "fake", "programme")
    change(tea, *RENAMED)
    code, out, _ = recap("import", "fake", "programme", keys=keys)
    assert (code, f"teaconf-2031: {first}" in out) == (0, True)


def test_import_refuses_to_cancel_most_talks_without_force(recap: Recap, tea: Workspace) -> None:
    recap("import", "fake", "programme")
    tea.write("programme", "\n".join(PROGRAMME.splitlines()[:3]) + "\n")
    refused = recap("import", "fake", "programme")
    forced = recap("import", "fake", "programme", "--force")
    assert (refused[0], "import with --force" in refused[2], forced[0]) == (3, True, 0)


def test_import_refuses_a_programme_file_that_was_changed_by_hand(
    recap: Recap, tea: Workspace
) -> None:
    recap("import", "fake", "programme")
    edited = (tea.root / FILE).read_text("utf-8").replace("title: Porcelain in", "title: China in")
    tea.write(FILE, edited)
    assert recap("import", "fake", "programme") == (
        2,
        "",
        (
            f"recap: {FILE}: porcelain: was changed by hand; import with --keep-changes to have it "
            "moved, or write into event.yaml under `talks:`\n"
            "  - id: porcelain\n"
            "    title: China in Production\n"
        ),
    )
    assert (tea.root / FILE).read_text("utf-8") == edited


def test_import_moves_changes_by_hand_to_event_yaml(recap: Recap, tea: Workspace) -> None:
    recap("import", "fake", "programme")
    before = (tea.root / FILE).read_bytes()
    edited = before.decode().replace("title: Porcelain in", "title: China in")
    tea.write(FILE, edited.replace("checks:", "- id: mugs\n  title: Mugs\nchecks:"))
    code, out, err = recap("import", "fake", "programme", "--keep-changes")
    assert (code, err) == (0, "")
    assert "teaconf-2031: 1 renamed" in out
    assert (tea.root / EVENT_FILE).read_text("utf-8") == (
        f"{BARE_EVENT}talks:\n"
        "  - id: porcelain\n    title: China in Production\n"
        "  - id: mugs\n    title: Mugs\n"
    )
    assert (tea.root / FILE).read_bytes() == before


def test_import_says_what_to_move_where_event_yaml_has_the_talk(
    recap: Recap, tea: Workspace
) -> None:
    recap("import", "fake", "programme")
    tea.write(EVENT_FILE, BARE_EVENT + "talks:\n  - {id: porcelain, track: Clay}\n")
    edited = (tea.root / FILE).read_text("utf-8").replace("title: Porcelain in", "title: China in")
    tea.write(FILE, edited)
    code, _, err = recap("import", "fake", "programme", "--keep-changes")
    assert (code, err.splitlines()[-2:]) == (
        2,
        ["id: porcelain", "title: China in Production"],
    )
    tea.write(EVENT_FILE, BARE_EVENT + "talks: [{id: porcelain, title: China in Production}]\n")
    assert recap("import", "fake", "programme", "--keep-changes")[0] == 0


def test_import_json_is_data(recap: Recap) -> None:
    code, out, _ = recap("import", "fake", "programme", "--json")
    made = json.loads(out)
    assert (code, made["event"], made["written"], made["changes"][0]) == (
        0,
        "teaconf-2031",
        True,
        {"kind": "added", "talk": "brewing-tea", "text": "Brewing Tea at Scale (Ada Example)"},
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("fake", "nowhere"), 1, "the programme nowhere cannot be read"),
        (("fakes", "programme"), 2, "no programme of kind 'fakes' is installed"),
        (("fake", "programme", "--event", "teaconf-2013"), 2, "did you mean 'teaconf-2031'"),
        (("fake", "programme", "--option", "rom=1"), 2, "has no option 'rom'"),
        (("fake", "programme", "--option", "room"), 2, "--option 'room': write it as NAME=VALUE"),
        (("fake", "programme", "--bind", "AAA=mugs"), 2, "no talk 'mugs' is known here"),
        (("fake", "programme", "--all", "--new", "A"), 2, "--all takes every event"),
    ],
)
def test_import_says_what_is_wrong(
    recap: Recap, arguments: tuple[str, ...], code: int, words: str
) -> None:
    found, _, err = recap("import", *arguments)
    assert (found, words in err) == (code, True), err


ARCHIVE = (
    PROGRAMME
    + """\
- {key: cupconf-2031, name: CupConf 2031, start: 2031-06-01, talks: [{id: cups, title: Cups}]}
- {key: lost-2031, name: LostConf 2031, talks: [{id: lost, title: Lost}]}
- {key: cupconf-2031, name: CupConf again, start: 2031-06-01, talks: [{id: mugs, title: Mugs}]}
- {key: potconf-2031, name: PotConf 2031, start: 2031-07-01, talks: [{id: pots, title: Pots}]}
"""
)


def test_import_all_updates_what_is_there_and_starts_what_is_new(
    recap: Recap, tea: Workspace
) -> None:
    tea.write("programme", ARCHIVE)
    code, out, err = recap("import", "fake", "programme", "--all")
    heads = [line for line in out.splitlines() if line.endswith(" added")]
    assert (code, heads) == (
        1,
        ["teaconf-2031: 3 added", "cupconf-2031: 1 added", "potconf-2031: 1 added"],
    )
    assert err == (
        "LostConf 2031: the programme does not tell its first day (--start); nothing was written "
        "for it. Give what is missing and run this again\n"
        "cupconf-2031: a second event of the archive is called that; it was left out. Import it "
        "alone, with --event and an id of its own\n"
    )
    assert recap("check")[:2] == (0, "3 events, 5 talks: all in order\n")


def test_import_all_again_changes_nothing(recap: Recap, tea: Workspace) -> None:
    tea.write("programme", ARCHIVE)
    recap("import", "fake", "programme", "--all")
    before = files_below(tea.root)
    recap("import", "fake", "programme", "--all")
    assert files_below(tea.root) == before


NEW = """\
- name: "CupConf: 2031"
  start: 2031-06-01
  end: 2031-06-02
  timezone: Europe/Berlin
  introduction: |
    Two days of cups.

    And a *saucer*: too.
  talks:
    - {id: cups, title: Cups, speakers: [Ada Example]}
"""


def test_init_from_starts_a_repository_with_the_event(recap: Recap, tea: Workspace) -> None:
    tea.write("new", NEW)
    code, out, err = recap("init", "--no-input", "--from", "fake", "new", "mine")
    assert (code, err) == (0, "")
    root = tea.root / "mine"
    assert out.splitlines() == [
        "cupconf-2031: 1 added",
        "added",
        "  cups: Cups (Ada Example)",
        f"Started a recap in {root}.",
        f"  1. Look at {root}/config.yaml: `site.tag` stays for ever, `site.url` may move.",
        (
            f"  2. Look at {root}/data/cupconf-2031/event.yaml, and name its recordings: "
            "`recap watch add URL -C mine`."
        ),
        f"  3. Run `recap publish -C mine` and look at {root}/feeds.",
    ]
    assert (
        (tea.root / "mine/data/cupconf-2031/event.yaml").read_text("utf-8")
        == """\
# yaml-language-server: $schema=../../schemas/event.json
# This file is yours; no run and no import ever writes it. The talks stand in programme.yaml beside
# it. What you write here under `talks:` wins over them; `recap edit TALK` makes the place for it.
id: cupconf-2031
name: 'CupConf: 2031'
start: 2031-06-01
end: 2031-06-02
timezone: Europe/Berlin
recap:
  introduction: |
    Two days of cups.

    And a *saucer*: too.

# `recap watch add URL` adds a list on which the recordings come out.
"""
    )


def test_init_from_adds_an_event_to_a_repository(recap: Recap, tea: Workspace) -> None:
    tea.write("new", NEW)
    code, out, err = recap("init", "--from", "fake", "new", "--event", "cups")
    assert (code, err) == (0, "")
    assert f"Added cups in {tea.root / '.'}." in out
    assert recap("check")[:2] == (0, "2 events, 1 talks: all in order\n")
    assert (tea.root / "config.yaml").read_text("utf-8") == CONFIG


def test_init_from_takes_what_the_programme_does_not_tell(recap: Recap, tea: Workspace) -> None:
    tea.write("new", "- talks: [{id: cups, title: Cups}]\n")
    refused = recap("init", "--from", "fake", "new")
    taken = recap("init", "--from", "fake", "new", "--name", "CupConf", "--start", "2031-06-01")
    assert (refused[0], taken[0]) == (2, 0)
    assert "does not tell its name (--name) or its first day (--start)" in refused[2]


def test_init_from_writes_over_no_event(recap: Recap, tea: Workspace) -> None:
    before = bytes_below(tea.root / "data")
    code, _, err = recap("init", "--from", "fake", "programme", "--start", "2031-05-17")
    assert (code, bytes_below(tea.root / "data")) == (2, before)
    assert "exists already; nothing was written. Import into it with `recap import fake" in err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--name", "X"), "go with --from KIND SOURCE"),
        (("--from", "fake", "new", "--start", "June"), "--start: 'June' is no date"),
    ],
)
def test_init_says_what_is_wrong(
    recap: Recap, tea: Workspace, more: tuple[str, ...], words: str
) -> None:
    tea.write("new", NEW)
    code, _, err = recap("init", "--no-input", *more, "other")
    assert (code, words in err, (tea.root / "other").exists()) == (2, True, False)
