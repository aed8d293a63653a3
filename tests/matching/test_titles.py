from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.matching.candidates import TitleWords
from pipeline.matching.lexicon import Lexicon, lexicon
from pipeline.matching.titles import Likeness, compare


def likeness(talk: str, upload: str, *, named: str = "", share: float = 1.0) -> Likeness:
    known = lexicon([talk.split()], [upload.split()])
    title = title_words(talk, known, share=share)
    return compare([title], set(upload.split()), known, named=set(named.split()))


def with_speaker(talk: str, upload: str, *, names: str) -> Likeness:
    known = lexicon([talk.split()], [upload.split()])
    content, spoken = set(upload.split()), set(names.split())
    return compare([title_words(talk, known)], content, known, named=spoken, names=spoken)


@pytest.mark.parametrize(
    ("talk", "upload", "hits", "out_of"),
    [
        ("tea and ada", "roasting ada example", 0, 2),
        ("tea and ada", "tea ada example", 1, 2),
        ("ada example", "roasting ada example", 0, 2),
    ],
)
def test_words_that_name_the_speaker_are_not_counted_as_title_once_more(
    talk: str, upload: str, hits: int, out_of: int
) -> None:
    one = with_speaker(talk, upload, names="ada example")

    assert (one.hits, one.out_of) == (hits, out_of)


def title_words(talk: str, known: Lexicon, *, share: float = 1.0) -> TitleWords:
    these = frozenset(talk.split())
    rare = frozenset(word for word in these if known.weight[word] == 1.0)
    return TitleWords(
        run=tuple(talk.split()), words=these, weight=known.total(these), rare=rare, share=share
    )


def test_compare_gives_one_for_the_same_words() -> None:
    assert likeness("brewing tea", "tea brewing") == Likeness(
        score=1.0,
        of_talk=1.0,
        of_video=1.0,
        mass=2.0,
        whole=True,
        equal=True,
        hits=2,
        out_of=2,
        unit="words",
    )


def test_compare_gives_nothing_for_no_word_in_common() -> None:
    assert likeness("brewing tea", "roasting coffee") == Likeness(left=2.0, out_of=2, unit="words")


def test_a_word_that_the_upload_writes_as_one_is_two() -> None:
    assert likeness("green tea steeping", "greentea steeping") == Likeness(
        score=1.0,
        of_talk=1.0,
        of_video=1.0,
        mass=3.0,
        whole=True,
        equal=True,
        hits=3,
        out_of=3,
        unit="rare words",
    )


def test_compare_counts_both_coverages() -> None:
    # Half of either: 2 of 4 words of the talk, 2 of 4 of the upload.
    assert likeness("one two three four", "one two five six").score == pytest.approx(0.5)


def test_compare_leaves_names_beside_the_title_out() -> None:
    assert likeness("brewing tea", "brewing tea ada example", named="ada example").score == 1.0


def test_compare_counts_a_name_that_the_title_holds() -> None:
    assert likeness("ada brews", "ada brews", named="ada").mass == 2.0


def test_compare_says_that_one_title_holds_the_other() -> None:
    assert likeness("brewing tea", "brewing tea with friends tomorrow").whole


def test_compare_says_that_neither_title_holds_the_other() -> None:
    assert not likeness("brewing green tea", "brewing black tea").whole


def test_compare_counts_rare_words_where_there_are_some() -> None:
    one = likeness("the art of brewing tea well", "the art of tea")

    assert (one.hits, one.out_of, one.unit) == (2, 4, "rare words")


def test_compare_takes_the_best_of_several_titles() -> None:
    known = lexicon([["brewing", "tea", "steeping"]], [["steeping"]])
    titles = [title_words("brewing tea", known), title_words("steeping", known, share=0.9)]

    assert compare(titles, {"steeping"}, known, named=()).score == 0.9


def test_compare_without_any_title_is_no_likeness() -> None:
    assert compare((), {"tea"}, lexicon([], [["tea"]]), named=()) == Likeness(left=1.0)


def test_compare_does_not_miss_what_a_cut_upload_left_out() -> None:
    words = "steeping green leaves in water of ninety degrees"
    known = lexicon([words.split()], [])
    one = compare(
        [title_words(words, known)],
        {"steeping", "green", "leaves"},
        known,
        named=(),
        is_cut=True,
    )

    assert one.score == pytest.approx(0.97)
    assert one.equal


def test_compare_calls_titles_equal_that_differ_in_empty_words_only() -> None:
    assert likeness("brewing the tea", "brewing tea by various speakers").equal


@pytest.mark.parametrize(
    ("talk", "upload", "expected"),
    [
        ("tea day 1", "tea day 2", "2, not 1"),
        ("tea day 1", "tea day 1", None),
        ("tea", "tea part 2", "part 2"),
        ("tea", "tea 2", None),
        ("tea 2", "tea", None),
    ],
)
def test_compare_tells_of_numbers_that_contradict(
    talk: str, upload: str, expected: str | None
) -> None:
    assert likeness(talk, upload).other_number == expected


some_words = st.lists(st.sampled_from(("tea", "pot", "the", "1", "2", "part")), min_size=1)


@given(some_words, some_words)
def test_likeness_stays_between_none_and_all(talk: list[str], upload: list[str]) -> None:
    one = likeness(" ".join(talk), " ".join(upload))

    assert 0.0 <= one.score <= 1.0
    assert 0 <= one.hits <= one.out_of
