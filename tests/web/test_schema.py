"""The API as a machine explores it that has read its description and nothing else."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from pipeline.errors import BusyError, DatasetError, Problem
from pipeline.model import EventReport, Gap, Question, RunReport, Want, WatchReport
from pipeline.web.limits import Bucket, Buckets
from pipeline.web.triggers import Triggers
from tests.builders import NOW
from tests.web.asking import SIGNED, TOKEN, Passes, Served
from tests.web.conftest import Serve
from tests.web.test_server import listening

OPERATIONS = [("/api/publish", "POST"), ("/api/runs", "GET"), ("/api/status", "GET")]

PROBLEM = Problem(file="data/x/event.yaml", line=3, column=1, path="talks[0]", message="is wrong")
FULL = RunReport(
    started=NOW,
    events=(
        EventReport(
            id="x",
            name="X",
            total=3,
            out=1,
            standings={"out": 1, "awaited": 2},
            passed_over={"too short": 2},
            titled=(("a", "A"),),
            questions=(Question(video="youtube:a", url="", title=None, talk="a", probability=0.5),),
        ),
    ),
    watches=(
        WatchReport(key="x/list", error="HTTP 500", failing_since=NOW),
        WatchReport(key="x/gap", last_good=NOW, gap=Gap(after=None, before=NOW)),
    ),
    problems=(PROBLEM,),
)


class Varied(Passes):
    """Passes that come to all that a request may meet."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: Iterator[RunReport | Exception] = itertools.cycle(
            (RunReport(started=NOW), FULL, BusyError("a run is at work"), DatasetError((PROBLEM,)))
        )

    def __call__(self, want: Want) -> RunReport:
        self.wants.append(want)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def explored(
    served: Served,
    path: str,
    method: str,
    headers: dict[str, str],
    mode: GenerationMode = GenerationMode.POSITIVE,
) -> set[int]:
    """Ask for what the description allows, or for what it does not; return the status codes."""
    schema = schemathesis.openapi.from_dict(json.loads(served.ask("/api/openapi.json").body))
    codes = set()
    with listening(served) as address, requests.Session() as client:

        @settings(
            max_examples=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=schema[path][method].as_strategy(generation_mode=mode))
        def explore(case: Any) -> None:
            answer = case.call(base_url=address, session=client, headers=headers)
            if mode is GenerationMode.POSITIVE:
                case.validate_response(answer, headers=headers)
            codes.add(answer.status_code)

        explore()
    return codes


@pytest.fixture
def open_api(serve: Serve) -> Served:
    """A server that never says that it is too often."""
    served = serve(token=TOKEN, passes=Varied())
    state = served.app._app.state  # type: ignore[attr-defined]  # it is a FastAPI
    state.triggers = Triggers(served.runner, rate=Buckets(Bucket(size=100_000, every_s=0.0)))
    return served


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_api_answers_as_it_is_described_and_never_with_5xx(
    open_api: Served, path: str, method: str
) -> None:
    codes = explored(open_api, path, method, SIGNED)
    assert 200 in codes
    assert [code for code in codes if code >= 500] == []


@pytest.mark.parametrize(("path", "method"), OPERATIONS[:2])
def test_what_the_description_does_not_allow_makes_nothing_fail(
    open_api: Served, path: str, method: str
) -> None:
    codes = explored(open_api, path, method, SIGNED, GenerationMode.NEGATIVE)
    assert 422 in codes
    assert [code for code in codes if code >= 500] == []


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_whatever_is_asked_without_the_token_comes_to_nothing(
    open_api: Served, path: str, method: str
) -> None:
    codes = explored(open_api, path, method, {"authorization": "Bearer guess"})
    assert codes <= {401, 429}
    assert open_api.passes.wants == []
