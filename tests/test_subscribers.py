"""What looks new to those who subscribed, over whole passes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.commands.terminal import fetch_maker
from pipeline.run import publish
from tests.fetch.server import answer, serving
from tests.stills.pictures import png
from tests.subscriber import READERS, SITE_URL, Subscriber, read_atom, walk
from tests.workspace import (
    CONFIG,
    EVENT,
    PORCELAIN,
    TEA,
    UNTITLED,
    Workspace,
    bytes_below,
)

SERIES = EVENT.replace("start: 2031", "series: tea\nstart: 2031")
CUPS = SERIES.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")
CUP_ROW = TEA.replace("tea00000001", "cup00000001")
FEEDS = ("atom.xml", "series/tea/rss.xml", "teaconf-2031/feed.json")


@pytest.fixture
def readers(tea: Workspace) -> list[Subscriber]:
    """Those who have seen the two talks that are out, in each format."""
    tea.write("data/teaconf-2031/event.yaml", SERIES)
    tea.list_videos(TEA, PORCELAIN)
    tea.pass_()
    tea.later(hours=2)
    found = [Subscriber(tea.root / "feeds", path) for path in FEEDS]
    assert [len(each.poll()) for each in found] == [2, 2, 2]
    return found


def looks_new(tea: Workspace, readers: list[Subscriber]) -> list[int]:
    """Publish, and return how many items look new to each reader."""
    before = bytes_below(tea.root / "feeds")
    tea.pass_()
    assert bytes_below(tea.root / "feeds") != before
    return [len(each.poll()) for each in readers]


def test_a_release_looks_new_once(tea: Workspace, readers: list[Subscriber]) -> None:
    tea.list_videos(TEA, PORCELAIN, UNTITLED)
    assert looks_new(tea, readers) == [1, 1, 1]


def test_a_retitled_talk_does_not_look_new(tea: Workspace, readers: list[Subscriber]) -> None:
    title = SERIES.replace("Brewing Tea at Scale", "Brewing Tea, Slowly")
    tea.write("data/teaconf-2031/event.yaml", title)
    assert looks_new(tea, readers) == [0, 0, 0]


def test_a_second_upload_does_not_look_new(tea: Workspace, readers: list[Subscriber]) -> None:
    tea.list_videos(TEA, PORCELAIN, TEA.replace("tea00000001", "tea00000002"))
    assert looks_new(tea, readers) == [0, 0, 0]


def test_a_picture_that_comes_or_becomes_another_does_not_look_new(
    tea: Workspace, readers: list[Subscriber]
) -> None:
    tea.write("config.yaml", f"{CONFIG}fetch: {{private_addresses: true, gap: 0}}\n")
    with serving() as server:
        tea.list_videos(*(f"{row[:-1]}, thumbnail: '{server.url}/1'}}" for row in (TEA, PORCELAIN)))
        server.routes["/1"] = answer(png())
        came = looks_new(tea, readers)
        tea.drop("feeds/img", ".recap")
        server.routes["/1"] = answer(png(640, 360))
        changed = looks_new(tea, readers)
    assert [came, changed] == [[0, 0, 0]] * 2


def test_a_site_that_moved_does_not_look_new(tea: Workspace, readers: list[Subscriber]) -> None:
    tea.write("config.yaml", CONFIG.replace("url: https://recaps", "url: https://moved"))
    assert looks_new(tea, readers) == [0, 0, 0]


def test_a_renamed_talk_and_event_do_not_look_new(
    tea: Workspace, readers: list[Subscriber]
) -> None:
    renamed = SERIES.replace("id: brewing-tea\n", "id: tea\n    was: [brewing-tea]\n")
    renamed = renamed.replace("id: teaconf-2031", "id: kettles-2031\nwas: [teaconf-2031]")
    tea.event_folder.rename(tea.root / "data/kettles-2031")
    tea.write("data/kettles-2031/event.yaml", renamed)
    assert looks_new(tea, readers) == [0, 0, 0]


def test_an_unlinked_talk_is_named_as_deleted_and_comes_back_under_its_id(
    tea: Workspace, readers: list[Subscriber]
) -> None:
    feed_id = "tag:recaps.example.org,2031:teaconf-2031/porcelain"
    tea.write("data/no-publish.yaml", "talks: [teaconf-2031/porcelain]\n")
    assert looks_new(tea, readers) == [0, 0, 0]
    feeds = tea.root / "feeds"
    gone = [read_atom((feeds / path).read_bytes()) for path in ("atom.xml", "series/tea/atom.xml")]
    assert [(feed_id in one.ids, one.deleted) for one in gone] == [(False, [feed_id])] * 2
    tea.write("data/no-publish.yaml", "talks: []\n")
    tea.later(hours=1)
    assert looks_new(tea, readers) == [0, 0, 0]
    assert read_atom((feeds / "atom.xml").read_bytes()).deleted == []


def two_events(tea: Workspace) -> None:
    tea.write("data/teaconf-2031/event.yaml", SERIES)
    tea.list_videos(TEA)
    tea.write("data/cupconf-2031/event.yaml", CUPS)
    tea.write("data/cupconf-2031/videos.yaml", f"videos: [{CUP_ROW}]\n")
    tea.pass_()
    tea.later(hours=1)


def names(feeds: Path, path: str) -> list[str]:
    return [
        each.rpartition(":")[2]
        for each in READERS[path.rpartition("/")[2]]((feeds / path).read_bytes()).ids
    ]


@pytest.mark.parametrize("path", ["atom.xml", "series/tea/feed.json"])
def test_a_broken_event_keeps_its_entries_in_shared_feeds(tea: Workspace, path: str) -> None:
    two_events(tea)
    tea.write("data/cupconf-2031/event.yaml", CUPS.replace("start:", "begin:"))
    tea.list_videos(TEA, PORCELAIN)
    tea.pass_()
    assert names(tea.root / "feeds", path) == [
        "teaconf-2031/porcelain",
        "teaconf-2031/brewing-tea",
        "cupconf-2031/brewing-tea",
    ]


@pytest.mark.parametrize("path", ["atom.xml", "series/tea/feed.json"])
def test_a_retired_event_keeps_its_entries_in_shared_feeds(tea: Workspace, path: str) -> None:
    two_events(tea)
    tea.write(
        "data/decisions/20310521T090000Z-0a1b2c.yaml",
        "time: 2031-05-21T09:00:00Z\nverb: retire\nevent: cupconf-2031\nby: Ada\n",
    )
    tea.drop("data/cupconf-2031")
    tea.list_videos(TEA, PORCELAIN)
    tea.pass_()
    assert names(tea.root / "feeds", path) == [
        "teaconf-2031/porcelain",
        "teaconf-2031/brewing-tea",
        "cupconf-2031/brewing-tea",
    ]


def test_feeds_of_tags_know_events_that_were_published_before_they_were_wanted(
    tea: Workspace,
) -> None:
    tea.write(
        "data/cupconf-2031/event.yaml",
        CUPS.replace("speakers: [{", "tags: [tea]\n    speakers: [{"),
    )
    tea.write("data/cupconf-2031/videos.yaml", f"videos: [{CUP_ROW}]\n")
    tea.pass_()
    tea.write("config.yaml", f"{CONFIG}feeds: {{tags: true}}\n")
    tea.pass_(events=("teaconf-2031",))
    assert names(tea.root / "feeds", "tags/tea/atom.xml") == ["cupconf-2031/brewing-tea"]


def test_feeds_that_were_deleted_come_back_byte_for_byte(tea: Workspace) -> None:
    tea.write("config.yaml", f"{CONFIG}feeds: {{tags: true, speakers: true, size: 1}}\n")
    two_events(tea)
    tea.list_videos(TEA, PORCELAIN, UNTITLED)
    tea.pass_()
    before = bytes_below(tea.root / "feeds")
    tea.drop("feeds")
    tea.pass_()
    assert bytes_below(tea.root / "feeds") == before
    assert "speakers/ada-example/atom.xml" in before


def test_publishing_elsewhere_gives_the_same_files_and_leaves_feeds_alone(
    tea: Workspace, tmp_path: Path
) -> None:
    two_events(tea)
    before = bytes_below(tea.root / "feeds")
    publish(
        replace(tea.config, out=tmp_path / "site/recaps"),
        now=tea.now,
        state=tea.state,
        open_fetch=fetch_maker(tea.config, tea.now),
    )
    assert bytes_below(tmp_path / "site/recaps") == before
    assert bytes_below(tea.root / "feeds") == before


def test_a_site_below_a_path_is_walked_there(tea: Workspace) -> None:
    url = f"{SITE_URL}some/where/"
    tea.write("config.yaml", f"{CONFIG}feeds: {{size: 1}}\n".replace(SITE_URL, url))
    two_events(tea)
    assert [one.links["self"] for one in walk(tea.root / "feeds", "atom.xml", url=url)] == [
        f"{url}atom.xml"
    ]
