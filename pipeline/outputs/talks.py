"""Kind `talks`: an event as published, whole, as talks.json; and the way back from those bytes.

Must not leave anything out: an event whose files are broken is built from its last talks.json.
The keys are the names of the model's fields; what is None or empty is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache, partial
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

from pipeline.errors import OutputError
from pipeline.model import Artifact, Collection, PublishedEvent, Site, Standing
from pipeline.outputs._json import document
from pipeline.templating import Templates
from pipeline.views.talk import stamp

VERSION = 1
"""The shape of talks.json; counts up when a reader of the old shape would misread the new one."""

_AS_THEY_ARE = frozenset((str, int, bool))
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
        return (Artifact(path=f"{collection.path}talks.json", body=document(_whole(published))),)


def parse_talks(body: bytes) -> PublishedEvent:
    """Return the event that a talks.json holds, without `event.talks` and `event.watches`.

    Raises OutputError where `body` is no talks.json of this version.
    """
    try:
        whole = orjson.loads(body)
        if whole["version"] != VERSION:
            raise ValueError(f"its version is {whole['version']!r}, this program reads {VERSION}")
        return _read_fields(PublishedEvent, whole)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise OutputError(
            f"talks.json cannot be read back: {type(error).__name__}: {error}; "
            "mend the event's files under data/, and the next run writes it again"
        ) from error


def _whole(published: PublishedEvent) -> dict[str, object]:
    event = replace(published.event, talks=(), watches=(), origin=None, plan=None)
    plain = replace(published, event=event, fresh=None)
    standings = Counter(entry.standing for entry in published.entries)
    counts = {standing.value: standings[standing] for standing in Standing}
    # None and nothing differ here: before any announcement, the latest release counts as new.
    fresh = {} if published.fresh is None else {"fresh": list(published.fresh)}
    return {"version": VERSION, "counts": counts, **_fields(plain), **fresh}


def _fields(value: object) -> dict[str, object]:
    """Return the fields of a value of the model that say something."""
    of = cast("type", type(value))
    found: dict[str, object] = {}
    for name, one in zip(_names(of), _getter(of)(value), strict=True):
        if type(one) in _AS_THEY_ARE:
            found[name] = one
        elif one is not None and one != ():
            found[name] = _plain(one)
    return found


@cache
def _names(of: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(of))


@cache
def _getter(of: type) -> Callable[[object], tuple[object, ...]]:
    """Return what takes all fields of a value of this type at once; there are several in each."""
    return attrgetter(*_names(of))


def _plain(value: object) -> object:
    return _writer(cast("type", type(value)))(value)


# What a value becomes depends on its type alone, and there are few types.
@cache
def _writer(of: type) -> Callable[[Any], object]:
    """Return what turns a value of this type into what JSON can hold."""
    if issubclass(of, tuple):
        return _several
    if is_dataclass(of):
        return _fields
    return next((write for kind, write in _WRITERS if issubclass(of, kind)), _itself)


def _several(values: tuple[object, ...]) -> list[object]:
    return [_plain(one) for one in values]


def _itself(value: object) -> object:
    return value


# A moment is a date too, so it comes first.
_WRITERS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (Enum, attrgetter("value")),
    (datetime, stamp),
    (date, date.isoformat),
    (timedelta, lambda length: f"PT{length // timedelta(seconds=1)}S"),
)


def _read_fields(of: type[_T], value: object) -> _T:
    if not isinstance(value, dict):
        raise TypeError(f"{of.__name__} is no object")
    given: dict[str, object] = {}
    for name, hint, has_default in _shape(cast("type", of)):
        if name in value:
            given[name] = _reader(hint)(value[name])
        elif not has_default:
            given[name] = _absent(hint, f"{of.__name__}.{name}")
    return of(**given)


# Resolving the hints of a class takes ten times as long as reading what they describe.
@cache
def _shape(of: type) -> tuple[tuple[str, object, bool], ...]:
    """Return name and type of each field, and whether it has a default of its own."""
    hints = get_type_hints(of)
    return tuple(
        (
            field.name,
            hints[field.name],
            field.default is not MISSING or field.default_factory is not MISSING,
        )
        for field in fields(of)
    )


def _absent(hint: object, name: str) -> object:
    """Return what was left out of the file for a field that has no default of its own."""
    if get_origin(hint) is tuple:
        return ()
    if NoneType in get_args(hint):
        return None
    raise KeyError(name)


@cache
def _reader(hint: object) -> Callable[[object], object]:
    """Return what reads a value of this type."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _reader(next(one for one in args if one is not NoneType))
    if origin is tuple and args[-1] is Ellipsis:
        return partial(_read_several, _reader(args[0]))
    if origin is tuple:
        return partial(_read_each, tuple(_reader(one) for one in args))
    if origin is Literal:
        return partial(_read_choice, args)
    return _reader_of_one(cast("type", hint))


def _reader_of_one(of: type) -> Callable[[object], object]:
    if is_dataclass(of):
        return partial(_read_fields, of)
    scalar = next((read for kind, read in _SCALARS if issubclass(of, kind)), None)
    return scalar or (of if issubclass(of, Enum) else partial(_must_be, of))


def _read_several(one: Callable[[object], object], value: object) -> tuple[object, ...]:
    return tuple(map(one, cast("list[object]", _must_be(list, value))))


def _read_each(
    readers: tuple[Callable[[object], object], ...], value: object
) -> tuple[object, ...]:
    several = cast("list[object]", _must_be(list, value))
    return tuple(read(part) for read, part in zip(readers, several, strict=True))


def _read_choice(choices: tuple[object, ...], value: object) -> object:
    if value not in choices:
        raise ValueError(f"{value!r} is none of {choices}")
    return value


def _read_moment(value: object) -> datetime:
    return datetime.fromisoformat(_must_be(str, value)).astimezone(UTC)


def _read_day(value: object) -> date:
    return date.fromisoformat(_must_be(str, value))


def _read_length(value: object) -> timedelta:
    length = _LENGTH.match(_must_be(str, value))
    if length is None:
        raise ValueError(f"{value!r} is no length such as PT1466S")
    return timedelta(seconds=int(length[1]))


def _must_be(of: type[_T], value: object) -> _T:
    if not isinstance(value, of):
        raise TypeError(f"{value!r} is no {of.__name__}")
    return value


# A moment is a date too, so it comes first.
_SCALARS: tuple[tuple[type, Callable[[object], object]], ...] = (
    (datetime, _read_moment),
    (date, _read_day),
    (timedelta, _read_length),
)
