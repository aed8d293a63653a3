"""`recap review`: asked at a terminal, listed elsewhere."""

from __future__ import annotations

import json

import pytest

from tests.commands.person import Person
from tests.workspace import UNTITLED


def likely(person: Person) -> float:
    """Return how probable the one question's best talk is, as matching said."""
    match = person.tea.ledger()["videos"]["youtube:unt00000001"]["match"]
    assert isinstance(match, dict)
    return float(match["probability"])


def listed(person: Person) -> list[str]:
    return [
        "TeaConf 2031: Whistling Kettles - Alan Specimen",
        "  https://www.youtube.com/watch?v=unt00000001 · 12:34",
        f"  1  Likely ({likely(person):.2f}): untitled talk by Alan Specimen",
        (
            "     speaker named in full: Alan Specimen; the talk has no title yet; "
            "the list holds other events too"
        ),
    ]


def ask_two(person: Person) -> None:
    """Let a second question wait for a person, more probable than the first."""
    person.tea.list_videos(
        UNTITLED, "{id: por00000001, title: Porcelain - G. Sample, length: '9:00'}"
    )
    person.tea.later(minutes=1)
    person.tea.pass_()


def verbs(person: Person) -> list[str]:
    return [body.splitlines()[1].removeprefix("verb: ") for body in person.decisions()]


def test_review_lists_questions_and_how_to_answer_without_a_terminal(person: Person) -> None:
    assert person.says("review") == [
        *listed(person),
        "  yes: recap link youtube:unt00000001 teaconf-2031/untitled",
        "  no talk: recap ignore youtube:unt00000001 --event teaconf-2031",
        "",
    ]


def test_review_enter_accepts_the_best_and_writes_at_once(person: Person) -> None:
    lines = person.says("review", "teaconf-2031", keys="\n")
    assert lines[:4] == listed(person)
    assert "  feed: + Whistling Kettles (Alan Specimen)" in lines
    assert lines[-2:] == [
        "1 decided; `recap undo` takes the last one back.",
        "Next: run `recap publish --offline`",
    ]
    assert (verbs(person), person.publish()) == (
        ["link"],
        ["Whistling Kettles", "Brewing Tea at Scale"],
    )


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("1\n", ["link"]),
        ("n\n", ["not-this"]),
        ("i\n", ["ignore"]),
        ("s\n", []),
        ("q\n", []),
        ("x\nq\n", []),
        ("3\nq\n", []),
    ],
)
def test_review_does_what_a_key_says(person: Person, keys: str, expected: list[str]) -> None:
    person.says("review", keys=keys)
    assert verbs(person) == expected


def test_review_says_that_a_key_means_nothing_and_asks_again(person: Person) -> None:
    lines = person.says("review", keys="7\ni\n")
    assert any(line.endswith("'7' is no answer here.") for line in lines)
    assert verbs(person) == ["ignore"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("i\nu\nq\n", ["ignore", "undo"]),
        ("u\nq\n", []),
    ],
)
def test_review_of_several_takes_the_last_answer_back(
    person: Person, keys: str, expected: list[str]
) -> None:
    ask_two(person)
    person.says("review", keys=keys)
    assert verbs(person) == expected


def test_review_asks_a_skipped_question_again_once_the_skip_is_taken_back(person: Person) -> None:
    ask_two(person)
    person.says("review", keys="s\nu\ni\nq\n")
    assert ["video: youtube:por00000001" in body for body in person.decisions()] == [True]


@pytest.mark.parametrize("options", [("-q",), ("--no-input",), ("--json",)])
def test_review_asks_nothing_where_it_must_not(person: Person, options: tuple[str, ...]) -> None:
    code, out, _ = person.recap("review", *options, keys="1\n")
    assert (code, person.decisions(), "Enter" in out) == (0, [], False)


def test_review_json_gives_the_questions(person: Person) -> None:
    _, out, _ = person.recap("review", "--json")
    assert json.loads(out) == {
        "questions": [
            {
                "event": "teaconf-2031",
                "video": "youtube:unt00000001",
                "url": "https://www.youtube.com/watch?v=unt00000001",
                "title": "Whistling Kettles - Alan Specimen",
                "length_s": 754,
                "candidates": [
                    {
                        "talk": "untitled",
                        "label": "untitled talk by Alan Specimen",
                        "probability": likely(person),
                        "reasons": [
                            "speaker named in full: Alan Specimen",
                            "the talk has no title yet",
                            "the list holds other events too",
                        ],
                        "recordings": [],
                        "not_videos": [],
                    }
                ],
            }
        ]
    }


def test_review_markdown_gives_lines_that_answer_when_pasted(person: Person) -> None:
    body = "\n".join(person.says("review", "--format", "markdown"))
    line = '    recordings: ["https://www.youtube.com/watch?v=unt00000001"]'
    assert f"```yaml\n  - id: untitled\n{line}\n```" in body
    event = person.tea.event_folder / "event.yaml"
    event.write_text(
        event.read_text("utf-8").replace("- id: untitled\n", f"- id: untitled\n{line}\n"),
        encoding="utf-8",
    )
    assert person.publish() == ["Whistling Kettles", "Brewing Tea at Scale"]


def test_review_refuses_two_answers_at_once(person: Person) -> None:
    assert person.recap("review", "--json", "--format", "markdown")[0] == 2
