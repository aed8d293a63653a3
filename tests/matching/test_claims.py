from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.matching.claims import FEW, Place, contested, index, rivals
from pipeline.model import Match, Speaker, Stake, Verdict
from tests.builders import event, talk, video

GRACE = Speaker(name="Grace Sample", also=("Gracie S. Sample",))
TEA = event(talk("green", "Brewing Green Tea Slowly"))
COFFEE = event(
    talk("beans", "Roasting Coffee Beans", speakers=(GRACE,)),
    talk("again", "Brewing Green Tea, Again"),
    id="coffee-days-2031",
)
KNOWN = index([TEA, COFFEE])


def found(title: str | None, *, event_id: str = "teaconf-2031") -> list[str]:
    return [one.talk for one in rivals(video(title=title), KNOWN, event=event_id)]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Something Else - Grace Sample", ["beans"]),
        ("Something Else - Sample, Grace", ["beans"]),
        ("Something Else - Grace Middle Sample", ["beans"]),
        ("Something Else - Gracie Sample", ["beans"]),
        ("Something Else - Grace", []),
        ("Roasting Beans", ["beans"]),
        ("Roasting", []),
        ("Brewing Green Tea - Ada Example", ["again"]),
        (None, []),
    ],
)
def test_rivals_are_named_or_share_two_rare_words(title: str | None, expected: list[str]) -> None:
    assert found(title) == expected


def test_an_event_is_no_rival_of_its_own() -> None:
    assert found("Roasting Coffee Beans - Grace Sample", event_id="coffee-days-2031") == []


def test_a_word_of_many_talks_tells_nothing() -> None:
    many = event(*(talk(f"t{n}", "Roasting Coffee", speakers=()) for n in range(FEW + 1)))

    assert rivals(video(title="Roasting Coffee"), index([many]), event="other") == ()


def test_the_order_of_events_changes_nothing() -> None:
    assert index([COFFEE, TEA]) == KNOWN


def test_places_come_in_order() -> None:
    title = "Brewing Green Tea"

    assert rivals(video(title=title), KNOWN, event="other") == (
        Place(event="coffee-days-2031", talk="again"),
        Place(event="teaconf-2031", talk="green"),
    )


def says(verdict: Verdict) -> Match:
    return Match(video="youtube:tea00000001", verdict=verdict, talk="green", reasons=("why",))


AUTO = says(Verdict.AUTO)


def test_a_link_that_nobody_else_has_a_stake_in_stands() -> None:
    assert contested(AUTO, ()) == AUTO


def test_a_link_that_two_events_claim_is_for_a_person() -> None:
    stakes = (("coffee-days-2031", Stake.CLAIMED), ("cup-days-2031", Stake.LINKED))

    assert contested(AUTO, stakes) == replace(
        AUTO,
        verdict=Verdict.REVIEW,
        reasons=("why", "coffee-days-2031 claims it as well", "cup-days-2031 has it already"),
        contested=stakes,
    )


def test_a_link_that_a_person_gave_elsewhere_is_not_made() -> None:
    stakes = (("coffee-days-2031", Stake.CLAIMED), ("cup-days-2031", Stake.GIVEN))

    assert contested(AUTO, stakes) == replace(
        AUTO,
        verdict=Verdict.NONE,
        talk=None,
        reasons=("why", "coffee-days-2031 claims it as well", "a person gave it to cup-days-2031"),
        contested=stakes,
    )


def test_what_is_no_talk_s_stays_as_it_is() -> None:
    mine = says(Verdict.NONE)

    assert contested(mine, (("coffee-days-2031", Stake.LINKED),)) == mine


def test_a_question_names_who_else_has_a_stake() -> None:
    stakes = (("coffee-days-2031", Stake.CLAIMED),)

    assert contested(says(Verdict.REVIEW), stakes) == contested(AUTO, stakes)
