"""`recap why` as its users type it."""

from __future__ import annotations

import json

import pytest

from tests.test_cli import at, run
from tests.why.cases import line_of
from tests.workspace import EVENT, PORCELAIN, TEA, UNTITLED, Workspace, files_below


@pytest.fixture(autouse=True)
def _clock(tea: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.commands.why.clock", lambda: tea.now)


def test_why_explains_one_field_of_a_talk(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "why", "brewing-tea", "title", *at(tea))
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "teaconf-2031/brewing-tea: Brewing Tea at Scale",
        "",
        "title: Brewing Tea at Scale",
        f"  from {line_of(tea, 'title: Brewing', column=5)}",
        "  event.yaml says so, and nothing else speaks of it",
    ]


def test_why_of_a_whole_talk_ends_with_the_fields_without_a_value(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "why", "teaconf-2031/porcelain", *at(tea))
    lines = out.splitlines()
    assert lines[-1] == (
        "no value: summary, length, track, tags, slides, links, updated, feed-id, sequence"
    )
    assert "standing: awaited" in lines
    assert "recordings: -" in lines


def test_why_finds_a_talk_by_the_title_that_it_took_from_its_upload(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.list_videos(UNTITLED)
    tea.pass_()
    _, out, _ = run(capsys, "why", "whistling kettles", "released", *at(tea))
    assert out.splitlines()[:3] == [
        "teaconf-2031/untitled: Whistling Kettles",
        "",
        "released: 2031-05-20T12:00:00Z",
    ]


@pytest.mark.parametrize(
    "words", ["-ea00000001", "youtube:-ea00000001", "https://youtu.be/-ea00000001"]
)
def test_why_takes_a_video_by_id_key_and_address(
    tea: Workspace, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    tea.list_videos(TEA.replace("id: tea00000001", "id: '-ea00000001'"))
    tea.pass_()
    code, out, _ = run(capsys, "why", words, "shown", *at(tea))
    assert (code, out.splitlines()) == (
        0,
        [
            "youtube:-ea00000001: Brewing Tea at Scale - Ada Example",
            "",
            "shown: primary recording of teaconf-2031/brewing-tea",
            "  from https://www.youtube.com/watch?v=-ea00000001",
            "  linked, public, and nothing keeps it back",
        ],
    )


def test_why_json_gives_every_fact_with_its_chain(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    _, out, _ = run(capsys, "why", "--json", "tea00000001", "seen", *at(tea))
    assert json.loads(out) == {
        "kind": "video",
        "key": "youtube:tea00000001",
        "title": "Brewing Tea at Scale - Ada Example",
        "facts": [
            {
                "field": "seen",
                "value": "2031-05-20T12:00:00Z",
                "source": "teaconf-2031/file-videos",
                "rule": "the first look in which a list showed it",
                "time": "2031-05-20T12:00:00Z",
                "person": None,
                "notes": [],
            }
        ],
    }


def test_why_says_of_an_unknown_video_that_nobody_saw_it(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "why", "dQw4w9WgXcQ", "seen", *at(tea))
    assert (code, out.splitlines()[0], out.splitlines()[2]) == (
        0,
        "youtube:dQw4w9WgXcQ",
        "seen: -",
    )
    assert out.splitlines()[3].startswith("  no watch list has shown it and no file names it; ")


def test_why_knows_a_video_that_only_event_yaml_names(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    written = EVENT.replace(
        "    title: Brewing", "    recordings: [Tea00000009]\n    title: Brewing"
    )
    tea.write("data/teaconf-2031/event.yaml", written)
    _, out, _ = run(capsys, "why", "Tea00000009", "talk", *at(tea))
    assert out.splitlines()[2] == "talk: teaconf-2031/brewing-tea"


def test_why_takes_the_event_that_is_meant(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    other = EVENT.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")
    tea.write("data/cupconf-2031/event.yaml", other)
    code, _, err = run(capsys, "why", "porcelain", *at(tea))
    assert code == 2
    assert "names 2 talks: cupconf-2031/porcelain, teaconf-2031/porcelain" in err
    code, out, _ = run(capsys, "why", "porcelain", "--event", "cupconf-2031", *at(tea))
    assert (code, out.splitlines()[0]) == (0, "cupconf-2031/porcelain: Porcelain in Production")


def test_why_names_the_other_events_that_know_a_video(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "id: cupconf-2031\nname: CupConf\nstart: 2031-05-17\n"
    watch = "watch: [{kind: file, path: videos.yaml}]\n"
    tea.write("data/cupconf-2031/event.yaml", other + watch)
    tea.write("data/cupconf-2031/videos.yaml", f"videos: [{TEA}]\n")
    tea.list_videos(TEA)
    tea.pass_()
    _, out, _ = run(capsys, "why", "tea00000001", "seen", *at(tea))
    assert out.splitlines()[-1] == "  - cupconf-2031 knows it too"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("porcelan",), "no talk is called 'porcelan'; did you mean 'teaconf-2031/porcelain'?"),
        (("porcelain", "standin"), "a talk has no field 'standin'; did you mean 'standing'?"),
        (("porcelain", "--event", "teaconf"), "there is no event 'teaconf'"),
    ],
)
def test_why_exits_2_and_says_what_was_meant(
    tea: Workspace, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = run(capsys, "why", *arguments, *at(tea))
    assert (code, out) == (2, "")
    assert message in err


def test_why_names_a_broken_event_and_explains_the_others(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write("data/cupconf-2031/event.yaml", "id: cupconf-2031\n")
    code, out, err = run(capsys, "why", "porcelain", "position", *at(tea))
    assert (code, out.splitlines()[2]) == (0, "position: 2 of 3")
    assert "data/cupconf-2031/event.yaml:1:1: name is required" in err


def test_why_writes_nothing(tea: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    tea.list_videos(TEA, PORCELAIN)
    before = files_below(tea.root)
    run(capsys, "why", "porcelain", *at(tea))
    assert files_below(tea.root) == before
