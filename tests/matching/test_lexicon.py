from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.matching.lexicon import lexicon


def test_a_word_of_one_title_weighs_one() -> None:
    assert lexicon([["oolong"], ["sencha"]], []).weight["oolong"] == 1.0


def test_a_word_weighs_less_the_more_titles_hold_it() -> None:
    known = lexicon([["tea", "oolong"], ["tea", "sencha"], ["tea"], ["sencha"]], [])

    assert known.weight["oolong"] > known.weight["sencha"] > known.weight["tea"]


def test_a_talk_and_its_upload_hold_a_word_once() -> None:
    assert lexicon([["oolong"]], [["oolong"]]).weight["oolong"] == 1.0


@pytest.mark.parametrize("word", ["the", "keynote"])
def test_a_word_that_every_event_has_weighs_little(word: str) -> None:
    assert lexicon([[word]], []).weight[word] == 0.1


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("kettles", ("kettle",)),
        ("teapots", ("tea", "pots")),
        ("kettledrum", ("kettledrum",)),
        ("tee", ("tee",)),
    ],
)
def test_spell_gives_the_words_of_the_talks(written: str, expected: tuple[str, ...]) -> None:
    known = lexicon([["kettle", "for", "tea", "pots"]], [[written]])

    assert known.spell([written]) == expected


def test_spell_joins_what_talks_write_as_one_word() -> None:
    known = lexicon([["teapot", "lids"]], [["tea", "pot", "lids"]])

    assert known.spell(["tea", "pot", "lids"]) == ("teapot", "lids")


def test_spell_leaves_two_words_that_talks_know_apart() -> None:
    known = lexicon([["teapot"], ["tea", "is", "pot"]], [["tea", "pot"]])

    assert known.spell(["tea", "pot"]) == ("tea", "pot")


def test_words_that_most_uploads_and_no_talk_have_are_shared() -> None:
    uploads = [["channel", "oolong"], ["channel", "sencha"], ["channel", "mate"], ["tea"]]

    assert lexicon([["oolong"]], uploads).shared == {"channel"}


def test_words_of_a_talk_are_never_shared() -> None:
    assert lexicon([["tea"]], [["tea", str(number)] for number in range(8)]).shared == set()


def test_a_short_list_shares_nothing_yet() -> None:
    assert lexicon([["oolong"]], [["channel"], ["channel"], ["channel"]]).shared == set()


titles = st.lists(st.lists(st.sampled_from(["tea", "pot", "teapot", "the", "kettle"])), max_size=5)


@given(titles, titles)
def test_the_order_of_titles_changes_nothing(
    talks: list[list[str]], uploads: list[list[str]]
) -> None:
    assert lexicon(talks, uploads) == lexicon(talks[::-1], uploads[::-1])
