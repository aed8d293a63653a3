"""The schedule of frab and of everything that writes its form: schedule.xml and schedule.json.

That is pretalx, wafer, OSEM, pentabarf, the hub of the CCC and others. Must not demand what the
schema at c3voc.de/schedule/schema.xsd demands: real files repeat guids and leave out zones.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping

from pipeline.model import Fetch, Imported, Secret
from pipeline.programmes import _values as values
from pipeline.programmes._reading import check_options, load_json, load_xml, read_bytes, unreadable
from pipeline.programmes._schedule import read_schedule
from pipeline.text import clean

_EVENT_TEXTS = (
    "title",
    "subtitle",
    "slug",
    "track",
    "type",
    "language",
    "abstract",
    "description",
    "duration",
    "date",
    "url",
    "do_not_record",
    "video_download_url",
)
_CONFERENCE_TEXTS = (
    "acronym",
    "title",
    "start",
    "end",
    "time_zone_name",
    "base_url",
    "url",
    "venue",
    "city",
)


class FrabProgramme:
    """Imports a schedule.xml or schedule.json; which one it is, is told from its first sign."""

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:  # noqa: ARG002  # all programmes are made alike
        check_options("frab", options)

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the event whose schedule is at `where`. Raises SourceError."""
        body = read_bytes(fetch, where)
        is_xml = body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
        yield parse_xml(body, where=where) if is_xml else parse_json(body, where=where)


def parse_json(body: bytes, *, where: str = "schedule.json") -> Imported:
    """Read a schedule.json. Raises SourceError for what is no schedule, or holds no talk."""
    document = load_json(body, where=where)
    schedule = values.mapping(values.mapping(document).get("schedule"))
    if not schedule:
        raise unreadable(
            where, "it has no `schedule`; use the schedule.json that the event's site exports"
        )
    return read_schedule(schedule, where=where)


def parse_xml(body: bytes, *, where: str = "schedule.xml") -> Imported:
    """Read a schedule.xml. Raises SourceError for what is no schedule, or holds no talk."""
    root = load_xml(body, where=where)
    if root.tag != "schedule" or root.find("day/room") is None:
        raise unreadable(
            where,
            f"its root is <{clean(root.tag, limit=80)}> without days and rooms, not a frab "
            "<schedule>; use the schedule.xml that the event's site exports",
        )
    conference: dict[str, object] = dict(_texts(root.find("conference"), _CONFERENCE_TEXTS))
    conference["days"] = [_day(day) for day in root.iterfind("day")]
    return read_schedule({"conference": conference}, where=where)


def _day(day: ET.Element) -> dict[str, object]:
    rooms = {
        str(number): [_event(event) for event in room.iterfind("event")]
        for number, room in enumerate(day.iterfind("room"))
    }
    return {"date": day.get("date"), "day_start": day.get("start"), "rooms": rooms}


def _event(event: ET.Element) -> dict[str, object]:
    return {
        **_texts(event, _EVENT_TEXTS),
        "guid": event.get("guid"),
        "code": event.get("code"),
        "id": event.get("id"),
        "persons": [_person(one) for one in event.iterfind("persons/person")],
        "links": [_link(one) for one in event.iterfind("links/link")],
        "attachments": [_link(one) for one in event.iterfind("attachments/attachment")],
        "recording": _texts(event.find("recording"), ("optout", "url", "link")),
    }


def _person(person: ET.Element) -> dict[str, object]:
    return {"public_name": "".join(person.itertext()), "url": person.get("url")}


def _link(link: ET.Element) -> dict[str, object]:
    return {"url": link.get("href"), "title": link.text}


def _texts(element: ET.Element | None, names: Iterable[str]) -> dict[str, str]:
    """Return the texts of the children of these names that have one."""
    if element is None:
        return {}
    texts = {
        name: "".join(child.itertext()) for name in names for child in element.findall(name)[:1]
    }
    return {name: text for name, text in texts.items() if text.strip()}
