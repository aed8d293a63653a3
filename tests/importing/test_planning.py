"""What an import would write, and what it refuses to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dataset.folder import FolderStore
from pipeline.dataset.programme import (
    Touch,
    acceptable,
    is_generated,
    render_programme,
    touches,
)
from pipeline.errors import DatasetError, PublishError, SourceError
from pipeline.importing import Plan, plan, write
from pipeline.merging.difference import Change, Kind
from pipeline.model import (
    Expectation,
    Imported,
    Installation,
    Ledger,
    Link,
    Release,
    Speaker,
    Talk,
)
from pipeline.written.yamltext import load
from tests.importing.fakes import BARE_EVENT
from tests.workspace import EVENT, Workspace

TEA = Talk(
    id="brewing-tea",
    title="Brewing Tea",
    speakers=(Speaker(name="Ada Example", role="Brewer", affiliation="Teapot"),),
    summary="Two\nlines.",
    day=date(2031, 5, 17),
    length=timedelta(minutes=25),
    codes=("AAA",),
    slides=(Link(url="https://example.org/slides", label="Slides"),),
    recordings=("youtube:tea00000001",),
)
CUPS = Talk(id="cups", title="Cups", speakers=(Speaker(name="Grace Sample"),), codes=("BBB",))
POTS = Talk(id="pots", title="Pots", speakers=(Speaker(name="Alan Specimen"),), codes=("CCC",))
RELEASE = Release(
    feed_id="tag:recaps.example.org,2031:teaconf-2031/brewing-tea",
    released=datetime(2031, 5, 20, tzinfo=UTC),
    updated=datetime(2031, 5, 20, tzinfo=UTC),
    digest="0" * 16,
    sequence=1,
)
PROGRAMME = "data/teaconf-2031/programme.yaml"


def planned(tea: Workspace, *talks: Talk, **more: object) -> Plan:
    store = FolderStore(tea.root / "data")
    return plan(store.written("teaconf-2031"), Imported(talks=talks), **more)  # type: ignore[arg-type]  # options by name


def imported(tea: Workspace, *talks: Talk) -> Plan:
    """Import `talks` into an event that has none of its own."""
    tea.write("data/teaconf-2031/event.yaml", BARE_EVENT)
    made = planned(tea, *talks)
    write(tea.root / "data", made)
    return made


def edit(tea: Workspace, old: str, new: str) -> None:
    body = (tea.root / PROGRAMME).read_text("utf-8")
    assert old in body
    tea.write(PROGRAMME, body.replace(old, new, 1))


def test_import_writes_what_is_read_back_as_the_same_talks(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    assert FolderStore(tea.root / "data").written("teaconf-2031").talks == (TEA, CUPS)


def test_importing_twice_changes_no_byte(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    again = planned(tea, TEA, CUPS)
    assert (again.changed, again.changes, again.touched) == (False, (), False)


def test_import_into_a_talk_of_event_yaml_leaves_its_edits(tea: Workspace) -> None:
    tea.write("data/teaconf-2031/event.yaml", EVENT.replace("Ada Example,", "Ada Sample,"))
    made = planned(tea, TEA.__class__(id="x", title="Whistling", codes=("QQ",)))
    write(tea.root / "data", made)
    titles = [
        talk.title for talk in FolderStore(tea.root / "data").open("teaconf-2031").event.talks
    ]
    assert titles == ["Whistling", "Brewing Tea at Scale", "Porcelain in Production", None]


def test_a_list_that_was_taken_out_by_hand_is_an_empty_one(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    edit(tea, "  speakers:\n  - Grace Sample\n", "")
    assert planned(tea, TEA, CUPS).touches == (
        Touch(talk="cups", item={"id": "cups", "speakers": []}),
    )


def test_import_tells_late_changes_by_kind(tea: Workspace) -> None:
    imported(tea, TEA, CUPS, POTS)
    late = Talk(
        id="anything",
        title="Brewing Tea, Slowly",
        speakers=(*TEA.speakers, Speaker(name="Alan Specimen")),
        summary=TEA.summary,
        day=date(2031, 5, 18),
        length=timedelta(minutes=45),
        codes=("AAA",),
        slides=TEA.slides,
    )
    new = Talk(id="kettles", title="Kettles", speakers=(Speaker(name="Zoe Invented"),))
    made = planned(tea, POTS, late, new)
    assert made.changes == (
        Change(kind=Kind.ADDED, talk="kettles", text="Kettles (Zoe Invented)"),
        Change(kind=Kind.RENAMED, talk="brewing-tea", text="Brewing Tea → Brewing Tea, Slowly"),
        Change(kind=Kind.CANCELLED, talk="cups", text="Cups (Grace Sample)"),
        Change(
            kind=Kind.SPEAKERS,
            talk="brewing-tea",
            text="Ada Example → Ada Example, Alan Specimen",
        ),
        Change(kind=Kind.DAY, talk="brewing-tea", text="2031-05-17 → 2031-05-18"),
        Change(kind=Kind.LENGTH, talk="brewing-tea", text="25:00 → 45:00"),
        Change(kind=Kind.LINKED, talk="brewing-tea", text="youtube:tea00000001 → none"),
        Change(kind=Kind.ORDER, talk="", text="the talks come in another order"),
    )


def test_import_refuses_to_cancel_more_than_half(tea: Workspace) -> None:
    imported(tea, TEA, CUPS, POTS)
    refused, forced = planned(tea, CUPS), planned(tea, CUPS, force=True)
    assert refused.refusal is not None
    assert refused.refusal.startswith("2 of 3 talks are no longer in the programme")
    assert forced.refusal is None


def test_import_of_no_talk_is_unknown_and_not_empty(tea: Workspace) -> None:
    imported(tea, TEA)
    with pytest.raises(SourceError, match="teaconf-2031: the programme shows no talk"):
        planned(tea, force=True)


def test_import_keeps_a_talk_whose_recording_is_out(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    FolderStore(tea.root / "data").save(
        {"teaconf-2031": Ledger(talks={"brewing-tea": RELEASE})}, Installation(sequence=1)
    )
    made = planned(tea, CUPS)
    sentence = (
        "brewing-tea is no longer in the programme, but its recording is out; it stays. If it is "
        "to go, use `recap withdraw` or `expectation: cancelled` in event.yaml"
    )
    assert (made.changes, made.notes) == ((), (sentence,))


def test_import_brings_back_a_published_talk_whose_file_is_lost(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    store = FolderStore(tea.root / "data")
    store.save({"teaconf-2031": Ledger(talks={"brewing-tea": RELEASE})}, Installation(sequence=1))
    (tea.root / PROGRAMME).unlink()
    write(tea.root / "data", planned(tea, TEA, CUPS))
    assert [talk.id for talk in store.open("teaconf-2031").event.talks] == ["brewing-tea", "cups"]


def test_import_follows_an_id_that_event_yaml_renamed(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    tea.write(
        "data/teaconf-2031/event.yaml", BARE_EVENT + "talks: [{id: tea, was: [brewing-tea]}]\n"
    )
    made = planned(tea, TEA, CUPS)
    assert (made.changes, load(made.body.decode(), file="x").value["talks"][0]["id"]) == (  # type: ignore[call-overload,index]  # plain values
        (),
        "tea",
    )


def test_a_talk_that_event_yaml_renamed_is_one_talk_before_the_next_import(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    tea.write(
        "data/teaconf-2031/event.yaml", BARE_EVENT + "talks: [{id: tea, was: [brewing-tea]}]\n"
    )
    event = FolderStore(tea.root / "data").open("teaconf-2031").event
    assert [(talk.id, talk.title) for talk in event.talks] == [
        ("tea", "Brewing Tea"),
        ("cups", "Cups"),
    ]


def test_import_names_what_may_not_stand_in_a_programme() -> None:
    odd = Talk(
        id="brewing-tea",
        title="Brewing Tea",
        speakers=(Speaker(name="Ada Example", url="example"),),
        links=(
            Link(url="mailto:ada@example.org", label="Mail"),
            Link(url="https://example.org/", label="Site"),
        ),
    )
    taken, notes = acceptable(odd)
    assert (taken.speakers, taken.links) == (
        (Speaker(name="Ada Example"),),
        (Link(url="https://example.org/", label="Site"),),
    )
    why = "is no web address; write it in full, as in https://example.org/"
    assert notes == (
        f"brewing-tea: what speakers says was not taken over: 'example' {why}",
        f"brewing-tea: what links says was not taken over: 'mailto:ada@example.org' {why}",
    )


def test_a_video_of_a_programme_is_the_talks_recording(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    made = tea.pass_(offline=True)
    assert made.events[0].released == ("Brewing Tea (Ada Example)",)


def test_not_of_event_yaml_wins_over_a_video_of_the_programme(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    refusal = "talks: [{id: brewing-tea, not: [tea00000001]}]\n"
    tea.write("data/teaconf-2031/event.yaml", BARE_EVENT + refusal)
    assert tea.pass_(offline=True).events[0].released == ()


def test_recordings_of_event_yaml_take_a_video_from_the_programmes_talk(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    given = "talks: [{id: cups, recordings: [tea00000001]}]\n"
    tea.write("data/teaconf-2031/event.yaml", BARE_EVENT + given)
    assert tea.pass_(offline=True).events[0].released == ("Cups (Grace Sample)",)


def test_a_video_that_two_talks_of_the_programme_name_is_said(tea: Workspace) -> None:
    shared = Talk(id="cups", title="Cups", codes=("BBB",), recordings=TEA.recordings)
    tea.write("data/teaconf-2031/event.yaml", BARE_EVENT)
    made = planned(tea, TEA, shared)
    sentence = (
        "youtube:tea00000001 is named at brewing-tea, cups; it was left with none of them: write "
        "it under `recordings:` of the one that it is, in event.yaml"
    )
    assert made.notes == (sentence,)


def test_write_refuses_what_was_written_meanwhile(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    made = planned(tea, TEA, CUPS, POTS)
    edit(tea, "Cups", "Mugs")
    with pytest.raises(PublishError, match="was written meanwhile"):
        write(tea.root / "data", made)


def test_a_change_by_hand_is_told_key_by_key(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    edit(tea, "title: Brewing Tea", "title: Brewing Green Tea")
    edit(tea, "  length: '25:00'\n", "")
    edit(tea, "checks:", "- id: mugs\n  title: Mugs\nchecks:")
    made = planned(tea, TEA, CUPS)
    assert made.touches == (
        Touch(
            talk="brewing-tea",
            item={"id": "brewing-tea", "title": "Brewing Green Tea", "length": None},
        ),
        Touch(talk="mugs", item={"id": "mugs", "title": "Mugs"}, added=True),
    )


def test_a_change_of_the_programme_is_no_change_by_hand(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    edit(tea, "title: Brewing Tea", "title: Brewing Green Tea")
    later = Talk(id="cups", title="Mugs", speakers=CUPS.speakers, codes=("BBB",))
    assert [touch.talk for touch in planned(tea, TEA, later).touches] == ["brewing-tea"]


def test_a_talk_that_was_deleted_by_hand_is_told(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    body = (tea.root / PROGRAMME).read_text("utf-8")
    start, end = body.index("- id: cups"), body.index("checks:")
    tea.write(PROGRAMME, body[:start] + body[end:])
    assert planned(tea, TEA, CUPS).touches == (
        Touch(talk="cups", item={"id": "cups"}, deleted=True),
    )


def test_a_comment_by_hand_is_noticed_though_it_means_nothing(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    edit(tea, "talks:\n", "talks:\n# mine\n")
    made = planned(tea, TEA, CUPS)
    assert (made.touched, made.touches) == (True, ())


def test_line_ends_of_windows_are_no_change_by_hand(tea: Workspace) -> None:
    imported(tea, TEA, CUPS)
    body = (tea.root / PROGRAMME).read_bytes().replace(b"\n", b"\r\n")
    assert is_generated(body, file=PROGRAMME)


def test_a_programme_that_a_person_wrote_counts_as_theirs(tea: Workspace) -> None:
    tea.write("data/teaconf-2031/event.yaml", BARE_EVENT)
    tea.write(PROGRAMME, "talks:\n  - {id: mugs, title: Mugs}\n")
    assert planned(tea, TEA).touches == (
        Touch(talk="mugs", item={"id": "mugs", "title": "Mugs"}, added=True),
    )


def test_import_lists_every_problem_of_the_events_files(tea: Workspace) -> None:
    tea.write("data/teaconf-2031/event.yaml", BARE_EVENT + "colour: red\n")
    tea.write(PROGRAMME, "talk: []\n")
    with pytest.raises(DatasetError) as error:
        planned(tea, TEA)
    assert [problem.path for problem in error.value.problems] == ["talk", "colour"]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
TALKS = st.builds(
    Talk,
    id=st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}", fullmatch=True),
    title=st.none() | WORDS,
    summary=st.none() | WORDS,
    speakers=st.lists(st.builds(Speaker, name=WORDS, role=st.none() | WORDS), max_size=2).map(
        tuple
    ),
    day=st.none() | st.dates(date(1990, 1, 1), date(2050, 1, 1)),
    length=st.none() | st.integers(1, 30_000).map(lambda s: timedelta(seconds=s)),
    tags=st.lists(WORDS, max_size=2).map(tuple),
    codes=st.lists(WORDS, max_size=2).map(tuple),
    expectation=st.sampled_from([Expectation.EXPECTED, Expectation.NOT_RECORDED]),
    recordings=st.sampled_from([(), ("youtube:tea00000001", "vimeo:12"), ("ccc:abc",)]),
)


@settings(deadline=None)
@given(talks=st.lists(TALKS, max_size=4, unique_by=lambda talk: talk.id))
def test_every_programme_is_read_back_untouched(talks: list[Talk]) -> None:
    accepted = [acceptable(talk)[0] for talk in talks]
    body = render_programme(accepted)
    assert is_generated(body, file=PROGRAMME)
    assert touches(load(body.decode(), file=PROGRAMME)) == ()
    assert [acceptable(talk)[0] for talk in accepted] == accepted


def test_acceptable_leaves_a_proposed_id_to_the_binding() -> None:
    assert acceptable(Talk(id="Bad ID", title="Tea")) == (Talk(id="Bad ID", title="Tea"), ())


def test_acceptable_keeps_a_gate_shut_that_cannot_be_written() -> None:
    taken, notes = acceptable(Talk(id="tea", expectation=Expectation.EMBARGOED))
    assert (taken.expectation, len(notes)) == (Expectation.WITHHELD, 1)
