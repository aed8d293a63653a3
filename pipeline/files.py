"""One generation of files: staged, journalled, renamed; a crash neither tears nor mixes.

    stage every file that differs, fsync        a crash here leaves the old generation
    journal: renames and deletes, durable       from here on the new generation is certain
    rename in the given order, delete           each file is whole at every instant
    fsync folders, drop the journal             a crash before this is finished by `roll_forward`

Used for feeds/ and for data/ alike. It knows paths and bytes, never what is in them; it takes no
lock (its caller holds one) and decides nothing about what to write or delete.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.errors import PublishError

DOT = ".recap"
"""The folder inside a root where a generation is staged; it goes when it is empty."""

_MANIFEST_NAME = "manifest.json"
MANIFEST = f"{DOT}/{_MANIFEST_NAME}"
"""The only path with a leading dot that a generation may write: what publishing remembers."""

_JOURNAL = "journal.json"
_JOURNAL_VERSION = 1
_STAGING = "staging"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What `commit` did, as POSIX paths below the root, in the order in which it was done."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rename:
    staged: str
    target: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    renames: tuple[_Rename, ...]
    deletes: tuple[str, ...]


def is_safe(path: str) -> bool:
    """Tell whether `path` may name a file of a generation.

    It is relative and POSIX, and no part of it is empty, starts with a dot or holds a backslash
    or a character that cannot be printed. `MANIFEST` is the one exception.
    """
    if path == MANIFEST:
        return True
    parts = path.split("/")
    return (
        path.isprintable()
        and "\\" not in path
        and all(part and not part.startswith(".") for part in parts)
    )


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
    _check_paths(root, [path for path, _ in writes], deletes=deletes)
    roll_forward(root)
    with _explained(root, "the files cannot be compared", "mend the rights of what it names"):
        changed = [(path, body) for path, body in writes if not _holds(root / path, body)]
        gone = tuple(path for path in deletes if os.path.lexists(root / path))
        _check_places(root, [*(path for path, _ in changed), *gone])
    if changed or gone:
        _finish(root, _stage(root, changed, gone), resumed=False)
    written = tuple(path for path, _ in changed)
    different = set(written)
    unchanged = tuple(path for path, _ in writes if path not in different)
    return Commit(written=written, unchanged=unchanged, removed=gone)


def roll_forward(root: Path) -> bool:
    """Finish what a crash interrupted below `root`; return whether a generation was finished.

    With a journal the rest of its renames and deletes is done; a staged file that is missing was
    renamed already. Without one, staged files are leftovers and are removed. Doing it again, or
    being interrupted in it, does no harm.

    Raises PublishError for a journal or a staged file that is not as it was written.
    """
    dot = root / DOT
    with _explained(dot, "an interrupted write cannot be looked at", "mend its rights"):
        names = {each.name for each in dot.iterdir()} if os.path.lexists(dot) else {_MANIFEST_NAME}
        if names == {_MANIFEST_NAME}:
            return False
        _check_places(root, ())
        if _JOURNAL not in names:
            _tidy(root)
            return False
        plan = _read_journal(root)
        _check_places(root, [*(one.target for one in plan.renames), *plan.deletes])
    _finish(root, plan, resumed=True)
    return True


def replace(path: Path, body: bytes) -> bool:
    """Replace one small file by `body`, whole at every instant; return False where it is equal.

    For files outside any generation, such as status.*. Two writers at once are safe, the later
    one wins. Raises PublishError, and the old file stays, when the system refuses.
    """
    # A name of its own for every call: a fixed one could be renamed half written by another.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    with _explained(path, "the file cannot be written", "free space or mend the rights"):
        if _holds(path, body):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(draft, body)
            draft.replace(path)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        _sync(path.parent)
    return True


@contextmanager
def _explained(where: Path, what: str, advice: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        at = f" ({error.filename})" if error.filename else ""
        why = error.strerror or error
        raise PublishError(f"{where}: {what}: {why}{at}; {advice}, then run again") from error


def _check_paths(root: Path, paths: Sequence[str], *, deletes: Sequence[str]) -> None:
    seen: set[str] = set()
    for path in (*paths, *deletes):
        if not is_safe(path):
            raise PublishError(
                f"{root}: {path!r} is no path for a file below it; "
                "use a relative path without '..', backslash or a leading dot"
            )
        if path in seen:
            raise PublishError(
                f"{root}: {path!r} is named twice in one generation; "
                "give each file once, either to write or to delete"
            )
        seen.add(path)
    written = set(paths)
    for path in paths:
        for above in PurePosixPath(path).parents:
            if str(above) in written:
                raise PublishError(
                    f"{root}: '{above}' would be a file and the folder of {path!r}; rename one"
                )


def _check_places(root: Path, paths: Iterable[str]) -> None:
    """Raise PublishError for what would fail only after the journal, and then every time."""
    home = root.resolve()
    targets = [root / path for path in paths]
    for folder in sorted({target.parent for target in targets} | {root / DOT}):
        real = folder.resolve()
        if not real.is_relative_to(home):
            raise PublishError(
                f"{folder}: a symbolic link leads out of {root}, to {real}; "
                "nothing is written there: replace the link by a folder"
            )
        there = next(each for each in (real, *real.parents) if each.exists())
        if not there.is_dir():
            raise PublishError(f"{there}: a file stands where a folder is needed; move it away")
        if not os.access(there, os.W_OK | os.X_OK):
            raise PublishError(
                f"{there}: this user may not write into the folder; mend its rights, then run again"
            )
    for target in targets:
        if target.is_dir() and not target.is_symlink():
            raise PublishError(f"{target}: a folder stands where a file is needed; move it away")


def _holds(path: Path, body: bytes) -> bool:
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    same_size = stat.S_ISREG(found.st_mode) and found.st_size == len(body)
    return same_size and path.read_bytes() == body


def _stage(root: Path, changed: Sequence[tuple[str, bytes]], gone: tuple[str, ...]) -> _Plan:
    """Write `changed` beside the generation, then the journal; undo both if that fails."""
    staging = root / DOT / _STAGING
    fresh = not root.exists()
    with _explained(root, "the new files cannot be staged", "free space or mend the rights"):
        try:
            staging.mkdir(parents=True)
            renames = []
            for number, (path, body) in enumerate(changed):
                name = f"{number:06d}"
                _write(staging / name, body)
                digest = hashlib.sha256(body).hexdigest()
                renames.append(_Rename(staged=name, target=path, sha256=digest))
            _sync(staging)
            plan = _Plan(renames=tuple(renames), deletes=gone)
            _write_journal(root, plan)
            if fresh:
                _sync(root.parent)
        except OSError:
            # What cannot be removed now is removed, or finished, at the next start.
            with suppress(OSError):
                _tidy(root)
            raise
    return plan


def _finish(root: Path, plan: _Plan, *, resumed: bool) -> None:
    staging = root / DOT / _STAGING
    what = "the new files are staged, but not all are in place until the next start"
    with _explained(root, what, "free space or mend the rights"):
        for one in plan.renames:
            staged = staging / one.staged
            if resumed and not staged.exists():
                continue
            target = root / one.target
            target.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(target)
        for path in plan.deletes:
            (root / path).unlink(missing_ok=True)
            _prune(root, (root / path).parent)
        for folder in _folders(root, plan):
            if folder.is_dir():
                _sync(folder)
        _tidy(root)


def _prune(root: Path, folder: Path) -> None:
    while folder != root:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return  # something is in it, and it stays
        folder = folder.parent


def _folders(root: Path, plan: _Plan) -> list[Path]:
    """Return every folder between the files of `plan` and `root`, `root` last.

    All of them, for a folder may have been made just before an earlier crash.
    """
    paths = [*(one.target for one in plan.renames), *plan.deletes]
    below = {above for path in paths for above in PurePosixPath(path).parents}
    return [root / each for each in sorted(below, key=lambda each: (-len(each.parts), each))]


def _tidy(root: Path) -> None:
    """Drop the journal, then the staged files, then the dot folder if it is empty."""
    dot = root / DOT
    journal = dot / _JOURNAL
    if journal.exists():
        journal.unlink()
        # Durable before the staged files go: a journal that came back without them would
        # count them as renamed.
        _sync(dot)
    journal.with_suffix(".tmp").unlink(missing_ok=True)
    if os.path.lexists(dot / _STAGING):
        shutil.rmtree(dot / _STAGING)
    with suppress(OSError):
        dot.rmdir()  # refused where the manifest is in it


def _write_journal(root: Path, plan: _Plan) -> None:
    dot = root / DOT
    rows = [[one.staged, one.target, one.sha256] for one in plan.renames]
    body = {"version": _JOURNAL_VERSION, "renames": rows, "deletes": list(plan.deletes)}
    draft = (dot / _JOURNAL).with_suffix(".tmp")
    _write(draft, json.dumps(body, indent=1).encode())
    draft.replace(dot / _JOURNAL)
    _sync(dot)
    _sync(root)


def _read_journal(root: Path) -> _Plan:
    journal = root / DOT / _JOURNAL
    try:
        body = json.loads(journal.read_bytes())
        if body["version"] != _JOURNAL_VERSION:
            raise ValueError(f"version {body['version']} is not {_JOURNAL_VERSION}")
        renames = tuple(
            _Rename(staged=staged, target=target, sha256=digest)
            for staged, target, digest in body["renames"]
        )
        plan = _Plan(renames=renames, deletes=tuple(body["deletes"]))
        for path in (*(one.target for one in renames), *plan.deletes):
            if not is_safe(path):
                raise ValueError(f"{path!r} is no path for a file below {root}")
        for one in renames:
            _check_staged(journal.parent / _STAGING, one)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(
            f"{journal}: the record of an interrupted write is damaged: {error}; every file is "
            f"whole, so delete the folder {journal.parent} and run again"
        ) from error
    return plan


def _check_staged(staging: Path, one: _Rename) -> None:
    if not (one.staged.isascii() and one.staged.isdigit()):
        raise ValueError(f"{one.staged!r} is no staged file")
    staged = staging / one.staged
    if staged.exists() and hashlib.sha256(staged.read_bytes()).hexdigest() != one.sha256:
        raise ValueError(f"the staged file {one.staged} for {one.target!r} has other bytes")


def _write(path: Path, body: bytes) -> None:
    """Write a new file and make its bytes durable; its mode is what the umask leaves of 0o666."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with open(os.open(path, flags, 0o666), "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make the names in `folder` durable (fsync(2): a file's own fsync does not)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
