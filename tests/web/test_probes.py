"""How things stand, for monitors, for what restarts, and for people."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from fastapi import FastAPI

from pipeline.errors import PublishError
from pipeline.model import Gap, RunReport, Want, WatchReport
from pipeline.sending.letter import Letter, LetterKey
from pipeline.sending.letters import Letters
from pipeline.state.database import State
from pipeline.web.probes import Standing
from tests.builders import NOW
from tests.web.asking import SIGNED, TOKEN, Answer, Passes, Served, moment
from tests.web.conftest import Serve
from tests.workspace import Workspace

GAP = WatchReport(key="teaconf-2031/list", last_good=NOW, gap=Gap(after=None, before=NOW))
GAPED = (
    "teaconf-2031/list: may have missed videos before 2031-05-20T12:00:00Z: "
    "it shows its newest few only"
)

CEASED = (
    "no pass has ended since 2031-05-20T12:00:00Z; look into the log, and start `recap serve` again"
)


def told(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.body)
    return found


def test_health_is_told_as_the_command_tells_it(serve: Serve) -> None:
    served = serve(next_tick=moment(seconds=15))
    served.runner.publish(Want())
    answer = served.ask("/healthz")
    assert (answer.status, told(answer)) == (
        200,
        {
            "version": 1,
            "health": "green",
            "checked_at": "2031-05-20T12:00:00Z",
            "last_pass": "2031-05-20T12:00:00Z",
            "next_tick": "2031-05-20T12:00:15Z",
            "reasons": [],
        },
    )


def test_health_is_red_when_a_person_has_to_mend_something(serve: Serve) -> None:
    served = serve(passes=Passes(RunReport(started=NOW, watches=(GAP,))))
    served.runner.publish(Want())
    answer = served.ask("/healthz")
    assert (answer.status, told(answer)["health"], told(answer)["reasons"]) == (503, "red", [GAPED])


def test_health_is_red_when_passes_fail_or_cease(serve: Serve) -> None:
    served = serve()
    served.runner.publish(Want())
    served.passes.error = PublishError("feeds: no space left on device")
    served.runner.submit(Want()).exception(30)
    failed = told(served.ask("/healthz"))["reasons"]
    served.passes.error = None
    served.runner.publish(Want())
    served.now = moment(minutes=16)
    ceased = told(served.ask("/healthz"))["reasons"]
    assert failed == ["the last pass failed: feeds: no space left on device"]
    assert ceased == [CEASED]


def test_reasons_are_for_those_who_may_come_in(serve: Serve) -> None:
    served = serve(token=TOKEN, passes=Passes(RunReport(started=NOW, watches=(GAP,))))
    served.runner.publish(Want())
    cookie = served.signed_in()
    answers = [
        served.ask("/healthz", headers=headers)
        for headers in ({}, SIGNED, {"cookie": cookie}, {"authorization": "Bearer guess"})
    ]
    hidden = ["1 thing to mend; give the token to read what"]
    assert [one.status for one in answers] == [503] * 4
    assert [told(one)["reasons"] for one in answers] == [hidden, [GAPED], [GAPED], hidden]


def test_ready_is_what_does_its_work(serve: Serve, tea: Workspace) -> None:
    served = serve()
    before = served.ask("/readyz")
    served.runner.publish(Want())
    after = served.ask("/readyz")
    shutil.rmtree(tea.root / "data")
    without = served.ask("/readyz")
    assert [one.status for one in (before, after, without)] == [503, 200, 503]
    assert [told(one)["reasons"] for one in (before, after, without)] == [
        ["the first pass has not ended yet"],
        [],
        ["the data directory cannot be read: No such file or directory"],
    ]


STILL = "nothing has gone on for 16 minutes; start `recap serve` again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked:
    """Stands for the runner: what is read of it."""

    latest: RunReport = field(default_factory=lambda: RunReport(started=NOW))
    failure: str | None = None
    still_s: float = 0.0
    busy_s: float = 0.0


def standing(served: Served, runner: Clocked) -> Standing:
    inner = served.app._app
    assert isinstance(inner, FastAPI)
    here: Standing = inner.state.standing
    return replace(here, runner=runner)  # type: ignore[arg-type]  # it has what is read


def test_what_stands_still_is_not_ready_and_not_well(serve: Serve) -> None:
    found = standing(serve(), Clocked(still_s=60.0 * 16))
    assert (found.unready(), found.health().red) == ((STILL,), (STILL,))


@pytest.mark.parametrize(("busy_s", "red"), [(60.0 * 30, ()), (60.0 * 20, (CEASED,))])
def test_a_pass_that_takes_long_is_none_that_ceased(
    serve: Serve, busy_s: float, red: tuple[str, ...]
) -> None:
    served = serve(now=moment(minutes=40))
    assert standing(served, Clocked(busy_s=busy_s)).health().red == red


def letter(recipient: str) -> Letter:
    key = LetterKey(
        event="teaconf-2031", announcement="2031-05-20", target="list", recipient=recipient
    )
    return Letter(
        key=key, message_id=f"<{recipient}>", subject="New", text="New", planned=NOW, changed=NOW
    )


def test_health_is_red_while_a_mail_is_held(serve: Serve, tea: Workspace) -> None:
    served = serve()
    served.runner.publish(Want())
    with State.open(tea.root / ".recap/state.sqlite") as state:
        letters = Letters(state)
        letters.plan([letter("ada@example.org"), letter("grace@example.org")])
        letters.hold_late(before=moment(days=1), now=moment(days=1), detail="late")
    for _ in range(2):  # what the first has left is read before the second begins
        served.runner.publish(Want())
    assert told(served.ask("/healthz"))["reasons"] == [
        "2 mails held until a person lets go: `recap mail list` says which"
    ]


def test_a_state_that_cannot_be_read_is_told(serve: Serve, tea: Workspace) -> None:
    served = serve()
    (tea.root / ".recap/state.sqlite").mkdir(parents=True)
    for _ in range(2):
        served.runner.publish(Want())
    reasons = told(served.ask("/healthz"))["reasons"]
    assert [str(tea.root / ".recap/state.sqlite") in one for one in reasons] == [True]


def test_the_status_page_is_that_of_the_site(served: Served, tea: Workspace) -> None:
    missing = served.ask("/status")
    tea.write("feeds/status.html", "<h1>Working.</h1>")
    shown = served.ask("/status")
    assert (missing.status, shown.status, shown.text) == (404, 200, "<h1>Working.</h1>")
    assert shown.headers["cache-control"] == "public, max-age=60"
