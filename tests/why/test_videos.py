from __future__ import annotations

from pipeline.matching import VERSION
from pipeline.model import Barred, Decision, Verb
from pipeline.why import Fact, explain_stranger
from tests.builders import NOW
from tests.why.cases import EVENT_FILE, POR_KEY, TEA_KEY, UNT_KEY, line_of, of_video, one
from tests.workspace import EVENT, PORCELAIN, START, TEA, UNTITLED, Workspace

LIST = "teaconf-2031/file-videos"
RECORDINGS = "data/teaconf-2031/recordings.yaml"


def look(tea: Workspace, *rows: str) -> None:
    tea.list_videos(*rows)
    tea.pass_()


def test_title_is_the_uploads_verbatim(tea: Workspace) -> None:
    look(tea, TEA)
    assert of_video(tea, "title") == Fact(
        field="title",
        value="Brewing Tea at Scale - Ada Example",
        source=LIST,
        rule="as the list shows it",
        time=START,
    )


def test_seen_names_the_list_and_the_first_look(tea: Workspace) -> None:
    look(tea, TEA)
    tea.later(days=1)
    look(tea, TEA)
    assert of_video(tea, "seen") == Fact(
        field="seen",
        value="2031-05-20T12:00:00Z",
        source=LIST,
        rule="the first look in which a list showed it",
        time=START,
    )


def test_public_of_a_private_video_says_what_the_list_says(tea: Workspace) -> None:
    look(tea, TEA.replace("}", ", access: private}"))
    fact = of_video(tea, "public")
    assert (fact.value, fact.rule) == (
        None,
        "the first look in which it was public; its list now says: private",
    )
    assert of_video(tea, "shown").rule == "kept out: it is private, and was never public"


def test_public_of_a_video_dated_ahead_says_so(tea: Workspace) -> None:
    look(tea, TEA.replace("}", ", published: '2031-05-22T08:00:00Z'}"))
    assert of_video(tea, "public").rule.endswith("its list now says: public, but dated ahead")
    assert (
        of_video(tea, "shown").rule == "kept out: its date is still to come: 2031-05-22T08:00:00Z"
    )


def test_gone_counts_the_looks_that_missed_it_until_it_is_certain(tea: Workspace) -> None:
    look(tea, TEA, PORCELAIN)
    tea.later(days=1)
    look(tea, PORCELAIN)
    missed = of_video(tea, "gone")
    for _ in range(2):
        tea.later(days=1)
        look(tea, PORCELAIN)
    gone = of_video(tea, "gone")
    assert missed.value is None
    assert missed.rule == (
        "not certain yet: 1 of 3 good and complete looks did not show it, "
        "the first at 2031-05-21T12:00:00Z, the latest at 2031-05-21T12:00:00Z"
    )
    assert (gone.value, gone.rule) == (
        "2031-05-23T12:00:00Z",
        "three good and complete looks over 48 hours or more did not show it",
    )
    assert of_video(tea, "shown").rule == "it is no longer public; shown as unavailable"


def test_shown_names_the_talk_and_the_role(tea: Workspace) -> None:
    look(tea, TEA)
    assert of_video(tea, "shown") == Fact(
        field="shown",
        value="primary recording of teaconf-2031/brewing-tea",
        source="https://www.youtube.com/watch?v=tea00000001",
        rule="linked, public, and nothing keeps it back",
    )


def test_shown_of_a_doubtful_video_says_that_it_waits_for_a_person(tea: Workspace) -> None:
    mixed = EVENT.replace("path: videos.yaml", "path: videos.yaml, only_this_event: false")
    tea.write(EVENT_FILE, mixed)
    look(tea, UNTITLED)
    assert of_video(tea, "talk", UNT_KEY).rule == "too doubtful to link: a person is asked"
    assert of_video(tea, "shown", UNT_KEY).rule == (
        "kept out: it waits for a person: `recap review`"
    )


def test_candidates_of_a_video_like_no_talk_are_none(tea: Workspace) -> None:
    look(tea, TEA, "{id: zzz00000001, title: Cats}")
    key = "youtube:zzz00000001"
    assert of_video(tea, "candidates", key) == Fact(
        field="candidates",
        value=None,
        source=f"matching version {VERSION}",
        rule="no talk resembles it",
        notes=("none: no talk resembles it",),
    )
    assert of_video(tea, "shown", key).rule == "kept out: it is no talk's recording"


def test_candidates_are_what_matching_says_if_nothing_tied_it(tea: Workspace) -> None:
    look(tea, TEA)
    fact = of_video(tea, "candidates")
    assert (fact.value, fact.rule) == (
        "brewing-tea (0.99)",
        "what matching says if nothing tied it to a talk",
    )


def test_a_video_that_is_held_back_shows_no_more_than_its_verdict(tea: Workspace) -> None:
    withheld = EVENT.replace("    title: Brewing", "    expectation: withheld\n    title: Brewing")
    tea.write(EVENT_FILE, withheld)
    look(tea, TEA)
    assert of_video(tea, "seen") == Fact(
        field="seen",
        value=None,
        source=line_of(tea, TEA_KEY, column=3, path=RECORDINGS),
        rule="held back: the ledger is public, and keeps no more of it than its key and verdict",
    )
    assert of_video(tea, "shown").rule == "kept out: its talk, brewing-tea, is withheld"


def test_a_video_that_only_a_person_named_says_so(tea: Workspace) -> None:
    tea.write(
        EVENT_FILE,
        EVENT.replace("    title: Brewing", "    recordings: [por00000001]\n    title: Brewing"),
    )
    fact = of_video(tea, "seen", POR_KEY)
    assert (fact.value, fact.rule) == (
        None,
        "no watch list has shown it: all that is known of it is what a person wrote",
    )


def test_a_stranger_was_seen_nowhere() -> None:
    answer = explain_stranger(TEA_KEY, barred=Barred(), shared=())
    assert (one(answer, "seen").value, one(answer, "shown").rule) == (None, "no event knows it")


def test_a_stranger_that_was_withdrawn_names_the_decision() -> None:
    word = Decision(id="d1", time=NOW, verb=Verb.WITHDRAW, by="Bea", video=TEA_KEY)
    answer = explain_stranger(TEA_KEY, barred=Barred(), shared=(word,))
    assert one(answer, "shown").source == "data/decisions/d1.yaml withdrew it"


def test_a_stranger_in_no_publish_yaml_names_the_file() -> None:
    answer = explain_stranger(TEA_KEY, barred=Barred(videos=frozenset({TEA_KEY})), shared=())
    assert one(answer, "shown").source == ("data/no-publish.yaml keeps it out, should it be shown")
