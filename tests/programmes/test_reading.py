from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError, FetchError, SourceError
from pipeline.programmes._reading import (
    SIZE_BYTES,
    check_options,
    decode,
    is_address,
    load_xml,
    read_bytes,
)
from tests.sources.fakes import NO_NETWORK, FakeFetch

URL = "https://teaconf.example.org/talks.json"


def test_read_bytes_fetches_an_address_afresh() -> None:
    fetch = FakeFetch({URL: b"tea"})
    assert read_bytes(fetch, f" {URL} ", headers={"Authorization": "Token x"}) == b"tea"
    assert fetch.asked == [(URL, {"Cache-Control": "no-cache", "Authorization": "Token x"})]


def test_read_bytes_passes_on_what_the_network_says() -> None:
    with pytest.raises(FetchError, match="404"):
        read_bytes(NO_NETWORK, URL)


def test_read_bytes_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "talks.json"
    path.write_bytes(b"tea")
    assert read_bytes(NO_NETWORK, str(path)) == b"tea"


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("no-such.json", "No such file or directory"),
        (".", "Is a directory"),
        ("a\0b", "embedded null byte"),
    ],
)
def test_read_bytes_says_why_a_file_cannot_be_read(where: str, why: str) -> None:
    with pytest.raises(SourceError, match=f"{why}; give a web address with https:// or the path"):
        read_bytes(NO_NETWORK, where)


def test_read_bytes_refuses_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "talks.json"
    with path.open("wb") as file:
        file.truncate(SIZE_BYTES + 1)
    with pytest.raises(SourceError, match="it is larger than"):
        read_bytes(NO_NETWORK, str(path))


def test_errors_show_no_secret_of_an_address() -> None:
    with pytest.raises(SourceError) as caught:
        decode(b"", where="https://ada:pot@teaconf.example.org/?token=tea")
    assert str(caught.value) == (
        "the programme https://***@teaconf.example.org/?token=*** cannot be read: "
        "it is empty; export it again"
    )


@pytest.mark.parametrize(
    ("where", "answer"), [(URL, True), ("HTTP://a", True), ("http.json", False), ("", False)]
)
def test_is_address_tells_an_address_from_a_path(where: str, answer: bool) -> None:
    assert is_address(where) == answer


def test_decode_takes_the_mark_of_utf_8_away() -> None:
    assert decode(b"\xef\xbb\xbftea", where="talks") == "tea"


def test_load_xml_is_not_fooled_by_a_named_encoding() -> None:
    assert load_xml('<?xml version="1.0" encoding="UTF-7"?><tea>é</tea>'.encode(), where="").text


def test_check_options_says_which_one_was_meant() -> None:
    with pytest.raises(ConfigError, match="has no option 'tilte'; did you mean 'title'"):
        check_options("csv", {"tilte": "x"}, known=("title", "day"))


def test_check_options_says_which_there_are() -> None:
    with pytest.raises(ConfigError, match="has no option 'colour'; it has title, day"):
        check_options("csv", {"colour": "x"}, known=("title", "day"))


def test_check_options_says_that_there_are_none() -> None:
    with pytest.raises(ConfigError, match="has no option 'colour'; it has none; take the key out"):
        check_options("frab", {"colour": "x"})
