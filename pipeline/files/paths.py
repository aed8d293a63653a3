"""Which paths may be files of a generation, and whether the disk has room for them there.

What would fail only after the journal is written, and then at every start, is refused here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.errors import PublishError

DOT = ".recap"
"""The folder inside a root where a generation is staged; it goes when it is empty."""

GROUPS = f"{DOT}/groups/"
"""The only folder with a leading dot that a generation may write to: what publishing remembers."""


def is_safe(path: str) -> bool:
    """Tell whether `path` may name a file of a generation.

    It is relative and POSIX, and no part of it is empty, starts with a dot or holds a backslash
    or a character that cannot be printed. Files directly in `GROUPS` are the one exception.
    """
    parts = path.removeprefix(GROUPS).split("/")
    if path.startswith(GROUPS) and len(parts) > 1:
        return False
    return (
        path.isprintable()
        and "\\" not in path
        and all(part and not part.startswith(".") for part in parts)
    )


def check_paths(root: Path, paths: Sequence[str], *, deletes: Sequence[str]) -> None:
    """Raise PublishError for paths that are not safe, named twice, or both file and folder."""
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
    for above in sorted(folders(paths).intersection(paths)):
        below = next(path for path in paths if path.startswith(f"{above}/"))
        raise PublishError(
            f"{root}: {above!r} would be a file and the folder of {below!r}; rename one"
        )


def folders(paths: Iterable[str]) -> set[str]:
    """Return every folder between files and their root, which is ""."""
    found = {""}
    for path in paths:
        above = path.rpartition("/")[0]
        while above not in found:
            found.add(above)
            above = above.rpartition("/")[0]
    return found


def check_places(root: Path, paths: Iterable[str]) -> None:
    """Raise PublishError for what would fail only after the journal, and then every time."""
    home = root.resolve()
    places: dict[str, list[str]] = {DOT: []}
    for path in paths:
        folder, _, name = path.rpartition("/")
        places.setdefault(folder, []).append(name)
    for folder, names in sorted(places.items()):
        place = root / folder
        for target in [place / name for name in names] if place.is_dir() else ():
            if target.is_dir() and not target.is_symlink():
                raise PublishError(
                    f"{target}: a folder stands where a file is needed; move it away"
                )
        real = place.resolve()
        if not real.is_relative_to(home):
            raise PublishError(
                f"{place}: a symbolic link leads out of {root}, to {real}; "
                "nothing is written there: replace the link by a folder"
            )
        there = next(each for each in (real, *real.parents) if each.exists())
        if not there.is_dir():
            raise PublishError(f"{there}: a file stands where a folder is needed; move it away")
        if not os.access(there, os.W_OK | os.X_OK):
            raise PublishError(
                f"{there}: this user may not write into the folder; mend its rights, then run again"
            )
