from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.model import Imported, Speaker, Talk
from pipeline.programmes.json import JsonProgramme
from tests.builders import no_secret
from tests.programmes.case import SHARED, Case
from tests.sources.fakes import NO_NETWORK, FakeFetch

URL = "https://teaconf.example.org/sessions.json"
PEOPLE = "https://teaconf.example.org/speakers.json"
SESSIONS = {
    "AAA111": {
        "title": "Brewing Tea",
        "speakers": ["S1", "S2"],
        "session_type": "Talk (long session)",
        "duration": "45",
        "start": "2031-05-17T10:00:00+02:00",
        "youtube_url": "https://www.youtube.com/watch?v=tea00000001",
        "website_url": "https://teaconf.example.org/brewing-tea",
    },
    "BBB222": {"code": "B2", "title": "Cold Tea", "speakers": ["S2"], "start": None},
}
SPEAKERS = {
    "S1": {"name": "Ada Example", "affiliation": "Kettle Works", "homepage": None},
    "S2": {"code": "S2", "name": "Grace Sample"},
}
CASES = {
    "json": Case("json", URL, json.dumps(list(SESSIONS.values()), indent=1).encode()),
    "json-keyed": Case("json", URL, json.dumps(SESSIONS, indent=1).encode()),
    "json-speakers": Case(
        "json",
        URL,
        json.dumps({"sessions": SESSIONS}).encode(),
        options={"items": "sessions", "speakers_file": "speakers.json"},
        others={PEOPLE: json.dumps(SPEAKERS).encode()},
    ),
}


def read(document: object, **options: str) -> Imported:
    made = JsonProgramme(options, secret=no_secret)
    bodies: dict[str, bytes | None] = {
        URL: json.dumps(document).encode(),
        PEOPLE: json.dumps({"people": SPEAKERS}).encode(),
    }
    (found,) = made.read(FakeFetch(bodies), URL)
    return found


def test_json_reads_sessions_by_code_with_a_file_of_speakers() -> None:
    found = read(SESSIONS, speakers_file="speakers.json", speakers_items="people")
    assert found == Imported(
        start=date(2031, 5, 17),
        end=date(2031, 5, 17),
        talks=(
            Talk(
                id="brewing-tea",
                title="Brewing Tea",
                speakers=(
                    Speaker(name="Ada Example", affiliation="Kettle Works"),
                    Speaker(name="Grace Sample"),
                ),
                day=date(2031, 5, 17),
                length=timedelta(minutes=45),
                codes=("AAA111",),
                url="https://teaconf.example.org/brewing-tea",
                recordings=("youtube:tea00000001",),
            ),
            Talk(
                id="cold-tea",
                title="Cold Tea",
                speakers=(Speaker(name="Grace Sample"),),
                codes=("B2",),
            ),
        ),
    )


def test_json_names_the_lists_there_are() -> None:
    with pytest.raises(SourceError) as caught:
        read({"version": 1, "conf": {"sessions": []}, "speakers": []})
    assert caught.value.message == (
        f"the programme {URL} cannot be read: it is no list; name one with the option `items`. "
        "Its lists are: speakers, conf.sessions"
    )


def test_json_skips_an_item_that_is_no_mapping() -> None:
    found = read([{"title": "Cold Tea"}, 7])
    assert (len(found.talks), found.skipped) == (
        1,
        ("item 2: it is no mapping of columns to values",),
    )


def test_json_refuses_a_role_that_stands_nowhere() -> None:
    with pytest.raises(SourceError, match="it has no column 'job'"):
        read([{"title": "Cold Tea", "speakers": [{"name": "Ada Example"}]}], speaker_role="job")


@pytest.mark.skipif(not SHARED.exists(), reason="real exports are not beside this checkout")
def test_json_reads_a_real_export_with_its_speakers() -> None:
    """Two sessions stand in the file; of their three speakers the other file has one."""
    folder = Path(SHARED, "europython-api")
    made = JsonProgramme({"speakers_file": "europython_speakers.json"}, secret=no_secret)
    (found,) = made.read(NO_NETWORK, str(folder / "europython_sessions.json"))
    assert [
        (talk.codes[0], len(talk.speakers), talk.length, talk.recordings) for talk in found.talks
    ] == [
        ("A8CD3F", 1, timedelta(minutes=45), ("youtube:01234567890",)),
        ("B8CD4F", 0, timedelta(minutes=30), ("youtube:12345679012",)),
    ]
    assert len(found.skipped) == 2
