"""Triggers and reports, as other programs use them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from pipeline import report
from pipeline.errors import BusyError, ConfigError, DatasetError, Problem, PublishError
from pipeline.model import RunReport, Want
from pipeline.service.runner import Stopped
from pipeline.state.database import State
from tests.builders import NOW
from tests.web.asking import SIGNED, TOKEN, Answer, Passes, Served, asked
from tests.web.conftest import Serve
from tests.workspace import TEA, Workspace

JSON = {"content-type": "application/json"}
PATIENCE_S = 30.0


def publish(
    served: Served, wish: object = None, headers: Mapping[str, str] | None = None
) -> Answer:
    body = b"" if wish is None else json.dumps(wish).encode()
    return served.ask("/api/publish", method="POST", headers={**JSON, **(headers or {})}, body=body)


def test_publish_answers_with_the_report_of_the_run(served: Served) -> None:
    served.passes.report = RunReport(started=NOW, written=("atom.xml",), unchanged=3)
    answer = publish(served)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert json.loads(answer.body) == report.run_json(served.passes.report)


def test_publish_with_nothing_said_looks_at_every_list(served: Served) -> None:
    publish(served)
    publish(served, {})
    assert served.passes.wants == [Want(), Want()]


def test_publish_does_what_it_is_asked(served: Served) -> None:
    wish = {
        "events": ["teaconf-2031", "cupconf-2031", "teaconf-2031"],
        "dry_run": True,
        "offline": True,
        "due": True,
        "deliver": False,
    }
    publish(served, wish)
    assert served.passes.wants == [
        Want(
            events=("teaconf-2031", "cupconf-2031"),
            dry_run=True,
            offline=True,
            due=True,
            deliver=False,
        )
    ]


@pytest.mark.parametrize(
    "wish",
    [
        {"events": ["../teaconf-2031"]},
        {"events": ["TeaConf"]},
        {"events": "teaconf-2031"},
        {"events": ["a"] * 101},
        {"dry_run": "yes"},
        {"dryrun": True},
        {"clock_given": True},
        [],
        "publish",
        7,
    ],
)
def test_publish_refuses_what_it_does_not_understand(served: Served, wish: object) -> None:
    assert (publish(served, wish).status, served.passes.wants) == (422, [])


def test_publish_refuses_a_body_that_is_no_json(served: Served) -> None:
    forms = {"content-type": "application/x-www-form-urlencoded"}
    found = [
        served.ask("/api/publish", method="POST", headers=headers, body=b"dry_run=1").status
        for headers in (JSON, forms, {"content-type": "text/plain"})
    ]
    assert (found, served.passes.wants) == ([422] * 3, [])


def test_a_hundred_calls_at_once_are_one_run(serve: Serve) -> None:
    calls, go_on = 100, threading.Event()

    class Slow(Passes):
        def __call__(self, want: Want) -> RunReport:
            assert go_on.wait(PATIENCE_S)
            return super().__call__(want)

    served = serve(passes=Slow())

    async def all_at_once() -> list[Answer]:
        tasks = [
            asyncio.create_task(asked(served.app, "/api/publish", method="POST", headers=JSON))
            for _ in range(calls)
        ]
        while not served.runner.joinable(Want()):
            await asyncio.sleep(0)
        for _ in range(1000):  # let every call come as far as it can
            await asyncio.sleep(0)
        go_on.set()
        return await asyncio.gather(*tasks)

    answers = asyncio.run(all_at_once())
    assert {one.status for one in answers} == {200}
    assert len({one.body for one in answers}) == 1
    assert served.passes.wants == [Want()]


def test_calls_with_the_same_key_are_one_run(served: Served) -> None:
    key = {"idempotency-key": "release-of-tuesday"}
    first, second = publish(served, headers=key), publish(served, headers=key)
    other = publish(served, {"offline": True}, headers=key)
    assert (first.body, [one.status for one in (first, second, other)]) == (
        second.body,
        [200, 200, 409],
    )
    assert served.passes.wants == [Want()]


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_has_a_length(served: Served, key: str) -> None:
    assert publish(served, headers={"idempotency-key": key}).status == 422


def test_publish_has_a_rate(served: Served) -> None:
    found = [publish(served).status for _ in range(11)]
    assert (found, len(served.passes.wants)) == ([200] * 10 + [429], 10)
    assert 0 < int(publish(served).headers["retry-after"]) <= 6


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (BusyError("a run is at work"), 409, "a run is at work"),
        (DatasetError((Problem(file="data/x", message="is gone"),)), 409, "data/x: is gone"),
        (ConfigError("config.yaml is wrong"), 409, "config.yaml is wrong"),
        (PublishError("no space left"), 500, "no space left"),
        (Stopped(), 503, "the server is ending; ask the next one"),
    ],
)
def test_a_run_that_came_to_nothing_says_why(
    served: Served, error: Exception, status: int, detail: str
) -> None:
    served.passes.error = error
    answer = publish(served)
    assert (answer.status, json.loads(answer.body)) == (status, {"detail": detail})
    later = isinstance(error, BusyError | Stopped)
    assert answer.headers.get("retry-after") == ("5" if later else None)


def test_runs_are_told_the_newest_first(serve: Serve, tea: Workspace) -> None:
    served = serve()
    assert json.loads(served.ask("/api/runs").body) == {"runs": []}
    with State.open(tea.root / ".recap/state.sqlite") as state:
        for code in (0, 3):
            state.add_run(started=NOW, finished=NOW, exit_code=code, report={})
    assert json.loads(served.ask("/api/runs?limit=1").body) == {
        "runs": [
            {
                "id": 2,
                "started": "2031-05-20T12:00:00Z",
                "finished": "2031-05-20T12:00:00Z",
                "exit_code": 3,
                "report": {},
            }
        ]
    }
    assert served.ask("/api/runs?limit=0").status == 422


def test_runs_that_cannot_be_read_say_why(serve: Serve, tea: Workspace) -> None:
    (tea.root / ".recap/state.sqlite").mkdir(parents=True)
    answer = serve().ask("/api/runs")
    detail = json.loads(answer.body)["detail"]
    assert (answer.status, "the state database cannot be used" in detail) == (500, True)


def test_status_is_told_with_every_reason(serve: Serve, tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    found: dict[str, Any] = json.loads(serve(token=TOKEN).ask("/api/status", headers=SIGNED).body)
    written = json.loads((tea.root / "feeds/status.json").read_bytes())
    assert (found["status"], found["health"], found["reasons"]) == (written, "green", [])


def test_the_description_is_of_the_api_alone(served: Served) -> None:
    found = json.loads(served.ask("/api/openapi.json").body)
    assert sorted(found["paths"]) == ["/api/publish", "/api/runs", "/api/status"]
    assert found["components"]["securitySchemes"] == {
        "token": {"type": "http", "scheme": "bearer", "description": "RECAP_TOKEN"}
    }


def test_the_description_names_every_field_of_the_report(served: Served) -> None:
    found = json.loads(served.ask("/api/openapi.json").body)
    described = found["components"]["schemas"]["Run"]["properties"]
    assert set(described) == set(report.run_json(RunReport(started=NOW)))


def test_a_wrong_method_is_told_which_are_right(served: Served) -> None:
    found = [served.ask(path, method="PUT") for path in ("/api/publish", "/api/runs", "/healthz")]
    told = [(one.status, set(one.headers["allow"].split(", "))) for one in found]
    assert told == [(405, {"POST"}), (405, {"GET"}), (405, {"GET", "HEAD"})]


def test_there_is_no_page_that_loads_scripts_from_elsewhere(served: Served) -> None:
    assert [served.ask(path).status for path in ("/docs", "/redoc", "/api/docs")] == [404] * 3
