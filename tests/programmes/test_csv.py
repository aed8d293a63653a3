from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.model import Expectation, Imported, Link, Speaker, Talk
from pipeline.programmes.csv import CsvProgramme
from tests.builders import no_secret
from tests.programmes.case import SHARED, Case
from tests.sources.fakes import NO_NETWORK, FakeFetch

URL = "https://teaconf.example.org/talks.csv"
HEADER = (
    "Title,Speakers,Abstract,Session type,Date,Start time,End time,Duration,Language,Track,Tags,"
    "ID,Link,Video,Slides,Do not record,Company\n"
)
TABLE = (
    f'{HEADER}Brewing Tea,Ada Example,"From one cup,\nto many.",Keynote,2031-05-17,10:00,11:30,,'
    'en,Kettles,"leaf, pot",A1,https://teaconf.example.org/a1,https://youtu.be/tea00000001,'
    "https://example.org/a.pdf,no,Kettle Works\n"
    'Cold Tea,"Grace Sample; Hugo Muster",,,2031-05-18,,,0:45,,,,B2,,,,yes,\n'
)

CASES = {
    "csv": Case("csv", URL, TABLE.encode()),
    "csv-file": Case("csv", "talks.csv", TABLE.replace(",", "\t").encode(), file="talks.csv"),
    "csv-speakers": Case(
        "csv",
        URL,
        b"Title,Who\nBrewing Tea,1\nCold Tea,2\n",
        options={"speakers": "Who", "speakers_file": "people.csv"},
        others={"https://teaconf.example.org/people.csv": b"id,name\n1,Ada\n2,Grace\n"},
    ),
}


def read(text: str, options: Mapping[str, str] = {}, **others: str) -> Imported:
    bodies = {
        f"https://teaconf.example.org/{name}.csv": body.encode() for name, body in others.items()
    }
    made = CsvProgramme(options, secret=no_secret)
    (found,) = made.read(FakeFetch({URL: text.encode(), **bodies}), URL)
    return found


def refused(text: str, options: Mapping[str, str] = {}) -> str:
    with pytest.raises(SourceError) as caught:
        read(text, options)
    return caught.value.message.removeprefix(f"the programme {URL} cannot be read: ")


def test_csv_reads_columns_that_carry_obvious_names() -> None:
    assert read(TABLE) == Imported(
        start=date(2031, 5, 17),
        end=date(2031, 5, 18),
        talks=(
            Talk(
                id="brewing-tea",
                title="Brewing Tea",
                speakers=(Speaker(name="Ada Example", affiliation="Kettle Works"),),
                summary="From one cup,\nto many.",
                kind="keynote",
                day=date(2031, 5, 17),
                length=timedelta(minutes=90),
                language="en",
                track="Kettles",
                tags=("leaf", "pot"),
                codes=("A1",),
                url="https://teaconf.example.org/a1",
                recordings=("youtube:tea00000001",),
                slides=(Link(url="https://example.org/a.pdf", label="Slides"),),
            ),
            Talk(
                id="cold-tea",
                title="Cold Tea",
                speakers=(Speaker(name="Grace Sample"), Speaker(name="Hugo Muster")),
                day=date(2031, 5, 18),
                length=timedelta(minutes=45),
                codes=("B2",),
                expectation=Expectation.NOT_RECORDED,
            ),
        ),
    )


def test_csv_reads_columns_that_options_name() -> None:
    options = {
        "title": "Session Title",
        "speakers": "owner",
        "separator": " & ",
        "code": "Nr",
        "length": "How long",
        "length_in": "seconds",
        "day": "When",
        "day_format": "%d.%m.%Y",
        "track": "none",
    }
    table = (
        "Session Title;Owner;Nr;How long;When;Track\n"
        "Cold Tea;Ada Example & Grace Sample, PhD;7;2700;17.05.2031;Hall\n"
    )
    assert read(table, options).talks == (
        Talk(
            id="cold-tea",
            title="Cold Tea",
            speakers=(Speaker(name="Ada Example"), Speaker(name="Grace Sample, PhD")),
            codes=("7",),
            length=timedelta(minutes=45),
            day=date(2031, 5, 17),
        ),
    )


def test_csv_gives_times_with_an_offset_in_the_zone_of_the_option() -> None:
    found = read(
        "title,start,end\nLate Tea,2031-05-17T23:30:00Z,2031-05-18T00:15:00Z\n",
        {"timezone": "Europe/Berlin"},
    )
    assert (found.timezone, found.talks[0].day, found.talks[0].length) == (
        "Europe/Berlin",
        date(2031, 5, 18),
        timedelta(minutes=45),
    )


@pytest.mark.parametrize("by", ["k1", "ADA EXAMPLE"])
def test_csv_joins_a_file_of_speakers_by_id_or_name(by: str) -> None:
    people = "ID,Name,Your job,Firm\nk1,Ada Example,Brewer,Kettle Works\n"
    options = {
        "speakers_file": "people.csv",
        "speaker_role": "Your job",
        "speaker_affiliation": "Firm",
    }
    found = read(f"title,speakers\nCold Tea,{by}\n", options, people=people)
    assert found.talks[0].speakers == (
        Speaker(name="Ada Example", role="Brewer", affiliation="Kettle Works"),
    )


def test_csv_names_a_speaker_id_that_the_file_of_speakers_lacks() -> None:
    found = read(
        "title,speakers\nCold Tea,k1;k9\n",
        {"speakers_file": "people.csv"},
        people="id,first name,last name\nk1,Ada,Example\n",
    )
    assert (found.talks[0].speakers, found.skipped) == (
        (Speaker(name="Ada Example"),),
        ("line 2: speaker 'k9' is not in the file of speakers, and is left out",),
    )


def test_csv_takes_roles_that_stand_beside_several_speakers() -> None:
    found = read("title,speakers,role\nTea,Ada Example;Grace Sample,Brewer;Taster\n")
    assert [one.role for one in found.talks[0].speakers] == ["Brewer", "Taster"]


def test_csv_skips_and_names_what_it_cannot_read() -> None:
    table = (
        "title,speakers,day,length,language,video,state,url\n"
        "One,Ada,tomorrow,long,Klingon speech,https://youtu.be/,confirmed,teaconf\n"
        ",,2031-05-17,,,,,\n"
        "Two,Grace,,,,,rejected,\n"
        "Three,Grace,,,,,canceled,\n"
        "Four\n"
        "Lunch,,,,,,,\n"
    )
    found = read(table)
    assert [(talk.title, talk.expectation) for talk in found.talks] == [
        ("One", Expectation.EXPECTED),
        ("Three", Expectation.CANCELLED),
    ]
    assert found.skipped == (
        (
            "line 2: day: 'tomorrow' is no day; write 2031-05-17, or say how days are written "
            "with `day_format`, such as %d.%m.%Y"
        ),
        "line 2: length: 'long' is no length of a talk; write 45 (minutes), 0:45 or PT45M",
        "line 2: language: 'Klingon speech' is no language tag; write en or pt-BR",
        "line 2: url: 'teaconf' is no web address; write it with https://",
        "line 2: recording: 'https://youtu.be/' does not name one video",
        "line 3: it has neither a title nor a speaker",
        "line 4: 'Two' is left out, because of its state",
        "line 6: it has 1 fields and the header has 8; check its quotes",
        "line 7: 'Lunch' looks like a break or a service, not like a talk",
    )


@pytest.mark.parametrize(
    ("column", "value"), [("do not record", "maybe"), ("expectation", "embargoed")]
)
def test_csv_keeps_a_talk_back_whose_consent_it_cannot_read(column: str, value: str) -> None:
    found = read(f"title,{column}\nCold Tea,{value}\n")
    assert found.talks[0].expectation is Expectation.WITHHELD
    assert "the talk is imported as withheld until this can be read" in found.skipped[0]


def test_csv_says_that_no_row_fits_the_header() -> None:
    why = r"none of its 2 rows fits its header \(line 2: it has 1 fields and the header has 2"
    with pytest.raises(SourceError, match=why):
        read("title,speakers\nCold Tea\nHot Tea\n")


def test_csv_reads_an_embargo() -> None:
    (talk,) = read("title,expectation\nCold Tea,embargoed until 2031-06-01\n").talks
    assert (talk.expectation, talk.embargo) == (Expectation.EMBARGOED, date(2031, 6, 1))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("45 min", 45),
        ("1.5h", 90),
        ("1:30", 90),
        ("25:00", 25),
        ("0:25:00", 25),
        ("PT45M", 45),
    ],
)
def test_csv_reads_lengths_as_people_write_them(text: str, minutes: int) -> None:
    (talk,) = read(f"title,length\nCold Tea,{text}\n").talks
    assert talk.length == timedelta(minutes=minutes)


def test_csv_takes_a_code_or_recording_of_two_talks_from_both() -> None:
    found = read(
        "title,id,video\nOne,7,https://youtu.be/tea00000001\nTwo,7,https://youtu.be/tea00000001\n"
    )
    assert [(talk.codes, talk.recordings) for talk in found.talks] == [((), ()), ((), ())]
    assert found.skipped == (
        "the code '7' is that of several talks, so it is nobody's",
        "the recording youtube:tea00000001 is that of several talks, so it is nobody's",
    )


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (
            "Name,Owner\nCold Tea,Ada\n",
            {},
            (
                "it has no column 'title'\nIts columns are: Name, Owner.\n"
                "Say which of them is the title with the option `title`"
            ),
        ),
        (
            "Session,Owner\nCold Tea,Ada\n",
            {"speakers": "Ownr"},
            (
                "it has no column 'Ownr'; did you mean 'Owner'?\nIts columns are: Session, Owner.\n"
                "Say which of them is the speakers with the option `speakers`"
            ),
        ),
        ("title\n", {}, "it is empty; is it the right file?"),
        (
            'title\n"Cold" Tea\n',
            {},
            ("line 2 is no CSV (',' expected after '\"'); export it again, as CSV in UTF-8"),
        ),
    ],
)
def test_csv_says_why_a_table_cannot_be_read(
    text: str, options: Mapping[str, str], message: str
) -> None:
    assert refused(text, options) == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"titel": "x"}, "programme of kind 'csv' has no option 'titel'; did you mean 'title'?"),
        (
            {"length_in": "days"},
            (
                "programme of kind 'csv': length_in: 'days' is not known; "
                "write one of seconds, minutes, hours"
            ),
        ),
        (
            {"timezone": "Teatime"},
            (
                "programme of kind 'csv': timezone: 'Teatime' is not known; "
                "write one such as Europe/Berlin"
            ),
        ),
    ],
)
def test_csv_refuses_wrong_options(options: Mapping[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        CsvProgramme(options, secret=no_secret)
    assert caught.value.message == message


@pytest.mark.skipif(not SHARED.exists(), reason="real exports are not beside this checkout")
def test_csv_reads_a_real_export_with_its_speakers() -> None:
    """Counted with a spreadsheet: 28 sessions, one without speakers; every speaker has a job."""
    options = {
        "speakers_file": "droidcon-2025_speakers.csv",
        "speaker_role": "Your job title",
        "speaker_affiliation": "Your company",
    }
    path = Path(SHARED, "csv", "droidcon-2025_sessions.csv")
    (found,) = CsvProgramme(options, secret=no_secret).read(NO_NETWORK, str(path))
    people = [one for talk in found.talks for one in talk.speakers]
    assert (
        len(found.talks),
        len(people),
        sum(bool(one.role and one.affiliation) for one in people),
        sum(not talk.speakers for talk in found.talks),
        (found.start, found.end),
        {talk.length for talk in found.talks},
        found.skipped,
    ) == (
        28,
        30,
        30,
        1,
        (date(2025, 11, 19), date(2025, 11, 20)),
        {timedelta(minutes=minutes) for minutes in (40, 45, 50)},
        (),
    )
