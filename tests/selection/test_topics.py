from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline import text
from pipeline.selection import topic_slug
from pipeline.selection.topics import tracks
from tests.builders import entry, published

names = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=90)


def test_a_plain_name_is_spelled_out() -> None:
    assert [topic_slug(name) for name in ("Ada Example", "kubernetes", "José  Núñez")] == [
        "ada-example",
        "kubernetes",
        "jose-nunez",
    ]


def test_spellings_of_one_name_are_one_topic() -> None:
    assert {topic_slug(name) for name in ("Go", "GO", "gó")} == {"go"}


def test_names_that_a_slug_would_mix_up_are_told_apart() -> None:
    assert [topic_slug(name) for name in ("C", "C++", "C#", "お茶", "")] == [
        "c",
        "c-" + topic_slug("C++")[-8:],
        "c-" + topic_slug("C#")[-8:],
        "untitled-" + topic_slug("お茶")[-8:],
        "untitled-e3b0c442",
    ]
    assert len({topic_slug(name) for name in ("C", "C++", "C#", topic_slug("C++"))}) == 4


@given(names)
def test_a_slug_is_an_id(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", topic_slug(name))


@given(names, names)
def test_two_topics_share_a_slug_only_if_they_have_the_same_words(one: str, other: str) -> None:
    same = topic_slug(one) == topic_slug(other)
    assert same == ((text.words(one) or (one,)) == (text.words(other) or (other,)))


def test_tracks_are_none_where_all_talks_are_of_one() -> None:
    assert tracks(published(entry(1, track="Green"), entry(2, track="green"), entry(3))) == {}


def test_tracks_are_spelled_the_same_whatever_the_order_of_talks() -> None:
    talks = [entry(n, track=track) for n, track in enumerate(("green", "Green", "Black"), start=1)]
    assert tracks(published(*talks)) == tracks(published(*reversed(talks)))
    assert tracks(published(*talks)) == {"black": "Black", "green": "Green"}
