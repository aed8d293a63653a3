from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.errors import SourceError
from pipeline.model import Imported, Link, Speaker, Talk
from pipeline.programmes.indico import parse_address, parse_export
from tests.programmes.case import Case, real

SITE = "https://indico.example.org"
EXPORT = f"{SITE}/export/event/42.json?detail=subcontributions"
ROW: dict[str, object] = {
    "_type": "Contribution",
    "id": "3",
    "db_id": 1234,
    "title": "Brewing Tea",
    "startDate": {"date": "2031-05-17", "time": "22:30:00", "tz": "UTC"},
    "duration": 45,
    "description": "<p>Hot.</p><ul><li>Bring a <a href='https://c.example.org/'>cup</a></ul>",
    "speakers": [
        {"first_name": "Ada", "last_name": "Example", "affiliation": "Teapot"},
        {"fullName": "Example, Bo", "affiliation": ""},
        {"affiliation": "Nobody"},
    ],
    "type": "Plenary",
    "session": "Morning",
    "track": "Kettles",
    "keywords": ["hot"],
    "url": f"{SITE}/event/42/contributions/1234/",
    "folders": [
        {
            "title": "Slides",
            "attachments": [{"title": "a.pdf", "download_url": f"{SITE}/a.pdf"}],
        },
        {"title": None, "attachments": [{"title": "Kettle", "link_url": "https://k.example.org/"}]},
    ],
    "material": [
        {
            "title": "Recording",
            "resources": [{"name": "v", "url": "https://youtu.be/tea00000001"}],
        }
    ],
    "subContributions": [],
}
HOLDER: dict[str, object] = {
    "db_id": 1235,
    "title": "Short talks",
    "startDate": {"date": "2031-05-17", "time": "12:00:00", "tz": "Europe/Berlin"},
    "speakers": [],
    "subContributions": [
        {"db_id": 7, "title": "Green Tea", "duration": 5, "speakers": [{"last_name": "Bo"}]},
        {"db_id": 8, "title": "Black Tea", "duration": 5, "speakers": []},
    ],
}
BREAK = {"db_id": 9, "title": "Coffee break", "speakers": []}
TALK = Talk(
    id="brewing-tea",
    title="Brewing Tea",
    speakers=(Speaker(name="Ada Example", affiliation="Teapot"), Speaker(name="Bo Example")),
    summary="Hot.\n\n- Bring a [cup](https://c.example.org/)",
    kind="keynote",
    day=date(2031, 5, 18),
    length=timedelta(minutes=45),
    track="Kettles",
    tags=("hot",),
    slides=(Link(url=f"{SITE}/a.pdf", label="Slides"),),
    links=(Link(url="https://k.example.org/", label="Kettle"),),
    codes=("1234",),
    url=f"{SITE}/event/42/contributions/1234/",
    recordings=("youtube:tea00000001",),
)
SHORT = Talk(day=date(2031, 5, 17), length=timedelta(minutes=5), id="green-tea", title="Green Tea")
EVENT = Imported(
    key="42",
    name="TeaConf 2031",
    start=date(2031, 5, 17),
    end=date(2031, 5, 18),
    timezone="Europe/Berlin",
    venue="Tea House",
    website=f"{SITE}/event/42/",
    talks=(
        TALK,
        replace(SHORT, speakers=(Speaker(name="Bo"),), codes=("sub-7",)),
        replace(SHORT, id="black-tea", title="Black Tea", codes=("sub-8",)),
    ),
)


def export(*contributions: object, **more: object) -> bytes:
    event = {
        "_type": "Conference",
        "id": "42",
        "title": "TeaConf 2031",
        "startDate": {"date": "2031-05-17", "time": "09:00:00", "tz": "Europe/Berlin"},
        "endDate": {"date": "2031-05-18", "time": "18:00:00", "tz": "Europe/Berlin"},
        "timezone": "Europe/Berlin",
        "location": "Tea House",
        "url": f"{SITE}/event/42/",
        "description": "",
        "contributions": contributions,
    }
    return json.dumps({"count": 1, "results": [{**event, **more}]}).encode()


CASES = {
    "indico": Case(
        kind="indico",
        where=f"{SITE}/event/42/",
        address=EXPORT,
        body=export(ROW, HOLDER, BREAK),
    ),
    "indico-file": Case(
        kind="indico", where="42.json", file="42.json", body=export(ROW, HOLDER, BREAK)
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_indico_programme_reads_contributions_and_those_within(case: Case) -> None:
    assert case.read(case.body) == (EVENT,)


@pytest.mark.parametrize("token", [None, "teatime"])
def test_indico_programme_takes_its_token_along(token: str | None) -> None:
    secrets = {"INDICO_TOKEN": token} if token else {"OTHER": "x"}
    case = replace(CASES["indico"], secrets=secrets)
    fetch = case.fetch(case.body)
    tuple(case.programme().read(fetch, case.where))
    authorization = {"Authorization": f"Bearer {token}"} if token else {}
    assert fetch.asked == [(EXPORT, {"Cache-Control": "no-cache", **authorization})]


@pytest.mark.parametrize(
    ("where", "address"),
    [
        (f"{SITE}/event/42", EXPORT),
        (f"{SITE}/event/42/timetable/?view=standard", EXPORT),
        (f"{SITE}/e/tea", f"{SITE}/export/event/tea.json?detail=subcontributions"),
        (
            "https://example.org/indico/event/42/",
            "https://example.org/indico/export/event/42.json?detail=subcontributions",
        ),
        (
            f"{SITE}/export/categ/2.json?from=today",
            f"{SITE}/export/categ/2.json?from=today&detail=subcontributions",
        ),
        (f"{SITE}/export/event/42.json", EXPORT),
        (EXPORT, EXPORT),
        ("event/42/x.json", "event/42/x.json"),
    ],
)
def test_parse_address_finds_the_export(where: str, address: str) -> None:
    assert parse_address(where) == address


def test_parse_export_keeps_a_contribution_with_speakers_beside_those_within() -> None:
    (event,) = parse_export(export(HOLDER | {"speakers": [{"last_name": "Ada"}]}))
    assert [talk.id for talk in event.talks] == ["short-talks", "green-tea", "black-tea"]


def test_parse_export_reads_one_event_after_the_other() -> None:
    rows = [json.loads(export(ROW, id=key))["results"][0] for key in ("42", "43")]
    events = parse_export(json.dumps({"results": rows}).encode())
    assert [event.key for event in events] == ["42", "43"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{}", "it holds no event"),
        (b"[]", "it holds no event"),
        (b'{"results": []}', "set INDICO_TOKEN"),
        (b'{"results": [{"id": "42"}]}', "it holds no event"),
        (export(ROW)[:-1], "it is not JSON"),
    ],
)
def test_parse_export_takes_what_holds_no_event_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_export(body)


def test_parse_export_says_that_contributions_were_not_asked_for() -> None:
    (event,) = parse_export(real("indico/event_0.json"))
    assert event == Imported(
        key="137346",
        name="Export Test",
        start=date(2011, 6, 23),
        end=date(2011, 6, 24),
        timezone="Europe/Zurich",
        venue="CERN",
        website="http://indico.server/conferenceDisplay.py?confId=137346",
        skipped=(
            "event 137346: it has no contributions; ask for them with ?detail=subcontributions",
        ),
    )


def test_parse_export_reads_a_real_category() -> None:
    events = parse_export(real("indico/categ_0.json"))
    assert [(event.key, event.name) for event in events] == [
        ("137344", "Test EPayment"),
        ("137346", "Export Test"),
    ]
