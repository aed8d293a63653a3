from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.errors import SourceError
from pipeline.model import Cue
from pipeline.sources import _fields


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("deu", "de"),
        ("ger", "de"),
        ("German", "de"),
        ("en", "en"),
        ("en_US", "en-US"),
        ("gsw", "gsw"),
        ("", None),
        ("several languages", None),
    ],
)
def test_language_is_a_tag(value: str, expected: str | None) -> None:
    assert _fields.language(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("24:26", timedelta(minutes=24, seconds=26)),
        ("1:02:03.5", timedelta(hours=1, minutes=2, seconds=3)),
        ("166", timedelta(seconds=166)),
        ("1466.52", timedelta(seconds=1467)),
        ("0", None),
        ("nan", None),
        ("1e400", None),
        ("soon", None),
        ("-5", None),
        ("99999999", None),
    ],
)
def test_spoken_length_is_read_or_absent(value: str, expected: timedelta | None) -> None:
    assert _fields.spoken_length(value) == expected


@pytest.mark.parametrize(
    "row", [None, [], "text", {"a": None}, {"a": {"b": None}}, {"a": {"b": [1]}}, {"a": {"b": ""}}]
)
def test_fields_of_another_type_are_absent(row: object) -> None:
    assert [
        _fields.text(row, "a", "b"),
        _fields.line(row, "a", "b"),
        _fields.number(row, "a", "b"),
        _fields.web(row, "a", "b"),
        _fields.moment(row, "a", "b"),
        _fields.seconds(row, "a", "b"),
    ] == ["", None, None, None, None, None]


def test_described_reads_html() -> None:
    markup = (
        '<p>See <a href="https://example.org/talk?a=1&amp;b=2">it</a></p>'
        "0:00 Intro<br/>1:00 Tea &amp; Cups<br>2:00 End"
    )
    assert _fields.described(markup) == (
        ("https://example.org/talk?a=1&b=2",),
        (
            Cue(start=timedelta(0), label="Intro"),
            Cue(start=timedelta(minutes=1), label="Tea & Cups"),
            Cue(start=timedelta(minutes=2), label="End"),
        ),
    )


def test_plain_keeps_comparisons() -> None:
    assert _fields.plain("a < b and <em>c</em> > d") == "a < b and c > d"


def test_exact_has_each_id_once_and_clean() -> None:
    assert _fields.exact("guid", None, "", " slug\n", "guid") == ("guid", "slug")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_load_json_takes_what_is_none_for_unknown(body: bytes) -> None:
    with pytest.raises(SourceError, match=r"^https://example\.org/list cannot be read: it "):
        _fields.load_json(body, where="https://example.org/list")
