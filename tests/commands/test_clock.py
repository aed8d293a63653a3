"""`recap clock mend` as a person types it, after a pass whose clock was far ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.ledger import moments
from pipeline.model import Decision, Outcome, Verb
from tests.commands.person import DASHED, Person
from tests.workspace import PORCELAIN, TEA, UNTITLED

YEARS = timedelta(days=5000)
AHEAD = "2045-01-26T12:05:00Z"
MEND = f"mend-clock {AHEAD} to {AHEAD} → 2031-05-20T13:05:00Z, by Ada"


@pytest.fixture
def ahead(person: Person) -> Person:
    """Ada, an hour after a pass in 2045 that released a talk; her clock is right again."""
    right = person.tea.now
    person.tea.now += YEARS
    person.tea.list_videos(TEA, UNTITLED, DASHED, PORCELAIN)
    person.tea.pass_()
    person.tea.now = right + timedelta(hours=1)
    return person


def store(person: Person) -> FolderStore:
    return FolderStore(person.tea.root / "data")


def dates(person: Person) -> dict[str, str]:
    rows = person.tea.ledger()["talks"]
    return {talk: str(row["released"]) for talk, row in rows.items()}


def lasting(person: Person) -> Mapping[str, tuple[object, object]]:
    rows = person.tea.ledger()["talks"]
    return {talk: (row["feed_id"], row["sequence"]) for talk, row in rows.items()}


def test_clock_mend_says_what_changes_and_the_next_run_does_it(ahead: Person) -> None:
    before = lasting(ahead)
    lines = ahead.says("clock", "mend")
    assert lines[:3] == [
        MEND,
        "In teaconf-2031:",
        f"  released: Porcelain in Production (Grace Sample): {AHEAD} → 2031-05-20T13:05:00Z",
    ]
    assert ahead.decisions("decisions") == [
        (
            "time: '2031-05-20T13:05:00Z'\nverb: mend-clock\nby: Ada\nmend:\n"
            f"  since: '{AHEAD}'\n  until: '{AHEAD}'\n  at: '2031-05-20T13:05:00Z'\n"
        )
    ]
    assert ahead.publish() == ["Porcelain in Production", "Brewing Tea at Scale"]
    assert dates(ahead) == {
        "brewing-tea": "2031-05-20T12:00:00Z",
        "porcelain": "2031-05-20T13:05:00Z",
    }
    assert lasting(ahead) == before


def test_why_names_who_set_a_release_right(ahead: Person) -> None:
    ahead.says("clock", "mend")
    ahead.publish()
    lines = ahead.says("why", "porcelain", "released")
    (path,) = (ahead.tea.root / "data/decisions").glob("*.yaml")
    assert lines[-1] == (
        "  stamped while the clock ran ahead; Ada said what it means in "
        f"data/decisions/{path.name} (mend-clock)"
    )


def test_clock_mend_leaves_no_time_ahead(ahead: Person) -> None:
    ahead.says("clock", "mend")
    ahead.publish()
    data = store(ahead)
    assert max(moments(data.installation(), [data.ledger("teaconf-2031")])) == ahead.tea.now


def test_clock_mend_takes_the_time_that_it_really_was(ahead: Person) -> None:
    ahead.says("clock", "mend", "--at", "2031-05-20T12:30Z")
    ahead.publish()
    assert dates(ahead)["porcelain"] == "2031-05-20T12:30:00Z"


@pytest.mark.parametrize("at", ["2031-05-20T13:05:01Z", "2031-05-20T11:59:59Z"])
def test_clock_mend_takes_no_time_to_come_nor_one_before_what_is_right(
    ahead: Person, at: str
) -> None:
    assert ahead.recap("clock", "mend", "--at", at) == (
        2,
        "",
        (
            f"recap: --at {at}: give a time from 2031-05-20T12:00:00Z, the newest that was stamped "
            "rightly, to 2031-05-20T13:05:00Z, which is now\n"
        ),
    )


def test_clock_mend_dry_run_writes_nothing(ahead: Person) -> None:
    assert ahead.says("clock", "mend", "--dry-run")[-1] == "Nothing was written (--dry-run)."
    assert ahead.decisions("decisions") == []


def test_clock_mend_is_undone_as_long_as_no_run_has_heard_it(ahead: Person) -> None:
    ahead.says("clock", "mend")
    ahead.says("undo")
    assert ahead.tea.pass_(offline=True).outcome is Outcome.FAILED


def test_clock_mend_says_that_there_is_nothing_to_mend(person: Person) -> None:
    assert person.recap("clock", "mend") == (
        2,
        "",
        (
            "recap: no time in data/ is later than the clock says, 2031-05-20T12:05:00Z; there is "
            "nothing to mend\n"
        ),
    )


def test_clock_mend_lets_lists_be_looked_at_that_seemed_to_have_been(ahead: Person) -> None:
    ahead.says("clock", "mend")
    (watch,) = ahead.tea.pass_(due=True).watches
    assert watch.last_good == ahead.tea.now


def test_clock_mend_sets_right_an_event_that_was_broken_meanwhile(ahead: Person) -> None:
    whole = (ahead.tea.event_folder / "event.yaml").read_text("utf-8")
    ahead.tea.write("data/teaconf-2031/event.yaml", "talks: 1\n")
    assert ahead.recap("clock", "mend")[0] == 0
    ahead.tea.pass_(offline=True)
    ahead.tea.write("data/teaconf-2031/event.yaml", whole)
    ahead.publish()
    assert dates(ahead)["porcelain"] == "2031-05-20T13:05:00Z"


def test_clock_mend_heals_no_other_clock_that_went_back(ahead: Person) -> None:
    ahead.says("clock", "mend")
    ahead.publish()
    ahead.tea.later(hours=-1)
    assert ahead.tea.pass_(offline=True).outcome is Outcome.FAILED


def test_words_said_while_the_clock_was_ahead_come_before_later_ones(ahead: Person) -> None:
    right = ahead.tea.now
    ahead.tea.now += YEARS
    ahead.says("link", "youtube:unt00000001", "untitled")
    ahead.tea.now = right
    ahead.says("clock", "mend")
    ahead.tea.later(minutes=1)
    ahead.says("unlink", "youtube:unt00000001")
    assert [(one.verb, one.time) for one in store(ahead).decisions("teaconf-2031")] == [
        (Verb.LINK, right),
        (Verb.UNLINK, ahead.tea.now),
    ]


def test_a_word_gets_no_time_that_a_person_called_wrong(ahead: Person) -> None:
    ahead.says("clock", "mend")
    ahead.tea.now += YEARS - timedelta(hours=1)
    word = Decision(id="", time=ahead.tea.now, verb=Verb.RETIRE, by="Ada", event="teaconf-2031")
    made, _ = store(ahead).decide(word)
    assert made.time == ahead.tea.now + timedelta(seconds=1)
