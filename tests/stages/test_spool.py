from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.model import Artifact
from pipeline.stages.spool import Spool

TEA = {"Of *tea*": ("<p>Of <em>tea</em></p>", "Of tea")}
CUPS = {"Of *cups*": ("<p>Of <em>cups</em></p>", "Of cups")}
GREEN = {"お茶": ("<p>お茶</p>", "お茶")}
PAGE = (
    Artifact(path="archive/atom-1.xml", body="<feed>お茶</feed>".encode()),
    Artifact(path="archive/feed-1.json", body=b"{}"),
)


def test_spool_gives_back_the_notes_of_each_event_as_laid_aside_last(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.put_notes("teaconf-2031", CUPS)
        spool.put_notes("teaconf-2032", GREEN)
        spool.put_notes("teaconf-2031", TEA)
        found = [spool.notes(f"teaconf-{year}") for year in (2031, 2032, 2033)]

    assert found == [TEA, GREEN, {}]


def test_spool_gives_back_artifacts_by_what_they_were_made_of(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.put_notes("teaconf-2031", TEA)
        spool.put("inputs", PAGE)
        spool.put_notes("teaconf-2032", CUPS)
        found = [spool.get(inputs) for inputs in ("inputs", "other inputs")]

    assert found == [PAGE, ()]


def test_spool_gives_back_nothing_of_what_is_not_there_whole(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.put("inputs", PAGE)
        spool.get("inputs")
        assert spool._file is not None
        spool._file.truncate(3)
        found = spool.get("inputs")

    assert found == ()


def test_spool_leaves_no_file_that_another_program_sees(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.put("inputs", PAGE)
        seen = list(tmp_path.iterdir())

    assert seen == []


def test_spool_holds_nothing_where_the_disk_refuses(tmp_path: Path) -> None:
    with Spool(tmp_path / "gone") as spool:
        spool.put("inputs", PAGE)
        assert (spool.get("inputs"), spool.notes("inputs")) == ((), {})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_spool_gives_back_its_room_where_the_disk_is_full(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.put("inputs", PAGE)
        assert spool._file is not None
        spool._file.close()
        spool._file = full = open("/dev/full", "r+b", buffering=0)  # noqa: PTH123, SIM115
        spool.put("other inputs", PAGE)
        found = [spool.get(inputs) for inputs in ("inputs", "other inputs")]

    assert (found, full.closed) == ([(), ()], True)
