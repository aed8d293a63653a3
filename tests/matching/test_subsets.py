"""The benchmark that lets one event's uploads come in every subset."""

from __future__ import annotations

from benchmarks.subsets import counted, links, subsets
from tests.builders import event, talk, video

EVENT = event(talk("tea", "Brewing Green Tea Slowly"), talk("coffee", "Roasting Coffee Beans"))
TEA = video("tea00000001", "Brewing Green Tea Slowly - Ada Example")
COFFEE = video("tea00000002", "Roasting Coffee Beans - Ada Example")
CATS = video("tea00000003", "Cats")
RIGHT = {TEA.key: "tea", COFFEE.key: "coffee"}


def test_every_subset_comes_once_the_empty_one_and_the_whole_among_them() -> None:
    assert list(subsets([TEA, COFFEE])) == [(), (TEA,), (COFFEE,), (TEA, COFFEE)]


def test_links_that_stood_before_stay() -> None:
    assert links(EVENT, [TEA, COFFEE], {COFFEE.key: "tea"}, own=True) == {COFFEE.key: "tea"}


def test_subsets_that_go_well_are_counted_and_no_more() -> None:
    assert counted(EVENT, [TEA, COFFEE], [CATS], RIGHT, own=False) == (4, 0, 0)


def test_subsets_with_a_wrong_link_or_a_missing_one_are_counted() -> None:
    other = {TEA.key: "tea", CATS.key: "coffee"}

    assert counted(EVENT, [TEA, COFFEE], [CATS], other, own=True) == (4, 4, 4)
