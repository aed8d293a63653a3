"""A disk that can die at any step, and two generations of files to try it with."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.files import Commit, commit

Tree = dict[str, bytes]

OLD: Tree = {"index.html": b"old page", "rss.xml": b"same", "tea/2030/gone.html": b"to be deleted"}
NEW: Tree = {"index.html": b"new page", "rss.xml": b"same", "cake/2031/atom.xml": b"first"}
STEPS = ("mkdir", "open", "replace", "unlink", "rmdir", "fsync")


class Crash(BaseException):
    """The process died here; nothing may catch it."""


def read_tree(root: Path) -> Tree:
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def read_folders(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_dir()}


def mtimes(root: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (root, *root.rglob("*"))}


def turn_into(root: Path, tree: Mapping[str, bytes], *, known: Mapping[str, bytes]) -> Commit:
    return commit(root, list(tree.items()), deletes=[path for path in known if path not in tree])


@contextmanager
def steps(before: Callable[[str, tuple[Any, ...]], None]) -> Iterator[None]:
    """Call `before` ahead of every step that changes the disk; nothing is really synced."""
    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            real = getattr(os, name) if name != "fsync" else lambda _: None

            def step(*args: Any, _name: str = name, _real: Any = real, **more: Any) -> Any:
                before(_name, args)
                return _real(*args, **more)

            patch.setattr(os, name, step)
        yield


@contextmanager
def dies_at(number: int, *, watch: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Crash at step `number` and at each one after; a file being synced then is left torn."""
    count = 0

    def before(name: str, args: tuple[Any, ...]) -> None:
        nonlocal count
        watch()
        count += 1
        if count <= number:
            return
        if name == "fsync" and stat.S_ISREG(os.fstat(args[0]).st_mode):
            os.ftruncate(args[0], os.fstat(args[0]).st_size // 2)
        raise Crash

    with steps(before):
        yield


def interrupt(root: Path, tree: Mapping[str, bytes], *, known: Mapping[str, bytes]) -> None:
    """Crash when the journal is written and no file is renamed yet."""

    def before(name: str, args: tuple[Any, ...]) -> None:
        if name == "replace" and Path(args[1]).name != "journal.json":
            raise Crash

    with steps(before), pytest.raises(Crash):
        turn_into(root, tree, known=known)


def crashes(number: int, act: Callable[[], object], **more: Any) -> bool:
    with dies_at(number, **more):
        try:
            act()
        except Crash:
            return True
    return False
