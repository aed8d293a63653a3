from __future__ import annotations

import pytest

from pipeline.matching.names import Found, How, find
from pipeline.matching.reading import parts

VOCABULARY = frozenset(("tea", "sample", "brewing"))


def found(title: str, name: str, *, length: int | None = None) -> Found | None:
    return find(
        parts(title),
        tuple(name.split()),
        vocabulary=VOCABULARY,
        length=len(title) if length is None else length,
    )


@pytest.mark.parametrize(
    ("title", "name", "how"),
    [
        ("Brewing Tea - Ada Example", "ada example", "in full"),
        ("Brewing Tea - Ada Q. Example", "ada example", "in full"),
        ("Brewing Tea - Ada Example", "ada quux example", "in full"),
        ("Brewing Tea - Example Ada", "ada example", "in full"),
        ("Brewing Tea - @AdaExample", "ada example", "in full"),
        ("Brewing Tea - Ádá Éxample", "ada example", "in full"),
        ("Brewing Tea - A. Example", "ada example", "nearly"),
        ("Brewing Tea - Adalie Example", "ada example", "nearly"),
        ("Brewing Tea - Ada Exampel", "ada example", "nearly"),
        ("Brewing Tea - Example", "ada example", "by last name only"),
        ("Brewing Tea Example", "ada example", "by last name only"),
        ("Brewing Tea - Grace Example", "ada example", "with another first name"),
        ("Brewing Tea - Teamaster", "teamaster", "nearly"),
        ("Brewing Tea - Bob Example", "robert example", "nearly"),
        ("Brewing Tea - Robert Example", "bob example", "nearly"),
        ("Brewing Tea - Bob Q. Example", "robert example", "nearly"),
        ("Brewing Tea - AQ Example", "ada quux example", "nearly"),
        ("Brewing Tea - Van den Example", "ada van den example", "by last name only"),
        ("Brewing Tea - Bob Example", "zoe example", "with another first name"),
    ],
)
def test_find_tells_how_a_person_is_named(title: str, name: str, how: How) -> None:
    one = found(title, name)

    assert one is not None
    assert one.how == how


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Brewing Tea", "ada example"),
        ("Brewing Tea - Ada Other", "ada example"),
        ("A sample of tea", "grace sample"),
        ("Example: Ada's way of brewing", "ada quill"),
        ("Tea - Li", "wei li"),
        ("Tea", "tea"),
        ("Brewing Tea - Bob", "bob"),
        ("Brewing Tea", ""),
        ("Brewing Tea - Ada Maria Other", "ada maria example"),
    ],
)
def test_find_finds_nobody_who_is_not_named(title: str, name: str) -> None:
    assert found(title, name) is None


def test_find_reads_a_name_that_the_end_of_a_long_title_cut() -> None:
    assert found("Brewing Tea - Ada Exa", "ada example", length=100) == Found(
        how="nearly", words=frozenset(("ada", "exa"))
    )


def test_find_reads_no_cut_name_in_a_short_title() -> None:
    assert found("Brewing Tea - Ada Exa", "ada example") is None


def test_find_prefers_the_better_of_two_mentions() -> None:
    one = found("Example Works | Ada Example", "ada example")

    assert one == Found(how="in full", words=frozenset(("ada", "example")))


@pytest.mark.parametrize(
    ("how", "grade"),
    [
        ("in full", 1.0),
        ("nearly", 0.8),
        ("by last name only", 0.5),
        ("with another first name", 0.2),
    ],
)
def test_a_find_is_worth_less_the_vaguer_it_is(how: How, grade: float) -> None:
    assert Found(how=how, words=frozenset()).grade == grade


@pytest.mark.parametrize(
    ("title", "name", "how"),
    [
        ("Tea by Ada", "Ada Example", None),
        ("Tea by Grace & Ada", "Grace Sample", "by first name only"),
        ("Tea - Ada Sample", "Ada Sample Example", "in full"),
        ("Tea - Ada Sample Example", "Ada Sample Example Quux", "in full"),
        ("Tea - @gsample", "Grace Sample", "nearly"),
        ("Tea - Jacque de Example", "Jacques de Example", "nearly"),
    ],
)
def test_find_knows_how_else_people_are_named(title: str, name: str, how: str | None) -> None:
    found = find(
        parts(title),
        name.lower().split(),
        vocabulary={"tea"},
        length=len(title),
        first_names={"ada", "grace"},
    )

    assert (found and found.how) == how
