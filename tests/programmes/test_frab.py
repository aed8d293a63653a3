from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.errors import SourceError
from pipeline.model import Expectation, Imported, Link, Speaker, Talk
from pipeline.programmes.frab import parse_json, parse_xml
from tests.programmes.case import Case, real

GUID = "0a1b2c3d-0000-4000-8000-00000000000"
XML = f"""\
<?xml version="1.0" encoding="utf-8"?>
<schedule>
  <conference>
    <acronym>teaconf-2031</acronym>
    <title>TeaConf 2031</title>
    <start>2031-05-17</start>
    <end>2031-05-18</end>
    <time_zone_name>Europe/Berlin</time_zone_name>
    <base_url>https://teaconf.example.org/</base_url>
    <url>https://teaconf.example.org/2031</url>
  </conference>
  <day index="1" date="2031-05-17" start="2031-05-17T09:00:00+02:00">
    <room name="Hall">
      <event id="1" guid="{GUID}1">
        <date>2031-05-17T10:00:00+02:00</date>
        <start>10:00</start>
        <duration>00:45</duration>
        <slug>teaconf-2031-1-brewing</slug>
        <url>https://teaconf.example.org/talk/TEA001/</url>
        <title>Brewing Tea
          at Scale</title>
        <subtitle>Opening keynote</subtitle>
        <track>Kettles</track>
        <type>lecture</type>
        <language>de-formal</language>
        <abstract>From one cup to many.</abstract>
        <description>&lt;p&gt;Bring a &lt;b&gt;cup&lt;/b&gt;.&lt;/p&gt;</description>
        <recording><license/><optout>false</optout><url>https://youtu.be/tea00000001</url></recording>
        <persons><person id="7">Ada Example</person><person id="8"> </person></persons>
        <links>
          <link href="https://pots.example.org/">Pots</link>
          <link href="javascript:alert(1)">Bad</link>
        </links>
        <attachments>
          <attachment href="/files/brewing.pdf">Slides</attachment>
          <attachment href="/attachments/original/missing.png">Lost</attachment>
        </attachments>
      </event>
      <event id="2" guid="{GUID}2">
        <date>2031-05-17T12:00:00+02:00</date>
        <duration>01:00</duration>
        <title>Lunch break</title>
        <type/>
      </event>
    </room>
    <room name="Cellar">
      <event id="3" guid="{GUID}3">
        <date>2031-05-18T00:30:00+02:00</date>
        <duration>1:30</duration>
        <title>Night Tea</title>
        <type>workshop</type>
        <recording><optout>true</optout></recording>
        <persons><person>Bo Example</person></persons>
      </event>
    </room>
  </day>
</schedule>
"""
BREWING = Talk(
    id="brewing-tea-at-scale",
    title="Brewing Tea at Scale",
    speakers=(Speaker(name="Ada Example"),),
    summary="From one cup to many.\n\nBring a **cup**.",
    kind="keynote",
    day=date(2031, 5, 17),
    length=timedelta(minutes=45),
    language="de",
    track="Kettles",
    slides=(Link(url="https://teaconf.example.org/files/brewing.pdf", label="Slides"),),
    links=(Link(url="https://pots.example.org/", label="Pots"),),
    codes=(f"{GUID}1", "TEA001", "teaconf-2031-1-brewing", "1"),
    url="https://teaconf.example.org/talk/TEA001/",
    recordings=("youtube:tea00000001",),
)
NIGHT = Talk(
    id="night-tea",
    title="Night Tea",
    speakers=(Speaker(name="Bo Example"),),
    kind="workshop",
    day=date(2031, 5, 17),
    length=timedelta(minutes=90),
    codes=(f"{GUID}3", "3"),
    expectation=Expectation.NOT_RECORDED,
)
EVENT = Imported(
    key="teaconf-2031",
    name="TeaConf 2031",
    start=date(2031, 5, 17),
    end=date(2031, 5, 18),
    timezone="Europe/Berlin",
    website="https://teaconf.example.org/2031",
    talks=(BREWING, NIGHT),
)
ROW = {
    "id": 1,
    "guid": f"{GUID}1",
    "date": "2031-05-17T10:00:00+02:00",
    "duration": "00:45",
    "slug": "teaconf-2031-1-brewing",
    "url": "https://teaconf.example.org/talk/TEA001/",
    "title": "Brewing Tea at Scale",
    "subtitle": "Opening keynote",
    "track": {"de": "Kessel", "en": "Kettles"},
    "type": "lecture",
    "language": "de-formal",
    "abstract": "From one cup to many.",
    "description": "<p>Bring a <b>cup</b>.</p>",
    "recording": {"url": "https://youtu.be/tea00000001"},
    "do_not_record": False,
    "persons": [{"id": 7, "public_name": "Ada Example"}, {"public_name": ""}, None],
    "links": [{"url": "https://pots.example.org/", "title": "Pots"}],
    "attachments": [{"url": "/files/brewing.pdf", "title": "Slides"}],
}
LUNCH = {"id": 2, "guid": f"{GUID}2", "title": "Lunch break", "persons": []}
LATE = {
    "id": 3,
    "guid": f"{GUID}3",
    "date": "2031-05-18T00:30:00+02:00",
    "duration": "01:30",
    "title": "Night Tea",
    "type": "workshop",
    "do_not_record": True,
    "persons": [{"public_name": "Bo Example"}],
}


def schedule(*entries: object, **more: object) -> bytes:
    day = {"date": "2031-05-17", "day_start": "2031-05-17T09:00:00+02:00"}
    conference = {
        "acronym": "teaconf-2031",
        "title": "TeaConf 2031",
        "start": "2031-05-17",
        "end": "2031-05-18",
        "time_zone_name": "Europe/Berlin",
        "url": "https://teaconf.example.org/2031",
        "days": [{**day, **more, "rooms": {"Hall": entries}}],
    }
    document = {"base_url": "https://teaconf.example.org/", "conference": conference}
    return json.dumps({"schedule": document}).encode()


JSON = schedule(ROW, LUNCH, LATE)
CASES = {
    "frab-xml": Case(
        kind="frab", where="https://teaconf.example.org/schedule.xml", body=XML.encode()
    ),
    "frab-json": Case(kind="frab", where="https://teaconf.example.org/schedule.json", body=JSON),
    "frab-file": Case(kind="frab", where="teaconf.xml", file="teaconf.xml", body=XML.encode()),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_frab_programme_gives_the_same_talks_in_both_forms(case: Case) -> None:
    assert case.read(case.body) == (EVENT,)


def test_parse_json_keeps_a_talk_after_midnight_on_the_day_it_is_listed_under() -> None:
    assert [talk.day for talk in parse_json(schedule(LATE)).talks] == [date(2031, 5, 17)]


def test_parse_json_corrects_a_day_that_is_written_in_utc() -> None:
    body = schedule(ROW, date="2031-05-16", day_start="2031-05-16T22:00:00+00:00")
    assert [talk.day for talk in parse_json(body).talks] == [date(2031, 5, 17)]


def test_parse_json_does_without_zone_dates_and_persons() -> None:
    bare = {"title": "Brewing Tea", "type": "lecture"}
    body = json.dumps({"schedule": {"conference": {"days": [{"rooms": {"Hall": [bare]}}]}}})
    assert parse_json(body.encode()) == Imported(
        talks=(Talk(id="brewing-tea", title="Brewing Tea"),)
    )


def test_parse_json_takes_a_further_slot_of_a_talk_for_the_same_talk() -> None:
    again = ROW | {"id": 9, "date": "2031-05-17T15:00:00+02:00"}
    read = parse_json(schedule(ROW, again))
    assert read.talks == (BREWING,)
    assert read.skipped == (
        (
            "day 1, entry 2 (Brewing Tea at Scale): "
            "it is a further slot of a talk that stands above it"
        ),
    )


def test_parse_json_gives_a_guid_of_two_talks_to_neither() -> None:
    other = {"guid": f"{GUID}1", "id": 9, "title": "Green Tea", "type": "lecture"}
    read = parse_json(schedule(ROW, other))
    assert [talk.codes for talk in read.talks] == [BREWING.codes[1:], ("9",)]


def test_parse_json_numbers_the_ids_of_talks_of_one_title() -> None:
    rows = [{"guid": f"tea-{number}", "title": "Steep", "type": "talk"} for number in range(3)]
    ids = [talk.id for talk in parse_json(schedule(*rows)).talks]
    assert ids == ["steep", "steep-2", "steep-3"]


def test_parse_json_makes_the_id_of_a_talk_without_title_from_its_code() -> None:
    (talk,) = parse_json(schedule({"guid": "TEA007", "type": "talk"})).talks
    assert talk == Talk(id="tea007", codes=("TEA007",), day=date(2031, 5, 17))


def test_parse_json_names_what_it_leaves_out_in_doubt() -> None:
    read = parse_json(
        schedule(ROW, None, {"type": "talk"}, {"title": "Day trip"}, LUNCH | {"abstract": "Soup"})
    )
    assert read.talks == (BREWING,)
    assert read.skipped == (
        "day 1, entry 2: it is not a mapping",
        "day 1, entry 3: it has neither title nor code",
        (
            "day 1, entry 4 (Day trip): it has a title and nothing else; "
            "it looks like an outing, not like a talk"
        ),
        "day 1, entry 5 (Lunch break): it looks like a break or a service, not like a talk",
    )


def test_parse_json_keeps_a_talk_about_a_break_that_has_a_speaker() -> None:
    row = ROW | {"title": "Coffee break"}
    assert parse_json(schedule(row)).talks == (
        replace(BREWING, id="coffee-break", title="Coffee break"),
    )


def test_parse_json_gives_a_recording_of_two_talks_to_neither() -> None:
    other = LATE | {"recording": {"link": "https://www.youtube.com/watch?v=tea00000001"}}
    read = parse_json(schedule(ROW, other))
    assert [talk.recordings for talk in read.talks] == [(), ()]
    assert [talk.links[-1].label for talk in read.talks] == ["Recording", "Recording"]
    assert read.skipped == (
        (
            "day 1, entry 1 (Brewing Tea at Scale): "
            "its recording youtube:tea00000001 is that of other talks as well"
        ),
        (
            "day 1, entry 2 (Night Tea): "
            "its recording youtube:tea00000001 is that of other talks as well"
        ),
    )


@pytest.mark.parametrize(
    ("duration", "length"),
    [
        ("0:05", timedelta(minutes=5)),
        ("PT1H30M", timedelta(minutes=90)),
        ("45", timedelta(minutes=45)),
        (45, timedelta(minutes=45)),
        ("24:00", timedelta(days=1)),
        ("99:00", None),
        ("00:00", None),
        ("soon", None),
        (None, None),
    ],
)
def test_parse_json_reads_lengths(duration: object, length: timedelta | None) -> None:
    (talk,) = parse_json(schedule(ROW | {"duration": duration})).talks
    assert talk.length == length


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is empty"),
        (b"{}", "it has no `schedule`"),
        (b'{"schedule": {"conference": {"days": []}}}', "it holds no days"),
        (schedule(), "none of its 0 entries is a talk"),
        (schedule(LUNCH), "none of its 1 entries is a talk"),
        (JSON[:-3], "it is not JSON"),
        (b"[" * 100_000, "it nests too deep"),
    ],
)
def test_parse_json_takes_what_is_no_schedule_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_json(body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<schedule/>", "without days and rooms"),
        (b"<feed><day><room/></day></feed>", "its root is <feed>"),
        (b"<schedule><day><room/></day></schedule>", "none of its 0 entries is a talk"),
        (XML.encode()[:-20], "it is broken XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><schedule/>', "a document type"),
        (XML.encode("utf-16"), "it is not UTF-8"),
    ],
)
def test_parse_xml_takes_what_is_no_schedule_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_xml(body)


def test_parse_xml_reads_a_real_congress() -> None:
    body = real("schedule-xml/36c3_merged.xml")
    events = list(ET.fromstring(body).iter("event"))  # noqa: S314 - a file of our own choice
    slots = Counter((event.get("guid"), event.findtext("title")) for event in events)
    optout = {event.get("guid") for event in events if event.findtext("recording/optout") == "true"}
    read = parse_xml(body)
    assert (len(events), len(read.talks), len(read.skipped)) == (1351, len(slots), 3)
    held = [talk for talk in read.talks if talk.expectation is Expectation.NOT_RECORDED]
    assert len(held) == len(optout)
    assert (read.key, read.start, read.timezone) == ("36c3", date(2019, 12, 27), None)


def test_parse_xml_reads_a_real_schedule_with_days_in_utc() -> None:
    body = real("schedule-xml/debconf23.xml")
    events = list(ET.fromstring(body).iter("event"))  # noqa: S314 - a file of our own choice
    held = [event for event in events if event.findall("persons/person")]
    read = parse_xml(body)
    assert (len(events), len(read.talks)) == (117, len(held))
    assert [skipped.partition(":")[0] for skipped in read.skipped] == ["day 4, entry 1 (Day trip)"]
    assert (read.talks[0].day, read.timezone) == (date(2023, 9, 10), "Asia/Kolkata")


def test_parse_json_reads_a_real_camp() -> None:
    body = real("pretalx-json/frab-camp2019.json")
    read = parse_json(body)
    assert len(read.talks) == body.count(b'"guid"') == 79
    assert read.skipped == ()
