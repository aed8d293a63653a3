from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.matching.candidates import Sight, VideoText, prepare
from pipeline.matching.copies import again_as, is_mirror
from tests.builders import event, talk, video


def pair(
    one: str, other: str, *, minutes: tuple[int, int] = (20, 20), only_this_event: bool = True
) -> tuple[VideoText, VideoText]:
    seen = {
        key: Sight(
            video=video(key, title, duration=timedelta(minutes=long)),
            only_this_event=only_this_event,
        )
        for key, title, long in (
            ("tea00000001", one, minutes[0]),
            ("tea00000002", other, minutes[1]),
        )
    }
    first, second = prepare(event(talk()), seen).videos
    return first, second


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ("Brewing Tea", "Brewing Tea", "the same title as a linked upload of the talk"),
        (
            "Brewing Tea, Part 2",
            "Brewing Tea, Part 1",
            "part 2 of the talk, of which part 1 is linked",
        ),
        (
            "Brewing Tea Part II",
            "Brewing Tea Part I",
            "part 2 of the talk, of which part 1 is linked",
        ),
        ("Brewing Tea (Spanish)", "Brewing Tea", "the talk in another language: spanish"),
        ("Brewing Tea", "Brewing More Tea", ""),
        ("Brewing Tea, Part 2", "Brewing Coffee, Part 1", ""),
    ],
)
def test_again_as_says_which_further_uploads_are_understood(
    one: str, other: str, says: str
) -> None:
    assert again_as(*pair(one, other)) == says


def test_again_as_is_empty_where_the_lengths_differ() -> None:
    assert again_as(*pair("Brewing Tea", "Brewing Tea", minutes=(20, 30))) == ""


def test_again_as_is_empty_where_any_event_could_have_the_title() -> None:
    assert again_as(*pair("Brewing Tea", "Brewing Tea", only_this_event=False)) == ""


def test_mirrors_say_the_same_and_last_as_long() -> None:
    assert is_mirror(*pair("Brewing Tea", "Tea Brewing"))
    assert not is_mirror(*pair("Brewing Tea", "Tea Brewing", minutes=(20, 30)))


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        (
            "Lightning Talks Day 2",
            "Lightning Talks Day 1",
            "day 2 of the talk, of which day 1 is linked",
        ),
        ("Lightning Talks Day 2", "Lightning Talks", ""),
        ("Lightning Talks Day 2", "Welcome Day 1", ""),
    ],
)
def test_again_as_understands_what_goes_on_each_day(one: str, other: str, says: str) -> None:
    assert again_as(*pair(one, other)) == says
