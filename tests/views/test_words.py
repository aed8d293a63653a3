from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.views import words
from pipeline.wording import wording

EN, DE = wording("en"), wording("de")


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
    assert words.days(start, end, wording=EN) == said


def test_day_leaves_out_the_year_that_the_reader_knows() -> None:
    assert words.day(date(2031, 5, 2), year=2031, wording=EN) == "2 May"


def test_weekday_stands_before_the_day() -> None:
    assert words.weekday(date(2016, 4, 15), year=2016, wording=EN) == "Friday 15 April"


def test_days_follow_the_rules_of_another_language() -> None:
    spells = [(date(2031, 5, 17), date(2031, 5, 18)), (date(2031, 4, 30), date(2031, 5, 2))]

    assert (
        [words.days(*spell, wording=DE) for spell in spells],
        words.weekday(date(2031, 3, 1), year=2031, wording=DE),
    ) == (["17. und 18. Mai 2031", "30. April bis 2. Mai 2031"], "Samstag, 1. März")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 min"), (29, "1 min"), (89, "1 min"), (90, "2 min"), (1466, "24 min"), (150, "3 min")],
)
def test_minutes_are_rounded_to_the_nearest_and_at_least_one(seconds: int, said: str) -> None:
    assert words.minutes(timedelta(seconds=seconds), wording=EN) == said


@pytest.mark.parametrize(
    ("several", "said"),
    [((), ""), (("A",), "A"), (("A", "B"), "A and B"), (("A", "B", "C"), "A, B and C")],
)
def test_names_are_joined_as_in_a_sentence(several: tuple[str, ...], said: str) -> None:
    assert words.names(several, wording=EN) == said


def test_names_beyond_the_most_are_counted() -> None:
    five = ("A", "B", "C", "D", "E")

    assert [words.names(five, most=4, wording=one) for one in (EN, DE)] == [
        "A, B, C and two others",
        "A, B, C und zwei weitere",
    ]


@pytest.mark.parametrize(("count", "said"), [(0, "no"), (9, "nine"), (20, "twenty"), (21, "21")])
def test_number_is_a_word_up_to_twenty(count: int, said: str) -> None:
    assert words.number(count, wording=EN) == said
