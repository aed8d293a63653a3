"""Generations of files: what is written, what is left alone, what is refused."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from pipeline import files
from pipeline.errors import PublishError
from pipeline.files import Commit, commit, is_safe, replace, roll_forward
from tests.crashing import (
    NEW,
    OLD,
    crashes,
    interrupt,
    mtimes,
    read_folders,
    read_tree,
    steps,
    turn_into,
)


def test_commit_writes_the_files_in_the_given_order(tmp_path: Path) -> None:
    done = commit(tmp_path / "feeds", [("b.html", b"b"), ("a/a.xml", b"a")])

    assert done == Commit(written=("b.html", "a/a.xml"))
    assert read_tree(tmp_path / "feeds") == {"b.html": b"b", "a/a.xml": b"a"}


def test_commit_renames_in_the_given_order_and_deletes_last(tmp_path: Path) -> None:
    commit(tmp_path, [("old.html", b"x")])
    seen: list[set[str]] = []

    def look(name: str, _: tuple[Any, ...]) -> None:
        names = {path.name for path in tmp_path.iterdir()} - {".recap"}
        if name in ("replace", "unlink") and names not in seen:
            seen.append(names)

    with steps(look):
        commit(tmp_path, [("b.html", b"b"), ("a.xml", b"a")], deletes=["old.html"])

    assert seen == [
        {"old.html"},
        {"old.html", "b.html"},
        {"old.html", "b.html", "a.xml"},
        {"b.html", "a.xml"},
    ]


def test_commit_says_what_was_written_unchanged_and_removed(tmp_path: Path) -> None:
    turn_into(tmp_path, OLD, known={})

    done = turn_into(tmp_path, NEW, known=OLD)

    assert done == Commit(
        written=("index.html", "cake/2031/atom.xml"),
        unchanged=("rss.xml",),
        removed=("tea/2030/gone.html",),
    )


def test_commit_removes_folders_that_a_delete_left_empty(tmp_path: Path) -> None:
    commit(tmp_path, [("a/b/c.html", b"c"), ("a/d.html", b"d")])

    commit(tmp_path, [], deletes=["a/b/c.html"])

    assert read_folders(tmp_path) == {"a"}


def test_commit_leaves_no_dot_folder_behind(tmp_path: Path) -> None:
    turn_into(tmp_path, OLD, known={})

    assert read_folders(tmp_path) == {"tea", "tea/2030"}


def test_commit_of_equal_bytes_touches_nothing(tmp_path: Path) -> None:
    turn_into(tmp_path, OLD, known={})
    before = mtimes(tmp_path)
    touched: list[str] = []

    with steps(lambda name, _: touched.append(name)):
        done = commit(tmp_path, list(OLD.items()), deletes=["never/there.html"])

    assert done == Commit(unchanged=tuple(OLD))
    assert touched == []
    assert mtimes(tmp_path) == before


def test_commit_leaves_equal_files_alone_beside_changed_ones(tmp_path: Path) -> None:
    turn_into(tmp_path, OLD, known={})
    before = (tmp_path / "rss.xml").stat()

    turn_into(tmp_path, NEW, known=OLD)

    after = (tmp_path / "rss.xml").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_commit_notices_other_bytes_of_the_same_size(tmp_path: Path) -> None:
    commit(tmp_path, [("a.html", b"one")])

    assert commit(tmp_path, [("a.html", b"two")]) == Commit(written=("a.html",))


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_commit_gives_files_the_mode_of_the_umask(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        commit(tmp_path, [("a.html", b"a")])
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a.html").stat().st_mode) == mode


def test_commit_finishes_an_interrupted_generation_first(tmp_path: Path) -> None:
    turn_into(tmp_path, OLD, known={})
    interrupt(tmp_path, NEW, known=OLD)

    commit(tmp_path, [("later.html", b"later")])

    assert read_tree(tmp_path) == {**NEW, "later.html": b"later"}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../up.html",
        "a/../../up.html",
        "a/./b.html",
        "a//b.html",
        "a/",
        ".git/config",
        "a/.hidden",
        ".recap/journal.json",
        "a\\b.html",
        "a\nb.html",
        "a\0b.html",
        "\ud800.html",
    ],
)
def test_commit_refuses_a_path_that_is_not_plainly_below_the_root(
    tmp_path: Path, path: str
) -> None:
    with pytest.raises(PublishError) as caught:
        commit(tmp_path / "feeds", [(path, b"x")])

    assert str(caught.value) == (
        f"{tmp_path}/feeds: {path!r} is no path for a file below it; "
        "use a relative path without '..', backslash or a leading dot"
    )
    assert read_tree(tmp_path) == {}


def test_commit_refuses_to_delete_outside_the_root(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"mine")

    with pytest.raises(PublishError, match=r"'\.\./precious' is no path for a file below it"):
        commit(tmp_path / "feeds", [], deletes=["../precious"])

    assert read_tree(tmp_path) == {"precious": b"mine"}


def test_is_safe_makes_one_exception_for_what_publishing_remembers() -> None:
    paths = (".recap/groups/a.json", ".recap/groups/a/b.json", ".recap/other.json", "a/b.xml")
    assert [is_safe(path) for path in paths] == [True, False, False, True]


def test_commit_refuses_a_path_named_twice(tmp_path: Path) -> None:
    with pytest.raises(
        PublishError, match=r"'a\.html' is named twice in one generation; give each"
    ):
        commit(tmp_path, [("a.html", b"1")], deletes=["a.html"])


def test_commit_refuses_a_file_that_is_also_a_folder(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="'a' would be a file and the folder of 'a/b'; rename"):
        commit(tmp_path, [("a", b"1"), ("a/b", b"2")])


def test_commit_refuses_a_link_that_leads_out_of_the_root(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "feeds"
    root.mkdir()
    (root / "tea").symlink_to(outside)

    with pytest.raises(PublishError) as caught:
        commit(root, [("a.html", b"a"), ("tea/b.html", b"b")])

    assert str(caught.value) == (
        f"{root}/tea: a symbolic link leads out of {root}, to {outside}; "
        "nothing is written there: replace the link by a folder"
    )
    assert read_tree(tmp_path) == {}


def test_commit_refuses_a_dot_folder_that_leads_out_of_the_root(tmp_path: Path) -> None:
    root = tmp_path / "feeds"
    root.mkdir()
    (tmp_path / "outside/staging").mkdir(parents=True)
    (tmp_path / "outside/staging/precious").write_bytes(b"mine")
    (root / ".recap").symlink_to(tmp_path / "outside")

    with pytest.raises(PublishError, match="a symbolic link leads out of"):
        commit(root, [("a.html", b"a")])

    assert read_tree(tmp_path) == {"outside/staging/precious": b"mine"}


def test_commit_replaces_a_link_in_the_place_of_a_file(tmp_path: Path) -> None:
    # The link is as long as the file, so only its kind tells that it is none.
    (tmp_path / "kept").write_bytes(b"same")
    (tmp_path / "a.html").symlink_to("kept")

    commit(tmp_path, [("a.html", b"same")])

    assert not (tmp_path / "a.html").is_symlink()
    assert read_tree(tmp_path) == {"kept": b"same", "a.html": b"same"}


def test_commit_works_below_a_root_that_is_itself_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "feeds").symlink_to(tmp_path / "disk")

    commit(tmp_path / "feeds", [("a/b.html", b"b")])

    assert read_tree(tmp_path / "disk") == {"a/b.html": b"b"}


def test_commit_refuses_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.html").mkdir()

    with pytest.raises(PublishError) as caught:
        commit(tmp_path, [("b.html", b"b"), ("a.html", b"a")])

    assert str(caught.value) == (
        f"{tmp_path}/a.html: a folder stands where a file is needed; move it away"
    )
    assert read_tree(tmp_path) == {}


def test_commit_refuses_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")

    with pytest.raises(PublishError) as caught:
        commit(tmp_path, [("b.html", b"b"), ("a/b.html", b"b")])

    assert str(caught.value) == (
        f"{tmp_path}/a: a file stands where a folder is needed; move it away"
    )
    assert read_tree(tmp_path) == {"a": b"mine"}


def test_commit_refuses_a_folder_without_the_right_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tea").mkdir()
    # Root may write everywhere, so the system's answer is made up.
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "tea")

    with pytest.raises(PublishError) as caught:
        commit(tmp_path, [("a.html", b"a"), ("tea/b.html", b"b")])

    assert str(caught.value) == (
        f"{tmp_path}/tea: this user may not write into the folder; mend its rights, then run again"
    )
    assert read_tree(tmp_path) == {}


def test_commit_on_a_full_disk_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_into(tmp_path, OLD, known={})
    real, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PublishError) as caught:
        turn_into(tmp_path, NEW, known=OLD)

    assert str(caught.value) == (
        f"{tmp_path}: the new files cannot be staged: No space left on device; "
        "free space or mend the rights, then run again"
    )
    assert (read_tree(tmp_path), read_folders(tmp_path)) == (OLD, {"tea", "tea/2030"})


@pytest.mark.parametrize("refused", range(9))
def test_commit_that_the_system_refuses_is_undone_or_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    turn_into(tmp_path, OLD, known={})
    real, calls = os.fsync, []

    def failing(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == refused + 1:
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(PublishError, match="Input/output error"):
        turn_into(tmp_path, NEW, known=OLD)

    finished = roll_forward(tmp_path)
    assert read_tree(tmp_path) == (NEW if finished else OLD)


def test_commit_refused_after_the_journal_says_that_it_will_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def picky(source: Any, target: Any) -> None:
        if Path(target).name == "b.html":
            raise OSError(errno.EIO, "Input/output error", str(target))
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", picky)
        with pytest.raises(PublishError) as caught:
            commit(tmp_path, [("a.html", b"a"), ("b.html", b"b")])

    assert str(caught.value) == (
        f"{tmp_path}: the new files are staged, but not all are in place until the next start: "
        f"Input/output error ({tmp_path}/b.html); free space or mend the rights, then run again"
    )
    assert roll_forward(tmp_path)
    assert read_tree(tmp_path) == {"a.html": b"a", "b.html": b"b"}


def test_roll_forward_does_nothing_where_nothing_was_interrupted(tmp_path: Path) -> None:
    commit(tmp_path, [("a.html", b"a"), (f"{files.GROUPS}tea.json", b"{}")])
    before = mtimes(tmp_path)

    assert [roll_forward(tmp_path), roll_forward(tmp_path / "absent")] == [False, False]
    assert mtimes(tmp_path) == before


def test_replace_writes_a_file_and_its_folder(tmp_path: Path) -> None:
    assert replace(tmp_path / "feeds/status.json", b"{}")
    assert read_tree(tmp_path) == {"feeds/status.json": b"{}"}


def test_replace_leaves_an_equal_file_alone(tmp_path: Path) -> None:
    replace(tmp_path / "status.json", b"{}")
    before = mtimes(tmp_path)

    assert not replace(tmp_path / "status.json", b"{}")
    assert mtimes(tmp_path) == before


def test_replace_crashing_at_any_step_shows_the_old_or_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    for number in range(20):
        path.write_bytes(b"old")
        crashed = crashes(number, lambda: replace(path, b"new"))
        assert path.read_bytes() in (b"old", b"new")
        if not crashed:
            return
    pytest.fail("replacing one file never ended")


def test_replace_that_the_system_refuses_leaves_the_old_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "status.json"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PublishError) as caught:
        replace(path, b"new")

    assert str(caught.value) == (
        f"{path}: the file cannot be written: No space left on device; "
        "free space or mend the rights, then run again"
    )
    assert read_tree(tmp_path) == {"status.json": b"old"}


def test_replace_says_the_same_trouble_in_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    path.mkdir()
    told = []
    for _ in range(2):
        with pytest.raises(PublishError) as caught:
            replace(path, b"new")
        told.append(str(caught.value))
    words = (
        f"{path}: the file cannot be written: Is a directory; "
        "free space or mend the rights, then run again"
    )
    assert told == [words, words]
