"""Artifacts to feeds/: one generation of files, and a manifest of whose they are and from what.

A group is what is rendered together: one event, or `_all`. The manifest records for each group
the hash of its inputs and the files that came of them, so that a run can tell what is current
without rendering it. It is part of the generation and is renamed last: after a crash the outputs
count as dirty. This module renders nothing, hashes no inputs and removes no file that the
manifest does not know. No time of day is ever written.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline import files
from pipeline.errors import PublishError
from pipeline.model import Artifact

_VERSION = 1
_IMAGES = frozenset((".avif", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp"))
_FEEDS = frozenset(("atom.xml", "rss.xml", "feed.json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What one event, or `_all`, publishes; `inputs` is the hash of all that it was made of."""

    id: str
    inputs: str
    artifacts: tuple[Artifact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published file as the manifest knows it: hexadecimal SHA-256, and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the manifest knows of a group: the hash of its inputs, and its files by path."""

    inputs: str
    files: Mapping[str, Published]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The last complete generation of feeds/: a row for each group id."""

    groups: Mapping[str, Row] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What `write` did, as paths below feeds/; the manifest itself is not among them.

    `unchanged` are the files of the given groups that held the same bytes already.
    """

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def read_manifest(feeds: Path) -> Manifest:
    """Return the manifest of `feeds`; an empty one where it is missing or damaged.

    With an empty manifest everything is dirty and is written again; files of groups that are no
    longer rendered are then nobody's, and stay.
    """
    try:
        body = json.loads((feeds / files.MANIFEST).read_bytes())
        if body["version"] != _VERSION:
            return Manifest()
        return Manifest(groups={name: _parse_row(row) for name, row in body["groups"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Manifest()


def is_current(manifest: Manifest, group_id: str, inputs: str, feeds: Path) -> bool:
    """Tell whether a group was made of these `inputs` and all its files are there, in full size.

    Contents are not read: a file that was edited without changing its size is not noticed.
    """
    row = manifest.groups.get(group_id)
    if row is None or row.inputs != inputs:
        return False
    return all(_size(feeds / path) == known.size for path, known in row.files.items())


def write(feeds: Path, groups: Sequence[Group], *, keep: Iterable[str]) -> Written:
    """Make feeds/ hold the files of `groups` and of the groups named in `keep`, as one generation.

    Kept groups stay as they are, row and files, byte for byte; a group that is given is not kept.
    Groups of the last generation that are neither given nor kept are removed with all their
    files. A file that the manifest does not know is never removed. Order of renames: images and
    archive pages, then pages, mails and data, then feeds, the manifest last, then deletes; so what
    a feed links to is there before the feed.

    Raises PublishError when two groups claim one path, and whenever `files.commit` does.
    """
    # An interrupted generation may hold a newer manifest than the one that is in place.
    files.roll_forward(feeds)
    before = read_manifest(feeds)
    stays = set(keep) - {group.id for group in groups}
    rows = {name: row for name, row in before.groups.items() if name in stays}
    for group in groups:
        if group.id in rows:
            raise PublishError(f"{feeds}: the group {group.id!r} is given twice; give it once")
        rows[group.id] = _row(group)
    _check_claims(feeds, rows)
    old = {path for row in before.groups.values() for path in row.files}
    new = {path for row in rows.values() for path in row.files}
    artifacts = [artifact for group in groups for artifact in group.artifacts]
    ordered = sorted(artifacts, key=lambda artifact: (_turn(artifact.path), artifact.path))
    writes = [(artifact.path, artifact.body) for artifact in ordered]
    writes.append((files.MANIFEST, _manifest_bytes(rows)))
    done = files.commit(feeds, writes, deletes=sorted(old - new))
    return Written(
        written=tuple(path for path in done.written if path != files.MANIFEST),
        removed=done.removed,
        unchanged=tuple(path for path in done.unchanged if path != files.MANIFEST),
    )


def _turn(path: str) -> int:
    """Return when a path is renamed: 0 what others link to, 1 pages, mails and data, 2 feeds."""
    pure = PurePosixPath(path)
    if pure.suffix in _IMAGES or "archive" in pure.parts[:-1]:
        return 0
    return 2 if pure.name in _FEEDS or pure.suffix == ".opml" else 1


def _row(group: Group) -> Row:
    return Row(
        inputs=group.inputs,
        files={
            artifact.path: Published(
                sha256=hashlib.sha256(artifact.body).hexdigest(), size=len(artifact.body)
            )
            for artifact in group.artifacts
        },
    )


def _check_claims(feeds: Path, rows: Mapping[str, Row]) -> None:
    owners: dict[str, str] = {files.MANIFEST: "the manifest"}
    for name, row in rows.items():
        for path in row.files:
            owner = owners.setdefault(path, name)
            if owner != name:
                raise PublishError(
                    f"{feeds / path}: both {owner!r} and {name!r} publish this file; "
                    "give one of the two another id or path"
                )


def _manifest_bytes(rows: Mapping[str, Row]) -> bytes:
    groups = {
        name: {
            "inputs": row.inputs,
            "files": {path: [known.sha256, known.size] for path, known in row.files.items()},
        }
        for name, row in rows.items()
    }
    body = {"version": _VERSION, "groups": groups}
    return (json.dumps(body, indent=1, sort_keys=True) + "\n").encode()


def _parse_row(row: Mapping[str, object]) -> Row:
    """Turn the JSON of one group into a Row; raises ValueError, KeyError or TypeError."""
    inputs, listed = row["inputs"], row["files"]
    if not isinstance(inputs, str) or not isinstance(listed, dict):
        raise TypeError("a group has a text 'inputs' and an object 'files'")
    parsed = {}
    for path, (sha256, size) in listed.items():
        # Paths of the manifest are deleted one day: never outside, and never the manifest.
        if not files.is_safe(path) or path == files.MANIFEST:
            raise ValueError(f"{path!r} is no published file")
        if not isinstance(sha256, str) or not isinstance(size, int):
            raise TypeError(f"{path!r} has no hash and size")
        parsed[path] = Published(sha256=sha256, size=size)
    return Row(inputs=inputs, files=parsed)


def _size(path: Path) -> int | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
