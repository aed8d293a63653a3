"""What a reason says of a pair, and which words of a title are the talk's."""

from __future__ import annotations

import pytest

from pipeline.model import Speaker
from pipeline.review import marked_words, sign
from tests.builders import entry, event

SAYS = {
    "for": [
        "its description links to the talk",
        "speaker named in full: Ada Example",
        "1 of 2 speakers named in full: Ada Example, who gives several talks",
        "title: 4 of 4 words",
        "both are called keynote, which no other talk is",
        "28 min fits the 30 min slot",
        "names the event",
        "most uploads beside it are the event's",
    ],
    "open": [
        "speaker named by last name: Ada Example",
        "title: 3 of 4 words",
        "the talk has no title yet",
        "too close to the next best",
        "the title says too little",
        "the list holds other events too",
        "a sentence of tomorrow",
    ],
    "against": [
        "no speaker named",
        "title: 1 of 4 words",
        "names another year: 2030",
        "names another event: cupconf",
        "names the speaker of another talk: Grace Sample",
        "other number in the title: 2",
        "the title says teaser, trailer",
        "1 min 2 s is short for a talk",
        "90 min does not fit the 30 min slot",
    ],
}


@pytest.mark.parametrize(
    ("reason", "expected"), [(one, name) for name, several in SAYS.items() for one in several]
)
def test_sign_of_a_reason(reason: str, expected: str) -> None:
    assert sign(reason) == expected


ADA = Speaker(name="Ada Example", affiliation="Teapot")


@pytest.mark.parametrize(
    ("title", "marked"),
    [
        ("Brewing Tea at Scale - Ada Example", ["Brewing Tea at Scale", "Ada Example"]),
        ("TeaConf 2031: Kettles at Teapot", ["TeaConf 2031", "Teapot"]),
        ("Cups at Home", []),
        ("ada EXAMPLE’s brewing", ["ada", "brewing"]),
        ("", []),
    ],
)
def test_marked_words_are_the_talks_its_speakers_and_the_events(
    title: str, marked: list[str]
) -> None:
    talk = entry(1, title="Brewing Tea at Scale", speakers=(ADA,))
    pieces = marked_words(title, talk, event())
    assert [words for words, is_told in pieces if is_told] == marked
    assert "".join(words for words, _ in pieces) == title


def test_marked_words_of_no_talk_are_the_events() -> None:
    pieces = marked_words("Cups | TeaConf 2031", None, event())
    assert pieces == (("Cups | ", False), ("TeaConf 2031", True))
