from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.selection.history import PAGE, archived, floor, page_of

numbers = st.sets(st.integers(1, 600), max_size=250).map(lambda found: sorted(found, reverse=True))
sizes = st.integers(1, 150)


def pages(held: list[int], size: int) -> tuple[int, ...]:
    return archived(held, floor(held, size))


def test_page_of_is_the_hundred_that_a_number_belongs_to() -> None:
    assert [page_of(number) for number in (1, 100, 101, 200, 201)] == [1, 1, 2, 2, 3]


def test_floor_of_an_empty_feed_is_zero() -> None:
    assert (floor([], 50), pages([], 50)) == (0, ())


def test_a_small_feed_has_no_archive_however_its_numbers_are_spread() -> None:
    assert pages([901, 740, 333, 20, 3], 50) == ()


def test_the_subscription_document_holds_the_newest_and_all_of_the_newest_page() -> None:
    held = list(range(170, 0, -1))
    assert (floor(held, 50), pages(held, 50)) == (101, (1,))


def test_the_subscription_document_reaches_into_the_newest_archive_page() -> None:
    held = list(range(110, 0, -1))
    assert (floor(held, 50), pages(held, 50)) == (61, (1,))


@given(numbers, sizes)
def test_every_number_is_in_the_subscription_document_or_in_one_archive_page(
    held: list[int], size: int
) -> None:
    lowest, found = floor(held, size), pages(held, size)
    assert [n for n in held if n < lowest and page_of(n) not in found] == []


@given(numbers, sizes)
def test_the_subscription_document_is_as_long_as_asked_and_never_much_longer(
    held: list[int], size: int
) -> None:
    count = sum(number >= floor(held, size) for number in held)
    assert min(size, len(held)) <= count <= max(size, PAGE)


@given(numbers, sizes, st.integers(1, 150))
def test_a_later_number_leaves_all_pages_and_adds_one_at_most(
    held: list[int], size: int, step: int
) -> None:
    newest = held[0] if held else 0
    before, after = pages(held, size), pages([newest + step, *held], size)
    assert after[: len(before)] == before
    assert len(after) - len(before) <= 1


@given(numbers, sizes)
def test_the_newest_page_of_a_feed_is_never_an_archive(held: list[int], size: int) -> None:
    assert not held or page_of(held[0]) not in pages(held, size)
