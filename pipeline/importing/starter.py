"""The event.yaml of an event that is new, from what its programme says of it.

Text out; writes nothing. From then on the file is a person's, and no import touches it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from textwrap import indent

from pipeline import text
from pipeline.dataset.assembly import build_event, missing_hint
from pipeline.dataset.folder import Written
from pipeline.dataset.schema import EventFile
from pipeline.errors import ConfigError
from pipeline.model import Imported, Ledger
from pipeline.written.filemodel import validate
from pipeline.written.yamltext import Plain, dump, load

_HEAD = """\
# yaml-language-server: $schema=../../schemas/event.json
# This file is yours; no run and no import ever writes it. The talks stand in programme.yaml beside
# it. What you write here under `talks:` wins over them; `recap edit TALK` makes the place for it.
"""
_WATCH = """
# `recap watch add URL` adds a list on which the recordings come out.
"""
_REFRESH = """
# Take the marks away to have the programme read again by itself, once a day:
"""
_DAY = re.compile(r"^(start|end): '(\d{4}-\d\d-\d\d)'$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """A new event: the bytes of its event.yaml, and the ground that its first import stands on."""

    body: bytes
    written: Written


def starter(
    imported: Imported,
    *,
    event_id: str | None = None,
    name: str | None = None,
    start: date | None = None,
    origin: Mapping[str, str] | None = None,
) -> Starter:
    """Return the start of an event; what is given wins over what the programme says.

    `origin` holds `kind`, `url` and the kind's options where the programme can be read again.
    Raises ConfigError where neither tells its name or its first day.
    """
    imported = _completed(imported, name=name, start=start)
    chosen = event_id or event_id_of(imported)
    end = imported.end
    rows: dict[str, Plain] = {
        "id": chosen,
        "name": imported.name,
        "start": str(imported.start),
        "end": str(end) if end and imported.start and end >= imported.start else None,
        "timezone": imported.timezone,
        "language": imported.language,
        "venue": imported.venue,
        "city": imported.city,
        "country": imported.country,
        "website": imported.website,
    }
    told = _DAY.sub(r"\1: \2", dump({key: value for key, value in rows.items() if value}))
    body = _HEAD + told + _recap(imported) + _WATCH
    if origin:
        marked = dump({"programme": dict(origin)}).splitlines()
        body += _REFRESH + "".join(f"# {line}\n" for line in marked)
    return Starter(body=body.encode(), written=_written(body, event_id=chosen))


def _recap(imported: Imported) -> str:
    """Return the words around the talks, texts as blocks that a person likes to edit."""
    said = ""
    if imported.recap_title:
        said += dump({"title": imported.recap_title})
    for key in ("introduction", "conclusion"):
        block = text.clean_block(getattr(imported, key) or "")
        if block:
            said += f"{key}: |\n{indent(block, '  ')}\n"
    if imported.author:
        said += dump({"author": imported.author})
    return f"recap:\n{indent(said, '  ')}" if said else ""


def _completed(imported: Imported, *, name: str | None, start: date | None) -> Imported:
    days = [talk.day for talk in imported.talks if talk.day]
    first = start or imported.start or min(days, default=None)
    called = name or imported.name or imported.key
    if first is None or called is None:
        missing = [
            *(["its name (--name)"] if called is None else []),
            *(["its first day (--start)"] if first is None else []),
        ]
        raise ConfigError(
            f"{called or 'the event'}: the programme does not tell {' or '.join(missing)}; "
            "nothing was written for it. Give what is missing and run this again"
        )
    last = None if start else imported.end or max(days, default=None)
    return replace(imported, name=called, start=first, end=last)


def event_id_of(imported: Imported) -> str:
    """Return the id that an event has by its programme's own name for it."""
    made = text.slug(imported.key or imported.name or "", fallback="event")
    return f"{made}-event" if made in text.RESERVED_IDS else made


def _written(body: str, *, event_id: str) -> Written:
    document = load(body, file=f"{event_id}/event.yaml")
    file = validate(EventFile, document, hint=missing_hint)
    return Written(
        file=file,
        document=document,
        event=build_event(file, document, folder=event_id, zone="UTC"),
        ledger=Ledger(),
    )
