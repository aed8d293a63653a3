"""Pictures below feeds/img/: whose they are, and when they go."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.publishing import Press, Written, is_current, is_whole, read_row
from tests.test_publishing import ALL, CAKE, TEA

ONE, TWO = "img/1111111111111111.jpg", "img/2222222222222222.png"


@pytest.fixture(autouse=True)
def _unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a sync is for is tried in test_files_crashes.py.
    monkeypatch.setattr(os, "fsync", lambda _: None)


def press(feeds: Path, *groups: tuple[str, ...], keep: set[str] | None = None) -> Written:
    """Publish groups, given as an id and the pictures it shows, with the files of these."""
    known = {one.id: one for one in (TEA, CAKE, ALL)}
    made = Press(feeds)
    for group_id, *images in groups:
        made.add(replace(known[group_id], inputs=str(images), images=tuple(images)))
        for path in images:
            if not (feeds / path).exists():
                made.image(path, path.encode())
    return made.finish(keep=keep)


def pictures(feeds: Path) -> list[str]:
    folder = feeds / "img"
    return sorted(f"img/{each.name}" for each in folder.iterdir()) if folder.exists() else []


def test_a_picture_that_is_there_may_be_given_again_and_again(tmp_path: Path) -> None:
    press(tmp_path, ("tea-2031", ONE))
    made = Press(tmp_path)
    made.add(replace(TEA, images=(ONE,)))
    made.image(ONE, ONE.encode())
    made.image(ONE, ONE.encode())

    assert made.finish().removed == ()
    assert pictures(tmp_path) == [ONE]


def test_a_picture_is_written_before_the_pages_that_show_it(tmp_path: Path) -> None:
    done = press(tmp_path, ("tea-2031", ONE))

    assert done.written == (ONE, "tea-2031/index.html", "tea-2031/rss.xml")
    assert (tmp_path / ONE).read_bytes() == ONE.encode()


def test_a_picture_that_two_groups_show_is_written_once(tmp_path: Path) -> None:
    done = press(tmp_path, ("tea-2031", ONE), ("cake-2031", ONE))

    assert [path for path in done.written if path.startswith("img/")] == [ONE]


def test_a_picture_goes_when_its_group_no_longer_shows_it(tmp_path: Path) -> None:
    press(tmp_path, ("tea-2031", ONE, TWO))
    done = press(tmp_path, ("tea-2031", TWO))

    assert (done.removed, pictures(tmp_path)) == ((ONE,), [TWO])


def test_the_folder_of_pictures_goes_with_the_last_of_them(tmp_path: Path) -> None:
    press(tmp_path, ("tea-2031", ONE))
    press(tmp_path, ("tea-2031",))

    assert not (tmp_path / "img").exists()


@pytest.mark.parametrize("given", [True, False])
def test_a_picture_stays_while_another_group_shows_it(tmp_path: Path, given: bool) -> None:
    press(tmp_path, ("tea-2031", ONE), ("cake-2031", ONE))
    press(tmp_path, ("tea-2031",), *((("cake-2031", ONE),) if given else ()))

    assert pictures(tmp_path) == [ONE]


def test_a_picture_that_moves_from_group_to_group_stays(tmp_path: Path) -> None:
    press(tmp_path, ("tea-2031", ONE), ("cake-2031",))
    press(tmp_path, ("tea-2031",), ("cake-2031", ONE))

    assert pictures(tmp_path) == [ONE]


def test_pictures_go_with_an_event_that_is_removed(tmp_path: Path) -> None:
    press(tmp_path, ("tea-2031", ONE), ("cake-2031", TWO))
    press(tmp_path, ("_all",), keep={"cake-2031"})

    assert pictures(tmp_path) == [TWO]


def test_a_picture_of_a_person_stays(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    (tmp_path / "img/logo.png").write_bytes(b"logo")
    press(tmp_path, ("tea-2031", ONE))
    press(tmp_path, ("tea-2031",))

    assert pictures(tmp_path) == ["img/logo.png"]


def test_a_group_is_current_without_a_picture_but_not_whole(tmp_path: Path) -> None:
    press(tmp_path, ("tea-2031", ONE))
    (tmp_path / ONE).unlink()
    row = read_row(tmp_path, "tea-2031")

    assert row is not None
    assert (is_current(row, str([ONE]), tmp_path), is_whole(row, tmp_path)) == (True, False)


def test_a_row_without_pictures_is_as_it_was_before_there_were_any(tmp_path: Path) -> None:
    press(tmp_path, ("tea-2031",), ("cake-2031", TWO, ONE))
    rows = [
        (tmp_path / f".recap/groups/{name}.json").read_text("utf-8")
        for name in ("tea-2031", "cake-2031")
    ]

    assert ["images" in row for row in rows] == [False, True]
    assert [read_row(tmp_path, name).images for name in ("tea-2031", "cake-2031")] == [  # type: ignore[union-attr]  # both are there
        frozenset(),
        {ONE, TWO},
    ]


@pytest.mark.parametrize(
    "image", ['"../../etc/passwd"', '"index.html"', '"img/.hidden"', '"img/a/../../b"', "7"]
)
def test_a_row_that_names_anything_but_pictures_is_damaged(tmp_path: Path, image: str) -> None:
    press(tmp_path, ("tea-2031", ONE))
    path = tmp_path / ".recap/groups/tea-2031.json"
    path.write_text(path.read_text("utf-8").replace(f'"{ONE}"', image), "utf-8")

    assert read_row(tmp_path, "tea-2031") is None
