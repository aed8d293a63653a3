"""One run at a time: an exclusive flock(2) on a folder, freed by the kernel when its holder dies.

The note that a holder leaves is for messages only: nothing is ever decided by it, and a stale one
does no harm. This does not guard against other machines that share the folder by a network file
system or by git.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from pipeline.errors import BusyError, PublishError

_POLL_S = 0.05


@contextmanager
def hold(
    folder: Path, *, holder: Path, now: datetime, wait_s: float = 0.0, what: str = "a run"
) -> Iterator[None]:
    """Hold `folder` alone for as long as the context lasts.

    `holder` is where a small JSON note is left of who holds it: process, host, since when (`now`)
    and for `what`. Programs that are started meanwhile do not inherit the lock. A second `hold`
    of one process on the same folder is busy too.

    Raises BusyError when another has held it for longer than `wait_s` seconds, PublishError when
    the folder cannot be locked at all.
    """
    descriptor = _open(folder)
    try:
        _acquire(descriptor, folder=folder, holder=holder, wait_s=wait_s)
        _leave_note(holder, now=now, what=what)
        yield
    finally:
        os.close(descriptor)


def probe(folder: Path, *, holder: Path) -> datetime | None:
    """Return since when another has held `folder`, by its note; None where nobody does.

    Raises BusyError where somebody does and left no note, PublishError when the folder cannot be
    locked at all.
    """
    descriptor = _open(folder)
    try:
        if _try(descriptor, folder):
            return None
    finally:
        os.close(descriptor)
    try:
        return datetime.fromisoformat(json.loads(holder.read_bytes())["since"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BusyError(_busy(folder, holder)) from error


def _open(folder: Path) -> int:
    try:
        # Programs started meanwhile do not get it: Python sets O_CLOEXEC (PEP 446).
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise PublishError(
            f"{folder}: the folder cannot be locked: {error.strerror}; "
            "create it or mend its rights, then run again"
        ) from error


def _acquire(descriptor: int, *, folder: Path, holder: Path, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while not _try(descriptor, folder):
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise BusyError(_busy(folder, holder))
        time.sleep(min(_POLL_S, left_s))


def _try(descriptor: int, folder: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise PublishError(
            f"{folder}: its file system knows no locks: {error.strerror}; "
            "move the folder to a local disk"
        ) from error
    return True


def _leave_note(holder: Path, *, now: datetime, what: str) -> None:
    note = {"pid": os.getpid(), "host": socket.gethostname(), "since": now.isoformat()}
    # A note that cannot be written costs a message its details; the lock is held all the same.
    with suppress(OSError):
        holder.parent.mkdir(parents=True, exist_ok=True)
        holder.write_text(json.dumps({**note, "what": what}) + "\n", encoding="utf-8")


def _busy(folder: Path, holder: Path) -> str:
    try:
        note = json.loads(holder.read_bytes())
        pid, host, since, what = (note[key] for key in ("pid", "host", "since", "what"))
    except (OSError, ValueError, KeyError, TypeError):
        return (
            f"{folder}: another run is at work on it, and left no note of itself; "
            "run again when it has finished"
        )
    return (
        f"{folder}: {what} is at work on it (process {pid} on {host}, since {since}); "
        "run again when it has finished; if that process hangs, end it, and the lock goes with it"
    )
