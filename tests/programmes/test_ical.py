from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.errors import SourceError
from pipeline.model import Expectation, Imported, Link, Speaker, Talk
from pipeline.programmes.ical import SPEAKERS, parse_calendar
from tests.programmes.case import Case, real

BREWING = """\
UID:tea-1@teaconf.example.org
SUMMARY;LANGUAGE=en:Brewing Tea\\, at Scale
DTSTART;TZID=Europe/Berlin:20310517T100000
DTEND;TZID=Europe/Berlin:20310517T104500
DESCRIPTION:Hot.\\nBring a
  cup.
URL:https://teaconf.example.org/1
CATEGORIES:Keynote,Kettles
ATTENDEE;CN="Ada Example":invalid:nomail
ATTENDEE;CN=bo@example.org:mailto:bo@example.org
ATTENDEE:mailto:cy@example.org
ATTACH:https://teaconf.example.org/a.pdf
"""
GREEN = """\
UID:tea-2@teaconf.example.org
SUMMARY:Green Tea
DTSTART:20310517T223000Z
DURATION:PT30M
STATUS:CANCELLED
"""
LUNCH = "UID:tea-3@teaconf.example.org\nSUMMARY:Déjeuner\nDTSTART:20310517T100000Z\n"
TALK = Talk(
    id="brewing-tea-at-scale",
    title="Brewing Tea, at Scale",
    speakers=(Speaker(name="Ada Example"),),
    summary="Hot.\nBring a cup.",
    kind="keynote",
    day=date(2031, 5, 17),
    length=timedelta(minutes=45),
    tags=("Keynote", "Kettles"),
    links=(
        Link(url="https://teaconf.example.org/a.pdf", label="https://teaconf.example.org/a.pdf"),
    ),
    codes=("tea-1@teaconf.example.org",),
    url="https://teaconf.example.org/1",
)
SECOND = Talk(
    id="green-tea",
    title="Green Tea",
    day=date(2031, 5, 18),
    length=timedelta(minutes=30),
    codes=("tea-2@teaconf.example.org",),
    expectation=Expectation.CANCELLED,
)
HEAD = "X-WR-CALNAME:TeaConf 2031\nX-WR-TIMEZONE:Europe/Berlin\n"


def calendar(*entries: str, head: str = HEAD) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{entry}END:VEVENT\n" for entry in entries)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Tea//EN\n{head}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


BODY = calendar(BREWING, GREEN, LUNCH)
CASES = {
    "ical": Case(kind="ical", where="https://teaconf.example.org/talks.ics", body=BODY),
    "ical-webcal": Case(
        kind="ical",
        where="webcal://teaconf.example.org/talks.ics",
        address="https://teaconf.example.org/talks.ics",
        body=BODY,
    ),
    "ical-file": Case(kind="ical", where="talks.ics", file="talks.ics", body=BODY),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_ical_programme_reads_a_talk_an_entry(case: Case) -> None:
    assert case.read(BODY) == (
        Imported(
            name="TeaConf 2031",
            start=date(2031, 5, 17),
            end=date(2031, 5, 18),
            timezone="Europe/Berlin",
            talks=(TALK, SECOND),
        ),
    )


def test_parse_calendar_takes_the_zone_that_all_entries_share() -> None:
    assert parse_calendar(calendar(BREWING, head="")).timezone == "Europe/Berlin"


def test_parse_calendar_knows_no_zone_where_entries_differ() -> None:
    assert parse_calendar(calendar(BREWING, GREEN, head="")).timezone is None


def test_parse_calendar_leaves_a_time_in_utc_where_it_knows_no_zone() -> None:
    assert parse_calendar(calendar(GREEN, head="")).talks == (
        replace(SECOND, day=date(2031, 5, 17)),
    )


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART;VALUE=DATE:20310518\n",
        "DTSTART:20310518T003000\n",
        "DTSTART;TZID=Nowhere/Land:20310518T003000\n",
    ],
)
def test_parse_calendar_takes_a_day_as_written(start: str) -> None:
    (talk,) = parse_calendar(calendar(f"UID:1\nSUMMARY:Steeping\n{start}")).talks
    assert talk == Talk(id="steeping", title="Steeping", day=date(2031, 5, 18), codes=("1",))


def test_parse_calendar_does_without_times_that_cannot_be_read() -> None:
    (talk,) = parse_calendar(calendar("UID:1\nSUMMARY:Steeping\nDTSTART:soon\nDURATION:x\n")).talks
    assert talk == Talk(id="steeping", title="Steeping", codes=("1",))


def test_parse_calendar_takes_an_audience_for_no_speakers() -> None:
    audience = "".join(f"ATTENDEE;CN=Guest {n}:invalid:nomail\n" for n in range(SPEAKERS + 1))
    (talk,) = parse_calendar(calendar(f"UID:1\nSUMMARY:Steeping\n{audience}")).talks
    assert talk.speakers == ()


def test_parse_calendar_joins_a_line_that_is_folded_within_a_character() -> None:
    body = calendar("UID:1\nSUMMARY:Thé vert\n")
    folded = body.replace("é".encode(), b"\xc3\r\n \xa9")
    assert parse_calendar(folded) == parse_calendar(body)


def test_parse_calendar_names_what_it_leaves_out() -> None:
    read = parse_calendar(calendar(GREEN, GREEN, "UID:4\n", LUNCH + "DESCRIPTION:Soup\n"))
    assert read.talks == (SECOND,)
    assert read.skipped == (
        "entry 2 (Green Tea): it is a further slot of a talk that stands above it",
        "entry 3: it has no SUMMARY",
        "entry 4 (Déjeuner): it looks like a break or a service, not like a talk",
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is empty"),
        (b"Not found", "it is no calendar"),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "it is no VCALENDAR"),
        (BODY[:300], "none of its 0 entries is a talk|it is no"),
        (calendar(BREWING.replace("Europe/Berlin", "Europe")), "it is no calendar"),
        (calendar(), "none of its 0 entries is a talk"),
        (calendar(LUNCH), "none of its 1 entries is a talk"),
        (BODY.replace("é".encode(), b"\xe9"), "it is not UTF-8"),
    ],
)
def test_parse_calendar_takes_what_holds_no_talk_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_calendar(body)


def test_parse_calendar_quotes_no_more_than_a_sentence_holds() -> None:
    with pytest.raises(SourceError) as caught:
        parse_calendar(b"[" * 100_000)
    assert len(caught.value.message) < 400


def test_parse_calendar_reads_a_real_calendar() -> None:
    body = real("ical/jres_2022.ics")
    # What a reader of that programme would not call a talk.
    breaks = ("Pause", "Buffet", "Déjeuner", "Accueil congressistes")
    lines = body.replace(b"\r\n", b"\n").split(b"\n")
    out = [line for line in lines if line.endswith(tuple(f":{one}".encode() for one in breaks))]
    read = parse_calendar(body)
    assert (body.count(b"BEGIN:VEVENT"), len(out)) == (120, 9)
    assert len(read.talks) == 120 - 9
    assert (read.name, read.timezone, read.skipped) == ("JRES 2021/22", "Europe/Paris", ())


def test_parse_calendar_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(SourceError, match=r"pip install 'recap-pipeline\[ical\]'"):
        parse_calendar(b"BEGIN:VCALENDAR")
