from __future__ import annotations

from pipeline.why import Fact
from tests.why.cases import EVENT_FILE, line_of, of_talk
from tests.workspace import EVENT, START, TEA, UNTITLED, Workspace

PROGRAMME = """\
talks:
  - id: imported
    title: Steeping Basics
  - id: brewing-tea
    title: Brewing Tea
    track: Kettles
"""
PROGRAMME_FILE = "data/teaconf-2031/programme.yaml"
ALONE = "event.yaml says so, and nothing else speaks of it"


def test_title_comes_from_the_line_of_event_yaml_that_says_it(tea: Workspace) -> None:
    assert of_talk(tea, "title") == Fact(
        field="title",
        value="Brewing Tea at Scale",
        source=line_of(tea, "title: Brewing", column=5),
        rule=ALONE,
    )


def test_title_of_event_yaml_names_what_it_overrules_in_programme_yaml(tea: Workspace) -> None:
    tea.write(PROGRAMME_FILE, PROGRAMME)
    assert of_talk(tea, "title") == Fact(
        field="title",
        value="Brewing Tea at Scale",
        source=line_of(tea, "title: Brewing", column=5),
        rule="event.yaml wins over programme.yaml",
        notes=(f"overrules {PROGRAMME_FILE}:5:5: Brewing Tea",),
    )


def test_track_comes_from_programme_yaml_where_event_yaml_is_silent(tea: Workspace) -> None:
    tea.write(PROGRAMME_FILE, PROGRAMME)
    assert of_talk(tea, "track") == Fact(
        field="track",
        value="Kettles",
        source=f"{PROGRAMME_FILE}:6:5",
        rule="event.yaml says nothing of it, so the last import counts",
    )


def test_title_comes_from_the_upload_where_no_file_has_one(tea: Workspace) -> None:
    tea.list_videos(UNTITLED)
    tea.pass_()
    assert of_talk(tea, "title", "untitled") == Fact(
        field="title",
        value="Whistling Kettles",
        source="the upload youtube:unt00000001, first seen on teaconf-2031/file-videos",
        rule="no file has a title: taken from the recording's upload, "
        "without the names of speakers and event",
        time=START,
        notes=(
            "the upload is called: Whistling Kettles - Alan Specimen",
            "write `title:` under untitled in event.yaml to settle it",
        ),
    )


def test_title_is_none_while_nobody_knows_it(tea: Workspace) -> None:
    assert of_talk(tea, "title", "untitled") == Fact(
        field="title",
        value=None,
        source="nowhere",
        rule="no file has a title, and no recording is known to take it from",
    )


def test_speakers_are_named_with_role_and_affiliation(tea: Workspace) -> None:
    assert of_talk(tea, "speakers").value == "Ada Example (Brewer, Teapot)"


def test_summary_that_no_file_has_says_so(tea: Workspace) -> None:
    assert of_talk(tea, "summary") == Fact(
        field="summary",
        value=None,
        source="nowhere",
        rule="no file says, and there is no default",
    )


def test_kind_falls_back_to_talk(tea: Workspace) -> None:
    fact = of_talk(tea, "kind")
    assert (fact.value, fact.source) == ("talk", "a default")


def test_day_falls_back_to_the_first_day_of_the_event(tea: Workspace) -> None:
    assert of_talk(tea, "day") == Fact(
        field="day",
        value="2031-05-17",
        source=line_of(tea, "start:", column=1),
        rule="no file says the talk's day: the first day of the event",
    )


def test_length_is_the_recordings_and_names_the_planned_slot(tea: Workspace) -> None:
    planned = EVENT.replace("    title: Brewing", '    length: "25:00"\n    title: Brewing')
    tea.write(EVENT_FILE, planned)
    tea.list_videos(TEA)
    tea.pass_()
    assert of_talk(tea, "length") == Fact(
        field="length",
        value="21:10",
        source="the upload youtube:tea00000001, first seen on teaconf-2031/file-videos",
        rule="readers are shown the length of the recording, not of the planned slot",
        time=START,
        notes=(f"the slot was planned for 25:00 ({line_of(tea, 'length:', column=5)})",),
    )


def test_length_is_the_planned_slot_while_nothing_is_out(tea: Workspace) -> None:
    planned = EVENT.replace("    title: Brewing", '    length: "25:00"\n    title: Brewing')
    tea.write(EVENT_FILE, planned)
    fact = of_talk(tea, "length")
    assert (fact.value, fact.source) == ("25:00", line_of(tea, "length:", column=5))


def test_language_comes_from_the_talk_then_the_event_then_a_default(tea: Workspace) -> None:
    default = of_talk(tea, "language")
    event = EVENT.replace("start:", "language: de\nstart:", 1)
    tea.write(EVENT_FILE, event)
    of_event = of_talk(tea, "language")
    tea.write(
        EVENT_FILE, event.replace("    title: Brewing", "    language: no\n    title: Brewing")
    )
    own = of_talk(tea, "language")
    assert [(fact.value, fact.source) for fact in (default, of_event, own)] == [
        ("en", "a default"),
        ("de", line_of(tea, "language: de", column=1)),
        ("no", line_of(tea, "language: no", column=5)),
    ]


def test_slides_are_shown_with_their_labels(tea: Workspace) -> None:
    slides = "    slides: [https://slides.example.org/tea]\n    title: Brewing"
    tea.write(EVENT_FILE, EVENT.replace("    title: Brewing", slides))
    assert of_talk(tea, "slides").value == "Slides <https://slides.example.org/tea>"


def test_position_is_the_order_of_the_file(tea: Workspace) -> None:
    assert of_talk(tea, "position", "porcelain") == Fact(
        field="position",
        value="2 of 3",
        source=line_of(tea, "id: porcelain", column=5),
        rule="the order of the talks in the file",
    )


def test_position_of_a_talk_only_event_yaml_has_is_after_the_imported_ones(tea: Workspace) -> None:
    tea.write(PROGRAMME_FILE, PROGRAMME)
    fact = of_talk(tea, "position", "porcelain")
    assert (fact.value, fact.rule) == (
        "3 of 4",
        "talks that only event.yaml has come after the imported ones",
    )
