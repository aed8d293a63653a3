"""What an import changes, in the words of the field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.merging.difference import Change, Kind, difference, label, totals
from pipeline.model import Expectation, Speaker, Talk

ADA = Speaker(name="Ada Example", role="Brewer")
TEA = Talk(id="tea", title="Brewing Tea", speakers=(ADA,), day=date(2031, 5, 17))
CUPS = Talk(id="cups", title="Cups")


@pytest.mark.parametrize(
    ("more", "kind", "text"),
    [
        ({"title": "Brewing"}, Kind.RENAMED, "Brewing Tea → Brewing"),
        ({"title": None}, Kind.RENAMED, "Brewing Tea → no title"),
        (
            {"expectation": Expectation.CANCELLED},
            Kind.CANCELLED,
            "Brewing Tea (Ada Example)",
        ),
        (
            {"expectation": Expectation.EMBARGOED, "embargo": date(2031, 6, 1)},
            Kind.EXPECTATION,
            "expected → embargoed until 2031-06-01",
        ),
        (
            {"expectation": Expectation.NOT_RECORDED},
            Kind.EXPECTATION,
            "expected → not recorded",
        ),
        ({"speakers": ()}, Kind.SPEAKERS, "Ada Example → nobody"),
        (
            {"speakers": (replace(ADA, role="Chef"),)},
            Kind.SPEAKERS,
            "Ada Example, Brewer → Ada Example, Chef",
        ),
        ({"day": date(2031, 5, 18)}, Kind.DAY, "2031-05-17 → 2031-05-18"),
        ({"day": None}, Kind.DAY, "2031-05-17 → unknown"),
        ({"recordings": ("youtube:tea00000001",)}, Kind.LINKED, "none → youtube:tea00000001"),
        ({"summary": "New.", "track": "Tea"}, Kind.DETAILS, "summary, track"),
    ],
)
def test_a_change_is_told_in_one_line(more: dict[str, Any], kind: Kind, text: str) -> None:
    assert difference((TEA,), (replace(TEA, **more),)) == (
        Change(kind=kind, talk="tea", text=text),
    )


def test_a_talk_that_returns_is_back() -> None:
    gone = replace(TEA, expectation=Expectation.CANCELLED)
    assert difference((gone,), (TEA,)) == (
        Change(kind=Kind.RETURNED, talk="tea", text="Brewing Tea (Ada Example)"),
    )


def test_an_embargo_that_moves_is_told() -> None:
    early = replace(TEA, expectation=Expectation.EMBARGOED, embargo=date(2031, 6, 1))
    late = replace(early, embargo=date(2031, 7, 1))
    assert [one.text for one in difference((early,), (late,))] == [
        "embargoed until 2031-06-01 → embargoed until 2031-07-01"
    ]


def test_changes_are_grouped_by_kind_in_the_order_of_the_programme() -> None:
    after = (replace(CUPS, title="Mugs"), Talk(id="pots"), replace(TEA, title="Tea"))
    assert [(one.kind, one.talk) for one in difference((CUPS, TEA), after)] == [
        (Kind.ADDED, "pots"),
        (Kind.RENAMED, "cups"),
        (Kind.RENAMED, "tea"),
    ]


def test_another_order_is_told_once() -> None:
    assert difference((CUPS, TEA), (TEA, CUPS)) == (
        Change(kind=Kind.ORDER, talk="", text="the talks come in another order"),
    )


def test_totals_count_each_kind() -> None:
    after = (replace(CUPS, title="Mugs"), replace(TEA, title="Tea"), Talk(id="pots"))
    assert totals(difference((CUPS, TEA), after)) == "1 added, 2 renamed"


def test_totals_of_nothing_say_so() -> None:
    assert totals(()) == "nothing changes"


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        (TEA, "Brewing Tea (Ada Example)"),
        (CUPS, "Cups"),
        (replace(TEA, title=None), "untitled talk by Ada Example"),
        (Talk(id="x"), "untitled talk"),
    ],
)
def test_a_label_names_title_and_speakers(talk: Talk, words: str) -> None:
    assert label(talk) == words
