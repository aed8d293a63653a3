"""One pass as its users see it: what is released when, and what is asked of a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import BusyError, ClockError, DatasetError
from pipeline.files.lock import hold
from pipeline.model import Outcome
from tests.workspace import (
    CONFIG,
    EVENT,
    PORCELAIN,
    START,
    TEA,
    UNTITLED,
    Workspace,
    bytes_below,
    files_below,
)


def released(tea: Workspace) -> dict[str, object]:
    return {talk: row.get("released") for talk, row in tea.ledger().get("talks", {}).items()}


def feed(tea: Workspace, path: str = "teaconf-2031/feed.json") -> list[str]:
    items = json.loads((tea.root / "feeds" / path).read_text("utf-8"))["items"]
    return [item["title"] for item in items]


def test_publish_releases_what_the_list_shows(tea: Workspace) -> None:
    tea.list_videos(TEA, UNTITLED)
    made = tea.pass_()
    event = made.events[0]
    assert (event.out, event.total, event.new_videos, made.outcome) == (2, 3, 2, Outcome.FINE)
    assert event.released == (
        "Brewing Tea at Scale (Ada Example)",
        "Whistling Kettles (Alan Specimen)",
    )
    assert event.titled == (("untitled", "Whistling Kettles"),)
    assert event.standings == {"out": 2, "awaited": 1}
    assert feed(tea) == ["Whistling Kettles", "Brewing Tea at Scale"]


def test_publish_dates_a_later_recording_by_the_pass_that_found_it(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    tea.later(days=2)
    tea.list_videos(TEA, PORCELAIN)
    tea.pass_()
    assert released(tea) == {
        "brewing-tea": "2031-05-20T12:00:00Z",
        "porcelain": "2031-05-22T12:00:00Z",
    }
    assert feed(tea) == ["Porcelain in Production", "Brewing Tea at Scale"]


def test_publish_makes_valid_feeds_before_anything_is_out(tea: Workspace) -> None:
    made = tea.pass_()
    assert (made.events[0].out, made.outcome, feed(tea)) == (0, Outcome.FINE, [])


def test_publish_offline_looks_at_no_list_but_takes_edits_over(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    tea.list_videos(TEA, PORCELAIN)
    renamed = EVENT.replace("Brewing Tea at Scale", "Brewing Tea, Slowly")
    tea.write("data/teaconf-2031/event.yaml", renamed)
    tea.later(hours=1)
    tea.pass_(offline=True)
    assert feed(tea) == ["Brewing Tea, Slowly"]


def test_publish_due_looks_only_when_the_time_has_come(tea: Workspace) -> None:
    hourly = EVENT.replace("path: videos.yaml", "path: videos.yaml, every: 30 minutes")
    tea.write("data/teaconf-2031/event.yaml", hourly)
    tea.list_videos(TEA)
    tea.pass_(due=True)
    tea.list_videos(TEA, PORCELAIN)
    outs = []
    for minutes in (5, 15, 30):
        tea.now = START + timedelta(minutes=minutes)
        outs.append(tea.pass_(due=True).events[0].out)
    assert outs == [1, 1, 2]


def test_publish_dry_run_writes_nothing_and_says_what_would_change(tea: Workspace) -> None:
    tea.list_videos(TEA)
    before = files_below(tea.root)
    made = tea.pass_(dry_run=True)
    assert made.events[0].released == ("Brewing Tea at Scale (Ada Example)",)
    assert files_below(tea.root) == before
    assert not (tea.root / "feeds").exists()


def test_publish_looks_only_at_the_chosen_event_and_keeps_the_others(tea: Workspace) -> None:
    other = EVENT.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")
    tea.write("data/cupconf-2031/event.yaml", other)
    tea.write("data/cupconf-2031/videos.yaml", f"videos: [{PORCELAIN}]\n")
    tea.list_videos(TEA)
    tea.pass_()
    tea.list_videos(TEA, PORCELAIN)
    tea.write("data/cupconf-2031/videos.yaml", f"videos: [{PORCELAIN}, {UNTITLED}]\n")
    tea.later(hours=1)
    made = tea.pass_(events=("teaconf-2031",))
    assert [event.id for event in made.events] == ["teaconf-2031"]
    assert feed(tea, "cupconf-2031/feed.json") == ["Porcelain in Production"]
    assert len(feed(tea, "feed.json")) == 3


def test_publish_refuses_an_event_that_does_not_exist(tea: Workspace) -> None:
    with pytest.raises(DatasetError, match=r"no event 'teaconf-2013'; did you mean 'teaconf-2031'"):
        tea.pass_(events=("teaconf-2013",))


def test_publish_asks_a_person_where_the_list_holds_other_events_too(tea: Workspace) -> None:
    mixed = EVENT.replace("path: videos.yaml", "path: videos.yaml, only_this_event: false")
    tea.write("data/teaconf-2031/event.yaml", mixed)
    tea.list_videos(TEA, UNTITLED)
    made = tea.pass_()
    questions = made.events[0].questions
    assert [(one.video, one.talk) for one in questions] == [("youtube:unt00000001", "untitled")]
    assert (made.outcome, feed(tea)) == (Outcome.PERSON_NEEDED, ["Brewing Tea at Scale"])


def test_publish_follows_a_decision(tea: Workspace) -> None:
    tea.list_videos("{id: odd00000001, title: Something else entirely}")
    tea.pass_()
    tea.write(
        "data/teaconf-2031/decisions/20310520T130000Z-0a1b2c.yaml",
        "time: 2031-05-20T13:00:00Z\nverb: link\nvideo: odd00000001\ntalk: porcelain\nby: Ada\n",
    )
    tea.later(hours=2)
    tea.pass_()
    assert released(tea) == {"porcelain": "2031-05-20T14:00:00Z"}


def test_publish_keeps_a_withheld_talk_out_of_every_output_and_the_public_ledger(
    tea: Workspace,
) -> None:
    withheld = EVENT.replace(
        "Brewing Tea at Scale\n", "Brewing Tea at Scale\n    expectation: withheld\n"
    )
    tea.write("data/teaconf-2031/event.yaml", withheld)
    tea.list_videos(TEA, PORCELAIN)
    made = tea.pass_()
    assert made.outcome is Outcome.PERSON_NEEDED
    assert "youtube:tea00000001 is public, but" in made.events[0].alerts[0]
    assert set(tea.ledger()["videos"]["youtube:tea00000001"]) == {"match"}
    everything = b"".join(bytes_below(tea.root / "feeds").values())
    assert b"tea00000001" not in everything
    assert feed(tea) == ["Porcelain in Production"]


def test_publish_releases_an_embargoed_talk_on_its_day_without_a_new_look(tea: Workspace) -> None:
    embargo = "Brewing Tea at Scale\n    expectation: {embargoed: 2031-05-25}\n"
    tea.write("data/teaconf-2031/event.yaml", EVENT.replace("Brewing Tea at Scale\n", embargo))
    tea.list_videos(TEA)
    tea.pass_()
    assert released(tea) == {}
    tea.now = datetime(2031, 5, 25, 6, 0, tzinfo=UTC)
    tea.pass_(offline=True)
    assert released(tea) == {"brewing-tea": "2031-05-25T06:00:00Z"}


def test_publish_reports_a_list_that_cannot_be_read_and_takes_nothing_back(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    before = tea.ledger()
    tea.write("data/teaconf-2031/videos.yaml", "<html>gone</html>")
    tea.later(days=1)
    made = tea.pass_()
    assert made.watches[0].error is not None
    assert (made.outcome, tea.ledger(), feed(tea)) == (
        Outcome.FINE,
        before,
        ["Brewing Tea at Scale"],
    )


def test_publish_fails_when_a_list_is_late_beyond_its_budget(tea: Workspace) -> None:
    tea.write("data/teaconf-2031/videos.yaml", "<html>gone</html>")
    outcomes = []
    for _ in range(3):
        outcomes.append(tea.pass_().outcome)
        tea.later(hours=20)
    assert outcomes == [Outcome.FINE, Outcome.FINE, Outcome.FAILED]


def test_publish_refuses_a_given_clock_before_the_newest_stamp(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    tea.later(hours=-1)
    with pytest.raises(ClockError, match=r"newest stamp .* is 2031-05-20T12:00:00Z"):
        tea.pass_(clock_given=True)


def test_publish_stamps_nothing_when_the_machines_clock_went_back(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    before = bytes_below(tea.root / "data") | bytes_below(tea.root / "feeds")
    tea.list_videos(TEA, PORCELAIN)
    tea.later(hours=-1)
    made = tea.pass_()
    assert made.outcome is Outcome.FAILED
    assert made.failures[0].endswith(
        "Set the clock right, or give a later --now; if the clock was ahead when that was "
        "stamped, run `recap clock mend`"
    )
    tea.list_videos(TEA)
    assert bytes_below(tea.root / "data") | bytes_below(tea.root / "feeds") == before


def test_publish_says_who_holds_the_data_directory(tea: Workspace) -> None:
    note = tea.root / ".recap" / "holder.json"
    with (
        hold(tea.root / "data", holder=note, now=START),
        pytest.raises(BusyError, match=r"2031-05-20T12:00:00"),
    ):
        tea.pass_()


def test_publish_keeps_feed_ids_when_the_site_moves_and_a_talk_is_renamed(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    ids = [item["id"] for item in json.loads((tea.root / "feeds/feed.json").read_text())["items"]]
    tea.write("config.yaml", CONFIG.replace("https://recaps", "https://videos"))
    renamed = EVENT.replace("id: brewing-tea\n", "id: tea\n    was: [brewing-tea]\n")
    tea.write("data/teaconf-2031/event.yaml", renamed)
    tea.later(days=1)
    tea.pass_()
    again = [item["id"] for item in json.loads((tea.root / "feeds/feed.json").read_text())["items"]]
    assert again == ids == ["tag:recaps.example.org,2031:teaconf-2031/brewing-tea"]
    assert released(tea) == {"tea": "2031-05-20T12:00:00Z"}
