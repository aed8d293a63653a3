from __future__ import annotations

from datetime import timedelta
from typing import Any

from pipeline.errors import Problem
from pipeline.model import EventReport, Gap, Question, RunReport, WatchReport
from pipeline.service.health import Health, health
from tests.builders import NOW

DAY = timedelta(days=1)
CEASED = (
    "no pass has ended since 2031-05-20T12:00:00Z; look into the log, and start `recap serve` again"
)
WELL = WatchReport(key="teaconf-2031/list", last_good=NOW, next_look=NOW + DAY)


def judged(*, later: timedelta = timedelta(), **more: Any) -> tuple[str, ...]:
    made = RunReport(started=NOW, **{"watches": (WELL,), **more})
    return health(made, now=NOW + later).red


def test_health_is_green_before_the_first_run() -> None:
    assert health(None, now=NOW, patience=DAY) == Health(red=())


def test_health_has_a_colour() -> None:
    assert (Health().colour, Health(red=("it hurts",)).colour) == ("green", "red")


def test_health_of_an_idle_month_is_green() -> None:
    weekly = WatchReport(key="teaconf-2031/list", last_good=NOW, next_look=NOW + 7 * DAY)
    assert judged(watches=(weekly,), later=28 * DAY) == ()


def test_health_leaves_questions_to_people() -> None:
    asked = Question(video="youtube:x", url="", title=None, talk=None, probability=0.5)
    event = EventReport(id="x", name="X", total=1, out=0, questions=(asked,), alerts=("look",))
    assert judged(events=(event,)) == ()


def test_health_judges_a_list_by_the_moment_it_is_asked() -> None:
    within, beyond = 4 * DAY, 4 * DAY + timedelta(seconds=1)
    assert (judged(later=within), judged(later=beyond)) == (
        (),
        ("teaconf-2031/list: not looked at since 2031-05-20T12:00:00Z; is `recap serve` running?",),
    )


def test_health_is_red_for_a_list_that_failed_beyond_its_budget() -> None:
    late = WatchReport(key="a/list", error="HTTP 500", late=True, last_good=NOW - 2 * DAY)
    assert judged(watches=(late,)) == (
        "a/list: not answering (last good 2031-05-18T12:00:00Z): HTTP 500",
    )


def test_health_is_red_for_an_open_gap() -> None:
    gap = WatchReport(key="a/list", last_good=NOW, gap=Gap(after=None, before=NOW))
    assert judged(watches=(gap,)) == (
        "a/list: may have missed videos before 2031-05-20T12:00:00Z: it shows its newest few only",
    )


def test_health_is_red_for_broken_files_and_failed_stages() -> None:
    problem = Problem(file="data/x/event.yaml", line=3, column=1, message="is wrong")
    assert judged(problems=(problem,), failures=("the clock went back",)) == (
        "data/x/event.yaml:3:1: is wrong",
        "the clock went back",
    )


def test_health_is_red_for_a_held_mail() -> None:
    held = "mail newsletter of 2031-05-20 is held: did it arrive?"
    assert health(RunReport(started=NOW), now=NOW, held=[held]) == Health(red=(held,))


def test_health_is_red_for_a_pass_that_came_to_no_report() -> None:
    found = health(None, now=NOW, failure="feeds: no space left on device")
    assert found.red == ("the last pass failed: feeds: no space left on device",)


def test_health_is_red_when_passes_have_ceased() -> None:
    made = RunReport(started=NOW)
    hour = timedelta(hours=1)
    found = [
        health(made, now=NOW + age, patience=hour).red
        for age in (hour, hour + timedelta(seconds=1))
    ]
    assert found == [
        (),
        (CEASED,),
    ]


def test_health_does_not_mind_an_old_report_where_nobody_has_to_run_passes() -> None:
    assert health(RunReport(started=NOW), now=NOW + 365 * DAY) == Health()
