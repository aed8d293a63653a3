"""Which column of a table is what, as options say it and as obvious names tell it. Pure.

Must not read values; `_cells` and `_table` do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from pipeline.errors import ConfigError, SourceError
from pipeline.programmes._cells import UNITS
from pipeline.programmes._reading import check_options, unreadable
from pipeline.text import clean, words

TALK: dict[str, tuple[str, ...]] = {
    "title": ("title", "session title", "talk title", "proposal title", "talk", "session"),
    "speakers": (
        *("speakers", "speaker", "speaker names", "speaker name", "presenters", "presenter"),
    ),
    "summary": ("summary", "abstract", "description"),
    "kind": ("kind", "type", "session type", "session format", "format"),
    "day": ("day", "date"),
    "start": ("start", "start time", "starts at", "startsat", "starttime", "begin"),
    "end": ("end", "end time", "ends at", "endsat", "endtime"),
    "length": ("length", "duration", "duration minutes"),
    "language": ("language", "lang"),
    "track": ("track",),
    "tags": ("tags", "keywords"),
    "code": ("guid", "uuid", "code", "id", "session id", "proposal id", "slug"),
    "url": ("url", "link", "website url", "session url"),
    "recording": (
        *("recording", "recordings", "recording url", "video", "video url", "youtube"),
        "youtube url",
    ),
    "slides": ("slides", "slides url"),
    "expectation": ("expectation",),
    "state": ("state", "status"),
    "do_not_record": ("do not record", "donotrecord", "not recorded"),
}
"""Fields of a talk, each with the column names that tell it without being asked."""

SPEAKER: dict[str, tuple[str, ...]] = {
    "speaker_name": ("name", "full name", "fullname", "speaker name", "display name"),
    "speaker_id": ("id", "code", "speaker id", "guid"),
    "speaker_role": ("role", "job title", "jobtitle"),
    "speaker_affiliation": ("affiliation", "company", "organisation", "organization"),
    "speaker_url": ("url", "website", "homepage", "website url"),
}
"""Fields of a speaker: in a file of speakers, or where each speaker is a mapping."""

BESIDE: dict[str, tuple[str, ...]] = {
    "speaker_role": ("speaker role", "role", "job title"),
    "speaker_affiliation": ("speaker affiliation", "affiliation", "company", "organisation"),
    "speaker_url": ("speaker url",),
}
"""Fields of a speaker that stand in the talk's own row."""

NOTHING = "none"
"""Written instead of a column's name, it says that none is to be read for the field."""

_SHARED = ("separator", "timezone", "length_in", "day_format", "speakers_file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The options of a table: columns by field, and how values are written."""

    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    zone: tzinfo | None = None
    unit: timedelta = UNITS["minutes"]
    day_format: str | None = None
    speakers_file: str | None = None


def read_layout(kind: str, options: Mapping[str, str], *, own: tuple[str, ...] = ()) -> Layout:
    """Return what `options` say; `own` are options that only `kind` has. Raises ConfigError."""
    check_options(kind, options, known=(*TALK, *SPEAKER, *_SHARED, *own))
    unit = options.get("length_in", "minutes")
    if unit not in UNITS:
        raise _wrong(
            kind, f"length_in: {clean(unit)!r} is not known; write one of {', '.join(UNITS)}"
        )
    return Layout(
        columns={name: one for name, one in options.items() if name in TALK or name in SPEAKER},
        separator=options.get("separator") or None,
        zone=_zone(kind, options.get("timezone")),
        unit=UNITS[unit],
        day_format=options.get("day_format"),
        speakers_file=options.get("speakers_file"),
    )


def _zone(kind: str, name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError) as error:
        raise _wrong(
            kind, f"timezone: {clean(name or '')!r} is not known; write one such as Europe/Berlin"
        ) from error


def _wrong(kind: str, why: str) -> ConfigError:
    return ConfigError(f"programme of kind {kind!r}: {why}")


def choose(
    chosen: Mapping[str, str],
    fields: Mapping[str, tuple[str, ...]],
    names: Iterable[str],
    *,
    where: str,
) -> dict[str, tuple[str, ...]]:
    """Return the paths of each of `fields` among columns `names`: as chosen, else as obvious.

    A code may stand in several columns; every other field has one at most. Raises SourceError
    where a chosen column does not exist.
    """
    exact = list(names)
    folded: dict[str, str] = {}
    for name in exact:
        folded.setdefault(_fold(name), name)
    found: dict[str, tuple[str, ...]] = {}
    for each, defaults in fields.items():
        wanted = chosen.get(each)
        if wanted == NOTHING:
            continue
        if wanted is not None:
            found[each] = (_exists(wanted, each, exact, folded, where=where),)
            continue
        obvious = tuple(dict.fromkeys(folded[name] for name in defaults if name in folded))
        if obvious:
            found[each] = obvious if each == "code" else obvious[:1]
    return found


def _fold(name: str) -> str:
    return " ".join(words(name))


def _exists(
    wanted: str, each: str, exact: list[str], folded: Mapping[str, str], *, where: str
) -> str:
    """Return the path `wanted`, its first step spelled as the table spells it."""
    if wanted in exact:
        return wanted
    step, dot, rest = wanted.partition(".")
    first = step.removesuffix("[]")
    if first in exact:
        return wanted
    for name, tail in ((wanted, ""), (first, dot + rest)):
        if _fold(name) in folded:
            return folded[_fold(name)] + tail
    raise no_column(each, wanted, exact, where=where)


def no_column(each: str, wanted: str, names: Iterable[str], *, where: str) -> SourceError:
    """Return the error that lists the columns there are."""
    there = [clean(name, limit=60) for name in names][:40]
    close = get_close_matches(wanted, there, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return unreadable(
        where,
        f"it has no column {clean(wanted)!r}{hint}\n"
        f"Its columns are: {', '.join(there) or 'none'}.\n"
        f"Say which of them is the {each} with the option `{each}`",
    )
