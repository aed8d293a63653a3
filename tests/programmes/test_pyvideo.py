from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.model import Imported, Link, Speaker, Talk
from pipeline.programmes.pyvideo import PyvideoProgramme, parse_category
from tests.builders import no_secret
from tests.programmes.case import Case
from tests.sources.fakes import NO_NETWORK

CATEGORY = {"title": "TeaConf 2031", "url": "https://teaconf.example.org/", "description": "Tea."}
BREWING: dict[str, object] = {
    "id": 7001,
    "slug": "brewing-tea",
    "title": "Brewing Tea",
    "description": "From one cup to many.",
    "summary": "",
    "speakers": ["Ada Example", "Grace Sample"],
    "recorded": "2031-05-18T10:00:00+02:00",
    "language": "deu",
    "duration": 1466,
    "tags": ["keynote", "leaf"],
    "related_urls": [
        {"label": "talk slides", "url": "https://example.org/a.pdf"},
        "https://speakerdeck.com/example/tea",
        {"label": "Conference schedule", "url": "https://teaconf.example.org/schedule"},
    ],
    "videos": [
        {"type": "youtube", "url": "https://www.youtube.com/watch?v=tea00000001"},
        {"type": "mp4", "url": "https://video.example.org/tea.mp4"},
    ],
}
COLD: dict[str, object] = {
    "title": "Cold Tea",
    "description": "",
    "speakers": [],
    "recorded": "2031-05-17",
    "videos": [{"type": "youtube", "url": "https://youtu.be/tea00000002"}],
}


def body(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


VIDEOS = {
    "teaconf-2031/videos/brewing-tea.json": body(BREWING),
    "teaconf-2031/videos/cold-tea.json": body(COLD),
}
CASES = {
    "pyvideo": Case(
        "pyvideo",
        "teaconf-2031",
        body(CATEGORY),
        file="teaconf-2031/category.json",
        others=VIDEOS,
    ),
}


def parse(*videos: tuple[str, object], category: object = CATEGORY) -> Imported:
    rows = [(name, body(one)) for name, one in videos]
    return parse_category(body(category), rows, key="teaconf-2031", where="category.json")


def archive(root: Path, barred: object = ()) -> None:
    """Write an archive of two events: the one above, and one that is broken."""
    (root / "teaconf-2031" / "videos").mkdir(parents=True)
    (root / "teaconf-2031" / "category.json").write_bytes(body(CATEGORY))
    for name, text in VIDEOS.items():
        (root / name).write_bytes(text)
    (root / "mugconf").mkdir()
    (root / "mugconf" / "category.json").write_bytes(b"{")
    (root / "tools").mkdir()
    (root / ".schemas").mkdir()
    (root / ".schemas" / "category.json").write_bytes(b"{}")
    (root / "NO_PUBLISH.json").write_bytes(body(barred))


def read(where: Path) -> list[Imported]:
    return list(PyvideoProgramme({}, secret=no_secret).read(NO_NETWORK, str(where)))


def test_pyvideo_reads_an_event_in_the_order_of_its_recordings() -> None:
    assert parse(("brewing-tea", BREWING), ("cold-tea", COLD)) == Imported(
        key="teaconf-2031",
        name="TeaConf 2031",
        start=date(2031, 5, 17),
        end=date(2031, 5, 18),
        website="https://teaconf.example.org/",
        introduction="Tea.",
        talks=(
            Talk(
                id="cold-tea",
                title="Cold Tea",
                day=date(2031, 5, 17),
                codes=("cold-tea",),
                recordings=("youtube:tea00000002",),
            ),
            Talk(
                id="brewing-tea",
                title="Brewing Tea",
                speakers=(Speaker(name="Ada Example"), Speaker(name="Grace Sample")),
                summary="From one cup to many.",
                kind="keynote",
                day=date(2031, 5, 18),
                length=timedelta(seconds=1466),
                language="de",
                tags=("keynote", "leaf"),
                slides=(
                    Link(url="https://example.org/a.pdf", label="talk slides"),
                    Link(
                        url="https://speakerdeck.com/example/tea",
                        label="https://speakerdeck.com/example/tea",
                    ),
                ),
                links=(
                    Link(url="https://teaconf.example.org/schedule", label="Conference schedule"),
                ),
                codes=("7001", "brewing-tea"),
                recordings=("youtube:tea00000001", "url:https://video.example.org/tea.mp4"),
            ),
        ),
    )


def test_pyvideo_prefers_the_events_own_days() -> None:
    category = {**CATEGORY, "start_date": "2031-05-16", "end_date": "2031-05-19"}
    found = parse(("cold-tea", COLD), category=category)
    assert (found.start, found.end) == (date(2031, 5, 16), date(2031, 5, 19))


def test_pyvideo_skips_and_names_what_is_no_video() -> None:
    found = parse(
        ("bare", {}),
        ("list", []),
        ("odd", {**COLD, "recorded": "soon", "videos": [{"url": "nowhere"}]}),
    )
    assert ([talk.title for talk in found.talks], found.skipped) == (
        ["Cold Tea"],
        (
            "bare: it has no title; is it the file of a video?",
            "list: it has no title; is it the file of a video?",
            "odd: recorded: 'soon' is no day; left out",
            "odd: one of its videos has no address that names a video",
        ),
    )


def test_pyvideo_reads_every_event_of_an_archive_and_names_a_broken_one(tmp_path: Path) -> None:
    archive(tmp_path)
    assert [(one.key, len(one.talks), len(one.skipped)) for one in read(tmp_path)] == [
        ("mugconf", 0, 1),
        ("teaconf-2031", 2, 0),
    ]


@pytest.mark.parametrize("where", [".", "teaconf-2031"])
def test_pyvideo_leaves_out_what_the_archive_bars(tmp_path: Path, where: str) -> None:
    archive(tmp_path, barred=[7001])
    found = read(tmp_path / where)[-1]
    assert ([talk.id for talk in found.talks], found.skipped) == (
        ["cold-tea"],
        ("brewing-tea: the archive's NO_PUBLISH.json bars it",),
    )


def test_pyvideo_refuses_an_archive_whose_bars_it_cannot_read(tmp_path: Path) -> None:
    archive(tmp_path, barred={"7001": True})
    with pytest.raises(SourceError, match="so nobody knows what to keep back"):
        read(tmp_path)


def test_pyvideo_holds_one_event_at_a_time(tmp_path: Path) -> None:
    archive(tmp_path)
    events = iter(PyvideoProgramme({}, secret=no_secret).read(NO_NETWORK, str(tmp_path)))
    next(events)
    (tmp_path / "teaconf-2031" / "videos" / "brewing-tea.json").unlink()
    assert len(next(events).talks) == 1


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("https://pyvideo.example.org/", "it is a web address; clone the archive"),
        ("nowhere", "give the folder of an event or of the archive"),
        (".", "no category.json is in it or one level below; give an event's folder"),
    ],
)
def test_pyvideo_says_why_a_place_is_no_archive(tmp_path: Path, where: str, message: str) -> None:
    place = where if where.startswith("https:") else str(tmp_path / where)
    with pytest.raises(SourceError, match=message):
        list(PyvideoProgramme({}, secret=no_secret).read(NO_NETWORK, place))
