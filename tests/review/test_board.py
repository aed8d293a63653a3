"""The videos of an event by what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import passage
from pipeline.model import Decision, EventFiles, Ledger, Listing, Question, Rules, Verb, Video
from pipeline.passage import Passed
from pipeline.review import Board, Line, board, subject
from pipeline.review.board import why_asked
from tests.builders import NOW, event, talk, video, watch
from tests.review.test_questions import ADA, AROUND

TEA = video(duration=timedelta(minutes=20))
DOUBT = video("dou00000001", "Tea - Ada Example", duration=timedelta(minutes=20))
SHORT = video("sho00000001", "Kettles, quickly", duration=timedelta(minutes=2))
OTHER = video("oth00000001", "Gardening for cats", duration=timedelta(minutes=20))
TALKS = (
    talk(speakers=ADA),
    talk("tea-kettles", "Kettles for Tea", speakers=ADA),
    talk("porcelain", "Porcelain in Production", speakers=()),
)


def seen(*videos: Video, decisions: tuple[Decision, ...] = ()) -> tuple[EventFiles, Passed]:
    """Return an event whose mixed list showed `videos`, and its passage with `decisions`."""
    rules = Rules(min_duration=timedelta(minutes=5))
    lists = (watch(only_this_event=False, rules=rules),)
    opened = EventFiles(event=event(*TALKS, watches=lists), ledger=Ledger())
    shown = passage.take(opened, {"list": Listing(videos=videos)}, AROUND, now=NOW)
    opened = replace(opened, ledger=shown.ledger, decisions=decisions)
    return opened, passage.take(opened, {}, AROUND, now=NOW)


def said(verb: Verb, key: str, *, talk: str | None = None) -> Decision:
    return Decision(
        id="20310520T120000Z-0a1b2c", time=NOW, verb=verb, by="Ada", video=key, talk=talk
    )


def test_board_lists_what_was_matched_by_itself_lately_with_how_sure() -> None:
    assert board(*seen(TEA), now=NOW) == Board(
        matched=(Line(video=TEA.key, title="Brewing Tea at Scale - Ada Example", note="certain"),)
    )


def test_board_lists_a_link_of_last_week_as_earlier() -> None:
    found = board(*seen(TEA), now=NOW + timedelta(days=7))
    assert ([one.video for one in found.earlier], found.matched) == ([TEA.key], ())


def test_board_lists_what_a_person_linked_as_earlier() -> None:
    link = said(Verb.LINK, OTHER.key, talk="porcelain")
    (line,) = board(*seen(OTHER, decisions=(link,)), now=NOW).earlier
    assert (line.video, line.note) == (OTHER.key, "by a person")


def test_board_says_who_ignored_a_video_and_which_rule_passes_one_over() -> None:
    found = board(*seen(SHORT, OTHER, decisions=(said(Verb.IGNORE, OTHER.key),)), now=NOW)
    assert [(one.video, one.note) for one in found.ignored] == [
        (SHORT.key, "shorter than 5:00"),
        (OTHER.key, "by Ada"),
    ]


def test_board_counts_what_resembles_no_talk() -> None:
    assert board(*seen(OTHER), now=NOW) == Board(others=1)


def test_board_names_why_a_person_has_to_look() -> None:
    (line,) = board(*seen(DOUBT), now=NOW).asked
    assert line.note == "Too close to the next best"


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (("title: 3 of 4 words", "names the event"), "Title: 3 of 4 words"),
        (("names another year: 2030", "the talk has no title yet"), "Names another year: 2030"),
        (("no speaker named", "title: 1 of 4 words", "names the event"), "No speaker named"),
        (("names the event", "next best 0.40"), "Not sure"),
    ],
)
def test_why_asked_is_what_speaks_against_it_or_leaves_it_open(
    reasons: tuple[str, ...], expected: str
) -> None:
    asked = Question(video="a", url="u", title=None, talk="tea", probability=0.5, reasons=reasons)
    assert why_asked(asked) == expected


def test_board_knows_the_next_question_round() -> None:
    asked = tuple(Line(video=key, title=key, note="") for key in "abc")
    found = Board(asked=asked)
    assert [found.after(key) for key in ("a", "c", "gone")] == ["b", "a", "a"]
    assert Board(asked=asked[:1]).after("a") is None


def test_subject_of_a_link_has_the_talk_and_says_whose_word_it_is() -> None:
    found = subject(*seen(TEA), TEA.key)
    assert found is not None
    assert ([one.talk for one in found.candidates], found.linked) == (
        ["brewing-tea"],
        "brewing-tea",
    )
    assert found.said.startswith("Linked by itself.")


def test_subject_with_a_talk_that_a_person_wants_has_it_first() -> None:
    found = subject(*seen(DOUBT), DOUBT.key, wanted="porcelain")
    assert found is not None
    assert found.candidates[0].talk == "porcelain"
    assert (found.wanted, found.said) == ("porcelain", "")


def test_subject_that_a_person_ignored_says_who() -> None:
    found = subject(*seen(OTHER, decisions=(said(Verb.IGNORE, OTHER.key),)), OTHER.key)
    assert found is not None
    assert (found.said, found.candidates) == ("Ignored by Ada.", ())


def test_subject_that_no_list_shows_is_none() -> None:
    assert subject(*seen(TEA), "youtube:nil00000001") is None
