"""Generations that grow file by file."""

from __future__ import annotations

import errno
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import PublishError
from pipeline.files import Commit, Generation, commit, roll_forward
from pipeline.files.disk import write
from tests.crashing import NEW, OLD, Tree, crashes, read_tree, steps, turn_into


@pytest.fixture(autouse=True)
def _unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    # Hundreds of generations: what a sync is for is tried in test_files_crashes.py.
    monkeypatch.setattr(os, "fsync", lambda _: None)


def test_generation_puts_nothing_in_place_before_it_is_finished(tmp_path: Path) -> None:
    commit(tmp_path, [("a.html", b"old"), ("b.html", b"same")])
    generation = Generation(tmp_path)

    added = [generation.add("a.html", b"new"), generation.add("b.html", b"same")]
    before = (tmp_path / "a.html").read_bytes()
    done = generation.finish()

    assert (added, before) == ([True, False], b"old")
    assert done == Commit(written=("a.html",), unchanged=("b.html",))
    assert read_tree(tmp_path) == {"a.html": b"new", "b.html": b"same"}


def test_generation_asks_for_room_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [False]

    def relief() -> bool:
        is_new, room[0] = not room[0], True
        return is_new

    def written(path: Path, parts: Any) -> None:
        if not room[0]:
            path.write_bytes(b"torn")
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, parts)

    monkeypatch.setattr("pipeline.files.generation.write", written)
    generation = Generation(tmp_path, relief)
    generation.add("a.html", b"new")
    generation.finish()

    assert read_tree(tmp_path) == {"a.html": b"new"}


def test_generation_renames_in_the_given_turn(tmp_path: Path) -> None:
    generation = Generation(tmp_path)
    for path in ("b.xml", "a.xml", "c.html"):
        generation.add(path, b"x")

    done = generation.finish(turn=lambda path: (path.endswith(".xml"), path))

    assert done.written == ("c.html", "a.xml", "b.xml")


def test_generation_that_is_dropped_leaves_nothing_behind(tmp_path: Path) -> None:
    commit(tmp_path, [("a.html", b"old")])
    generation = Generation(tmp_path)
    generation.add("a.html", b"new")

    generation.drop()

    assert read_tree(tmp_path) == {"a.html": b"old"}
    assert not (tmp_path / ".recap").exists()


def test_generation_refuses_a_bad_path_and_undoes_all(tmp_path: Path) -> None:
    generation = Generation(tmp_path)
    generation.add("a.html", b"x")
    generation.add("../up.html", b"y")

    with pytest.raises(PublishError, match="is no path for a file below it"):
        generation.finish()

    assert read_tree(tmp_path) == {}


@pytest.mark.parametrize("body", [b"old", b"y"])
def test_generation_refuses_a_file_that_is_added_twice_and_undoes_all(
    tmp_path: Path, body: bytes
) -> None:
    commit(tmp_path, [("a.html", b"old")])
    generation = Generation(tmp_path)
    generation.add("b.html", b"x")
    generation.add("a.html", body)

    with pytest.raises(PublishError, match=r"'a\.html' is named twice in one generation"):
        generation.add("a.html", body)

    assert read_tree(tmp_path) == {"a.html": b"old"}


def assert_whole(root: Path) -> None:
    for path in {*OLD, *NEW}:
        allowed = {OLD.get(path), NEW.get(path)}
        body = (root / path).read_bytes() if (root / path).exists() else None
        assert body in allowed, path


def grow(root: Path, tree: Tree, known: Tree) -> None:
    """Turn `known` into `tree` file by file."""
    generation = Generation(root)
    for path, body in tree.items():
        generation.add(path, body)
    generation.finish(deletes=[path for path in known if path not in tree])


def test_crash_at_every_step_of_a_growing_generation_leaves_one_of_the_two(tmp_path: Path) -> None:
    outcomes: list[str] = []
    for number in range(200):
        root = tmp_path / str(number)
        turn_into(root, OLD, known={})
        crashed = crashes(number, partial(grow, root, NEW, OLD), watch=partial(assert_whole, root))
        roll_forward(root)
        assert read_tree(root) in (OLD, NEW)
        assert not (root / ".recap").exists()
        outcomes.append("old" if read_tree(root) == OLD else "new")
        if not crashed:
            break
    turn = outcomes.index("new")
    assert outcomes == ["old"] * turn + ["new"] * (len(outcomes) - turn)
    assert 5 < turn < len(outcomes) - 5


def test_dropping_a_generation_after_its_journal_takes_nothing_back(tmp_path: Path) -> None:
    turn_into(tmp_path, OLD, known={})
    generation = Generation(tmp_path)
    generation.add("index.html", b"new page")

    def refuse(name: str, args: tuple[Any, ...]) -> None:
        if name == "replace" and Path(args[1]).name == "index.html":
            raise OSError(errno.EIO, "Input/output error")

    with steps(refuse), pytest.raises(PublishError, match="until the next start"):
        generation.finish()
    generation.drop()

    assert roll_forward(tmp_path)
    assert read_tree(tmp_path) == {**OLD, "index.html": b"new page"}
