from __future__ import annotations

import pytest

from pipeline.matching.claims import FEW, Place, contested, index, rivals
from pipeline.model import Match, Speaker, Verdict
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


def test_a_link_that_nobody_else_claims_stands() -> None:
    others = {"coffee-days-2031": says(Verdict.REVIEW)}

    assert contested(AUTO, others, owners=()) == AUTO


def test_a_link_that_two_events_claim_is_for_a_person() -> None:
    one = contested(AUTO, {"coffee-days-2031": AUTO}, owners=())

    assert (one.verdict, one.talk, one.reasons) == (
        Verdict.REVIEW,
        "green",
        ("why", "coffee-days-2031 claims it as well"),
    )


def test_a_video_that_another_event_has_is_for_a_person() -> None:
    one = contested(AUTO, {"coffee-days-2031": AUTO}, owners={"coffee-days-2031"})

    assert one.reasons == ("why", "coffee-days-2031 has it already")


def test_what_is_no_link_stays_as_it_is() -> None:
    mine = says(Verdict.NONE)

    assert contested(mine, {"coffee-days-2031": AUTO}, owners={"coffee-days-2031"}) == mine
