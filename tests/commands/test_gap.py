"""`recap gap close` as a person types it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.model import Gap, WatchRow
from tests.commands.person import OTHER, Person

FILE = "file-videos"


@pytest.fixture
def gapped(person: Person) -> Person:
    """Ada, with a list that may have missed videos."""
    open_gap(person, "teaconf-2031")
    return person


def open_gap(person: Person, event_id: str) -> None:
    store = FolderStore(person.tea.root / "data")
    ledger = store.ledger(event_id)
    gap = Gap(after=None, before=person.tea.now)
    rows = {**ledger.watches, FILE: WatchRow(first_good=person.tea.now, gap=gap)}
    store.save({event_id: replace(ledger, watches=rows)}, store.installation())


def gap_of(person: Person, event_id: str = "teaconf-2031") -> Gap | None:
    return FolderStore(person.tea.root / "data").ledger(event_id).watches[FILE].gap


def test_gap_close_says_what_it_does_and_the_next_run_does_it(gapped: Person) -> None:
    lines = gapped.says("gap", "close", FILE)
    assert lines[:4] == [
        f"close-gap {FILE}, by Ada",
        "In teaconf-2031:",
        "  feed, page and mail: nothing changes",
        f"  status: the gap of {FILE} is closed",
    ]
    gapped.publish()
    assert gap_of(gapped) is None


def test_gap_close_takes_the_name_that_status_prints(gapped: Person) -> None:
    gapped.says("gap", "close", f"teaconf-2031/{FILE}")
    assert len(gapped.decisions()) == 1


def test_gap_close_dry_run_writes_nothing(gapped: Person) -> None:
    assert gapped.says("gap", "close", FILE, "--dry-run")[-1] == (
        "Nothing was written (--dry-run)."
    )
    assert gapped.decisions() == []


def test_gap_close_names_the_lists_that_have_one(gapped: Person) -> None:
    code, _, err = gapped.recap("gap", "close", "youtube")
    assert (code, err) == (
        2,
        f"recap: 'youtube' has no open gap; lists with one: teaconf-2031/{FILE}\n",
    )


def test_gap_close_says_that_there_is_none(person: Person) -> None:
    code, _, err = person.recap("gap", "close", FILE)
    assert (code, err) == (2, f"recap: {FILE!r} has no open gap; no list has one\n")


def test_gap_close_asks_which_list_where_two_events_have_one(gapped: Person) -> None:
    gapped.tea.write("data/cupconf-2031/event.yaml", OTHER)
    gapped.tea.write("data/cupconf-2031/videos.yaml", "videos: []\n")
    open_gap(gapped, "cupconf-2031")
    code, _, err = gapped.recap("gap", "close", FILE)
    assert (code, gapped.decisions()) == (2, [])
    assert f"cupconf-2031/{FILE}, teaconf-2031/{FILE}; write one of them" in err
