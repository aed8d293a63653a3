"""`recap status` as its users type it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from pipeline.sending.letters import Letters
from pipeline.state.database import State
from tests.sending.test_letters import letter
from tests.test_cli import at, run
from tests.workspace import EVENT, TEA, UNTITLED, Workspace

EVENT_FILE = "data/teaconf-2031/event.yaml"
MIXED = EVENT.replace("path: videos.yaml", "path: videos.yaml, only_this_event: false")
WATCH = "https://www.youtube.com/watch?v="
STALE = (
    "teaconf-2031/file-videos: not looked at since 2031-05-20T12:00:00Z; is `recap serve` running?"
)
CANCELLED = """\
  - id: cups
    title: Cups and Bowls
    speakers: [Eve Muster]
    expectation: cancelled
"""


@pytest.fixture(autouse=True)
def _clock(tea: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.commands.status.clock", lambda: tea.now)


def publish(tea: Workspace, capsys: pytest.CaptureFixture[str], *rows: str) -> None:
    """Let the list show `rows` and run a pass that leaves its state on disk."""
    tea.list_videos(*rows)
    code, _, _ = run(capsys, "publish", "-q", "--now", tea.now.isoformat(), *at(tea))
    assert code == 0


def with_expectation(expectation: str, event: str = EVENT) -> str:
    line = f"    expectation: {expectation}\n    title: Porcelain"
    return event.replace("    title: Porcelain", line)


def test_status_counts_and_names_who_is_awaited_and_gated(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(EVENT_FILE, with_expectation("{embargoed: 2031-06-01}") + CANCELLED)
    publish(tea, capsys, TEA)
    code, out, err = run(capsys, "status", *at(tea))
    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == [
        "TeaConf 2031: 1 of 3 recordings out, 1 awaited, 1 embargoed; 1 cancelled, not counted",
        "  embargoed until 2031-06-01: Porcelain in Production (Grace Sample)",
        "  awaited: untitled talk by Alan Specimen",
        "  cancelled: Cups and Bowls (Eve Muster)",
    ]


def test_status_names_the_cancelled_talk_of_an_event_that_is_complete(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(EVENT_FILE, with_expectation("cancelled"))
    publish(tea, capsys, TEA, UNTITLED)
    _, out, _ = run(capsys, "status", *at(tea))
    assert out.splitlines()[:2] == [
        "TeaConf 2031: 2 of 2 recordings out; 1 cancelled, not counted",
        "  cancelled: Porcelain in Production (Grace Sample)",
    ]


def test_status_tells_of_the_chosen_event_only(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    other = EVENT.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")
    tea.write("data/cupconf-2031/event.yaml", other)
    tea.write("data/cupconf-2031/videos.yaml", "videos: []\n")
    publish(tea, capsys, TEA)
    _, out, _ = run(capsys, "status", "cupconf-2031", *at(tea))
    assert [line for line in out.splitlines() if not line.startswith(" ")] == [
        "CupConf 2031: 0 of 3 recordings out, 3 awaited"
    ]


def test_status_refuses_an_event_that_does_not_exist(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "status", "teaconf-2013", *at(tea))
    assert code == 2
    assert "there is no event 'teaconf-2013'; did you mean 'teaconf-2031'?" in err


def test_status_says_what_waits_for_a_person(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(EVENT_FILE, MIXED)
    publish(tea, capsys, UNTITLED)
    code, out, _ = run(capsys, "status", *at(tea))
    assert code == 0
    assert out.splitlines()[4:6] == [
        f"  waits for a person: Whistling Kettles - Alan Specimen ({WATCH}unt00000001)",
        "  answer with `recap review`",
    ]


def test_status_warns_of_a_public_video_of_a_withheld_talk_at_every_call(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(EVENT_FILE, with_expectation("withheld"))
    publish(tea, capsys, "{id: por00000001, title: Porcelain in Production - Grace Sample}")
    warnings = [run(capsys, "status", "-q", *at(tea))[2] for _ in range(2)]
    assert warnings[0] == warnings[1]
    assert warnings[0].startswith(
        "  ! youtube:por00000001 is public, but teaconf-2031/porcelain is withheld: "
    )


def open_gap(tea: Workspace) -> None:
    """Let the ledger say that the list may have missed videos."""
    path = tea.event_folder / "recordings.yaml"
    row = "  file-videos:\n    gap: {before: 2031-05-20T12:00:00Z}\n"
    path.write_text(path.read_text("utf-8").replace("  file-videos:\n", row), encoding="utf-8")


def test_status_warns_of_a_list_that_may_have_missed_videos(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tea, capsys, TEA)
    open_gap(tea)
    code, _, err = run(capsys, "status", *at(tea))
    assert code == 0
    assert err.startswith("  teaconf-2031/file-videos: last good 2031-05-20T12:00:00Z, next ")
    assert err.endswith(
        "; may have missed videos before 2031-05-20T12:00:00Z: it shows its newest few only\n"
    )


def test_status_json_adds_the_talks_that_are_not_out(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tea, capsys, TEA, UNTITLED)
    _, out, _ = run(capsys, "status", "--json", *at(tea))
    made = json.loads(out)
    assert list(made) == [
        "version",
        "looked_at",
        "events",
        "watches",
        "problems",
        "failures",
        "warnings",
    ]
    assert made["events"] == [
        {
            "id": "teaconf-2031",
            "name": "TeaConf 2031",
            "out": 2,
            "total": 3,
            "standings": {"out": 2, "awaited": 1},
            "waiting_for_a_person": [],
            "alerts": [],
            "open_drafts": 1,
            "talks": [
                {
                    "event": "teaconf-2031",
                    "talk": "porcelain",
                    "title": "Porcelain in Production",
                    "speakers": ["Grace Sample"],
                    "day": "2031-05-17",
                    "track": None,
                    "standing": "awaited",
                    "until": None,
                    "recorded": False,
                }
            ],
        }
    ]


def test_status_missing_lists_talks_for_the_video_crew(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(
        EVENT_FILE,
        with_expectation("not_recorded").replace(
            "    speakers: [Alan", "    track: Pots\n    speakers: [Alan"
        ),
    )
    publish(tea, capsys, TEA)
    code, out, err = run(capsys, "status", "--missing", *at(tea))
    assert (code, out, err) == (
        0,
        "teaconf-2031/untitled: untitled talk by Alan Specimen, 2031-05-17, Pots, awaited\n",
        "",
    )


def test_status_missing_says_when_nothing_is(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tea, capsys, TEA, UNTITLED, "{id: por00000001, title: Porcelain in Production}")
    assert run(capsys, "status", "--missing", *at(tea)) == (0, "No recording is missing.\n", "")


def test_status_missing_csv_has_one_row_a_talk_and_no_formula(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(EVENT_FILE, EVENT.replace("Porcelain in Production", '"=Cups, and Bowls"'))
    publish(tea, capsys, TEA)
    _, out, _ = run(capsys, "status", "--missing", "--format", "csv", *at(tea))
    assert out.splitlines() == [
        "event,talk,title,speakers,day,track,standing",
        'teaconf-2031,porcelain,"\'=Cups, and Bowls",Grace Sample,2031-05-17,,awaited',
        "teaconf-2031,untitled,,Alan Specimen,2031-05-17,,awaited",
    ]


def test_status_missing_json_gives_the_same_talks(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "status", "--missing", "--json", *at(tea))
    made = json.loads(out)
    assert [one["talk"] for one in made["missing"]] == ["brewing-tea", "porcelain", "untitled"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--format", "csv"), "--format csv is for --missing; add it"),
        (("--missing", "--health"), "two questions; ask one at a time"),
    ],
)
def test_status_refuses_options_that_contradict(
    tea: Workspace, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], message: str
) -> None:
    code, _, err = run(capsys, "status", *options, *at(tea))
    assert code == 2
    assert message in err


def health(tea: Workspace, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code, out, _ = run(capsys, "status", "--health", *at(tea))
    return code, out


def test_health_is_green_where_a_question_waits(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(EVENT_FILE, MIXED)
    publish(tea, capsys, UNTITLED)
    assert health(tea, capsys) == (0, "green: 1 watch list, nothing is wrong\n")


def test_health_is_green_after_a_month_without_news(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tea, capsys, TEA)
    tea.later(days=30)
    publish(tea, capsys, TEA)
    tea.later(minutes=20)
    assert health(tea, capsys) == (0, "green: 1 watch list, nothing is wrong\n")


def test_health_is_red_where_nobody_looks_any_more(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tea, capsys, TEA)
    tea.later(days=3)
    assert health(tea, capsys) == (
        1,
        f"red: {STALE}\n",
    )


def test_health_is_red_where_a_file_is_broken(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write(EVENT_FILE, EVENT + "colour: red\n")
    code, out = health(tea, capsys)
    assert code == 1
    assert out.startswith("red: data/teaconf-2031/event.yaml:")
    assert out.count("\n") == 1


def test_health_is_red_where_the_machines_own_file_is_broken(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write("data/ledger.yaml", "sequence: many\n")
    code, out = health(tea, capsys)
    assert code == 1
    assert out.startswith("red: data/ledger.yaml:1:")


def test_health_is_red_where_the_clock_went_back(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tea, capsys, TEA)
    tea.now -= timedelta(hours=1)
    code, out = health(tea, capsys)
    assert code == 1
    assert out.startswith("red: the clock says 2031-05-20T11:00:00Z, but the newest stamp")


def test_health_is_red_where_a_list_may_have_missed_videos(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tea, capsys, TEA)
    open_gap(tea)
    said = (
        "red: teaconf-2031/file-videos: may have missed videos before 2031-05-20T12:00:00Z: "
        "it shows its newest few only\n"
    )
    assert health(tea, capsys) == (1, said)


def test_health_json_names_the_reasons(tea: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    publish(tea, capsys, TEA)
    tea.later(days=3)
    code, out, err = run(capsys, "status", "--health", "--json", *at(tea))
    assert (code, err, json.loads(out)) == (
        1,
        "",
        {
            "version": 1,
            "health": "red",
            "checked_at": "2031-05-23T12:00:00Z",
            "watches": 1,
            "reasons": [
                STALE,
            ],
        },
    )


def test_health_is_red_where_a_mail_may_have_arrived(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tea, capsys, TEA)
    with State.open(tea.root / ".recap" / "state.sqlite") as state:
        letters = Letters(state)
        letters.plan([letter()])
        with state.durable() as connection:
            connection.exec_driver_sql("UPDATE letters SET stage = 'unknown'")
    assert health(tea, capsys) == (
        1,
        "red: 1 mail may or may not have arrived: `recap mail list` says which\n",
    )
