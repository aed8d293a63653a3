"""Two events on one channel in the same fortnight, with the same speaker and the same title."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.commands.terminal import fetch_maker
from pipeline.dataset.folder import FolderStore
from pipeline.model import Decision, RunReport, Verb, Want
from pipeline.review import doubts
from pipeline.run import publish
from pipeline.stages.memory import Memory
from pipeline.why import explain_video
from tests.why.cases import case, one
from tests.workspace import CONFIG, Workspace, bytes_below

TEA, CUP = "teaconf-2031", "cupconf-2031"
BOTH = [(TEA, CUP), (CUP, TEA)]
KEY = "youtube:tea00000001"
SAME = "{id: tea00000001, title: Brewing Tea at Scale - Ada Example, length: '21:10'}"
NAMED = "{id: tea00000002, title: Brewing Tea at Scale - Ada Example - CupConf 2031}"
OTHER = "{id: por00000001, title: Porcelain in Production - Grace Sample, length: '30:00'}"
NOW = datetime(2031, 6, 1, 12, 0, tzinfo=UTC)
DAYS = {TEA: "2031-05-17", CUP: "2031-05-20"}
LIST = "  - {kind: file, path: ../channel.yaml, only_this_event: false, every: 1 hour}\n"
TALK = "  - {id: brewing, title: Brewing Tea at Scale, speakers: [Ada Example]}\n"


def write_event(
    made: Workspace, name: str, *, day: str, watch: str = LIST, talk: str = TALK
) -> None:
    title = {TEA: "TeaConf 2031", CUP: "CupConf 2031"}[name]
    made.write(
        f"data/{name}/event.yaml",
        f"id: {name}\nname: {title}\nstart: {day}\ntimezone: Europe/Berlin\n"
        f"watch:\n{watch}talks:\n{talk}",
    )


def show(made: Workspace, *rows: str) -> None:
    made.write("data/channel.yaml", f"videos: [{', '.join(rows)}]\n")


@pytest.fixture
def channel(tmp_path: Path) -> Workspace:
    """Return two events that watch one channel, which shows a video that either may have."""
    made = Workspace(tmp_path, now=NOW)
    made.write("config.yaml", CONFIG)
    for name, day in DAYS.items():
        write_event(made, name, day=day)
    show(made, SAME)
    return made


def pass_(made: Workspace, memory: Memory, **want: object) -> RunReport:
    return publish(
        made.config,
        now=made.now,
        state=made.state,
        open_fetch=fetch_maker(made.config, made.now),
        want=Want(**want),  # type: ignore[arg-type]  # fields by name
        memory=memory,
    )


def match_of(made: Workspace, name: str, key: str = KEY) -> tuple[object, object]:
    """Return verdict and last reason that an event's ledger has of a video."""
    match = made.ledger(name)["videos"][key]["match"]
    assert isinstance(match, dict)
    return match["verdict"], match["reasons"][-1]


def decide(made: Workspace, name: str, verb: Verb, **more: str) -> Decision:
    word = Decision(
        id="", time=made.now, verb=verb, by="Ada Example", start=None, mend=None, **more
    )
    return FolderStore(made.root / "data").decide(word, event_id=name)[0]


def only(made: Workspace, name: str) -> None:
    """Take every other event out of the dataset."""
    made.drop(*(f"data/{one}" for one in DAYS if one != name))


def test_a_video_that_two_events_claim_is_asked_about_in_both(channel: Workspace) -> None:
    made = channel.pass_()
    assert {one.id: [each.video for each in one.questions] for one in made.events} == {
        TEA: [KEY],
        CUP: [KEY],
    }
    assert (match_of(channel, TEA), match_of(channel, CUP)) == (
        ("review", f"{CUP} claims it as well"),
        ("review", f"{TEA} claims it as well"),
    )


@pytest.mark.parametrize(("first", "second"), BOTH)
def test_it_is_asked_about_in_both_whichever_is_taken_first(
    channel: Workspace, first: str, second: str
) -> None:
    write_event(channel, first, day="2031-05-16")
    write_event(channel, second, day="2031-05-17")
    channel.pass_()
    assert (channel.links(TEA), channel.links(CUP)) == ({}, {})


@pytest.mark.parametrize(("first", "second"), BOTH)
def test_it_is_asked_about_when_each_event_is_taken_alone(
    channel: Workspace, first: str, second: str
) -> None:
    channel.pass_(events=(first,))
    channel.pass_(events=(second,))
    assert (match_of(channel, first), match_of(channel, second)) == (
        ("review", f"{second} claims it as well"),
        ("review", f"{first} claims it as well"),
    )


def test_a_later_pass_changes_nothing(channel: Workspace) -> None:
    channel.pass_()
    before = bytes_below(channel.root / "data"), bytes_below(channel.root / "feeds")
    channel.later(hours=3)
    channel.pass_()
    assert (bytes_below(channel.root / "data"), bytes_below(channel.root / "feeds")) == before


def test_a_later_pass_changes_nothing_where_the_earlier_event_has_an_upload_of_its_own(
    channel: Workspace,
) -> None:
    write_event(channel, TEA, day="2031-01-10")
    own = SAME.replace("00001", "00003").replace("Example", "Example - TeaConf 2031")
    show(
        channel,
        own.replace("}", ", published: 2031-01-12}"),
        SAME.replace("}", ", published: 2031-05-22}"),
    )
    channel.pass_()
    before = bytes_below(channel.root / "data"), bytes_below(channel.root / "feeds")
    channel.later(hours=3)
    channel.pass_()
    assert (bytes_below(channel.root / "data"), bytes_below(channel.root / "feeds")) == before
    assert (channel.links(TEA), channel.links(CUP)) == (
        {"youtube:tea00000003": "brewing"},
        {KEY: "brewing"},
    )


def test_a_claim_stays_a_question_though_the_link_that_was_not_made_leaves_less_evidence(
    channel: Workspace,
) -> None:
    series = "series: {tea: {watch: [{kind: file, id: channel, path: channel.yaml}]}}\n"
    channel.write("config.yaml", CONFIG + series)
    show(
        channel,
        "{id: tea00000001, title: 'Scaling Tea - Eve Muster, Alan Specimen (Part 1)', "
        "length: '46:10', published: 2029-04-03}",
        "{id: tea00000002, title: Tea Ceremony Workshop, length: '19:10', published: 2031-04-29}",
    )
    talks = {
        CUP: "  - {id: one, title: Scaling Tea, speakers: [Eve Muster]}\n",
        TEA: "  - {id: two, title: Scaling Tea, speakers: [Eve Muster, Alan Specimen]}\n"
        "  - {id: workshop, title: Tea Ceremony Workshop, speakers: [Eve Muster]}\n",
    }
    for name, day in ((CUP, "2029-03-15"), (TEA, "2029-03-10")):
        write_event(channel, name, day=day, watch="", talk=talks[name])
        path = channel.root / "data" / name / "event.yaml"
        path.write_text(path.read_text("utf-8").replace("watch:", "series: tea"), "utf-8")
    channel.pass_()
    before = bytes_below(channel.root / "data")
    channel.later(minutes=1)
    channel.pass_()
    assert bytes_below(channel.root / "data") == before
    assert (match_of(channel, TEA), match_of(channel, CUP)) == (
        ("review", f"{CUP} claims it as well"),
        ("review", f"{TEA} claims it as well"),
    )


def test_a_memory_changes_nothing(channel: Workspace) -> None:
    memory = Memory()
    show(channel)
    pass_(channel, memory)
    show(channel, SAME, OTHER)
    channel.later(hours=2)
    pass_(channel, memory, due=True)
    warm = bytes_below(channel.root / "data")
    for name in DAYS:
        (channel.root / "data" / name / "recordings.yaml").unlink()
    channel.now = NOW
    show(channel)
    channel.forget()
    channel.pass_()
    show(channel, SAME, OTHER)
    channel.later(hours=2)
    channel.pass_()
    assert bytes_below(channel.root / "data") == warm


@pytest.mark.parametrize(("first", "second"), BOTH)
def test_a_link_that_stands_is_not_taken_away_by_an_event_that_appears_weeks_later(
    channel: Workspace, first: str, second: str
) -> None:
    other = (channel.root / "data" / second / "event.yaml").read_text("utf-8")
    only(channel, first)
    memory = Memory()
    pass_(channel, memory)
    channel.later(days=21)
    channel.write(f"data/{second}/event.yaml", other)
    pass_(channel, memory)
    assert (channel.links(first), match_of(channel, second)) == (
        {KEY: "brewing"},
        ("review", f"{first} has it already"),
    )


@pytest.mark.parametrize(("mine", "other"), BOTH)
def test_a_person_s_link_settles_it_for_both(channel: Workspace, mine: str, other: str) -> None:
    channel.pass_()
    decide(channel, mine, Verb.LINK, video=KEY, talk="brewing")
    made = channel.pass_()
    assert [(one.id, one.out, len(one.questions)) for one in made.events] == [
        (TEA, int(mine == TEA), 0),
        (CUP, int(mine == CUP), 0),
    ]
    assert match_of(channel, other) == ("none", f"a person gave it to {mine}")


@pytest.mark.parametrize(("mine", "other"), BOTH)
def test_a_person_s_line_in_event_yaml_is_a_word_too(
    channel: Workspace, mine: str, other: str
) -> None:
    talk = TALK.replace("}", ", recordings: [tea00000001]}")
    write_event(channel, mine, day=DAYS[mine], talk=talk)
    channel.pass_()
    assert match_of(channel, other) == ("none", f"a person gave it to {mine}")


def test_a_person_s_link_counts_before_the_other_event_looks(channel: Workspace) -> None:
    decide(channel, CUP, Verb.LINK, video=KEY, talk="brewing")
    channel.pass_(events=(TEA,))
    assert match_of(channel, TEA) == ("none", f"a person gave it to {CUP}")


def test_a_person_s_no_leaves_it_to_the_other_event(channel: Workspace) -> None:
    channel.pass_()
    decide(channel, CUP, Verb.IGNORE, video=KEY)
    channel.pass_()
    assert channel.links(TEA) == {KEY: "brewing"}


def test_a_link_that_is_taken_back_asks_again(channel: Workspace) -> None:
    channel.pass_()
    word = decide(channel, CUP, Verb.LINK, video=KEY, talk="brewing")
    channel.pass_()
    decide(channel, CUP, Verb.UNDO, undoes=word.id)
    channel.pass_()
    assert match_of(channel, TEA) == ("review", f"{CUP} claims it as well")


@pytest.mark.parametrize(("mine", "other"), BOTH)
def test_an_event_sleeps_no_longer_when_the_other_got_the_video(
    channel: Workspace, mine: str, other: str
) -> None:
    memory = Memory()
    pass_(channel, memory)
    pass_(channel, memory, due=True)
    decide(channel, mine, Verb.LINK, video=KEY, talk="brewing")
    memory.recheck()
    made = pass_(channel, memory, due=True)
    assert {one.id for one in made.events} == {TEA, CUP}
    assert match_of(channel, other) == ("none", f"a person gave it to {mine}")


def test_events_that_ask_about_one_video_sleep_when_nothing_happens(channel: Workspace) -> None:
    memory = Memory()
    pass_(channel, memory)
    pass_(channel, memory, due=True)
    memory.recheck()
    assert pass_(channel, memory, due=True).events == ()


def test_an_upload_that_names_one_event_is_linked_there(channel: Workspace) -> None:
    show(channel, NAMED)
    channel.pass_()
    assert channel.links(CUP) == {"youtube:tea00000002": "brewing"}


def test_what_a_list_of_the_event_alone_shows_is_not_asked_about(channel: Workspace) -> None:
    own = LIST.replace("false", "true")
    write_event(channel, TEA, day=DAYS[TEA], watch=own)
    channel.pass_()
    assert (channel.links(TEA), match_of(channel, CUP)) == (
        {KEY: "brewing"},
        ("review", f"{TEA} has it already"),
    )


def test_a_video_that_another_list_showed_to_its_owner_is_asked_about(channel: Workspace) -> None:
    channel.write("data/cupconf-2031/playlist.yaml", f"videos: [{SAME}]\n")
    write_event(channel, CUP, day="2031-05-16", watch="  - {kind: file, path: playlist.yaml}\n")
    channel.pass_()
    assert (channel.links(CUP), match_of(channel, TEA)) == (
        {KEY: "brewing"},
        ("review", f"{CUP} has it already"),
    )


def test_the_list_of_a_series_is_a_shared_list(channel: Workspace) -> None:
    series = "\nseries:\n  tea:\n    watch:\n      - {kind: file, path: channel.yaml}\n"
    channel.write("config.yaml", CONFIG + series)
    write_event(channel, TEA, day=DAYS[TEA], watch="  []\n")
    path = channel.root / "data" / TEA / "event.yaml"
    path.write_text(path.read_text("utf-8") + "series: tea\n", encoding="utf-8")
    channel.pass_()
    assert (match_of(channel, TEA), match_of(channel, CUP)) == (
        ("review", f"{CUP} claims it as well"),
        ("review", f"{TEA} claims it as well"),
    )


def test_review_and_why_name_the_other_event(channel: Workspace) -> None:
    channel.pass_()
    known = case(channel, TEA)
    (doubt,) = doubts(known.opened, known.passed)
    assert doubt.candidates[0].reasons[-1] == f"{CUP} claims it as well"
    fact = one(explain_video(known, KEY), "talk")
    assert (fact.rule, fact.notes[-1]) == (
        "another event has a stake in it: a person is asked",
        f"{CUP} claims it as well",
    )


def test_why_says_that_a_person_gave_the_video_elsewhere(channel: Workspace) -> None:
    decide(channel, CUP, Verb.LINK, video=KEY, talk="brewing")
    channel.pass_()
    fact = one(explain_video(case(channel, TEA), KEY), "talk")
    assert (fact.rule, fact.notes[-1]) == (
        "a person's link in another event wins over matching",
        f"a person gave it to {CUP}",
    )


def test_an_event_that_cannot_be_read_claims_nothing(channel: Workspace) -> None:
    channel.write(f"data/{CUP}/event.yaml", f"id: {CUP}\nwatch:\n{LIST}")
    channel.pass_()
    assert channel.links(TEA) == {KEY: "brewing"}


def test_another_talk_s_video_is_linked_where_it_belongs(channel: Workspace) -> None:
    more = "  - {id: porcelain, title: Porcelain in Production, speakers: [Grace Sample]}\n"
    write_event(channel, CUP, day=DAYS[CUP], talk=TALK + more)
    show(channel, SAME, OTHER)
    channel.pass_()
    assert (channel.links(TEA), channel.links(CUP)) == ({}, {"youtube:por00000001": "porcelain"})
