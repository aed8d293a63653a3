"""Broken files stop their own event only, with one clear message each."""

from __future__ import annotations

import pytest

from pipeline.errors import DatasetError
from pipeline.model import Outcome
from tests.workspace import EVENT, PORCELAIN, TEA, Workspace, files_below

FILE = "data/teaconf-2031/event.yaml"
OTHER = EVENT.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")

DOUBLE = EVENT.replace("- id: porcelain", "- id: brewing-tea")
BOMB = "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            EVENT.replace("speakers: [Grace", "speekers: [Grace"),
            f"{FILE}:14:5: talks[1].speekers: unknown key 'speekers'; did you mean 'speakers'?",
        ),
        (
            DOUBLE,
            (
                f"{FILE}:12:5: talks[1].id: the id 'brewing-tea' is taken by the talk on line 9; "
                "choose another"
            ),
        ),
        (
            EVENT.replace("title: Porcelain", "length: 24:26\n    title: Porcelain"),
            (
                f"{FILE}:13:13: talks[1].length: 24:26 needs quotes: other YAML readers take it "
                'for a base-60 number; write "24:26"'
            ),
        ),
        (
            EVENT.replace("    title: Porcelain", "\ttitle: Porcelain"),
            f"{FILE}:13:1: a tab stands here; YAML is indented with spaces",
        ),
        (
            BOMB,
            f"{FILE}:1:4: a: anchors (&name) and tags (!name) are not read; write plain values",
        ),
        ("[" * 60_000, f"{FILE}:1:1001: nests deeper than 32 levels"),
        ("", f"{FILE}:1:1: is empty; write at least the required keys, or delete the file"),
        (
            EVENT.replace("  - id: porcelain\n    title", "  - title"),
            f"{FILE}:12:5: talks[1]: id is required; insert the line `id: porcelain-in-production`",
        ),
        (
            EVENT.replace("path: videos.yaml", "pth: videos.yaml"),
            f"{FILE}:7:5: watch[0]: ",
        ),
        (
            EVENT.replace("kind: file", "kind: fil"),
            f"{FILE}:7:5: watch[0]: no source of kind 'fil' is installed; did you mean 'file'?",
        ),
        (
            EVENT.replace("id: teaconf-2031", "id: teaconf"),
            (
                f"{FILE}:1:1: id: 'teaconf' stands in the folder 'teaconf-2031'; the two must be "
                "the same"
            ),
        ),
        (
            EVENT.replace("Europe/Berlin", "Europe/Berlim"),
            f"{FILE}:5:1: timezone: 'Europe/Berlim' is no time zone; write an IANA name",
        ),
        (
            EVENT.replace("end: 2031-05-18", "end: 2031-05-16"),
            f"{FILE}:4:1: end: 2031-05-16 is before start, 2031-05-17",
        ),
        (
            EVENT.replace("title: Porcelain in Production", "expectation: withheld_"),
            f"{FILE}:13:5: talks[1].expectation: input should be 'expected', 'not_recorded'",
        ),
    ],
)
def test_a_broken_file_gives_one_message_and_stops_only_its_event(
    tea: Workspace, body: str, message: str
) -> None:
    tea.write("data/cupconf-2031/event.yaml", OTHER)
    tea.write("data/cupconf-2031/videos.yaml", f"videos: [{PORCELAIN}]\n")
    tea.list_videos(TEA)
    tea.pass_()
    published = files_below(tea.root / "feeds" / "teaconf-2031")
    tea.write(FILE, body)
    tea.write("data/cupconf-2031/videos.yaml", f"videos: [{PORCELAIN}, {TEA}]\n")
    tea.later(hours=1)
    made = tea.pass_()
    assert len(made.problems) == 1
    assert str(made.problems[0]).startswith(message)
    assert made.outcome is Outcome.INVALID
    assert files_below(tea.root / "feeds" / "teaconf-2031") == published
    assert [event.out for event in made.events] == [2]
    shared = (tea.root / "feeds" / "feed.json").read_text("utf-8")
    assert (shared.count("teaconf-2031/brewing-tea"), shared.count("cupconf-2031/")) != (0, 0)


def test_every_problem_of_a_file_is_named_at_once(tea: Workspace) -> None:
    body = EVENT.replace("Europe/Berlin", "Nowhere").replace("speakers: [Grace", "speekers: [Grace")
    tea.write(FILE, body + "colour: red\n")
    assert [problem.line for problem in tea.pass_().problems] == [5, 14, 17]


def test_a_deleted_event_folder_is_an_error_and_its_pages_stay(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    pages = files_below(tea.root / "feeds", leave_out=("status.json", "status.html"))
    tea.drop("data/teaconf-2031")
    tea.later(hours=1)
    made = tea.pass_()
    assert made.outcome is Outcome.INVALID
    assert str(made.problems[0]).startswith(
        "data/teaconf-2031: is gone, but data/ledger.yaml knows"
    )
    assert files_below(tea.root / "feeds", leave_out=("status.json", "status.html")) == pages


def test_a_retired_event_may_go_and_its_pages_stay(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    pages = files_below(tea.root / "feeds", leave_out=("status.json", "status.html"))
    tea.drop("data/teaconf-2031")
    tea.write(
        "data/decisions/20310521T090000Z-0a1b2c.yaml",
        "time: 2031-05-21T09:00:00Z\nverb: retire\nevent: teaconf-2031\nby: Ada\n",
    )
    tea.later(hours=1)
    made = tea.pass_()
    assert (made.outcome, made.problems) == (Outcome.FINE, ())
    assert files_below(tea.root / "feeds", leave_out=("status.json", "status.html")) == pages


def test_a_published_talk_that_disappears_is_an_error(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    tea.write(FILE, EVENT.replace("id: brewing-tea", "id: tea"))
    tea.later(hours=1)
    made = tea.pass_()
    assert str(made.problems[0]).startswith(
        "data/teaconf-2031/event.yaml:8:1: talks: the talk 'brewing-tea' was published, but is gone"
    )


def test_a_broken_no_publish_file_stops_everything(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.write("data/no-publish.yaml", "speekers: [Ada Example]\n")
    with pytest.raises(DatasetError, match=r"data/no-publish.yaml:1:1: speekers: unknown key"):
        tea.pass_()
    assert not (tea.root / "feeds").exists()


def test_a_damaged_ledger_is_refused_with_its_place(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    path = tea.event_folder / "recordings.yaml"
    path.write_text(path.read_text("utf-8") + "<<<<<<< HEAD\n", encoding="utf-8")
    tea.later(hours=1)
    made = tea.pass_()
    assert made.outcome is Outcome.INVALID
    assert made.problems[0].file == "data/teaconf-2031/recordings.yaml"
    assert made.problems[0].line > 1


def test_a_dataset_that_is_gone_as_a_whole_is_an_error_and_the_site_stays(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    pages = files_below(tea.root / "feeds", leave_out=("status.json", "status.html"))
    tea.drop("data")
    tea.forget()
    tea.later(hours=1)
    made = tea.pass_()
    assert made.outcome is Outcome.INVALID
    assert str(made.problems[0]).startswith("data/teaconf-2031: is unknown, but feeds/ holds its")
    assert files_below(tea.root / "feeds", leave_out=("status.json", "status.html")) == pages


def test_a_renamed_event_keeps_its_feed_ids_and_its_old_addresses(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    feed = (tea.root / "feeds" / "feed.json").read_text("utf-8")
    tea.event_folder.rename(tea.root / "data" / "kettleconf-2031")
    renamed = EVENT.replace("id: teaconf-2031", "id: kettleconf-2031\nwas: [teaconf-2031]")
    tea.write("data/kettleconf-2031/event.yaml", renamed)
    tea.later(hours=1)
    made = tea.pass_()
    old, new = (
        tea.root / "feeds" / name / "atom.xml" for name in ("teaconf-2031", "kettleconf-2031")
    )
    assert (made.outcome, old.read_bytes()) == (Outcome.FINE, new.read_bytes())
    again = (tea.root / "feeds" / "feed.json").read_text("utf-8")
    ids = [
        body.count("tag:recaps.example.org,2031:teaconf-2031/brewing-tea") for body in (feed, again)
    ]
    assert ids == [1, 1]
    pages = files_below(tea.root / "feeds", leave_out=("status.json", "status.html"))
    tea.later(hours=1)
    tea.pass_()
    assert files_below(tea.root / "feeds", leave_out=("status.json", "status.html")) == pages
