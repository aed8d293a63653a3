"""Programmes that event.yaml names, read again by schedule within a run."""

from __future__ import annotations

import os
import shlex

import pytest

from pipeline.cli import main
from pipeline.commands.terminal import fetch_maker
from pipeline.model import Outcome, RunReport, Want
from pipeline.run import publish
from pipeline.stages.memory import Memory
from tests.importing.fakes import bare, change, use_fakes
from tests.test_cli import at, run
from tests.workspace import TEA, Workspace, bytes_below, files_below

ORIGIN = "programme: {kind: fake, url: ../../programme}\n"
PROGRAMME = "data/teaconf-2031/programme.yaml"


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fakes(monkeypatch)


@pytest.fixture
def own(tea: Workspace) -> Workspace:
    """An event that has its talks from a programme of three."""
    bare(tea, more=ORIGIN)
    return tea


def total(made: RunReport) -> int:
    return made.events[0].total


def test_publish_reads_a_programme_that_was_never_read(own: Workspace) -> None:
    made = own.pass_()
    assert (total(made), made.outcome, made.events[0].notes[0]) == (
        3,
        Outcome.FINE,
        "the programme was read again: 3 added",
    )


def test_publish_reads_a_programme_again_after_a_day(own: Workspace) -> None:
    own.pass_()
    change(own, ("Porcelain in", "China in"))
    titles = []
    for hours in (1, 24):
        own.later(hours=hours)
        own.pass_()
        titles.append("China in" in (own.root / PROGRAMME).read_text("utf-8"))
    assert titles == [False, True]


def test_publish_reads_a_programme_as_often_as_it_is_told(own: Workspace) -> None:
    bare(own, more=ORIGIN.replace("}", ", every: 1 hour}"))
    own.pass_()
    change(own, ("Porcelain in", "China in"))
    own.later(hours=1)
    assert own.pass_().events[0].notes == (
        "the programme was read again: 1 renamed",
        "programme, renamed: porcelain: Porcelain in Production → China in Production",
    )


def test_publish_without_state_reads_a_programme_and_changes_no_byte(own: Workspace) -> None:
    own.pass_()
    before = files_below(own.root / "data")
    own.forget()
    own.later(hours=1)
    own.pass_()
    assert files_below(own.root / "data") == before


def test_publish_offline_reads_no_programme(own: Workspace) -> None:
    assert total(own.pass_(offline=True)) == 0


def test_publish_dry_run_says_what_a_programme_would_change(own: Workspace) -> None:
    before = files_below(own.root)
    made = own.pass_(dry_run=True)
    assert made.events[0].notes[:2] == (
        "the programme would change: 3 added",
        "programme, added: brewing-tea: Brewing Tea at Scale (Ada Example)",
    )
    assert files_below(own.root) == before


def test_a_programme_that_cannot_be_read_changes_nothing(own: Workspace) -> None:
    own.pass_()
    before = bytes_below(own.root / "data")
    (own.root / "programme").unlink()
    own.later(days=1)
    made = own.pass_()
    sentence = (
        "teaconf-2031: the programme could not be read, so it stays as it is: "
        "the programme programme cannot be read: there is none"
    )
    assert (made.warnings, made.outcome) == ((sentence,), Outcome.FINE)
    assert bytes_below(own.root / "data") == before


def test_an_empty_programme_changes_nothing(own: Workspace) -> None:
    own.pass_()
    own.write("programme", "- {key: teaconf-2031, talks: []}\n")
    own.later(days=1)
    made = own.pass_()
    assert (total(made), made.warnings[0].partition(": ")[0]) == (3, "teaconf-2031")


def test_only_what_is_beyond_doubt_is_applied(own: Workspace) -> None:
    own.pass_()
    change(
        own,
        ("title: Porcelain in Production", "title: Cracks"),
        ("codes: [BBB]", "codes: [NEW]"),
        ("id: porcelain", "id: cracks"),
        ("Whistling Kettles", "Singing Kettles"),
    )
    own.later(days=1)
    made = own.pass_()
    sentence = (
        "its programme has 'Cracks (Grace Sample)', which may be porcelain (0.60); say which "
        "with `recap import fake data/teaconf-2031/../../programme --event teaconf-2031 "
        "--bind NEW=ID`, "
        "or `--new NEW`"
    )
    assert made.events[0].alerts == (sentence,)
    assert made.events[0].notes == (
        "the programme was read again: 1 renamed",
        "programme, renamed: kettles: Whistling Kettles → Singing Kettles",
    )
    assert (total(made), made.outcome) == (3, Outcome.PERSON_NEEDED)


def test_a_question_stays_while_the_programme_is_not_due(own: Workspace) -> None:
    own.pass_()
    change(own, ("title: Porcelain in Production", "title: Cracks"), ("BBB", "NEW"))
    change(own, ("id: porcelain", "id: cracks"))
    alerts = []
    for hours in (24, 1):
        own.later(hours=hours)
        alerts.append(own.pass_().events[0].alerts)
    assert len(alerts[0]) == 1
    assert alerts[0] == alerts[1]


def test_a_question_goes_once_a_person_has_answered_by_its_command(own: Workspace) -> None:
    bare(own, more=ORIGIN.replace("}", ", room: Tea Room}"))
    own.pass_()
    change(own, ("title: Porcelain in Production", "title: Cracks"), ("BBB", "NEW"))
    change(own, ("id: porcelain", "id: cracks"))
    own.later(days=1)
    asked = own.pass_().events[0].alerts
    own.later(hours=1)
    command = asked[0].split("`")[1].replace("NEW=ID", "NEW=porcelain")
    assert "--option 'room=Tea Room'" in command
    with pytest.raises(SystemExit, match="0"):
        main([*shlex.split(command)[1:], "-C", str(own.root)])
    os.utime(own.root / PROGRAMME, (own.now.timestamp(), own.now.timestamp()))
    answered = own.pass_().events[0].alerts
    assert (len(asked), answered) == (1, ())


def test_an_answer_cut_short_is_an_alert(own: Workspace) -> None:
    own.pass_()
    body = (own.root / "programme").read_text("utf-8")
    own.write("programme", "\n".join(body.splitlines()[:3]) + "\n")
    own.later(days=1)
    made = own.pass_()
    assert (total(made), made.outcome) == (3, Outcome.PERSON_NEEDED)
    (alert,) = made.events[0].alerts
    assert alert.startswith(
        "its programme: 2 of 3 talks are no longer in the programme, which is more than half"
    )
    assert alert.endswith("programme --event teaconf-2031 --force`)")


def test_a_programme_file_that_was_changed_by_hand_is_left_alone(own: Workspace) -> None:
    own.pass_()
    edited = (own.root / PROGRAMME).read_text("utf-8").replace("Porcelain", "China")
    own.write(PROGRAMME, edited)
    own.later(days=1)
    made = own.pass_()
    assert (own.root / PROGRAMME).read_text("utf-8") == edited
    assert made.events[0].alerts == (
        (
            "programme.yaml was changed by hand (porcelain), so its programme is no longer read; "
            "`recap import fake data/teaconf-2031/../../programme --event teaconf-2031` says how "
            "to go on"
        ),
    )


def test_a_talk_that_is_cancelled_leaves_the_count(own: Workspace) -> None:
    own.pass_()
    body = (own.root / "programme").read_text("utf-8")
    own.write("programme", "\n".join(body.splitlines()[:4]) + "\n")
    own.later(days=1)
    made = own.pass_()
    assert (total(made), made.events[0].standings) == (2, {"awaited": 2, "cancelled": 1})


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("programme: {kind: fakes, url: x}\n", "no programme of kind 'fakes' is installed"),
        ("programme: {kind: fake, url: x, rom: one}\n", "has no option 'rom'"),
    ],
)
def test_a_misspelt_programme_is_a_problem_at_its_line(
    own: Workspace, origin: str, words: str
) -> None:
    bare(own, more=origin)
    made = own.pass_(offline=True)
    problem = made.problems[0]
    assert (problem.file, problem.line, problem.path) == (
        "data/teaconf-2031/event.yaml",
        6,
        "programme",
    )
    assert words in problem.message


def test_recordings_are_matched_to_talks_of_the_same_run(own: Workspace) -> None:
    bare(own, more=ORIGIN + "watch:\n  - {kind: file, path: videos.yaml}\n")
    own.list_videos(TEA)
    assert own.pass_().events[0].released == ("Brewing Tea at Scale (Ada Example)",)


def test_check_names_a_misspelt_programme(
    own: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    bare(own, more="programme: {kind: fakes, url: x}\n")
    code, _, err = run(capsys, "check", *at(own))
    assert (code, err.partition("; ")[0]) == (
        2,
        "data/teaconf-2031/event.yaml:6:1: programme: no programme of kind 'fakes' is installed",
    )


def test_a_service_wakes_an_event_whose_programme_is_due(own: Workspace) -> None:
    memory = Memory()

    def due() -> RunReport:
        return publish(
            own.config,
            now=own.now,
            state=own.state,
            open_fetch=fetch_maker(own.config, own.now),
            want=Want(due=True),
            memory=memory,
        )

    due()
    taken = []
    for hours in (1, 24):
        own.later(hours=hours)
        taken.append([event.id for event in due().events])
    assert taken == [[], ["teaconf-2031"]]
