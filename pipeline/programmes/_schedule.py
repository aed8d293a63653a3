"""The schedule that frab began and pretalx and others write, as rows of its JSON form. Pure.

c3voc.de/schedule describes it; real files leave out what it demands. The XML form is turned into
the same rows first, so that both give the same talks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from pipeline.model import Expectation, Imported, Link, Speaker
from pipeline.programmes import _values as values
from pipeline.programmes._reading import unreadable
from pipeline.programmes._talks import Found, Talks, is_service, people, speaker

# What frab writes where an attachment was lost.
_LOST = "/missing.png"
# What wafer writes where there is none.
_NO_TRACK = "No Track"
# pretalx's export leaves the code that its API goes by to the talk's address.
_CODE = re.compile(r"/talk/([A-Z0-9]{6,12})/?\Z")


def read_schedule(schedule: Mapping[str, object], *, where: str) -> Imported:
    """Read the value of `schedule`. Raises SourceError where it holds no talk."""
    conference = values.mapping(schedule.get("conference"))
    days = values.rows(conference.get("days"))
    if not days:
        raise unreadable(
            where, "it holds no days; is it the export of a schedule that is public already?"
        )
    timezone = values.zone(conference.get("time_zone_name"))
    base = values.web(schedule.get("base_url")) or values.web(conference.get("base_url")) or where
    talks, listed = Talks(), []
    for number, row in enumerate(days, start=1):
        day, rows = _entries(values.mapping(row), timezone=timezone)
        listed.append(day)
        for count, entry in enumerate(rows, start=1):
            _take(talks, entry, name=f"day {number}, entry {count}", day=day, base=base)
    made = talks.talks()
    if not made:
        raise unreadable(
            where,
            f"none of its {talks.services + len(talks.skipped)} entries is a talk; "
            "is the schedule public already?",
        )
    known = [day for day in listed if day]
    start, end = (
        values.day(conference.get(name), timezone=timezone) or pick(known, default=None)
        for name, pick in (("start", min), ("end", max))
    )
    return Imported(
        key=values.line(conference.get("acronym")),
        name=values.line(conference.get("title")),
        start=start,
        end=end,
        timezone=timezone,
        venue=values.line(conference.get("venue")),
        city=values.line(conference.get("city")),
        website=values.web(conference.get("url")),
        talks=made,
        skipped=tuple(talks.skipped),
    )


def _entries(
    row: Mapping[str, object], *, timezone: str | None
) -> tuple[date | None, list[object]]:
    """Return the day that a day's entries are listed under, and the entries, room by room."""
    entries = [
        entry for room in values.mapping(row.get("rooms")).values() for entry in values.rows(room)
    ]
    listed = values.day(row.get("date"))
    # Some systems write the day in UTC: then it says the evening before in eastern zones.
    started = values.day(row.get("day_start"), timezone=timezone)
    moments = [values.moment(values.mapping(one).get("date"), timezone=timezone) for one in entries]
    first = min((one for one in moments if one and one.tzinfo), default=None)
    if timezone and first and first.date() == started:
        return started, entries
    return listed or started, entries


def _take(talks: Talks, entry: object, *, name: str, day: date | None, base: str) -> None:
    row = values.mapping(entry)
    title = values.line(row.get("title"))
    name = f"{name} ({title})" if title else name
    if not row:
        talks.skip(name, "it is not a mapping")
        return
    found = _found(row, name=name, title=title, day=day, base=base)
    told = (found.speakers, found.summary, found.track, found.language, row.get("type"))
    if any(told) or is_service(title or ""):
        talks.add(found)
    else:
        talks.skip(
            name, "it has a title and nothing else; it looks like an outing, not like a talk"
        )


def _found(
    row: Mapping[str, object], *, name: str, title: str | None, day: date | None, base: str
) -> Found:
    recording = values.mapping(row.get("recording"))
    guid = values.line(row.get("guid"))
    url = values.web(row.get("url"), base=base)
    track = values.line(row.get("track"))
    in_url = _CODE.search(url or "")
    codes = [values.line(row.get(code)) for code in ("code", "slug", "id")]
    return Found(
        name=name,
        title=title,
        codes=(guid, in_url[1] if in_url else None, *codes),
        repeat=guid,
        speakers=people(*(_person(one) for one in values.rows(row.get("persons")))),
        summary=values.block(row.get("abstract"), row.get("description")),
        kind=values.kind(row.get("type"), row.get("track"), row.get("subtitle")),
        day=day or values.day(row.get("date")),
        length=values.slot(row.get("duration")),
        language=values.language(row.get("language")),
        track=track if track != _NO_TRACK else None,
        links=tuple(_links(row, base=base)),
        videos=tuple(
            address
            for one in (recording.get("url"), recording.get("link"), row.get("video_download_url"))
            if (address := values.web(one))
        ),
        url=url,
        expectation=Expectation.NOT_RECORDED
        if values.flag(row.get("do_not_record")) or values.flag(recording.get("optout"))
        else Expectation.EXPECTED,
    )


def _person(row: object) -> Speaker | None:
    if isinstance(row, str):
        return speaker(values.line(row))
    person = values.mapping(row)
    names = ("public_name", "full_public_name", "name", "full_name")
    name = next((made for one in names if (made := values.line(person.get(one)))), None)
    return speaker(name, url=values.web(person.get("url")))


def _links(row: Mapping[str, object], *, base: str) -> Iterator[Link | None]:
    for one in (*values.rows(row.get("links")), *values.rows(row.get("attachments"))):
        link = values.mapping(one)
        if not values.raw(link.get("url")).endswith(_LOST):
            yield values.link(link.get("url"), link.get("title"), base=base)
