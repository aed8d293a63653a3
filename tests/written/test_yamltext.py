from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DatasetError
from pipeline.written.yamltext import Plain, decode, dump, load


def refusal(text: str) -> str:
    with pytest.raises(DatasetError) as caught:
        load(text, file="event.yaml")
    return str(caught.value)


def test_load_reads_true_null_and_decimal_numbers_and_leaves_the_rest_as_text() -> None:
    document = load(
        "{a: true, b: null, c: 12, d: 1.5, e: no, f: 0123, g: 2016-04-15, h: 12_3, i: 0x1F}",
        file="event.yaml",
    )
    assert document.value == {
        "a": True,
        "b": None,
        "c": 12,
        "d": 1.5,
        "e": "no",
        "f": "0123",
        "g": "2016-04-15",
        "h": "12_3",
        "i": "0x1F",
    }


def test_load_remembers_where_each_key_and_item_stands() -> None:
    document = load("talks:\n  - id: a\n    title: b\n", file="event.yaml")
    assert document.places == {
        (): (1, 1),
        ("talks",): (1, 1),
        ("talks", 0): (2, 5),
        ("talks", 0, "id"): (2, 5),
        ("talks", 0, "title"): (3, 5),
    }


def test_a_place_deep_in_a_file_is_found_when_somebody_asks() -> None:
    document = load("talks:\n  - id: a\n    links:\n      - b\n", file="event.yaml")
    again = load("talks:\n  - id: a\n    links:\n      - b\n", file="event.yaml")
    assert document.place(("talks", 0)) == (2, 5)
    assert document.place(("talks", 0, "links", 0)) == (4, 9)
    assert document == again
    with pytest.raises(KeyError):
        document.place(("talks", 1))


def test_load_wants_quotes_around_what_others_read_as_base_60() -> None:
    assert refusal("length: 24:26\n") == (
        "event.yaml:1:9: length: 24:26 needs quotes: other YAML readers take it for a base-60 "
        'number; write "24:26"'
    )


def test_load_names_both_places_of_a_repeated_key() -> None:
    assert refusal("a: 1\nb: 2\na: 3\n") == (
        "event.yaml:3:1: a: the key 'a' stands here a second time (first on line 1); keep one"
    )


def test_load_names_both_places_of_a_key_that_is_repeated_deep_in_a_file() -> None:
    assert refusal("talks:\n  - a:\n      b:\n        c: 1\n        c: 2\n") == (
        "event.yaml:5:9: talks[0].a.b.c: the key 'c' stands here a second time "
        "(first on line 4); keep one"
    )


def test_load_names_every_ambiguous_value_at_once() -> None:
    assert refusal("a: 1:30\nb: 2:30\n").count("needs quotes") == 2


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", "1:1", "is empty"),
        ("# only a comment\n", "1:1", "is empty"),
        ("\ta: 1", "1:1", "a tab stands here"),
        ("a:\n\t- b", "2:1", "a tab stands here"),
        ("a: &x 1\nb: *x", "1:4", "anchors (&name) and tags (!name) are not read"),
        ("a: *x", "1:4", "aliases (*name) are not read"),
        ("a: !!python/object:os.system x", "1:4", "anchors (&name) and tags (!name)"),
        ("<<: {a: 1}", "1:1", "merge keys (<<) are not read"),
        ("a\x01b: 1", "1:2", "holds a control character"),
        ("---\na: 1\n---\nb: 2", "3:1", "holds a second document"),
        ("? [a]\n: b", "1:3", "a key must be plain text"),
        ("a: b: c", "1:5", "put the whole text in quotes"),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n", "2:1", "a merge conflict stands here"),
        ("a: 'x", "1:6", "is not valid YAML here"),
        ("[" * 33 + "]" * 33, "1:33", "nests deeper than 32 levels"),
    ],
)
def test_load_refuses_with_the_place_and_the_reason(text: str, place: str, reason: str) -> None:
    message = refusal(text)
    assert message.startswith(f"event.yaml:{place}: ")
    assert reason in message


def test_load_survives_60000_open_brackets() -> None:
    assert "nests deeper than 32 levels" in refusal("[" * 60_000)


def test_load_survives_an_alias_bomb() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    assert "event.yaml:1:4: a: anchors (&name)" in refusal(bomb)


def test_decode_names_the_line_that_is_no_utf8() -> None:
    with pytest.raises(DatasetError, match=r"event\.yaml:2:1: is not UTF-8 here"):
        decode(b"a: 1\nb: \xff\n", file="event.yaml")


PLAIN_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\u2028\u2029\ufeff"),
    max_size=30,
)


@given(
    st.recursive(
        PLAIN_TEXT | st.none() | st.booleans() | st.integers(-(10**17), 10**17),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN_TEXT, inner, max_size=4),
        max_leaves=12,
    ).filter(lambda value: value not in (None, "") and not _merges(value))
)
def test_load_reads_back_what_dump_wrote(value: Plain) -> None:
    assert load(dump(value), file="x").value == value


def _merges(value: Plain) -> bool:
    """`<<` as a key is refused on purpose."""
    if isinstance(value, dict):
        return "<<" in value or any(_merges(each) for each in value.values())
    return isinstance(value, list) and any(_merges(each) for each in value)


@given(st.binary(max_size=200))
def test_load_never_raises_anything_but_a_dataset_error(body: bytes) -> None:
    try:
        load(decode(body, file="x"), file="x")
    except DatasetError as error:
        assert error.problems  # noqa: PT017 - any outcome is fine but another exception
