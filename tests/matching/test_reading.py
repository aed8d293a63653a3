from __future__ import annotations

from datetime import date

import pytest

from pipeline.matching.reading import (
    event_names,
    is_year,
    parts,
    read_upload,
    title_runs,
    tokens,
    without,
)
from tests.builders import event

NAMES = event_names(event(short_name="Tea 31", series="Tea Conf Berlin", city="Berlin"))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Brewing Tea - Ada Example", (("brewing", "tea"), ("ada", "example"))),
        ("Brewing Tea by Ada Example", (("brewing", "tea"), ("ada", "example"))),
        ("Ada Example (Teapot): Tea", (("ada", "example"), ("teapot",), ("tea",))),
        ("4. Ada Example | Tea", (("ada", "example"), ("tea",))),
        ("I. Sample - Tea", (("i", "sample"), ("tea",))),
        ("Tea is hot. Tea is good", (("tea", "is", "hot"), ("tea", "is", "good"))),
        ("2031 in Tea", (("2031", "in", "tea"),)),
        ("TeaConf2031: Tea", (("teaconf", "2031"), ("tea",))),
        ("TeaConf '31: Tea", (("teaconf", "2031"), ("tea",))),
        ("2,000 Cups", (("2000", "cups"),)),
        ("お茶の話 Tea", (("お茶", "茶の", "の話", "tea"),)),
        (" | ", ()),
    ],
)
def test_parts_are_what_stands_between_separators(
    title: str, expected: tuple[tuple[str, ...], ...]
) -> None:
    assert parts(title) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("2031", True), ("1999", True), ("2131", False), ("203", False), ("20311", False)],
)
def test_is_year_takes_four_digits_of_two_centuries(word: str, expected: bool) -> None:
    assert is_year(word) is expected


def test_event_names_are_known_without_the_year_and_by_initials() -> None:
    assert NAMES.phrases == {"teaconf", "tcconf", "tea31", "tconf", "teaconfberlin", "tcbconf"}


def test_event_names_know_the_years_of_the_event() -> None:
    over_new_year = event(start=date(2031, 12, 30), end=date(2032, 1, 2))

    assert event_names(over_new_year).years == {"2031", "2032"}


def test_an_event_of_many_years_tells_its_sessions_apart_by_them() -> None:
    meetup = event_names(event(start=date(2030, 1, 1), end=date(2032, 12, 1)))

    assert title_runs("Tea Meetup May 2031", meetup)[0] == ("tea", "meetup", "may", "2031")
    assert read_upload("Tea Meetup May 2031", meetup).own == (("tea", "meetup", "may", "2031"),)


def test_a_roman_number_of_a_part_is_a_number() -> None:
    assert parts("Brewing Tea, Part II") == parts("Brewing Tea, Part 2")


def test_a_roman_number_elsewhere_is_a_word() -> None:
    assert parts("What I drink") == (("what", "i", "drink"),)


def test_without_removes_whole_phrases_only() -> None:
    assert without(("tea", "conf", "tea"), {"teaconf"}) == ("tea",)


def test_read_upload_takes_the_event_out_of_the_title() -> None:
    upload = read_upload("TeaConf 2031 - Brewing Tea", NAMES)

    assert (upload.own, upload.names_event) == (((), ("brewing", "tea")), True)


def test_read_upload_needs_the_year_to_say_that_it_is_this_event() -> None:
    assert not read_upload("TeaConf - Brewing Tea", NAMES).names_event


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("TeaConf 2029 - Brewing Tea", {"2029"}),
        ("TeaConf 2031 - Brewing Tea", set()),
        ("Brewing Tea", set()),
    ],
)
def test_read_upload_finds_years_of_other_events(title: str, years: set[str]) -> None:
    assert read_upload(title, NAMES).other_years == years


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Coffee Days 2031 - Brewing Tea", ("coffee",)),
        ("Brewing Tea by Ada Example at Coffee Days 2031", ("coffee",)),
        ("TeaConf Berlin 2031 - Brewing Tea", ()),
        ("Tea Conf 2031: Brewing Tea", ()),
        ("Brewing Tea, May 2031", ("brewing",)),
        ("May 2031 | Brewing Tea", ()),
        ("2031: Brewing Tea", ()),
    ],
)
def test_read_upload_finds_the_name_before_a_year(title: str, words: tuple[str, ...]) -> None:
    assert read_upload(title, NAMES).other_event == words


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Keynote: Brewing Tea", (("brewing", "tea"), ("brewing", "tea"))),
        ("Brewing Tea: A Story", (("brewing", "tea", "a", "story"), ("brewing", "tea"))),
        ("Keynote:", (("keynote",), ("keynote",))),
        ("Panel: Keynote: Tea", (("tea",), ("tea",))),
        ("Why TeaConf 2031", (("why",), ("why",))),
        ("TeaConf", (("teaconf",), ("teaconf",))),
    ],
)
def test_title_runs_are_the_title_and_its_main_part(
    title: str, expected: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    assert title_runs(title, NAMES) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("TeaConf 2031 - Brewing", True),
        ("Tea Conf 2031 - Brewing", True),
        ("TeaConfBER 2031 - Brewing", True),
        ("Tea Conf Berlin 2031 - Brewing", True),
        ("Brewing by Ada at TeaConf'31", True),
        ("Coffee Days 2031 - Brewing", False),
        ("TeaConf - Brewing", False),
        ("Brewing 2031", False),
    ],
)
def test_read_upload_knows_the_event_however_it_is_written(title: str, expected: bool) -> None:
    assert read_upload(title, NAMES).names_event is expected


@pytest.mark.parametrize("title", ["TeaCnf 2031: Brewing", "TCB 2031: Brewing"])
def test_read_upload_takes_no_misspelling_or_short_form_for_another_event(title: str) -> None:
    assert read_upload(title, NAMES).other_event == ()


def test_read_upload_finds_a_place_behind_the_year() -> None:
    assert read_upload("Brewing at TeaConf 2031 Tokyo", NAMES).other_event == ("tokyo",)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Brewing Tea in...", True), ("Brewing Tea", False), ("x" * 97, True)],
)
def test_read_upload_knows_where_a_title_may_be_cut(title: str, expected: bool) -> None:
    assert read_upload(title, NAMES).is_cut is expected


def test_a_misspelt_kind_of_session_beside_the_year_is_no_other_event() -> None:
    names = event_names(event())

    assert read_upload("Brewing Tea | TeaConf 2031 Keyote", names).other_event == ()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Keynote: Ada Example", ("keynote",)),
        ("Opening Keynote: Example", ("opening", "keynote")),
        ("Keynote: Ada and the Tea", ("ada", "and", "the", "tea")),
        ("Ada Example", ("ada", "example")),
    ],
)
def test_a_kind_in_front_of_a_speaker_is_the_title(title: str, expected: tuple[str, ...]) -> None:
    assert title_runs(title, NAMES, speakers={"ada", "example"})[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("講演", ("講演",)),
        ("閉会式", ("閉会式",)),
        ("閉会の式", ("閉会", "会の", "の式")),
        ("例示太郎さん", ("例示", "示太", "太郎")),
        ("例示太郎 氏", ("例示", "示太", "太郎", "氏")),
        ("皆さん", ("皆さ", "さん")),
    ],
)
def test_words_for_kinds_of_session_stay_whole_and_honorifics_fall(
    text: str, expected: tuple[str, ...]
) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize("title", ["TeaConf 2031 講演: Tea", "Vortrag TeaConf 2031 | Tea"])
def test_a_kind_of_session_in_another_language_is_no_other_event(title: str) -> None:
    assert read_upload(title, NAMES).other_event == ()
