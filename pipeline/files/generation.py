"""One generation of files below a root, at hand or growing file by file.

Takes no lock (its caller holds one) and decides nothing about what to write or delete.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import PublishError
from pipeline.files.disk import explained, holds, sync, write
from pipeline.files.journal import STAGING, Plan, Rename, finish, roll_forward, tidy, write_journal
from pipeline.files.paths import DOT, check_paths, check_places, is_safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What `commit` did, as POSIX paths below the root, in the order in which it was done."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def commit(
    root: Path, writes: Sequence[tuple[str, bytes]], *, deletes: Sequence[str] = ()
) -> Commit:
    """Make `writes` and `deletes` one generation of the files below `root`.

    Files that hold the same bytes already are left alone, and where nothing differs nothing on
    disk is touched. The others are renamed into place in the given order, then `deletes` are
    removed, with the folders that they leave empty. An unfinished generation is finished first.
    The caller holds the lock.

    Raises PublishError for a path that is not `is_safe`, is named twice or leads out of `root`,
    and for whatever the system refuses. Until the journal is written the files stay as they were;
    after that the next `commit` or `roll_forward` finishes.
    """
    check_paths(root, [path for path, _ in writes], deletes=deletes)
    generation = Generation(root)
    with explained(root, "the files cannot be compared", "mend the rights of what it names"):
        changed = [(path, body) for path, body in writes if not holds(root / path, body)]
        gone = [path for path in deletes if os.path.lexists(root / path)]
        check_places(root, [*(path for path, _ in changed), *gone])
    for path, body in changed:
        generation.stage(path, body)
    done = generation.finish(deletes=gone)
    different = set(done.written)
    unchanged = tuple(path for path, _ in writes if path not in different)
    return Commit(written=done.written, unchanged=unchanged, removed=done.removed)


class _Staged(Collection[Rename]):
    """Staged files in the order in which they are renamed; a rebuild has hundreds of thousands, so
    of each no more is held than its path, its number and the bytes of its digest.
    """

    _SIZE = hashlib.sha256().digest_size

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._digests = bytearray()

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Rename]:
        return (self._rename(path, number) for path, number in self._numbers.items())

    def __contains__(self, one: object) -> bool:
        return isinstance(one, Rename) and self.get(one.target) == one

    def put(self, path: str, digest: bytes) -> Rename:
        """Give a file its number."""
        self._numbers[path] = len(self._numbers)
        self._digests += digest
        return self._rename(path, self._numbers[path])

    def get(self, path: str) -> Rename | None:
        """Return a file's rename, None where it was not put."""
        number = self._numbers.get(path)
        return None if number is None else self._rename(path, number)

    def sort(self, turn: Callable[[str], tuple[int, str]]) -> None:
        """Put the files into the order of their turns."""
        self._numbers = {path: self._numbers[path] for path in sorted(self._numbers, key=turn)}

    def _rename(self, path: str, number: int) -> Rename:
        at = number * self._SIZE
        return Rename(number=number, target=path, digest=bytes(self._digests[at : at + self._SIZE]))


@dataclass(slots=True)
class Generation:
    """A generation that grows file by file: `add` what there is, then `finish`, or `drop` it.

    What `add` is given lies on the disk, not in memory. Until `finish` has written the journal the
    files below `root` stay as they were; a generation that is neither finished nor dropped is
    dropped by the next start. An unfinished one of an earlier process is finished first.
    `relief` is asked for room where the disk is full, and tells whether there may be some now.
    """

    root: Path
    relief: Callable[[], bool] = lambda: False
    _staged: _Staged = field(default_factory=_Staged)
    _unchanged: set[str] = field(default_factory=set)
    _staging: Path = field(init=False)
    _fresh: bool = field(init=False)
    _sealed: bool = False

    def __post_init__(self) -> None:
        """Finish what a crash left."""
        self._staging = self.root / DOT / STAGING
        roll_forward(self.root)
        self._fresh = not self.root.exists()

    def add(self, path: str, body: bytes, *, digest: bytes | None = None) -> bool:
        """Stage one file; return False where it holds these bytes already. Raises PublishError.

        `digest` is the SHA-256 of `body`, from those who know it.
        """
        with explained(self.root, "a file cannot be compared", "mend the rights of what it names"):
            if is_safe(path) and holds(self.root / path, body):
                self._check_first(path)
                self._unchanged.add(path)
                return False
        self.stage(path, body, digest=digest)
        return True

    def stage(self, path: str, body: bytes, *, digest: bytes | None = None) -> None:
        """Stage one file that is known to differ. Raises PublishError, and all is undone."""
        self._check_first(path)
        with self._undoing():
            if not self._staged:
                self._staging.mkdir(parents=True)
            one = self._staged.put(path, digest or hashlib.sha256(body).digest())
            self._write(self._staging / one.staged, body)

    def has(self, path: str) -> bool:
        """Tell whether a file was added, be it staged or left as it is."""
        return path in self._unchanged or self._staged.get(path) is not None

    def staged(self, path: str) -> Path | None:
        """Return where the staged bytes of a file lie, None where it is not staged."""
        one = self._staged.get(path)
        return self._staging / one.staged if one else None

    def finish(
        self, *, deletes: Sequence[str] = (), turn: Callable[[str], tuple[int, str]] | None = None
    ) -> Commit:
        """Put every staged file in place, by `turn` of its path or as staged, then delete.

        Raises PublishError as `commit` does; where it comes before the journal, all is undone.
        """
        unchanged = sorted(self._unchanged, key=turn)
        if turn:
            self._staged.sort(turn)
        plan = Plan(renames=self._staged, deletes=deletes)
        try:
            targets = [one.target for one in self._staged]
            check_paths(self.root, [*targets, *unchanged], deletes=deletes)
            check_places(self.root, plan.paths)
        except PublishError:
            self.drop()
            raise
        if targets or deletes:
            self._seal(plan)
            finish(self.root, plan, resumed=False)
        return Commit(written=tuple(targets), unchanged=tuple(unchanged), removed=tuple(deletes))

    def drop(self) -> None:
        """Remove what was staged, as long as it is not certain: then the next start finishes it."""
        # What cannot be removed now is removed at the next start.
        with suppress(OSError):
            if not self._sealed:
                tidy(self.root)

    def _check_first(self, path: str) -> None:
        if self.has(path):
            self.drop()
            raise PublishError(
                f"{self.root}: {path!r} is named twice in one generation; give each file once"
            )

    def _write(self, path: Path, body: bytes) -> None:
        try:
            write(path, (body,))
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT) or not self.relief():
                raise
            path.unlink(missing_ok=True)
            write(path, (body,))

    def _seal(self, plan: Plan) -> None:
        with self._undoing():
            if not plan.renames:
                self._staging.mkdir(parents=True)
            sync(self._staging)
            write_journal(self.root, plan)
            if self._fresh:
                sync(self.root.parent)
            self._sealed = True

    @contextmanager
    def _undoing(self) -> Iterator[None]:
        with explained(
            self.root, "the new files cannot be staged", "free space or mend the rights"
        ):
            try:
                yield
            except OSError:
                self.drop()
                raise
