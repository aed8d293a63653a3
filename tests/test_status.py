from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.errors import Problem
from pipeline.model import EventReport, Gap, Question, RunReport, WatchReport
from pipeline.selection import Index, place
from pipeline.state.database import PastRun
from pipeline.status import CHECKS, LISTED, Around, is_troubled, run_log, unknown_event, write
from tests.builders import NOW, SITE, entry, published
from tests.outputs.markup import Markup
from tests.workspace import TEA, tea_workspace

ASKED = Question(video="youtube:a", url="https://example.org/a", title="A", talk="a", probability=1)


def event(name: str, *, awaited: int = 0, **more: Any) -> EventReport:
    standings = {"out": 1, "awaited": awaited}
    return EventReport(id=name, name=name, total=1 + awaited, out=1, standings=standings, **more)


def index_of(names: Iterable[str]) -> Index:
    index = Index()
    for name in names:
        index.put(place(published(entry(1, sequence=1), entry(2), id=name), SITE))
    return index


def around(feeds: Path, **more: Any) -> Around:
    return Around(site=SITE, templates=feeds / "templates", looks="", **more)


def written(
    feeds: Path,
    *events: EventReport,
    known: Iterable[str] = (),
    whole: bool = True,
    past: tuple[PastRun, ...] = (),
    wake: datetime | None = None,
    **more: Any,
) -> dict[str, Any]:
    made = RunReport(started=NOW, events=events, **more)
    names = {one.id for one in events}
    write(
        feeds,
        made,
        index_of({*names, *known}),
        taken=names,
        whole=whole,
        around=around(feeds, past=past, wake=wake),
    )
    found: dict[str, Any] = json.loads((feeds / "status.json").read_bytes())
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [one["id"] for one in found["events"]]


def test_status_counts_all_and_lists_what_is_open(tmp_path: Path) -> None:
    found = written(tmp_path, event("done"), event("open", awaited=1))
    assert (found["version"], ids(found)) == (1, ["open"])
    assert found["totals"] == {
        "events": 2,
        "talks": 4,
        "out": 2,
        "events_with_recordings_to_come": 2,
    }


def test_status_lists_every_event_that_needs_a_person_first(tmp_path: Path) -> None:
    waiting = [event(f"open-{number}", awaited=1) for number in range(LISTED)]
    asking = [event(f"ask-{number}", questions=(ASKED,)) for number in range(3)]
    found = written(tmp_path, *waiting, *asking)
    assert (len(found["events"]), ids(found)[:4]) == (
        LISTED,
        ["ask-0", "ask-1", "ask-2", "open-0"],
    )


def test_status_lists_watches_that_are_not_well(tmp_path: Path) -> None:
    watches = (
        WatchReport(key="a/fine", last_good=NOW),
        WatchReport(key="a/gap", gap=Gap(after=None, before=NOW)),
        WatchReport(key="a/failing", error="no answer"),
        WatchReport(key="a/late", error="no answer", late=True),
    )
    found = written(tmp_path, event("a"), watches=watches)
    assert [one["key"] for one in found["watches"]] == ["a/failing", "a/gap", "a/late"]
    assert [is_troubled(each) for each in watches] == [False, True, True, True]


def test_status_carries_over_what_the_run_did_not_take(tmp_path: Path) -> None:
    failing = (WatchReport(key="a/list", error="x"), WatchReport(key="b/list", error="x"))
    problems = (Problem(file="data/a/event.yaml", message="m"), Problem(file="data/b", message="m"))
    written(tmp_path, event("a", awaited=1), event("b", awaited=1), watches=failing)
    written(tmp_path, event("a", awaited=1), known=["b"], problems=problems)
    found = written(tmp_path, event("a"), known=["b"], whole=False)
    assert (ids(found), found["problems"]) == (["b"], ["data/b"])
    assert [one["key"] for one in found["watches"]] == ["b/list"]


def test_status_forgets_events_that_are_gone(tmp_path: Path) -> None:
    written(tmp_path, event("a", awaited=1), event("b", awaited=1))
    assert ids(written(tmp_path, event("b", awaited=1))) == ["b"]


def test_status_that_is_damaged_is_written_anew(tmp_path: Path) -> None:
    for body in ("", "[]", '{"events": [1], "watches": [], "problems": []}'):
        (tmp_path / "status.json").write_text(body, encoding="utf-8")
        assert ids(written(tmp_path, event("a", awaited=1))) == ["a"]


def test_status_says_when_it_is_too_late_for_the_next_pass(tmp_path: Path) -> None:
    found = written(tmp_path, event("a"), wake=NOW + timedelta(minutes=30))
    assert (found["next_pass"], found["stopped_after"]) == (
        "2031-05-20T12:30:00Z",
        "2031-05-21T12:30:00Z",
    )


def test_status_of_a_part_keeps_what_a_whole_run_said_of_the_next(tmp_path: Path) -> None:
    written(tmp_path, event("a"), wake=NOW + timedelta(minutes=30))
    found = written(tmp_path, event("a"), whole=False, wake=NOW + timedelta(days=9))
    assert [found["next_pass"]] == ["2031-05-20T12:30:00Z"]


def test_status_tells_of_the_last_checks_oldest_first(tmp_path: Path) -> None:
    past = tuple(
        PastRun(
            id=CHECKS - number,
            started=NOW - timedelta(hours=number),
            finished=NOW,
            exit_code=0,
            report={"counts": {"written": number}, "watches": ["a/list"]},
        )
        for number in range(1, CHECKS + 1)
    )
    found = written(tmp_path, event("a"), past=past)["checks"]
    assert (len(found), found[-2:]) == (
        CHECKS,
        [
            {"started": "2031-05-20T11:00:00Z", "written": 1, "troubled_lists": 1},
            {"started": "2031-05-20T12:00:00Z", "written": 0, "troubled_lists": 0},
        ],
    )


def test_status_page_says_the_same_as_status_json(tmp_path: Path) -> None:
    written(tmp_path, event("open", awaited=1), wake=NOW + timedelta(minutes=30))
    page = " ".join(Markup((tmp_path / "status.html").read_text("utf-8")).text.split())
    for said in (
        "Working. 1 of 2 recordings out.",
        "Last looked 12:00 UTC. If it is later than 21 May, 12:30 UTC, watching has stopped.",
        "✓ 1 of 2 recordings out",
        "Every list that was due has answered.",
    ):
        assert said in page


def test_status_page_that_cannot_be_rendered_stays_and_is_reported(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "page"
    own.mkdir(parents=True)
    (own / "status.html").write_text("{{ nothing }}", encoding="utf-8")
    (tmp_path / "status.html").write_text("before", encoding="utf-8")
    told = write(
        tmp_path,
        RunReport(started=NOW),
        Index(),
        taken=(),
        whole=True,
        around=around(tmp_path),
    )
    assert [one.partition(": template")[0] for one in told] == ["status.html"]
    assert (tmp_path / "status.html").read_text("utf-8") == "before"


def test_a_pass_writes_both_and_says_when_it_has_something_to_do_next(tmp_path: Path) -> None:
    tea = tea_workspace(tmp_path, TEA)
    tea.pass_()
    tea.later(hours=1)
    tea.pass_()
    found = json.loads((tmp_path / "feeds" / "status.json").read_bytes())
    page = (tmp_path / "feeds" / "status.html").read_text("utf-8")
    assert [one["written"] > 0 for one in found["checks"]] == [True, False]
    assert (found["next_pass"] > found["looked_at"], "Last looked" in page) == (True, True)


def test_run_log_keeps_news_and_counts() -> None:
    made = RunReport(
        started=NOW,
        events=(event("quiet"), event("news", released=("A",))),
        watches=(WatchReport(key="quiet/list"),),
        written=tuple(f"{number}.html" for number in range(LISTED + 5)),
    )
    found = run_log(made)
    assert (ids(found), found["watches"]) == (["news"], [])
    assert found["counts"] == {
        "events": 2,
        "watches": 1,
        "written": LISTED + 5,
        "removed": 0,
        "failures": 0,
        "warnings": 0,
    }


def test_neither_status_nor_run_log_names_what_a_person_is_asked(tmp_path: Path) -> None:
    words: dict[str, Any] = {
        "released": ("Secret title",),
        "alerts": ("Secret alert",),
        "questions": (ASKED,),
    }
    watches = (WatchReport(key="a/list", error="/secret/path", skipped=("secret row",)),)
    problems = (Problem(file="data/a/event.yaml", line=3, message="secret word"),)
    made = RunReport(
        started=NOW,
        events=(event("a", **words),),
        watches=watches,
        problems=problems,
        failures=("secret failure",),
        warnings=("secret warning",),
    )
    told = json.dumps([run_log(made), written(tmp_path, *made.events, watches=watches)])
    assert [word for word in ("ecret", ASKED.url, "youtube:a") if word in told] == []
    assert run_log(made)["problems"] == ["data/a/event.yaml:3"]


def test_unknown_event_names_a_few_of_many() -> None:
    known = [f"conf-{number}" for number in range(30)]
    message = unknown_event("zzz", known).message
    assert message.endswith("conf-8, conf-9, …")
