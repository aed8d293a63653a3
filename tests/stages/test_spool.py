from __future__ import annotations

from pathlib import Path

from pipeline.stages.spool import Spool

TEA = {"Of *tea*": ("<p>Of <em>tea</em></p>", "Of tea")}
CUPS = {"Of *cups*": ("<p>Of <em>cups</em></p>", "Of cups")}
GREEN = {"お茶": ("<p>お茶</p>", "お茶")}


def test_spool_gives_back_the_notes_of_each_event_as_laid_aside_last(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.put("teaconf-2031", CUPS)
        spool.put("teaconf-2032", GREEN)
        spool.put("teaconf-2031", TEA)
        found = [spool.get(f"teaconf-{year}") for year in (2031, 2032, 2033)]

    assert found == [TEA, GREEN, {}]


def test_spool_leaves_no_file_that_another_program_sees(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.put("teaconf-2031", TEA)
        seen = list(tmp_path.iterdir())

    assert seen == []


def test_spool_holds_nothing_where_the_disk_refuses(tmp_path: Path) -> None:
    with Spool(tmp_path / "gone") as spool:
        spool.put("teaconf-2031", TEA)
        assert spool.get("teaconf-2031") == {}
