"""One holder at a time, and what the one who has to wait is told."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.errors import BusyError, PublishError
from pipeline.files.lock import hold
from tests.builders import NOW

HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.files.lock import hold
moment = datetime(2031, 5, 20, 11, 0, tzinfo=UTC)
with hold(Path(sys.argv[1]), holder=Path(sys.argv[2]), now=moment, what="recap publish"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another(data: Path, note: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds `data` until it is killed or the context ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data), str(note)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def test_hold_leaves_a_note_of_who_holds(tmp_path: Path) -> None:
    note = tmp_path / "dot" / "holder.json"

    with hold(tmp_path, holder=note, now=NOW, what="recap import"):
        pass

    assert json.loads(note.read_bytes()) == {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": "2031-05-20T12:00:00+00:00",
        "what": "recap import",
    }


def test_hold_is_busy_within_the_same_process(tmp_path: Path) -> None:
    note = tmp_path / "holder.json"

    with (
        hold(tmp_path, holder=note, now=NOW),
        pytest.raises(BusyError),
        hold(tmp_path, holder=note, now=NOW),
    ):
        pytest.fail("two held at once")


def test_hold_can_be_taken_again_after_it_was_given_up(tmp_path: Path) -> None:
    note, entered = tmp_path / "holder.json", []

    for number in range(2):
        with hold(tmp_path, holder=note, now=NOW):
            entered.append(number)

    assert entered == [0, 1]


def test_hold_is_given_up_when_its_body_fails(tmp_path: Path) -> None:
    note = tmp_path / "holder.json"
    with pytest.raises(ZeroDivisionError), hold(tmp_path, holder=note, now=NOW):
        _ = 1 // 0

    with hold(tmp_path, holder=note, now=NOW):
        assert note.exists()


def test_hold_says_who_is_at_work(tmp_path: Path) -> None:
    note = tmp_path / "holder.json"
    with another(tmp_path, note) as process:
        with pytest.raises(BusyError) as caught, hold(tmp_path, holder=note, now=NOW):
            pytest.fail("two held at once")

        assert str(caught.value) == (
            f"{tmp_path}: recap publish is at work on it (process {process.pid} on "
            f"{socket.gethostname()}, since 2031-05-20T11:00:00+00:00); run again when it has "
            "finished; if that process hangs, end it, and the lock goes with it"
        )


@pytest.mark.parametrize("body", [None, b"", b"{", b"[]", b'{"pid": 1}', b"\xff"])
def test_hold_is_busy_without_a_readable_note_too(tmp_path: Path, body: bytes | None) -> None:
    note = tmp_path / "holder.json"
    with hold(tmp_path, holder=note, now=NOW):
        note.unlink()
        if body is not None:
            note.write_bytes(body)
        with pytest.raises(BusyError) as caught, hold(tmp_path, holder=note, now=NOW):
            pytest.fail("two held at once")

    assert str(caught.value) == (
        f"{tmp_path}: another run is at work on it, and left no note of itself; "
        "run again when it has finished"
    )


def test_hold_ignores_the_note_of_a_holder_that_is_gone(tmp_path: Path) -> None:
    note = tmp_path / "holder.json"
    note.write_text('{"pid": 1, "host": "tea", "since": "then", "what": "a run"}', encoding="utf-8")

    with hold(tmp_path, holder=note, now=NOW):
        assert json.loads(note.read_bytes())["pid"] == os.getpid()


def test_hold_needs_no_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    note = tmp_path / "file" / "holder.json"

    with (
        hold(tmp_path, holder=note, now=NOW),
        pytest.raises(BusyError),
        hold(tmp_path, holder=note, now=NOW),
    ):
        pytest.fail("two held at once")


def test_killed_holder_frees_the_folder_at_once(tmp_path: Path) -> None:
    note = tmp_path / "holder.json"
    with another(tmp_path, note) as process:
        process.kill()
        process.wait()

        with hold(tmp_path, holder=note, now=NOW):
            assert json.loads(note.read_bytes())["pid"] == os.getpid()


def test_hold_waits_for_the_other_to_finish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, waits = tmp_path / "holder.json", []
    with another(tmp_path, note) as process:

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            process.kill()
            process.wait()

        monkeypatch.setattr(time, "sleep", sleep)
        with hold(tmp_path, holder=note, now=NOW, wait_s=30):
            assert waits == [0.05]


def test_hold_waits_no_longer_than_it_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, clock = tmp_path / "holder.json", [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[-1])
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.append(clock[-1] + seconds))

    with (
        hold(tmp_path, holder=note, now=NOW),
        pytest.raises(BusyError),
        hold(tmp_path, holder=note, now=NOW, wait_s=0.12),
    ):
        pytest.fail("two held at once")

    assert clock == pytest.approx([100.0, 100.05, 100.1, 100.12])


def test_started_programs_do_not_inherit_the_lock(tmp_path: Path) -> None:
    note = tmp_path / "holder.json"
    with hold(tmp_path, holder=note, now=NOW):
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys; print('up', flush=True); sys.stdin.read()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            close_fds=False,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"

    with child:
        assert child.poll() is None
        with hold(tmp_path, holder=note, now=NOW):
            assert child.poll() is None
        child.kill()


def test_hold_of_a_missing_folder_says_so(tmp_path: Path) -> None:
    data = tmp_path / "data"

    with (
        pytest.raises(PublishError) as caught,
        hold(data, holder=tmp_path / "holder.json", now=NOW),
    ):
        pytest.fail("held nothing")

    assert str(caught.value) == (
        f"{data}: the folder cannot be locked: No such file or directory; "
        "create it or mend its rights, then run again"
    )
