"""An Indico event by its export API: contributions and sub-contributions.

docs.getindico.io/en/stable/http-api describes it. Must not reach the network but through `fetch`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import urlunsplit

from pipeline.model import Fetch, Imported, Link, Secret, Speaker
from pipeline.programmes import _values as values
from pipeline.programmes._reading import (
    check_options,
    is_address,
    load_json,
    read_bytes,
    split,
    unreadable,
)
from pipeline.programmes._talks import Found, Talks, people, speaker

_DETAIL = "detail=subcontributions"
_EVENT = re.compile(r"(?P<base>.*?)/(?:event|e)/(?P<event>[A-Za-z0-9_-]+)(/.*)?\Z")
_EXPORT = re.compile(r".*/export/(event|categ)/[^/]+\.json\Z")


class IndicoProgramme:
    """Imports an event by the address of its page or of its export, or from a file.

    The token `INDICO_TOKEN` goes along where it is set. An export of a category gives one event
    after the other.
    """

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:
        check_options("indico", options)
        self._secret = secret

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the events at `where`. Raises SourceError."""
        where = parse_address(where)
        token = self._secret("INDICO_TOKEN")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        yield from parse_export(read_bytes(fetch, where, headers=headers), where=where)


def parse_address(where: str) -> str:
    """Return the address of an event's export, given its page; a file is read as it is."""
    where = where.strip()
    if not is_address(where):
        return where
    parts = split(where)
    if _EXPORT.match(parts.path):
        return where if "detail=" in parts.query else _with(where, parts.path, parts.query)
    match = _EVENT.match(parts.path)
    return _with(where, f"{match['base']}/export/event/{match['event']}.json") if match else where


def _with(where: str, path: str, query: str = "") -> str:
    parts = split(where)
    query = f"{query}&{_DETAIL}" if query else _DETAIL
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def parse_export(body: bytes, *, where: str = "the export") -> tuple[Imported, ...]:
    """Read the events of an export; one without contributions has no talks, and says so.

    Raises SourceError for what is no such export, and for one without events.
    """
    document = values.mapping(load_json(body, where=where))
    results = [values.mapping(one) for one in values.rows(document.get("results"))]
    events = [one for one in results if one.get("id") and one.get("title")]
    if not events:
        raise unreadable(
            where,
            "it holds no event that this token may see; check the address, and set INDICO_TOKEN "
            "if the event is not public",
        )
    return tuple(_event(one, where=where) for one in events)


def _event(row: Mapping[str, object], *, where: str) -> Imported:
    timezone = values.zone(row.get("timezone"))
    start = _day(row.get("startDate"), timezone=timezone)
    talks = Talks()
    for number, one in enumerate(values.rows(row.get("contributions")), start=1):
        _take(talks, values.mapping(one), name=f"contribution {number}", timezone=timezone)
    made = talks.talks()
    if not made:
        why = "it lists none" if "contributions" in row else f"ask for them with ?{_DETAIL}"
        talks.skip(f"event {values.line(row.get('id'))}", f"it has no contributions; {why}")
    return Imported(
        key=values.line(row.get("id")),
        name=values.line(row.get("title")),
        start=start,
        end=_day(row.get("endDate"), timezone=timezone),
        timezone=timezone,
        venue=values.line(row.get("location")),
        website=values.web(row.get("url"), base=where),
        introduction=values.block(row.get("description")),
        talks=made,
        skipped=tuple(talks.skipped),
    )


def _day(value: object, *, timezone: str | None) -> date | None:
    """Read `{date, time, tz}`; a time of another zone is given in the event's."""
    parts = values.mapping(value)
    own, day = values.zone(parts.get("tz")), values.raw(parts.get("date"))
    moment = values.moment(f"{day}T{values.raw(parts.get('time'))}")
    if moment and own and timezone and own != timezone:
        return values.in_zone(moment, own, timezone).date()
    return values.day(day)


def _take(
    talks: Talks,
    row: Mapping[str, object],
    *,
    name: str,
    timezone: str | None,
    above: Found | None = None,
) -> None:
    """Take a contribution and those within it; one without speakers only holds the others."""
    title = values.line(row.get("title"))
    name = f"{name} ({title})" if title else name
    within = [values.mapping(one) for one in values.rows(row.get("subContributions"))]
    found = _found(row, name=name, title=title, timezone=timezone, above=above)
    if found.speakers or not within:
        talks.add(found)
    for number, one in enumerate(within, start=1):
        _take(talks, one, name=f"{name}, part {number}", timezone=timezone, above=found)


def _found(
    row: Mapping[str, object],
    *,
    name: str,
    title: str | None,
    timezone: str | None,
    above: Found | None,
) -> Found:
    number = values.line(row.get("db_id")) or values.line(row.get("id"))
    start = _day(row.get("startDate"), timezone=timezone)
    return Found(
        name=name,
        title=title,
        codes=(f"sub-{number}" if above and number else number, values.line(row.get("code"))),
        speakers=people(*(_person(one) for one in values.rows(row.get("speakers")))),
        summary=values.block(row.get("description")),
        kind=values.kind(row.get("type"), row.get("session")),
        day=start or (above.day if above else None),
        length=values.slot(row.get("duration")),
        language=values.language(row.get("language")),
        track=values.line(row.get("track")) or (above.track if above else None),
        tags=tuple(tag for one in values.rows(row.get("keywords")) if (tag := values.line(one))),
        links=tuple(_links(row)),
        url=values.web(row.get("url")),
    )


def _person(row: object) -> Speaker | None:
    person = values.mapping(row)
    parts = (values.line(person.get("first_name")), values.line(person.get("last_name")))
    name = " ".join(part for part in parts if part)
    if not name:
        # "Example, Ada", sometimes with a title in front of it.
        last, _, first = (values.line(person.get("fullName")) or "").partition(", ")
        name = f"{first} {last}".strip()
    return speaker(name or None, affiliation=values.line(person.get("affiliation")))


def _links(row: Mapping[str, object]) -> Iterator[Link | None]:
    """Yield what is attached, in the form of Indico 2 and later, and in that of older ones."""
    for folder in map(values.mapping, values.rows(row.get("folders"))):
        for one in map(values.mapping, values.rows(folder.get("attachments"))):
            url = one.get("link_url") or one.get("download_url")
            yield values.link(url, folder.get("title") or one.get("title"))
    for material in map(values.mapping, values.rows(row.get("material"))):
        for one in map(values.mapping, values.rows(material.get("resources"))):
            yield values.link(one.get("url"), material.get("title") or one.get("name"))
