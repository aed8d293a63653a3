from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.errors import SourceError
from pipeline.model import Expectation, Imported, Link, Speaker, Talk
from pipeline.programmes.pretalx import Page, parse_address, parse_event, parse_export, parse_page
from tests.programmes.case import Case, real
from tests.programmes.test_frab import BREWING, JSON, NIGHT
from tests.programmes.test_frab import EVENT as SCHEDULED
from tests.sources.fakes import FakeFetch

SITE = "https://pretalx.example.org"
EXPORT = f"{SITE}/teaconf/schedule/export/schedule.json"
ABOUT = f"{SITE}/api/events/teaconf/"
EXPAND = "?expand=speakers,track,submission_type,slots.room,resources,tags"
LIST = f"{ABOUT}submissions/{EXPAND}"
TOKEN = "teatime"  # noqa: S105 - invented
EVENT = {
    "slug": "teaconf",
    "name": {"en": "TeaConf 2031"},
    "date_from": "2031-05-17",
    "date_to": "2031-05-18",
    "timezone": "Europe/Berlin",
}
ROW: dict[str, object] = {
    "code": "TEA001",
    "title": "Brewing Tea",
    "speakers": [{"code": "ADA", "name": "Ada Example"}],
    "submission_type": {"en": "Tutorial"},
    "track": {"id": 1, "name": {"en": "Kettles"}},
    "state": "confirmed",
    "abstract": "Hot.",
    "duration": 45,
    "resources": [
        {"resource": "https://a.example.org/a.pdf", "description": "Slides"},
        {"resource": "https://youtu.be/tea00000001", "description": "Recording"},
        {"resource": "https://youtu.be/tea00000009", "description": "Video of the robot in action"},
    ],
    "do_not_record": False,
    "content_locale": "en",
    "slot": {"start": "2031-05-17T22:30:00Z"},
    "tags": ["hot", 7],
}
OTHER = ROW | {"code": "TEA002", "title": "Green Tea", "resources": []}
TALK = Talk(
    id="brewing-tea",
    title="Brewing Tea",
    speakers=(Speaker(name="Ada Example"),),
    summary="Hot.",
    kind="workshop",
    day=date(2031, 5, 18),
    length=timedelta(minutes=45),
    language="en",
    track="Kettles",
    tags=("hot",),
    slides=(Link(url="https://a.example.org/a.pdf", label="Slides"),),
    links=(Link(url="https://youtu.be/tea00000009", label="Video of the robot in action"),),
    codes=("TEA001",),
    url=f"{SITE}/teaconf/talk/TEA001/",
    recordings=("youtube:tea00000001",),
)


def page(*rows: object, following: str | None = None) -> bytes:
    return json.dumps({"count": len(rows), "next": following, "results": rows}).encode()


CASES = {
    "pretalx-site": Case(kind="pretalx", where=f"{SITE}/teaconf/", address=EXPORT, body=JSON),
    "pretalx-api": Case(
        kind="pretalx",
        where=f"{ABOUT}submissions/",
        address=LIST,
        body=page(ROW, OTHER),
        others={ABOUT: json.dumps(EVENT).encode()},
    ),
    "pretalx-file": Case(
        kind="pretalx", where="talks.json", file="talks.json", body=page(ROW, OTHER)
    ),
}
API = CASES["pretalx-api"]


def test_pretalx_programme_reads_the_export_of_a_site() -> None:
    assert CASES["pretalx-site"].read(JSON) == (SCHEDULED,)


def test_pretalx_programme_reads_a_file_of_the_api() -> None:
    plain = replace(TALK, url=None, day=date(2031, 5, 17))
    assert CASES["pretalx-file"].read(page(ROW)) == (Imported(talks=(plain,)),)


def test_pretalx_programme_reads_every_page_of_the_api() -> None:
    second = f"{ABOUT}submissions/?page=2"
    case = replace(API, others={**API.others, second: page(OTHER)})
    (event,) = case.read(page(ROW, following=second))
    assert event == Imported(
        key="teaconf",
        name="TeaConf 2031",
        start=date(2031, 5, 17),
        end=date(2031, 5, 18),
        timezone="Europe/Berlin",
        talks=(
            TALK,
            replace(
                TALK,
                id="green-tea",
                title="Green Tea",
                codes=("TEA002",),
                url=f"{SITE}/teaconf/talk/TEA002/",
                slides=(),
                links=(),
                recordings=(),
            ),
        ),
    )


def asked(case: Case) -> list[tuple[str, Mapping[str, str]]]:
    fetch: FakeFetch = case.fetch(case.body)
    tuple(case.programme().read(fetch, case.where))
    return fetch.asked


def test_pretalx_programme_takes_its_token_to_the_api() -> None:
    headers = {"Cache-Control": "no-cache", "Authorization": f"Token {TOKEN}"}
    case = replace(API, secrets={"PRETALX_TOKEN": TOKEN})
    assert asked(case) == [(ABOUT, headers), (LIST, headers)]


def test_pretalx_programme_does_without_a_token() -> None:
    headers = {"Cache-Control": "no-cache"}
    assert asked(API) == [(ABOUT, headers), (LIST, headers)]


@pytest.mark.parametrize(
    ("following", "why"),
    [
        ("https://elsewhere.example.org/?page=2", "its next page is on another server"),
        ("http://pretalx.example.org/?page=2", "its next page is on another server"),
        (LIST, "its pages do not end"),
        ("https://[example.org/?page=2", "leads to no address from there"),
    ],
)
def test_pretalx_programme_follows_no_page_elsewhere(following: str, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        API.read(page(ROW, following=following))


@pytest.mark.parametrize(
    ("where", "address"),
    [
        (f"{SITE}/teaconf", EXPORT),
        (f" {SITE}/teaconf/ ", EXPORT),
        (f"{SITE}/teaconf/schedule/", EXPORT),
        (f"{SITE}/teaconf/talk/TEA001/", EXPORT),
        (f"{SITE}/teaconf/speaker/ADA/?lang=de", EXPORT),
        (f"{SITE}/sub/teaconf/featured/", f"{SITE}/sub/teaconf/schedule/export/schedule.json"),
        (EXPORT, EXPORT),
        (f"{ABOUT}submissions", LIST),
        (f"{ABOUT}talks/?limit=50", f"{ABOUT}talks/?limit=50"),
        ("talks.json", "talks.json"),
    ],
)
def test_parse_address_finds_what_to_read(where: str, address: str) -> None:
    assert parse_address(where) == address


@pytest.mark.parametrize(
    ("state", "expectation"),
    [
        ("accepted", Expectation.NOT_RECORDED),
        ("canceled", Expectation.CANCELLED),
    ],
)
def test_parse_export_knows_what_will_not_be_recorded(state: str, expectation: Expectation) -> None:
    (talk,) = parse_export(page(ROW | {"do_not_record": True, "state": state})).talks
    assert talk.expectation == expectation


def test_parse_export_names_what_it_leaves_out() -> None:
    rows = [ROW, OTHER | {"state": "rejected"}, {"title": "Tea"}, OTHER | {"speakers": ["ADA"]}]
    read = parse_export(page(*rows))
    assert [(talk.id, talk.speakers) for talk in read.talks] == [
        ("brewing-tea", TALK.speakers),
        ("green-tea", ()),
    ]
    assert read.skipped == (
        "talk 2 (Green Tea): it is rejected",
        "talk 3 (Tea): it has no code, so it is no talk of pretalx's API",
        (
            "talk 4 (Green Tea): its speakers are codes without names; "
            "add ?expand=speakers to the address"
        ),
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (page(), "the list is empty"),
        (page({"detail": "no"}), "it has no code"),
        (b'{"detail": "Not found."}', "neither a schedule nor a list of talks"),
        (b"7", "neither a schedule nor a list of talks"),
    ],
)
def test_parse_export_takes_what_holds_no_talk_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_export(body)


def test_parse_page_reads_rows_and_the_next_page() -> None:
    assert parse_page(page(1, following="?page=2")) == Page(rows=(1,), next="?page=2")


def test_parse_event_takes_what_is_no_event_for_unknown() -> None:
    with pytest.raises(SourceError, match="it is not an event of pretalx's API"):
        parse_event(b"[]")


def test_parse_export_reads_a_real_export() -> None:
    body = real("pretalx-json/pretalx-democon.json")
    read = parse_export(body)
    assert len(read.talks) == body.count(b'"do_not_record"') == 36
    held = [talk for talk in read.talks if talk.expectation is Expectation.NOT_RECORDED]
    assert len(held) == body.count(b'"do_not_record": true') == 2
    assert (read.name, read.timezone, read.skipped) == ("DemoCon", "UTC", ())


def test_parse_export_reads_real_submissions() -> None:
    read = parse_export(real("europython-api/pretalx_submissions.json"))
    assert [talk.codes for talk in read.talks] == [("A8CD3F",), ("B8CD4F",)]
    assert [len(talk.speakers) for talk in read.talks] == [2, 1]
    assert [talk.recordings for talk in read.talks] == [(), ()]


def test_night_talks_are_the_same_through_pretalx() -> None:
    assert parse_export(JSON).talks == (BREWING, NIGHT)
