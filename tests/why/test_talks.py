from __future__ import annotations

from datetime import UTC, datetime

from pipeline.why import Fact, explain_talk, explain_video
from tests.why.cases import EVENT_FILE, case, decide, line_of, of_talk
from tests.workspace import CAMP, EVENT, START, TEA, Workspace

RECORDINGS = "data/teaconf-2031/recordings.yaml"
DATED = TEA.replace("}", ", published: '2031-05-19T08:00:00Z'}")


def expect(tea: Workspace, expectation: str) -> None:
    line = f"    expectation: {expectation}\n    title: Brewing"
    tea.write(EVENT_FILE, EVENT.replace("    title: Brewing", line))


def test_standing_of_a_talk_that_is_out(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    assert of_talk(tea, "standing") == Fact(
        field="standing",
        value="out",
        source="a default: every talk is expected unless a file says otherwise",
        rule="a public video is linked to it, and nothing keeps it back",
    )


def test_standing_of_a_withheld_talk_names_its_line_and_the_public_video(tea: Workspace) -> None:
    expect(tea, "withheld")
    tea.list_videos(TEA)
    tea.pass_()
    fact = of_talk(tea, "standing")
    assert (fact.value, fact.source, fact.rule) == (
        "withheld",
        line_of(tea, "expectation:", column=5),
        "`expectation:` keeps its recording out of every output",
    )
    assert fact.notes[0].startswith("youtube:tea00000001 is public, but teaconf-2031/brewing-tea")


def test_standing_of_an_embargoed_talk_names_the_day(tea: Workspace) -> None:
    expect(tea, "{embargoed: 2031-06-01}")
    fact = of_talk(tea, "expectation")
    assert (fact.value, fact.rule) == (
        "embargoed",
        "it may appear from 2031-06-01 on, a day in Europe/Berlin",
    )


def test_standing_after_an_embargo_says_that_it_ended(tea: Workspace) -> None:
    expect(tea, "{embargoed: 2031-05-19}")
    fact = of_talk(tea, "standing")
    assert (fact.value, fact.notes) == ("awaited", ("its embargo ended on 2031-05-19",))


def test_standing_of_a_withdrawn_talk_names_who_withdrew_it(tea: Workspace) -> None:
    body = "time: 2031-05-20T13:00:00Z\nverb: withdraw\nby: Bea\nspeaker: Ada Example\n"
    source = decide(tea, "20310520T130000Z-0a1b2c", f"{body}reason: asked to\n", shared=True)
    assert of_talk(tea, "standing") == Fact(
        field="standing",
        value="withdrawn",
        source=source,
        rule="a withdrawal wins over event.yaml, links and matching (withdraw)",
        time=START.replace(hour=13),
        person="Bea",
        notes=("reason given: asked to",),
    )


def test_standing_of_a_talk_whose_speaker_is_in_no_publish_yaml_names_the_line(
    tea: Workspace,
) -> None:
    tea.write("data/no-publish.yaml", "speakers:\n  - Ada Example\n")
    fact = of_talk(tea, "standing")
    assert (fact.value, fact.source) == ("withdrawn", "data/no-publish.yaml:2:5")


def test_recordings_of_a_gated_talk_say_what_keeps_them_out(tea: Workspace) -> None:
    expect(tea, "lost")
    tea.list_videos(TEA)
    tea.pass_()
    fact = of_talk(tea, "recordings")
    assert (fact.value, fact.notes[0]) == (
        "youtube:tea00000001 (not shown)",
        "kept out: its talk, brewing-tea, is lost",
    )


def test_recordings_of_an_awaited_talk_name_the_video_that_is_asked_about(tea: Workspace) -> None:
    mixed = EVENT.replace("path: videos.yaml", "path: videos.yaml, only_this_event: false")
    tea.write(EVENT_FILE, mixed)
    tea.list_videos("{id: unt00000001, title: Whistling Kettles - Alan Specimen}")
    tea.pass_()
    fact = of_talk(tea, "recordings", "untitled")
    assert (fact.value, fact.source) == (None, "nowhere")
    assert [note.partition(" (")[0] for note in fact.notes] == ["youtube:unt00000001 may be it"]


def test_released_by_a_later_run_is_stamped_by_its_clock(tea: Workspace) -> None:
    tea.list_videos("{id: por00000001, title: Porcelain in Production - Grace Sample}")
    tea.pass_()
    tea.later(days=1)
    tea.list_videos(DATED)
    tea.pass_()
    assert of_talk(tea, "released") == Fact(
        field="released",
        value="2031-05-21T12:00:00Z",
        source=line_of(tea, "released: ", column=5, path=RECORDINGS),
        rule="stamped once, by the run of 2031-05-21T12:00:00Z in which the talk became "
        "publishable: linked, public, expected and not withdrawn",
        time=datetime(2031, 5, 21, 12, tzinfo=UTC),
    )


def test_released_in_the_backlog_keeps_the_platforms_date(tea: Workspace) -> None:
    tea.list_videos(DATED)
    tea.pass_()
    fact = of_talk(tea, "released")
    assert (fact.value, fact.rule) == (
        "2031-05-19T08:00:00Z",
        "backlog: what the first good look finds keeps its platform's date",
    )


def test_released_in_an_old_undated_backlog_is_assumed(tea: Workspace) -> None:
    tea.later(days=100)
    tea.list_videos(TEA)
    tea.pass_()
    fact = of_talk(tea, "released")
    assert fact.value == "2031-05-18T00:00:00Z"
    assert fact.rule == (
        "backlog of an event that ended more than 90 days before, no platform date known: "
        "00:00 UTC of its last day (assumed, and not shown to people)"
    )


def test_released_before_any_run_says_that_the_next_one_stamps_it(tea: Workspace) -> None:
    tea.write(
        EVENT_FILE,
        EVENT.replace("    title: Brewing", "    recordings: [tea00000001]\n    title: Brewing"),
    )
    assert of_talk(tea, "released") == Fact(
        field="released",
        value=None,
        source="nowhere",
        rule="given at its release, which the next run stamps: `recap publish`",
    )


def test_released_of_an_awaited_talk_is_none(tea: Workspace) -> None:
    assert of_talk(tea, "sequence").rule == "given at its release, and it was not released yet"


def test_released_of_a_talk_that_left_the_feeds_says_when(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    expect(tea, "withheld")
    tea.later(hours=1)
    leaving = of_talk(tea, "released")
    tea.pass_()
    left = of_talk(tea, "released")
    assert leaving.notes == ("the next run takes it out of the feeds",)
    assert (left.value, left.rule) == (
        None,
        "it left the feeds at 2031-05-20T13:00:00Z; it is dated anew when it is released again",
    )


def test_updated_tells_an_unchanged_talk_from_a_changed_one(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    unchanged = of_talk(tea, "updated")
    tea.write(EVENT_FILE, EVENT.replace("Brewing Tea at Scale", "Brewing Tea, Slowly"))
    tea.later(hours=1)
    pending = of_talk(tea, "updated")
    tea.pass_()
    changed = of_talk(tea, "updated")
    assert (unchanged.value, unchanged.rule) == (
        "2031-05-20T12:00:00Z",
        "not changed since its release",
    )
    assert pending.notes == ("something changed since: the next run moves it",)
    assert (changed.value, changed.rule) == (
        "2031-05-20T13:00:00Z",
        "the run of 2031-05-20T13:00:00Z found its title, speakers, links or status changed",
    )


def test_feed_id_says_that_it_was_kept_through_a_rename(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    before = of_talk(tea, "feed-id")
    tea.write(EVENT_FILE, EVENT.replace("id: brewing-tea", "id: brewing\n    was: [brewing-tea]"))
    tea.pass_()
    after = of_talk(tea, "feed-id", "brewing")
    rule = "made of `site.tag` and event/talk at the first release, and never changed"
    assert before.value == "tag:recaps.example.org,2031:teaconf-2031/brewing-tea"
    assert (before.rule, after.rule) == (rule, f"{rule}; kept through a rename")
    assert after.value == before.value


def test_every_value_of_the_shipped_event_has_a_source_and_a_rule(camp: Workspace) -> None:
    camp.pass_()
    shipped = case(camp, CAMP)
    answers = [
        *(explain_talk(shipped, talk.id) for talk in shipped.event.talks),
        *(explain_video(shipped, key) for key in shipped.passed.ledger.videos),
    ]
    facts = [fact for answer in answers for fact in answer.facts]
    assert len(answers) == 26
    assert [fact for fact in facts if not fact.rule] == []
    assert [fact for fact in facts if fact.value and fact.source in ("", "nowhere")] == []
