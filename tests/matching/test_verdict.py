from __future__ import annotations

import pytest

from pipeline.matching import Sight, match
from pipeline.model import Event, Match, Speaker, Talk, Verdict
from tests.builders import event, talk, video

GRACE = Speaker(name="Grace Sample")
GREEN = talk("green", "Brewing Green Tea Slowly")
COFFEE = talk("coffee", "Roasting Coffee Beans", speakers=(GRACE,))
LIGHTNING = talk("lightning", "Lightning Talks", speakers=())
PANEL = talk("panel", "Steeping Herbs Together", speakers=())
EVENT = event(GREEN, COFFEE, LIGHTNING, PANEL)


def verdict(title: str | None, *, only_this_event: bool, of: Event = EVENT) -> Match:
    seen = video("tea00000001", title)
    sights = {seen.key: Sight(video=seen, only_this_event=only_this_event)}
    (one,) = match(of, sights, linked={}, settled=frozenset(), refused=frozenset())
    return one


@pytest.mark.parametrize(
    ("title", "here", "anywhere"),
    [
        ("Brewing Green Tea Slowly - Ada Example", Verdict.AUTO, Verdict.AUTO),
        ("Brewing Green Tea Slowly - A. Example", Verdict.AUTO, Verdict.AUTO),
        ("Brewing Green Tea Slowly", Verdict.AUTO, Verdict.AUTO),
        ("Brewing Green Tea", Verdict.AUTO, Verdict.REVIEW),
        ("TeaConf 2031: Brewing Green Tea", Verdict.AUTO, Verdict.AUTO),
        ("Brewing Green Tea Slowly - Zoe Example", Verdict.AUTO, Verdict.REVIEW),
        ("Brewing Green Tea - Ada Example", Verdict.AUTO, Verdict.AUTO),
        ("Ada Example", Verdict.AUTO, Verdict.REVIEW),
        ("TeaConf 2031 - Ada Example", Verdict.AUTO, Verdict.AUTO),
        ("Something Else - Ada Example", Verdict.NONE, Verdict.NONE),
        ("Something Else - Zoe Somebody", Verdict.NONE, Verdict.NONE),
        ("TeaConf 2029: Brewing Green Tea Slowly - Ada Example", Verdict.REVIEW, Verdict.NONE),
        ("Brewing Green Tea Slowly, Part 1 - Ada Example", Verdict.REVIEW, Verdict.REVIEW),
        ("Brewing Green Tea Slowly - Grace Sample", Verdict.REVIEW, Verdict.REVIEW),
        ("Steeping Herbs Together", Verdict.AUTO, Verdict.AUTO),
        ("TeaConf 2031 - Lightning Talks", Verdict.AUTO, Verdict.AUTO),
        (None, Verdict.NONE, Verdict.NONE),
        ("🍵", Verdict.NONE, Verdict.NONE),
    ],
)
def test_verdict_on_lists_of_the_event_and_on_lists_of_any(
    title: str | None, here: Verdict, anywhere: Verdict
) -> None:
    assert verdict(title, only_this_event=True).verdict is here
    assert verdict(title, only_this_event=False).verdict is anywhere


@pytest.mark.parametrize(
    ("title", "doubt"),
    [
        ("TeaConf 2031: Slowly", "it names no speaker, and little of the title"),
        ("TeaConf 2031 - Opening", "more than one session may be called so"),
    ],
)
def test_an_upload_of_the_event_still_has_to_name_its_talk(title: str, doubt: str) -> None:
    openings = (
        talk("first", "Opening: Pouring Water", speakers=()),
        talk("second", "Opening: Boiling Water", speakers=()),
    )
    of = event(GREEN, *openings) if "Opening" in title else EVENT
    one = verdict(title, only_this_event=False, of=of)

    assert one.verdict is not Verdict.AUTO
    assert one.verdict is Verdict.NONE or doubt in one.reasons


def test_none_has_no_talk_and_still_shows_what_was_nearest() -> None:
    one = verdict("Something Else - Ada Example", only_this_event=False)

    assert (one.talk, [talk_id for talk_id, _ in one.candidates]) == (None, ["green"])


def test_a_video_without_title_says_so() -> None:
    assert verdict(None, only_this_event=True).reasons == ("the list does not know the title",)


def test_a_video_like_no_talk_says_so() -> None:
    assert verdict("🍵", only_this_event=True).reasons == ("no talk resembles it",)


PEOPLE = (Speaker(name="Ada Example"), GRACE, Speaker(name="Zoe Placeholder"))


def test_the_name_of_a_speaker_of_several_talks_does_not_tell_which() -> None:
    """The talk that the upload shows may not be in the programme."""
    of = event(GREEN, talk("together", "Steeping Herbs Together", speakers=PEOPLE))
    one = verdict("TeaConf 2031 - Ada Example", only_this_event=False, of=of)

    assert one.verdict is not Verdict.AUTO
    assert "it names a speaker of several talks, and nothing of the title" in one.reasons


@pytest.mark.parametrize(
    ("title", "expected"), [("Tea & You", Verdict.AUTO), ("You and Tea", Verdict.REVIEW)]
)
def test_a_common_title_has_to_be_the_talks_letter_by_letter(title: str, expected: Verdict) -> None:
    of = event(talk("you", "Tea & You"), talk("black", "Black Tea"))

    assert verdict(title, only_this_event=False, of=of).verdict is expected


TWINS: tuple[Talk, ...] = (
    talk("one", "Brewing Green Tea"),
    talk("two", "Brewing Green Tea Again"),
)


def test_two_talks_that_explain_a_video_alike_are_for_a_person() -> None:
    one = verdict("Green Tea - Ada Example", only_this_event=True, of=event(*TWINS))

    assert one.verdict is Verdict.REVIEW
    assert "too close to the next best" in one.reasons


def test_reasons_tell_how_near_the_next_best_is() -> None:
    one = verdict("Brewing Green Tea - Ada Example", only_this_event=True, of=event(*TWINS))

    assert f"next best {one.candidates[1][1]:.2f}" in one.reasons


def test_at_most_three_candidates_are_shown_best_first() -> None:
    talks = [talk(f"t{number}", f"Green Tea {'Very ' * number}") for number in range(5)]
    one = verdict("Green Tea - Ada Example", only_this_event=True, of=event(*talks))

    chances = [chance for _, chance in one.candidates]
    assert len(chances) == 3
    assert chances == sorted(chances, reverse=True)


def test_nothing_is_ever_certain() -> None:
    one = verdict("TeaConf 2031: Brewing Green Tea Slowly - Ada Example", only_this_event=True)

    assert one.probability == 0.99


def test_a_rough_likeness_makes_no_link_while_nothing_better_is_there() -> None:
    # The right upload has not come yet; that nothing else is there makes no link.
    one = verdict("Brewing Black Tea - Zoe Somebody", only_this_event=True)

    assert one.verdict is not Verdict.AUTO


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("TeaConf 2031 - Keynote", Verdict.REVIEW),
        ("TeaConf 2031 - Keynote - Grace Sample", Verdict.AUTO),
        ("TeaConf 2031 - Opening Keynote", Verdict.AUTO),
    ],
)
def test_of_two_keynotes_without_a_title_the_speaker_tells_which(
    title: str, expected: Verdict
) -> None:
    of = event(
        GREEN,
        talk("one", "Keynote", speakers=(GRACE,)),
        talk("two", "Opening Keynote", speakers=PEOPLE),
    )

    assert verdict(title, only_this_event=False, of=of).verdict is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("TeaConf 2031 - Brewing Green Tea Quickly - Zoe Somebody", Verdict.REVIEW),
        ("TeaConf 2031 - Brewing Green Tea Slowly - Zoe Somebody", Verdict.AUTO),
        ("TeaConf 2031 - Brewing Green Tea Quickly", Verdict.AUTO),
    ],
)
def test_a_part_of_the_title_beside_a_strangers_name_is_for_a_person(
    title: str, expected: Verdict
) -> None:
    assert verdict(title, only_this_event=False).verdict is expected


def test_a_speaker_beside_a_title_in_another_script_is_for_a_person() -> None:
    one = verdict("TeaConf 2031: 緑茶の淹れ方 - Ada Example", only_this_event=False)

    assert (one.verdict, one.talk) == (Verdict.REVIEW, "green")
