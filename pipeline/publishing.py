"""Artifacts to feeds/: one generation of files, and a note of whose they are and from what.

A group is what is rendered together: one event, or a document of a shared feed, whose id begins
with an underscore, as no event id does. Its row, a small file of its own under `.recap/groups/`,
records the hash of its inputs and the files that came of them, so that a run can
tell what is current without rendering it, and pays for the groups it has to do with only. Rows
are part of the generation and are renamed last: after a crash the outputs count as dirty. This
module renders nothing, hashes no inputs and removes no file that no row knows. No time of day is
ever written.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import files
from pipeline.errors import PublishError
from pipeline.model import Artifact

IMAGES = "img/"
"""The folder below feeds/ that holds the pictures of recordings, by the hash of their bytes."""

_VERSION = 3
_IMAGES = (".avif", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp")
_FEEDS = frozenset(("atom.xml", "feed.json", "feed.xml", "index.xml", "rss.xml"))
_SHARED = "_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is published together; `inputs` is the hash of all that it was made of.

    `about` are plain JSON values that its row remembers for other groups, from the same inputs.
    `images` are the paths of the pictures that it shows; other groups may show the same.
    """

    id: str
    inputs: str
    artifacts: tuple[Artifact, ...]
    about: Mapping[str, object] = field(default_factory=dict)
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published file as its group's row knows it: hexadecimal SHA-256, and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is known of a group: the hash of its inputs, its files by path, `about`, `images`."""

    inputs: str
    files: Mapping[str, Published]
    about: Mapping[str, object] = field(default_factory=dict)
    images: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a generation did, as paths below feeds/; rows are not among them.

    `unchanged` are the files of the given groups that held the same bytes already.
    """

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def group_ids(feeds: Path) -> set[str]:
    """Return the ids of all events that have a row."""
    return {name for name in known_groups(feeds) if not name.startswith(_SHARED)}


def shared_ids(feeds: Path) -> set[str]:
    """Return the ids of all documents of shared feeds that have a row."""
    return {name for name in known_groups(feeds) if name.startswith(_SHARED)}


def read_row(feeds: Path, group_id: str) -> Row | None:
    """Return the row of a group; None where it is missing or damaged.

    Then the group is dirty and is written again; files that it no longer has are nobody's, and
    stay.
    """
    try:
        body = json.loads((feeds / _row_path(group_id)).read_bytes())
        return _parse_row(body) if body["version"] == _VERSION else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def known_groups(feeds: Path) -> tuple[str, ...]:
    """Return the ids of all groups that have a row, sorted."""
    try:
        names = [path.stem for path in (feeds / files.GROUPS).iterdir() if path.suffix == ".json"]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(sorted(names))


def is_current(row: Row | None, inputs: str, feeds: Path) -> bool:
    """Tell whether a group was made of these `inputs` and all its files are there, in full size.

    Contents are not read: a file that was edited without changing its size is not noticed. Nor
    are its pictures looked at, of which it holds the paths only.
    """
    return row is not None and row.inputs == inputs and _has_files(row, feeds)


def is_whole(row: Row, feeds: Path) -> bool:
    """Tell whether all files of a group are there, in full size, and its pictures too."""
    return _has_files(row, feeds) and all(_size(feeds / path) is not None for path in row.images)


def _has_files(row: Row, feeds: Path) -> bool:
    return all(_size(feeds / path) == known.size for path, known in row.files.items())


class Press:
    """One generation of feeds/: takes groups one by one, then `finish` puts all in place.

    What is added lies staged on the disk, not in memory. An interrupted generation of an earlier
    process is finished first. `relief` is that of `files.Generation`.
    """

    def __init__(self, feeds: Path, relief: Callable[[], bool] = lambda: False) -> None:
        self._feeds = feeds
        self._generation = files.Generation(feeds, relief)
        self._given: set[str] = set()
        self._gone: set[str] = set()
        self._going: set[str] = set()
        self._pictures: set[str] = set()
        self._unpictured: set[str] = set()
        self._contested = False

    def add(self, group: Group) -> None:
        """Stage the files of a group; those it no longer has go when the generation is finished.

        Raises PublishError when a group or a path is given twice, and for whatever the disk
        refuses.
        """
        if group.id in self._given:
            raise PublishError(
                f"{self._feeds}: the group {group.id!r} is given twice; give it once"
            )
        self._given.add(group.id)
        row = read_row(self._feeds, group.id)
        before = row.files if row else {}
        digests = _digests(group)
        for artifact, digest in zip(group.artifacts, digests, strict=True):
            self._claim(artifact.path, group.id)
            fresh = artifact.path not in before
            self._contested |= fresh and os.path.lexists(self._feeds / artifact.path)
            self._generation.add(artifact.path, artifact.body, digest=digest)
        self._gone |= before.keys() - {artifact.path for artifact in group.artifacts}
        self._unpictured |= row.images if row else set()
        self._pictures.update(group.images)
        self._generation.add(_row_path(group.id), _row_bytes(group, digests))

    def image(self, path: str, body: bytes) -> None:
        """Stage a picture that a group shows, and that is not there; once is enough."""
        if not self._generation.has(path):
            self._generation.add(path, body)

    def remove(self, group_id: str) -> None:
        """Let a group go with its files when the generation is finished."""
        self._going.add(group_id)

    def read(self, path: str) -> bytes:
        """Return a file as it will be: staged, else as it lies below feeds/. Raises OSError."""
        staged = self._generation.staged(path)
        return (staged or self._feeds / path).read_bytes()

    def finish(self, *, keep: Collection[str] | None = None) -> Written:
        """Publish what was added, and remove events that are neither given nor in `keep`.

        Kept groups stay as they are, row and files, byte for byte; with None all others are
        kept. Documents of shared feeds go by `remove` alone. A file that no row knows
        is never removed. Order of renames: images and archive pages, then pages, mails and data,
        then feeds, the rows last, then deletes; so what a feed links to is there before the feed.

        Raises PublishError when a group claims a path of a kept one, and whenever
        `files.Generation` does.
        """
        try:
            removed = self._removed(keep)
            if self._contested:
                self._check_kept(removed)
        except PublishError:
            self.drop()
            raise
        gone = {path for path in self._gone if not self._generation.has(path)}
        gone |= self._forsaken(removed)
        deletes = sorted(path for path in gone if os.path.lexists(self._feeds / path))
        rows = [_row_path(name) for name in removed]
        done = self._generation.finish(deletes=[*deletes, *rows], turn=_turn)
        return Written(
            written=tuple(path for path in done.written if not _is_row(path)),
            removed=tuple(deletes),
            unchanged=tuple(path for path in done.unchanged if not _is_row(path)),
        )

    def drop(self) -> None:
        """Remove what was staged; feeds/ stays as it is."""
        self._generation.drop()

    def _claim(self, path: str, owner: str) -> None:
        if _is_row(path):
            raise _claimed(self._feeds / path, "the table of groups", owner)
        if self._generation.has(path):
            raise _claimed(self._feeds / path, self._owner(path) or owner, owner)

    def _owner(self, path: str) -> str:
        """Return which of the groups whose row was added has a file, "" where none has."""
        added = [name for name in sorted(self._given) if self._generation.has(_row_path(name))]
        rows = ((name, json.loads(self.read(_row_path(name)))) for name in added)
        return next((name for name, row in rows if path in row["files"]), "")

    def _removed(self, keep: Collection[str] | None) -> list[str]:
        """Return the groups that go, and note their files."""
        going = sorted(self._going - self._given)
        if keep is not None:
            going += sorted(group_ids(self._feeds).difference(keep, self._given))
        going = [name for name in going if (self._feeds / _row_path(name)).exists()]
        for name in going:
            row = read_row(self._feeds, name)
            self._gone |= row.files.keys() if row else set()
            self._unpictured |= row.images if row else set()
        return going

    def _forsaken(self, removed: Collection[str]) -> set[str]:
        """Return the pictures that a group no longer shows, and no other does.

        Other rows are read only where there is such a picture, which is rare.
        """
        lost = self._unpictured - self._pictures
        for name in known_groups(self._feeds) if lost else ():
            if name not in self._given and name not in removed:
                row = read_row(self._feeds, name)
                lost -= row.images if row else set()
        return lost

    def _check_kept(self, removed: Collection[str]) -> None:
        """Refuse to overwrite a file of a kept group.

        Only where a path that is new to its group is on the disk already: reading all rows costs
        as much as there are groups.
        """
        for name in known_groups(self._feeds):
            row = read_row(self._feeds, name)
            if row and name not in self._given and name not in removed:
                for path in filter(self._generation.has, row.files):
                    raise _claimed(self._feeds / path, name, self._owner(path))


def _claimed(path: Path, one: str, other: str) -> PublishError:
    return PublishError(
        f"{path}: both {one!r} and {other!r} publish this file; "
        "give one of the two another id or path"
    )


def _turn(path: str) -> tuple[int, str]:
    """Return when a path is renamed: what others link to, pages and data, feeds, rows."""
    if _is_row(path):
        return 3, path
    folder, _, name = path.rpartition("/")
    if name.endswith(_IMAGES) or "archive" in folder.split("/"):
        return 0, path
    return (2 if name in _FEEDS or name.endswith(".opml") else 1), path


def _row_path(group_id: str) -> str:
    return f"{files.GROUPS}{group_id}.json"


def _is_row(path: str) -> bool:
    return path.startswith(files.GROUPS)


def _digests(group: Group) -> list[bytes]:
    """Return the SHA-256 of each file of a group; a body that two share is read once."""
    bodies = {id(artifact.body): artifact.body for artifact in group.artifacts}
    known = {name: hashlib.sha256(body).digest() for name, body in bodies.items()}
    return [known[id(artifact.body)] for artifact in group.artifacts]


def _row_bytes(group: Group, digests: list[bytes]) -> bytes:
    listed = {
        artifact.path: [digest.hex(), len(artifact.body)]
        for artifact, digest in zip(group.artifacts, digests, strict=True)
    }
    body = {"version": _VERSION, "inputs": group.inputs, "about": group.about, "files": listed}
    if group.images:
        body["images"] = sorted(set(group.images))
    return (json.dumps(body, indent=1, sort_keys=True) + "\n").encode()


def _parse_row(row: Mapping[str, object]) -> Row:
    """Turn the JSON of one group into a Row; raises ValueError, KeyError or TypeError."""
    inputs, listed, about = row["inputs"], row["files"], row["about"]
    if not isinstance(inputs, str) or not isinstance(listed, dict) or not isinstance(about, dict):
        raise TypeError("a group has a text 'inputs' and objects 'files' and 'about'")
    images = frozenset(_parse_images(row.get("images", [])))
    return Row(inputs=inputs, files=dict(_parse_files(listed)), about=about, images=images)


def is_image(path: str) -> bool:
    """Tell whether a path below feeds/ is one of a stored picture."""
    return path.startswith(IMAGES) and files.is_safe(path)


def _parse_images(listed: object) -> Iterator[str]:
    for path in listed if isinstance(listed, list) else [listed]:
        if not isinstance(path, str) or not is_image(path):
            raise ValueError(f"{path!r} is no picture")
        yield path


def _parse_files(listed: Mapping[str, tuple[object, object]]) -> Iterator[tuple[str, Published]]:
    for path, (sha256, size) in listed.items():
        # Paths of a row are deleted one day: never outside, and never a row.
        if not files.is_safe(path) or _is_row(path):
            raise ValueError(f"{path!r} is no published file")
        if not isinstance(sha256, str) or not isinstance(size, int):
            raise TypeError(f"{path!r} has no hash and size")
        yield path, Published(sha256=sha256, size=size)


def _size(path: Path) -> int | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
