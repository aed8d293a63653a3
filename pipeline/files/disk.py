"""Single files and folders: written durably, replaced whole, compared, and errors explained.

Knows nothing of generations.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import PublishError


def replace(path: Path, body: bytes) -> bool:
    """Replace one small file by `body`, whole at every instant; return False where it is equal.

    For files outside any generation, such as status.*. Two writers at once are safe, the later
    one wins. Raises PublishError, and the old file stays, when the system refuses.
    """
    # A name of its own for every call: a fixed one could be renamed half written by another.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    with explained(path, "the file cannot be written", "free space or mend the rights"):
        if holds(path, body):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(draft, (body,))
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            # Without the draft's name, which is another one each time: the same trouble is told
            # in the same words.
            raise OSError(error.errno, error.strerror) from error
        sync(path.parent)
    return True


@contextmanager
def explained(where: Path, what: str, advice: str) -> Iterator[None]:
    """Turn what the system refuses into a PublishError that says what, where and what next."""
    try:
        yield
    except OSError as error:
        at = f" ({error.filename})" if error.filename else ""
        why = error.strerror or error
        raise PublishError(f"{where}: {what}: {why}{at}; {advice}, then run again") from error


def holds(path: Path, body: bytes) -> bool:
    """Tell whether `path` is a plain file of exactly these bytes."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    same_size = stat.S_ISREG(found.st_mode) and found.st_size == len(body)
    return same_size and path.read_bytes() == body


def write(path: Path, parts: Iterable[bytes]) -> None:
    """Write a new file and make its bytes durable; its mode is what the umask leaves of 0o666."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with open(os.open(path, flags, 0o666), "wb") as file:  # noqa: PTH123 - a descriptor
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Make the names in `folder` durable (fsync(2): a file's own fsync does not)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
