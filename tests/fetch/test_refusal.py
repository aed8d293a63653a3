"""The words in which an API explains that it refuses."""

from __future__ import annotations

import json

import pytest

from pipeline.fetch.refusal import parse_words

SECRET = {"Authorization": "token ada:hush-hush", "X-Kind": "green-tea"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"message": "No tea."}, "No tea."),
        ({"code": "tea", "detail": "No tea."}, "No tea."),
        ({"error": "No tea."}, "No tea."),
        ({"message": "", "detail": "No tea."}, "No tea."),
        ({"detail": [{"msg": "Field required"}, {"msg": "No tea"}]}, "Field required, No tea"),
        ({"detail": ["No tea"]}, ""),
        ({"detail": {"tea": 1}}, ""),
        ({"code": "tea"}, ""),
        (["No tea."], ""),
        ("No tea.", ""),
        ({"message": "No\r\ntea\u202e."}, "No tea."),
    ],
)
def test_words_are_those_of_the_known_keys_in_one_line(value: object, words: str) -> None:
    assert parse_words(json.dumps(value).encode(), headers={}) == words


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000])
def test_what_is_no_json_has_no_words(body: bytes) -> None:
    assert parse_words(body, headers={}) == ""


def test_words_are_short() -> None:
    said = parse_words(json.dumps({"message": "tea " * 200}).encode(), headers={})
    assert (len(said), said[-1]) == (200, "…")


@pytest.mark.parametrize("part", ["token ada:hush-hush", "ada:hush-hush", "hush-hush"])
def test_a_secret_is_starred_out(part: str) -> None:
    body = json.dumps({"message": f"not {part}, green-tea"}).encode()
    assert parse_words(body, headers=SECRET) == "not ***, green-tea"
