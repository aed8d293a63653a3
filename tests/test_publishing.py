"""What stands in feeds/ after publishing, whose it is, and what is dirty."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PublishError
from pipeline.files import GROUPS
from pipeline.model import Artifact
from pipeline.publishing import (
    Group,
    Press,
    Published,
    Row,
    Written,
    is_current,
    known_groups,
    read_row,
)
from tests.crashing import crashes, interrupt, mtimes, read_tree, steps

Tree = dict[str, str]


def group(group_id: str, files: Tree, *, inputs: str = "1") -> Group:
    artifacts = tuple(Artifact(path=path, body=body.encode()) for path, body in files.items())
    return Group(id=group_id, inputs=inputs, artifacts=artifacts)


def write(feeds: Path, groups: Sequence[Group], *, keep: Iterable[str] | None) -> Written:
    press = Press(feeds)
    for each in groups:
        press.add(each)
    return press.finish(keep=None if keep is None else set(keep))


def published(feeds: Path) -> Tree:
    tree = read_tree(feeds)
    return {path: body.decode() for path, body in tree.items() if not path.startswith(GROUPS)}


@pytest.fixture(autouse=True)
def _unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    # Hundreds of generations: what a sync is for is tried in test_files_crashes.py.
    monkeypatch.setattr(os, "fsync", lambda _: None)


TEA = group("tea-2031", {"tea-2031/index.html": "tea page", "tea-2031/rss.xml": "tea feed"})
CAKE = group("cake-2031", {"cake-2031/index.html": "cake page"})
ALL = group("_all", {"atom.xml": "all"})


def test_write_publishes_every_group(tmp_path: Path) -> None:
    done = write(tmp_path / "feeds", [TEA, ALL], keep=())

    assert done == Written(written=("tea-2031/index.html", "atom.xml", "tea-2031/rss.xml"))
    assert published(tmp_path / "feeds") == {
        "tea-2031/index.html": "tea page",
        "tea-2031/rss.xml": "tea feed",
        "atom.xml": "all",
    }


def test_write_again_changes_no_byte_and_no_time(tmp_path: Path) -> None:
    write(tmp_path, [TEA, ALL], keep=())
    before = read_tree(tmp_path), mtimes(tmp_path)

    done = write(tmp_path, [ALL, TEA], keep=())

    assert done == Written(unchanged=("tea-2031/index.html", "atom.xml", "tea-2031/rss.xml"))
    assert (read_tree(tmp_path), mtimes(tmp_path)) == before


def test_write_after_feeds_were_deleted_gives_identical_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one", [CAKE, TEA], keep=())
    write(tmp_path / "one", [TEA, ALL], keep=["cake-2031"])

    write(tmp_path / "two", [ALL, CAKE, TEA], keep=())

    assert read_tree(tmp_path / "two") == read_tree(tmp_path / "one")


def test_press_renames_images_and_archives_then_pages_then_feeds_then_the_rows(
    tmp_path: Path,
) -> None:
    paths = (
        "atom.xml",
        "feed.json",
        "index.html",
        "recap.eml",
        "talks.json",
        "tea/archive/atom.xml",
        "tea/img/one.jpg",
        "tea/rss.xml",
        "watch.opml",
    )
    order: list[str] = []

    def note(name: str, args: tuple[object, ...]) -> None:
        if name == "replace":
            order.append(Path(str(args[1])).relative_to(tmp_path).as_posix())

    with steps(note):
        write(tmp_path, [group("_all", dict.fromkeys(paths, "x"))], keep=())

    assert order == [
        ".recap/journal.json",
        "tea/archive/atom.xml",
        "tea/img/one.jpg",
        "index.html",
        "recap.eml",
        "talks.json",
        "atom.xml",
        "feed.json",
        "tea/rss.xml",
        "watch.opml",
        ".recap/groups/_all.json",
    ]


def test_write_removes_files_that_a_group_no_longer_has(tmp_path: Path) -> None:
    write(tmp_path, [TEA], keep=())

    done = write(tmp_path, [group("tea-2031", {"tea-2031/index.html": "tea page"})], keep=())

    assert done == Written(removed=("tea-2031/rss.xml",), unchanged=("tea-2031/index.html",))
    assert published(tmp_path) == {"tea-2031/index.html": "tea page"}


def test_write_removes_groups_that_are_neither_given_nor_kept(tmp_path: Path) -> None:
    write(tmp_path, [TEA, CAKE], keep=())

    done = write(tmp_path, [CAKE], keep=())

    assert done == Written(
        removed=("tea-2031/index.html", "tea-2031/rss.xml"), unchanged=("cake-2031/index.html",)
    )
    assert known_groups(tmp_path) == ("cake-2031",)
    assert not (tmp_path / "tea-2031").exists()


def test_write_keeps_files_and_row_of_a_kept_group(tmp_path: Path) -> None:
    write(tmp_path, [TEA, CAKE], keep=())
    row, before = read_row(tmp_path, "tea-2031"), mtimes(tmp_path / "tea-2031")

    write(tmp_path, [group("cake-2031", {"cake-2031/index.html": "new"})], keep=["tea-2031"])

    assert read_row(tmp_path, "tea-2031") == row
    assert mtimes(tmp_path / "tea-2031") == before


def test_write_keeps_nothing_for_a_group_it_never_knew(tmp_path: Path) -> None:
    write(tmp_path, [CAKE], keep=["never-seen"])

    assert known_groups(tmp_path) == ("cake-2031",)


def test_press_keeps_every_other_group_unless_told_which(tmp_path: Path) -> None:
    write(tmp_path, [TEA, CAKE], keep=())

    write(tmp_path, [ALL], keep=None)

    assert known_groups(tmp_path) == ("_all", "cake-2031", "tea-2031")


def test_press_that_is_dropped_leaves_everything_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, [TEA], keep=())
    before = read_tree(tmp_path), mtimes(tmp_path / "tea-2031")
    press = Press(tmp_path)
    press.add(group("tea-2031", {"tea-2031/index.html": "newer"}))

    press.drop()

    assert (read_tree(tmp_path), mtimes(tmp_path / "tea-2031")) == before


def test_write_takes_the_given_group_over_the_kept_one(tmp_path: Path) -> None:
    write(tmp_path, [CAKE], keep=())

    write(tmp_path, [group("cake-2031", {"cake.html": "new"}, inputs="2")], keep=["cake-2031"])

    assert published(tmp_path) == {"cake.html": "new"}


def test_write_moves_a_file_from_a_removed_group_to_a_new_one(tmp_path: Path) -> None:
    write(tmp_path, [group("old-id", {"same/index.html": "page"})], keep=())

    done = write(tmp_path, [group("new-id", {"same/index.html": "page"})], keep=())

    assert done == Written(unchanged=("same/index.html",))
    assert known_groups(tmp_path) == ("new-id",)


def test_write_never_removes_a_file_that_it_did_not_publish(tmp_path: Path) -> None:
    write(tmp_path, [TEA], keep=())
    (tmp_path / "CNAME").write_text("recaps.example.org", encoding="utf-8")
    (tmp_path / "tea-2031" / "mine.html").write_text("mine", encoding="utf-8")

    write(tmp_path, [], keep=())

    assert published(tmp_path) == {"CNAME": "recaps.example.org", "tea-2031/mine.html": "mine"}


def test_write_restores_a_file_that_was_deleted_or_edited(tmp_path: Path) -> None:
    write(tmp_path, [TEA], keep=())
    (tmp_path / "tea-2031/index.html").write_text("edited", encoding="utf-8")
    (tmp_path / "tea-2031/rss.xml").unlink()

    done = write(tmp_path, [TEA], keep=())

    assert done == Written(written=("tea-2031/index.html", "tea-2031/rss.xml"))


@pytest.mark.parametrize("keep", [(), ("tea-2031",)])
def test_write_refuses_two_groups_that_claim_one_path(
    tmp_path: Path, keep: tuple[str, ...]
) -> None:
    write(tmp_path, [TEA], keep=())
    before = read_tree(tmp_path)
    thief = group("thief", {"tea-2031/index.html": "mine now"})

    with pytest.raises(PublishError) as caught:
        write(tmp_path, [thief] if keep else [TEA, thief], keep=keep)

    assert str(caught.value) == (
        f"{tmp_path}/tea-2031/index.html: both 'tea-2031' and 'thief' publish this file; "
        "give one of the two another id or path"
    )
    assert read_tree(tmp_path) == before


def test_write_refuses_an_artifact_in_the_place_of_a_row(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="both 'the table of groups' and 'tea' publish this"):
        write(tmp_path, [group("tea", {f"{GROUPS}cake.json": "{}"})], keep=())


def test_write_refuses_a_group_given_twice(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="the group 'cake-2031' is given twice; give it once"):
        write(tmp_path, [CAKE, CAKE], keep=())


def test_write_refuses_a_path_outside_feeds(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"'\.\./up\.html' is no path for a file below it"):
        write(tmp_path / "feeds", [group("tea", {"../up.html": "out"})], keep=())

    assert read_tree(tmp_path) == {}


def test_row_holds_inputs_files_with_hash_and_size_and_what_others_may_know(
    tmp_path: Path,
) -> None:
    write(tmp_path, [replace(CAKE, about={"talks": 3, "day": None})], keep=())

    digest = hashlib.sha256(b"cake page").hexdigest()
    files = {"cake-2031/index.html": Published(sha256=digest, size=9)}
    row = Row(inputs="1", files=files, about={"talks": 3, "day": None})
    assert read_row(tmp_path, "cake-2031") == row


def damaged(**more: object) -> str:
    files = {"a.html": ["0" * 64, 1]}
    return json.dumps({"version": 3, "inputs": "1", "about": {}, "files": files, **more})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "[]",
        "null",
        '{"version": 3}',
        damaged(version=1),
        damaged(about=[]),
        "[" * 100_000,
        damaged(inputs=1),
        damaged(files=[]),
        damaged(files={"a.html": 1}),
        damaged(files={"a.html": ["0" * 64, "1"]}),
        damaged(files={"a.html": [0, 1]}),
        damaged(files={"../../precious": ["0" * 64, 1]}),
        damaged(files={f"{GROUPS}cake.json": ["0" * 64, 1]}),
    ],
)
def test_damaged_row_reads_as_none(tmp_path: Path, text: str) -> None:
    write(tmp_path, [CAKE], keep=())
    (tmp_path / GROUPS / "cake-2031.json").write_text(text, encoding="utf-8")

    assert read_row(tmp_path, "cake-2031") is None


def test_damaged_is_the_only_reason_for_the_cases_above(tmp_path: Path) -> None:
    write(tmp_path, [CAKE], keep=())
    (tmp_path / GROUPS / "cake-2031.json").write_text(damaged(), encoding="utf-8")

    row = read_row(tmp_path, "cake-2031")
    assert row
    assert list(row.files) == ["a.html"]


def test_missing_row_reads_as_none(tmp_path: Path) -> None:
    assert read_row(tmp_path / "feeds", "cake-2031") is None
    assert known_groups(tmp_path / "feeds") == ()


def test_write_recovers_from_a_damaged_row(tmp_path: Path) -> None:
    write(tmp_path, [TEA], keep=())
    before = read_tree(tmp_path)
    (tmp_path / GROUPS / "tea-2031.json").write_text("{", encoding="utf-8")

    write(tmp_path, [TEA], keep=())

    assert read_tree(tmp_path) == before


def current(feeds: Path, group_id: str = "tea-2031", inputs: str = "1") -> bool:
    return is_current(read_row(feeds, group_id), inputs, feeds)


def test_group_is_current_while_inputs_and_files_stay(tmp_path: Path) -> None:
    write(tmp_path, [TEA, group("empty-2031", {})], keep=())

    assert [current(tmp_path), current(tmp_path, "empty-2031")] == [True, True]


def test_group_is_dirty_when_its_inputs_changed_or_nobody_knows_it(tmp_path: Path) -> None:
    write(tmp_path, [TEA], keep=())

    assert [current(tmp_path, inputs="2"), current(tmp_path, "cake-2031")] == [False, False]


def test_group_is_dirty_when_a_file_is_missing(tmp_path: Path) -> None:
    write(tmp_path, [TEA], keep=())
    (tmp_path / "tea-2031/rss.xml").unlink()

    assert not current(tmp_path)


def test_group_is_dirty_when_a_file_has_another_size(tmp_path: Path) -> None:
    write(tmp_path, [TEA], keep=())
    (tmp_path / "tea-2031/rss.xml").write_bytes(b"cut off")

    assert not current(tmp_path)


def test_group_is_dirty_when_a_file_became_a_link(tmp_path: Path) -> None:
    write(tmp_path, [TEA], keep=())
    # The link is as long as the file, so only its kind tells that it is none.
    (tmp_path / "tea-2031/rss.xml").rename(tmp_path / "tea-2031/moved-to")
    (tmp_path / "tea-2031/rss.xml").symlink_to("moved-to")

    assert not current(tmp_path)


NEWER = group("tea-2031", {"tea-2031/index.html": "newer", "tea-2031/talks.json": "[]"}, inputs="2")


def crashed_at_every_step(folder: Path) -> Iterator[Path]:
    """Yield feeds/ after publishing NEWER over TEA died at each step, and at last not at all."""
    for number in range(200):
        feeds = folder / str(number)
        write(feeds, [TEA], keep=())
        crashed = crashes(number, partial(write, feeds, [NEWER], keep=()))
        yield feeds
        if not crashed:
            return
    pytest.fail("publishing never ended")


def test_crash_at_every_step_leaves_outputs_dirty_or_complete(tmp_path: Path) -> None:
    new = {(artifact.path, artifact.body.decode()) for artifact in NEWER.artifacts}
    for feeds in crashed_at_every_step(tmp_path):
        # Deletes come after the rows, so the old feed may still stand there.
        assert not current(feeds, inputs="2") or published(feeds).items() >= new


def test_write_after_a_crash_gives_the_bytes_of_an_undisturbed_one(tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed"
    write(undisturbed, [TEA], keep=())
    write(undisturbed, [NEWER], keep=())
    for feeds in crashed_at_every_step(tmp_path):
        write(feeds, [NEWER], keep=())
        assert read_tree(feeds) == read_tree(undisturbed)


def test_write_finishes_an_interrupted_generation_before_it_reads_rows(
    tmp_path: Path,
) -> None:
    write(tmp_path / "made", [CAKE, TEA], keep=())
    interrupt(tmp_path / "feeds", read_tree(tmp_path / "made"), known={})

    write(tmp_path / "feeds", [CAKE], keep=())

    assert published(tmp_path / "feeds") == {"cake-2031/index.html": "cake page"}


IDS = st.sampled_from(["tea", "cake", "_all"])
FILES = st.dictionaries(st.sampled_from(["index.html", "rss.xml", "img/a.png"]), st.text("ab"))
RUNS = st.lists(st.tuples(st.dictionaries(IDS, FILES), st.sets(IDS)), min_size=1, max_size=5)


@settings(deadline=None, max_examples=40)
@given(runs=RUNS)
def test_feeds_hold_exactly_what_was_given_or_kept(
    tmp_path_factory: pytest.TempPathFactory,
    runs: list[tuple[dict[str, Tree], set[str]]],
) -> None:
    feeds = tmp_path_factory.mktemp("feeds")
    known: dict[str, Tree] = {}
    for given_groups, keep in runs:
        stays = {name for name in known if name in keep or name == "_all"}
        known = {name: tree for name, tree in known.items() if name in stays} | {
            name: {f"{name}/{path}": body for path, body in tree.items()}
            for name, tree in given_groups.items()
        }
        write(feeds, [group(name, known[name]) for name in given_groups], keep=keep)

    assert published(feeds) == {
        path: body for tree in known.values() for path, body in tree.items()
    }
    assert set(known_groups(feeds)) == set(known)


def test_documents_of_shared_feeds_go_only_when_they_are_let_go(tmp_path: Path) -> None:
    page = group("_all.1", {"archive/atom-1.xml": "page"})
    write(tmp_path, [TEA, page], keep=())
    write(tmp_path, [], keep=())
    kept = published(tmp_path)
    press = Press(tmp_path)
    press.remove("_all.1")
    press.remove("_all.2")
    press.finish()

    assert (kept, published(tmp_path)) == ({"archive/atom-1.xml": "page"}, {})
    assert known_groups(tmp_path) == ()


def test_a_press_reads_what_it_staged_and_else_what_is_published(tmp_path: Path) -> None:
    write(tmp_path, [group("tea-2031", {"tea-2031/talks.json": "old"})], keep=())
    press = Press(tmp_path)
    before = press.read("tea-2031/talks.json")
    press.add(group("tea-2031", {"tea-2031/talks.json": "new"}, inputs="2"))
    after = press.read("tea-2031/talks.json")
    press.drop()

    assert (before, after) == (b"old", b"new")
