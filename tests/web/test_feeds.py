"""Files of feeds/ as readers get them, and what nobody gets."""

from __future__ import annotations

import asyncio
import gzip
import os
import threading
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path

import pytest

from pipeline.web.feeds import CACHE_BYTES, Feeds
from tests.web.asking import Answer, Served, ask, asked, moment
from tests.web.conftest import FEED, Serve
from tests.workspace import Workspace

GZIP = {"accept-encoding": "gzip"}
SELF = '<https://recaps.example.org/{}>; rel="self"'


def stamp(path: Path) -> str:
    """Set a file's time, and return it as a header has it."""
    then = moment()
    os.utime(path, (then.timestamp(), then.timestamp()))
    return format_datetime(then, usegmt=True)


def test_a_feed_comes_whole_with_its_validators(served: Served, tea: Workspace) -> None:
    modified = stamp(tea.root / "feeds/atom.xml")
    answer = served.ask("/atom.xml")
    assert (answer.status, answer.text) == (200, FEED)
    kept = ("content-type", "last-modified", "cache-control", "content-length", "link", "vary")
    assert {name: answer.headers[name] for name in kept} == {
        "content-type": "application/atom+xml; charset=utf-8",
        "last-modified": modified,
        "cache-control": "public, max-age=900",
        "content-length": str(len(FEED)),
        "link": SELF.format("atom.xml"),
        "vary": "Accept-Encoding",
    }
    assert answer.headers["etag"].startswith('"')


def test_head_is_the_same_without_the_body(served: Served) -> None:
    whole, head = served.ask("/atom.xml"), served.ask("/atom.xml", method="HEAD")
    assert (head.status, head.headers, head.body) == (200, whole.headers, b"")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_a_reader_has_is_not_sent_again(served: Served, tea: Workspace, method: str) -> None:
    modified = stamp(tea.root / "feeds/atom.xml")
    etag = served.ask("/atom.xml").headers["etag"]
    for condition in ({"if-none-match": etag}, {"if-modified-since": modified}):
        answer = served.ask("/atom.xml", method=method, headers=condition)
        assert (answer.status, answer.body) == (304, b"")
        assert (answer.headers["etag"], answer.headers["cache-control"]) == (
            etag,
            "public, max-age=900",
        )
        assert "content-length" not in answer.headers


def test_the_validator_is_that_of_the_bytes(served: Served, tea: Workspace) -> None:
    before = served.ask("/atom.xml").headers["etag"]
    tea.write("feeds/next.xml", FEED.replace("entry", "empty"))
    (tea.root / "feeds/next.xml").replace(tea.root / "feeds/atom.xml")
    changed = served.ask("/atom.xml", headers={"if-none-match": before})
    tea.write("feeds/next.xml", FEED)
    (tea.root / "feeds/next.xml").replace(tea.root / "feeds/atom.xml")
    again = served.ask("/atom.xml")
    assert changed.status == 200
    assert changed.headers["etag"] != before
    assert again.headers["etag"] == before


def test_gzip_has_a_validator_of_its_own(served: Served) -> None:
    plain, packed = served.ask("/atom.xml"), served.ask("/atom.xml", headers=GZIP)
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == (
        "gzip",
        "Accept-Encoding",
    )
    assert gzip.decompress(packed.body).decode() == FEED
    assert int(packed.headers["content-length"]) == len(packed.body) < len(FEED)
    assert packed.headers["etag"] != plain.headers["etag"]
    fresh = served.ask("/atom.xml", headers={**GZIP, "if-none-match": packed.headers["etag"]})
    assert (fresh.status, "content-encoding" in fresh.headers) == (304, False)


def test_what_gzip_does_not_make_smaller_comes_as_it_is(served: Served, tea: Workspace) -> None:
    (tea.root / "feeds/noise.txt").write_bytes(os.urandom(2000))
    tea.write("feeds/short.txt", "short")
    answers = [served.ask(path, headers=GZIP) for path in ("/noise.txt", "/short.txt")]
    assert [("content-encoding" in one.headers, one.status) for one in answers] == [
        (False, 200),
        (False, 200),
    ]


def test_feeds_name_the_hub_and_archive_pages_do_not(serve: Serve, tea: Workspace) -> None:
    tea.write("feeds/archive/atom-1.xml", FEED)
    served = serve()
    served.config = replace(
        served.config, site=replace(served.config.site, hub="https://hub.example.org/")
    )
    links = [served.ask(f"/{path}").headers["link"] for path in ("atom.xml", "archive/atom-1.xml")]
    assert links == [
        SELF.format("atom.xml") + '\n<https://hub.example.org/>; rel="hub"',
        SELF.format("archive/atom-1.xml"),
    ]


def test_a_folder_is_its_page(served: Served, tea: Workspace) -> None:
    tea.write("feeds/teaconf-2031/index.html", "<h1>TeaConf</h1>")
    moved, shown = served.ask("/teaconf-2031"), served.ask("/teaconf-2031/")
    assert (moved.status, moved.headers["location"]) == (301, "./teaconf-2031/")
    assert (shown.status, shown.text) == (200, "<h1>TeaConf</h1>")


def test_a_page_may_load_no_script(served: Served, tea: Workspace) -> None:
    tea.write("feeds/index.html", "<h1>Recaps</h1>")
    policy = served.ask("/").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "/.recap/groups/teaconf-2031.json",
        "/.recap/",
        "/.gitkeep",
        "/.status.json.0a1b2c.tmp",
        "/teaconf-2031/.hidden",
        "/../config.yaml",
        "/teaconf-2031/../../config.yaml",
        "/..",
        "/./atom.xml",
        "//atom.xml",
        "/teaconf-2031//atom.xml",
        "/..\\config.yaml",
        "/C:\\config.yaml",
        "/atom.xml\x00.html",
        "/atom.xml/",
        "/atom.xml/index.html",
        "/" + "a" * 300,
        "/nothing.xml",
        "/linked.yaml",
        "/linked/config.yaml",
        "/pipe.xml",
    ],
)
def test_nothing_else_is_given_out(served: Served, tea: Workspace, path: str) -> None:
    for name in (".recap/groups/teaconf-2031.json", ".gitkeep", ".status.json.0a1b2c.tmp"):
        tea.write(f"feeds/{name}", "secret")
    tea.write("feeds/teaconf-2031/.hidden", "secret")
    (tea.root / "feeds/linked.yaml").symlink_to(tea.root / "config.yaml")
    (tea.root / "feeds/linked").symlink_to(tea.root)
    os.mkfifo(tea.root / "feeds/pipe.xml")
    answer = served.ask(path)
    assert (answer.status, answer.text) == (404, "There is no such file.\n")


def test_feeds_may_lie_behind_a_link_themselves(serve: Serve, tea: Workspace) -> None:
    served = serve()
    (tea.root / "elsewhere").symlink_to(tea.root / "feeds")
    served.config = replace(served.config, out=tea.root / "elsewhere")
    assert served.ask("/atom.xml").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_files_are_read_only(served: Served, method: str) -> None:
    answer = served.ask("/atom.xml", method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_file_is_whole_while_it_is_replaced_again_and_again(tea: Workspace) -> None:
    bodies = [letter * 300_000 for letter in "abc"]
    tea.write("feeds/feed.json", bodies[0])
    config = tea.config
    feeds = Feeds(lambda: config)
    over = threading.Event()

    def replace_it() -> None:
        number = 0
        while not over.is_set():
            number += 1
            tea.write("feeds/.next", bodies[number % 3])
            (tea.root / "feeds/.next").replace(tea.root / "feeds/feed.json")

    async def read() -> list[Answer]:
        return [await asked(feeds, "/feed.json") for _ in range(300)]

    writer = threading.Thread(target=replace_it)
    writer.start()
    try:
        answers = asyncio.run(read())
    finally:
        over.set()
        writer.join()
    found = {answer.text for answer in answers}
    assert found <= set(bodies)
    assert len({answer.headers["etag"] for answer in answers}) == len(found)


def test_memory_is_bounded(tea: Workspace) -> None:
    config = tea.config
    feeds = Feeds(lambda: config)
    for number in range(12):
        tea.write(f"feeds/{number}.txt", str(number) * 3_500_000)
    sizes = [len(ask(feeds, f"/{number}.txt").body) for number in range(12)]
    assert sizes == [3_500_000] * 10 + [7_000_000] * 2
    assert sum(one.size for one in feeds._held.values()) == feeds._bytes <= CACHE_BYTES
    assert list(feeds._held)[-1] == "9.txt"


def test_memory_counts_compressed_bodies_too(tea: Workspace) -> None:
    config = tea.config
    feeds = Feeds(lambda: config)
    tea.write("feeds/atom.xml", FEED)
    packed = ask(feeds, "/atom.xml", headers=GZIP)
    again = ask(feeds, "/atom.xml", headers=GZIP)
    assert packed.body == again.body
    assert feeds._bytes == len(FEED) + len(packed.body)
