"""One video that holds several talks, and one talk that came out in pieces."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.matching import VERSION
from pipeline.model import Decision, Verb
from tests.why.cases import of_talk, of_video
from tests.workspace import CONFIG, TEA, Workspace, bytes_below

EVENT = """\
id: teaconf-2031
name: TeaConf 2031
start: 2031-05-17
end: 2031-05-18
timezone: Europe/Berlin
watch:
  - {kind: file, path: videos.yaml}
talks:
  - {id: brewing-tea, title: Brewing Tea at Scale, speakers: [Ada Example]}
  - {id: porcelain, title: Porcelain in Production, speakers: [Grace Sample]}
  - {id: kettles, title: Whistling Kettles Considered Harmful, speakers: [Alan Specimen]}
"""
DAY = "youtube:day00000001"
CHAPTERS = """0:00 Welcome
12:30 Brewing Tea at Scale - Ada Example
40:00 Coffee break
1:02:03 Grace Sample: Porcelain in Production
"""


def day(description: str = CHAPTERS, *, title: str = "TeaConf 2031 - Day 1") -> str:
    return json.dumps(
        {"id": "day00000001", "title": title, "length": "2:00:00", "description": description}
    )


@pytest.fixture
def tea(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path)
    made.write("config.yaml", CONFIG)
    made.write("data/teaconf-2031/event.yaml", EVENT)
    made.list_videos(day())
    return made


def recordings(tea: Workspace, talk: str) -> list[tuple[str, str]]:
    """Return role and address of the recordings that talks.json has of a talk."""
    body = (tea.root / "feeds/teaconf-2031/talks.json").read_text("utf-8")
    rows = {one["talk_id"]: one for one in json.loads(body)["entries"]}
    return [(one["role"], one["url"]) for one in rows[talk].get("recordings", ())]


def at(seconds: int) -> str:
    return f"https://www.youtube.com/watch?v=day00000001&t={seconds}s"


def decide(tea: Workspace, verb: Verb, **more: object) -> None:
    word = Decision(id="", time=tea.now, verb=verb, by="Ada Example", **more)  # type: ignore[arg-type]  # fields by name
    FolderStore(tea.root / "data").decide(word, event_id="teaconf-2031")


def test_each_talk_that_a_chapter_names_gets_the_video_from_there(tea: Workspace) -> None:
    made = tea.pass_()
    assert made.events[0].released == (
        "Brewing Tea at Scale (Ada Example)",
        "Porcelain in Production (Grace Sample)",
    )
    assert [recordings(tea, talk) for talk in ("brewing-tea", "porcelain", "kettles")] == [
        [("cue", at(750))],
        [("cue", at(3723))],
        [],
    ]


def test_the_ledger_says_where_each_talk_begins(tea: Workspace) -> None:
    tea.pass_()
    assert tea.ledger()["videos"][DAY]["match"] == {
        "verdict": "auto",
        "probability": 0.99,
        "reasons": ["2 of its chapters are talks"],
        "version": VERSION,
        "pieces": [
            {"talk": "brewing-tea", "start": "12:30"},
            {"talk": "porcelain", "start": "1:02:03"},
        ],
    }


def test_a_second_pass_changes_nothing(tea: Workspace) -> None:
    tea.pass_()
    before = bytes_below(tea.root / "data"), bytes_below(tea.root / "feeds")
    tea.later(hours=1)
    tea.pass_()
    assert (bytes_below(tea.root / "data"), bytes_below(tea.root / "feeds")) == before


def test_a_recording_of_its_own_leads_when_it_comes(tea: Workspace) -> None:
    tea.pass_()
    tea.later(days=1)
    tea.list_videos(day(), TEA)
    made = tea.pass_()
    assert (made.events[0].released, recordings(tea, "brewing-tea")) == (
        (),
        [("primary", "https://www.youtube.com/watch?v=tea00000001"), ("cue", at(750))],
    )


def test_a_talk_that_has_a_recording_gets_no_chapter(tea: Workspace) -> None:
    tea.list_videos(day(), TEA)
    tea.pass_()
    assert recordings(tea, "brewing-tea") == [
        ("primary", "https://www.youtube.com/watch?v=tea00000001")
    ]
    assert recordings(tea, "porcelain") == [("cue", at(3723))]


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Brewing Tea at Scale - Ada Example", CHAPTERS),
        ("Ada Example", CHAPTERS),
        ("TeaConf 2030 - Day 1", CHAPTERS),
        ("TeaConf 2031 - Highlights", CHAPTERS),
        ("TeaConf 2031 - Day 1", "0:00 Welcome\n5:00 Brewing Tea at Scale - Ada Example\n9:00 Bye"),
        ("TeaConf 2031 - Day 1", "0:00 Tea\n5:00 Porcelain\n9:00 Kettles"),
    ],
)
def test_a_video_holds_no_several_talks_unless_its_chapters_surely_do(
    tea: Workspace, title: str, description: str
) -> None:
    tea.list_videos(day(description, title=title))
    tea.pass_()
    match = tea.ledger()["videos"][DAY]["match"]
    assert isinstance(match, dict)
    assert match.get("pieces") is None


def test_a_mention_of_a_talk_is_no_talk(tea: Workspace) -> None:
    mention = CHAPTERS.replace("40:00 Coffee break", "13:30 Coffee break")
    tea.list_videos(day(mention))
    tea.pass_()
    assert recordings(tea, "brewing-tea") == []


def test_a_person_says_where_a_talk_begins(tea: Workspace) -> None:
    tea.list_videos(day("", title="Everything"))
    for talk, minutes in (("brewing-tea", 0), ("kettles", 5)):
        start = timedelta(minutes=minutes)
        decide(tea, Verb.LINK, video="day00000001", talk=talk, start=start)
    tea.pass_()
    assert [recordings(tea, talk) for talk in ("brewing-tea", "porcelain", "kettles")] == [
        [("cue", "https://www.youtube.com/watch?v=day00000001")],
        [],
        [("cue", at(300))],
    ]


@pytest.mark.parametrize("verb", [Verb.UNLINK, Verb.NOT_THIS])
def test_a_person_takes_a_talk_out_of_a_video(tea: Workspace, verb: Verb) -> None:
    tea.pass_()
    decide(tea, verb, video=DAY, talk="porcelain")
    made = tea.pass_()
    assert made.events[0].removed == ("Porcelain in Production (Grace Sample)",)
    assert recordings(tea, "brewing-tea") == [("cue", at(750))]


@pytest.mark.parametrize("verb", [Verb.UNLINK, Verb.IGNORE, Verb.WITHDRAW])
def test_a_person_takes_the_video_from_all_its_talks(tea: Workspace, verb: Verb) -> None:
    tea.pass_()
    decide(tea, verb, video=DAY)
    assert len(tea.pass_().events[0].removed) == 2


def test_a_person_gives_the_whole_video_to_one_talk(tea: Workspace) -> None:
    tea.pass_()
    decide(tea, Verb.LINK, video=DAY, talk="kettles")
    tea.pass_()
    assert [recordings(tea, talk) for talk in ("brewing-tea", "porcelain", "kettles")] == [
        [],
        [],
        [("primary", "https://www.youtube.com/watch?v=day00000001")],
    ]


def test_a_video_that_holds_a_withheld_talk_is_shown_at_no_talk(tea: Workspace) -> None:
    held = "speakers: [Grace Sample], expectation: withheld}"
    tea.write("data/teaconf-2031/event.yaml", EVENT.replace("speakers: [Grace Sample]}", held))
    made = tea.pass_()
    assert (made.events[0].out, len(made.events[0].alerts)) == (0, 1)
    assert b"day00000001" not in b"".join(bytes_below(tea.root / "feeds").values())


def test_a_renamed_talk_keeps_its_place_in_the_video(tea: Workspace) -> None:
    tea.pass_()
    renamed = EVENT.replace("{id: porcelain,", "{id: cups, was: [porcelain],")
    tea.write("data/teaconf-2031/event.yaml", renamed)
    tea.pass_()
    assert recordings(tea, "cups") == [("cue", at(3723))]


def test_why_says_which_talks_a_video_holds(tea: Workspace) -> None:
    tea.pass_()
    talk, shown = of_video(tea, "talk", DAY), of_video(tea, "shown", DAY)
    assert (talk.value, talk.rule, talk.notes[-2:], shown.value) == (
        "teaconf-2031/brewing-tea, teaconf-2031/porcelain",
        "an automatic match: its chapters name several talks",
        ("brewing-tea begins at 12:30", "porcelain begins at 1:02:03"),
        "cue recording of teaconf-2031/brewing-tea",
    )
    assert of_talk(tea, "recordings", "porcelain").value == f"{DAY} (cue, {at(3723)})"


def test_why_says_who_said_where_a_talk_begins(tea: Workspace) -> None:
    tea.pass_()
    decide(tea, Verb.LINK, video=DAY, talk="kettles", start=timedelta(minutes=90))
    fact = of_talk(tea, "recordings", "kettles")
    assert (fact.person, fact.rule) == (
        "Ada Example",
        "a decision says where a talk begins in it (link)",
    )


def part(number: int) -> str:
    name = f"par0000000{number}"
    return f"{{id: {name}, title: 'Brewing Tea at Scale - Ada Example ({number}/2)'}}"


def url(name: str) -> str:
    return f"https://www.youtube.com/watch?v={name}"


PARTS = [("primary", url("par00000001")), ("part", url("par00000002"))]


@pytest.mark.parametrize("rows", [(1, 2), (2, 1)])
def test_the_pieces_of_a_talk_stand_in_their_order(tea: Workspace, rows: tuple[int, int]) -> None:
    for upto in (1, 2):
        tea.list_videos(*(part(number) for number in rows[:upto]))
        tea.pass_()
        tea.later(days=1)
    assert recordings(tea, "brewing-tea") == PARTS


def test_pieces_that_come_at_once_stand_in_their_order(tea: Workspace) -> None:
    tea.list_videos(part(2), part(1))
    tea.pass_()
    assert recordings(tea, "brewing-tea") == PARTS


def test_one_piece_alone_leads(tea: Workspace) -> None:
    tea.list_videos(part(2))
    tea.pass_()
    assert recordings(tea, "brewing-tea") == [("primary", url("par00000002"))]
