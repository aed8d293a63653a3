"""Which feed documents come of events, and which are written again when one talk changes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.files import DOT
from pipeline.model import Entry, PublishedEvent, Site
from pipeline.outputs.jsonfeed import JsonFeedOutput
from pipeline.outputs.talks import TalksOutput
from pipeline.publishing import Press, Written, known_groups
from pipeline.stages.memory import Memory
from pipeline.stages.printing import Printer
from pipeline.stages.spool import Spool
from pipeline.templating import Templates
from tests.builders import NOW, SITE, entry, event
from tests.subscriber import READERS, read_atom, walk
from tests.workspace import bytes_below

FORMATS = ("atom.xml", "rss.xml", "feed.json")
COPIES = {"atom.xml": "feed.xml", "rss.xml": "index.xml"}
WIDE = replace(SITE, speakers=True, tags=True)


@pytest.fixture(autouse=True)
def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    # Thousands of files: what a sync is for is tried in test_files_crashes.py.
    monkeypatch.setattr(os, "fsync", lambda _: None)


def conference(number: int, *sequences: int, **more: Any) -> PublishedEvent:
    """Return an event of the series `tea` whose released talks have these numbers."""
    name, day = f"conf-{number}", date(2031, 1, 1) + timedelta(days=number)
    entries = tuple(talk(name, one) for one in sequences)
    values = {"id": name, "name": name, "start": day, "end": day, "series": "tea", **more}
    return PublishedEvent(event=event(**values), entries=entries)


def talk(event_id: str, number: int, **more: Any) -> Entry:
    made = entry(number, sequence=number, event_id=event_id, summary=None, **more)
    assert made.release
    feed_id = f"tag:recaps.example.org,2031:{event_id}/talk-{number}"
    return replace(made, release=replace(made.release, feed_id=feed_id))


def conferences(talks: int, *, each: int) -> list[PublishedEvent]:
    """Return as many events as it takes, each with its talks in one go."""
    starts = range(1, talks + 1, each)
    return [
        conference(at, *range(first, min(first + each, talks + 1)))
        for at, first in enumerate(starts)
    ]


def retitled(one: PublishedEvent, number: int) -> PublishedEvent:
    """Return the event with another title, and the moment of it, for one talk."""
    later = NOW + timedelta(days=1)
    entries = [
        replace(each, title="Else", release=replace(each.release, updated=later))
        if each.release and each.release.sequence == number
        else each
        for each in one.entries
    ]
    return replace(one, entries=tuple(entries))


def print_(
    root: Path,
    events: Sequence[PublishedEvent],
    *,
    memory: Memory | None = None,
    site: Site = SITE,
    light: bool = False,
) -> Written:
    """Publish events as a pass does, those that are not given stay; `light` renders one format."""
    config = Config(root=root, site=site)
    templates = Templates(config.templates)
    with Spool(config.feeds / DOT) as spool:
        press = Press(config.feeds, spool.give_way)
        printer = Printer(config, memory or Memory(), press, spool)
        if light:
            printer.memory.renderers = (JsonFeedOutput(templates), TalksOutput(templates))
        elif not printer.memory.renderers:
            printer.load()
        for one in events:
            assert printer.event(one)
        printer.everything()
    assert (printer.failures, printer.warnings) == ([], [])
    return press.finish()


def feeds_of(done: Written) -> set[str]:
    """Return the feed documents that were written, copies apart."""
    return {path for path in done.written if path.rpartition("/")[2] not in COPIES.values()} - {
        path for path in done.written if path.endswith((".html", ".md", ".txt", ".eml", "s.json"))
    }


def in_all_formats(*paths: str) -> set[str]:
    """Return `folder/atom.xml` and `folder/archive/atom-1.xml` with their RSS and JSON."""
    return {
        path.replace("atom", stem).replace(".xml", suffix)
        for path in paths
        for stem, suffix in (("atom", ".xml"), ("rss", ".xml"), ("feed", ".json"))
    }


@pytest.mark.parametrize("talks", [0, 1, 13, 52, 500])
def test_walking_back_finds_every_talk_of_shared_feeds_in_every_format(
    tmp_path: Path, talks: int
) -> None:
    events = conferences(talks, each=40) or [conference(0)]
    every = {one.release.feed_id for each in events for one in each.entries if one.release}
    print_(tmp_path, events)
    for path in (folder + kind for folder in ("", "series/tea/") for kind in FORMATS):
        current, *pages = walk(tmp_path / "feeds", path)
        archived = [each for page in pages for each in page.ids]
        assert {*current.ids, *archived} == every
        assert (len(archived), len(current.ids)) == (len({*archived}), min(talks, 100))


def test_walking_back_finds_every_talk_of_an_event_and_of_its_tracks(tmp_path: Path) -> None:
    tracks = [talk("conf-1", n, track="Green" if n % 3 else "Black") for n in range(1, 501)]
    print_(tmp_path, [replace(conference(1), entries=tuple(tracks))])
    counts = set()
    for folder in ("conf-1/", "conf-1/tracks/black/", "conf-1/tracks/green/"):
        for kind in FORMATS:
            found = walk(tmp_path / "feeds", folder + kind)
            counts.add((folder, len({each for one in found for each in one.ids}), len(found)))
    assert counts == {
        ("conf-1/", 500, 5),
        ("conf-1/tracks/black/", 166, 5),
        ("conf-1/tracks/green/", 334, 5),
    }


def test_walking_back_finds_each_of_5000_talks_once(tmp_path: Path) -> None:
    print_(tmp_path, conferences(5000, each=200), light=True)
    current, *pages = walk(tmp_path / "feeds", "feed.json")
    assert [len(page.ids) for page in pages] == [100] * 49
    assert len({*current.ids}.union(*(page.ids for page in pages))) == 5000


def test_an_archive_page_says_what_it_is_and_leads_to_the_present_and_the_past(
    tmp_path: Path,
) -> None:
    print_(tmp_path, conferences(320, each=40))
    url = "https://recaps.example.org/"
    current, newest, *_ = walk(tmp_path / "feeds", "atom.xml")
    assert (current.is_archive, newest.is_archive) == (False, True)
    assert (dict(current.links), dict(newest.links)) == (
        {"self": f"{url}atom.xml", "prev-archive": f"{url}archive/atom-3.xml", "alternate": url},
        {
            "self": f"{url}archive/atom-3.xml",
            "current": f"{url}atom.xml",
            "prev-archive": f"{url}archive/atom-2.xml",
            "alternate": url,
        },
    )


def test_an_archive_page_of_rss_leads_to_the_present_and_the_past(tmp_path: Path) -> None:
    print_(tmp_path, conferences(320, each=40))
    url = "https://recaps.example.org/"
    page = READERS["rss.xml"]((tmp_path / "feeds/archive/rss-3.xml").read_bytes())
    assert (page.is_archive, dict(page.links)) == (
        True,
        {
            "self": f"{url}archive/rss-3.xml",
            "current": f"{url}rss.xml",
            "prev-archive": f"{url}archive/rss-2.xml",
        },
    )


@pytest.mark.parametrize("warm", [True, False])
def test_one_more_talk_writes_the_current_documents_and_one_page_at_most(
    tmp_path: Path, warm: bool
) -> None:
    memory = Memory()
    events = conferences(150, each=40)
    added: list[set[str]] = []
    begun = events[2].entries
    for number in (160, 161, 200, 201):
        for newest in (number - 1, number):
            more = tuple(talk("conf-2", each) for each in range(151, newest + 1))
            events[2] = replace(events[2], entries=(*begun, *more))
            changed = events[2:3] if warm and added else events
            done = print_(tmp_path, changed, memory=memory if warm else None)
        added.append(feeds_of(done))
    current = in_all_formats("atom.xml", "series/tea/atom.xml", "conf-2/atom.xml")
    assert [current <= each for each in added] == [True] * len(added)
    assert [each - current for each in added] == [
        set(),
        in_all_formats("conf-2/archive/atom-1.xml"),
        set(),
        in_all_formats(
            "archive/atom-2.xml", "series/tea/archive/atom-2.xml", "conf-2/archive/atom-2.xml"
        ),
    ]


@pytest.mark.parametrize("warm", [True, False])
def test_retitling_an_old_talk_writes_its_page_in_each_of_its_feeds(
    tmp_path: Path, warm: bool
) -> None:
    memory = Memory()
    events = [conference(1, *range(1, 301)), *conferences(620, each=40)[8:]]
    print_(tmp_path, events, memory=memory, site=WIDE)
    events[0] = retitled(events[0], 107)
    changed = events[:1] if warm else events
    done = print_(tmp_path, changed, memory=memory if warm else None, site=WIDE)
    page = in_all_formats(
        "archive/atom-2.xml", "series/tea/archive/atom-2.xml", "conf-1/archive/atom-2.xml"
    )
    assert feeds_of(done) == {*page, "speakers/speaker-107/atom.xml"}


def test_a_page_goes_when_the_current_document_holds_all_of_it_again(tmp_path: Path) -> None:
    memory = Memory()
    events = [conference(1, *range(1, 52)), conference(2, 101, series="cups")]
    print_(tmp_path, events, memory=memory)
    before = (tmp_path / "feeds/archive/atom-1.xml").exists()
    fewer = replace(events[0], entries=events[0].entries[3:])
    done = print_(tmp_path, [fewer], memory=memory)
    assert before
    assert {*done.removed} == in_all_formats("archive/atom-1.xml")
    assert "_all.1" not in known_groups(tmp_path / "feeds")


def test_a_page_that_lost_its_last_entry_is_left_out_of_the_chain(tmp_path: Path) -> None:
    memory = Memory()
    events = conferences(350, each=100)
    print_(tmp_path, events, memory=memory)
    done = print_(tmp_path, [replace(events[1], entries=())], memory=memory)
    found = [page.links["self"] for page in walk(tmp_path / "feeds", "atom.xml")]
    assert [each.rpartition("/")[2] for each in found] == ["atom.xml", "atom-3.xml", "atom-1.xml"]
    assert {path for path in done.removed if path.startswith("archive")} == in_all_formats(
        "archive/atom-2.xml"
    )


def test_a_feed_that_is_no_more_goes_with_its_pages(tmp_path: Path) -> None:
    one = conference(1, *range(1, 130))
    print_(tmp_path, [one])
    moved = replace(one, event=replace(one.event, series="cups"))
    done = print_(tmp_path, [moved])
    assert {*done.removed} == in_all_formats("series/tea/atom.xml", "series/tea/archive/atom-1.xml")


def test_passes_with_and_without_a_memory_write_the_same_bytes(tmp_path: Path) -> None:
    memory = Memory()
    events = conferences(260, each=40)
    print_(tmp_path / "warm", events, memory=memory, site=WIDE)
    print_(tmp_path / "cold", events, site=WIDE)
    for changed in (
        retitled(events[1], 55),
        replace(events[3], entries=events[3].entries[:-20]),
        replace(events[4], event=replace(events[4].event, series=None)),
        replace(events[0], entries=(), tombstones=(("tag:x", NOW),)),
    ):
        events = [changed if one.event.id == changed.event.id else one for one in events]
        print_(tmp_path / "warm", [changed], memory=memory, site=WIDE)
        print_(tmp_path / "cold", events, site=WIDE)
        assert bytes_below(tmp_path / "warm/feeds") == bytes_below(tmp_path / "cold/feeds")
    print_(tmp_path / "fresh", events, site=WIDE)
    assert bytes_below(tmp_path / "fresh/feeds") == bytes_below(tmp_path / "cold/feeds")


def test_a_document_that_was_lost_comes_back_when_the_memory_is_in_doubt(tmp_path: Path) -> None:
    memory = Memory()
    print_(tmp_path, conferences(260, each=40), memory=memory)
    before = bytes_below(tmp_path / "feeds")
    for path in ("archive/rss-1.xml", "series/tea/atom.xml", "feeds.opml"):
        (tmp_path / "feeds" / path).unlink()
    memory.recheck()
    print_(tmp_path, [], memory=memory)
    assert bytes_below(tmp_path / "feeds") == before


def test_addresses_that_people_guess_find_the_same_feeds(tmp_path: Path) -> None:
    print_(tmp_path, [conference(1, 1)])
    feeds = tmp_path / "feeds"
    for folder in (feeds, feeds / "conf-1"):
        for name, copy in COPIES.items():
            assert (folder / copy).read_bytes() == (folder / name).read_bytes()
    assert not (feeds / "series/tea/feed.xml").exists()


def test_speakers_and_tags_have_feeds_where_the_site_wants_them(tmp_path: Path) -> None:
    one = replace(conference(1), entries=(talk("conf-1", 1, tags=("C++", "C")),))
    print_(tmp_path / "wide", [one], site=WIDE)
    print_(tmp_path / "plain", [one])
    found = [
        sorted(path.relative_to(feeds).as_posix() for path in feeds.glob("[st][pa][ge]*/*/*"))
        for feeds in (tmp_path / "wide/feeds", tmp_path / "plain/feeds")
    ]
    hashed = next(path for path in found[0] if path.startswith("tags/c-"))
    assert found == [["speakers/speaker-1/atom.xml", hashed, "tags/c/atom.xml"], []]


def test_a_feed_names_the_hub_of_the_site_in_every_format(tmp_path: Path) -> None:
    hub = "https://hub.example.org/"
    print_(tmp_path, conferences(120, each=120), site=replace(SITE, hub=hub))
    feeds = tmp_path / "feeds"
    assert read_atom((feeds / "atom.xml").read_bytes()).links["hub"] == hub
    assert READERS["rss.xml"]((feeds / "rss.xml").read_bytes()).links["hub"] == hub
    assert f'"hubs": [\n    {{\n      "type": "WebSub",\n      "url": "{hub}"' in (
        feeds / "feed.json"
    ).read_text("utf-8")
    assert "hub" not in read_atom((feeds / "archive/atom-1.xml").read_bytes()).links


def test_an_id_that_left_is_named_in_the_current_documents_of_its_feeds(tmp_path: Path) -> None:
    dead = ("tag:recaps.example.org,2031:conf-1/gone", NOW)
    print_(tmp_path, [replace(conference(1, *range(1, 151)), tombstones=(dead,))])
    feeds = tmp_path / "feeds"
    paths = ("atom.xml", "series/tea/atom.xml", "conf-1/atom.xml", "archive/atom-1.xml")
    assert [read_atom((feeds / path).read_bytes()).deleted for path in paths] == [
        [dead[0]],
        [dead[0]],
        [dead[0]],
        [],
    ]


def test_a_site_below_a_path_links_to_itself_there(tmp_path: Path) -> None:
    url = "https://example.org/some/recaps/"
    print_(tmp_path, conferences(120, each=40), site=replace(SITE, url=url))
    current, page = walk(tmp_path / "feeds", "atom.xml", url=url)
    assert (current.links["self"], page.links["self"]) == (
        f"{url}atom.xml",
        f"{url}archive/atom-1.xml",
    )


def test_a_subscription_document_of_long_notes_stays_small_and_whole(tmp_path: Path) -> None:
    long = "Tea & cups, <again>. " * 900
    one = conference(1, *range(1, 51))
    one = replace(one, entries=tuple(replace(each, summary=long) for each in one.entries))
    print_(tmp_path, [one])
    sizes = {
        name: len((tmp_path / "feeds/conf-1" / name).read_bytes()) < 512_000 for name in FORMATS
    }
    assert sizes == dict.fromkeys(FORMATS, True)
    body = (tmp_path / "feeds/conf-1/feed.json").read_text("utf-8")
    assert len(READERS["feed.json"](body.encode()).ids) == 50
    assert body.count("Tea &amp; cups") > 900
