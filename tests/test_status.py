from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.errors import Problem
from pipeline.model import EventReport, Gap, Question, RunReport, WatchReport
from pipeline.selection import Index, place
from pipeline.status import LISTED, is_troubled, run_log, unknown_event, write
from tests.builders import NOW, SITE, entry, published

ASKED = Question(video="youtube:a", url="https://example.org/a", title="A", talk="a", probability=1)


def event(name: str, *, awaited: int = 0, **more: Any) -> EventReport:
    standings = {"out": 1, "awaited": awaited}
    return EventReport(id=name, name=name, total=1 + awaited, out=1, standings=standings, **more)


def index_of(names: Iterable[str]) -> Index:
    index = Index()
    for name in names:
        index.put(place(published(entry(1, sequence=1), entry(2), id=name), SITE))
    return index


def written(
    feeds: Path, *events: EventReport, known: Iterable[str] = (), whole: bool = True, **more: Any
) -> dict[str, Any]:
    made = RunReport(started=NOW, events=events, **more)
    names = {one.id for one in events}
    write(feeds, made, index_of({*names, *known}), taken=names, whole=whole)
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
