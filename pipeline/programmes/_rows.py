"""Where the rows of a document stand: a list in it, or a file beside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.programmes._reading import is_address, join, unreadable
from pipeline.text import clean, mask

Rows = Sequence[tuple[str, object]]
"""Rows, each with the name that a person finds it by; a CellError is a row that cannot be read."""

_NEAR = 2
_SHOWN = 20


def listed(document: object, items: str | None, *, where: str, option: str = "items") -> Rows:
    """Return the rows of a document: the list at the dotted path `items`, or the document itself.

    A mapping of mappings is a list too; its keys then stand in each row as `code`, where that
    has none. Raises SourceError, naming the lists there are.
    """
    found = document
    for step in items.split(".") if items else ():
        found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, list):
        return [(f"item {number}", row) for number, row in enumerate(found, start=1)]
    if isinstance(found, Mapping) and found and all(isinstance(v, Mapping) for v in found.values()):
        return [(f"item {mask(str(key))}", {"code": key, **row}) for key, row in found.items()]
    lists = ", ".join(_lists(document)) or "none"
    wrong = f"there is no list at {clean(items)!r}" if items else "it is no list"
    raise unreadable(where, f"{wrong}; name one with the option `{option}`. Its lists are: {lists}")


def _lists(document: object) -> list[str]:
    """Return the dotted paths of lists near the root, for people to choose from."""
    found: list[str] = []
    todo = [("", document)]
    while todo and len(found) < _SHOWN:
        path, value = todo.pop(0)
        if isinstance(value, list) and path:
            found.append(path)
        elif isinstance(value, Mapping) and path.count(".") < _NEAR:
            todo += [
                (f"{path}.{key}".lstrip("."), one) for key, one in list(value.items())[:_SHOWN]
            ]
    return found


def beside_file(where: str, name: str) -> str:
    """Return the address or path of a file that is named from the one at `where`."""
    if is_address(name):
        return name
    return join(where, name) if is_address(where) else str(Path(where).parent / name)
