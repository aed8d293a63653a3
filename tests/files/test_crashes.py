"""What crashes, power cuts and kills leave of a generation of files, and what mends it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PublishError
from pipeline.files import replace, roll_forward
from pipeline.files.disk import sync, write
from tests.crashing import (
    NEW,
    OLD,
    STEPS,
    Crash,
    Tree,
    crashes,
    interrupt,
    read_folders,
    read_tree,
    steps,
    turn_into,
)


@pytest.fixture(autouse=True)
def _unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    # Hundreds of generations: what a sync is for is tried by the power cuts below.
    monkeypatch.setattr(os, "fsync", lambda _: None)


def test_roll_forward_removes_staged_files_without_a_journal(tmp_path: Path) -> None:
    turn_into(tmp_path, OLD, known={})
    assert crashes(4, lambda: turn_into(tmp_path, NEW, known=OLD))
    assert (tmp_path / ".recap/staging").is_dir()

    assert not roll_forward(tmp_path)
    assert (read_tree(tmp_path), read_folders(tmp_path)) == (OLD, {"tea", "tea/2030"})


def test_crash_at_every_step_leaves_whole_files_and_one_generation(tmp_path: Path) -> None:
    outcomes: list[str] = []
    for number in range(200):
        root = tmp_path / str(number)
        turn_into(root, OLD, known={})
        crashed = crashes(
            number,
            partial(turn_into, root, NEW, known=OLD),
            watch=partial(assert_whole, root),
        )
        roll_forward(root)
        tree = read_tree(root)
        assert tree in (OLD, NEW)
        assert not (root / ".recap").exists()
        outcomes.append("old" if tree == OLD else "new")
        if not crashed:
            break

    # First the old generation for certain, then for good the new one.
    turn = outcomes.index("new")
    assert outcomes == ["old"] * turn + ["new"] * (len(outcomes) - turn)
    assert 5 < turn < len(outcomes) - 5


def assert_whole(root: Path) -> None:
    for path in {*OLD, *NEW}:
        allowed = {OLD.get(path), NEW.get(path)}
        body = (root / path).read_bytes() if (root / path).exists() else None
        assert body in allowed, path


def test_crash_at_every_step_of_rolling_forward_does_no_harm(tmp_path: Path) -> None:
    for number in range(200):
        root = tmp_path / str(number)
        turn_into(root, OLD, known={})
        interrupt(root, NEW, known=OLD)

        crashed = crashes(number, partial(roll_forward, root))
        roll_forward(root)

        assert (read_tree(root), read_folders(root)) == (NEW, {"cake", "cake/2031"})
        if not crashed:
            return
    pytest.fail("rolling forward never ended")


def test_crash_while_a_refused_write_is_undone_mixes_nothing(tmp_path: Path) -> None:
    for number in range(20):
        root = tmp_path / str(number)
        turn_into(root, OLD, known={})
        undoing = 0

        def refuse(name: str, _: object, root: Path = root, last: int = number) -> None:
            nonlocal undoing
            journal = (root / ".recap/journal.json").exists()
            if not undoing and name == "fsync" and journal:
                undoing = 1
                raise OSError(errno.EIO, "Input/output error")
            undoing += bool(undoing)
            if undoing > last + 1:
                raise Crash

        with steps(refuse), pytest.raises((PublishError, Crash)) as caught:
            turn_into(root, NEW, known=OLD)
        roll_forward(root)

        assert read_tree(root) in (OLD, NEW)
        if caught.type is PublishError:
            return
    pytest.fail("undoing never ended")


PATHS = st.sampled_from(["a.html", "x/b.xml", "x/y/c.json", "z/d.png"])
TREES = st.dictionaries(PATHS, st.binary(max_size=6))


@settings(deadline=None, max_examples=60)
@given(
    generations=st.lists(st.tuples(TREES, st.integers(0, 60), st.integers(0, 40)), max_size=5),
)
def test_any_generations_with_any_crashes_stay_whole_and_unmixed(
    tmp_path_factory: pytest.TempPathFactory, generations: list[tuple[Tree, int, int]]
) -> None:
    root = tmp_path_factory.mktemp("any")
    old: Tree = {}
    for new, dies, dies_again in generations:

        def whole(old: Tree = old, new: Tree = new) -> None:
            for path in {*old, *new}:
                here = root / path
                body = here.read_bytes() if here.exists() else None
                assert body in (old.get(path), new.get(path))

        def act(old: Tree = old, new: Tree = new) -> None:
            turn_into(root, new, known=old)

        crashes(dies, act, watch=whole)
        crashes(dies_again, lambda: roll_forward(root), watch=whole)
        roll_forward(root)
        assert read_tree(root) in (old, new)
        assert not (root / ".recap").exists()
        act()
        assert read_tree(root) == new
        old = new


class Platter:
    """What of a folder would be left after a power cut that loses all that was not synced.

    The worst that POSIX allows: a file has the bytes of its last fsync, a folder the names.
    A file system gives the number of what was removed to something new, while a name that was not
    synced since still leads to what had it before: so each is known by its number and by how
    often that was given.
    """

    def __init__(self, folder: Path) -> None:
        self.births: Counter[int] = Counter()
        self.top = self.known(folder.stat().st_ino)
        self.bytes: dict[tuple[int, int], bytes] = {}
        self.names: dict[tuple[int, int], dict[str, tuple[bool, tuple[int, int]]]] = {}

    def known(self, number: int) -> tuple[int, int]:
        return number, self.births[number]

    def tree(self, folder: tuple[int, int] | None = None, above: str = "") -> Tree:
        found: Tree = {}
        for name, (is_folder, one) in self.names.get(folder or self.top, {}).items():
            if is_folder:
                found |= self.tree(one, f"{above}{name}/")
            else:
                found[f"{above}{name}"] = self.bytes.get(one, b"")
        return found

    def synced(self, descriptor: int) -> None:
        found = os.fstat(descriptor)
        one = self.known(found.st_ino)
        if stat.S_ISDIR(found.st_mode):
            with os.scandir(descriptor) as entries:
                self.names[one] = {
                    entry.name: (entry.is_dir(), self.known(entry.inode())) for entry in entries
                }
        else:
            self.bytes[one] = os.pread(descriptor, found.st_size, 0)

    @contextmanager
    def spinning(self, seen: list[Tree]) -> Iterator[None]:
        """Follow every sync; add to `seen` what a cut before each step would leave."""
        real = {name: getattr(os, name) for name in STEPS}

        def make(name: str) -> Callable[..., Any]:
            def step(*args: Any, **more: Any) -> Any:
                seen.append(self.tree())
                if name == "fsync":
                    return self.synced(args[0])
                result = real[name](*args, **more)
                if name == "mkdir":
                    self.births[os.stat(args[0]).st_ino] += 1  # noqa: PTH116 - as given
                if name == "open" and args[1] & os.O_CREAT:
                    self.births[os.fstat(result).st_ino] += 1
                return result

            return step

        with pytest.MonkeyPatch.context() as patch:
            for name in STEPS:
                patch.setattr(os, name, make(name))
            yield
        seen.append(self.tree())


@contextmanager
def readable() -> Iterator[None]:
    """Open for reading too what is opened for writing, so that a platter can read it."""
    real = os.open

    def opened(path: Any, flags: int, *more: Any, **named: Any) -> int:
        both = flags & ~os.O_WRONLY | os.O_RDWR if flags & os.O_WRONLY else flags
        return real(path, both, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", opened)
        yield


def lay_out(folder: Path, tree: Tree) -> Path:
    for path, body in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    return folder / "feeds"


def test_power_cut_at_every_step_loses_and_mixes_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    platter = Platter(disk)
    cuts: tuple[list[Tree], list[Tree]] = ([], [])
    with readable():
        with platter.spinning(cuts[0]):
            turn_into(disk / "feeds", OLD, known={})
        with platter.spinning(cuts[1]):
            turn_into(disk / "feeds", NEW, known=OLD)

    for number, (tree, before, after) in enumerate(
        [(tree, {}, OLD) for tree in cuts[0]] + [(tree, OLD, NEW) for tree in cuts[1]]
    ):
        root = lay_out(tmp_path / f"cut{number}", tree)
        roll_forward(root)
        assert read_tree(root) in (before, after), number
    ends = [lay_out(tmp_path / f"end{n}", seen[-1]) for n, seen in enumerate(cuts)]
    assert [roll_forward(root) for root in ends] == [False, False]
    assert [read_tree(root) for root in ends] == [OLD, NEW]


def test_platter_tells_a_new_folder_from_a_removed_one_of_the_same_number(tmp_path: Path) -> None:
    platter, cuts = Platter(tmp_path), list[Tree]()
    old, new = tmp_path / "old", tmp_path / "new"
    with readable(), platter.spinning(cuts):
        old.mkdir()
        number = old.stat().st_ino
        sync(tmp_path)
        old.rmdir()
        new.mkdir()
        is_reused = new.stat().st_ino == number
        write(new / "a.html", (b"tea",))
        sync(new)

    if not is_reused:
        pytest.skip("this file system gave another number")
    assert cuts[-1] == {}


def test_power_cut_after_replace_keeps_the_new_file(tmp_path: Path) -> None:
    platter, cuts = Platter(tmp_path), list[Tree]()
    with readable(), platter.spinning(cuts):
        replace(tmp_path / "status.json", b"new")

    assert cuts[-1] == {"status.json": b"new"}


NAMES = ("index.html", "tea/rss.xml", "tea/atom.xml")
WRITER = """
import itertools, sys
from pathlib import Path
from pipeline.files import commit
root, number = Path(sys.argv[1]), int(sys.argv[2])
for number in itertools.count(number + 1):
    body = b"%09d\\n" % number * 4000
    odd = [("odd/%s.html" % number, body)] if number % 2 else []
    deletes = [path.relative_to(root).as_posix() for path in root.glob("odd/*.html")]
    commit(root, [(name, body) for name in ("index.html", "tea/rss.xml", "tea/atom.xml")] + odd,
           deletes=deletes)
    sys.stdout.write("."); sys.stdout.flush()
"""


def generation_of(body: bytes) -> int:
    """Return which generation wrote `body`; fails unless every line of it says the same."""
    assert len(body) == 40_000
    assert body == body[:10] * 4000
    return int(body[:10])


def expected(number: int) -> Tree:
    body = b"%09d\n" % number * 4000
    odd = {f"odd/{number}.html": body} if number % 2 else {}
    return {**dict.fromkeys(NAMES, body), **odd}


def test_killed_writers_never_tear_or_mix_what_readers_see(tmp_path: Path) -> None:
    root, chance, number, unfinished = tmp_path / "feeds", random.Random(2031), 0, 0  # noqa: S311
    for kill in range(300):
        if kill >= 20 and unfinished:
            break
        command = [sys.executable, "-S", "-c", WRITER, str(root), str(number)]
        home = Path(__file__).parents[2]
        with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.read(1) == b"."
            until = time.perf_counter() + chance.uniform(0, 0.02)
            while time.perf_counter() < until:
                for name in NAMES:
                    generation_of((root / name).read_bytes())
            writer.send_signal(signal.SIGKILL)

        for path in root.rglob("*.*ml"):
            generation_of(path.read_bytes())
        unfinished += roll_forward(root)
        number = generation_of((root / "index.html").read_bytes())
        assert read_tree(root) == expected(number)

    assert unfinished > 0, "no kill hit a generation half-way, so nothing was tried"


def interrupted(root: Path) -> Path:
    turn_into(root, OLD, known={})
    interrupt(root, NEW, known=OLD)
    return root / ".recap/journal.json"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ('{"version": 2}', "version 2 is not 1"),
        ("[]", "list indices must be integers or slices, not str"),
        (
            '{"version": 1, "renames": [], "deletes": ["../up"]}',
            "'../up' is no path for a file below {root}",
        ),
        (
            '{"version": 1, "renames": [["../x", "a.html", ""]], "deletes": []}',
            "'../x' is no staged file",
        ),
    ],
)
def test_roll_forward_refuses_a_damaged_journal(tmp_path: Path, body: str, why: str) -> None:
    journal = interrupted(tmp_path)
    journal.write_text(body, encoding="utf-8")
    before = read_tree(tmp_path)

    with pytest.raises(PublishError) as caught:
        roll_forward(tmp_path)

    assert str(caught.value) == (
        f"{journal}: the record of an interrupted write is damaged: "
        f"{why.replace('{root}', str(tmp_path))}; every file is whole, so delete the folder "
        f"{tmp_path}/.recap and run again"
    )
    assert read_tree(tmp_path) == before


def test_roll_forward_follows_no_link_that_was_put_in_its_way(tmp_path: Path) -> None:
    root = tmp_path / "feeds"
    interrupted(root)
    (tmp_path / "outside").mkdir()
    (root / "cake").symlink_to(tmp_path / "outside")

    with pytest.raises(PublishError, match="a symbolic link leads out of"):
        roll_forward(root)

    assert read_tree(tmp_path / "outside") == {}


def test_roll_forward_refuses_a_staged_file_with_other_bytes(tmp_path: Path) -> None:
    interrupted(tmp_path)
    (tmp_path / ".recap/staging/000001").write_bytes(b"other")

    with pytest.raises(PublishError, match=r"000001 for 'cake/2031/atom\.xml' has other bytes"):
        roll_forward(tmp_path)


def test_journal_names_staged_files_targets_hashes_and_deletes(tmp_path: Path) -> None:
    journal = json.loads(interrupted(tmp_path).read_bytes())

    assert journal == {
        "version": 1,
        "renames": [
            ["000000", "index.html", hashlib.sha256(b"new page").hexdigest()],
            ["000001", "cake/2031/atom.xml", hashlib.sha256(b"first").hexdigest()],
        ],
        "deletes": ["tea/2030/gone.html"],
    }
