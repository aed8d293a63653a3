from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import DatasetError
from pipeline.written.filemodel import (
    Every,
    FileModel,
    HomeUrl,
    Language,
    Line,
    Name,
    NearDay,
    Url,
    parse_day,
    parse_duration,
    parse_moment,
    validate,
)
from pipeline.written.yamltext import load


class Cup(FileModel):
    colour: Line
    handle: bool = True
    every: Every | None = None


class Place(FileModel):
    name: Name | None = None
    url: Url | None = None
    opened: NearDay | None = None
    home: HomeUrl | None = None
    language: Language | None = None


class Shelf(FileModel):
    cups: list[Cup | Line]


def refusals(text: str) -> list[str]:
    with pytest.raises(DatasetError) as caught:
        validate(Shelf, load(text, file="s.yaml"))
    return [str(problem) for problem in caught.value.problems]


def test_validate_names_every_problem_with_its_place_and_what_was_meant() -> None:
    text = "cups:\n  - {colour: red, handel: true}\n  - {handle: 3, colour: 7}\nlabel: x\n"
    assert refusals(text) == [
        "s.yaml:2:19: cups[0].handel: unknown key 'handel'; did you mean 'handle'?",
        "s.yaml:3:6: cups[1].handle: here stands a number where true or false is meant",
        "s.yaml:3:17: cups[1].colour: 7 is read as a number or a truth value; write it in quotes",
        "s.yaml:4:1: label: unknown key 'label'; known keys: cups",
    ]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("24:26", 1466), ("95:10", 5710), ("1:02:03", 3723), ("PT24M26S", 1466), ("PT1H", 3600)],
)
def test_parse_duration_reads_minutes_hours_and_iso(written: str, seconds: int) -> None:
    assert parse_duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", [1466, "24", "24:60", "PT", "-1:00", None, f"PT{10**20}H"])
def test_parse_duration_says_what_to_write_instead(written: object) -> None:
    with pytest.raises(ValueError, match=r'write minutes and seconds in quotes, as in "24:26"'):
        parse_duration(written)


@pytest.mark.parametrize("written", ["2016-4-15", "15.4.2016", "2016-02-30", 2016])
def test_parse_day_refuses_what_is_no_date(written: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_day(written)


def test_parse_moment_turns_an_offset_into_utc() -> None:
    assert parse_moment("2031-05-20T14:00:00.9+02:00") == datetime(2031, 5, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2031-05-20T14:00:00", "9999-12-31T23:59:59-05:00"])
def test_parse_moment_wants_an_offset_and_a_time_that_there_is_in_utc(written: str) -> None:
    with pytest.raises(ValueError, match=r"no time with an offset"):
        parse_moment(written)


@pytest.mark.parametrize("url", ["https://[example.org/", "https://example.org:99999/"])
def test_validate_refuses_an_address_that_cannot_be_taken_apart(url: str) -> None:
    with pytest.raises(DatasetError, match="is no web address; write it in full"):
        validate(Place, load(f"url: '{url}'", file="x"))


@pytest.mark.parametrize("name", ["", "  ", "\u200f"])
def test_validate_refuses_a_name_that_nobody_can_read(name: str) -> None:
    with pytest.raises(DatasetError, match="x:1:1: name: here stands nothing that can be read"):
        validate(Place, load(f"name: '{name}'", file="x"))


@pytest.mark.parametrize("url", ["https://example.org/?page=", "https://example.org/#talks"])
def test_validate_refuses_a_home_that_no_path_can_be_written_behind(url: str) -> None:
    with pytest.raises(DatasetError, match="has a \\? or #, and paths are written behind it"):
        validate(Place, load(f"home: {url}", file="x"))


@pytest.mark.parametrize(
    ("language", "advice"),
    [("en_US", "en-US"), ("xx yy", "en or pt-BR"), ("English", "en or pt-BR"), ("", "en or pt-BR")],
)
def test_validate_refuses_what_is_no_language_and_says_what_is(language: str, advice: str) -> None:
    with pytest.raises(DatasetError, match=f"is no language tag; write it as in {advice}"):
        validate(Place, load(f"language: '{language}'", file="x"))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_validate_refuses_a_day_that_nothing_can_be_reckoned_from(day: str) -> None:
    with pytest.raises(DatasetError, match="write a day between 1900 and 2999"):
        validate(Place, load(f"opened: {day}", file="x"))


def test_validate_reads_an_interval() -> None:
    shelf = validate(Shelf, load("cups: [{colour: red, every: 6 hours}, blue]", file="x"))
    assert [getattr(cup, "every", cup) for cup in shelf.cups] == [timedelta(hours=6), "blue"]
