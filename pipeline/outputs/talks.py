"""Kind `talks`: an event as published, whole, as talks.json; and the way back from those bytes.

Must not leave anything out: an event whose files are broken is built from its last talks.json.
The keys are the names of the model's fields; what is None or empty is left out.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pipeline.errors import OutputError
from pipeline.model import Artifact, Collection, PublishedEvent, Site, Standing
from pipeline.templating import Templates
from pipeline.views.event import stamp

VERSION = 1
"""The shape of talks.json; counts up when a reader of the old shape would misread the new one."""

_LENGTH = re.compile(r"PT([0-9]+)S\Z")
_T = TypeVar("_T")


class TalksOutput:
    """Renders an event's merged dataset as JSON; nothing for all events together."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:  # noqa: ARG002 - the seam
        """Render `talks.json`, which `parse_talks` reads back."""
        published = collection.event
        if published is None:
            return ()
        text = json.dumps(_whole(published), ensure_ascii=False, indent=2) + "\n"
        return (Artifact(path=f"{collection.path}talks.json", body=text.encode()),)


def parse_talks(body: bytes) -> PublishedEvent:
    """Return the event that a talks.json holds, without `event.talks` and `event.watches`.

    Raises OutputError where `body` is no talks.json of this version.
    """
    try:
        whole = json.loads(body)
        if whole["version"] != VERSION:
            raise ValueError(f"its version is {whole['version']!r}, this program reads {VERSION}")
        return _read_fields(PublishedEvent, whole)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise OutputError(
            f"talks.json cannot be read back: {type(error).__name__}: {error}; "
            "mend the event's files under data/, and the next run writes it again"
        ) from error


def _whole(published: PublishedEvent) -> dict[str, object]:
    plain = replace(published, event=replace(published.event, talks=(), watches=(), origin=None))
    standings = Counter(entry.standing for entry in published.entries)
    counts = {standing.value: standings[standing] for standing in Standing}
    return {"version": VERSION, "counts": counts, **_fields(plain)}


def _fields(value: object) -> dict[str, object]:
    named = ((field.name, getattr(value, field.name)) for field in fields(cast("type", value)))
    return {name: _plain(one) for name, one in named if one is not None and one != ()}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return _fields(value) if is_dataclass(value) else _plain_one(value)


def _plain_one(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return stamp(value)
        case date():
            return value.isoformat()
        case timedelta():
            return f"PT{value // timedelta(seconds=1)}S"
        case _:
            return value


def _read_fields(of: type[_T], value: object) -> _T:
    if not isinstance(value, dict):
        raise TypeError(f"{of.__name__} is no object")
    hints = get_type_hints(of)
    given: dict[str, object] = {}
    for field in fields(cast("type", of)):
        hint = hints[field.name]
        if field.name in value:
            given[field.name] = _read(hint, value[field.name])
        elif field.default is MISSING and field.default_factory is MISSING:
            given[field.name] = _absent(hint, f"{of.__name__}.{field.name}")
    return of(**given)


def _absent(hint: object, name: str) -> object:
    """Return what was left out of the file for a field that has no default of its own."""
    if get_origin(hint) is tuple:
        return ()
    if NoneType in get_args(hint):
        return None
    raise KeyError(name)


def _read(hint: object, value: object) -> object:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _read(next(one for one in args if one is not NoneType), value)
    if origin is tuple:
        several = cast("list[object]", _must_be(list, value))
        each = [args[0]] * len(several) if args[-1] is Ellipsis else args
        return tuple(_read(one, part) for one, part in zip(each, several, strict=True))
    if origin is Literal:
        if value not in args:
            raise ValueError(f"{value!r} is none of {args}")
        return value
    return _read_one(cast("type", hint), value)


def _read_one(of: type, value: object) -> object:
    if is_dataclass(of):
        return _read_fields(of, value)
    if issubclass(of, datetime):
        return datetime.fromisoformat(_must_be(str, value)).astimezone(UTC)
    if issubclass(of, date):
        return date.fromisoformat(_must_be(str, value))
    if issubclass(of, timedelta):
        length = _LENGTH.match(_must_be(str, value))
        if length is None:
            raise ValueError(f"{value!r} is no length such as PT1466S")
        return timedelta(seconds=int(length[1]))
    if issubclass(of, Enum):
        return of(value)
    return _must_be(of, value)


def _must_be(of: type[_T], value: object) -> _T:
    if not isinstance(value, of):
        raise TypeError(f"{value!r} is no {of.__name__}")
    return value
