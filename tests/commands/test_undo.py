"""`recap undo` as a person types it."""

from __future__ import annotations

from tests.commands.person import Person


def test_undo_takes_the_latest_decision_back(person: Person) -> None:
    person.says("link", "-qRUsuevKj4", "porcelain")
    out = person.publish()
    lines = person.says("undo")
    assert lines[2:5] == [
        "  feed: - Porcelain in Production (Grace Sample)",
        "  page: 2 → 1 of 3 recordings out",
        "  mail: no longer in the next recap: Porcelain in Production (Grace Sample)",
    ]
    assert (out, person.publish()) == (
        ["Porcelain in Production", "Brewing Tea at Scale"],
        ["Brewing Tea at Scale"],
    )


def test_undo_twice_goes_back_two_decisions_within_one_second(person: Person) -> None:
    person.says("link", "-qRUsuevKj4", "porcelain")
    person.says("link", "-qRUsuevKj4", "untitled")
    said = [person.says("undo")[-2] for _ in range(2)]
    assert said == [
        "Taken back: link youtube:-qRUsuevKj4 → untitled, by Ada.",
        "Taken back: link youtube:-qRUsuevKj4 → porcelain, by Ada.",
    ]
    assert person.publish() == ["Brewing Tea at Scale"]


def test_undo_of_an_undo_brings_the_decision_back(person: Person) -> None:
    person.says("link", "-qRUsuevKj4", "porcelain")
    person.says("undo")
    undoing = sorted((person.tea.event_folder / "decisions").iterdir())[-1].name
    person.says("undo", undoing)
    assert person.publish() == ["Porcelain in Production", "Brewing Tea at Scale"]


def test_undo_says_what_it_cannot_take_back(person: Person) -> None:
    nothing = person.recap("undo")
    person.says("ignore", "unt00000001")
    name = next((person.tea.event_folder / "decisions").iterdir()).stem
    unknown = person.recap("undo", "2030")
    person.says("undo", name)
    again = person.recap("undo", name)
    assert [nothing, unknown, again] == [
        (2, "", "recap: there is no decision to undo\n"),
        (
            2,
            "",
            f"recap: there is no decision '2030'; decisions are named like their files: {name}\n",
        ),
        (
            2,
            "",
            f"recap: '{name}' was undone already; undo that undoing to bring it back\n",
        ),
    ]


def test_undo_of_a_decision_for_all_events_stands_beside_it(person: Person) -> None:
    person.says("withdraw", "Ada Example", "--everywhere", "--reason", "asked for it")
    gone = person.publish()
    lines = person.says("undo")
    assert (lines[2], gone, person.publish()) == (
        "  feed: + Brewing Tea at Scale (Ada Example)",
        [],
        ["Brewing Tea at Scale"],
    )
    assert (person.decisions(), len(person.decisions("decisions"))) == ([], 2)
