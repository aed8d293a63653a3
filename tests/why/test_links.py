from __future__ import annotations

from pipeline.matching import VERSION
from pipeline.why import Fact
from tests.why.cases import (
    EVENT_FILE,
    POR_KEY,
    TEA_KEY,
    decide,
    line_of,
    of_talk,
    of_video,
)
from tests.workspace import EVENT, START, TEA, Workspace

LINK = "time: 2031-05-20T13:00:00Z\nverb: link\nby: Bea\nvideo: {key}\ntalk: {talk}\n"
ADA = "Ada Example"
UNDO = "time: 2031-05-20T14:00:00Z\nverb: undo\nby: Cy\nundoes: {name}\n"


def seen(tea: Workspace) -> Workspace:
    tea.list_videos(TEA)
    tea.pass_()
    return tea


def test_an_automatic_link_shows_its_evidence_and_the_runner_up(tea: Workspace) -> None:
    fact = of_video(seen(tea), "talk")
    recordings = "data/teaconf-2031/recordings.yaml"
    assert fact == Fact(
        field="talk",
        value="teaconf-2031/brewing-tea",
        source=line_of(tea, "match:", column=5, path=recordings),
        rule="an automatic match: no person said otherwise, and it stays by itself",
        time=START,
        notes=fact.notes,
    )
    assert fact.notes[0] == f"probability 0.99, by matcher version {VERSION}"
    assert "speaker named in full: Ada Example" in fact.notes
    assert fact.notes[-1] == "runner-up: none, no other talk resembles it"


def test_an_automatic_link_names_the_runner_up_it_left_behind(tea: Workspace) -> None:
    rival = EVENT.replace("Porcelain in Production", "Brewing Tea at Home").replace(
        "Grace Sample", ADA
    )
    tea.write(EVENT_FILE, rival)
    name, _, probability = of_video(seen(tea), "talk").notes[-1].rpartition(" ")
    assert name == "runner-up: porcelain"
    assert 0 < float(probability.strip("()")) < 0.5


def test_a_link_that_no_run_has_stored_says_so(tea: Workspace) -> None:
    seen(tea)
    path = tea.event_folder / "recordings.yaml"
    whole = path.read_text("utf-8")
    start = whole.index("    match:")
    path.write_text(whole[:start] + whole[whole.index("talks:") :], encoding="utf-8")
    assert "not stored yet: the next run links it" in of_video(tea, "talk").notes


def test_event_yaml_overrules_an_automatic_match(tea: Workspace) -> None:
    seen(tea)
    written = EVENT.replace(
        "    title: Porcelain", "    recordings: [tea00000001]\n    title: Porcelain"
    )
    tea.write(EVENT_FILE, written)
    fact = of_video(tea, "talk")
    assert (fact.value, fact.source, fact.rule, fact.notes[0]) == (
        "teaconf-2031/porcelain",
        line_of(tea, "recordings:", column=18),
        "`recordings:` of a talk wins over decisions and matching",
        "overrules an automatic match: brewing-tea",
    )


def test_event_yaml_overrules_a_decision(tea: Workspace) -> None:
    seen(tea)
    decide(tea, "20310520T130000Z-0a1b2c", LINK.format(key=TEA_KEY, talk="untitled"))
    written = EVENT.replace(
        "    title: Porcelain", "    recordings: [tea00000001]\n    title: Porcelain"
    )
    tea.write(EVENT_FILE, written)
    assert of_video(tea, "talk").notes[0] == "overrules a decision: untitled"


def test_a_decision_names_its_person_time_and_reason(tea: Workspace) -> None:
    seen(tea)
    body = LINK.format(key=TEA_KEY, talk="porcelain") + "reason: I was there\n"
    source = decide(tea, "20310520T130000Z-0a1b2c", body)
    assert of_video(tea, "talk") == Fact(
        field="talk",
        value="teaconf-2031/porcelain",
        source=source,
        rule="the latest decision wins over matching (link)",
        time=START.replace(hour=13),
        person="Bea",
        notes=(
            "reason given: I was there",
            "overrules an automatic match: brewing-tea",
            "runner-up: brewing-tea (0.99)",
        ),
    )


def test_the_latest_of_two_decisions_is_named(tea: Workspace) -> None:
    seen(tea)
    decide(tea, "20310520T130000Z-0a1b2c", LINK.format(key=TEA_KEY, talk="porcelain"))
    later = LINK.format(key=TEA_KEY, talk="untitled").replace("T13", "T15")
    source = decide(tea, "20310520T150000Z-0a1b2c", later)
    fact = of_video(tea, "talk")
    assert (fact.value, fact.source) == ("teaconf-2031/untitled", source)


def test_a_decision_that_was_undone_decides_nothing(tea: Workspace) -> None:
    seen(tea)
    decide(tea, "20310520T130000Z-0a1b2c", LINK.format(key=TEA_KEY, talk="porcelain"))
    decide(tea, "20310520T140000Z-0a1b2c", UNDO.format(name="20310520T130000Z-0a1b2c"))
    fact = of_video(tea, "talk")
    assert (fact.value, fact.person) == ("teaconf-2031/brewing-tea", None)


def test_a_link_that_came_back_by_an_undo_names_the_undo(tea: Workspace) -> None:
    seen(tea)
    decide(tea, "20310520T130000Z-0a1b2c", LINK.format(key=TEA_KEY, talk="porcelain"))
    wrong = LINK.format(key=TEA_KEY, talk="untitled").replace("T13:00", "T13:30")
    decide(tea, "20310520T133000Z-0a1b2c", wrong)
    undo = UNDO.format(name="20310520T133000Z-0a1b2c")
    source = decide(tea, "20310520T140000Z-0a1b2c", undo)
    fact = of_video(tea, "talk")
    assert (fact.value, fact.source, fact.person, fact.rule) == (
        "teaconf-2031/porcelain",
        source,
        "Cy",
        "the latest decision wins over matching (undo)",
    )


def test_of_two_decisions_that_say_the_same_the_earlier_is_named(tea: Workspace) -> None:
    seen(tea)
    body = LINK.format(key=TEA_KEY, talk="porcelain")
    decide(tea, "20310520T130000Z-0a1b2c", body)
    earlier = body.replace("T13", "T09")
    source = decide(tea, "20310520T090000Z-0a1b2c", earlier, shared=True)
    assert of_video(tea, "talk").source == source


def test_an_ignored_video_names_who_said_so(tea: Workspace) -> None:
    seen(tea)
    body = f"time: 2031-05-20T13:00:00Z\nverb: ignore\nby: Bea\nvideo: {TEA_KEY}\n"
    source = decide(tea, "20310520T130000Z-0a1b2c", body)
    fact = of_video(tea, "talk")
    assert (fact.value, fact.source, fact.person) == (None, source, "Bea")
    assert of_video(tea, "shown").rule == "kept out: a person said to ignore it"
    assert of_video(tea, "candidates").value == "brewing-tea (0.99)"


def test_a_refused_talk_is_named_with_its_place(tea: Workspace) -> None:
    seen(tea)
    tea.write(
        EVENT_FILE,
        EVENT.replace("    title: Brewing", "    not: [tea00000001]\n    title: Brewing"),
    )
    place = line_of(tea, "not:", column=11)
    assert f"a person said that it is not brewing-tea ({place})" in of_video(tea, "talk").notes
    assert of_video(tea, "candidates").value == "brewing-tea (0.99)"


def test_an_unlinked_video_names_who_refused_it(tea: Workspace) -> None:
    seen(tea)
    body = f"time: 2031-05-20T13:00:00Z\nverb: unlink\nby: Bea\nvideo: {TEA_KEY}\n"
    body += "talk: brewing-tea\n"
    source = decide(tea, "20310520T130000Z-0a1b2c", body)
    fact = of_video(tea, "talk")
    assert (fact.value, fact.notes[-1]) == (
        None,
        f"a person said that it is not brewing-tea ({source}, by Bea)",
    )


def test_a_video_in_no_publish_yaml_names_its_line(tea: Workspace) -> None:
    seen(tea)
    tea.write("data/no-publish.yaml", f"videos:\n  - {TEA_KEY}\n")
    fact = of_video(tea, "talk")
    assert (fact.value, fact.source, fact.rule) == (
        None,
        "data/no-publish.yaml:2:5",
        "no-publish.yaml wins over everything else",
    )
    assert of_video(tea, "shown").rule == "kept out: it is withdrawn"


def test_a_video_withdrawn_everywhere_names_the_shared_decision(tea: Workspace) -> None:
    seen(tea)
    body = f"time: 2031-05-20T13:00:00Z\nverb: withdraw\nby: Bea\nvideo: {TEA_KEY}\n"
    source = decide(tea, "20310520T130000Z-0a1b2c", body, shared=True)
    fact = of_video(tea, "talk")
    assert (fact.source, fact.person) == (source, "Bea")


def test_a_talk_names_who_ties_a_video_to_it(tea: Workspace) -> None:
    tea.write(
        EVENT_FILE,
        EVENT.replace("    title: Brewing", "    recordings: [por00000001]\n    title: Brewing"),
    )
    fact = of_talk(tea, "recordings")
    assert (fact.value, fact.source) == (
        f"{POR_KEY} (primary, https://www.youtube.com/watch?v=por00000001)",
        line_of(tea, "recordings:", column=18),
    )
