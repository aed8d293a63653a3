from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from pipeline.config import load_config
from pipeline.dataset.folder import FolderStore
from pipeline.errors import ConfigError
from pipeline.model import Plan

SITE = "site: {tag: 'example.org,2031'}\n"
EVENT = "id: teaconf-2031\nname: TeaConf 2031\nstart: 2031-05-17\n"


def plan(root: Path, written: str) -> Plan:
    (root / "config.yaml").write_text(f"{SITE}announce: {written}\n", encoding="utf-8")
    return load_config(root).plan


def refusal(root: Path, written: str) -> str:
    with pytest.raises(ConfigError) as caught:
        plan(root, written)
    return caught.value.message.partition(": ")[2]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("each", Plan()),
        ("daily", Plan(when="daily")),
        ("daily 7:30", Plan(when="daily", at=time(7, 30))),
        ("weekly", Plan(when="weekly", weekday=3, at=time(9, 0))),
        ("weekly Monday", Plan(when="weekly", weekday=0)),
        ("weekly thursday 09:00", Plan(when="weekly", weekday=3, at=time(9, 0))),
        ("every 12", Plan(when="every", count=12)),
        ("complete", Plan(when="complete")),
        ("manual", Plan(when="manual")),
        ("{}", Plan()),
        (
            "{when: weekly sunday 23:59, quiet: 3h, close_after: 14}",
            Plan(
                when="weekly",
                weekday=6,
                at=time(23, 59),
                quiet=timedelta(hours=3),
                close_after=timedelta(days=14),
            ),
        ),
        ("{quiet: 90 minutes}", Plan(quiet=timedelta(minutes=90))),
        ("{quiet: 0}", Plan(quiet=timedelta())),
    ],
)
def test_a_plan_is_read_as_people_write_it(tmp_path: Path, written: str, meant: Plan) -> None:
    assert plan(tmp_path, written) == meant


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("weekyl", "announce: 'weekyl' is no plan; did you mean 'weekly'?"),
        ("never", "announce: 'never' is no plan; did you mean 'every'?"),
        (
            "at noon",
            (
                "announce: 'at noon' is no plan; "
                "write one of each, complete, manual, daily, weekly, every"
            ),
        ),
        (
            "weekly thu 09:00",
            (
                "announce: 'thu' in 'weekly thu 09:00' is no day of the week; "
                "did you mean 'thursday'?"
            ),
        ),
        (
            "daily 24:00",
            (
                "announce: '24:00' in 'daily 24:00' is no time of day; "
                "write hours and minutes, as in 09:00"
            ),
        ),
        (
            "daily 09:00 sharp",
            (
                "announce: 'daily 09:00 sharp' says more than a time; "
                "write each, daily 09:00, weekly thursday 09:00, every 5, complete or manual"
            ),
        ),
        ("every few", "announce: 'every few' names no number of talks; write it as in every 5"),
        ("every 0", "announce: 'every 0' names no number of talks; write it as in every 5"),
        (
            "''",
            (
                "announce: here stands nothing; "
                "write each, daily 09:00, weekly thursday 09:00, every 5, complete or manual"
            ),
        ),
        ("{wen: each}", "announce.wen: unknown key 'wen'; did you mean 'when'?"),
        ("{when: weekyl}", "announce.when: 'weekyl' is no plan; did you mean 'weekly'?"),
        (
            "{quiet: 3}",
            "announce.quiet: 3 is no pause; write it as in 3h, 90 minutes, or 0 for none",
        ),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, written: str, said: str) -> None:
    assert refusal(tmp_path, written) == said


def test_a_plan_that_is_a_number_is_refused(tmp_path: Path) -> None:
    assert "announce: 5 is read as a number or a truth value; write it in quotes" in refusal(
        tmp_path, "5"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [("", None), ("announce: every 5\n", Plan(when="every", count=5))],
)
def test_an_event_may_have_a_plan_of_its_own(
    tmp_path: Path, written: str, meant: Plan | None
) -> None:
    folder = tmp_path / "teaconf-2031"
    folder.mkdir()
    (folder / "event.yaml").write_text(EVENT + written, encoding="utf-8")
    assert FolderStore(tmp_path).open("teaconf-2031").event.plan == meant
