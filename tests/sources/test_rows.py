from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.model import Access, Cue, Listing, Video
from pipeline.sources._rows import thumbnail
from pipeline.sources.file import parse_list
from tests.builders import video

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "yt-dlp"
ROW = {"url": "https://youtu.be/tea00000001", "title": "Brewing Tea"}
TEA = video(title="Brewing Tea")


def parse(text: str) -> Listing:
    return parse_list(text.encode(), where="list")


def one(row: dict[str, object]) -> Video:
    listing = parse(json.dumps([row]))
    assert listing.skipped == ()
    return listing.videos[0]


def skipped(row: object) -> str:
    listing = parse(json.dumps([row, ROW]))
    assert listing.videos == (TEA,)
    return listing.skipped[0]


def test_a_row_has_every_field() -> None:
    assert one(
        {
            "id": "tea00000001",
            "title": "Brewing\u202e  Tea",
            "length": "1:02:03",
            "published": "2031-05-20T09:30:00.5+02:00",
            "language": "pt-BR",
            "channel": "TeaConf",
            "thumbnail": "https://img.example.org/1.jpg",
            "description": "https://example.org/talk\n0:00 Intro\n1:00 Tea\n2:00 End",
            "access": "Unlisted",
        }
    ) == Video(
        key="youtube:tea00000001",
        url="https://www.youtube.com/watch?v=tea00000001",
        title="Brewing Tea",
        duration=timedelta(hours=1, minutes=2, seconds=3),
        language="pt-BR",
        channel="TeaConf",
        platform_date=datetime(2031, 5, 20, 7, 30, tzinfo=UTC),
        access=Access.UNLISTED,
        thumbnail="https://img.example.org/1.jpg",
        anchors=("https://example.org/talk",),
        cues=(
            Cue(start=timedelta(0), label="Intro"),
            Cue(start=timedelta(minutes=1), label="Tea"),
            Cue(start=timedelta(minutes=2), label="End"),
        ),
    )


def test_a_row_may_be_a_bare_address() -> None:
    url = "https://video.example.org/w/second-steep"
    assert parse(json.dumps([url])).videos == (Video(key=f"url:{url}", url=url),)


def test_a_row_with_key_and_address_keeps_both() -> None:
    url = "https://video.example.org/v/talk-1"
    assert one({"id": "peertube:talk-1", "url": url}) == Video(key="peertube:talk-1", url=url)


@pytest.mark.parametrize(
    ("value", "length"),
    [
        ("24:26", timedelta(minutes=24, seconds=26)),
        ("90:00", timedelta(minutes=90)),
        ("1:02:03", timedelta(hours=1, minutes=2, seconds=3)),
        ("PT24M26S", timedelta(minutes=24, seconds=26)),
        ("PT1H", timedelta(hours=1)),
        ("P1DT1S", timedelta(days=1, seconds=1)),
        ("PT26.9S", timedelta(seconds=26)),
        (1466, timedelta(minutes=24, seconds=26)),
        (1465.7, timedelta(minutes=24, seconds=26)),
        (0, None),
        ("0:00", None),
        ("", None),
        (None, None),
    ],
)
def test_a_length_is_read(value: object, length: timedelta | None) -> None:
    assert one({**ROW, "length": value}).duration == length


def test_a_length_in_seconds_is_read_from_csv() -> None:
    listing = parse("id,length\ntea00000001,1466\n")
    assert listing.videos == (video(title=None, duration=timedelta(minutes=24, seconds=26)),)


@pytest.mark.parametrize("value", ["PT", "P", "PT1Y", "24.26", "1:60", "1:02:60", "٢٤:٢٦", "tea"])
def test_a_length_that_is_none_skips_its_row(value: str) -> None:
    assert skipped({**ROW, "length": value}).endswith(
        f"length: {value!r} is no length; write 24:26, 1:02:03 or PT24M26S"
    )


@pytest.mark.parametrize("value", [-1, 1e300, 604_801, "PT9999H"])
def test_a_length_out_of_reason_skips_its_row(value: object) -> None:
    assert skipped({**ROW, "length": value}).endswith("is not between 0 and 7 days")


def test_a_bare_number_of_a_length_in_yaml_skips_its_row() -> None:
    listing = parse("- id: tea00000001\n  length: 24\n- id: tea00000002\n")
    assert listing.skipped == (
        'video 1 (tea00000001): length: 24 may be minutes or seconds; write "24:26", in quotes',
    )


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2031-05-20", datetime(2031, 5, 20, tzinfo=UTC)),
        ("2031-05-20T09:30:00Z", datetime(2031, 5, 20, 9, 30, tzinfo=UTC)),
        ("2031-05-20 09:30-07:00", datetime(2031, 5, 20, 16, 30, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_time_is_read_as_utc(value: str, moment: datetime | None) -> None:
    assert one({**ROW, "published": value}).platform_date == moment


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("2031-05-20T09:30:00", "has no offset; add Z for UTC, or one such as +02:00"),
        ("20 May 2031", "is no time; write 2031-05-17 or 2031-05-17T09:30:00Z"),
        ("0001-01-01T00:00:00+12:00", "is no time; write 2031-05-17 or 2031-05-17T09:30:00Z"),
    ],
)
def test_a_time_that_is_none_skips_its_row(value: str, why: str) -> None:
    assert skipped({**ROW, "published": value}) == (
        f"video 1 (https://youtu.be/tea00000001): published: {value!r} {why}"
    )


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (
            None,
            "video 1: it is neither a mapping nor an address; write `url:` and `title:`",
        ),
        (
            {"title": "Tea"},
            "video 1: it has neither `url` nor `id`; paste the video's address as `url`",
        ),
        ({"url": ROW["url"], "titel": "Tea"}, "there is no field 'titel'; did you mean 'title'?"),
        ({"url": ROW["url"], "x": 1}, "there is no field 'x'; known: url, id, title, length,"),
        ({"url": "javascript:alert(1)"}, "url: 'javascript:alert(1)' is no web address"),
        ({"url": "https://e.example.org/a b"}, "is no web address; write it with https://"),
        ({"url": "https://[::1"}, "is no web address; write it with https://"),
        ({"url": "https://youtube.com/@tea"}, "does not name one video; paste its address"),
        ({"id": "tea"}, "'tea' does not name one video; paste its address"),
        (
            {"id": "peertube:talk"},
            "id: 'peertube:talk' does not tell where the video is; add its `url`",
        ),
        ({**ROW, "title": ["Tea"]}, "title: it must be text; put it in quotes"),
        ({**ROW, "title": True}, "title: it must be text; put it in quotes"),
        ({**ROW, "language": "english!"}, "language: 'english!' is no language tag"),
        ({**ROW, "thumbnail": "1.jpg"}, "thumbnail: '1.jpg' is no web address"),
        ({**ROW, "length": [[]]}, "length: it must be text; put it in quotes"),
        ({**ROW, "published": 20310520}, "published: it must be text; put it in quotes"),
        ({**ROW, "access": "privat"}, "access: 'privat' is not known; did you mean 'private'?"),
        ({**ROW, "access": "x"}, "access: 'x' is not known; known: public, unlisted, private,"),
    ],
)
def test_a_bad_row_stops_only_itself(row: object, why: str) -> None:
    assert why in skipped(row)


def test_a_csv_row_of_another_width_stops_only_itself() -> None:
    listing = parse("id,title\ntea00000001,Brewing Tea\n\ntea00000002,Tea, again\n")
    assert listing == Listing(
        videos=(TEA,),
        skipped=("line 4: it has 3 fields and the first row has 2; check its quotes",),
    )


ENTRY = {"ie_key": "Youtube", "id": "tea00000001", "title": "Brewing Tea"}


def entry(**more: object) -> Video:
    return parse(json.dumps({"entries": [{**ENTRY, **more}]})).videos[0]


def test_yt_dlp_entry_is_read() -> None:
    assert entry(
        duration=1466.0,
        channel=None,
        uploader="TeaConf",
        language="en",
        timestamp=1937000000,
        thumbnails=[{"url": "https://i.example.org/s.jpg"}, {"url": "https://i.example.org/l.jpg"}],
        description="https://example.org/talk",
    ) == video(
        title="Brewing Tea",
        duration=timedelta(minutes=24, seconds=26),
        channel="TeaConf",
        language="en",
        thumbnail="https://i.example.org/l.jpg",
        anchors=("https://example.org/talk",),
    )


@pytest.mark.parametrize(
    "told",
    [
        "https://i2.ytimg.com/vi/tea00000001/hqdefault.jpg",
        "https://i.ytimg.com/vi/tea00000001/maxresdefault.jpg",
        "https://i.ytimg.com/vi_webp/tea00000001/sddefault.webp",
        "https://i.ytimg.com/vi/tea00000001/hq720.jpg?sqp=-oaymwEcCNAFEJQDSFXyq4qpAw4IARUAAIhC",
    ],
)
def test_thumbnail_of_youtube_is_the_wide_one_that_every_video_has(told: str) -> None:
    assert thumbnail(told) == "https://i.ytimg.com/vi/tea00000001/mqdefault.jpg"


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ("https://i.example.org/vi/tea00000001/hqdefault.jpg",) * 2,
        ("https://ytimg.com.example.org/vi/tea00000001/1.jpg",) * 2,
        (" https://i.example.org/1.jpg\u200b", "https://i.example.org/1.jpg"),
        ("data:image/png;base64,AA", None),
        ("", None),
    ],
)
def test_thumbnail_of_others_is_the_one_that_was_told(told: str, taken: str | None) -> None:
    assert thumbnail(told) == taken


def test_yt_dlp_lines_are_read() -> None:
    lines = json.dumps(ENTRY) + "\n" + json.dumps({**ENTRY, "id": "tea00000002"}) + "\n\n"
    assert parse(lines) == Listing(videos=(TEA, video("tea00000002", "Brewing Tea")))


def test_yt_dlp_single_line_is_read() -> None:
    assert parse(json.dumps(ENTRY)) == Listing(videos=(TEA,))


def test_yt_dlp_tabs_of_a_channel_are_read_in_order() -> None:
    tabs = [{"entries": [ENTRY, {**ENTRY, "id": "tea00000002"}]}, {**ENTRY, "id": "tea00000003"}]
    keys = [one.key for one in parse(json.dumps({"entries": tabs})).videos]
    assert keys == ["youtube:tea00000001", "youtube:tea00000002", "youtube:tea00000003"]


@pytest.mark.parametrize(
    ("fields", "access"),
    [
        ({"availability": None}, Access.PUBLIC),
        ({"availability": "public"}, Access.PUBLIC),
        ({"availability": "unlisted"}, Access.UNLISTED),
        ({"availability": "private"}, Access.PRIVATE),
        ({"availability": "premium_only"}, Access.MEMBERS),
        ({"availability": "subscriber_only"}, Access.MEMBERS),
        ({"availability": "needs_auth"}, Access.MEMBERS),
        ({"live_status": "is_upcoming"}, Access.UPCOMING),
        ({"live_status": "is_live"}, Access.LIVE),
        ({"live_status": "was_live"}, Access.PUBLIC),
        ({"live_status": "is_live", "availability": "private"}, Access.PRIVATE),
    ],
)
def test_yt_dlp_access_is_read(fields: dict[str, object], access: Access) -> None:
    assert entry(**fields) == video(title="Brewing Tea", access=access)


@pytest.mark.parametrize(
    ("title", "access"),
    [("[Private video]", Access.PRIVATE), ("[Deleted video]", Access.DELETED)],
)
def test_yt_dlp_placeholder_title_is_no_title(title: str, access: Access) -> None:
    assert entry(title=title) == video(title=None, access=access)


@pytest.mark.parametrize(
    "fields",
    [
        {"duration": "long"},
        {"duration": 1e12},
        {"language": "english!"},
        {"thumbnail": "data:image/png"},
        {"thumbnails": ["x"]},
        {"description": 7},
        {"channel": ["x"]},
    ],
)
def test_yt_dlp_odd_field_does_not_lose_the_video(fields: dict[str, object]) -> None:
    assert entry(**fields) == TEA


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (None, "video 1: yt-dlp could not read this entry"),
        ({"ie_key": "YoutubeTab", "id": "x"}, "it is a list, not a video"),
        ({"ie_key": "Youtube", "id": "x"}, "'x' does not name one video; paste its address"),
        ({"ie_key": "Vimeo", "id": "7", "url": "vimeo:7"}, ""),
        ({"ie_key": "Generic", "id": "7", "url": "peertube:7"}, "'peertube:7' has no web address"),
    ],
)
def test_yt_dlp_bad_entry_stops_only_itself(bad: object, why: str) -> None:
    listing = parse(json.dumps({"entries": [bad, ENTRY]}))
    assert TEA in listing.videos
    assert why in "".join(listing.skipped)


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("playlist_flat_continuations.json", 17, "youtube:UKwSQSFN4Nw"),
        ("playlist_flat_course.json", 14, "youtube:VBI6TSo8Zog"),
    ],
)
def test_yt_dlp_real_playlist_is_read(name: str, count: int, first: str) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    listing = parse_list(path.read_bytes(), where=name)
    assert (len(listing.videos), listing.videos[0].key, listing.skipped) == (count, first, ())
    assert all(one.title and one.duration and one.thumbnail for one in listing.videos)


def test_yt_dlp_record_without_an_id_is_unknown() -> None:
    path = SHARED / "minimal_metadata_tubesync.json"
    if not path.exists():
        pytest.skip("the real record is not beside this checkout")
    with pytest.raises(SourceError):
        parse_list(path.read_bytes(), where="minimal.json")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELD = st.sampled_from(
    [*ROW, "id", "length", "published", "access", "language", "duration", "thumbnails", "entries"]
)


@given(
    st.lists(st.dictionaries(FIELD, ANYTHING, max_size=5) | ANYTHING, max_size=4),
    st.sampled_from(["videos", "entries"]),
)
def test_any_row_is_a_video_or_skipped_or_makes_the_list_unknown(
    rows: list[object], name: str
) -> None:
    try:
        listing = parse(json.dumps({name: rows}))
    except SourceError:
        return
    assert len({one.key for one in listing.videos}) == len(listing.videos)
