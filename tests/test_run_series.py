"""Lists of a series, over real HTTP: fetched once a run, offered to every event of the series."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.looking import fetch_maker
from pipeline.run import publish
from tests.fetch.server import Server, answer, serving
from tests.workspace import CONFIG, EVENT, Workspace, bytes_below

ROWS = (
    b'[{"id": "tea00000001", "title": "Brewing Tea at Scale - Ada Example", "length": "21:10"},'
    b' {"id": "cup00000001", "title": "Cups as Code - Lin Instance", "length": "30:00"}]'
)
CUP = """\
id: cupconf-2031
name: CupConf 2031
start: 2031-05-10
series: hot-drinks
talks:
  - {id: cups, title: Cups as Code, speakers: [Lin Instance]}
"""
TEA = EVENT.replace("watch:\n  - {kind: file, path: videos.yaml}\n", "series: hot-drinks\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.routes["/videos.json"] = answer(ROWS, ETag='"1"')
        yield running


@pytest.fixture
def shop(tmp_path: Path, server: Server) -> Iterator[Workspace]:
    """Two events of one series, whose channel is on this machine."""
    made = Workspace(tmp_path)
    made.write(
        "config.yaml",
        f"{CONFIG}fetch: {{private_addresses: true, gap: 0}}\n"
        "series:\n  hot-drinks:\n    watch:\n"
        f"      - {{kind: file, url: '{server.url}/videos.json', id: channel}}\n",
    )
    made.write("data/teaconf-2031/event.yaml", TEA)
    made.write("data/cupconf-2031/event.yaml", CUP)
    yield made
    made.state.close()


def published(shop: Workspace) -> list[dict[str, bytes]]:
    return [bytes_below(shop.root / "data", leave_out=()), bytes_below(shop.root / "feeds")]


def test_each_event_of_a_series_finds_its_own_among_the_videos(
    shop: Workspace, server: Server
) -> None:
    made = shop.pass_()
    assert {one.id: one.released for one in made.events} == {
        "cupconf-2031": ("Cups as Code (Lin Instance)",),
        "teaconf-2031": ("Brewing Tea at Scale (Ada Example)",),
    }
    assert len(server.asked) == 1


def test_a_second_run_asks_whether_the_list_of_a_series_has_changed(
    shop: Workspace, server: Server
) -> None:
    shop.pass_()
    server.routes["/videos.json"] = answer(status=304)
    before = bytes_below(shop.root / "data", leave_out=())
    shop.later(hours=1)
    made = shop.pass_()
    assert [watch.error for watch in made.watches] == [None, None]
    assert [sent.get("if-none-match") for _, sent in server.asked] == [None, '"1"']
    assert bytes_below(shop.root / "data", leave_out=()) == before


def test_a_run_without_a_state_arrives_at_the_same_bytes(shop: Workspace) -> None:
    shop.pass_()
    before = published(shop)
    shop.forget()
    shop.later(hours=1)
    shop.pass_()
    assert published(shop) == before


def test_a_list_of_a_series_that_cannot_be_looked_at_is_said_of_config_yaml(
    shop: Workspace,
) -> None:
    shop.write("config.yaml", f"{CONFIG}series: {{hot-drinks: {{watch: [{{kind: teapot}}]}}}}\n")
    problems = shop.pass_().problems
    assert [(one.file, one.path) for one in problems] == [
        ("config.yaml", "series.hot-drinks.watch[0]")
    ]


def test_no_thread_is_left_of_a_run_that_is_stopped(shop: Workspace) -> None:
    def stop(items: Sequence[str], label: str) -> Iterator[str]:
        del label
        yield items[0]
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        publish(
            shop.config,
            now=shop.now,
            state=shop.state,
            open_fetch=fetch_maker(shop.config, shop.now),
            track=stop,
        )
    assert threading.active_count() <= before
