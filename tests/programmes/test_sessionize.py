from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.errors import SourceError
from pipeline.model import Imported, Link, Speaker, Talk
from pipeline.programmes.sessionize import parse_address, parse_all
from tests.programmes.case import Case, real

ALL = "https://sessionize.com/api/v2/tea12345/view/All"
ROW: dict[str, object] = {
    "id": "101",
    "title": "Brewing Tea",
    "description": "Hot.",
    "startsAt": "2031-05-17T23:30:00",
    "endsAt": "2031-05-18T00:15:00",
    "isServiceSession": False,
    "speakers": ["ada"],
    "categoryItems": [1, 2, 3, 4],
    "questionAnswers": [
        {"questionId": 9, "answerValue": "https://www.youtube.com/live/tea00000001?si=x"},
        {"questionId": 8, "answerValue": "https://a.example.org/a.pdf"},
        {"questionId": 7, "answerValue": "Bring a cup"},
    ],
    "recordingUrl": None,
    "status": "Accepted",
}
OTHER = ROW | {
    "id": 102,
    "title": "Green Tea",
    "questionAnswers": [],
    "recordingUrl": "https://vimeo.com/76979871",
}
SERVICE = {"id": "7", "title": "Opening hours", "isServiceSession": True, "speakers": []}
SPEAKER = {
    "id": "ada",
    "firstName": "Ada",
    "lastName": "Example",
    "fullName": "Ada Example",
    "tagLine": "Brewer at Teapot",
    "links": [{"title": "Blog", "url": "https://ada.example.org/", "linkType": "Blog"}],
}
CATEGORIES = [
    {"id": 1, "title": "Session format", "items": [{"id": 1, "name": "Workshop (2 h)"}]},
    {"id": 2, "title": "Track", "items": [{"id": 2, "name": "Kettles"}]},
    {"id": 3, "title": "Language", "items": [{"id": 3, "name": "German"}]},
    {"id": 4, "title": "Level", "items": [{"id": 4, "name": "Advanced"}]},
]
TALK = Talk(
    id="brewing-tea",
    title="Brewing Tea",
    speakers=(
        Speaker(
            name="Ada Example", role="Brewer", affiliation="Teapot", url="https://ada.example.org/"
        ),
    ),
    summary="Hot.",
    kind="workshop",
    day=date(2031, 5, 17),
    length=timedelta(minutes=45),
    language="de",
    track="Kettles",
    tags=("Advanced",),
    slides=(Link(url="https://a.example.org/a.pdf", label="Slides"),),
    codes=("101",),
    recordings=("youtube:tea00000001",),
)
GREEN = replace(
    TALK,
    id="green-tea",
    title="Green Tea",
    codes=("102",),
    slides=(),
    recordings=("vimeo:76979871",),
)


def view(*sessions: object, **more: object) -> bytes:
    document = {
        "sessions": sessions,
        "speakers": [SPEAKER],
        "questions": [
            {"id": 9, "question": "YouTube Video"},
            {"id": 8, "question": "Slides"},
            {"id": 7, "question": "Remarks"},
        ],
        "categories": CATEGORIES,
        "rooms": [],
    }
    return json.dumps({**document, **more}).encode()


CASES = {
    "sessionize": Case(
        kind="sessionize", where="tea12345", address=ALL, body=view(ROW, OTHER, SERVICE)
    ),
    "sessionize-file": Case(
        kind="sessionize", where="all.json", file="all.json", body=view(ROW, OTHER)
    ),
}


def test_sessionize_programme_reads_an_endpoint_by_its_id() -> None:
    case = CASES["sessionize"]
    assert case.read(case.body) == (
        Imported(start=date(2031, 5, 17), end=date(2031, 5, 17), talks=(TALK, GREEN)),
    )


@pytest.mark.parametrize(
    ("where", "address"),
    [
        ("tea12345", ALL),
        ("https://sessionize.com/api/v2/tea12345", ALL),
        ("https://sessionize.com/api/v2/tea12345/view/GridSmart?x=1", ALL),
        ("http://127.0.0.1:8000/api/v2/tea12345", "http://127.0.0.1:8000/api/v2/tea12345/view/All"),
        ("https://teaconf.example.org/all.json", "https://teaconf.example.org/all.json"),
        ("sessions.json", "sessions.json"),
    ],
)
def test_parse_address_finds_view_all(where: str, address: str) -> None:
    assert parse_address(where) == address


def test_parse_all_names_what_it_leaves_out() -> None:
    rows = [ROW, OTHER | {"status": "Declined"}, {"title": "Tea"}, OTHER | {"speakers": ["bo"]}]
    read = parse_all(view(*rows))
    assert read.talks == (TALK, replace(GREEN, speakers=()))
    assert read.skipped == (
        "session 2 (Green Tea): it is declined",
        "session 3 (Tea): it has no id, so it is no session of Sessionize's",
        "session 4 (Green Tea): one of its speakers is not in the list of speakers",
    )


def test_parse_all_gives_one_stream_of_two_sessions_to_neither() -> None:
    read = parse_all(view(ROW, OTHER | {"recordingUrl": "https://youtu.be/tea00000001"}))
    assert [talk.recordings for talk in read.talks] == [(), ()]
    assert read.skipped == (
        "session 1 (Brewing Tea): its recording youtube:tea00000001 is that of other talks as well",
        "session 2 (Green Tea): its recording youtube:tea00000001 is that of other talks as well",
    )


@pytest.mark.parametrize(
    "question", ["Link to a video of an earlier talk", "Intro video", "Video", "YouTube channel"]
)
def test_parse_all_takes_no_other_video_for_the_recording(question: str) -> None:
    read = parse_all(view(ROW, questions=[{"id": 9, "question": question}]))
    assert read.talks[0].recordings == ()
    assert read.talks[0].links[0] == Link(
        url="https://www.youtube.com/live/tea00000001?si=x", label=question
    )


def test_parse_all_keeps_a_tag_line_that_names_no_employer_whole() -> None:
    read = parse_all(view(ROW, speakers=[SPEAKER | {"tagLine": "MVP | Teapot", "links": []}]))
    assert read.talks[0].speakers == (Speaker(name="Ada Example", role="MVP | Teapot"),)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{}", "it has no `sessions`"),
        (b"[]", "it has no `sessions`"),
        (view(), "the list is empty"),
        (view(7), "it has no id"),
        (view(ROW)[:-2], "it is not JSON"),
    ],
)
def test_parse_all_takes_what_holds_no_talk_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_all(body)


def test_parse_all_reads_a_real_event() -> None:
    body = real("sessionize/globalazure_all.json")
    links = [
        answer["answerValue"]
        for session in json.loads(body)["sessions"]
        for answer in session["questionAnswers"]
        if answer["questionId"] == 71788
    ]
    alone = [link for link in links if links.count(link) == 1]
    read = parse_all(body)
    assert len(read.talks) == body.count(b'"isServiceSession": false') == 13
    assert sum(len(talk.recordings) for talk in read.talks) == len(alone) == 11
    assert sum(len(talk.speakers) for talk in read.talks) == sum(
        len(session["speakers"]) for session in json.loads(body)["sessions"]
    )
