from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pipeline import passage, report
from pipeline.errors import Problem
from pipeline.model import (
    EventFiles,
    EventReport,
    Expectation,
    Gap,
    Installation,
    Ledger,
    OpenDraft,
    Question,
    RunReport,
    Standing,
    WatchReport,
)
from pipeline.report import TalkLine
from tests.builders import NOW, SITE, event, talk

KEY = "teaconf-2031/list"
DAY = timedelta(days=1)


def line(**more: Any) -> TalkLine:
    values: dict[str, Any] = {
        "event": "teaconf-2031",
        "talk": "brewing-tea",
        "title": "Brewing Tea at Scale",
        "speakers": ("Ada Example",),
        "day": None,
        "track": None,
        "standing": Standing.AWAITED,
    }
    return TalkLine(**{**values, **more})


def ailments(**more: Any) -> tuple[str, ...]:
    return report.ailments(RunReport(started=NOW, **more))


def watch(**more: Any) -> WatchReport:
    values: dict[str, Any] = {"last_good": NOW - DAY, "next_look": NOW + 6 * DAY}
    return WatchReport(key=KEY, **{**values, **more})


def test_not_out_lists_talks_that_are_awaited_or_gated_in_order() -> None:
    made = event(
        talk("out", recordings=("youtube:tea00000001",)),
        talk("embargoed", expectation=Expectation.EMBARGOED, embargo=date(2031, 6, 1)),
        talk("withheld", recordings=("youtube:tea00000002",), expectation=Expectation.WITHHELD),
        talk("awaited", track="Pots", day=date(2031, 5, 17)),
    )
    around = passage.Surroundings(installation=Installation(), tag=SITE.tag)
    passed = passage.take(EventFiles(event=made, ledger=Ledger()), {}, around, now=NOW)
    assert report.not_out(made, passed) == (
        line(talk="embargoed", standing=Standing.EMBARGOED, until="2031-06-01"),
        line(talk="withheld", standing=Standing.WITHHELD, recorded=True),
        line(talk="awaited", track="Pots", day="2031-05-17"),
    )


@pytest.mark.parametrize(
    ("made", "label"),
    [
        (line(), "Brewing Tea at Scale (Ada Example)"),
        (line(speakers=()), "Brewing Tea at Scale"),
        (line(title=None), "untitled talk by Ada Example"),
        (line(title=None, speakers=()), "brewing-tea"),
    ],
)
def test_a_talk_line_is_labelled_by_what_is_known(made: TalkLine, label: str) -> None:
    assert made.label == label


def test_a_talk_line_says_until_when_it_is_embargoed() -> None:
    assert line(standing=Standing.EMBARGOED, until="2031-06-01").words == (
        "embargoed until 2031-06-01"
    )


@pytest.mark.parametrize(
    ("made", "missing"),
    [
        (line(), True),
        (line(standing=Standing.UNAVAILABLE, recorded=True), True),
        (line(standing=Standing.EMBARGOED), True),
        (line(standing=Standing.EMBARGOED, recorded=True), False),
        (line(standing=Standing.WITHHELD), False),
        (line(standing=Standing.NOT_RECORDED), False),
        (line(standing=Standing.LOST), False),
        (line(standing=Standing.CANCELLED), False),
    ],
)
def test_is_missing_where_the_crew_still_owes_a_recording(made: TalkLine, missing: bool) -> None:
    assert report.is_missing(made) is missing


def test_coverage_adds_up_without_cancelled_talks_but_names_them() -> None:
    standings = {
        "out": 41,
        "awaited": 7,
        "not_recorded": 3,
        "withheld": 1,
        "cancelled": 2,
    }
    made = EventReport(id="x", name="X", total=52, out=41, standings=standings)
    assert report.coverage(made) == (
        "41 of 52 recordings out, 7 awaited, 3 not recorded, 1 withheld; 2 cancelled, not counted"
    )


def test_coverage_says_nothing_of_cancelled_talks_where_there_are_none() -> None:
    made = EventReport(id="x", name="X", total=1, out=1, standings={"out": 1})
    assert report.coverage(made) == "1 of 1 recordings out"


def test_ailments_of_a_month_without_news_are_none() -> None:
    assert ailments(watches=(watch(),)) == ()


def test_ailments_leave_questions_and_alerts_to_people() -> None:
    asked = Question(video="youtube:x", url="", title=None, talk=None, probability=0.5)
    made = EventReport(id="x", name="X", total=1, out=0, questions=(asked,), alerts=("look",))
    assert ailments(events=(made,)) == ()


def test_ailments_name_broken_files_and_failed_stages() -> None:
    problem = Problem(file="data/x/event.yaml", line=3, column=1, message="is wrong")
    found = ailments(problems=(problem,), failures=("the clock went back",))
    assert found == ("data/x/event.yaml:3:1: is wrong", "the clock went back")


def test_ailments_name_a_list_that_failed_beyond_its_budget_only() -> None:
    failing = watch(error="HTTP 500")
    late = watch(error="HTTP 500", late=True)
    assert ailments(watches=(failing, late)) == (
        f"{KEY}: not answering (last good 2031-05-19T12:00:00Z): HTTP 500",
    )


def test_ailments_name_a_list_that_may_have_missed_videos() -> None:
    gap = Gap(after=NOW - timedelta(hours=3), before=NOW)
    assert ailments(watches=(watch(gap=gap),)) == (
        f"{KEY}: may have missed videos between 2031-05-20T09:00:00Z and 2031-05-20T12:00:00Z",
    )


def test_ailments_name_a_list_that_nobody_looked_at_for_four_intervals() -> None:
    stale = watch(last_good=NOW - 9 * DAY, next_look=NOW - 7 * DAY)
    assert ailments(watches=(stale,)) == (
        f"{KEY}: not looked at since 2031-05-11T12:00:00Z; is `recap serve` running?",
    )


def test_a_list_is_fresh_until_its_budget_is_over() -> None:
    weekly = watch(last_good=NOW - 28 * DAY, next_look=NOW - 21 * DAY)
    assert not report.is_stale(weekly, NOW)
    assert report.is_stale(weekly, NOW + timedelta(seconds=1))


def test_a_list_that_was_never_looked_at_is_not_stale() -> None:
    assert not report.is_stale(WatchReport(key=KEY), NOW)


def draft(name: str) -> OpenDraft:
    return OpenDraft(target="draft", id=name, time=NOW, announcements=(name,), talks=("x",))


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, ""),
        (
            {"announced": ("A", "B", "C"), "drafts": (draft("2031-05-12"),)},
            "announced: 3 talks (draft 2031-05-12 is open)",
        ),
        (
            {"announced": ("A",), "closing": True, "drafts": (draft("a"), draft("b"))},
            "announced: 1 talk in the closing recap (drafts a, b are open)",
        ),
        ({"closing": True}, "announced: the closing recap (no draft is open)"),
    ],
)
def test_announced_line_says_what_and_where(fields: dict[str, Any], line: str) -> None:
    assert report.announced_line(EventReport(id="x", name="X", total=3, out=3, **fields)) == line


def test_changes_tell_of_announcements() -> None:
    made = EventReport(id="x", name="X", total=3, out=3, announced=("A", "B"), closing=True)
    assert report.changes(RunReport(started=NOW, events=(made,))) == [
        "x: mail draft + 2, closing recap, recap 3 of 3"
    ]
