"""`recap withdraw` and `recap unwithdraw`: one run cleans every output."""

from __future__ import annotations

import pytest

from pipeline.commands.withdraw import HISTORY
from tests.commands.person import OTHER, Person
from tests.workspace import TEA, bytes_below


def everything(person: Person) -> bytes:
    return b"".join(bytes_below(person.tea.root / "feeds", leave_out=()).values())


@pytest.mark.parametrize("thing", ["Ada Example", "brewing-tea", "tea00000001", "Brewing Tea"])
def test_withdraw_cleans_every_output_in_one_offline_run(person: Person, thing: str) -> None:
    person.says("withdraw", thing, "--reason", "asked for it")
    feed = person.publish()
    found = [word for word in (b"tea00000001",) if word in everything(person)]
    assert (feed, found) == ([], [])


def test_withdraw_of_a_talk_leaves_neither_title_nor_speaker_in_any_output(person: Person) -> None:
    person.says("withdraw", "brewing-tea", "--reason", "asked for it")
    person.publish()
    person.tea.list_videos(TEA)
    person.tea.pass_()
    words = (b"Brewing Tea", b"Ada Example", b"tea00000001")
    assert [word for word in words if word in everything(person)] == []


def test_withdraw_says_that_git_history_still_holds_it(person: Person) -> None:
    lines = person.says("withdraw", "brewing-tea", "--reason", "asked for it")
    assert HISTORY in lines
    assert "  page: 1 of 3 → 0 of 2 recordings out" in lines


def test_withdraw_writes_neither_title_nor_speaker_of_a_talk(person: Person) -> None:
    person.says("withdraw", "Brewing Tea at Scale", "--reason", "asked for it")
    assert person.decisions() == [
        (
            "time: '2031-05-20T12:05:00Z'\nverb: withdraw\nby: Ada\n"
            "talk: brewing-tea\nreason: asked for it\n"
        )
    ]


def test_withdraw_refuses_a_reason_that_names_the_title(person: Person) -> None:
    code, _, err = person.recap(
        "withdraw", "brewing-tea", "--reason", "“Brewing tea at scale” is not theirs"
    )
    assert (code, person.decisions()) == (2, [])
    assert "it names the title of the talk" in err


def test_withdraw_needs_a_reason(person: Person) -> None:
    code, _, err = person.recap("withdraw", "brewing-tea")
    assert (code, person.decisions()) == (2, [])
    assert "--reason" in err


def test_withdraw_everywhere_takes_a_speaker_out_of_every_event(person: Person) -> None:
    person.tea.write("data/cupconf-2031/event.yaml", OTHER)
    person.tea.write("data/cupconf-2031/videos.yaml", f"videos: [{TEA}]\n")
    person.tea.pass_()
    lines = person.says("withdraw", "ada example", "--everywhere", "--reason", "asked for it")
    assert [line for line in lines if line.startswith("In ")] == [
        "In cupconf-2031:",
        "In teaconf-2031:",
    ]
    person.publish()
    assert b"Ada Example" not in everything(person)
    assert person.decisions("decisions") == [
        (
            "time: '2031-05-20T12:05:00Z'\nverb: withdraw\nby: Ada\n"
            "speaker: Ada Example\nreason: asked for it\n"
        )
    ]


def test_withdraw_asks_where_several_events_have_the_speaker(person: Person) -> None:
    person.tea.write("data/cupconf-2031/event.yaml", OTHER)
    code, _, err = person.recap("withdraw", "Ada Example", "--reason", "asked for it")
    assert code == 2
    assert "'Ada Example' speaks at cupconf-2031, teaconf-2031" in err


def test_withdraw_everywhere_takes_a_video_that_no_event_knows_yet(person: Person) -> None:
    person.says("withdraw", "youtube:por00000001", "--everywhere", "--reason", "leaked")
    person.tea.list_videos("{id: por00000001, title: Porcelain in Production - Grace Sample}")
    person.tea.pass_()
    assert person.publish() == ["Brewing Tea at Scale"]


def test_withdraw_everywhere_takes_a_talk_of_an_event_that_cannot_be_read(person: Person) -> None:
    (person.tea.event_folder / "event.yaml").write_text("id: [", encoding="utf-8")
    code, out, _ = person.recap(
        "withdraw", "teaconf-2031/brewing-tea", "--everywhere", "--reason", "asked for it"
    )
    assert "teaconf-2031 cannot be read now" in out
    assert (code, person.decisions("decisions")) == (
        0,
        [
            (
                "time: '2031-05-20T12:05:00Z'\nverb: withdraw\nby: Ada\n"
                "talk: teaconf-2031/brewing-tea\nreason: asked for it\n"
            )
        ],
    )


def test_withdraw_says_what_it_does_not_know(person: Person) -> None:
    code, _, err = person.recap("withdraw", "Nobody Known", "--reason", "x")
    assert code == 2
    assert "'Nobody Known' is no speaker's whole name and no video that is known" in err


def test_unwithdraw_brings_a_talk_back_under_its_feed_id(person: Person) -> None:
    before = person.tea.ledger()["talks"]["brewing-tea"]["feed_id"]
    person.says("withdraw", "brewing-tea", "--reason", "asked for it")
    gone = person.publish()
    person.says("unwithdraw", "brewing-tea", "--reason", "agreed")
    person.publish()
    person.tea.pass_()
    assert (gone, person.publish()) == ([], ["Brewing Tea at Scale"])
    assert person.tea.ledger()["talks"]["brewing-tea"]["feed_id"] == before


def test_unwithdraw_refuses_what_was_not_withdrawn(person: Person) -> None:
    code, _, err = person.recap("unwithdraw", "brewing-tea")
    assert (code, person.decisions()) == (2, [])
    assert "brewing-tea is not withdrawn by a decision that concerns teaconf-2031" in err
