"""What Prometheus reads, read back by its own parser."""

from __future__ import annotations

import json

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.errors import BusyError, PublishError
from pipeline.model import EventReport, Outcome, Question, RunReport, Want
from pipeline.service.runner import Ended, Stopped
from pipeline.state.database import Look, State
from pipeline.web.metrics import outcome_of
from tests.builders import NOW
from tests.web.asking import Served, moment
from tests.web.conftest import Serve
from tests.workspace import Workspace

ASKED = Question(video="youtube:a", url="", title="A", talk="a", probability=0.5)


def read(served: Served) -> dict[str, float]:
    answer = served.ask("/metrics")
    assert answer.status == 200
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = ",".join(sample.labels.values())
            found[f"{sample.name}:{labels}" if labels else sample.name] = sample.value
    return found


def test_runs_are_counted_by_outcome(serve: Serve) -> None:
    served = serve()
    served.runner.publish(Want())
    served.runner.publish(Want())
    served.passes.error = PublishError("no space")
    served.runner.submit(Want()).exception(30)
    served.runner.stop()
    assert served.runner.ended(30)
    found = read(served)
    assert found["recap_runs_total:fine"] == 2
    assert found["recap_runs_total:failed"] == 1
    assert found["recap_run_duration_seconds_count"] == 3


@pytest.mark.parametrize(
    ("report", "error", "word"),
    [
        (RunReport(started=NOW), None, "fine"),
        (RunReport(started=NOW, failures=("x",)), None, "failed"),
        (
            RunReport(
                started=NOW,
                events=(EventReport(id="a", name="A", total=1, out=0, questions=(ASKED,)),),
            ),
            None,
            "person_needed",
        ),
        (None, BusyError("another"), "busy"),
        (None, Stopped(), "stopped"),
        (None, ValueError(), "failed"),
    ],
)
def test_an_outcome_is_one_word(
    report: RunReport | None, error: Exception | None, word: str
) -> None:
    assert outcome_of(Ended(want=Want(), took_s=1.0, report=report, error=error)) == word


def test_outcomes_are_those_of_the_exit_codes() -> None:
    assert [one.name.lower() for one in Outcome] == [
        "fine",
        "failed",
        "invalid",
        "person_needed",
        "busy",
    ]


def test_what_is_stored_is_read_when_it_is_asked_for(serve: Serve, tea: Workspace) -> None:
    good = Look(last_try=NOW, last_good=NOW)
    failing = Look(last_try=NOW, failures=3, failing_since=NOW)
    looks = {
        "teaconf-2031/list": good,
        "teaconf-2031/other": failing,
        "teaconf-2031/:programme": good,
    }
    with State.open(tea.root / ".recap/state.sqlite") as state:
        state.commit(looks=looks, validators={})
    found = read(serve())
    assert {name: value for name, value in found.items() if name.startswith("recap_watch")} == {
        "recap_watch_last_good_timestamp_seconds:teaconf-2031/list": NOW.timestamp(),
        "recap_watch_failures:teaconf-2031/list": 0,
        "recap_watch_failures:teaconf-2031/other": 3,
    }


def test_that_not_all_is_well_is_told_though_the_state_cannot_be_read(
    serve: Serve, tea: Workspace
) -> None:
    (tea.root / ".recap/state.sqlite").mkdir(parents=True)
    served = serve()
    for _ in range(2):  # what the first has left is read before the second begins
        served.runner.publish(Want())
    found = read(served)
    assert found["recap_healthy"] == 0
    assert [name for name in found if "watch" in name or "letters" in name] == []


def test_what_waits_and_what_is_out_is_told(serve: Serve, tea: Workspace) -> None:
    body = {
        "looked_at": "2031-05-20T12:00:00Z",
        "problems": [],
        "totals": {"talks": 13, "out": 9},
        "events": [{"waiting_for_a_person": 2}, {"waiting_for_a_person": 1}],
        "watches": [{"gap": None}, {"gap": {"after": None, "before": "2031-05-20T12:00:00Z"}}],
    }
    tea.write("feeds/status.json", json.dumps(body))
    served = serve(next_tick=moment(seconds=15))
    served.runner.publish(Want())
    found = read(served)
    names = ("talks", "talks_out", "review_backlog", "gaps", "healthy")
    assert {name: found[f"recap_{name}"] for name in names} == {
        "talks": 13,
        "talks_out": 9,
        "review_backlog": 3,
        "gaps": 1,
        "healthy": 1,
    }
    assert found["recap_last_pass_timestamp_seconds"] == NOW.timestamp()
    assert found["recap_next_tick_timestamp_seconds"] == NOW.timestamp() + 15


def test_nothing_is_made_up_before_the_first_pass(served: Served, tea: Workspace) -> None:
    found = read(served)
    assert [name for name in found if "last_pass" in name or "watch" in name] == []
    assert not (tea.root / ".recap").exists()
