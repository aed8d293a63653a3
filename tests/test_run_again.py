"""Passes that must change nothing, and passes that must arrive at the same bytes."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from tests.workspace import (
    PORCELAIN,
    TEA,
    UNTITLED,
    Workspace,
    bytes_below,
    files_below,
    tea_workspace,
)


@pytest.mark.parametrize("offline", [False, True])
def test_a_second_pass_touches_no_file_but_the_status(camp: Workspace, offline: bool) -> None:
    camp.pass_()
    data = files_below(camp.root / "data")
    feeds = files_below(camp.root / "feeds", leave_out=("status.json", "status.html"))
    camp.later(days=1)
    camp.pass_(offline=offline)
    assert files_below(camp.root / "data") == data
    assert files_below(camp.root / "feeds", leave_out=("status.json", "status.html")) == feeds


@pytest.mark.parametrize("lost", [("feeds",), (".recap",), ("feeds", ".recap")])
def test_a_pass_after_a_loss_gives_identical_bytes(camp: Workspace, lost: tuple[str, ...]) -> None:
    camp.pass_()
    data, feeds = bytes_below(camp.root / "data"), bytes_below(camp.root / "feeds")
    camp.drop(*lost)
    if ".recap" in lost:
        camp.forget()
    camp.later(days=1)
    camp.pass_()
    assert bytes_below(camp.root / "data") == data
    assert bytes_below(camp.root / "feeds") == feeds


def test_the_same_arrivals_give_the_same_bytes_with_and_without_a_memory(tmp_path: Path) -> None:
    ends = []
    for forgetful in (False, True):
        root = tmp_path / str(forgetful)
        root.mkdir()
        tea = tea_workspace(root)
        for count in range(4):
            tea.list_videos(*(TEA, PORCELAIN, UNTITLED)[:count])
            tea.pass_()
            tea.later(hours=13)
            if forgetful:
                tea.forget()
                tea.drop("feeds", ".recap")
        tea.pass_()
        tea.state.close()
        ends.append((bytes_below(root / "data"), bytes_below(root / "feeds")))
    assert ends[0] == ends[1]


def test_recordings_find_their_talks_in_any_order_of_arrival(tmp_path: Path) -> None:
    for number, order in enumerate(permutations((TEA, PORCELAIN, UNTITLED))):
        root = tmp_path / str(number)
        root.mkdir()
        tea = tea_workspace(root)
        for count in range(1, 4):
            tea.list_videos(*order[:count])
            tea.pass_()
            tea.later(hours=1)
        tea.state.close()
        assert tea.links() == {
            "youtube:tea00000001": "brewing-tea",
            "youtube:por00000001": "porcelain",
            "youtube:unt00000001": "untitled",
        }


def test_a_pass_after_the_dataset_was_set_back_finds_everything_again(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    early = bytes_below(tea.root / "data", leave_out=())
    tea.list_videos(TEA, PORCELAIN)
    tea.later(days=1)
    tea.pass_()
    for path, body in early.items():
        (tea.root / "data" / path).write_bytes(body)
    tea.list_videos(TEA, PORCELAIN)
    tea.later(days=1)
    assert tea.pass_().events[0].released == ("Porcelain in Production (Grace Sample)",)


def test_sequence_numbers_are_never_given_twice_though_the_counter_is_lost(tea: Workspace) -> None:
    tea.list_videos(TEA, PORCELAIN)
    tea.pass_()
    (tea.root / "data" / "ledger.yaml").unlink()
    tea.list_videos(TEA, PORCELAIN, UNTITLED)
    tea.later(days=1)
    tea.pass_()
    numbers = {talk: row["sequence"] for talk, row in tea.ledger()["talks"].items()}
    assert numbers == {"brewing-tea": 1, "porcelain": 2, "untitled": 3}
