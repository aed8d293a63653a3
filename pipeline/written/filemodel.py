"""Files that people write, checked against pydantic models: every error at once, with its place.

Holds the base class and the field types that `config.py` and `dataset/` share; knows no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema

from pipeline import text
from pipeline.errors import DatasetError, Problem
from pipeline.written.yamltext import Document, Path_

M = TypeVar("M", bound="FileModel")
Hint = Callable[[Path_, Any], str | None]
"""Given the place of a missing key and the mapping it is missing from: what to do about it."""


class FileModel(BaseModel):
    """Base of every file model: unknown keys are errors, nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def validate(model: type[M], document: Document, *, hint: Hint | None = None) -> M:
    """Return `document` as a `model`. Raises DatasetError with every problem of the file."""
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        errors = _meant(error.errors(include_url=False))
        found = [_problem(model, document, one, hint) for one in errors]
        found.sort(key=lambda one: (one.line, one.column))
        raise DatasetError(tuple(dict.fromkeys(found))) from error


def _meant(errors: list[Any]) -> list[Any]:
    """Drop what pydantic says of the branches of a union that the writer did not mean.

    Where a place takes text or a mapping, a mapping stands for the mapping and text for the text.
    """
    kept = []
    for one in errors:
        given = one["input"]
        wrong_branch = (
            one["type"] in ("string_type", "literal_error") and isinstance(given, dict)
        ) or (one["type"] == "model_type" and isinstance(given, str))
        if not wrong_branch or len(errors) == 1:
            kept.append(one)
    return kept or errors


def _problem(model: type[FileModel], document: Document, error: Any, hint: Hint | None) -> Problem:
    path = _real_path(document.value, error)
    match error["type"]:
        case "extra_forbidden":
            known = _fields_at(model, path[:-1])
            close = get_close_matches(str(path[-1]), known, n=1)
            why = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(known)}"
            message = f"unknown key {path[-1]!r}; {why}"
        case "missing":
            parent = _value_at(document.value, path[:-1])
            advice = hint(path, parent) if hint else None
            advice = advice or f"insert the line `{path[-1]}: …`"
            return document.problem(path[:-1], f"{path[-1]} is required; {advice}")
        case "bool_type":
            message = f"here stands {_given(error['input'])} where true or false is meant"
        case "string_type" if isinstance(error["input"], bool | int | float):
            message = f"{error['input']} is read as a number or a truth value; write it in quotes"
        case "value_error":
            message = str(error["ctx"]["error"])
        case "model_type" | "list_type" | "dict_type":
            wanted, advice = _SHAPES[error["type"]]
            message = f"here stands {_given(error['input'])} where {wanted} is meant; {advice}"
        case _:
            message = f"{error['msg'].lower()}; here stands {_given(error['input'])}"
    return document.problem(path, message)


_KINDS = {"str": "text", "int": "a number", "float": "a number", "dict": "a mapping"}
_KINDS |= {"list": "a list", "bool": "true or false", "NoneType": "nothing"}
_SHAPES = {
    "model_type": ("a mapping", "write `key: value` lines"),
    "dict_type": ("a mapping", "write `key: value` lines"),
    "list_type": ("a list", "write `- ` lines under the key, or leave the key out"),
}


def _given(value: object) -> str:
    name = type(value).__name__
    return _KINDS.get(name, name)


def _real_path(value: Any, error: Any) -> Path_:
    """Return an error's place without the steps that pydantic adds for the branches of a union.

    The key that is missing, or that is not known, is its last step.
    """
    path: list[int | str] = []
    for step in error["loc"]:
        inside = isinstance(value, dict) and step in value
        item = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if inside or item:
            value = value[step]
            path.append(step)
    if error["type"] == "missing":
        path.append(error["loc"][-1])
    return tuple(path)


def _value_at(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


def _fields_at(model: type[BaseModel], path: Path_) -> list[str]:
    """Return the keys that may stand in the mapping at `path`."""
    for step in path:
        if isinstance(step, str):
            by_key = {info.alias or name: info for name, info in model.model_fields.items()}
            info = by_key.get(step)
            inner = _model_in(info.annotation) if info else None
            model = inner or model
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _model_in(part)
        if found:
            return found
    return None


# Field types. Each turns text into one thing, or says what to write instead.

# Groups are hours, minutes and seconds; `_MINUTES` has an empty one for the hours.
_CLOCK = re.compile(r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)\Z")
_MINUTES = re.compile(r"()(\d{1,3}):([0-5]\d)\Z")
# Nine digits are more than any length has, and no more than a timedelta takes.
_ISO_DURATION = re.compile(r"PT(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?\Z")


def parse_duration(value: object) -> timedelta:
    """Return `24:26`, `1:02:03` or ISO 8601 `PT24M26S` as a duration; ValueError otherwise."""
    if isinstance(value, str):
        for pattern in (_MINUTES, _CLOCK, _ISO_DURATION):
            found = pattern.match(value.strip())
            if found:
                hours, minutes, seconds = (int(part or 0) for part in found.groups())
                return timedelta(seconds=(hours * 60 + minutes) * 60 + seconds)
    raise ValueError(f'{value!r} is no length; write minutes and seconds in quotes, as in "24:26"')


def parse_day(value: object) -> date:
    """Return `2016-04-15` as a date; ValueError otherwise."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"{value} is no day of the calendar: {error}") from error
    raise ValueError(f"{value!r} is no date; write year, month and day, as in 2016-04-15")


def _parse_near_day(value: object) -> date:
    """Return a date around which one can reckon: in zones, weeks before and years after."""
    day = parse_day(value)
    if 1900 <= day.year < 3000:
        return day
    raise ValueError(f"{value} is too far from today; write a day between 1900 and 2999")


def parse_moment(value: object) -> datetime:
    """Return an ISO 8601 time with its offset as UTC in whole seconds; ValueError otherwise."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                utc = moment.astimezone(UTC)
                return utc.replace(microsecond=0) if utc.microsecond else utc
        except (ValueError, OverflowError):
            # Not written like a time, or beyond the years 1 to 9999 in UTC.
            pass
    raise ValueError(f"{value!r} is no time with an offset; write it as in 2016-05-04T09:30:00Z")


def _parse_id(value: object) -> str:
    if isinstance(value, str) and text.ID.match(value):
        return value
    made = text.slug(value) if isinstance(value, str) else "my-talk"
    raise ValueError(f"{value!r} is no id; use a to z, 0 to 9 and dashes, as in {made}")


def _parse_zone(value: object) -> str:
    try:
        if isinstance(value, str):
            return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):
        pass
    raise ValueError(f"{value!r} is no time zone; write an IANA name, as in America/Los_Angeles")


def host(url: str) -> str | None:
    """Return the host of an address; None where it has none, or is no address at all."""
    try:
        found = urlsplit(url)
        return found.hostname if found.port != 0 else None
    except ValueError:
        return None


def _parse_url(value: object) -> str:
    if isinstance(value, str) and re.match(r"https?://\S+\Z", value) and host(value):
        return value
    raise ValueError(f"{value!r} is no web address; write it in full, as in https://example.org/")


def _parse_home(value: object) -> str:
    url = _parse_url(value)
    if "?" in url or "#" in url:
        raise ValueError(
            f"{value!r} has a ? or #, and paths are written behind it; write the address of a "
            "folder, as in https://example.org/recaps/"
        )
    return url


def _parse_language(value: object) -> str:
    if isinstance(value, str) and text.LANGUAGE.match(value):
        return value
    near = value.replace("_", "-") if isinstance(value, str) else ""
    made = near if text.LANGUAGE.match(near) else "en or pt-BR"
    raise ValueError(f"{value!r} is no language tag; write it as in {made}")


def _line(value: object) -> object:
    return text.clean(value) if isinstance(value, str) else value


def _name(value: object) -> object:
    made = _line(value)
    if made == "":
        raise ValueError("here stands nothing that can be read; write it, or take the line out")
    return made


def _block(value: object) -> object:
    return text.clean_block(value) if isinstance(value, str) else value


_TEXT_SCHEMA: dict[str, Any] = {"type": "string"}
Line = Annotated[str, BeforeValidator(_line), WithJsonSchema(_TEXT_SCHEMA)]
Name = Annotated[str, BeforeValidator(_name), WithJsonSchema(_TEXT_SCHEMA)]
"""A line that is not empty, also once characters that nobody sees are gone."""
Block = Annotated[str, BeforeValidator(_block), WithJsonSchema(_TEXT_SCHEMA)]
Id = Annotated[
    str,
    BeforeValidator(_parse_id),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"}),
]
Url = Annotated[
    str, BeforeValidator(_parse_url), WithJsonSchema({"type": "string", "pattern": "^https?://"})
]
HomeUrl = Annotated[
    str,
    BeforeValidator(_parse_home),
    WithJsonSchema({"type": "string", "pattern": "^https?://[^?#]+$"}),
]
"""The address of a folder: paths are written behind it."""
Language = Annotated[
    str,
    BeforeValidator(_parse_language),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"}),
]
Zone = Annotated[
    str,
    BeforeValidator(_parse_zone),
    WithJsonSchema({"type": "string", "examples": ["Europe/Berlin", "America/Los_Angeles"]}),
]
Day = Annotated[
    date,
    BeforeValidator(parse_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}),
]
NearDay = Annotated[
    date,
    BeforeValidator(_parse_near_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}),
]
Moment = Annotated[datetime, BeforeValidator(parse_moment), WithJsonSchema({"type": "string"})]
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "examples": ["24:26", "1:02:03", "PT24M26S"]}),
]


_EVERY = re.compile(r"(\d{1,4})\s*(second|minute|hour|day|week)s?\Z")


def _parse_every(value: object) -> timedelta:
    found = _EVERY.match(value.strip()) if isinstance(value, str) else None
    if found and int(found[1]) > 0:
        return timedelta(**{f"{found[2]}s": int(found[1])})
    raise ValueError(f"{value!r} is no interval; write it as in 30 minutes, 6 hours or 1 day")


Every = Annotated[
    timedelta,
    BeforeValidator(_parse_every),
    WithJsonSchema({"type": "string", "examples": ["30 minutes", "6 hours", "1 day"]}),
]
