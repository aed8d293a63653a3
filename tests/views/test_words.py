from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.views import words


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2016, 4, 15), date(2016, 4, 15), "15 April 2016"),
        (date(2031, 5, 17), date(2031, 5, 18), "17 and 18 May 2031"),
        (date(2031, 5, 17), date(2031, 5, 19), "17 to 19 May 2031"),
        (date(2031, 4, 30), date(2031, 5, 2), "30 April to 2 May 2031"),
        (date(2031, 12, 31), date(2032, 1, 1), "31 December 2031 and 1 January 2032"),
    ],
)
def test_days_say_a_stretch_of_days(start: date, end: date, said: str) -> None:
    assert words.days(start, end) == said


def test_day_leaves_out_the_year_that_the_reader_knows() -> None:
    assert words.day(date(2031, 5, 2), year=2031) == "2 May"


def test_weekday_is_english() -> None:
    assert words.weekday(date(2016, 4, 15)) == "Friday"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 min"), (29, "1 min"), (89, "1 min"), (90, "2 min"), (1466, "24 min"), (150, "3 min")],
)
def test_minutes_are_rounded_to_the_nearest_and_at_least_one(seconds: int, said: str) -> None:
    assert words.minutes(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("several", "said"),
    [((), ""), (("A",), "A"), (("A", "B"), "A and B"), (("A", "B", "C"), "A, B and C")],
)
def test_names_are_joined_as_in_a_sentence(several: tuple[str, ...], said: str) -> None:
    assert words.names(several) == said


def test_names_beyond_the_most_are_counted() -> None:
    assert words.names(("A", "B", "C", "D", "E"), most=4) == "A, B, C and two others"


@pytest.mark.parametrize(("count", "said"), [(0, "no"), (9, "nine"), (20, "twenty"), (21, "21")])
def test_number_is_a_word_up_to_twenty(count: int, said: str) -> None:
    assert words.number(count) == said
