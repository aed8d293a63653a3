"""`recap retire` as a person types it."""

from __future__ import annotations

import shutil

from pipeline.model import Outcome
from tests.commands.person import Person


def test_retire_lets_the_folder_of_a_published_event_go(person: Person) -> None:
    lines = person.says("retire", "teaconf-2031")
    shutil.rmtree(person.tea.event_folder)
    person.tea.later(minutes=1)
    assert lines[0] == "retire teaconf-2031, by Ada"
    assert person.tea.pass_(offline=True).outcome is Outcome.FINE
    assert (person.tea.root / "feeds/teaconf-2031/index.html").exists()


def test_retire_takes_an_event_whose_folder_is_gone_already(person: Person) -> None:
    shutil.rmtree(person.tea.event_folder)
    lines = person.says("retire", "teaconf-2031")
    assert lines[-2] == ("teaconf-2031 is gone from data/; its pages and feeds stay as they are.")


def test_retire_refuses_an_event_that_was_never_there(person: Person) -> None:
    code, _, err = person.recap("retire", "teaconf-2030")
    assert (code, person.decisions("decisions")) == (2, [])
    assert "did you mean 'teaconf-2031'?" in err
