"""`recap ignore` as a person types it."""

from __future__ import annotations

import json
import shutil

from tests.commands.person import OTHER, Person


def test_ignore_answers_a_question_for_good(person: Person) -> None:
    lines = person.says("ignore", "unt00000001")
    assert lines[2:4] == [
        "  feed, page and mail: nothing changes",
        "  review: 1 → 0 questions",
    ]
    assert person.says("review") == ["Nothing waits for a person."]


def test_ignore_asks_for_the_event_where_several_know_the_video(person: Person) -> None:
    folder = person.tea.root / "data" / "cupconf-2031"
    shutil.copytree(person.tea.event_folder, folder)
    (folder / "event.yaml").write_text(OTHER, encoding="utf-8")
    code, _, err = person.recap("ignore", "unt00000001")
    assert (code, person.decisions()) == (2, [])
    assert "several events know it: cupconf-2031, teaconf-2031" in err
    assert "`--event ID`" in err


def test_ignore_json_gives_decision_file_and_preview(person: Person) -> None:
    code, out, _ = person.recap("ignore", "unt00000001", "--json")
    made = json.loads(out)
    assert (code, made["decision"]["verb"], made["previews"][0]["questions"]) == (
        0,
        "ignore",
        [1, 0],
    )
    assert made["file"].endswith(f"/decisions/{made['decision']['id']}.yaml")
