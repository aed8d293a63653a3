"""A pretalx event: its public schedule export, or the pages of its API.

docs.pretalx.org/api describes the API. Must not reach the network but through `fetch`, and must
not take its token to another server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlunsplit

from pipeline.model import Expectation, Fetch, Imported, Link, Secret, Speaker
from pipeline.programmes import _values as values
from pipeline.programmes._reading import (
    check_options,
    is_address,
    join,
    load_json,
    read_bytes,
    split,
    unreadable,
)
from pipeline.programmes._schedule import read_schedule
from pipeline.programmes._talks import Found, Talks, people, speaker

PAGES = 200
"""Pages of the API that are read at most; each holds 25 to 100 talks."""

_EXPORT = "schedule/export/schedule.json"
_EXPAND = "expand=speakers,track,submission_type,slots.room,resources,tags"
_API = re.compile(r"(?P<base>.*/)api/events/(?P<event>[^/]+)/(?P<list>submissions|talks)/?\Z")
# Pages of an event's site beneath its own address.
_PAGES = re.compile(r"/(schedule|talk|speaker|featured|sneak|cfp|submit|me|login|p)(/.*)?\Z")
_NO_TALK = frozenset(("submitted", "rejected", "withdrawn", "deleted", "draft"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the API: its rows, and the address of the next one as it is written there."""

    rows: tuple[object, ...]
    next: str | None = None


class PretalxProgramme:
    """Imports an event by the address of its site, of its export or of its API, or from a file.

    The token `PRETALX_TOKEN` goes along to the API where it is set.
    """

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:
        check_options("pretalx", options)
        self._secret = secret

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the event at `where`. Raises SourceError."""
        where = parse_address(where)
        if not is_address(where) or not _API.match(split(where).path):
            yield parse_export(read_bytes(fetch, where), where=where)
            return
        token = self._secret("PRETALX_TOKEN")
        headers = {"Authorization": f"Token {token}"} if token else {}
        parts = split(where)
        about = urlunsplit((parts.scheme, parts.netloc, _about(parts.path), "", ""))
        event = parse_event(read_bytes(fetch, about, headers=headers), where=about)
        rows = [row for page in _pages(fetch, where, headers) for row in page.rows]
        yield _imported(rows, where=where, event=event)


def parse_address(where: str) -> str:
    """Return what to read: the export of an event's site; an API or a file is read as it is."""
    where = where.strip()
    if not is_address(where):
        return where
    parts = split(where)
    if _API.match(parts.path):
        query = parts.query or _EXPAND
        return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/", query, ""))
    if parts.path.endswith(".json"):
        return where
    path = f"{_PAGES.sub('', parts.path).rstrip('/')}/{_EXPORT}"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def parse_export(body: bytes, *, where: str = "schedule.json") -> Imported:
    """Read the schedule export, or talks of the API in a file of their own. Raises SourceError."""
    document = load_json(body, where=where)
    schedule = values.mapping(values.mapping(document).get("schedule"))
    if schedule:
        return read_schedule(schedule, where=where)
    return _imported(_page(document, where=where).rows, where=where, event=Imported())


def parse_page(body: bytes, *, where: str = "the page") -> Page:
    """Read one page of `/submissions/` or `/talks/`. Raises SourceError."""
    return _page(load_json(body, where=where), where=where)


def parse_event(body: bytes, *, where: str = "the event") -> Imported:
    """Read what the API says of the event itself; it has no talks yet. Raises SourceError."""
    row = values.mapping(load_json(body, where=where))
    if not row.get("slug"):
        raise unreadable(where, "it is not an event of pretalx's API; check the address")
    return Imported(
        key=values.line(row.get("slug")),
        name=values.line(row.get("name")),
        start=values.day(row.get("date_from")),
        end=values.day(row.get("date_to")),
        timezone=values.zone(row.get("timezone")),
        website=values.web(row.get("custom_domain")),
    )


def _about(path: str) -> str:
    """Return the path of the event in the API, given that of its talks."""
    return re.sub(r"(submissions|talks)/?\Z", "", path)


def _pages(fetch: Fetch, where: str, headers: Mapping[str, str]) -> Iterator[Page]:
    here, seen = where, set[str]()
    while True:
        seen.add(here)
        page = parse_page(read_bytes(fetch, here, headers=headers), where=here)
        yield page
        if page.next is None:
            return
        target = join(here, page.next)
        if target in seen or len(seen) >= PAGES:
            raise unreadable(where, f"its pages do not end ({len(seen)} were read); report it")
        if _origin(target) != _origin(where):
            raise unreadable(
                where,
                f"its next page is on another server ({_origin(target)}); "
                "use the address that pretalx itself names",
            )
        here = target


def _origin(url: str) -> str:
    parts = split(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _page(document: object, *, where: str) -> Page:
    if isinstance(document, list):
        return Page(rows=tuple(document))
    page = values.mapping(document)
    rows = page.get("results")
    if not isinstance(rows, list):
        raise unreadable(
            where,
            "it is neither a schedule nor a list of talks; paste the address of the event's site, "
            "or that of /api/events/EVENT/submissions/",
        )
    following = page.get("next")
    return Page(rows=tuple(rows), next=following if isinstance(following, str) else None)


def _imported(rows: Iterable[object], *, where: str, event: Imported) -> Imported:
    talks = Talks()
    for number, row in enumerate(rows, start=1):
        _take(talks, values.mapping(row), name=f"talk {number}", where=where, event=event)
    made = talks.talks()
    if not made:
        why = talks.skipped[0] if talks.skipped else "the list is empty"
        raise unreadable(where, f"it holds no talk ({why}); is its schedule public already?")
    return replace(event, talks=made, skipped=tuple(talks.skipped))


def _take(
    talks: Talks, row: Mapping[str, object], *, name: str, where: str, event: Imported
) -> None:
    code, title = values.line(row.get("code")), values.line(row.get("title"))
    name = f"{name} ({title})" if title else name
    state = values.raw(row.get("state")).lower()
    if not code:
        talks.skip(name, "it has no code, so it is no talk of pretalx's API")
        return
    if state in _NO_TALK:
        talks.skip(name, f"it is {state}")
        return
    if any(isinstance(one, str) for one in values.rows(row.get("speakers"))):
        talks.skip(
            name, "its speakers are codes without names; add ?expand=speakers to the address"
        )
    slots = [values.mapping(one) for one in (row.get("slot"), *values.rows(row.get("slots")))]
    start = next((one["start"] for one in slots if one.get("start")), None)
    talks.add(
        Found(
            name=name,
            title=title,
            codes=(code,),
            repeat=code,
            speakers=people(*(_person(one) for one in values.rows(row.get("speakers")))),
            summary=values.block(row.get("abstract"), row.get("description")),
            kind=values.kind(_named(row.get("submission_type")), _named(row.get("track"))),
            day=values.day(start, timezone=event.timezone),
            length=values.slot(row.get("duration")),
            language=values.language(row.get("content_locale")),
            track=_named(row.get("track")),
            tags=tuple(tag for one in values.rows(row.get("tags")) if (tag := _named(one))),
            links=tuple(_resource(one) for one in values.rows(row.get("resources"))),
            url=_talk_page(where, code),
            expectation=_expectation(row, state),
        )
    )


def _expectation(row: Mapping[str, object], state: str) -> Expectation:
    if state in ("canceled", "cancelled"):
        return Expectation.CANCELLED
    if values.flag(row.get("do_not_record")):
        return Expectation.NOT_RECORDED
    return Expectation.EXPECTED


def _person(row: object) -> Speaker | None:
    return speaker(values.line(values.mapping(row).get("name")))


def _named(value: object) -> str | None:
    """Return the name of a track, type or tag: text, languages, or a mapping with `name`.

    A bare number is its id, where the API was not asked to expand it.
    """
    row = values.mapping(value)
    if isinstance(value, int):
        return None
    return values.line(row.get("name") or row.get("tag") or value)


def _resource(row: object) -> Link | None:
    resource = values.mapping(row)
    return values.link(resource.get("resource"), resource.get("description"))


def _talk_page(where: str, code: str) -> str | None:
    match = _API.match(split(where).path) if is_address(where) else None
    return (
        values.web(f"{match['base']}{match['event']}/talk/{code}/", base=where) if match else None
    )
