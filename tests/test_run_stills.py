"""Pictures of recordings over whole passes, from a server on this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.commands.terminal import fetch_maker
from pipeline.model import Outcome, Want
from pipeline.run import publish
from pipeline.stages.memory import Memory
from pipeline.stills import parse_picture
from tests.fetch.server import Server, answer, serving
from tests.stills.pictures import jpeg, png
from tests.workspace import (
    CONFIG,
    EVENT,
    PORCELAIN,
    TEA,
    UNTITLED,
    Workspace,
    bytes_below,
    files_below,
)

BODY = jpeg()
PATH = re.compile(r"img/[0-9a-f]{16}\.(?:jpg|png|webp)")
WITHDRAW = "time: 2031-05-20T13:00:00Z\nverb: withdraw\ntalk: brewing-tea\nby: Grace\n"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.routes["/tea.jpg"] = answer(BODY)
        yield running


@pytest.fixture
def shop(tea: Workspace, server: Server) -> Workspace:
    """An event whose list shows a talk with a preview image."""
    tea.write("config.yaml", f"{CONFIG}fetch: {{private_addresses: true, gap: 0}}\n")
    tea.list_videos(pictured(TEA, server))
    return tea


def pictured(row: str, server: Server, path: str = "/tea.jpg") -> str:
    return row.replace("}", f", thumbnail: '{server.url}{path}'}}")


def path_of(body: bytes) -> str:
    picture = parse_picture(body)
    assert picture is not None
    return picture.path


def images(shop: Workspace) -> list[str]:
    """Return the pictures below feeds/."""
    return [path for path in bytes_below(shop.root / "feeds") if path.startswith("img/")]


def named(shop: Workspace) -> list[object]:
    """Return what each row of the ledger says of its picture."""
    keys = ("image", "image_width", "image_height")
    return [[row.get(key) for key in keys] for row in shop.ledger()["videos"].values()]


def kept(shop: Workspace) -> list[str]:
    folder = shop.root / ".recap/images"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def rest(shop: Workspace) -> dict[str, bytes]:
    """Return every file below feeds/ that is no picture."""
    below = bytes_below(shop.root / "feeds")
    return {path: body for path, body in below.items() if not path.startswith("img/")}


def test_the_picture_of_a_released_talk_lies_on_the_site_itself(shop: Workspace) -> None:
    made = shop.pass_()
    item = json.loads((shop.root / "feeds/teaconf-2031/feed.json").read_text("utf-8"))["items"][0]

    assert (made.outcome, made.warnings, images(shop)) == (Outcome.FINE, (), [path_of(BODY)])
    assert (shop.root / "feeds" / path_of(BODY)).read_bytes() == BODY
    assert named(shop) == [[path_of(BODY), 320, 180]]
    assert item["image"] == f"https://recaps.example.org/{path_of(BODY)}"
    assert path_of(BODY) in (shop.root / "feeds/teaconf-2031/index.html").read_text("utf-8")


def test_no_published_file_names_the_address_of_a_preview_image(
    shop: Workspace, server: Server
) -> None:
    shop.pass_()
    needle = server.url.encode()

    assert [path for path, body in bytes_below(shop.root / "feeds").items() if needle in body] == []


def test_a_second_run_asks_for_no_picture_and_touches_nothing(
    shop: Workspace, server: Server
) -> None:
    shop.pass_()
    asked = len(server.asked)
    before = files_below(shop.root / "feeds", leave_out=("status.json", "status.html"))
    data = files_below(shop.root / "data")
    shop.later(days=1)
    shop.pass_()

    assert (asked, len(server.asked)) == (1, 1)
    assert files_below(shop.root / "feeds", leave_out=("status.json", "status.html")) == before
    assert files_below(shop.root / "data") == data


def test_only_pictures_of_what_is_shown_are_asked_for(shop: Workspace, server: Server) -> None:
    held = EVENT.replace("id: porcelain\n", "id: porcelain\n    expectation: withheld\n")
    shop.write("data/teaconf-2031/event.yaml", held)
    other = "{id: oth00000001, title: Something else entirely, length: '21:10'}"
    rows = [pictured(row, server, "/no.jpg") for row in (PORCELAIN, other)]
    shop.list_videos(pictured(TEA, server), *rows)
    shop.pass_()

    assert [path for path, _ in server.asked] == ["/tea.jpg"]


def test_a_picture_that_cannot_be_had_is_nobodys_trouble(shop: Workspace, server: Server) -> None:
    server.routes["/tea.jpg"] = answer(b"<html>", status=200)
    first = shop.pass_()
    shop.later(minutes=30)
    second = shop.pass_()
    shop.later(hours=1)
    server.routes["/tea.jpg"] = answer(BODY)
    shop.pass_()

    assert [(one.outcome, one.warnings, one.failures) for one in (first, second)] == [
        (Outcome.FINE, (), ())
    ] * 2
    assert (len(server.asked), images(shop)) == (2, [path_of(BODY)])


def test_a_picture_that_is_too_heavy_is_none(shop: Workspace, server: Server) -> None:
    server.routes["/tea.jpg"] = answer(BODY + b"\0" * 1_000_000)
    shop.pass_()

    assert (named(shop), images(shop)) == ([[None, None, None]], [])


def test_a_picture_stays_whatever_the_list_and_its_server_show_later(
    shop: Workspace, server: Server
) -> None:
    shop.pass_()
    server.routes["/tea.jpg"] = server.routes["/new.png"] = answer(png())
    shop.list_videos(pictured(TEA, server, "/new.png"))
    before = rest(shop)
    shop.later(days=1)
    shop.pass_()

    assert (len(server.asked), images(shop), rest(shop)) == (1, [path_of(BODY)], before)


def test_a_run_without_a_state_asks_for_no_picture_that_is_there(
    shop: Workspace, server: Server
) -> None:
    shop.pass_()
    before = bytes_below(shop.root / "feeds")
    shop.forget()
    shop.drop(".recap")
    shop.later(hours=1)
    shop.pass_()

    assert (len(server.asked), bytes_below(shop.root / "feeds")) == (1, before)


def test_a_picture_that_is_lost_comes_back_from_this_machine(
    shop: Workspace, server: Server
) -> None:
    shop.pass_()
    before = bytes_below(shop.root / "feeds")
    shop.drop("feeds")
    shop.later(hours=1)
    shop.pass_(offline=True)
    whole = bytes_below(shop.root / "feeds")
    (shop.root / "feeds" / path_of(BODY)).unlink()
    shop.pass_(offline=True)

    assert [whole, bytes_below(shop.root / "feeds")] == [before, before]
    assert len(server.asked) == 1


def test_a_kept_picture_that_was_damaged_is_not_published(shop: Workspace, server: Server) -> None:
    shop.pass_()
    (shop.root / ".recap/images" / kept(shop)[0]).write_bytes(b"<script>")
    shop.drop("feeds")
    shop.pass_(offline=True)
    damaged = [images(shop), kept(shop)]
    shop.pass_()

    assert damaged == [[], []]
    assert (len(server.asked), images(shop)) == (2, [path_of(BODY)])


def test_a_rebuild_without_a_network_gives_every_byte_but_the_pictures(shop: Workspace) -> None:
    shop.pass_()
    before = rest(shop)
    shop.forget()
    shop.drop("feeds", ".recap")
    shop.later(hours=1)
    shop.pass_(offline=True)

    assert (rest(shop), images(shop)) == (before, [])


def test_a_lost_picture_is_fetched_again(shop: Workspace, server: Server) -> None:
    shop.pass_()
    before = bytes_below(shop.root / "feeds")
    shop.forget()
    shop.drop("feeds", ".recap")
    shop.later(hours=1)
    shop.pass_()

    assert (len(server.asked), bytes_below(shop.root / "feeds")) == (2, before)


def test_where_a_lost_picture_is_another_by_now_that_one_is_named(
    shop: Workspace, server: Server
) -> None:
    shop.pass_()
    server.routes["/tea.jpg"] = answer(png(640, 360))
    shop.drop("feeds", ".recap")
    shop.later(hours=1)
    shop.pass_()
    talks = (shop.root / "feeds/teaconf-2031/talks.json").read_text("utf-8")

    assert named(shop) == [[path_of(png(640, 360)), 640, 360]]
    assert images(shop) == sorted(set(PATH.findall(talks))) == [path_of(png(640, 360))]


def test_a_lost_picture_that_is_no_more_gives_way_to_the_drawn_one(
    shop: Workspace, server: Server
) -> None:
    shop.pass_()
    server.routes["/tea.jpg"] = answer(status=404)
    shop.drop("feeds", ".recap")
    shop.later(hours=1)
    shop.pass_()

    assert (named(shop), images(shop)) == ([[None, None, None]], [])
    assert path_of(BODY).encode() not in b"".join(rest(shop).values())


def test_no_item_is_updated_because_its_picture_came(shop: Workspace, server: Server) -> None:
    server.routes["/tea.jpg"] = answer(status=503)
    shop.pass_()
    before = shop.ledger()["talks"]
    server.routes["/tea.jpg"] = answer(BODY)
    shop.later(days=1)
    shop.pass_()

    assert (shop.ledger()["talks"], images(shop)) == (before, [path_of(BODY)])


@pytest.mark.parametrize("broken", [False, True])
def test_the_picture_of_a_withdrawn_talk_goes_in_the_same_run(
    shop: Workspace, broken: bool
) -> None:
    shop.pass_()
    shop.write("data/teaconf-2031/decisions/20310520T130000Z-0a1b2c.yaml", WITHDRAW)
    if broken:
        shop.write("data/teaconf-2031/event.yaml", EVENT.replace("start:", "begin:"))
    shop.later(hours=2)
    made = shop.pass_(offline=True)

    assert (images(shop), path_of(BODY) in made.removed) == ([], True)
    assert path_of(BODY).encode() not in b"".join(bytes_below(shop.root / "feeds").values())
    assert kept(shop) == ([f"{_sha(BODY)}.jpg"] if broken else [])


def _sha(body: bytes) -> str:
    picture = parse_picture(body)
    assert picture is not None
    return picture.sha256


def test_a_picture_that_two_events_show_goes_with_the_last_of_them(
    shop: Workspace, server: Server
) -> None:
    cups = EVENT.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")
    cup = pictured(TEA.replace("tea00000001", "cup00000001"), server)
    shop.write("data/cupconf-2031/event.yaml", cups)
    shop.write("data/cupconf-2031/videos.yaml", f"videos: [{cup}]\n")
    shop.pass_()
    found = [images(shop)]
    for event_id in ("teaconf-2031", "cupconf-2031"):
        shop.write(f"data/{event_id}/decisions/20310520T130000Z-0a1b2c.yaml", WITHDRAW)
        shop.later(hours=2)
        shop.pass_()
        found.append(images(shop))

    assert found == [[path_of(BODY)], [path_of(BODY)], []]


def test_two_talks_may_show_the_same_picture(shop: Workspace, server: Server) -> None:
    shop.list_videos(*(pictured(row, server) for row in (TEA, PORCELAIN, UNTITLED)))
    made = shop.pass_()

    assert (made.events[0].out, images(shop)) == (3, [path_of(BODY)])


def test_pictures_go_to_the_folder_that_a_run_was_given(shop: Workspace, tmp_path: Path) -> None:
    shop.pass_()
    elsewhere = tmp_path / "site/build"
    config = replace(shop.config, out=elsewhere)
    publish(
        config,
        now=shop.now,
        state=shop.state,
        open_fetch=fetch_maker(config, shop.now),
        want=Want(offline=True),
    )

    assert (elsewhere / path_of(BODY)).read_bytes() == BODY


def test_a_service_asks_again_when_the_time_has_come(shop: Workspace, server: Server) -> None:
    weekly = EVENT.replace("path: videos.yaml", "path: videos.yaml, every: 7 days")
    shop.write("data/teaconf-2031/event.yaml", weekly)
    server.routes["/tea.jpg"] = answer(status=503)
    memory, asked = Memory(), []
    for minutes in (0, 30, 31, 5):
        shop.later(minutes=minutes)
        publish(
            shop.config,
            now=shop.now,
            state=shop.state,
            open_fetch=fetch_maker(shop.config, shop.now),
            want=Want(due=True),
            memory=memory,
        )
        asked.append(len(server.asked))
        server.routes["/tea.jpg"] = answer(BODY)

    assert (asked, images(shop)) == ([1, 1, 2, 2], [path_of(BODY)])
