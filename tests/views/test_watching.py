from __future__ import annotations

from typing import Any

import pytest

from pipeline.views.talk import Moment
from pipeline.views.watching import Check, Row, Watching, view_watching
from pipeline.wording import wording
from tests.builders import SITE

QUIET: dict[str, Any] = {
    "looked_at": "2031-05-20T12:00:00Z",
    "stopped_after": "2031-05-21T12:30:00Z",
    "totals": {"events": 1, "talks": 13, "out": 9},
    "events": [],
    "watches": [],
    "problems": [],
    "failures": 0,
    "checks": [],
}
EVENT = {
    "id": "teaconf-2031",
    "name": "TeaConf 2031",
    "out": 9,
    "total": 13,
    "waiting_for_a_person": 1,
    "alerts": 1,
}
SILENT = {
    "key": "teaconf-2031/list",
    "skipped": 0,
    "failing": True,
    "gap": None,
    "last_good": "2031-05-19T23:00:00Z",
    "next_look": "2031-05-20T12:30:00Z",
}


def view(language: str = "en", **facts: object) -> Watching:
    return view_watching({**QUIET, **facts}, SITE, wording=wording(language))


def test_watching_says_that_all_is_well() -> None:
    made = view()

    assert (made.headline, made.summary, made.events, made.lists) == (
        "Working.",
        "9 of 13 recordings out.",
        (),
        (),
    )


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"watches": [SILENT]}, "Working. One list is not answering."),
        ({"watches": [SILENT, SILENT]}, "Working. Two lists are not answering."),
        ({"failures": 1}, "The last check went wrong in part."),
        ({"problems": ["data/a"]}, "Working. One file of the talk data is broken."),
        (
            {"watches": [{**SILENT, "failing": False, "gap": {"before": "x"}}]},
            "Working. One list may have missed videos.",
        ),
        (
            {"watches": [SILENT], "problems": ["data/a"]},
            "Working. One list is not answering.",
        ),
    ],
)
def test_watching_heads_the_page_with_the_worst(facts: dict[str, Any], said: str) -> None:
    assert view(**facts).headline == said


def test_watching_counts_what_waits_for_a_person() -> None:
    made = view(events=[EVENT])

    assert made.summary == "9 of 13 recordings out; two videos wait for a person."
    assert made.events == (
        Row(
            name="TeaConf 2031",
            now="9 of 13 recordings out",
            ill=True,
            more="Two videos wait for a person",
            link="teaconf-2031/",
        ),
    )


def test_watching_names_the_day_of_a_time_only_where_it_is_another() -> None:
    made = view(watches=[SILENT])

    assert made.lists == (
        Row(
            name="teaconf-2031/list",
            now="No answer",
            ill=True,
            more="Its talks keep their last known recordings.",
            last_good=Moment(day="19 May, 23:00 UTC", instant="2031-05-19T23:00:00Z"),
            next=Moment(day="12:30 UTC", instant="2031-05-20T12:30:00Z"),
        ),
    )


def test_watching_says_from_when_on_it_has_stopped() -> None:
    assert (view().looked.day, view().stopped) == (
        "12:00 UTC",
        Moment(day="21 May, 12:30 UTC", instant="2031-05-21T12:30:00Z"),
    )


def test_watching_draws_each_check_and_says_the_same_in_words() -> None:
    checks = [
        {"started": "2031-05-20T11:00:00Z", "written": written, "troubled_lists": troubled}
        for written, troubled in ((0, 0), (3, 0), (3, 1))
    ]
    made = view(checks=checks)

    assert made.checks == (Check(kind="quiet"), Check(kind="published"), Check(kind="trouble"))
    assert made.told == (
        "3 checks. Something was published in 1 (teal), a list was missing in 1 (orange)."
    )


def test_watching_speaks_the_language_of_the_site() -> None:
    assert view("de", watches=[SILENT]).headline == "Läuft. Eine Liste antwortet nicht."
