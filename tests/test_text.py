from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text


def test_clean_makes_one_line_without_control_or_reordering_characters() -> None:
    assert text.clean(" a\x00b\u202ec\n\td\ud800 ") == "abc d\ufffd"


def test_clean_ends_long_text_with_an_ellipsis_at_the_limit() -> None:
    assert text.clean("x" * 400) == "x" * 299 + "…"


def test_clean_block_keeps_lines() -> None:
    assert text.clean_block("a \r\n\r\nb\x07\n") == "a\n\nb"


@given(st.text())
def test_clean_changes_nothing_the_second_time(value: str) -> None:
    once = text.clean(value)
    assert text.clean(once) == once


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_takes_a_shorter_way_to_the_same_text(value: str) -> None:
    short = (text.clean_block(f"{value}e"), text.clean(f"{value}e"), text.fold(f"{value}e"))
    long = (text.clean_block(f"{value}é"), text.clean(f"{value}é"), text.fold(f"{value}é"))

    assert [one[:-1] for one in short] == [one[:-1] for one in long]


def test_words_are_folded_and_keep_c_plus_plus() -> None:
    assert text.words("What’s New in C++, Æther & C#?") == (
        "whats",
        "new",
        "in",
        "c++",
        "aether",
        "c#",
    )


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("What’s New in Kubernetes", "what-s-new-in-kubernetes"),
        ("  Überraschung!  ", "uberraschung"),
        ("x" * 80, "x" * 63),
    ],
)
def test_slug_is_made_of_plain_letters(title: str, slug: str) -> None:
    assert text.slug(title) == slug


@given(st.text())
def test_slug_is_always_an_id(value: str) -> None:
    assert text.ID.match(text.slug(value))


@pytest.mark.parametrize(
    "address",
    [
        "WK7Pt4cSZII",
        "youtube:WK7Pt4cSZII",
        "https://www.youtube.com/watch?v=WK7Pt4cSZII&t=3s",
        "https://youtu.be/WK7Pt4cSZII?si=x",
        "https://m.youtube.com/watch?list=PL1&v=WK7Pt4cSZII",
        "https://www.youtube.com/embed/WK7Pt4cSZII",
        "https://www.youtube.com/shorts/WK7Pt4cSZII",
        "https://www.youtube.com/live/WK7Pt4cSZII/",
        "https://www.youtube-nocookie.com/embed/WK7Pt4cSZII",
    ],
)
def test_video_key_is_the_same_for_every_form_of_an_address(address: str) -> None:
    assert text.video_key(address) == "youtube:WK7Pt4cSZII"


@pytest.mark.parametrize("address", ["https://[example.org/", "https://example.org:99999/"])
def test_video_key_says_what_an_address_is_not_that_cannot_be_taken_apart(address: str) -> None:
    with pytest.raises(ValueError, match="neither the address of a video nor a video key"):
        text.video_key(address)


def test_video_key_takes_an_id_that_starts_with_a_dash() -> None:
    assert text.video_key("-qRUsuevKj4") == "youtube:-qRUsuevKj4"


UUID = "076fdbf7-5a70-4edc-87c6-cead149ed848"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://vimeo.com/showcase/2031/video/76979871", "vimeo:76979871"),
        ("https://vimeo.com/channels/teaconf/76979871", "vimeo:76979871"),
        ("https://media.ccc.de/v/teaconf31-1-brewing_tea#t=9", "ccc:teaconf31-1-brewing_tea"),
        ("https://archive.org/details/teaconf2031-1", "archive:teaconf2031-1"),
        ("https://archive.org/embed/teaconf2031-1", "archive:teaconf2031-1"),
        (f"https://tube.example.org/videos/watch/{UUID}", f"peertube:tube.example.org/{UUID}"),
        (f"https://tube.example.org/w/{UUID.upper()}", f"peertube:tube.example.org/{UUID}"),
        ("https://tube.example.org/w/1VgjonnHfSDcRY5iYcHt1C", f"peertube:tube.example.org/{UUID}"),
    ],
)
def test_video_key_knows_the_platforms(address: str, key: str) -> None:
    assert text.video_key(address) == key


@pytest.mark.parametrize(
    "address",
    [
        "https://media.example.org/v/teaconf31-1-brewing_tea",
        "https://archive.org/details/teaconf2031-1/second.mp4",
        "https://tube.example.org/w/second-steep",
        "https://tube.example.org/w/ZZZZZZZZZZZZZZZZZZZZZZ",
    ],
)
def test_video_key_of_any_other_address_is_the_address(address: str) -> None:
    assert text.video_key(address) == f"url:{address}"


def test_video_key_leaves_an_older_key_as_it_is() -> None:
    key = f"url:https://tube.example.org/videos/watch/{UUID}"
    assert text.video_key(key) == key


@pytest.mark.parametrize("address", ["", "a talk", "ftp://example.org/x", "https://youtu.be/short"])
def test_video_key_refuses_what_names_no_video(address: str) -> None:
    with pytest.raises(ValueError, match=r"video"):
        text.video_key(address)


def test_video_url_is_where_the_key_is_watched() -> None:
    keys = (
        "youtube:WK7Pt4cSZII",
        "vimeo:12",
        "url:https://example.org/v/1",
        "ccc:teaconf31-1-brewing_tea",
        "archive:teaconf2031-1",
        f"peertube:tube.example.org/{UUID}",
        "peertube:guid",
    )
    assert [text.video_url(key) for key in keys] == [
        "https://www.youtube.com/watch?v=WK7Pt4cSZII",
        "https://vimeo.com/12",
        "https://example.org/v/1",
        "https://media.ccc.de/v/teaconf31-1-brewing_tea",
        "https://archive.org/details/teaconf2031-1",
        f"https://tube.example.org/videos/watch/{UUID}",
        None,
    ]


@pytest.mark.parametrize(
    ("upload", "title"),
    [
        ("Steeping: An Update - Ada Example", "Steeping: An Update"),
        ("Ada Example - Steeping", "Steeping"),
        ("Steeping - Ada Example (Teapot)", "Steeping"),
        ("TeaConf 2031 | Ada Example | Steeping", "Steeping"),
        ("Cups - Bowls and Mugs - Ada Example", "Cups - Bowls and Mugs"),
        ("Ada Example", "Ada Example"),
    ],
)
def test_talk_title_drops_parts_that_only_name_the_speaker_or_event(
    upload: str, title: str
) -> None:
    assert text.talk_title(upload, speakers=["Ada Example"], events=["TeaConf 2031"]) == title


@pytest.mark.parametrize(
    ("seconds", "words"), [(1466, "24:26"), (3723, "1:02:03"), (59, "0:59"), (0, "0:00")]
)
def test_length_is_written_as_event_yaml_has_it(seconds: int, words: str) -> None:
    assert text.length(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Tea, Part 2", 2),
        ("Tea (Teil II)", 2),
        ("Tea [1/3]", 1),
        ("Tea, pt. 10", 10),
        ("Tea for 2", None),
        ("Party 2", None),
        ("", None),
    ],
)
def test_part_number_is_what_a_title_says(title: str, expected: int | None) -> None:
    assert text.part_number(title) == expected
