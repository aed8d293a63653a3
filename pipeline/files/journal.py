"""The journal of a generation, and what finishes it: renames, deletes, syncs, tidying.

From the moment the journal is durable the new generation is certain.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PublishError
from pipeline.files.disk import explained, sync, write
from pipeline.files.paths import DOT, GROUPS, check_places, folders, is_safe

_JOURNAL = "journal.json"
_JOURNAL_VERSION = 1
STAGING = "staging"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A staged file by its number, where it belongs, and the SHA-256 of its bytes."""

    number: int
    target: str
    digest: bytes

    @property
    def staged(self) -> str:
        """Return its name in the staging folder."""
        return f"{self.number:06d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be renamed and then deleted, in this order."""

    renames: Collection[Rename]
    deletes: Sequence[str]

    @property
    def paths(self) -> Iterator[str]:
        """Yield every path that the plan changes."""
        yield from (one.target for one in self.renames)
        yield from self.deletes


def roll_forward(root: Path) -> bool:
    """Finish what a crash interrupted below `root`; return whether a generation was finished.

    With a journal the rest of its renames and deletes is done; a staged file that is missing was
    renamed already. Without one, staged files are leftovers and are removed. Doing it again, or
    being interrupted in it, does no harm.

    Raises PublishError for a journal or a staged file that is not as it was written.
    """
    dot = root / DOT
    with explained(dot, "an interrupted write cannot be looked at", "mend its rights"):
        names = {each.name for each in dot.iterdir()} if os.path.lexists(dot) else set()
        if not names - {Path(GROUPS).name} and (names or not os.path.lexists(dot)):
            return False
        check_places(root, ())
        if _JOURNAL not in names:
            tidy(root)
            return False
        plan = _read_journal(root)
        check_places(root, plan.paths)
    finish(root, plan, resumed=True)
    return True


def finish(root: Path, plan: Plan, *, resumed: bool) -> None:
    """Carry out a plan whose journal is durable; a `resumed` one may be done in part."""
    staging = root / DOT / STAGING
    what = "the new files are staged, but not all are in place until the next start"
    with explained(root, what, "free space or mend the rights"):
        made: set[str] = set()
        for one in plan.renames:
            staged, target = staging / one.staged, root / one.target
            if resumed and not staged.exists():
                continue
            if (folder := one.target.rpartition("/")[0]) not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(folder)
            staged.replace(target)
        for path in plan.deletes:
            (root / path).unlink(missing_ok=True)
            _prune(root, (root / path).parent)
        for above in _folders(root, plan):
            if above.is_dir():
                sync(above)
        tidy(root)


def _prune(root: Path, folder: Path) -> None:
    while folder != root:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return  # something is in it, and it stays
        folder = folder.parent


def _folders(root: Path, plan: Plan) -> list[Path]:
    """Return every folder between the files of `plan` and `root`, `root` last.

    All of them, for a folder may have been made just before an earlier crash.
    """
    below = folders(plan.paths)
    deepest_first = sorted(below, key=lambda each: (-each.count("/") - bool(each), each))
    return [root / each for each in deepest_first]


def tidy(root: Path) -> None:
    """Drop the journal, then the staged files, then the dot folder if it is empty."""
    dot = root / DOT
    journal = dot / _JOURNAL
    if journal.exists():
        journal.unlink()
        # Durable before the staged files go: a journal that came back without them would
        # count them as renamed.
        sync(dot)
    journal.with_suffix(".tmp").unlink(missing_ok=True)
    if os.path.lexists(dot / STAGING):
        shutil.rmtree(dot / STAGING)
    with suppress(OSError):
        dot.rmdir()  # refused where publishing remembers something in it


def write_journal(root: Path, plan: Plan) -> None:
    """Make `plan` certain."""
    dot = root / DOT
    draft = (dot / _JOURNAL).with_suffix(".tmp")
    write(draft, _journal(plan))
    draft.replace(dot / _JOURNAL)
    sync(dot)
    sync(root)


def _journal(plan: Plan) -> Iterator[bytes]:
    """Yield the journal row by row: a rebuild renames more files than should be held as text."""
    yield f'{{"version": {_JOURNAL_VERSION}, "renames": ['.encode()
    for number, one in enumerate(plan.renames):
        row = json.dumps([one.staged, one.target, one.digest.hex()])
        yield f"{',' if number else ''}\n {row}".encode()
    yield f'],\n "deletes": {json.dumps(list(plan.deletes))}}}\n'.encode()


def _read_journal(root: Path) -> Plan:
    journal = root / DOT / _JOURNAL
    try:
        body = json.loads(journal.read_bytes())
        if body["version"] != _JOURNAL_VERSION:
            raise ValueError(f"version {body['version']} is not {_JOURNAL_VERSION}")
        renames = tuple(
            Rename(number=_number(staged), target=target, digest=bytes.fromhex(digest))
            for staged, target, digest in body["renames"]
        )
        plan = Plan(renames=renames, deletes=tuple(body["deletes"]))
        for path in plan.paths:
            if not is_safe(path):
                raise ValueError(f"{path!r} is no path for a file below {root}")
        for one in renames:
            _check_staged(journal.parent / STAGING, one)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(
            f"{journal}: the record of an interrupted write is damaged: {error}; every file is "
            f"whole, so delete the folder {journal.parent} and run again"
        ) from error
    return plan


def _number(staged: str) -> int:
    if not (staged.isascii() and staged.isdigit()):
        raise ValueError(f"{staged!r} is no staged file")
    return int(staged)


def _check_staged(staging: Path, one: Rename) -> None:
    staged = staging / one.staged
    if staged.exists() and hashlib.sha256(staged.read_bytes()).digest() != one.digest:
        raise ValueError(f"the staged file {one.staged} for {one.target!r} has other bytes")
